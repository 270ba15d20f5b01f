"""The command: one sentence and an exit code for everything that can go wrong."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pmcampus.cli import main
from tests.conftest import REPOSITORY


def call(*arguments: object) -> Result:
    """The command with these arguments, in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def commands() -> list[str]:
    """Every command, subcommands with their group."""
    names = []
    for name, command in sorted(main.commands.items()):
        inner = sorted(command.commands) if isinstance(command, click.Group) else [""]
        names += [f"{name} {sub}".strip() for sub in inner]
    return names


@pytest.mark.parametrize("name", commands())
def test_every_command_is_explained(name: str) -> None:
    """`--help` says what it does, and each option has a meaning."""
    result = call(*name.split(), "--help")

    assert result.exit_code == 0
    assert len(result.output.splitlines()[2].strip()) > 20


@pytest.mark.parametrize("name", commands())
def test_every_command_stands_in_the_guides(name: str) -> None:
    """A reader of the site finds each."""
    guides = "".join(page.read_text("utf-8") for page in (REPOSITORY / "site" / "pages").rglob("*.md"))

    assert f"pmcampus {name}" in guides


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "no-module"], "there is no such module; choose one of first-steps, second-steps"),
        (["start", "no-assessment"], "there is no such assessment; choose one of counting"),
        (["check", "none.ipynb"], "the file's name says no assessment"),
        (["cohort", "new", "never-made", "--pathway", "x"], "'x' is not a pathway"),
        (["grade", "no-cohort", "counting"], "cohort.yaml is missing"),
        (["progress", "no-cohort"], "cohort.yaml is missing"),
        (["enrol", "no-cohort", "roster.csv"], "cohort.yaml is missing"),
        (["hand-in", "no-cohort", "ada", "counting.ipynb"], "cohort.yaml is missing"),
    ],
)
def test_what_is_refused_is_said_in_one_line(
    curriculum: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    """On stderr, with exit code 1, and never with a traceback."""
    monkeypatch.chdir(tmp_path)

    result = call(*arguments, "--root", curriculum)

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_what_the_system_refuses_is_said_in_one_line(curriculum: Path, tmp_path: Path) -> None:
    """A place that cannot be made is named, with what to do."""
    (tmp_path / "file").write_text("")

    result = call("start", "counting", tmp_path / "file" / "work", "--root", curriculum)

    assert result.exit_code == 1
    assert f"{tmp_path / 'file' / 'work'}: the system refused (Not a directory)" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_wrong_use_is_exit_code_two() -> None:
    """As every command line does."""
    assert call("grade").exit_code == 2
    assert call("nonsense").exit_code == 2


def test_help_needs_none_of_the_heavy_libraries() -> None:
    """So it answers at once."""
    heavy = "{'nbformat', 'pydantic', 'yaml', 'sqlalchemy', 'rich', 'jinja2', 'nbgrader'}"
    code = f"import sys, pmcampus.cli; print(sorted({heavy} & set(sys.modules)))"

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"


def test_a_command_that_reads_notebooks_builds_no_grammars() -> None:
    """Every start would cost a second more; notebooks are validated all the same."""
    code = (
        "import sys, pmcampus.cli, nbformat\n"
        "nbformat.validate(nbformat.v4.new_notebook())\n"
        "none = {'nbformat': 4, 'nbformat_minor': 5, 'metadata': {}, 'cells': [{'cell_type': 'none'}]}\n"
        "try:\n    nbformat.validate(none)\n"
        "except nbformat.ValidationError:\n    print('refused', 'lark' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "refused False"
