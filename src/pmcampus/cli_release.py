"""`pmcampus release`, `adopt`, `update` and `diff`: the terminal's door to versions."""

from datetime import date
from pathlib import Path

import click

from pmcampus.options import ROOT, content_root


@click.command()
@click.argument("id")
@click.option(
    "--at-least",
    type=click.Choice(["patch", "minor", "major"]),
    default="patch",
    show_default=True,
    help="Ask for a larger step than the evidence does; nothing asks for a smaller one.",
)
@ROOT
def release(id: str, at_least: str, root: Path | None) -> None:
    """Release a module, assessment or case in the version of its form, with the evidence for its number.

    ID alone releases all that carry it; `modules/ID`, `assessments/ID` or `case_studies/ID` one of them.
    """
    from pmcampus.model.release import Step
    from pmcampus.release import release as make
    from pmcampus.terminal import steps

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
