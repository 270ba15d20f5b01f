"""PM9xx: team cases, from private sheets to the weights of the marks."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.case import BRIEFING, COMMITMENT_FIELDS, DECISION_FIELDS, RUBRIC, CaseForm, CaseItem
from pmcampus.model.notebook import Notebook
from pmcampus.model.tree import CaseFolder

HEADING = re.compile(r"^#{2,4}\s+(.+?)\s*$", re.MULTILINE)


@rule(
    "PM901",
    "A case names a file that is not there",
    why="Each role gets its sheet, its notebook and its data, and everybody the briefing; without one of "
    "them somebody sits at the table with nothing to say.",
    wrong="briefing: roles/pharmacist.md     # no such file",
    right="briefing: roles/pharmacist.md     # roles/pharmacist.md exists",
)
def file_missing(facts: Facts) -> Iterator[Finding]:
    """Sheets, data files, briefing and rubric that the form needs and the folder lacks."""
    for folder, form in facts.cases:
        at = folder.form
        named: list[tuple[int, str]] = [(1, BRIEFING), (1, RUBRIC)]
        for id, role in form.roles.items():
            named.append((at.line("roles", id, "briefing"), role.briefing))
            named += [(at.line("roles", id, "files"), name) for name in role.files]
        named += [(at.line("shared_files"), name) for name in form.shared_files]
        named += [(at.line("decision", "files"), name) for name in form.decision.files]
        if form.commitment.recorded:
            named.append((at.line("commitment", "recorded"), form.commitment.recorded))
        for line, name in named:
            if name not in folder.files:
                yield Finding(
                    at.path,
                    line,
                    f"The case needs {name}, but {folder.path}/{name} does not exist.",
                    "Write it, or correct the name in case.yaml.",
                )


@rule(
    "PM902",
    "A role or criterion is missing in the rubric",
    why="Two markers who read the same rubric can agree; where it says nothing they guess.",
    wrong="roles: {pharmacist: …}     # rubric.md has no heading `Pharmacist`",
    right="### Pharmacist\n\nReal uptake, and who raises the dose.",
)
def rubric_gap(facts: Facts) -> Iterator[Finding]:
    """Titles of roles and criteria that are no heading of rubric.md."""
    for folder, form in facts.cases:
        if RUBRIC not in folder.pages:
            continue
        heads = {head.casefold() for head in HEADING.findall(folder.pages[RUBRIC].text)}
        named: list[tuple[tuple[str, ...], str, str]] = [
            (("roles", id), "role", role.title) for id, role in form.roles.items()
        ]
        named += [
            (("marks", "criteria", id), "criterion", one.title) for id, one in form.marks.criteria.items()
        ]
        for place, kind, title in named:
            if title.casefold() not in heads:
                yield Finding(
                    folder.form.path,
                    folder.form.line(*place),
                    f"The {kind} `{title}` has no heading in {RUBRIC}.",
                    f"Add `### {title}` with what good work looks like.",
                )


@rule(
    "PM903",
    "The weights of a case do not sum to 100",
    why="Every weight is shown to learners. They add them up.",
    wrong="criteria:\n  evidence: {title: Evidence, weight: 60}\n  process: {title: Process, weight: 30}",
    right="criteria:\n  evidence: {title: Evidence, weight: 60}\n  process: {title: Process, weight: 40}",
)
def weights(facts: Facts) -> Iterator[Finding]:
    """Criteria whose weights, or marks whose points, are not 100 together."""
    for folder, form in facts.cases:
        line = folder.form.line("marks", "criteria")
        total = sum(one.weight for one in form.marks.criteria.values())
        if abs(total - 100) > 1e-6:
            fact = f"The weights of the criteria sum to {total:g}."
            yield Finding(folder.form.path, line, fact, "Change them so that they sum to 100.")
        if abs(form.points - 100) > 1e-6:
            fact = f"All marks of the case sum to {form.points:g} points."
            line = folder.form.line("marks")
            yield Finding(
                folder.form.path, line, fact, "Change items, exit paper or rubric so that they sum to 100."
            )


@rule(
    "PM904",
    "A commitment or decision has no usable schema",
    why="A sealed form that nobody can check may be empty, and a record without dissent hides it.",
    wrong="commitment: {schema_file: data/commitment.schema.json}     # no such file",
    right='"required": ["role", "choice", "confidence", "reason", "number", "veto", "secret"]',
)
def schema_gap(facts: Facts) -> Iterator[Finding]:
    """Schemas that are missing, cannot be read, or do not ask for what they must."""
    for folder, form in facts.cases:
        for field, name, needed in (
            ("commitment", form.commitment.schema_file, COMMITMENT_FIELDS),
            ("decision", form.decision.schema_file, DECISION_FIELDS),
        ):
            line = folder.form.line(field, "schema_file")
            stored = folder.data.get(name.rpartition("/")[2])
            asked = _required(stored.text if stored else None)
            if asked is None:
                fact = f"The schema {name} of the {field} is missing or is no JSON schema of an object."
                yield Finding(
                    folder.form.path, line, fact, "Add it; `pmcampus new case-study` makes an example."
                )
            elif needed - asked:
                gaps = ", ".join(sorted(needed - asked))
                fact = f"The schema {name} of the {field} does not require {gaps}."
                yield Finding(folder.form.path, line, fact, "Add them to `required` and `properties`.")


@rule(
    "PM905",
    "A hidden fact stands where others can read it",
    why="A team that reads in the briefing what one person should have brought never learns to ask.",
    wrong="only_here: [271 of 500]     # and briefing.md says: 271 of 500 orders had a result",
    right="only_here: [271 of 500]     # in roles/pharmacist.md alone",
)
def leaked(facts: Facts) -> Iterator[Finding]:
    """Marks of a role's hidden facts in the briefing, or in a sheet or notebook of another role."""
    for folder, form in facts.cases:
        for id, role in form.roles.items():
            for place, mark in enumerate(role.only_here):
                for name, text in _open_to_others(folder, form, id):
                    if mark in text:
                        yield Finding(
                            folder.form.path,
                            folder.form.line("roles", id, "only_here", place),
                            f"The hidden fact `{mark}` of the {id} stands in {name}.",
                            "Take it out there, or off the list if everybody may know it.",
                        )


