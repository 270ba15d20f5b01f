"""Results for a student information system: a ZIP archive of OneRoster 1.1 CSV, in bulk.

`categories.csv`, `lineItems.csv` and `results.csv` with the manifest that says so; columns as in 1EdTech's
OneRoster 1.1 CSV tables, in which status and dateLastModified stay empty in bulk.
"""

import io
import zipfile
from uuid import NAMESPACE_URL, uuid5

from pmcampus.errors import CohortError
from pmcampus.exporters.grades._facts import Facts
from pmcampus.progress import Row, State
from pmcampus.spreadsheets import table_text

ENDING = "zip"
FILES = (
    "academicSessions", "categories", "classes", "classResources", "courses", "courseResources",
    "demographics", "enrollments", "lineItems", "orgs", "resources", "results", "users",
)  # fmt: skip
OURS = ("categories", "lineItems", "results")
STATUS = {
    State.EXCUSED: "exempt",
    State.PASSED: "fully graded",
    State.NOT_YET: "fully graded",
    State.AWAITING: "partially graded",
    State.UNMARKED: "submitted",
    State.REFUSED: "submitted",
}
LINE_ITEM = (
    "sourcedId", "status", "dateLastModified", "title", "description", "assignDate", "dueDate",
    "classSourcedId", "categorySourcedId", "gradingPeriodSourcedId", "resultValueMin", "resultValueMax",
)  # fmt: skip
RESULT = (
    "sourcedId", "status", "dateLastModified", "lineItemSourcedId", "studentSourcedId", "scoreStatus",
    "score", "scoreDate", "comment",
)  # fmt: skip


def render(facts: Facts) -> bytes:
    """The archive; learners whose OneRoster id is not known are left out.

    Raises:
        CohortError: no learner's OneRoster id is known, or class or grading period was not named.
    """
    if not facts.sourced_ids:
        raise CohortError(
            "no learner's OneRoster id is known; enrol from OneRoster, or add a column oneroster."
        )
    if not facts.class_ or not facts.period:
        raise CohortError(
            "OneRoster wants to know class and grading period; name both: --class and --period."
        )
    category = _id(facts, "category")
    day = facts.as_of.date().isoformat()
    items, results = [], []
    for standing in facts.standings:
        item = _id(facts, "lineItem", standing.assessment, standing.version)
        due = (standing.due or facts.as_of).date().isoformat()
        items.append(
            [
                *(item, "", "", standing.title, standing.title, day, due),
                *(facts.class_, category, facts.period, 0, standing.points),
            ]
        )
        for row in standing.rows:
            student = facts.sourced_ids.get(row.learner.id)
            if student is not None:
                results.append(_result(_id(facts, "result", item, student), item, student, row, day))
    texts = {
        "manifest.csv": table_text(("propertyName", "value"), _manifest()),
        "categories.csv": table_text(
            ("sourcedId", "status", "dateLastModified", "title"), [[category, "", "", "PM Campus"]]
        ),
        "lineItems.csv": table_text(LINE_ITEM, items),
        "results.csv": table_text(RESULT, results),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, facts.as_of.timetuple()[:6]), text)
    return out.getvalue()


def _result(own: str, item: str, student: str, row: Row, day: str) -> list[object]:
    status = STATUS.get(row.state, "not submitted")
    score = row.score if status in ("fully graded", "partially graded") else None
    date = row.handed_in.date().isoformat() if row.handed_in else day
    return [own, "", "", item, student, status, score if score is not None else 0, date, ""]


def _manifest() -> list[tuple[str, str]]:
    files = [(f"file.{name}", "bulk" if name in OURS else "absent") for name in FILES]
    head = [("manifest.version", "1.0"), ("oneroster.version", "1.1")]
    return [*head, *files, ("source.systemName", "PM Campus"), ("source.systemCode", "pmcampus")]


def _id(facts: Facts, *parts: str) -> str:
    """The same thing has the same id in every export, so that a later one updates an earlier one."""
    return str(uuid5(NAMESPACE_URL, "/".join(("pmcampus", facts.course, *parts))))
