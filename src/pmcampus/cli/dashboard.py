"""`pmcampus dashboard`: the terminal's door to a cohort's pages."""

from pathlib import Path

import click

from pmcampus.cli.options import FOLDER, ROOT, content_root


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine alone.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="By default a free one.")
@click.option("--hub", is_flag=True, help="Run as a service of JupyterHub, which says who somebody is.")
@ROOT
def dashboard(folder: Path, host: str, port: int, hub: bool, root: Path | None) -> None:
    """Show a cohort's pages in the browser: progress, items, teams, marking, appeals."""
    from pmcampus.dashboard import serve

    serve(folder, root=content_root(root), host=host, port=port, hub=hub, tell=click.echo)
