"""The table that `nbgrader export` writes, with its columns; fields with a comma are in quotation marks."""

from pmcampus.exporters.grades._facts import Facts
from pmcampus.spreadsheets import table_text

ENDING = "csv"
COLUMNS = (  # nbgrader/plugins/export.py
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip
MOMENT = "%Y-%m-%d %H:%M:%S"


def render(facts: Facts) -> bytes:
    """One line for each learner and assessment; without a submission, zero, as nbgrader has it."""
    rows = []
    for standing in facts.standings:
        due = standing.due.strftime(MOMENT) if standing.due else ""
        for row in standing.rows:
            counted = row.counted
            rows.append(
                [
                    standing.assessment,
                    due,
                    row.handed_in.strftime(MOMENT) if row.handed_in else "",
                    row.learner.id,
                    row.learner.name,
                    "",
                    facts.emails.get(row.learner.id, ""),
                    counted.earned if counted else 0.0,
                    counted.deducted if counted else 0.0,
                    counted.score if counted else 0.0,
                    standing.points,
                ]
            )
    return table_text(COLUMNS, rows).encode()
