"""A cohort's results for research: pseudonyms, no names, texts or exact moments, small groups hidden."""

import io
import json
import zipfile
from collections import Counter
from datetime import date, datetime
from math import floor
from pathlib import Path
from typing import Any

from pmcampus.cohortdir import load_cohort
from pmcampus.cohortkey import pseudonym_key
from pmcampus.cohorts.giving import standings
from pmcampus.errors import CohortError
from pmcampus.files import write_bytes
from pmcampus.progress import Progress, Row, State
from pmcampus.pseudonyms import pseudonym
from pmcampus.spreadsheets import table_text
from pmcampus.suppression import LEAST, coarsened, suppressed

HIDDEN = "<5"
README = """\
Results of a cohort, pseudonymised (Regulation (EU) 2016/679, articles 4(5) and 89).

results.csv  one line for each learner and assessment; learner is a pseudonym of this purpose alone
items.csv    one line for each learner and item
counts.csv   learners by role and state, the only one to publish: "<5" hides a count under five, or one
             that would give it away

Roles with fewer than five learners are called "other". Teams, names, texts and exact moments are left out;
lateness is in whole days. Whoever holds the cohort's key can still tell who is who: this is personal data
until the key is deleted. Delete this file after the day in about.json.
"""


def research(
    folder: Path,
    out: Path,
    *,
    purpose: str,
    keep_until: date,
    root: Path,
    now: datetime,
    assessments: tuple[str, ...] = (),
) -> int:
    """How many learners the archive that was written is about.

    Args:
        purpose: what it is for; another purpose gives other pseudonyms.
        keep_until: when it must be deleted.
        assessments: which ones; all that the cohort takes when none is named.

    Raises:
        CohortError: fewer than five learners, no purpose, or a day that has passed; nothing was written.
    """
    cohort = load_cohort(folder)
    if not purpose.strip():
        raise CohortError("say what the data are for: --purpose.")
    if keep_until <= now.date():
        raise CohortError(f"{keep_until} has passed; name the day until which the data are kept.")
    found = standings(folder, assessments, root=root, as_of=now)
    learners = [row.learner for row in found[0].rows]
    if len(learners) < LEAST:
        raise CohortError(
            f"{folder}: {len(learners)} learners are too few to be hidden among; {LEAST} are needed."
        )
    key = pseudonym_key(folder)
    who = {one.id: pseudonym(key, purpose=f"research {purpose}", learner=one.id) for one in learners}
    roles = coarsened(Counter(one.role for one in learners))
    about = {
        "purpose": purpose,
        "made": now.date().isoformat(),
        "keep_until": keep_until.isoformat(),
        "learners": len(learners),
        "fictitious": cohort.fictitious,
        "hidden_below": LEAST,
        "assessments": {standing.assessment: standing.version for standing in found},
    }
    texts = {
        "README.txt": README,
        "about.json": json.dumps(about, indent=2, sort_keys=True) + "\n",
        "results.csv": _results(found, who, roles),
        "items.csv": _items(found, who),
        "counts.csv": _counts(found, roles),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), text)
    write_bytes(out, buffer.getvalue(), durable=True)
    out.chmod(0o600)
    return len(learners)


def _results(found: tuple[Progress, ...], who: dict[str, str], roles: dict[str, str]) -> str:
    rows: list[list[Any]] = [
        [
            who[row.learner.id],
            roles[row.learner.role],
            standing.assessment,
            standing.version,
            row.state.value,
            row.score,
            standing.points,
            _days(standing, row),
        ]
        for standing in found
        for row in standing.rows
    ]
    columns = ("learner", "role", "assessment", "version", "state", "score", "points", "days_after_due")
    rows.sort(key=lambda row: (row[2], row[0]))
    return table_text(columns, rows)


def _items(found: tuple[Progress, ...], who: dict[str, str]) -> str:
    rows: list[list[Any]] = [
        [who[row.learner.id], standing.assessment, mark.cell, mark.score, mark.points, mark.mark.value]
        for standing in found
        for row in standing.rows
        for mark in row.marks
        if mark is not None
    ]
    rows.sort(key=lambda row: (row[1], row[0], row[2]))
    return table_text(("learner", "assessment", "item", "score", "points", "mark"), rows)


def _counts(found: tuple[Progress, ...], roles: dict[str, str]) -> str:
    states = list(State)
    names = sorted(set(roles.values()))
    rows = []
    for standing in found:
        counts = [
            [
                sum(roles[r.learner.role] == name and r.state is state for r in standing.rows)
                for state in states
            ]
            for name in names
        ]
        for name, shown in zip(names, suppressed(counts), strict=True):
            rows.append([standing.assessment, name, *(HIDDEN if one is None else one for one in shown)])
    return table_text(("assessment", "role", *(state.value for state in states)), rows)


def _days(standing: Progress, row: Row) -> object:
    """Whole days between the due moment and the hand-in, negative when it came before."""
    if row.handed_in is None or standing.due is None:
        return ""
    return floor((row.handed_in - standing.due).total_seconds() / 86_400)
