"""Arguments that several commands take."""

from pathlib import Path

import click

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
ROOT = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The content root; by default the nearest one upwards.",
)


def content_root(root: Path | None) -> Path:
    """The content root that was named, or the nearest one upwards."""
    from pmcampus.content import find_root

    return root.resolve() if root else find_root()
