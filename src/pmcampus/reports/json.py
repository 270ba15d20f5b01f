"""Progress as JSON, for other programs. Learners go by their id."""

import json

from pmcampus.progress import Progress


def render(progress: Progress, *, style: str = "") -> str:
    """One object: the assessment, its items, and a row for each learner."""
    value = {
        "cohort": progress.cohort,
        "assessment": progress.assessment,
        "title": progress.title,
        "version": progress.version,
        "as_of": progress.as_of.isoformat(),
        "due": progress.due.isoformat() if progress.due else None,
        "grace_minutes": round(progress.grace.total_seconds() / 60),
        "passing_score_percent": progress.passing_score,
        "points": progress.points,
        "items": [
            {
                "cell": summary.item.cell,
                "title": summary.item.title,
                "competency": summary.item.competency,
                "points": summary.item.points,
                "marked_by": "machine" if summary.item.automatic else "people",
                "marked": summary.marked,
                "mean_share": summary.mean_share,
                "without_points": summary.without_points,
            }
            for summary in progress.summaries
        ],
        "learners": [
            {
                "learner": row.learner.id,
                "role": row.learner.role,
                "team": row.learner.team,
                "state": row.state,
                "late": row.late,
                "handed_in": row.handed_in.isoformat() if row.handed_in else None,
                "score": row.score,
                "earned": row.counted.earned if row.counted else None,
                "days_late": row.counted.days_late if row.counted else 0,
                "hurdles_missed": list(row.hurdles_missed),
                "refused": row.refused,
                "items": {
                    head.cell: mark.score if mark else None
                    for head, mark in zip(progress.items, row.marks, strict=True)
                },
            }
            for row in progress.rows
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
