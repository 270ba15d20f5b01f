"""Our tables in a database that may be new, current, of an earlier version, or of a later one."""

from nbgrader.api import Base
from sqlalchemy import Connection, Engine, Table, select, text
from sqlalchemy.exc import DBAPIError

from pmcampus.errors import CohortError
from pmcampus.gradebook.attempts import fill_attempts
from pmcampus.gradebook.rows import entry_of
from pmcampus.gradebook.tables import OWN, STANDING, VERDICT
from pmcampus.gradebook.triggers import INDEXES, fill_standings, put_indexes, put_triggers
from pmcampus.ledger import Decision, sealed, values_of

ADDED = ("environment", "isolation", "decision", "set_aside", "previous", "digest")
_NAMES = {  # of tables and indexes
    "sqlite": "SELECT name FROM sqlite_master",
    "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace",
}
_COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info('{table}')",
    "postgresql": (
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass('{table}') AND attnum > 0"
        " AND NOT attisdropped"
    ),
}


def is_current(connection: Connection) -> bool:
    """Whether all tables are there, nbgrader's and ours, with our columns and indexes."""
    wanted = Base.metadata.tables.keys() | OWN.tables.keys() | INDEXES.keys()
    ours = all(_columns(connection, table) == set(table.columns.keys()) for table in (VERDICT, STANDING))
    return ours and wanted <= _names(connection)


def bring_up_to_date(engine: Engine) -> None:
    """All tables, indexes and triggers of ours, in one transaction; a current database stays untouched.

    Raises:
        CohortError: the table `verdict` is not one of ours, or of a later version.
    """
    with engine.connect() as connection:
        names = _names(connection)
        columns, standing = _columns(connection, VERDICT), _columns(connection, STANDING)
    expected = set(VERDICT.columns.keys())
    is_whole = standing == set(STANDING.columns.keys())
    if columns == expected and is_whole and OWN.tables.keys() <= names:
        _add_indexes(engine)
        return
    earlier = expected - set(ADDED)
    if columns not in (set(), earlier, expected):
        odd = sorted(columns ^ expected)
        raise CohortError(
            f"gradebook: its table `verdict` differs in {', '.join(odd)}: another version of pmcampus "
            "made it; use that version, or put back a copy of this database. Nothing was changed."
        )
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        if columns == earlier:
            _seal_earlier_rows(connection)
        if not is_whole:  # it holds nothing that is not in nbgrader's tables
            connection.execute(text("DROP TABLE IF EXISTS standing"))
        OWN.create_all(connection)
        for index in VERDICT.indexes:
            index.create(connection, checkfirst=True)
        put_indexes(connection)
        fill_standings(connection)
        fill_attempts(connection)
        put_triggers(connection)
        connection.commit()


def _add_indexes(engine: Engine) -> None:
    """What this version reads by and an earlier one did not make.

    An index only saves time: whoever may not make one, as with a copy for reading, goes on without it.
    """
    with engine.connect() as connection:
        if INDEXES.keys() <= _names(connection):
            return
        try:
            put_indexes(connection)
            connection.commit()
        except DBAPIError:
            connection.rollback()


def _names(connection: Connection) -> set[str]:
    return {row[0] for row in connection.exec_driver_sql(_NAMES[connection.dialect.name])}


def _columns(connection: Connection, table: Table) -> set[str]:
    query = _COLUMNS[connection.dialect.name].format(table=table.name)
    return {row[0] for row in connection.exec_driver_sql(query)}


def _seal_earlier_rows(connection: Connection) -> None:
    """The columns of the chain, and every earlier row as a link of it."""
    for name in ADDED:
        column = VERDICT.c[name]
        kind = column.type.compile(connection.dialect)
        connection.execute(text(f"ALTER TABLE verdict ADD COLUMN {name} {kind} NOT NULL DEFAULT ''"))
    after = None
    for row in connection.execute(select(VERDICT).order_by(VERDICT.c.id)).mappings().all():
        plain = entry_of({**row, "decision": Decision.MIGRATED.value, "isolation": "not recorded"})
        after = sealed(plain, after, number=plain.id)
        connection.execute(VERDICT.update().where(VERDICT.c.id == after.id).values(values_of(after)))
