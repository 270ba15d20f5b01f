"""Reading the content: once, with faults as values."""

from pathlib import Path

import pytest

from pmcampus.content import find_root, load_notebook, load_tree
from pmcampus.errors import ContentError


def test_the_root_is_found_from_any_folder_below_it(curriculum: Path) -> None:
    """An author works in a module's folder."""
    assert find_root(curriculum / "modules" / "first-steps") == curriculum.resolve()


def test_outside_any_curriculum_the_remedy_is_named(tmp_path: Path) -> None:
    """With the option."""
    with pytest.raises(ContentError, match="name it with --root"):
        find_root(tmp_path)


def test_everything_is_read(curriculum: Path) -> None:
    """Forms, notebooks, pages and citation keys."""
    tree = load_tree(curriculum).valid()

    assert list(tree.modules) == ["first-steps", "second-steps"]
    assert tree.assessments["counting"].notebook is not None
    assert tree.citation_keys == {"cinti2024"}
    assert [cell.id for cell in tree.modules["first-steps"].lessons["01-a-lesson.ipynb"].cells][:2] == [
        "title",
        "the-numbers",
    ]


def test_using_a_faulty_form_says_where(own_curriculum: Path) -> None:
    """File, line, fact and remedy in one sentence."""
    path = own_curriculum / "modules" / "first-steps" / "module.yaml"
    path.write_text(path.read_text().replace("version: 1.0.0", "version: one"))

    with pytest.raises(ContentError, match=r"modules/first-steps/module\.yaml:4: `version` is 'one'"):
        load_tree(own_curriculum).valid()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"cells": 3}', b"\xff", b"[" * 50_000])
def test_what_is_no_notebook_is_a_fault(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in the file."""
    path = tmp_path / "01-x.ipynb"
    path.write_bytes(content)

    assert load_notebook(tmp_path, path).fault


def test_lines_of_cells_point_into_the_file(curriculum: Path) -> None:
    """So that an editor can jump there."""
    path = curriculum / "modules" / "first-steps" / "lessons" / "01-a-lesson.ipynb"
    lines = path.read_text().splitlines()

    for cell in load_notebook(curriculum, path).cells:
        assert '"cell_type"' in lines[cell.line - 1]
