"""What the guides tell people to type: commands, options and examples exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from pydantic import BaseModel

from pmcampus.builders.schemas import FORMS
from pmcampus.cli import main
from pmcampus.model.answers import AnswerBank
from pmcampus.model.cohort import CohortForm
from pmcampus.model.dashboard import DashboardForm

REPOSITORY = Path(__file__).parents[1]
PAGES = sorted((REPOSITORY / "site" / "pages").rglob("*.md"))
FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
FRONT_MATTER = {"title", "description", "section", "crumbs", "area"}
FORM_MODELS: list[type[BaseModel]] = [
    CohortForm,
    AnswerBank,
    DashboardForm,
    *(form for form, _, _ in FORMS.values()),
]
KNOWN = [FRONT_MATTER, *(set(form.model_fields) for form in FORM_MODELS)]
INLINE = re.compile(r"(?<!`)`(pmcampus [^`\n]+)`(?!`)")


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Every fenced example in this language: the page's name and the text."""
    for path in PAGES:
        for _, found, body in FENCE.findall(path.read_text("utf-8")):
            if found == language:
                yield path.name, body


def commands() -> list[str]:
    """Every pmcampus command that a page shows, without its remark."""
    lines = [line for _, body in blocks("sh") for line in body.splitlines()]
    inline = [line for path in PAGES for line in INLINE.findall(path.read_text("utf-8"))]
    return sorted({line.split("#")[0].strip() for line in (*lines, *inline) if line.startswith("pmcampus ")})


@pytest.mark.parametrize("line", commands())
def test_a_command_in_a_guide_can_be_typed(line: str) -> None:
    """The command is known, and so are its options and the values they take."""
    command: click.Command = main
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group) and words:
        known = command.get_command(click.Context(command), words[0])
        assert known is not None, f"{line}: there is no {words[0]}"
        command, words = known, words[1:]
    options = {name: option for option in command.params for name in option.opts}
    for at, word in enumerate(words):
        if word.startswith("-"):
            assert word in options, f"{line}: there is no option {word}"
            kind = options[word].type
            if isinstance(kind, click.Choice):
                assert words[at + 1] in kind.choices


def test_commands_are_all_in_the_table() -> None:
    """The page of commands leaves none out."""
    told = (REPOSITORY / "site/pages/guides/commands.md").read_text("utf-8")

    assert [name for name in main.commands if f"`pmcampus {name}" not in told] == []


@pytest.mark.parametrize(
    "name",
    sorted(
        {
            line.split()[1]
            for _, body in blocks("sh")
            for line in body.splitlines()
            if line.startswith("make ")
        }
    ),
)
def test_a_make_target_in_a_guide_exists(name: str) -> None:
    """`make` knows what the guides ask of it."""
    assert re.search(rf"^{name}:", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_examples_in_yaml_can_be_read_and_name_real_forms() -> None:
    """An example is YAML with fields that a form or a page knows; the schema it names is published."""
    examples = list(blocks("yaml"))

    assert examples
    for page, body in examples:
        for name in re.findall(r"schemas/([\w-]+)\.schema\.json", body):
            assert name in FORMS, f"{page}: no form is called {name}"
        for document in yaml.safe_load_all(body):
            model = next((FORMS[n][0] for n in re.findall(r"schemas/([\w-]+)\.", body)), None)
            if document and model:
                model.model_validate(document)
            elif document:
                assert any(set(document) <= names for names in KNOWN), f"{page}: {sorted(document)}"
