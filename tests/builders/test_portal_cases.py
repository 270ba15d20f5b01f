"""The page of a team case says roles, timing and weights, and nothing that a player must not read before."""

import html
from datetime import date
from pathlib import Path

import pytest
import yaml

from pmcampus.builders import portal
from pmcampus.builders.portal_cases import as_page
from pmcampus.content import load_tree
from tests.conftest import REPOSITORY

CASE = "dpyd-before-chemotherapy"
FOLDER = REPOSITORY / "case_studies" / CASE


@pytest.fixture(scope="module")
def page() -> dict[str, object]:
    """What the template gets."""
    tree = load_tree(REPOSITORY)
    return as_page(tree.cases[CASE], tree.roles.value.roles)


def test_every_mark_is_shown_and_the_sum_is_100(page: dict[str, list[dict[str, str]]]) -> None:
    """Machine and rubric, person and team."""
    assert 100 == pytest.approx(sum(float(row["points"]) for row in page["marks"]))
    assert {"machine", "rubric"} == {row["by"] for row in page["marks"]}


def test_roles_timing_and_guide_are_there(page: dict[str, object]) -> None:
    """Six roles with who can play them, and the guide by its place in the repository."""
    roles = page["roles"]

    assert isinstance(roles, list) and 6 == len(roles)
    assert f"case_studies/{CASE}/facilitator-guide.md" == page["guide"]


def marks_of_hidden_facts() -> list[str]:
    """What no page about the case may hold."""
    form = yaml.safe_load((FOLDER / "case.yaml").read_text("utf-8"))
    found = [mark for role in form["roles"].values() for mark in role["only_here"]]
    return [*found, *form["marks"]["critical_fails"].values(), "-50 and raise", "visit that exists"]


def private_sentences() -> list[str]:
    """What no page at all may hold: sheets, facilitator guide, solutions, and what a role alone knows."""
    found = ["loss_per_day", "written-by-the-authors", "larch-and-lamp"]
    for sheet in [*FOLDER.glob("roles/*.md"), FOLDER / "facilitator-guide.md", FOLDER / "rubric.md"]:
        text = sheet.read_text("utf-8").replace("**", "")
        found += [line.strip("-*| ")[:60] for line in text.splitlines() if len(line) > 80]
    return found


def test_no_page_holds_a_secret(tmp_path: Path, page: dict[str, object]) -> None:
    """Not what the template is given, not the case's page, not any other file of the portal."""
    out = tmp_path / "site"
    portal.build(
        load_tree(REPOSITORY), out, REPOSITORY / "site" / "theme", work=tmp_path / "work",
        config=REPOSITORY / "mkdocs.yml", site="https://campus.example/", today=date(2026, 11, 25),
    )  # fmt: skip
    texts = {
        path.relative_to(out).as_posix(): html.unescape(path.read_text("utf-8", "replace"))
        for path in out.rglob("*")
        if path.is_file() and path.suffix in (".html", ".json", ".xml", ".txt", ".md")
    }
    own = texts[f"cases/{CASE}/index.html"]

    assert "Dr Lena Marchetti" in own and "facilitator-guide.md" in own
    assert [] == [mark for mark in marks_of_hidden_facts() if mark in own or mark in str(page)]
    assert [] == [(name, s) for s in private_sentences() for name, text in texts.items() if s in text]
    assert not [name for name in texts if name.startswith("cases/") and "roles" in name]
