"""A made-up cohort into the database at once, as marking and people leave it."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from random import Random
from uuid import UUID

from large_cohort import entries, graded
from sqlalchemy import Connection

from pmcampus import gradebook
from pmcampus.gradebook.attempts import fill_attempts
from pmcampus.gradebook.triggers import drop_triggers, fill_standings, put_triggers
from pmcampus.ledger import FIELDS, Entry
from pmcampus.model.cohort import CohortForm, Learner


def load(url: str, cohort: CohortForm, learners: list[Learner]) -> int:
    """The gradebook as marking and people leave it, loaded in bulk; how many scores of items it holds."""
    names = list(cohort.assessments)
    with gradebook.open_gradebook(url, cohort.course) as book:
        gradebook.enrol(book, learners)
        places: dict[str, tuple[str, str, dict[str, str]]] = {}
        for name in names:
            gradebook.open_assessment(book, name, cohort.deadline(name))
            book.add_notebook(name, name)
            for cell, points, hand in graded():
                book.add_grade_cell(
                    cell, name, name, max_score=points, cell_type="markdown" if hand else "code"
                )
            assignment = book.find_assignment(name)
            notebook = assignment.notebooks[0]
            places[name] = (assignment.id, notebook.id, {cell.name: cell.id for cell in notebook.grade_cells})
        engine = book.engine
        with engine.connect() as connection:
            drop_triggers(connection)
            connection.commit()
            scores = _load(connection, entries(learners, names), places)
            fill_standings(connection)
            fill_attempts(connection)
            put_triggers(connection)
            connection.commit()
            if connection.dialect.name == "postgresql":  # its autovacuum does so before long
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
    return scores


def _load(
    connection: Connection, rows: Iterator[Entry], places: dict[str, tuple[str, str, dict[str, str]]]
) -> int:
    chance, count = Random(3), 0
    for _, found in groupby(rows, key=attrgetter("assessment")):
        chunk = list(found)
        latest = {
            (row.learner, row.assessment): row
            for row in chunk
            if row.score or '"items": []' not in row.verdict
        }
        submissions, notebooks, grades = [], [], []
        for (learner, name), row in latest.items():
            assignment, notebook, cells = places[name]
            one, two = _id(chance), _id(chance)
            submissions.append((one, assignment, learner, row.handed_in))
            notebooks.append((two, one, notebook))
            for item in json.loads(row.verdict)["items"]:
                hand = item["score"] is None and chance.random() < 0.95
                manual = chance.randrange(item["points"] + 1) if hand else None
                waits = item["score"] is None and manual is None
                grades.append((_id(chance), two, cells[item["cell"]], item["score"], manual, waits))
        count += len(grades)
        _insert(
            connection, "verdict", FIELDS, [tuple(getattr(row, name) for name in FIELDS) for row in chunk]
        )
        _insert(
            connection,
            "submitted_assignment",
            ("id", "assignment_id", "student_id", "timestamp"),
            submissions,
        )
        _insert(connection, "submitted_notebook", ("id", "assignment_id", "notebook_id"), notebooks)
        columns = ("id", "notebook_id", "cell_id", "auto_score", "manual_score", "needs_manual_grade")
        _insert(connection, "grade", columns, grades)
    return count


def _id(chance: Random) -> str:
    return UUID(int=chance.getrandbits(128)).hex


def _insert(
    connection: Connection, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    raw = connection.connection.dbapi_connection
    head = f"{table} ({', '.join(columns)})"
    if connection.dialect.name == "sqlite":
        values = [
            tuple(one.isoformat(" ") if isinstance(one, datetime) else one for one in row) for row in rows
        ]
        raw.executemany(f"INSERT INTO {head} VALUES ({', '.join('?' * len(columns))})", values)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {head} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
