"""Progress as CSV, one line for each learner, for a spreadsheet."""

import csv
import io

from pmcampus.progress import Progress
from pmcampus.spreadsheets import inert


def render(progress: Progress, *, style: str = "") -> str:
    """Learner, role, team, state, score, then each item's score; empty where there is none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    items = [head.cell for head in progress.items]
    writer.writerow(
        ["learner", "role", "team", "state", "late", "handed_in", "score", "points", "deducted", *items]
    )
    for row in progress.rows:
        scores = ["" if mark is None or mark.score is None else f"{mark.score:g}" for mark in row.marks]
        writer.writerow(
            [
                *map(inert, (row.learner.id, row.learner.role, row.learner.team)),
                row.state,
                "yes" if row.late else "no",
                row.handed_in.isoformat() if row.handed_in else "",
                "" if row.score is None else f"{row.score:g}",
                f"{progress.points:g}",
                f"{row.counted.deducted:g}" if row.counted else "",
                *scores,
            ]
        )
    return out.getvalue()
