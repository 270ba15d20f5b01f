"""`pmcampus publish`: the terminal's door to files for other systems."""

from pathlib import Path

import click

from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root

FORMS = ("common-cartridge", "common-cartridge-1.1", "qti", "qti-2.1", "moodle", "jsonld", "offline")


@click.command()
@click.argument("id")
@click.option("--as", "form", type=click.Choice(FORMS), required=True, help="What the other system reads.")
@click.option("--out", type=FILE, required=True, help="The file to write.")
@click.option("--url", default=None, help="The address of your site; by default the one in mkdocs.yml.")
@click.option("--wheels", type=FOLDER, default=None, help="With offline: list these wheels with digests.")
@ROOT
def publish(id: str, form: str, out: Path, url: str | None, wheels: Path | None, root: Path | None) -> None:
    """Write a module as a file for another system: Moodle, Canvas, a catalogue, a machine offline."""
    from pmcampus.cli.terminal import steps
    from pmcampus.publish import publish as write

    if wheels is not None and form != "offline":
        raise click.UsageError("--wheels belongs to --as offline.")
    with steps() as step:
        made = write(id, form, root=content_root(root), out=out, url=url, wheels=wheels, progress=step)
    click.echo(f"Written: {made.path} ({made.size / 1000:,.0f} kB)")
    for note in made.notes:
        click.echo(f"  {note}")
