"""`pmcampus start` and `check`: the terminal's door for trainees."""

import sys
from pathlib import Path

import click

from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root
from pmcampus.plurals import counted


@click.command()
@click.argument("id")
@click.argument("folder", type=FOLDER, required=False)
@click.option("--cohort", type=FOLDER, default=None, help="Make every learner's own notebook of this cohort.")
@ROOT
def start(id: str, folder: Path | None, cohort: Path | None, root: Path | None) -> None:
    """Put an assessment with its data into a folder, ready to work on."""
    from pmcampus.start import same_number, start_for_cohort
    from pmcampus.start import start as hand_out

    if cohort is not None:
        place = folder or cohort / "handed-out" / id
        made = start_for_cohort(id, place, root=content_root(root), cohort=cohort)
        click.echo(
            f"{counted(len(made), 'notebook')} made in {place}, each in a folder with the learner's id."
        )
        for group in same_number(id, root=content_root(root), cohort=cohort):
            click.echo(f"The same number, so the same work: {', '.join(group)}.")
        return
    notebook = hand_out(id, folder or Path.cwd() / id, root=content_root(root))
    click.echo(f"Your notebook is {notebook}\nOpen it with:   jupyter lab {notebook}")
    click.echo(f"Check it with:  pmcampus check {notebook}")


@click.command()
@click.argument("file", type=FILE)
@ROOT
def check(file: Path, root: Path | None) -> None:
    """Run an assessment's visible checks as the grader would; no marks, form only."""
    from pmcampus.model.verdict import Mark
    from pmcampus.start import check as look

    checked = look(file, root=content_root(root))
    for note in checked.notes:
        click.echo(f"note: {note}")
    for title, verdict in checked.items:
        sign = "look again" if verdict.mark in (Mark.ZERO, Mark.ERROR) else "ready"
        click.echo(f"{sign:>10}  {title}: {' '.join(verdict.message.split())}")
    click.echo("These checks look at form only; the marks come from inputs you do not see.")
    if not checked.all_ready:
        sys.exit(1)