@rule(
    "PM906",
    "A hidden fact is not on the sheet of its role",
    why="Nobody can bring a fact to the table that nobody was given.",
    wrong="only_here: [271 of 500]     # roles/pharmacist.md says: 270 of 500",
    right="only_here: [271 of 500]     # roles/pharmacist.md says: 271 of 500",
)
def not_on_sheet(facts: Facts) -> Iterator[Finding]:
    """Marks that the role's own sheet does not hold."""
    for folder, form in facts.cases:
        for id, role in form.roles.items():
            sheet = folder.pages.get(role.briefing)
            for place, mark in enumerate(role.only_here):
                if sheet is not None and mark not in sheet.text.replace("**", ""):
                    yield Finding(
                        folder.form.path,
                        folder.form.line("roles", id, "only_here", place),
                        f"The hidden fact `{mark}` does not stand in {role.briefing}.",
                        "Correct one of the two.",
                    )


@rule(
    "PM907",
    "A smaller team cannot be seated",
    why="Fewer people than roles is the usual day. Every role must still be played, once, by somebody "
    "who may.",
    wrong="minimum: 2\nfewer: {}     # six roles: who plays what with two to five people?",
    right="minimum: 5\nfewer: {5: [[payer, data-scientist]]}",
)
def seating(facts: Facts) -> Iterator[Finding]:
    """Sizes without a plan, plans that do not give one chair a person, and roles joined that may not be."""
    for folder, form in facts.cases:
        for size, fault in _seat_faults(form):
            place = ("seating", "fewer", size) if size in form.seating.fewer else ("seating",)
            yield Finding(
                folder.form.path,
                folder.form.line(*place),
                f"With {size} people {fault}.",
                "Correct `seating`: list under `fewer` which roles one person joins.",
            )


