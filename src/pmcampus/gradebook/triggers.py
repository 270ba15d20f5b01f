"""What the database itself enforces: the ledger is append-only, and standings follow every score.

Two languages, one meaning: a pair of texts for SQLite and for PostgreSQL.
"""

from sqlalchemy import text
from sqlalchemy.engine import Connection

from pmcampus.gradebook.attempts import keep_attempt

# nbgrader's own rule for a cell's score, see `Grade.score` in nbgrader/api.py.
_SCORE = (
    "COALESCE(SUM(CASE WHEN g.manual_score IS NULL AND g.auto_score IS NULL THEN 0"
    " ELSE COALESCE(g.manual_score, g.auto_score) + COALESCE(g.extra_credit, 0) END), 0)"
)
_CONCAT = {"sqlite": "GROUP_CONCAT(%s)", "postgresql": "STRING_AGG(%s, ',')"}
_UNSCORED = "CASE WHEN g.manual_score IS NULL AND g.auto_score IS NULL THEN g.cell_id END"
_COLUMNS = "learner, assessment, score, waits"


def _sums(dialect: str, which: str) -> str:
    """Standings as nbgrader's scores give them, of these submitted notebooks."""
    waits = f"COALESCE({_CONCAT[dialect] % _UNSCORED}, '')"
    return (
        f"SELECT s.student_id AS learner, a.name AS assessment, {_SCORE} AS score, {waits} AS waits"
        " FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id"
        " JOIN submitted_notebook n ON n.assignment_id = s.id LEFT JOIN grade g ON g.notebook_id = n.id"
        f" WHERE {which} GROUP BY s.student_id, a.name"
    )


def all_sums(dialect: str) -> str:
    """Standings of everybody, in the columns of the table."""
    return _sums(dialect, "EXISTS (SELECT 1 FROM grade WHERE notebook_id = n.id)")


def _one(dialect: str, notebook: str) -> str:
    return _sums(dialect, f"s.id = (SELECT assignment_id FROM submitted_notebook WHERE id = {notebook})")


# Word for word in the queries that read by it: a database takes no index whose condition reads otherwise.
INDEXES = {  # nbgrader looks these up without an index, which is a scan of all scores of all learners
    "pmcampus_grade_notebook": "grade (notebook_id)",
    "pmcampus_comment_notebook": "comment (notebook_id)",
    "pmcampus_notebook_submission": "submitted_notebook (assignment_id)",
    "pmcampus_submission_learner": "submitted_assignment (student_id, assignment_id)",
    # what tracking counts: cohort-wide scores, works that wait for a person, scores by a person
    "pmcampus_standing_score": "standing (assessment, score)",
    "pmcampus_standing_waits": "standing (assessment, learner, score, waits) WHERE waits <> ''",
    "pmcampus_grade_by_hand": "grade (cell_id, notebook_id, manual_score) WHERE manual_score IS NOT NULL",
    "pmcampus_grade_waits": "grade (cell_id, notebook_id) WHERE needs_manual_grade",
    # a learner's works and the last of them, and the few works that went wrong
    "pmcampus_attempt_last": "attempt (learner, handed_in)",
    "pmcampus_attempt_failed": (
        "attempt (learner, assessment, verdict_row, number) WHERE number = 0 OR errors <> '[]'"
    ),
}
OLD_INDEXES = (
    "ix_verdict_learner",
    "ix_verdict_assessment",
    "pmcampus_attempt_moment",
    "pmcampus_grade_awaiting",
)
_REFUSAL = "the ledger is append-only: a verdict is never changed or removed"
_UNSEALED = "a row of the ledger needs a digest and a new number: use this version of pmcampus"


def _sqlite() -> dict[str, str]:
    def standing(event: str, row: str) -> str:
        store = f"INSERT OR REPLACE INTO standing ({_COLUMNS})"
        return f"AFTER {event} ON grade BEGIN {store} {_one('sqlite', f'{row}.notebook_id')}; END"

    gone = "assessment = (SELECT name FROM assignment WHERE id = OLD.assignment_id)"
    bodies = {
        "verdict_no_update": f"BEFORE UPDATE ON verdict BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        "verdict_no_delete": f"BEFORE DELETE ON verdict BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        "verdict_sealed": (
            "BEFORE INSERT ON verdict WHEN length(NEW.digest) <> 64"
            " OR EXISTS (SELECT 1 FROM verdict WHERE id = NEW.id)"
            f" BEGIN SELECT RAISE(ABORT, '{_UNSEALED}'); END"
        ),
        "attempt": f"AFTER INSERT ON verdict BEGIN {keep_attempt('sqlite')} END",
        "standing_insert": standing("INSERT", "NEW"),
        "standing_update": standing("UPDATE OF manual_score, auto_score, extra_credit", "NEW"),
        "standing_delete": standing("DELETE", "OLD"),
        "standing_gone": (
            "AFTER DELETE ON submitted_assignment BEGIN"
            f" DELETE FROM standing WHERE learner = OLD.student_id AND {gone}; END"
        ),
    }
    return {f"pmcampus_{name}": f"CREATE TRIGGER pmcampus_{name} {body}" for name, body in bodies.items()}


