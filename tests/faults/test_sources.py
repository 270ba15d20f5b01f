"""X11: no network, and a library that is not there."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from pmcampus import audit
from pmcampus.errors import GradingError
from pmcampus.marking import mark
from pmcampus.paper import Paper
from tests.conftest import TWO_MODULES, answered, as_bytes
from tests.faults import drill

pytestmark = pytest.mark.kernel


def test_x11_marking_needs_no_network(tmp_path: Path) -> None:
    """The real command in a namespace without any: everybody is marked."""
    if os.getuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root can take the network from a process")
    folder = drill.cohort(tmp_path / "autumn", learners=1)
    command = ["unshare", "-n", sys.executable, "-m", "pmcampus", "grade", str(folder), "counting"]

    done = subprocess.run([*command, "--root", str(TWO_MODULES)], capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "1 marked" in done.stdout
    assert audit.verify(folder).faults == ()


def test_x11_a_missing_library_is_a_refusal_and_nobodys_zero(paper: Paper) -> None:
    """The assessment's own import fails: that is our fault, and no answer is scored."""
    source = paper.source.copy()
    source.cells = [new_code_cell("import a_library_nobody_has"), *paper.source.cells]

    with pytest.raises(GradingError, match=r"cannot import a_library_nobody_has.*nothing was marked"):
        mark(replace(paper, source=source), as_bytes(answered(paper, wrong_word="word = 'positive'")))
