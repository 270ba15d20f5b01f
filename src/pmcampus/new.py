"""Making a folder for a module, an assessment or a case study, complete from the first minute.

The templates in `data/templates` carry `@@word@@` where a value goes, and `[FILL IN: …]` where an
educator has to write; the linter finds what is left of the latter.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from pmcampus.content import load_tree
from pmcampus.errors import ContentError
from pmcampus.model.common import CompetencyAt, Level, is_slug
from pmcampus.model.module import ModuleForm
from pmcampus.model.tree import Tree

SHELVES = {"module": "modules", "assessment": "assessments", "case-study": "case_studies"}
WORD = re.compile(r"@@(\w+)@@")
REVIEW_AFTER = timedelta(days=182)
BLANK_OUTCOME = """\
  - verb: "[FILL IN: a verb one can watch]"
    text: "[FILL IN: what is done with it, to finish the sentence]"
    bloom: apply                     # remember, understand, apply, analyse, evaluate, create
    practised_in: [first-lesson]     # lessons by file name, without number and ending
    evidence_for: {{id: {competency}, level: {level}}}    # a competency from above"""


def new(kind: str, id: str, *, root: Path, today: date) -> Path:
    """The new folder. It is built beside its place and appears in one step, or not at all.

    Args:
        kind: module, assessment or case-study.
        id: the folder's name.
        root: the content root.
        today: the day its facts and first version are dated.

    Raises:
        ContentError: the name cannot be used or is taken, or the curriculum cannot be read.
    """
    if kind not in SHELVES:
        raise ContentError(f"{kind}: this cannot be made; choose one of {', '.join(SHELVES)}.")
    place = root / SHELVES[kind] / id
    name = f"{SHELVES[kind]}/{id}"
    if not is_slug(id):
        raise ContentError(
            f"{name}: this name cannot be an id; use small letters and digits, words joined by hyphens, "
            "a letter first, at most 60 signs."
        )
    if place.exists():
        raise ContentError(f"{name}: this folder exists already; choose another name, or edit what is there.")
    tree = load_tree(root)
    values = {"id": id, "name": _words(id), "today": today.isoformat(), "day": f"{today.day} {today:%B %Y}"}
    values["next_review"] = (today + REVIEW_AFTER).isoformat()
    values |= {"module": _module, "assessment": _assessment, "case-study": _case}[kind](tree, id)
    beside = place.with_name(f".{id}.{os.getpid()}.part")
    try:
        _fill(kind, beside, values)
        beside.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def _fill(kind: str, folder: Path, values: Mapping[str, str]) -> None:
    """Every file of the template, with its words replaced; a file called as its kind takes the id."""
    template = Path(str(files("pmcampus") / "data" / "templates" / kind))
    for source in sorted(p for p in template.rglob("*") if p.is_file()):
        target = folder / source.relative_to(template)
        if target.name == f"{kind}.ipynb":
            target = target.with_name(f"{values['id']}.ipynb")
        lines = source.read_text("utf-8").split("\n")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(_filled(line, values) for line in lines), "utf-8")


def _filled(line: str, values: Mapping[str, str]) -> str:
    """The line with its words replaced, and its comment in the column where it was."""
    text = WORD.sub(lambda word: values[word[1]], line)
    field, sign, comment = line.partition("  # ")
    if text == line or not sign:
        return text
    field_text = WORD.sub(lambda word: values[word[1]], field).rstrip()
    return f"{field_text:<{len(field)}}  # {_filled(comment, values)}"


