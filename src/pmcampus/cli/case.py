"""`pmcampus case` and `pmcampus cohort teams`: what people type when a team takes a case."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root
from pmcampus.plurals import counted

F = TypeVar("F", bound=Callable[..., None])
PASS = click.option("--pass", "word", required=True, help="The pass from the learner's packet.")
OUT = click.option(
    "--out", type=FOLDER, default=Path("packets"), show_default=True, help="Where the packet goes."
)


def in_case(*more: Callable[[F], F]) -> Callable[[F], F]:
    """A decorator: the cohort's folder and the case, what else is given, and the content root."""

    def decorate(command: F) -> F:
        parts: list[Any] = [click.argument("folder", type=FOLDER), click.argument("case"), *more, ROOT]
        for part in reversed(parts):
            command = part(command)
        return command

    return decorate


def by_member(*more: Callable[[F], F]) -> Callable[[F], F]:
    """A decorator: the same for what one member does, who shows their pass."""
    return in_case(click.argument("learner"), *more, PASS)


def notebook(words: str) -> Callable[[F], F]:
    """A notebook to be marked, in words."""
    return click.option("--notebook", type=FILE, default=None, help=words)


@click.group()
def case() -> None:
    """Take a team through a case: brief, seal, open, decide, mark."""


@click.command("teams")
@click.argument("folder", type=FOLDER)
@click.argument("case")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same teams.")
@click.option("--teams", "count", type=click.IntRange(1), default=None, help="How many teams.")
@click.option("--stand-ins", is_flag=True, help="Let other professions take chairs that stay empty.")
@ROOT
def cohort_teams(
    folder: Path, case: str, seed: int, count: int | None, stand_ins: bool, root: Path | None
) -> None:
    """Form teams in which every role of a case is played."""
    from pmcampus.cases.seating import teams

    plan = teams(
        folder, case, root=content_root(root), seed=seed, count=count, stand_ins=stand_ins, at=_now()
    )
    for team in plan.teams:
        click.echo(team.id)
        for seat in team.seats:
            note = "  (stands in: another profession)" if seat.stands_in else ""
            click.echo(f"  {seat.learner:16} {', '.join(seat.roles)}{note}")
    click.echo(f"Next, for each of them: pmcampus case brief {folder} {case} LEARNER")


@case.command()
@in_case(click.argument("learner"), click.argument("role"))
def alone(folder: Path, case: str, learner: str, role: str, root: Path | None) -> None:
    """Let a learner take the case alone in one role, with recorded commitments of the others."""
    from pmcampus.cases.seating import alone as seat

    team = seat(folder, case, learner, role, root=content_root(root), at=_now())
    click.echo(f"{team.id}: {learner} plays {role}; the authors' commitments stand for the others.")
    click.echo(f"Next: pmcampus case brief {folder} {case} {learner}")


@case.command()
@click.argument("folder", type=FOLDER)
@click.argument("case")
@click.argument("learner")
@click.option("--role", default=None, help="One role; by default all that the learner plays.")
@click.option("--pass", "word", default=None, help="Needed when the packet was given out before.")
@click.option("--anew", is_flag=True, help="Make another pass; the earlier one opens nothing any more.")
@OUT
@ROOT
def brief(
    folder: Path, case: str, learner: str, role: str | None, word: str | None, anew: bool, out: Path,
    root: Path | None,
) -> None:  # fmt: skip
    """Write a learner's packet: the briefing of all, their own sheet, notebook and pass."""
    from pmcampus.cases.packet import brief as give

    packet, made = give(
        folder, case, learner, root=content_root(root), out=out, at=_now(), role=role, word=word, anew=anew
    )
    click.echo(f"Packet: {packet}; START-HERE.txt says what to do with it.")
    if made:
        click.echo("Their pass lies in it and is kept nowhere else; give the packet to nobody but them.")


@case.command()
@by_member(click.argument("commitment", type=FILE), notebook("The pre-work notebook, to be marked."))
def commit(
    folder: Path, case: str, learner: str, commitment: Path, notebook: Path | None, word: str,
    root: Path | None,
) -> None:  # fmt: skip
    """Seal a role's commitment before the team meets."""
    from pmcampus.cases.sealing import commit as seal

    posted = seal(
        folder, case, learner, commitment, root=content_root(root), word=word, at=_now(), notebook=notebook
    )
    click.echo(f"Sealed. Post this on the team's board: {posted}")
    if notebook is None:
        click.echo("No pre-work was handed in. Type the same line with --notebook before the team opens.")


