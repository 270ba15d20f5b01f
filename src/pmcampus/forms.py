"""One YAML form: read with the line of every field, and what is wrong with it in plain words."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.error import MarkedYAMLError

from pmcampus.model.tree import Fault, Form, Place

M = TypeVar("M", bound=BaseModel)
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_form(root: Path, path: Path, model: type[M]) -> Form[M]:
    """One YAML form; what is wrong with it is in `faults`, never raised."""
    name = path.relative_to(root).as_posix()
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return _faulty(name, "file_missing", 1, "this form is missing; add it (see the form's template).")
    except UnicodeDecodeError:
        return _faulty(name, "encoding", 1, "this file is not UTF-8 text; save it as UTF-8.")
    try:
        loader = LOADER(text)
        node = loader.get_single_node()
        lines: dict[Place, int] = {}
        _note_lines(node, (), lines)
        data = loader.construct_document(node) if node is not None else None
    except (RecursionError, ValueError) as problem:
        return _faulty(name, "yaml", 1, f"a value cannot be read ({problem}); write it as plain text.")
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        fact = getattr(problem, "problem", None) or "the YAML cannot be read"
        return _faulty(name, "yaml", line, f"{fact}; check the indentation and the quotation marks.")
    try:
        return Form(path=name, data=data, lines=lines, model=model.model_validate(data))
    except ValidationError as problem:
        found: Form[M] = Form(path=name, data=data, lines=lines, model=None)
        faults = tuple(
            Fault(e["type"], e["loc"], found.line(*e["loc"]), _plain(e, model, data))
            for e in problem.errors(include_url=False)
        )
        return Form(path=name, data=data, lines=lines, model=None, faults=faults)


def _faulty(path: str, kind: str, line: int, message: str) -> Form[Any]:
    return Form(path=path, data=None, lines={}, model=None, faults=(Fault(kind, (), line, message),))


def _note_lines(node: yaml.Node | None, place: Place, lines: dict[Place, int]) -> None:
    if node is None:
        return
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise MarkedYAMLError(problem="a field's name must be a word", problem_mark=key.start_mark)
            if (*place, key.value) in lines:
                fact = f"the field `{key.value}` stands twice"
                raise MarkedYAMLError(problem=fact, problem_mark=key.start_mark)
            lines[(*place, key.value)] = key.start_mark.line + 1
            _note_lines(value, (*place, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _note_lines(value, (*place, number), lines)


def _plain(error: Mapping[str, Any], model: type[BaseModel], data: Any) -> str:
    """pydantic's finding as one sentence of fact and one of remedy."""
    field = ".".join(str(part) for part in error["loc"]) or "the form"
    match error["type"]:
        case "missing":
            return f"the field `{field}` is missing. Add it; the form's template shows an example."
        case "extra_forbidden":
            known = _known_fields(model, error["loc"])
            near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1)
            hint = (
                f"Did you mean `{near[0]}`?" if near else "Remove it, or check its spelling and indentation."
            )
            return f"the field `{field}` is not known here. {hint}"
        case "model_type" | "dict_type" if data is None:
            return "the form is empty. Fill it in from its template."
        case "string_pattern_mismatch":
            pattern = error["ctx"]["pattern"]
            return f"`{field}` is {error['input']!r}, which does not fit the pattern {pattern}. Rewrite it."
        case "string_too_short":
            return f"`{field}` is empty. Fill it in."
        case "too_short":
            return f"`{field}` needs at least {error['ctx']['min_length']} entries. Add them."
        case "literal_error" | "enum":
            return f"`{field}` is {error['input']!r}; write {error['ctx']['expected']}."
        case _:
            fact = error["msg"][0].lower() + error["msg"][1:]
            return f"`{field}`: {fact} (found {error['input']!r:.60}). Correct it."


def _known_fields(model: type[BaseModel], place: Place) -> list[str]:
    """Field names of the model that stands at the parent of `place`."""
    schema = model.model_json_schema()
    node: Mapping[str, Any] = schema
    for part in place[:-1]:
        node = _resolve(schema, node)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            keyed: Any = node.get("additionalProperties") or next(
                iter(node.get("patternProperties", {}).values()), {}
            )
            node = node.get("properties", {}).get(part) or keyed
        if not isinstance(node, Mapping):
            return []
    return sorted(_resolve(schema, node).get("properties", {}))


def _resolve(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    for option in node.get("anyOf", ()):
        if "$ref" in option:
            node = option
    if "$ref" in node:
        found: Mapping[str, Any] = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        return found
    return node
