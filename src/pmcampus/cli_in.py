"""What comes into a cohort, on the terminal: `allow`, `collect`, `hand-in` and `receipt`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pmcampus.options import FILE, FOLDER, ROOT, content_root


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("roster", type=FILE)
@click.option("--encoding", default=None, help="How the roster was saved, for example windows-1252.")
@ROOT
def enrol(folder: Path, roster: Path, encoding: str | None, root: Path | None) -> None:
    """Add the learners of a roster (CSV: learner,name,role,team) to a cohort."""
    from pmcampus.cohort import enrol as add

    learners = add(folder, roster, root=content_root(root), encoding=encoding, note=click.echo)
    click.echo(f"Enrolled {len(learners)} learners.")


@click.command("hand-in")
@click.argument("folder", type=FOLDER)
@click.argument("learner")
@click.argument("file", type=FILE)
@ROOT
def hand_in(folder: Path, learner: str, file: Path, root: Path | None) -> None:
    """Put a learner's notebook into the cohort's folder, unchanged, and write a receipt."""
    from pmcampus.handin import hand_in_file

    taken = hand_in_file(folder, learner, file, root=content_root(root), at=datetime.now(UTC))
    if not taken.is_new:
        click.echo(f"The same file came before, as attempt {taken.receipt.attempt}; nothing was changed.")
    click.echo(f"Handed in: {taken.place}\nReceipt:   {taken.receipt_file}")


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("learner")
@click.argument("assessment")
@click.option("--until", default=None, help="A later due moment with its zone: 2026-11-25T17:00+01:00.")
@click.option("--excused/--not-excused", default=None, help="Whether it is not asked of them.")
@click.option("--attempts", type=click.IntRange(1, 999), default=None, help="How often they may hand in.")
@click.option("--because", required=True, help="Why, in words; it stays with the decision.")
@ROOT
def allow(
    folder: Path, learner: str, assessment: str, until: str | None, excused: bool | None,
    attempts: int | None, because: str, root: Path | None,
) -> None:  # fmt: skip
    """Grant a learner more time, another attempt, or an excuse, with the reason."""
    from pmcampus.granting import grant

    if until is None and excused is None and attempts is None:
        raise click.UsageError("say what is granted: --until, --attempts, --excused or --not-excused.")
    terms = grant(
        folder, learner, assessment, root=content_root(root), until=until, excused=excused,
        attempts=attempts, because=because, now=datetime.now(UTC),
    )  # fmt: skip
    due = f"due {terms.due:%Y-%m-%d %H:%M} UTC" if terms.due else "no due moment"
    excuse = ", excused" if terms.excused else ""
    click.echo(f"{learner}, {assessment}: {due}, {terms.attempts} attempts in all{excuse}.")


@click.group()
def receipt() -> None:
    """Check receipts, and publish the key that they are checked with."""


@receipt.command("verify")
@click.argument("receipt_file", metavar="RECEIPT", type=FILE)
@click.argument("notebook", type=FILE)
@click.option("--key", type=FILE, required=True, help="The cohort's public key.")
@click.option("--learner", default=None, help="Whose it must be, by id.")
def receipt_verify(receipt_file: Path, notebook: Path, key: Path, learner: str | None) -> None:
    """Check a receipt against a notebook, without a network and without the cohort."""
    from pmcampus.receipts import read_public_key, verify

    public = read_public_key(key.read_bytes(), source=str(key))
    found = verify(receipt_file.read_bytes(), notebook.read_bytes(), public, source=str(receipt_file))
    click.echo(
        f"Genuine: {found.learner}, {found.assessment} {found.version}, attempt {found.attempt}, "
        f"received {found.received}" + (f", handed in {found.handed_in}." if found.handed_in else ".")
    )
    if learner is not None and learner != found.learner:
        click.echo(f"It is not a receipt of {learner}.", err=True)
        sys.exit(1)


@receipt.command("key")
@click.argument("folder", type=FOLDER)
@click.option("--out", type=FILE, default=None, help="Write here instead of printing.")
def receipt_key(folder: Path, out: Path | None) -> None:
    """Print the cohort's public key. Publish it where learners trust it."""
    from pmcampus.cohortdir import load_cohort
    from pmcampus.content import write_text
    from pmcampus.receipts import public_text
    from pmcampus.signingkey import signing_key

    load_cohort(folder)
    text = public_text(signing_key(folder).public_key())
    if out is None:
        click.echo(text, nl=False)
    else:
        write_text(out, text)
        click.echo(f"Written: {out}")
