"""`pmcampus demo`: the terminal's door to the demonstration."""

from pathlib import Path

import click

from pmcampus.cli.options import FOLDER, ROOT, content_root


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve site and report on this machine at the end.")
@click.option(
    "--folder", type=FOLDER, default=None, help="Where the demonstration cohort goes, outside the repository."
)
@ROOT
def demo(serve: bool, folder: Path | None, root: Path | None) -> None:
    """Build the site, run a demonstration cohort of fictitious learners, and show both."""
    from pmcampus.cli.terminal import steps
    from pmcampus.demo import demo as show

    with steps() as step:
        made = show(content_root(root), folder=folder, progress=step)
    click.echo(f"Site:   {made.site / 'index.html'}\nReport: {made.report}\nCohort: {made.folder}")
    if made.second:
        click.echo(f"Second campus: {made.second.folder}\nPlan of its update: {made.second.plan}")
    if serve:
        from pmcampus.preview import serve_folders

        serve_folders({"Site": made.site, "Report": made.report.parent}, tell=click.echo)
