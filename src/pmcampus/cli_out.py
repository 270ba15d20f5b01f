"""What leaves a cohort, on the terminal: `export`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from pmcampus.options import FILE, FOLDER, ROOT, content_root

KINDS = ("canvas", "moodle", "nbgrader", "oneroster", "xapi")  # the files in `exporters`; a test compares


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--out", type=FILE, required=True, help="The file to write.")
@click.option("--assessment", "assessments", multiple=True, help="Which one; by default all.")
@click.option("--map", "known", type=FILE, default=None, help="Moodle's worksheet or Canvas's gradebook.")
@click.option("--base", default="", help="xAPI: an address of your institution.")
@click.option("--class", "class_", default="", help="OneRoster: the class's sourcedId.")
@click.option("--period", default="", help="OneRoster: the grading period's sourcedId.")
@ROOT
def export(
    folder: Path, kind: str, out: Path, assessments: tuple[str, ...], known: Path | None, base: str,
    class_: str, period: str, root: Path | None,
) -> None:  # fmt: skip
    """Write grades for Moodle, Canvas, nbgrader or OneRoster, or statements for xAPI."""
    from pmcampus.giving import export as give

    count = give(
        folder, kind, out, root=content_root(root), as_of=datetime.now(UTC), assessments=assessments,
        known=known, base=base, class_=class_, period=period,
    )  # fmt: skip
    click.echo(f"Written: {out}, about {count} learners. It holds personal data; only you can read it.")
