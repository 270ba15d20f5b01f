"""Hostile files: H13 to H15, H26 to H29, H32, H33 and H38. Each is marked, repaired, or refused with a reason."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pmcampus.cohortdir import parse_roster
from pmcampus.coursedir import submitted_path
from pmcampus.errors import CohortError
from pmcampus.grade import grade
from pmcampus.marking import mark
from pmcampus.paper import Paper
from tests.conftest import answered, as_bytes
from tests.test_grade import states
from tests.test_marking import RIGHT

pytestmark = pytest.mark.kernel
FULL = {"share-check": 4.0, "wrong-word-check": 2.0, "letter": None}
Change = Callable[[dict[str, Any]], None]


def changed(paper: Paper, change: Change) -> bytes:
    """A right submission after somebody tampered with its file."""
    notebook = json.loads(as_bytes(answered(paper, **RIGHT)))
    change(notebook)
    return json.dumps(notebook).encode()


def named(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """The cell with this name."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def edit_check(notebook: dict[str, Any]) -> None:
    """H26: a locked cell is changed."""
    named(notebook, "share-check")["source"] = "4"


def delete_check(notebook: dict[str, Any]) -> None:
    """H26: graded cells are deleted."""
    for name in ("share-check", "wrong-word-check"):
        notebook["cells"].remove(named(notebook, name))


def double_check(notebook: dict[str, Any]) -> None:
    """H27: a graded cell is copied."""
    notebook["cells"].insert(3, json.loads(json.dumps(named(notebook, "share-check"))))


def double_answer(notebook: dict[str, Any]) -> None:
    """H27: an answer is copied, the copy is broken."""
    copy = json.loads(json.dumps(named(notebook, "share")))
    notebook["cells"].append(copy | {"source": "share = None"})


def split_answer(notebook: dict[str, Any]) -> None:
    """H27: an answer is split; its second half is a cell of its own."""
    notebook["cells"].insert(
        notebook["cells"].index(named(notebook, "wrong-word")) + 1,
        {
            "cell_type": "code",
            "metadata": {},
            "source": "word = 'positive'",
            "outputs": [],
            "execution_count": None,
        },
    )
    named(notebook, "wrong-word")["source"] = "word = 'risk'"


def retype_everything(notebook: dict[str, Any]) -> None:
    """H28: points, grades, versions and kernels are edited."""
    for cell in notebook["cells"]:
        cell["metadata"].setdefault("nbgrader", {}).update(
            points=1e9, grade=True, schema_version=99, locked=False
        )
    notebook["metadata"]["kernelspec"] = {"name": "bash", "language": "bash", "display_name": "x"}


def own_kernel(notebook: dict[str, Any]) -> None:
    """H29: the notebook brings a kernel with a command of its own."""
    notebook["metadata"]["kernelspec"] = {"name": "evil", "argv": ["/bin/sh", "-c", "touch /tmp/pwned"]}


def odd_letters(notebook: dict[str, Any]) -> None:
    """H32: a NUL in prose, a lone surrogate, right-to-left marks, a long line."""
    notebook["cells"].append(
        {"cell_type": "markdown", "metadata": {}, "source": "\x00 \ud800 \u202e\u2066 " + "x" * 1_000_000}
    )


@pytest.mark.parametrize(
    "change",
    [
        edit_check,
        delete_check,
        double_check,
        double_answer,
        split_answer,
        retype_everything,
        own_kernel,
        odd_letters,
    ],
)
def test_a_tampered_file_is_repaired_and_marked(paper: Paper, change: Change) -> None:
    """H26 to H29 and H32: right answers earn their points, and no more than these."""
    found = mark(paper, changed(paper, change)).verdict

    assert FULL == {item.cell: item.score for item in found.items}
    assert [4.0, 2.0, 4.0] == [item.points for item in found.items]
    assert not Path("/tmp/pwned").exists()


def test_a_nul_in_an_answer_costs_that_item(paper: Paper) -> None:
    """H32: Python cannot read it; the other item is marked."""
    found = mark(paper, as_bytes(answered(paper, **RIGHT | {"share": "share = '\x00'"}))).verdict

    assert [0.0, 2.0] == [item.score for item in found.items][:2]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"cells": [', "cut off"),
        (b'{"nbformat": 3, "worksheets": [], "cells": []}', "format is 3"),
        (b'{"nbformat": 99, "cells": []}', "format is 99"),
        (
            b'{"nbformat": 4, "cells": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
            "nested too deeply|another notebook",
        ),
        (b"\x80\x81", "not UTF-8"),
        (b" " * 5_000_001, "limit is 5 MB"),
        (b"PK\x03\x04" + b"\x00" * 100, "not UTF-8|cannot be read"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_with_its_reason(
    paper: Paper, content: bytes, reason: str
) -> None:
    """H15 and H33: no kernel is started for it."""
    found = mark(paper, content).verdict

    assert any(part in str(found.refused) for part in reason.split("|"))
    assert found.items == ()


@pytest.mark.parametrize("kind", ["symlink", "link to a folder", "hard link of another's", "pipe", "sparse"])
def test_what_is_no_file_of_the_learners_own_is_named_and_the_others_are_marked(
    cohort: Path,
    curriculum: Path,
    tmp_path: Path,
    kind: str,
) -> None:
    """H13 and H15: links, pipes and ten gigabytes of nothing stop nobody."""
    place = submitted_path(cohort, "wrong", "counting")
    secret = tmp_path / "secret.ipynb"
    secret.write_text("{}")
    place.unlink()
    if kind == "symlink":
        place.symlink_to(secret)
    elif kind == "link to a folder":
        place.symlink_to(tmp_path)
    elif kind == "hard link of another's":
        os.link(submitted_path(cohort, "right", "counting"), place)
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        with place.open("wb") as file:
            file.truncate(10_000_000_000)

    done = grade(cohort, "counting", root=curriculum)

    assert {"late", "right"} <= set(done.marked)
    assert "wrong" in {**done.failed, **done.refused} or kind == "hard link of another's"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a/b", "..", ".hidden", "a\x00b", "CON/x", ""]
)
def test_a_learners_id_cannot_name_another_place(name: str) -> None:
    """H14: ids become folder names, so they hold no path."""
    with pytest.raises(CohortError):
        parse_roster(
            f"learner,name,role,team\n{name},N,clinician,T\n".encode(),
            source="r",
            roles=frozenset({"clinician"}),
        )


def test_handing_in_the_same_bytes_again_changes_nothing(cohort: Path, curriculum: Path) -> None:
    """H38: marked once; a copy of somebody else's file is marked as the copier's own work."""
    grade(cohort, "counting", root=curriculum)
    before = states(cohort, curriculum)

    done = grade(cohort, "counting", root=curriculum)

    assert done.marked == []
    assert before == states(cohort, curriculum)