def _module(tree: Tree, id: str) -> dict[str, str]:
    plan = tree.planned.value.modules.get(id)
    code = plan.code if plan else _free_code(tree)
    taught = plan.competencies if plan else (CompetencyAt(id=_first_competency(tree), level=Level.AWARE),)
    clauses = tree.roadmap.value.clauses
    hours = plan.hours.model_dump() if plan else {"teaching": 1, "exercise": 1, "assessment": 0}
    first = {"competency": taught[0].id, "level": taught[0].level.value}
    outcomes = [
        "\n".join(
            (
                f"  - verb: {_quoted(outcome.text.split()[0])}",
                f"    text: {_quoted(outcome.text.partition(' ')[2].rstrip('.') or outcome.text)}",
                f"    bloom: {outcome.bloom}",
                "    practised_in: [first-lesson]     # lessons by file name, without number and ending",
                "    evidence_for: {{id: {competency}, level: {level}}}".format(**first),
            )
        )
        for outcome in (plan.outcomes if plan else ())
    ]
    lessons = [
        f"  # planned: {_one_line(le.title)} ({le.data} data). {_one_line(le.activity)}"
        for le in (plan.lessons if plan else ())
    ]
    return {
        "code": code,
        "title": _quoted(plan.title if plan else "[FILL IN: the title learners see]"),
        "summary": _quoted(
            plan.summary if plan else "[FILL IN: what one can do afterwards; check the code too]"
        ),
        "licence": tree.curriculum.value.licence,
        "hours": "{" + ", ".join(f"{part}: {number:g}" for part, number in hours.items()) + "}",
        "prerequisites": _flow(plan.prerequisites if plan else ()),
        "jurisdiction": '"[FILL IN: whose law]"' if code.startswith("R") else "null",
        "competencies": "\n".join(f"  - {{id: {c.id}, level: {c.level}}}" for c in taught),
        "competency": taught[0].id,
        "outcomes": "\n".join(outcomes) or BLANK_OUTCOME.format(**first),
        "planned_lessons": "\n".join(lessons),
        "roadmap": _flow(slug for slug, clause in clauses.items() if id in clause.modules),
        "contributor": next(iter(tree.contributors.value.contributors)),
        "label": f"{code.lower()}-1",
    }


def _assessment(tree: Tree, id: str) -> dict[str, str]:
    fits = [m for m in tree.modules if id == m or id.startswith(f"{m}-")]
    if not fits:
        example = next(iter(tree.modules), "some-module")
        raise ContentError(
            f"assessments/{id}: no written module has this name; call the assessment as its module, "
            f"or begin with the module's name, such as {example} or {example}-decisions."
        )
    module = max(fits, key=len)
    form: ModuleForm = tree.modules[module].form.value
    shown = form.outcomes[0].evidence_for
    return {
        "module": module,
        "competency": shown.id,
        "level": shown.level.value,
        "lesson": form.outcomes[0].practised_in[0],
    }


def _case(tree: Tree, id: str) -> dict[str, str]:
    planned = tree.planned.value.case_studies
    plan = planned.get(id)
    taken = {case.code for case in planned.values()}
    taken |= {folder.form.model.code for folder in tree.cases.values() if folder.form.model}
    free = next(f"C{number}" for number in range(1, 100) if f"C{number}" not in taken)
    modules = plan.modules if plan else tuple(tree.modules)[:1]
    roles = list(tree.roles.value.roles)
    return {
        "code": plan.code if plan else free,
        "first": roles[0],
        "second": roles[-1] if len(roles) < 2 else roles[1],
        "modules": _flow(modules),
        "competency": _first_competency(tree),
        "lesson": next((le.id for m in tree.modules.values() for le in m.form.value.lessons), "some-lesson"),
    }


def _free_code(tree: Tree) -> str:
    taken = {m.code for m in tree.planned.value.modules.values()}
    taken |= {folder.form.model.code for folder in tree.modules.values() if folder.form.model}
    return next(f"T{number:02}" for number in range(1, 100) if f"T{number:02}" not in taken)


def _first_competency(tree: Tree) -> str:
    """A competency of the area that a new module is put into."""
    known = tree.competencies.value.competencies
    return next((code for code in known if code.startswith("T")), next(iter(known)))


def _words(id: str) -> str:
    return id.replace("-", " ").capitalize()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """The text as YAML reads it, whatever signs it holds."""
    return json.dumps(text, ensure_ascii=False)


def _flow(ids: Iterable[str]) -> str:
    return f"[{', '.join(ids)}]"
