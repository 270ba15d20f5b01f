"""Granting a learner more time, another attempt, or an excuse."""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pmcampus.allowancefile import add_allowance, load_allowances
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import load_cohort, load_roster
from pmcampus.errors import CohortError
from pmcampus.forms import load_form
from pmcampus.model.allowance import Allowance
from pmcampus.model.assessment import AssessmentForm
from pmcampus.releases.pins import cohort_root
from pmcampus.spreadsheets import UNSEEN
from pmcampus.terms import Terms, terms_of


def grant(
    folder: Path,
    learner: str,
    assessment: str,
    *,
    root: Path,
    until: str | None = None,
    excused: bool | None = None,
    attempts: int | None = None,
    because: str,
    now: datetime,
) -> Terms:
    """The terms that hold for this learner from now on.

    Args:
        until: a later due moment with its zone, as ISO 8601 writes it.
        attempts: how often they may hand in, in all.

    Raises:
        CohortError: unknown learner or assessment, a moment without a zone, or no reason;
            nothing was granted.
    """
    cohort = load_cohort(folder)
    if learner not in {person.id for person in load_roster(folder, cohort, roles=role_ids(root))}:
        raise CohortError(f"{learner!r} is not on the roster of {folder}; enrol them first.")
    if assessment not in cohort.assessments:
        raise CohortError(
            f"{assessment!r} is not an assessment of this cohort; "
            f"choose one of {', '.join(cohort.assessments) or 'none: cohort.yaml pins no assessment'}."
        )
    reason = because.strip()
    if not reason or UNSEEN.search(reason):
        raise CohortError("the reason is empty or holds signs that cannot be seen; say why, in words.")
    place = cohort_root(cohort, assessment, root)
    form = load_form(place, place / "assessments" / assessment / "assessment.yaml", AssessmentForm).value
    later = moment(until) if until else None
    due = cohort.due.get(assessment)
    if later and due and later < due:
        raise CohortError(
            f"{until} is before the due moment of everybody ({due.astimezone(UTC).isoformat()}); "
            "an extension gives more time."
        )
    add_allowance(
        folder, Allowance(learner, assessment, later, excused, attempts, reason, now.replace(microsecond=0))
    )
    return terms_of(cohort, load_allowances(folder), learner, assessment, attempts=form.attempts)


def moment(text: str) -> datetime:
    """This moment in UTC.

    Raises:
        CohortError: it is none, or names no zone.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CohortError(
            f"{text!r} is no moment with its zone; write it as 2026-11-25T17:00+01:00."
        ) from None


def zone_named(name: str) -> tzinfo:
    """The time zone of this name.

    Raises:
        CohortError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CohortError(f"{name!r} is no time zone; write one such as Europe/Berlin or UTC.") from None
