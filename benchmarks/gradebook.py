"""The gradebook at 10,000 learners by 24 assessments: write it, read the progress matrix, ask nbgrader's API.

SQLite, and PostgreSQL when it is installed, in one run: `python benchmarks/gradebook.py`. Figures go to
`build/bench/gradebook.json`. Every submission has two items that the machine marked and one that a person
did. nbgrader is asked for a sample, as all of it would take most of an hour; the scores are compared.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import perf_counter

from figures import keep, spent, timed
from large_cohort import row
from nbgrader.api import Gradebook
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from tests.postgres import postgres

from pmcampus import gradebook
from pmcampus.gradebook.triggers import INDEXES
from pmcampus.ledger import Entry
from pmcampus.ledgerfile import ByHand
from pmcampus.model.cohort import Learner
from pmcampus.model.verdict import ItemVerdict, Mark, Verdict

LEARNERS, ASSESSMENTS = (int(word) for word in [*sys.argv[1:], "10000", "24"][:2])
SAMPLE, READS, SINGLE = 10, 7, 50
AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)


def verdict(assessment: str, digest: str, chance: Random) -> Verdict:
    """Two items marked by the machine, one that waits for a person."""
    items = (
        ItemVerdict("share-check", 4, chance.randrange(9) / 2, Mark.PARTIAL, "3 of 4 inputs are right."),
        ItemVerdict("word-check", 2, float(chance.randrange(3)), Mark.PARTIAL, "Look again at the sign."),
        ItemVerdict("letter", 4, None, Mark.AWAITING),
    )
    return Verdict(assessment, "1.0.0", digest, items)


def entries(learners: list[str], assessments: list[str]) -> Iterator[Entry]:
    """A sealed row for each learner and assessment."""
    chance, last = Random(1), None
    for assessment in assessments:
        for learner in learners:
            found = verdict(assessment, f"{chance.getrandbits(256):064x}", chance)
            last = row(learner, assessment, AT, found.score, asdict(found), last)
            yield last


def prepare(book: Gradebook, learners: list[str], assessments: list[str]) -> None:
    """Learners, assessments and cells, as nbgrader makes them."""
    gradebook.enrol(book, [Learner(id, "Somebody Made-Up", "clinician", "Heron") for id in learners])
    for name in assessments:
        gradebook.open_assessment(book, name, AT)
        book.add_notebook(name, name)
        for cell, points in (("share-check", 4), ("word-check", 2), ("letter", 4)):
            book.add_grade_cell(cell, name, name, max_score=points, cell_type="code")
        for cell in ("share", "word", "letter"):
            book.add_solution_cell(cell, name, name)


def measure(url: str) -> dict[str, float | int]:
    """All figures for one database, in seconds."""
    learners = [f"learner-{number:05}" for number in range(LEARNERS)]
    assessments = [f"assessment-{number:02}" for number in range(ASSESSMENTS)]
    with gradebook.open_gradebook(url, "bench") as book:
        prepare(book, learners, assessments)
        begin = perf_counter()
        rows = list(entries(learners, assessments))
        sealing = perf_counter() - begin
        chance = Random(2)
        hand = [ByHand(row.learner, row.assessment, "letter", float(chance.randrange(5))) for row in rows]

        def load(session: Session) -> None:
            gradebook.add_rows(session, iter(rows))
            gradebook.write_anew(session, {(row.learner, row.assessment): row for row in rows}, hand)

        writing = timed(lambda: gradebook.transaction(book, load))
        rows.clear()
        hand.clear()
        singles = [
            timed(lambda learner=learner: single(book, learner, assessments[-1]))
            for learner in Random(3).sample(learners, SINGLE)
        ]
        reads = [timed(lambda: gradebook.progress_matrix(book)) for _ in range(READS)]
        processor = [spent(lambda: gradebook.progress_matrix(book)) for _ in range(READS)]
        latest = [timed(lambda: gradebook.marked(book, assessments[0], learners[:1])) for _ in range(READS)]
        matrix = gradebook.progress_matrix(book)
    assert {len(row) for row in matrix.values()} == {ASSESSMENTS}, "every cell is there"
    sample = learners[:: max(1, LEARNERS // SAMPLE)][:SAMPLE]
    asked, api = ask_nbgrader(url, sample, assessments)
    assert all(score == matrix[a][b] for (a, b), score in asked.items()), "nbgrader says another score"
    change(url, *(f"DROP INDEX {name}" for name in INDEXES))
    _, stock = ask_nbgrader(url, sample[:2], assessments[:12])
    cells = LEARNERS * ASSESSMENTS
    return {
        "cells": cells,
        "seal_rows": sealing,
        "write_all": writing,
        "record_one": median(singles),
        "read_matrix": min(reads),
        "read_matrix_median": median(reads),
        "read_matrix_processor": min(processor),
        "latest_of_one_learner": median(latest),
        "nbgrader_per_cell_with_our_indexes": api,
        "nbgrader_per_cell": stock,
        "times_less_per_cell_with_our_indexes": api / (min(reads) / cells),
        "times_less_per_cell": stock / (min(reads) / cells),
        "compared": len(asked),
    }


def ask_nbgrader(
    url: str, learners: list[str], assessments: list[str]
) -> tuple[dict[tuple[str, str], float], float]:
    """Scores by nbgrader's own API, and the seconds that each took."""
    with Gradebook(url, course_id="bench") as stock:
        begin = perf_counter()
        asked = {(a, b): stock.find_submission(b, a).score for a in learners for b in assessments}
        return asked, (perf_counter() - begin) / len(asked)


def change(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def single(book: Gradebook, learner: str, assessment: str) -> None:
    """One submission recorded as `pmcampus grade` does, in the full database."""
    found = verdict(assessment, "f" * 64, Random(learner))
    gradebook.record(book, learner, found, paper="p" * 64, handed_in=AT, environment="e" * 64)


def main() -> None:
    figures: dict[str, dict[str, float | int]] = {}
    with tempfile.TemporaryDirectory() as place:
        figures["sqlite"] = measure(f"sqlite:///{place}/gradebook.db")
    with postgres() as server:
        if server:
            figures["postgresql"] = measure(server.url)
    for name, found in figures.items():
        print(
            f"{name}: {found['cells']} cells written in {found['write_all']:.1f} s, "
            f"one more recorded in {found['record_one'] * 1000:.1f} ms; "
            f"matrix read in {found['read_matrix']:.3f} s, "
            f"{found['times_less_per_cell']:.0f} times less per cell than nbgrader's API "
            f"({found['nbgrader_per_cell'] * 1000:.1f} ms; with our indexes "
            f"{found['nbgrader_per_cell_with_our_indexes'] * 1000:.1f} ms and "
            f"{found['times_less_per_cell_with_our_indexes']:.0f} times); "
            f"{found['compared']} scores are equal"
        )
    keep("gradebook", figures)


if __name__ == "__main__":
    main()
