"""Whether stored outputs are what the code gives: nbval, on the kernel that stored them."""

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from pmcampus.errors import ReleaseError
from pmcampus.kernels.environment import campus_environment
from pmcampus.notebooks import kernel_command

SECONDS = 900


def prove_outputs(folder: Path) -> None:
    """Nothing, when every notebook below this folder gives what is stored in it.

    Raises:
        ReleaseError: an output differs, or nbval is not installed.
    """
    if find_spec("nbval") is None:
        raise ReleaseError("nbval is not installed; add it with `pip install 'pmcampus[test]'`.")
    with tempfile.TemporaryDirectory(prefix="pmcampus-nbval-") as made:
        spec = Path(made) / "kernels" / "campus" / "kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text(
            json.dumps({"argv": kernel_command(), "display_name": "PM Campus", "language": "python"})
        )
        try:
            ran = subprocess.run(
                [
                    sys.executable, "-m", "pytest", "--nbval", "--nbval-kernel-name", "campus", "-q",
                    "--no-header", "--tb=line", "-p", "no:cacheprovider", "-p", "no:xdist", "-c", os.devnull,
                    "--rootdir", str(folder), str(folder),
                ],
                capture_output=True, text=True, cwd=folder, timeout=SECONDS,
                env=os.environ | campus_environment() | {"JUPYTER_PATH": made},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise ReleaseError(f"{folder}: the notebooks ran longer than {SECONDS} seconds.") from None
    if ran.returncode:
        failed = [line for line in ran.stdout.splitlines() if line.startswith("FAILED")]
        first = failed[0].removeprefix("FAILED ").split(" - ")[0] if failed else ran.stdout.strip()[-300:]
        raise ReleaseError(
            f"{folder}: a stored output is not what the code gives ({first}); run "
            f"`pmcampus run {folder.name}`, look at what changed, and release again."
        )
