"""What tracking reads of works handed in: the table of attempts, by SQL that reads no more than is asked."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.api import Gradebook

from pmcampus.gradebook.cursor import Few, among, but, equal, fetched, moment_of, stored, together
from pmcampus.gradebook.tables import ATTEMPT

Place = tuple[str, str]
NONE: frozenset[str] = frozenset()
_FAILED = "(number = 0 OR errors <> '[]')"  # word for word the condition of the index


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt as the table has it: scores by graded cell, None where a person marks."""

    assessment: str
    learner: str
    number: int
    row: int
    version: str
    handed_in: datetime | None
    score: float
    points: float
    scores: Mapping[str, float | None]
    errors: frozenset[str]
    blanks: frozenset[str]


@dataclass(frozen=True, slots=True)
class LastWork:
    """A learner's last readable work for an assessment, and the last row on one that cannot be read."""

    row: int = 0
    version: str = ""
    handed_in: datetime | None = None
    errors: frozenset[str] = NONE
    refused: int = 0


@dataclass(frozen=True)
class Wanted:
    """Which works: of these learners, or of all; for one assessment, for these, or for all."""

    learners: Few = None
    assessment: str | None = None
    assessments: Few = None

    def where(self) -> tuple[str, list[object]]:
        """The conditions of a query on the table of attempts, and their words."""
        return together(
            among("learner", self.learners),
            equal("assessment", self.assessment),
            among("assessment", self.assessments),
        )


def works(book: Gradebook, wanted: Wanted | None = None) -> list[Work]:
    """Attempts in the order of learner, assessment and number."""
    where, words = (wanted or Wanted()).where()
    columns = ", ".join(column.name for column in ATTEMPT.columns if column.name != "submission")
    query = (
        f"SELECT {columns} FROM attempt WHERE true{where} ORDER BY learner, assessment, number, verdict_row"
    )
    return [_work(row) for row in fetched(book, query, *words)]


def work_counts(book: Gradebook, wanted: Wanted) -> list[tuple[str, int]]:
    """How many attempts there are of each learner, in the order of their ids."""
    where, words = wanted.where()
    query = f"SELECT learner, COUNT(*) FROM attempt WHERE true{where} GROUP BY learner"
    return sorted(fetched(book, query, *words))


def first_counts(
    book: Gradebook, versions: Mapping[str, str], learners: Few, without: Collection[str]
) -> dict[str, int]:
    """By assessment, how many first attempts there are for the major version of this one."""
    where, words = together(among("learner", learners), but("learner", without))
    query = f"SELECT assessment, version, COUNT(*) FROM attempt WHERE number = 1{where}"
    query += " GROUP BY assessment, version"
    found: dict[str, int] = defaultdict(int)
    for assessment, version, n in fetched(book, query, *words):
        if assessment in versions and version.partition(".")[0] == versions[assessment].partition(".")[0]:
            found[assessment] += n
    return dict(found)


def last_works(book: Gradebook, learners: Few, assessment: str | None = None) -> dict[Place, LastWork]:
    """By learner and assessment, the last work and what could not be read; without scores."""
    where, words = Wanted(learners, assessment=assessment).where()
    query = (
        "SELECT learner, assessment, number, verdict_row, version, handed_in, errors FROM attempt"
        f" WHERE true{where} ORDER BY number"
    )
    found: dict[Place, LastWork] = {}
    refused: dict[Place, int] = {}
    for learner, name, number, row, version, at, errors in fetched(book, query, *words):
        if number:
            failed = NONE if errors == "[]" else frozenset(json.loads(errors))
            found[learner, name] = LastWork(
                row, version, moment_of(at), failed, refused.get((learner, name), 0)
            )
        else:
            refused[learner, name] = max(row, refused.get((learner, name), 0))
    return found | {place: LastWork(refused=row) for place, row in refused.items() if place not in found}


def active_since(book: Gradebook, moment: datetime, until: datetime) -> frozenset[str]:
    """Learners who handed something in between the two moments; one look at an index for each."""
    query = (
        "SELECT s.id FROM student s WHERE EXISTS (SELECT 1 FROM attempt a WHERE a.learner = s.id"
        " AND a.handed_in >= ? AND a.handed_in <= ?)"
    )
    return frozenset(row[0] for row in fetched(book, query, stored(book, moment), stored(book, until)))


def last_hand_ins(book: Gradebook, learners: Few = None) -> dict[str, datetime]:
    """By learner, when they handed something in last; one look at an index for each."""
    where, words = among("s.id", learners)
    query = (
        "SELECT s.id, (SELECT MAX(a.handed_in) FROM attempt a WHERE a.learner = s.id) FROM student s"
        f" WHERE true{where}"
    )
    found = ((who, moment_of(last)) for who, last in fetched(book, query, *words))
    return {who: last for who, last in found if last}


def unreadable(book: Gradebook, wanted: Wanted | None = None) -> dict[Place, float | None]:
    """Learner and assessment whose latest work cannot be read, with the score of an earlier one."""
    where, words = (wanted or Wanted()).where()
    wrong = f"FROM attempt WHERE {_FAILED} AND number = 0{where}"
    query = (
        "SELECT t.learner, t.assessment, st.score FROM"
        f" (SELECT learner, assessment, MAX(verdict_row) AS latest {wrong} GROUP BY learner, assessment) t"
        " LEFT JOIN standing st ON st.learner = t.learner AND st.assessment = t.assessment"
        " WHERE NOT EXISTS (SELECT 1 FROM attempt o WHERE o.learner = t.learner"
        " AND o.assessment = t.assessment AND o.verdict_row > t.latest AND o.number > 0)"
    )
    return {(a, b): score for a, b, score in fetched(book, query, *words)}


def failures(book: Gradebook, learners: Few = None) -> dict[str, list[str]]:
    """By learner, the assessments of works that could not be read or in which an answer ended in an error."""
    where, words = among("learner", learners)
    query = f"SELECT learner, assessment FROM attempt WHERE {_FAILED}{where} ORDER BY learner, verdict_row"
    found: dict[str, list[str]] = defaultdict(list)
    for learner, assessment in fetched(book, query, *words):
        found[learner].append(assessment)
    return dict(found)


def first_works(
    book: Gradebook, assessment: str, learners: Few = None
) -> tuple[list[tuple[Any, ...]], frozenset[str]]:
    """Each learner's first readable attempt, and who has a later one; plain rows, for statistics.

    A row: learner, version, scores as the text of a JSON object, errors and blanks as JSON lists.
    """
    where, words = Wanted(learners, assessment=assessment).where()
    query = f"SELECT learner, version, scores, errors, blanks FROM attempt WHERE number = 1{where}"
    rows = list(fetched(book, f"{query} ORDER BY learner", *words))
    query = f"SELECT DISTINCT learner FROM attempt WHERE number > 1{where}"
    return rows, frozenset(row[0] for row in fetched(book, query, *words))


def _work(row: Any) -> Work:
    assessment, learner, number, verdict_row, version, at, score, points, scores, errors, blanks = row
    return Work(
        assessment=assessment,
        learner=learner,
        number=number,
        row=verdict_row,
        version=version,
        handed_in=moment_of(at),
        score=score,
        points=points,
        scores=json.loads(scores),
        errors=frozenset(json.loads(errors)),
        blanks=frozenset(json.loads(blanks)),
    )