@rule(
    "PM908",
    "A case notebook and the form name different items",
    why="Points that stand in one place only are never given, or given for nothing.",
    wrong="prework: [{cell: my-number, points: 8}]     # the notebook has no cell my-number-check",
    right="prework: [{cell: my-number, points: 8}]     # my-number-check carries 8 points",
)
def items(facts: Facts) -> Iterator[Finding]:
    """Graded cells and items that do not find each other, or differ in points."""
    for folder, form in facts.cases:
        parts = [(role.notebook, form.marks.prework, "prework") for role in form.roles.values()]
        parts.append((form.decision.notebook, form.marks.team_items, "team_items"))
        for name, listed, field in parts:
            notebook = folder.notebooks.get(name)
            if notebook is None or notebook.path not in facts.read_notebooks:
                continue
            for cell in sorted(_item_faults(notebook, listed)):
                yield Finding(
                    folder.form.path,
                    folder.form.line("marks", field),
                    f"The item {cell} has other points in {name} than in the form, or stands in one of them "
                    "only.",
                    "Let the cell's points and case.yaml agree.",
                )


@rule(
    "PM909",
    "A private file is handed to everybody",
    why="What one role alone should know would lie in every packet.",
    wrong="shared_files: [data/facts-payer.json]",
    right="roles:\n  payer:\n    files: [data/facts-payer.json]",
)
def shared_private(facts: Facts) -> Iterator[Finding]:
    """Files of one role that are shared, or given to a second role."""
    for folder, form in facts.cases:
        owners = Counter(name for role in form.roles.values() for name in set(role.files))
        for name in sorted(owners):
            if name in form.shared_files or owners[name] > 1:
                yield Finding(
                    folder.form.path,
                    folder.form.line("shared_files"),
                    f"The file {name} belongs to one role, but others get it too.",
                    "Leave it with one role.",
                )


def _required(text: str | None) -> frozenset[str] | None:
    try:
        schema: Any = json.loads(text or "")
    except ValueError:
        return None
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return None
    asked = schema.get("required")
    named = schema.get("properties")
    return (
        frozenset(asked) & frozenset(named) if isinstance(asked, list) and isinstance(named, dict) else None
    )


def _open_to_others(folder: CaseFolder, form: CaseForm, role: str) -> Iterator[tuple[str, str]]:
    """What somebody else than this role reads before the meeting, without the notebooks' stored outputs."""
    for name in (BRIEFING, *(other.briefing for id, other in form.roles.items() if id != role)):
        if name in folder.pages:
            yield name, folder.pages[name].text.replace("**", "")
    for id, other in form.roles.items():
        notebook = folder.notebooks.get(other.notebook)
        if id != role and notebook is not None and notebook.fault is None:
            yield other.notebook, "\n".join(cell.source for cell in notebook.cells)
    for name in form.shared_files:
        stored = folder.data.get(name.rpartition("/")[2])
        if stored is not None and stored.text:
            yield name, stored.text


def _seat_faults(form: CaseForm) -> Iterator[tuple[int, str]]:
    roles, seats = set(form.roles), form.seating
    for size in range(seats.minimum, min(len(roles) - 1, seats.maximum) + 1):
        if size not in seats.fewer:
            yield size, "nobody knows who joins which roles"
    for size, groups in sorted(seats.fewer.items()):
        joined = [role for group in groups for role in group]
        if set(joined) - roles or len(set(joined)) < len(joined):
            yield size, "a role is joined twice, or is no role of the case"
        elif len(groups) + len(roles) - len(joined) != size:
            yield size, f"there are {len(groups) + len(roles) - len(joined)} chairs"
        for pair in seats.never_together:
            if any(set(pair) <= set(group) for group in groups):
                yield size, f"{pair[0]} and {pair[1]} are one person, which the form forbids"
    if seats.maximum > len(roles) + len(seats.more):
        yield seats.maximum, "nobody knows which roles are doubled"


def _item_faults(notebook: Notebook, listed: tuple[CaseItem, ...]) -> set[str]:
    graded = {
        str(cell.nbgrader.get("grade_id", "")).removesuffix("-check"): cell.nbgrader.get("points")
        for cell in notebook.cells
        if cell.nbgrader.get("grade")
    }
    wanted = {item.cell: item.points for item in listed}
    return {cell for cell in graded.keys() | wanted.keys() if graded.get(cell) != wanted.get(cell)}
