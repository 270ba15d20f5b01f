"""`pmcampus cohort`: the terminal's door to a cohort's beginning."""

from datetime import date, datetime
from pathlib import Path

import click

from pmcampus.cli.case import cohort_teams
from pmcampus.cli.options import FOLDER, ROOT, content_root
from pmcampus.plurals import counted


@click.group()
def cohort() -> None:
    """Make cohorts. They live outside the repository."""


@cohort.command("new")
@click.argument("folder", type=FOLDER)
@click.option("--pathway", required=True, help="The pathway they take, for example clinician.")
@click.option("--title", default=None)
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), default=None, help="By default today.")
@ROOT
def cohort_new(
    folder: Path, pathway: str, title: str | None, starts: datetime | None, root: Path | None
) -> None:
    """Make a cohort's folder, with the written modules of its pathway pinned."""
    from pmcampus.cohort import new as make

    first_day = starts.date() if starts else date.today()
    made = make(folder, root=content_root(root), pathway=pathway, title=title, starts=first_day)
    click.echo(
        f"Made {folder}: {made.title}, {counted(len(made.modules), 'module')}, "
        f"{counted(len(made.assessments), 'assessment')}."
    )
    click.echo(f"Next: pmcampus enrol {folder} roster.csv   (columns: learner,name,role,team)")


cohort.add_command(cohort_teams)
