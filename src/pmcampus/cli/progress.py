"""`pmcampus progress`: what a cohort has reached, as text, CSV, JSON or a page."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root

if TYPE_CHECKING:
    from pmcampus.tracking import Tracking

SHOWN = (
    "overview",
    "matrix",
    "items",
    "quality",
    "gain",
    "variants",
    "competencies",
    "readiness",
    "at-risk",
    "team",
    "learner",
    "markers",
    "rows",
)


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("assessment", required=False)
@click.option("--show", type=click.Choice(SHOWN), default=None, help="Another view than one assessment's.")
@click.option(
    "--as", "form", type=click.Choice(["text", "html", "csv", "json"]), default="text", show_default=True
)
@click.option("--out", type=FILE, default=None, help="Write here instead of printing.")
@click.option("--team", default=None, help="Only this team.")
@click.option("--role", default=None, help="Only this role (matrix, rows).")
@click.option("--learner", default=None, metavar="ID", help="Only this learner.")
@click.option("--item", default=None, metavar="CELL", help="Only this graded cell (rows).")
@click.option("--then", default=None, metavar="ASSESSMENT", help="The parallel test afterwards (gain, rows).")
@click.option("--case", default=None, metavar="CASE", help="The team case (markers, rows).")
@click.option(
    "--at",
    "moment",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="The day at which the rules are looked back upon (at-risk); by default half-way.",
)
@click.option("--first", is_flag=True, help="The first attempts that statistics count (rows).")
@click.option("--outside", is_flag=True, help="For people outside the team: hide cells of few people.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option("--size", type=click.IntRange(1, 500), default=50, show_default=True, help="Lines on a page.")
@ROOT
def progress(
    folder: Path,
    assessment: str | None,
    show: str | None,
    form: str,
    out: Path | None,
    root: Path | None,
    outside: bool,
    moment: datetime | None,
    **chosen: str | int | bool | None,
) -> None:
    """Show what a cohort has reached; HTML is one file that opens from disk.

    Without --show: one assessment, learner by learner. With it: the cohort's overview, the matrix, item and
    test statistics, learning gain, competencies, a team's readiness, whom to ask, or the rows behind.
    """
    if outside and show is None:
        raise click.UsageError("--outside needs --show: a report on single learners cannot leave the team.")
    if show is None:
        from pmcampus.cohortprogress import progress_report

        text = progress_report(folder, assessment, form, root=content_root(root), as_of=datetime.now(UTC))
    elif form == "html":
        raise click.UsageError("--show gives text, csv or json; leave it away for a page.")
    else:
        from pmcampus.tables import render
        from pmcampus.tracking import open_tracking

        with open_tracking(folder, root=content_root(root), as_of=datetime.now(UTC)) as tracking:
            text = render(form, _page(tracking, show, assessment, moment, chosen), outside=outside)
    if out is None:
        click.echo(text, nl=False)
    else:
        from pmcampus.files import write_text

        write_text(out, text)
        click.echo(f"Written: {out}")


def _page(
    t: "Tracking",
    show: str,
    assessment: str | None,
    moment: datetime | None,
    chosen: dict[str, str | int | bool | None],
) -> object:
    """The page that was asked for."""
    words = {name: value for name, value in chosen.items() if isinstance(value, str)}
    team, role, learner = words.get("team"), words.get("role"), words.get("learner")
    page, size = int(chosen["page"] or 1), int(chosen["size"] or 50)

    def one() -> str:
        """The assessment that was named, or the only one."""
        if assessment is not None:
            return assessment
        if len(t.heads) == 1:
            return next(iter(t.heads))
        raise click.UsageError(f"--show {show} needs an assessment: one of {', '.join(t.heads) or 'none'}.")

    def needed(name: str) -> str:
        if name not in words:
            raise click.UsageError(f"--show {show} needs --{name}.")
        return words[name]

    def rows() -> object:
        """The rows behind a number; of a gain or of markers, where their second name is given."""
        if "case" in words:
            return t.rater_rows(words["case"], page=page, size=size)
        if "then" in words:
            return t.gain_rows(one(), words["then"], page=page, size=size)
        return t.rows_behind(
            assessment,
            item=words.get("item"),
            team=team,
            role=role,
            learner=learner,
            first_attempts=bool(chosen["first"]),
            page=page,
            size=size,
        )

    day = moment.replace(tzinfo=UTC) if moment else None
    pages: dict[str, Callable[[], object]] = {
        "overview": t.overview,
        "matrix": lambda: t.matrix(assessment, team=team, role=role, page=page, size=size),
        "items": lambda: t.items(one()),
        "quality": lambda: t.quality(one()),
        "gain": lambda: t.gain(one(), needed("then")),
        "variants": lambda: t.variants(one()),
        "competencies": lambda: t.mastery(learner, team=team, page=page, size=size),
        "readiness": lambda: t.readiness(team),
        "at-risk": lambda: t.risk_review(team=team, page=page, size=size, at=day),
        "team": lambda: t.team(needed("team")),
        "learner": lambda: t.learner(needed("learner")),
        "markers": lambda: t.raters(needed("case")),
        "rows": rows,
    }
    return pages[show]()
