"""`pmcampus grade` and `doctor`: the terminal's door to marking, and to the sandbox that it needs."""

import sys
from pathlib import Path

import click

from pmcampus.cli.options import FOLDER, ROOT, content_root


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("assessment")
@click.option(
    "--workers", type=click.IntRange(1), default=None, help="Submissions at a time; by default two per core."
)
@click.option("--dask", metavar="ADDRESS", default=None, help="Mark on this Dask cluster instead of here.")
@click.option("--unsafe", is_flag=True, help="Mark although a layer of the sandbox is missing.")
@click.option("--again", is_flag=True, help="Mark unchanged submissions too.")
@click.option(
    "--policy",
    type=click.Choice(["exact", "only-up"]),
    default="exact",
    show_default=True,
    help="With --again: whether a score may fall.",
)
@ROOT
def grade(
    folder: Path,
    assessment: str,
    workers: int | None,
    dask: str | None,
    unsafe: bool,
    again: bool,
    policy: str,
    root: Path | None,
) -> None:
    """Mark every new or changed submission and write feedback pages.

    Several runs may mark the same cohort at once: they share the work.
    """
    from pmcampus.kernels.engine import begin

    if policy != "exact" and not again:
        raise click.UsageError("--policy says what a regrade may do; add --again.")
    place = content_root(root)
    if dask is None:
        begin(place, assessment)  # its libraries load while ours do
    from pmcampus.cli.terminal import count, score_changes
    from pmcampus.grade import grade as mark
    from pmcampus.regrade import Policy

    rule = Policy(policy)
    with count("marking") as tell:
        done = mark(
            folder,
            assessment,
            root=place,
            workers=workers,
            dask=dask,
            unsafe=unsafe,
            again=again,
            policy=rule,
            tell=tell,
        )
    click.echo(
        f"{len(done.marked)} marked, {len(done.unchanged)} unchanged, {len(done.refused)} cannot be read, "
        f"{len(done.missing)} not handed in."
        + (f" Another run takes care of {len(done.elsewhere)}." if done.elsewhere else "")
    )
    if done.seconds:
        click.echo(done.pace())
    if again:
        click.echo(score_changes(done.changes), nl=False)
    for remark in done.remarks():
        click.echo(f"  {remark}")
    for learner, reason in sorted(done.failed.items()):
        click.echo(f"  {learner}: not marked, {reason}", err=True)
    if done.failed:
        sys.exit(1)


@click.command()
def doctor() -> None:
    """Try every layer of the sandbox from inside; exit code 1 when one does not hold."""
    from pmcampus.marking import examine

    found = examine()
    for layer in found:
        click.echo(
            f"{'holds  ' if layer.holds else 'MISSING'}  {layer.name}{layer.fault and ': ' + layer.fault}"
        )
    if not all(layer.holds for layer in found):
        click.echo("Learners' code is not fully held here; `pmcampus grade` refuses without --unsafe.")
        sys.exit(1)
    click.echo("Learners' code is held by every layer.")
