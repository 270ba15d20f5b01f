"""The terms on which one learner takes one assessment, and what lateness does to a score.

Pure: the cohort's form, what was granted, and a moment in; what counts out. Every place that shows a
score asks `counted`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from pmcampus.errors import CohortError
from pmcampus.model.allowance import Allowance, LateRule
from pmcampus.model.cohort import CohortForm
from pmcampus.spreadsheets import UNSEEN, Line, live, read_table, table_text

COLUMNS = ("learner", "assessment", "until", "excused", "attempts", "because", "given")
DAY = timedelta(days=1)
NO_RULE = LateRule()


@dataclass(frozen=True)
class Terms:
    """What holds for one learner: the due moment, the last moment that is not late, and how often.

    Attributes:
        due: the cohort's due moment or the learner's own later one; None where there is none.
        deadline: `due` with the cohort's grace.
        attempts: how often they may hand in; None where nobody said.
    """

    due: datetime | None = None
    deadline: datetime | None = None
    attempts: int | None = None
    excused: bool = False
    late: LateRule = NO_RULE
    is_extended: bool = False


@dataclass(frozen=True)
class Counted:
    """A score with its lateness: `score` is what counts, `earned` what the work was worth, in points."""

    score: float
    earned: float
    days_late: int = 0
    percent: float = 0.0

    @property
    def deducted(self) -> float:
        """Points taken off, never more than were earned."""
        return self.earned - self.score


def terms_of(
    cohort: CohortForm,
    allowances: Iterable[Allowance],
    learner: str,
    assessment: str,
    *,
    attempts: int | None = None,
) -> Terms:
    """The terms of this learner; the last line of theirs that says something about a thing decides it.

    Args:
        attempts: how often everybody may hand in, from the assessment's form.
    """
    due = cohort.due.get(assessment)
    due = due.astimezone(UTC) if due else None
    own = due
    excused = False
    for allowance in allowances:
        if (allowance.learner, allowance.assessment) != (learner, assessment):
            continue
        own = allowance.until.astimezone(UTC) if allowance.until else own
        excused = excused if allowance.excused is None else allowance.excused
        attempts = allowance.attempts or attempts
    if own and due:
        own = max(own, due)  # an extension never takes time away
    grace = timedelta(minutes=cohort.grace_minutes)
    return Terms(
        due=own,
        deadline=own + grace if own else None,
        attempts=attempts,
        excused=excused,
        late=cohort.late,
        is_extended=own != due,
    )


def days_late(handed_in: datetime | None, terms: Terms) -> int:
    """Days begun since the due moment; 0 up to the deadline, and where a moment is unknown.

    Grace decides whether work is late, and is no part of how late it is.
    """
    if handed_in is None or terms.due is None or terms.deadline is None or handed_in <= terms.deadline:
        return 0
    return max(1, ceil((handed_in - terms.due) / DAY))


def counted(earned: float, points: float, handed_in: datetime | None, terms: Terms) -> Counted:
    """What counts of the points earned.

    Args:
        points: what can be reached; a deduction is per cent of these.
    """
    days = days_late(handed_in, terms)
    percent = _percent(days, terms.late)
    left = earned - points * percent / 100
    return Counted(min(earned, max(0.0, left)) if percent else earned, earned, days, percent)


def lateness(found: Counted, points: float) -> str:
    """Why less counts than was earned, as a sentence; empty where all counts."""
    if not found.percent:
        return ""
    days = "1 day late" if found.days_late == 1 else f"{found.days_late} days late"
    return (
        f"{days}: {found.percent:g} % of {points:g} points are taken off, "
        f"so {found.score:g} of the {found.earned:g} earned count."
    )


def parse_allowances(content: bytes, *, source: str) -> tuple[Allowance, ...]:
    """The lines of `allowances.csv`, in order.

    Raises:
        CohortError: a line cannot be read; it is named.
    """
    table = read_table(content, source=source, required=COLUMNS)
    return tuple(_allowance(line, f"{source}:{line.number}") for line in table.lines)


def allowances_text(allowances: Iterable[Allowance]) -> str:
    """The file's text."""
    return table_text(
        COLUMNS,
        (
            (
                one.learner,
                one.assessment,
                one.until.astimezone(UTC).isoformat() if one.until else "",
                {None: "", True: "yes", False: "no"}[one.excused],
                one.attempts or "",
                one.because,
                one.given.astimezone(UTC).isoformat(),
            )
            for one in allowances
        ),
    )


def _percent(days: int, rule: LateRule) -> float:
    if days == 0 or rule.rule == "none":
        return 0.0
    return 100.0 if rule.rule == "zero" else min(days * rule.percent_per_day, rule.at_most_percent)


def _allowance(line: Line, where: str) -> Allowance:
    fields = {name: live(line.fields[name].strip()) for name in COLUMNS}
    if fields["excused"] not in ("yes", "no", ""):
        raise CohortError(f"{where}: excused is {fields['excused']!r}; write yes or no.")
    if fields["attempts"] and not (fields["attempts"].isdecimal() and 0 < int(fields["attempts"]) < 1000):
        raise CohortError(f"{where}: attempts is {fields['attempts']!r}; write a number from 1 on.")
    if not fields["because"] or UNSEEN.search(fields["because"]):
        raise CohortError(f"{where}: because is empty or holds signs that cannot be seen; say why, in words.")
    given = _moment(fields["given"], where, "given")
    if given is None:
        raise CohortError(f"{where}: given is empty; write when this was granted, such as 2026-11-20T17:00Z.")
    return Allowance(
        learner=fields["learner"],
        assessment=fields["assessment"],
        until=_moment(fields["until"], where, "until"),
        excused={"": None, "yes": True, "no": False}[fields["excused"]],
        attempts=int(fields["attempts"]) if fields["attempts"] else None,
        because=fields["because"],
        given=given,
    )


def _moment(text: str, where: str, column: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("it names no zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CohortError(
            f"{where}: {column} is {text!r}; write a moment with its zone, such as 2026-11-20T17:00+01:00."
        ) from None