@case.command()
@by_member(click.argument("role"))
def read(folder: Path, case: str, learner: str, role: str, word: str, root: Path | None) -> None:
    """Read a commitment: one's own at any time, those of others after the opening."""
    import json

    from pmcampus.cases.sealing import read as look

    rows = look(folder, case, learner, role, root=content_root(root), word=word, at=_now())
    text = json.dumps(rows, indent=2, ensure_ascii=False)
    # Signs that turn text round or move a terminal are written as JSON's escapes: the value is the same.
    click.echo("".join(s if s.isprintable() or s == "\n" else json.dumps(s)[1:-1] for s in text))


@case.command("open")
@in_case(
    click.argument("team"),
    click.option("--absent", multiple=True, help="A member who did not come; may be given several times."),
    OUT,
)
def open_(folder: Path, case: str, team: str, absent: tuple[str, ...], out: Path, root: Path | None) -> None:
    """Open a team's commitments, once everybody present has sealed."""
    from pmcampus.cases.opening import open_case

    packet = open_case(folder, case, team, root=content_root(root), out=out, at=_now(), absent=absent)
    click.echo(f"Opened. The joint notebook lies in {packet}; START-HERE.txt says what to do with it.")


@case.command()
@by_member(click.argument("record", type=FILE), notebook("The joint notebook, to be marked."))
def decide(
    folder: Path, case: str, learner: str, record: Path, notebook: Path | None, word: str, root: Path | None
) -> None:
    """Hand in the team's decision with its dissent; it counts for every member."""
    from pmcampus.cases.deciding import decide as take

    version = take(
        folder, case, learner, record, root=content_root(root), word=word, at=_now(), notebook=notebook
    )
    click.echo(f"Decision, version {version}, is recorded for the whole team.")
    if notebook is None:
        click.echo("The joint notebook was not handed in. Type the same line with --notebook.")


@case.command()
@by_member(click.argument("ratings", type=FILE))
def rate(folder: Path, case: str, learner: str, ratings: Path, word: str, root: Path | None) -> None:
    """Rate the other members after the meeting."""
    from pmcampus.cases.deciding import rate as take

    rated = take(folder, case, learner, ratings, root=content_root(root), word=word, at=_now())
    click.echo(f"{counted(rated, 'member')} rated.")


@case.command()
@in_case(
    click.option("--unsafe", is_flag=True, help="Mark although a layer of the sandbox is missing."),
    click.option(
        "--scores", type=FILE, multiple=True, help="A marker's file for one team; give all of them."
    ),
)
def mark(folder: Path, case: str, unsafe: bool, scores: tuple[Path, ...], root: Path | None) -> None:
    """Mark the case: one page for each team with every weight, and every member's marks in the gradebook."""
    from pmcampus.cases.marks import mark as work
    from pmcampus.teamwork.report import as_text

    done = work(folder, case, root=content_root(root), at=_now(), scores=scores, unsafe=unsafe)
    for report in done.reports:
        click.echo(as_text(report))
    click.echo(f"Written: {', '.join(map(str, done.pages))}")
    found = done.credited
    click.echo(
        f"In the gradebook: {counted(len(found.changed), 'member')} new or changed, "
        f"{len(found.unchanged)} as before"
        + (f"; nothing to mark yet for {', '.join(found.waiting)}" if found.waiting else "")
        + f". `pmcampus progress {folder} {case}` shows them."
    )


@case.command()
@click.argument("folder", type=FOLDER)
@click.argument("case")
def log(folder: Path, case: str) -> None:
    """Show what was done and what was refused."""
    from pmcampus.cases.deciding import history

    for event in history(folder, case):
        what = " ".join(filter(None, [event.team, event.role, event.what, event.seal[:12]]))
        click.echo(f"{event.at:%Y-%m-%d %H:%M:%S} {event.outcome:7} {event.verb:8} {event.who:16} {what}")


def _now() -> datetime:
    return datetime.now(UTC)
