"""Giving a cohort's results to other systems."""

from datetime import datetime
from pathlib import Path

from pmcampus.cohortdir import load_cohort
from pmcampus.cohortkey import pseudonym_key
from pmcampus.cohortprogress import cohort_progress
from pmcampus.errors import CohortError
from pmcampus.exporters.grades import Facts, render
from pmcampus.files import write_bytes
from pmcampus.intake.identities import load_identities
from pmcampus.intake.people import people, read_map
from pmcampus.progress import Progress
from pmcampus.pseudonyms import pseudonym
from pmcampus.spreadsheets import Note, silent


def standings(
    folder: Path, assessments: tuple[str, ...], *, root: Path, as_of: datetime
) -> tuple[Progress, ...]:
    """The cohort's standing in these assessments; in all that it takes, when none is named."""
    wanted = assessments or tuple(load_cohort(folder).assessments)
    if not wanted:
        raise CohortError(f"{folder}: cohort.yaml pins no assessment, so there is nothing to give out.")
    return tuple(cohort_progress(folder, name, root=root, as_of=as_of) for name in wanted)


def export(
    folder: Path,
    kind: str,
    out: Path,
    *,
    root: Path,
    as_of: datetime,
    assessments: tuple[str, ...] = (),
    known: Path | None = None,
    base: str = "",
    class_: str = "",
    period: str = "",
    note: Note = silent,
) -> int:
    """How many learners the file that was written is about.

    Args:
        known: the platform's own table of people: Moodle's grading worksheet, Canvas's gradebook.
        note: hears for whom that table has no line.

    Raises:
        CohortError: see `pmcampus.exporters.grades.render`, or a table of other people; nothing was written.
    """
    cohort = load_cohort(folder)
    found = standings(folder, assessments, root=root, as_of=as_of)
    identities = load_identities(folder)
    table = read_map(known) if known else None
    learners = [row.learner for row in found[0].rows]
    lines = people(learners, table, identities=identities).line_of
    if known and not lines:
        raise CohortError(
            f"{known}: no line fits a learner of this cohort; download the table of its course."
        )
    key = pseudonym_key(folder)
    facts = Facts(
        course=cohort.course,
        standings=found,
        as_of=as_of,
        lines=lines,
        table=table,
        emails={one.learner: one.email for one in identities if one.email},
        sourced_ids={one.learner: one.oneroster for one in identities if one.oneroster},
        pseudonyms={one.id: pseudonym(key, purpose=f"xapi {base}", learner=one.id) for one in learners},
        base=base,
        class_=class_,
        period=period,
    )
    write_bytes(out, render(kind, facts), durable=True)
    out.chmod(0o600)
    lost = [one.id for one in learners if known and one.id not in lines]
    if lost:
        note(f"{known}: no line fits {', '.join(lost)}; see that the platform can find them.")
    return len(learners) - (len(lost) if kind == "moodle" else 0)
