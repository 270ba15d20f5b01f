"""`pmcampus site` and `preview`: the terminal's door to the portal, the lessons and their search."""

from pathlib import Path

import click

from pmcampus.cli.options import FOLDER, ROOT, content_root


@click.command()
@click.option("--out", type=FOLDER, default=None, help="Where to build; by default build/site.")
@click.option("--url", default=None, help="The address the site will have, for its canonical links.")
@click.option(
    "--record", is_flag=True, help="Write new addresses into site/addresses.txt: from now on they stay."
)
@ROOT
def site(out: Path | None, url: str | None, record: bool, root: Path | None) -> None:
    """Build the site: portal, lessons, reference and search."""
    from pmcampus.builders.redirects import record as write_down
    from pmcampus.cli.terminal import steps
    from pmcampus.site import build

    place = content_root(root)
    target = out or place / "build" / "site"
    with steps() as step:
        build(place, target, site_url=url, progress=step)
    click.echo(f"The site is in {target}")
    if record:
        click.echo(f"{write_down(place, target)} new addresses are in site/addresses.txt.")


@click.command()
@click.option("--port", type=int, default=8000, show_default=True)
@ROOT
def preview(port: int, root: Path | None) -> None:
    """Build the site, serve it on this machine, and build again when content changes."""
    from pmcampus.preview import preview as serve

    serve(content_root(root), port=port, tell=click.echo)
