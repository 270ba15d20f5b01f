"""The table of attempts, filled from the ledger: the same facts by a trigger and all at once.

An attempt is one work (the digest of its bytes) of a learner for an assessment. Its scores are those of
the latest verdict on that work, so a regrade corrects a first attempt and never turns into a second one.
PostgreSQL refuses to read JSON in which a text holds a NUL or half a letter, which learners can send: it
reads the verdict with every escape replaced, as names of cells and marks have none.
"""

from sqlalchemy.engine import Connection

from pmcampus.model.verdict import BLANK

_COLUMNS = (
    "assessment, learner, submission, number, verdict_row, version, handed_in, score, points, scores, "
    "errors, blanks"
)
_SAFE = r"regexp_replace({v}.verdict, '\\(u[0-9a-fA-F]{{4}}|.)', '?', 'g')::json"
_READABLE = {
    "sqlite": "json_extract({v}.verdict, '$.refused') IS NULL",
    "postgresql": f"(({_SAFE})->'refused')::text = 'null'",
}
_FACTS = {
    "sqlite": (
        "{v}.score,"
        " (SELECT COALESCE(SUM(json_extract(i.value, '$.points')), 0)"
        " FROM json_each({v}.verdict, '$.items') i),"
        " (SELECT json_group_object(json_extract(i.value, '$.cell'), json_extract(i.value, '$.score'))"
        " FROM json_each({v}.verdict, '$.items') i),"
        " (SELECT json_group_array(json_extract(i.value, '$.cell')) FROM json_each({v}.verdict, '$.items') i"
        " WHERE json_extract(i.value, '$.mark') = 'error'),"
        " (SELECT json_group_array(json_extract(i.value, '$.cell')) FROM json_each({v}.verdict, '$.items') i"
        f" WHERE json_extract(i.value, '$.message') = '{BLANK}'"
        f" OR instr(json_extract(i.value, '$.notes'), '\"{BLANK}\"'))"
    ),
    "postgresql": "{v}.score, f.points, f.scores, f.errors, f.blanks",
}
_LATERAL = (
    "CROSS JOIN LATERAL (SELECT COALESCE(SUM((i->'points')::text::float), 0) AS points,"
    " COALESCE(json_object_agg(trim(both '\"' from (i->'cell')::text), i->'score')::text, '{{}}') AS scores,"
    " COALESCE((json_agg(i->'cell') FILTER (WHERE (i->'mark')::text = '\"error\"'))::text, '[]') AS errors,"
    f" COALESCE((json_agg(i->'cell') FILTER (WHERE (i->'message')::text = '\"{BLANK}\"'"
    f" OR strpos((i->'notes')::text, '\"{BLANK}\"') > 0))::text, '[]')"
    f" AS blanks FROM json_array_elements(({_SAFE})->'items') i) f"
)
_KEEP = (
    " ON CONFLICT (assessment, learner, submission) DO UPDATE SET"
    " number = CASE WHEN attempt.number > 0 THEN attempt.number ELSE EXCLUDED.number END,"
    " verdict_row = EXCLUDED.verdict_row, version = EXCLUDED.version, handed_in = EXCLUDED.handed_in,"
    " score = EXCLUDED.score, points = EXCLUDED.points, scores = EXCLUDED.scores,"
    " errors = EXCLUDED.errors, blanks = EXCLUDED.blanks"
    " WHERE EXCLUDED.number > 0 OR attempt.number = 0"
)


def keep_attempt(dialect: str) -> str:
    """The statement that a new row of the ledger, `NEW`, sets off."""
    readable = _READABLE[dialect].format(v="NEW")
    number = (
        f"CASE WHEN {readable} THEN 1 + (SELECT COUNT(*) FROM attempt o WHERE o.assessment = NEW.assessment"
        " AND o.learner = NEW.learner AND o.number > 0 AND o.submission <> NEW.submission) ELSE 0 END"
    )
    head = f"NEW.assessment, NEW.learner, NEW.submission, {number}, NEW.id, NEW.version, NEW.handed_in"
    source = "" if dialect == "sqlite" else " FROM (SELECT 1) one " + _LATERAL.format(v="NEW")
    return (
        f"INSERT INTO attempt ({_COLUMNS}) SELECT {head}, {_FACTS[dialect].format(v='NEW')}{source}"
        f" WHERE true{_KEEP};"
    )


def all_attempts(dialect: str) -> str:
    """Every attempt as the whole ledger gives it, in the columns of the table."""
    readable = _READABLE[dialect].format(v="verdict")
    lateral = "" if dialect == "sqlite" else _LATERAL.format(v="v")
    return (
        f"WITH looked AS (SELECT id, assessment, learner, submission, {readable} AS readable FROM verdict),"
        " seen AS (SELECT assessment, learner, submission, MIN(CASE WHEN readable THEN id END) AS first,"
        " COALESCE(MAX(CASE WHEN readable THEN id END), MAX(id)) AS last"
        " FROM looked GROUP BY assessment, learner, submission),"
        " numbered AS (SELECT seen.*, CASE WHEN first IS NULL THEN 0 ELSE ROW_NUMBER() OVER"
        " (PARTITION BY assessment, learner, first IS NULL ORDER BY first) END AS number FROM seen)"
        " SELECT n.assessment, n.learner, n.submission, n.number, v.id, v.version, v.handed_in,"
        f" {_FACTS[dialect].format(v='v')} FROM numbered n JOIN verdict v ON v.id = n.last {lateral}"
    )


def fill_attempts(connection: Connection) -> None:
    """The table written anew from the ledger."""
    connection.exec_driver_sql("DELETE FROM attempt")
    connection.exec_driver_sql(
        f"INSERT INTO attempt ({_COLUMNS}) {all_attempts(connection.dialect.name)} ORDER BY 1, 2, 3"
    )


def wrong_attempts(connection: Connection) -> list[tuple[str, str]]:
    """Learner and assessment where the table differs from what the ledger gives."""
    kept = f"SELECT {_COLUMNS} FROM attempt"
    given = f"SELECT * FROM ({all_attempts(connection.dialect.name)}) g"
    found: set[tuple[str, str]] = set()
    for one, other in ((kept, given), (given, kept)):
        query = f"SELECT * FROM ({one}) a EXCEPT SELECT * FROM ({other}) b"
        found |= {(row[1], row[0]) for row in connection.exec_driver_sql(query)}
    return sorted(found)
