"""`pmcampus prove`: the terminal's door to the proofs of assessments."""

import sys
from pathlib import Path

import click

from pmcampus.cli.options import ROOT, content_root


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--again", is_flag=True, help="Judge all answers anew, changed or not.")
@ROOT
def prove(ids: tuple[str, ...], again: bool, root: Path | None) -> None:
    """Prove that assessments measure what they claim; exit code 1 when a proof does not hold."""
    from pmcampus.cli.terminal import count
    from pmcampus.prove import prove as run_proofs

    held = True
    with count("judging") as tell:
        for certificate, is_fresh in run_proofs(ids, root=content_root(root), again=again, tell=tell):
            click.echo(certificate.summary(fresh=is_fresh))
            held = held and certificate.holds
    if not held:
        sys.exit(1)
