"""`pmcampus release`, `adopt`, `update` and `diff`: the terminal's door to versions."""

import sys
from datetime import date
from pathlib import Path

import click

from pmcampus.cli.options import FOLDER, ROOT, content_root


@click.command()
@click.argument("id", required=False)
@click.option("--check", is_flag=True, help="Release nothing; check that releases and tree agree.")
@click.option(
    "--at-least",
    type=click.Choice(["patch", "minor", "major"]),
    default="patch",
    show_default=True,
    help="Ask for a larger step than the evidence does; nothing asks for a smaller one.",
)
@ROOT
def release(id: str | None, check: bool, at_least: str, root: Path | None) -> None:
    """Release a module, assessment or case in the version of its form, with the evidence for its number.

    ID alone releases all that carry it; `modules/ID`, `assessments/ID` or `case_studies/ID` one of them.
    """
    from pmcampus.cli.terminal import steps
    from pmcampus.model.release import Step
    from pmcampus.releases.release import release as make
    from pmcampus.releases.released import check as look

    if check:
        faults = list(look(content_root(root)))
        for fault in faults:
            click.echo(fault)
        if faults:
            sys.exit(1)
        click.echo("Every release is whole, and no released version says another thing in the tree.")
        return
    if id is None:
        raise click.UsageError("name what to release, or --check what was released.")

    with steps() as step:
        made = list(
            make(id, root=content_root(root), today=date.today(), at_least=Step(at_least), progress=step)
        )
    for manifest in made:
        before = f" after {manifest.previous.version}" if manifest.previous else ""
        click.echo(f"Released {manifest.name} {manifest.version} ({manifest.decision.step.value}{before})")
        for fact in manifest.decision.deciding()[:5]:
            click.echo(f"    {fact.sentence()}")
        sizes = f"{manifest.learner.size // 1000} kB, {manifest.educator.size // 1000} kB"
        click.echo(f"    releases/{manifest.place}: learner.zip and educator.zip ({sizes})")


@click.command()
@click.argument("source")
@click.argument("wish", metavar="ID@RANGE")
@click.option("--digest", default=None, help="The SHA-256 that the manifest must have, as its authors say.")
@ROOT
def adopt(source: str, wish: str, digest: str | None, root: Path | None) -> None:
    """Take over a released module, assessment or case of another campus, with all it needs.

    SOURCE is a checkout, a folder, a zip file, or the address of a site. RANGE is 1.2.0, ^1.2 (no new
    major version), ~1.2 (patches only) or >=1.2,<2; without one, the newest is taken.
    """
    from pmcampus.releases.adopt import adopt as take

    done = take(source, wish, root=content_root(root), today=date.today(), digest=digest)
    for offer in done.taken:
        click.echo(f"Adopted {offer.manifest.name} {offer.manifest.version} (digest {offer.digest[:16]})")
    for remark in done.remarks:
        click.echo(f"  {remark}")
    click.echo("What was taken over, and from where, stands in adopted.yaml. Next: pmcampus lint")


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--plan", "mode", flag_value="plan", default="plan", help="Only show what would change.")
@click.option("--apply", "mode", flag_value="apply", help="Change content, and cohorts that have not begun.")
@click.option("--rollback", "mode", flag_value="rollback", help="Go back to the version before.")
@click.option("--from", "place", default=None, help="Another source than the one it was adopted from.")
@click.option("--to", "asked", default=None, metavar="RANGE", help="Another range than at the adoption.")
@click.option("--cohorts", type=FOLDER, multiple=True, help="A cohort's folder, or one that holds several.")
@click.option("--brief", is_flag=True, help="Name changed files without their lines.")
@ROOT
def update(
    ids: tuple[str, ...],
    mode: str,
    place: str | None,
    asked: str | None,
    cohorts: tuple[Path, ...],
    brief: bool,
    root: Path | None,
) -> None:
    """Show, or carry out, what newer versions of adopted content change: marks, workload, texts, cohorts."""
    from pmcampus.releases import update as job

    content, today = content_root(root), date.today()
    if mode == "rollback":
        if not ids:
            raise click.UsageError("name what to take back.")
        done = [job.rollback(id, root=content, today=today, cohorts=cohorts) for id in ids]
    else:
        steps = job.plan(ids, root=content, today=today, place=place, asked=asked, cohorts=cohorts)
        for step in steps:
            click.echo(step.text(brief=brief))
        if not steps:
            click.echo("Everything adopted is the newest in its range.")
        done = []
        if mode == "apply" and steps:
            done = [job.apply(steps, root=content, today=today, cohorts=cohorts)]
    for one in done:
        for name, version in one.versions.items():
            click.echo(f"Now here: {name} {version}")
        for line in (*one.moved, *one.kept, *one.remarks):
            click.echo(f"  {line}")


@click.command()
@click.argument("id")
@click.argument("before")
@click.argument("after")
@click.option("--brief", is_flag=True, help="Name changed files without their lines.")
@ROOT
def diff(id: str, before: str, after: str, brief: bool, root: Path | None) -> None:
    """Compare two released versions: marks first, then workload, texts, and notebooks cell by cell."""
    from pmcampus.releases.shelf import names_of
    from pmcampus.releases.update import diff as compare

    content = content_root(root)
    for name in names_of(content, id, before, after):
        click.echo(compare(name, before, after, root=content).text(brief=brief))


@click.command()
@click.argument("name", metavar="modules/ID")
@click.argument("id", metavar="NEW-ID")
@ROOT
def fork(name: str, id: str, root: Path | None) -> None:
    """Copy a released module or assessment under an id of your own, to change what it promises."""
    from pmcampus.releases.fork import fork as copy

    place = copy(name, id, root=content_root(root))
    click.echo(f"Made {place}. Its first release will name what it was made from.")
