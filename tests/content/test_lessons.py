"""Every lesson's stored outputs are what its code gives, by nbval, on the kernel that stored them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pmcampus.notebooks import campus_environment, kernel_command
from tests.conftest import REPOSITORY

MODULES = sorted(path.parent for path in (REPOSITORY / "modules").glob("*/module.yaml"))
CASES = sorted(path.parent for path in (REPOSITORY / "case_studies").glob("*/case.yaml"))

pytestmark = pytest.mark.kernel


@pytest.mark.parametrize("module", [*MODULES, *CASES], ids=lambda path: path.name)
def test_stored_outputs_are_what_the_code_gives(module: Path, tmp_path: Path) -> None:
    """Text, tables and figures, cell by cell."""
    spec = tmp_path / "kernels" / "campus"
    spec.mkdir(parents=True)
    kernel = {"argv": kernel_command(), "display_name": "PM Campus", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(kernel))
    environment = os.environ | campus_environment() | {"JUPYTER_PATH": str(tmp_path)}

    ran = subprocess.run(
        [
            sys.executable, "-m", "pytest", "--nbval", "--nbval-kernel-name", "campus", "-q", "--no-header",
            "-p", "no:cacheprovider", "-p", "no:xdist", "-c", os.devnull,
            "--rootdir", str(module), str(module if module in CASES else module / "lessons"),
        ],
        capture_output=True, text=True, env=environment, cwd=module, timeout=600,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
