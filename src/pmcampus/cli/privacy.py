"""`pmcampus privacy`: data for research, everything about one learner, and erasing one."""

from datetime import UTC, datetime
from pathlib import Path

import click

from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root
from pmcampus.plurals import counted


@click.group()
def privacy() -> None:
    """Give data to research, give a learner what is held about them, or erase it."""


@privacy.command()
@click.argument("folder", type=FOLDER)
@click.option("--out", type=FILE, required=True, help="The archive to write.")
@click.option("--purpose", required=True, help="What it is for; another purpose gives other pseudonyms.")
@click.option(
    "--keep-until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="When it must be deleted."
)
@click.option("--assessment", "assessments", multiple=True, help="Which one; by default all.")
@ROOT
def research(
    folder: Path, out: Path, purpose: str, keep_until: datetime, assessments: tuple[str, ...],
    root: Path | None,
) -> None:  # fmt: skip
    """Write results under pseudonyms, without names, texts and exact moments; small groups are hidden."""
    from pmcampus.cohorts.research import research as give

    count = give(
        folder, out, purpose=purpose, keep_until=keep_until.date(), root=content_root(root),
        now=datetime.now(UTC), assessments=assessments,
    )  # fmt: skip
    who = counted(count, "learner")
    click.echo(f"Written: {out}, about {who}, to be deleted after {keep_until:%Y-%m-%d}.")


@privacy.command()
@click.argument("folder", type=FOLDER)
@click.argument("learner")
@click.option("--out", type=FILE, required=True, help="The archive to write.")
@ROOT
def access(folder: Path, learner: str, out: Path, root: Path | None) -> None:
    """Write everything that the cohort holds about one learner into an archive for them."""
    from pmcampus.cohorts.subject import subject_access

    count = subject_access(folder, learner, out, root=content_root(root), now=datetime.now(UTC))
    files = counted(count, "file")
    click.echo(f"Written: {out}, {files}. Look through it for other people's data, then hand it over.")


@privacy.command()
@click.argument("folder", type=FOLDER)
def prune(folder: Path) -> None:
    """Delete the months of the access log that are older than cohort.yaml lets them be."""
    from pmcampus.accesslog import SHELF, open_log
    from pmcampus.cohortdir import load_cohort

    months = load_cohort(folder).access_log_months
    if not (folder / SHELF).is_dir():
        click.echo("There is no access log: nobody opened the dashboard of this cohort yet.")
        return
    gone = open_log(folder).prune(keep_months=months, now=datetime.now(UTC))
    if gone:
        click.echo(f"Deleted: {counted(len(gone), 'month')} of the access log, up to {gone[-1]}.")
    else:
        click.echo(f"Nothing in the access log is older than {counted(months, 'month')}.")


@privacy.command()
@click.argument("folder", type=FOLDER)
@click.argument("learner")
@click.option("--confirm", required=True, help="The learner's id once more: this cannot be taken back.")
@ROOT
def erase(folder: Path, learner: str, confirm: str, root: Path | None) -> None:
    """Erase one learner from folder and gradebook; the ledger of the others can still be verified."""
    from pmcampus.cohorts.erasure import erase as forget

    if confirm != learner:
        raise click.UsageError(f"--confirm {confirm} is not {learner}; nothing was erased.")
    done = forget(folder, learner, root=content_root(root), now=datetime.now(UTC))
    files, rows = counted(done.files, "file"), counted(done.rows, "row")
    click.echo(f"Erased: {files}, and {rows} of the ledger emptied.")
    for name in done.left:
        click.echo(f"  still holds the id: {name}")
    click.echo("Exports, backups and what was sent elsewhere are not reached: erase there too.")
