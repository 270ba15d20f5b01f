"""Reading the content: once, with faults as values."""

from pathlib import Path

import pytest

from pmcampus.content import find_root, load_form, load_notebook, load_tree, write_text
from pmcampus.errors import ContentError
from pmcampus.model.curriculum import RoleForm
from pmcampus.model.module import ModuleForm


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


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "the form is empty"),
        ("roles:\n  clinician:\n    titel: x\n", 3, "Did you mean `title`?"),
        ("roles:\n  clinician: {title: x, short: x, icon: x}\n", 2, "`roles.clinician.summary` is missing"),
        ("roles:\n  Clinician: {title: x, short: x, icon: x, summary: x}\n", 2, "does not fit the pattern"),
        ("roles:\n  - a\n", 1, "`roles`"),
        ("roles: {a: [}\n", 1, "check the indentation and the quotation marks"),
        ("roles:\n\ta: 1\n", 2, "check the indentation"),
    ],
)
def test_a_fault_names_line_field_and_remedy(tmp_path: Path, text: str, line: int, sentence: str) -> None:
    """As an educator needs it."""
    path = tmp_path / "roles.yaml"
    path.write_text(text)

    form = load_form(tmp_path, path, RoleForm)

    assert form.model is None
    assert [fault.line for fault in form.faults if sentence in fault.message] == [line]


def test_a_missing_form_and_another_encoding_are_faults(tmp_path: Path) -> None:
    """Not exceptions: a rule reports them with the rest."""
    (tmp_path / "latin.yaml").write_bytes("roles: {é: 1}".encode("latin-1"))

    assert load_form(tmp_path, tmp_path / "none.yaml", RoleForm).faults[0].kind == "file_missing"
    assert load_form(tmp_path, tmp_path / "latin.yaml", RoleForm).faults[0].kind == "encoding"


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


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no temporary one."""
    path = tmp_path / "form.yaml"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_text(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_module_keeps_its_lines(curriculum: Path) -> None:
    """Rules ask for the line of a field."""
    form = load_form(curriculum, curriculum / "modules" / "first-steps" / "module.yaml", ModuleForm)

    assert form.line("code") == 1
    assert form.line("competencies", 0, "level") == form.line("competencies", 0)
    assert form.line("nothing", "like", "this") == 1
