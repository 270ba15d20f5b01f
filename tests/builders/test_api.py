"""The reference, made by the real Sphinx."""

import re
from pathlib import Path

import pytest

from pmcampus.builders import api
from pmcampus.errors import SiteError
from tests.conftest import REPOSITORY

SOURCE = '''"""A file of ours."""


def twice(number: int) -> int:
    """The number, two times.

    Args:
        number: any.
    """
    return 2 * number
'''


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one file."""
    folder = tmp_path / "code" / "tiny_campus"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('"""A tiny library."""\n')
    (folder / "counting.py").write_text(SOURCE)
    (folder / "_private.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(folder.parent))
    return folder


def test_every_file_that_a_program_may_import_has_a_page(package: Path) -> None:
    """Private ones have none."""
    assert ["tiny_campus", "tiny_campus.counting"] == sorted(api.modules(package))


def test_a_shelf_is_one_page_and_each_of_its_files_a_section() -> None:
    """The package's own files have a page each."""
    found = api.pages(["p", "p.cli", "p.lint", "p.lint.rules"])

    assert {"p": ["p"], "p.cli": ["p.cli"], "p.lint": ["p.lint", "p.lint.rules"]} == found
    assert "``p.lint.rules``\n----------------" in api.page("p.lint", found["p.lint"])
    assert re.findall(r"^   (p.*)$", api.contents(found), re.MULTILINE) == ["p", "p.cli", "p.lint"]


@pytest.mark.site
def test_docstrings_become_pages_in_the_campus_look(package: Path, tmp_path: Path) -> None:
    """Fonts of ours, a way back, marked for the one search, nothing from elsewhere; the same twice."""
    made = api.build(REPOSITORY, tmp_path / "one" / "site", package=package)
    again = api.build(REPOSITORY, tmp_path / "two" / "site", package=package)
    page = (tmp_path / "one/site/api/tiny_campus.counting.html").read_text("utf-8")

    assert "The number, two times." in page
    assert '<a class="campus" href="../">PM Campus</a>' in page
    assert "data-pagefind-body" in page
    assert "--color-brand-primary: #5d2756" in page
    assert not re.findall(r'(?:src|<link[^>]* href)="(?:https?:)?//', page)
    assert not [p for p in made if p.name in ("search.html", "searchindex.js", ".buildinfo")]
    assert [p.read_bytes() for p in made] == [p.read_bytes() for p in again]


@pytest.mark.site
def test_a_docstring_that_sphinx_cannot_read_stops_the_build(package: Path, tmp_path: Path) -> None:
    """With Sphinx's words."""
    (package / "counting.py").write_text('"""A **word that never ends.\n\n:ref:`nowhere`\n"""\n')

    with pytest.raises(SiteError, match=r"The reference cannot be built: .*WARNING"):
        api.build(REPOSITORY, tmp_path / "site", package=package)


def test_repairs_reach_keyboards_and_screen_readers() -> None:
    """Code can be scrolled; captions have a level."""
    found = api.repaired('<pre>x</pre><p class="caption" role="heading">')

    assert '<pre tabindex="0">x</pre><p class="caption" role="heading" aria-level="2">' == found
