"""One form: faults as values, with line, field and remedy."""

from pathlib import Path

import pytest

from pmcampus.forms import load_form
from pmcampus.model.curriculum import RoleForm
from pmcampus.model.module import ModuleForm


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


def test_a_module_keeps_its_lines(curriculum: Path) -> None:
    """Rules ask for the line of a field."""
    form = load_form(curriculum, curriculum / "modules" / "first-steps" / "module.yaml", ModuleForm)

    assert form.line("code") == 1
    assert form.line("competencies", 0, "level") == form.line("competencies", 0)
    assert form.line("nothing", "like", "this") == 1
