"""`pmcampus backup` and `restore-backup`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pmcampus.cli.options import FILE, FOLDER
from pmcampus.plurals import counted


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("file", type=FILE)
def backup(folder: Path, file: Path) -> None:
    """Save a whole cohort in one file: folder, database, ledger, receipts and keys."""
    from pmcampus.cohorts.backup import backup as save

    saved = save(folder, file, now=datetime.now(UTC))
    files = counted(saved.files, "file")
    click.echo(f"Saved: {file}, {files}. It holds names, marks and private keys: lock it away.")
    click.echo(f"SHA-256 {saved.sha256}")


@click.command("restore-backup")
@click.argument("file", type=FILE)
@click.argument("folder", type=FOLDER)
@click.option("--sha256", default=None, help="The digest that `backup` printed.")
def restore_backup(file: Path, folder: Path, sha256: str | None) -> None:
    """Put a saved cohort back into a folder that is not there yet, and check it; exit code 1 at a fault."""
    from pmcampus.cohorts.backup import restore

    done = restore(file, folder, sha256=sha256)
    files, rows = counted(done.files, "file"), counted(done.rows, "row")
    click.echo(f"Restored: {folder}, {files}, {rows} of the ledger.")
    for fault in done.faults:
        click.echo(f"  {fault}")
    if done.faults:
        sys.exit(1)
    click.echo("The ledger's chain holds, every submission is kept, and the scores agree.")
