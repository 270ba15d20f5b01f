"""`pmcampus lint`, `new` and `run`: the terminal's door for curriculum designers."""

import sys
from datetime import date
from pathlib import Path

import click

from pmcampus.cli.options import ROOT, content_root


@click.command()
@click.option(
    "--as", "form", type=click.Choice(["text", "json", "ci"]), default="text", help="How to print problems."
)
@ROOT
def lint(form: str, root: Path | None) -> None:
    """Check the whole content; exit code 1 when an error is found."""
    from pmcampus.content import load_tree
    from pmcampus.lint import checked_files, shown
    from pmcampus.lint import lint as run_rules

    tree = load_tree(content_root(root))
    problems = run_rules(tree, today=date.today())
    click.echo(shown(problems, form, files=checked_files(tree)), nl=False)
    if any(problem.severity == "error" for problem in problems):
        sys.exit(1)


@click.command()
@click.argument("kind", type=click.Choice(["module", "assessment", "case-study"]))
@click.argument("id")
@ROOT
def new(kind: str, id: str, root: Path | None) -> None:
    """Make a folder for a module, an assessment or a case study from the commented forms."""
    from pmcampus.new import new as make

    place = make(kind, id, root=content_root(root), today=date.today())
    click.echo(f"Made {place}. Fill in the marked blanks; `pmcampus lint` says which are left.")


@click.command()
@click.argument("id")
@ROOT
def run(id: str, root: Path | None) -> None:
    """Execute a module's lessons and store their outputs, normalised."""
    from pmcampus.run import run as run_module

    for path, changed in run_module(id, root=content_root(root)):
        click.echo(f"{'stored   ' if changed else 'unchanged'} {path.name}")
