"""What comes into a cohort, on the terminal: `allow`, `collect`, `hand-in` and `receipt`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root
from pmcampus.plurals import counted


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("roster", type=click.Path(path_type=Path))
@click.option("--encoding", default=None, help="How the roster was saved, for example windows-1252.")
@click.option("--class", "class_", default=None, help="OneRoster: the class, by sourcedId, code or title.")
@click.option("--role", default=None, help="OneRoster: the professional role of everybody.")
@click.option("--team", default=None, help="OneRoster: the team; by default the class's title.")
@click.option("--places", type=FILE, default=None, help="OneRoster: a table learner,role,team.")
@click.option(
    "--id", "id_column", type=click.Choice(["identifier", "username", "sourcedId"]), default=None,
    help="OneRoster: the column that gives the id; by default the first that can.",
)  # fmt: skip
@ROOT
def enrol(
    folder: Path, roster: Path, encoding: str | None, class_: str | None, role: str | None, team: str | None,
    places: Path | None, id_column: str | None, root: Path | None,
) -> None:  # fmt: skip
    """Add learners to a cohort: from a table (learner,name,role,team), or from OneRoster's ZIP or folder."""
    from pmcampus.cohort import FromOneRoster, enrol_oneroster
    from pmcampus.cohort import enrol as add

    if roster.is_dir() or roster.suffix.lower() == ".zip":
        options = FromOneRoster(class_, role, team, places, id_column)
        learners = enrol_oneroster(folder, roster, options, root=content_root(root), note=click.echo)
    else:
        learners = add(folder, roster, root=content_root(root), encoding=encoding, note=click.echo)
    click.echo(f"Enrolled {counted(len(learners), 'learner')}.")


@click.command("hand-in")
@click.argument("folder", type=FOLDER)
@click.argument("learner")
@click.argument("file", type=FILE)
@ROOT
def hand_in(folder: Path, learner: str, file: Path, root: Path | None) -> None:
    """Put a learner's notebook into the cohort's folder, unchanged, and write a receipt."""
    from pmcampus.cohorts.handin import hand_in_file

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
    from pmcampus.cohorts.granting import grant

    if until is None and excused is None and attempts is None:
        raise click.UsageError("say what is granted: --until, --attempts, --excused or --not-excused.")
    terms = grant(
        folder, learner, assessment, root=content_root(root), until=until, excused=excused,
        attempts=attempts, because=because, now=datetime.now(UTC),
    )  # fmt: skip
    due = f"due {terms.due:%Y-%m-%d %H:%M} UTC" if terms.due else "no due moment"
    excuse = ", excused" if terms.excused else ""
    often = counted(terms.attempts, "attempt") if terms.attempts else "any number of attempts"
    click.echo(f"{learner}, {assessment}: {due}, {often} in all{excuse}.")


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
    from pmcampus.files import write_text
    from pmcampus.receipts import public_text
    from pmcampus.signingkey import signing_key

    load_cohort(folder)
    text = public_text(signing_key(folder).public_key())
    if out is None:
        click.echo(text, nl=False)
    else:
        write_text(out, text)
        click.echo(f"Written: {out}")


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--assessment", required=True, help="Which assessment it is.")
@click.option(
    "--from", "kind", type=click.Choice(["auto", "folder", "exchange", "moodle", "canvas"]), default="auto",
    show_default=True, help="Where the files come from.",
)  # fmt: skip
@click.option("--map", "known", type=FILE, default=None, help="Moodle's worksheet or Canvas's gradebook.")
@click.option("--at", default=None, help="When it was handed in, where the source does not say.")
@click.option("--zone", default=None, help="Time zone of the worksheet's moments, such as Europe/Berlin.")
@click.option("--dry-run", is_flag=True, help="Only show what would be taken in.")
@ROOT
def collect(
    folder: Path, source: Path, assessment: str, kind: str, known: Path | None, at: str | None,
    zone: str | None, dry_run: bool, root: Path | None,
) -> None:  # fmt: skip
    """Take in submissions from a folder, nbgrader's exchange, or an archive of Moodle or Canvas.

    What cannot be matched with certainty is listed and left; exit code 1 then.
    """
    from pmcampus.cohorts.collect import collect as take
    from pmcampus.cohorts.granting import moment, zone_named

    done = take(
        folder, source, assessment=assessment, root=content_root(root), now=datetime.now(UTC), kind=kind,
        known=known, at=moment(at) if at else None,
        zone=zone_named(zone) if zone else None, dry=dry_run,
    )  # fmt: skip
    width = max((len(piece.learner or "") for piece in done.matched), default=0)
    for piece in done.matched:
        learner = piece.learner or ""
        state = done.refused.get(learner) or ("came before" if learner in done.same else "")
        if learner in done.taken:
            state = f"attempt {done.taken[learner]}"
        words = [w for w in (state, piece.remark, "" if piece.at or at else "no moment noted") if w]
        click.echo(f"  {learner:<{width}}  {piece.name}  {', '.join(words)}".rstrip())
    for piece in done.unmatched:
        click.echo(f"  NOT MATCHED  {piece.name}: {piece.why}.")
    if done.missing:
        click.echo(f"  No notebook here from {', '.join(done.missing)}.")
    did = "would be taken in" if dry_run else "are new"
    click.echo(
        f"{done.kind}: {len(done.matched if dry_run else done.taken)} {did}, {len(done.same)} came before, "
        f"{len(done.refused)} refused, {len(done.unmatched)} not matched."
    )
    if done.unmatched or done.refused:
        sys.exit(1)
