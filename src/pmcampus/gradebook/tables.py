"""The tables of ours beside nbgrader's: the ledger, who marks what now, and where learners stand."""

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Float, Index, Integer, MetaData, String, Table, Text

OWN = MetaData()

# Rows are only ever added, each sealed with the digest of the row before: `pmcampus.ledger`.
VERDICT = Table(
    "verdict",
    OWN,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("learner", String(128), nullable=False),
    Column("assessment", String(128), nullable=False),
    Column("version", String(32), nullable=False),
    Column("paper", String(64), nullable=False),
    Column("submission", String(64), nullable=False),
    Column("handed_in", DateTime, nullable=True),
    Column("score", Float, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("recorded", DateTime, nullable=False),
    Column("environment", String(64), nullable=False, server_default=""),
    Column("isolation", Text, nullable=False, server_default=""),
    Column("decision", Text, nullable=False, server_default=""),
    Column("set_aside", Text, nullable=False, server_default=""),
    Column("previous", String(64), nullable=False, server_default=""),
    Column("digest", String(64), nullable=False, server_default=""),
)
Index("pmcampus_verdict_latest", VERDICT.c.assessment, VERDICT.c.learner, VERDICT.c.id)

# A submission that somebody is marking, until when it is theirs (seconds since 1970, the database's clock).
LEASE = Table(
    "lease",
    OWN,
    Column("assessment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", Float, nullable=False),
)

# nbgrader's score of each submission, and ids of its cells that have none yet, with commas between; kept
# current by triggers: reading it is one scan of one table.
STANDING = Table(
    "standing",
    OWN,
    Column("learner", String(128), primary_key=True),
    Column("assessment", String(128), primary_key=True),
    Column("score", Float, nullable=False),
    Column("waits", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

# Each work that a learner handed in, with the scores of the latest verdict on it, kept current by a trigger:
# statistics read first attempts from here. `number` counts from 1; 0 is a work that could not be read.
ATTEMPT = Table(
    "attempt",
    OWN,
    Column("assessment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("submission", String(64), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("verdict_row", Integer, nullable=False),
    Column("version", String(32), nullable=False),
    Column("handed_in", DateTime, nullable=True),
    Column("score", Float, nullable=False),
    Column("points", Float, nullable=False),
    Column("scores", Text, nullable=False),
    Column("errors", Text, nullable=False),
    Column("blanks", Text, nullable=False),
    sqlite_with_rowid=False,
)


def naive(moment: datetime | None) -> datetime | None:
    """UTC without a zone, as nbgrader stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
