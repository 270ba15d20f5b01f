"""Grades for Canvas's Gradebook, Import: people by Canvas's own columns, one column for each assessment.

Canvas wants the columns of its own export, and `Points Possible` in the second line. `EX` is its word for an
excused assignment; an empty grade changes nothing there.
"""

import re

from pmcampus.errors import CohortError
from pmcampus.exporters.grades._facts import Facts, final_score
from pmcampus.progress import Progress, Row, State
from pmcampus.spreadsheets import table_text

ENDING = "csv"
WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
NUMBER = re.compile(r"\s*\(\d+\)$")


def render(facts: Facts) -> bytes:
    """One line for each learner, with Canvas's own numbers where its gradebook was given."""
    if facts.table and not {*WHO[:3]} <= {*facts.table.columns}:
        raise CohortError(
            f"the table given with --map has no columns {', '.join(WHO[:3])}; export the gradebook in Canvas."
        )
    columns = [*WHO, *(_column(standing, facts) for standing in facts.standings)]
    points: list[object] = [
        "    Points Possible",
        *[""] * (len(WHO) - 1),
        *(s.points for s in facts.standings),
    ]
    rows = [points]
    for learner, own in sorted(facts.rows.items()):
        line = facts.lines[learner].fields if learner in facts.lines else {}
        who = {"Student": own[0][1].learner.name, "SIS User ID": learner} | dict(line)
        rows.append([*(who.get(column, "") for column in WHO), *(_grade(row) for _, row in own)])
    return table_text(columns, rows).encode()


def _column(standing: Progress, facts: Facts) -> str:
    """The gradebook's own column for this assessment, with its number, where there is one."""
    wanted = {standing.title.casefold(), standing.assessment.casefold()}
    known = facts.table.columns if facts.table else ()
    return next((name for name in known if NUMBER.sub("", name).strip().casefold() in wanted), standing.title)


def _grade(row: Row) -> object:
    return "EX" if row.state is State.EXCUSED else final_score(row)
