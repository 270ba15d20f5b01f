"""Progress as one HTML file that opens from disk: first what is worth an hour, then the tables."""

from statistics import median

from pmcampus.pages import number, percent, plain_date
from pmcampus.pages import render as page
from pmcampus.progress import Progress, State

ENOUGH = 3


def render(progress: Progress, *, style: str = "") -> str:
    """The cohort report. Learners go by their id; names stay out."""
    return page(
        "report.html",
        p=progress,
        style=style,
        as_of=plain_date(progress.as_of),
        lead=_lead(progress),
        worth=_worth_an_hour(progress),
        tiles=_tiles(progress),
    )


def _lead(progress: Progress) -> str:
    handed_in = sum(row.score is not None for row in progress.rows)
    waiting = progress.count(State.AWAITING)
    passed = progress.count(State.PASSED)
    text = f"{handed_in} of {len(progress.rows)} have handed in; {passed} have passed so far."
    if not waiting:
        return text
    return f"{text} {waiting} {'waits' if waiting == 1 else 'wait'} for a person's mark."


def _worth_an_hour(progress: Progress) -> list[tuple[str, str]]:
    """At most three things to do something about, the most pressing first."""
    found: list[tuple[str, str]] = []
    if progress.missing:
        ids = ", ".join(row.learner.id for row in progress.missing)
        found.append(
            (
                f"{len(progress.missing)} without a submission that can be marked.",
                f"Ask; do not assume: {ids}.",
            )
        )
    stopped = [row for row in progress.rows if row.hurdles_missed]
    if stopped:
        ids = ", ".join(row.learner.id for row in stopped)
        found.append((f"{len(stopped)} below a hurdle that no sum makes up for.", f"Talk with {ids} first."))
    judged = [s for s in progress.summaries if s.mean_share is not None and s.marked >= ENOUGH]
    if judged:
        hard = min(judged, key=lambda summary: summary.mean_share or 0.0)
        at = progress.summaries.index(hard) + 1
        found.append(
            (
                f"Item {at}, “{hard.item.title}”, is the hard one",
                f"({percent(hard.mean_share or 0.0)} of its points on average, {hard.marked} answers). "
                "Ten minutes at the board will help more than a mark.",
            )
        )
    return found[:3]


def _tiles(progress: Progress) -> list[tuple[str, str]]:
    shares = [row.share for row in progress.rows if row.share is not None]
    late = sum(row.late for row in progress.rows)
    return [
        (str(len(progress.rows)), f"learners, {len(progress.roles)} roles, {len(progress.teams)} teams"),
        (str(sum(row.score is not None for row in progress.rows)), f"have handed in, {late} of them late"),
        (percent(median(shares)) if shares else "–", "median of what is marked so far"),
        (number(progress.passing_score) + " %", f"needed to pass, of {number(progress.points)} points"),
    ]
