"""A form that somebody filled in, as JSON or YAML: read so that it says one thing, and plain values only.

A seal is the digest of a form's text. What has no such text (a date, a number that is none, half a sign),
or says a field twice, is refused here, before it can be sealed.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

from pmcampus.errors import CohortError

MAX_FORM = 100_000


class _Loader(yaml.SafeLoader):
    """YAML with names as they are written, each once, and without references to other places."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node; an alias could repeat itself a million times, and a form has no use for it."""
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(None, None, "a form cannot refer to another place with *", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Names stay text: the learner 1007 is no number."""
        if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
            raise ConstructorError(None, None, "a name must be plain text", None)
        return _once([(key.value, self.construct_object(value, deep=deep)) for key, value in node.value])


def read_form(path: Path) -> Any:
    """What somebody filled in, as JSON or YAML.

    Raises:
        CohortError: it cannot be read, is too large for a form, or says something twice.
    """
    try:
        if path.exists() and not path.is_file():
            raise CohortError(f"{path}: this is no file; hand in the form itself.")
        if path.stat().st_size > MAX_FORM:
            raise CohortError(f"{path}: this is larger than a form can be; hand in the form alone.")
        value = _parsed(path.read_text("utf-8-sig"))
        _only_plain(value)
    except FileNotFoundError:
        raise CohortError(f"{path}: there is no such file; look at the path.") from None
    except _Fault as fault:
        raise CohortError(f"{path}: {fault}; correct it and try again.") from None
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as problem:
        why = getattr(problem, "problem", None) or type(problem).__name__
        raise CohortError(f"{path}: this form cannot be read ({why}); check it.") from problem
    return value


def model_of(path: Path, kind: type[Any]) -> Any:
    """The same, as a value of this kind.

    Raises:
        CohortError: it cannot be read, or a field does not fit.
    """
    try:
        return kind.model_validate(read_form(path))
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the form"
        raise CohortError(f"{path}: {place}: {first['msg']}. Correct it and try again.") from None


class _Fault(Exception):
    """What is wrong with a form that can be read."""


def _parsed(text: str) -> Any:
    try:  # first as JSON: YAML takes a sign beyond 16 bits, written as JSON writes it, for two halves
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError:
        return yaml.load(text, Loader=_Loader)


def _once(pairs: Sequence[tuple[Any, Any]]) -> dict[Any, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Fault(f"{twice!r} stands there twice")
    return found


def _only_plain(value: Any) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _only_plain(name)
            _only_plain(part)
    elif isinstance(value, list):
        for part in value:
            _only_plain(part)
    elif isinstance(value, str):
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise _Fault("a text holds half a sign, which no file can keep")
    elif isinstance(value, float) and not math.isfinite(value):
        raise _Fault("a number is not a number or infinite")
    elif value is not None and not isinstance(value, bool | int | float):
        raise _Fault(f"{str(value)[:40]!r} is read as a {type(value).__name__}; put it in quotation marks")
