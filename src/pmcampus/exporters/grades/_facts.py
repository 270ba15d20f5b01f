"""What every export is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pmcampus.progress import Progress, Row, State
from pmcampus.spreadsheets import Line, Table

FINAL = (State.PASSED, State.NOT_YET)


@dataclass(frozen=True)
class Facts:
    """The cohort's standing, and what the other system calls things.

    Attributes:
        course: the cohort's course id.
        standings: one for each assessment that is exported.
        lines: each learner's line of the platform's own table, where one was given.
        table: that table.
        emails: learner to e-mail address, where known.
        sourced_ids: learner to OneRoster's id, where known.
        pseudonyms: learner to the name that other people may see.
        base: an address of the institution, below which activities have theirs.
        class_: OneRoster's id of the class.
        period: OneRoster's id of the grading period.
    """

    course: str
    standings: tuple[Progress, ...]
    as_of: datetime
    lines: Mapping[str, Line] = field(default_factory=dict)
    table: Table | None = None
    emails: Mapping[str, str] = field(default_factory=dict)
    sourced_ids: Mapping[str, str] = field(default_factory=dict)
    pseudonyms: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    class_: str = ""
    period: str = ""

    @property
    def rows(self) -> dict[str, list[tuple[Progress, Row]]]:
        """Each learner's rows, one for each assessment, by id."""
        found: dict[str, list[tuple[Progress, Row]]] = {}
        for standing in self.standings:
            for row in standing.rows:
                found.setdefault(row.learner.id, []).append((standing, row))
        return found


def final_score(row: Row) -> float | None:
    """The score that counts, in points; None while something is missing or nobody asks for it."""
    return row.score if row.state in FINAL else None