def _postgresql() -> dict[str, tuple[str, str]]:
    """Trigger name to the body of its function and where it hangs."""
    row = "CASE WHEN TG_OP = 'DELETE' THEN OLD.notebook_id ELSE NEW.notebook_id END"
    # The lock first, then a fresh snapshot: of two writers to one submission the second sees the first's.
    lock = (
        "PERFORM 1 FROM submitted_assignment s JOIN submitted_notebook n ON n.assignment_id = s.id"
        f" WHERE n.id = {row} FOR NO KEY UPDATE OF s;"
    )
    store = (
        f"INSERT INTO standing ({_COLUMNS}) {_one('postgresql', row)}"
        " ON CONFLICT (learner, assessment) DO UPDATE SET score = EXCLUDED.score, waits = EXCLUDED.waits;"
    )
    gone = (
        "DELETE FROM standing WHERE learner = OLD.student_id"
        " AND assessment = (SELECT name FROM assignment WHERE id = OLD.assignment_id);"
    )
    bodies = {
        "verdict_append_only": (
            f"BEGIN RAISE EXCEPTION '{_REFUSAL}'; END",
            "BEFORE UPDATE OR DELETE OR TRUNCATE ON verdict FOR EACH STATEMENT",
        ),
        "verdict_sealed": (
            f"BEGIN IF length(NEW.digest) <> 64 THEN RAISE EXCEPTION '{_UNSEALED}'; END IF; RETURN NEW; END",
            "BEFORE INSERT ON verdict FOR EACH ROW",
        ),
        "attempt": (
            f"BEGIN {keep_attempt('postgresql')} RETURN NULL; END",
            "AFTER INSERT ON verdict FOR EACH ROW",
        ),
        "standing": (
            f"BEGIN {lock} {store} RETURN NULL; END",
            "AFTER INSERT OR DELETE OR UPDATE OF manual_score, auto_score, extra_credit"
            " ON grade FOR EACH ROW",
        ),
        "standing_gone": (
            f"BEGIN {gone} RETURN NULL; END",
            "AFTER DELETE ON submitted_assignment FOR EACH ROW",
        ),
    }
    return {f"pmcampus_{name}": body for name, body in bodies.items()}


def put_indexes(connection: Connection) -> None:
    """The indexes of ours, where they are not there yet, and none that an earlier version made."""
    for name in OLD_INDEXES:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
    for name, columns in INDEXES.items():
        connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")


def put_triggers(connection: Connection) -> None:
    """All triggers as they should be, whatever was there."""
    drop_triggers(connection)
    if connection.dialect.name == "sqlite":
        for statement in _sqlite().values():
            connection.exec_driver_sql(statement)
        return
    for name, (body, place) in _postgresql().items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
        )
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {place} EXECUTE FUNCTION {name}()")


def drop_triggers(connection: Connection) -> None:
    """No trigger of ours: for a bulk load, in the transaction that puts them back."""
    if connection.dialect.name == "sqlite":
        for name in _sqlite():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    for name, (_, place) in _postgresql().items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {place.split(' ON ')[1].split()[0]}")


def fill_standings(connection: Connection) -> None:
    """Standings computed anew from nbgrader's scores."""
    connection.exec_driver_sql("DELETE FROM standing")
    sums = all_sums(connection.dialect.name)
    connection.exec_driver_sql(f"INSERT INTO standing ({_COLUMNS}) {sums} ORDER BY 1, 2")


def faulty_triggers(connection: Connection) -> list[str]:
    """Names of triggers that are gone, switched off or changed."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        found = {row.name: row.sql for row in connection.execute(text(query))}
        return sorted(name for name, statement in _sqlite().items() if found.get(name) != statement)
    query = (
        "SELECT t.tgname AS name, p.prosrc AS body, pg_get_triggerdef(t.oid) AS place FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
        " AND t.tgrelid IN (to_regclass('verdict'), to_regclass('grade'),"
        " to_regclass('submitted_assignment'))"
    )
    working = {row.name: (row.body, _words(row.place)) for row in connection.execute(text(query))}
    return sorted(
        name
        for name, (body, place) in _postgresql().items()
        if name not in working or working[name][0] != body or not _words(place) <= working[name][1]
    )


def _words(place: str) -> set[str]:
    """When a trigger works, as words: PostgreSQL has its own order, and names tables with their schema."""
    before, _, after = place.replace(",", "").partition(" ON ")
    return {*before.split(), *after.split()[1:]}
