"""Grades for Moodle: its offline grading worksheet filled in, or a table for Grades, Import, CSV file.

Moodle finds people by "ID number" or "Email address"; an empty grade changes nothing there.
"""

from pmcampus.errors import CohortError
from pmcampus.exporters.grades._facts import Facts, final_score
from pmcampus.spreadsheets import table_text

ENDING = "csv"
GRADE, MOST = "Grade", "maximum grade"  # of which some versions write both words large


def render(facts: Facts) -> bytes:
    """The worksheet that was given, with its grades; without one, a line for each learner."""
    return (_worksheet(facts) if facts.table else _table(facts)).encode()


def _table(facts: Facts) -> str:
    columns = ["ID number", "Email address", "Full name", *(standing.title for standing in facts.standings)]
    rows = [
        [
            learner,
            facts.emails.get(learner, ""),
            own[0][1].learner.name,
            *(final_score(row) for _, row in own),
        ]
        for learner, own in sorted(facts.rows.items())
    ]
    return table_text(columns, rows)


def _worksheet(facts: Facts) -> str:
    table = facts.table
    if table is None or GRADE not in table.columns or "Identifier" not in table.columns:
        raise CohortError(
            f"the table given with --map has no columns Identifier and {GRADE}; "
            "download the grading worksheet from the assignment in Moodle."
        )
    if len(facts.standings) != 1:
        raise CohortError("a grading worksheet is about one assignment; name one with --assessment.")
    standing = facts.standings[0]
    by_line = {line.number: learner for learner, line in facts.lines.items()}
    scores = {row.learner.id: final_score(row) for row in standing.rows}
    largest = next((name for name in table.columns if name.casefold() == MOST), "")
    rows = []
    for line in table.lines:
        fields = dict(line.fields)
        score = scores.get(by_line.get(line.number, ""))
        if score is not None:
            most = _number(fields.get(largest, ""), standing.points)
            fields[GRADE] = f"{score / standing.points * most:.5g}" if standing.points else ""
        rows.append([fields[column] for column in table.columns])
    return table_text(table.columns, rows)


def _number(text: str, otherwise: float) -> float:
    """Moodle's maximum, to which scores are scaled; the assessment's where the worksheet has none."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return otherwise
    return found if found > 0 else otherwise
