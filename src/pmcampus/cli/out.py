"""What leaves a cohort, on the terminal: `export`, `badge` and `certificate`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from pmcampus.cli.options import FILE, FOLDER, ROOT, content_root
from pmcampus.plurals import counted

KINDS = (
    "canvas",
    "moodle",
    "nbgrader",
    "oneroster",
    "xapi",
)  # the files in `exporters.grades`; a test compares


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
    from pmcampus.cohorts.giving import export as give

    count = give(
        folder, kind, out, root=content_root(root), as_of=datetime.now(UTC), assessments=assessments,
        known=known, base=base, class_=class_, period=period, note=click.echo,
    )  # fmt: skip
    who = counted(count, "learner")
    click.echo(f"Written: {out}, about {who}. It holds personal data; only you can read it.")


@click.group()
def badge() -> None:
    """Issue Open Badges 3.0, check them, and publish the key that they are checked with."""


@badge.command("issue")
@click.argument("folder", type=FOLDER)
@click.argument("learner")
@click.argument("module")
@click.option("--out", type=FILE, required=True, help="The file to write, such as badge.jwt.")
@ROOT
def badge_issue(folder: Path, learner: str, module: str, out: Path, root: Path | None) -> None:
    """Write the signed badge of a learner who passed this module's assessment."""
    from pmcampus.cohorts.awarding import give
    from pmcampus.files import write_text

    given = give(folder, learner, module, root=content_root(root), now=datetime.now(UTC))
    write_text(out, given.token + "\n")
    click.echo(f"Written: {out}")


@badge.command("verify")
@click.argument("file", type=FILE)
@click.option("--key", type=FILE, required=True, help="The issuer's public key.")
def badge_verify(file: Path, key: Path) -> None:
    """Check a badge, or a certificate that carries one, without a network and without the cohort."""
    from pmcampus.cohorts.awarding import check

    found = check(file, key)
    click.echo(f"Genuine: {found.title}, for {', '.join(found.names)}.")
    click.echo(f"Issued by {found.issuer} ({found.issuer_url}) on {found.issued:%Y-%m-%d}. {found.id}")


@badge.command("key")
@click.argument("folder", type=FOLDER)
@click.option("--out", type=FILE, default=None, help="Write here instead of printing.")
def badge_key(folder: Path, out: Path | None) -> None:
    """Print the public key of the cohort's badges. Publish it on the issuer's own site."""
    from pmcampus.badges import KEY
    from pmcampus.cohortdir import load_cohort
    from pmcampus.files import write_text
    from pmcampus.receipts import public_text
    from pmcampus.signingkey import signing_key

    load_cohort(folder)
    text = public_text(signing_key(folder, KEY).public_key())
    if out is None:
        click.echo(text, nl=False)
    else:
        write_text(out, text)
        click.echo(f"Written: {out}")


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("learner")
@click.argument("module")
@click.option("--out", type=FILE, required=True, help="The page to write, such as certificate.html.")
@ROOT
def certificate(folder: Path, learner: str, module: str, out: Path, root: Path | None) -> None:
    """Write the certificate of a learner who passed this module's assessment; print it from a browser."""
    from pmcampus.cohorts.awarding import give
    from pmcampus.files import write_bytes

    given = give(folder, learner, module, root=content_root(root), now=datetime.now(UTC))
    write_bytes(out, given.page)
    out.chmod(0o600)
    click.echo(f"Written: {out}")
