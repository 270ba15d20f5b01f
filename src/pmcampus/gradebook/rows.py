"""The ledger's rows: read in order, the last one, and one more."""

from collections.abc import Iterator
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from pmcampus.gradebook.tables import VERDICT
from pmcampus.ledger import Entry, sealed, values_of

BATCH = 1000


def entry_of(row: Any) -> Entry:
    """A row of the table as a value."""
    return Entry(**row)


def entries(session: Session | Connection) -> Iterator[Entry]:
    """All rows in order, read a thousand at a time."""
    last = -1
    while True:
        query = select(VERDICT).where(VERDICT.c.id > last).order_by(VERDICT.c.id).limit(BATCH)
        rows = session.execute(query).mappings().all()
        yield from map(entry_of, rows)
        if len(rows) < BATCH:
            return
        last = rows[-1]["id"]


def head(session: Session | Connection) -> Entry | None:
    """The last row of all."""
    row = session.execute(select(VERDICT).order_by(VERDICT.c.id.desc()).limit(1)).mappings().first()
    return entry_of(row) if row else None


def last_row(book: Gradebook) -> Entry | None:
    """The ledger's last row, committed by whomever."""
    found = head(book.db())
    book.db().rollback()
    return found


def last_of(session: Session, learner: str, assessment: str) -> Entry | None:
    """The row that counts for this learner and assessment; the index leads straight to it."""
    mine = (VERDICT.c.assessment == assessment, VERDICT.c.learner == learner)
    row = session.execute(select(VERDICT).where(*mine).order_by(VERDICT.c.id.desc()).limit(1)).mappings()
    found = row.first()
    return entry_of(found) if found else None


def append(session: Session, entry: Entry) -> Entry:
    """The entry as it now stands at the chain's end; call it inside a `transaction`."""
    added = sealed(entry, head(session))
    session.execute(insert(VERDICT).values(values_of(added)))
    return added
