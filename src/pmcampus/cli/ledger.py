"""`pmcampus ledger`: the terminal's door to what proves the marks."""

import sys
from pathlib import Path

import click

from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root
from pmcampus.plurals import counted


@click.group()
def ledger() -> None:
    """Prove, save and restore what was marked."""


@ledger.command("verify")
@click.argument("folder", type=FOLDER)
def ledger_verify(folder: Path) -> None:
    """Check that ledger, kept submissions and gradebook agree; exit code 1 when they do not."""
    from pmcampus.audit import verify

    found = verify(folder)
    for fault in found.faults:
        click.echo(f"  {fault}")
    if found.faults:
        sys.exit(1)
    rows = counted(found.rows, "row")
    click.echo(f"{rows}: the chain holds, every submission is kept, and the scores agree.")
    if found.erased:
        click.echo(f"{found.erased} of them were erased at a learner's request; later rows list them.")


@ledger.command("export")
@click.argument("folder", type=FOLDER)
@click.argument("file", type=FILE)
def ledger_export(folder: Path, file: Path) -> None:
    """Save the ledger and what people marked as a file of JSON lines."""
    from pmcampus.audit import export

    made = export(folder, file)
    rows, marks = counted(len(made.entries), "row"), counted(len(made.by_hand), "mark")
    click.echo(f"Written: {file}, {rows} and {marks} of people.")


@ledger.command("rebuild")
@click.argument("folder", type=FOLDER)
@click.option("--from", "source", type=FILE, default=None, help="An export, when the gradebook is lost.")
@ROOT
def ledger_rebuild(folder: Path, source: Path | None, root: Path | None) -> None:
    """Write the gradebook's scores anew from the ledger; what is damaged is put aside."""
    from pmcampus.audit import rebuild

    made = rebuild(folder, root=content_root(root), source=source)
    rows, marks = counted(len(made.entries), "row"), counted(len(made.by_hand), "mark")
    click.echo(
        f"Written anew from {rows} and {marks} of people. "
        "Run `pmcampus grade` to mark what came in since, and for the feedback pages."
    )
