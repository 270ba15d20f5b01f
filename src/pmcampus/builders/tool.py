"""The tools of others that make parts of the site, each called with a limit of time."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pmcampus.errors import SiteError


def call(
    module: str,
    *arguments: str,
    seconds: int,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """What `python -m module` said and how it ended, without colours; the caller judges both.

    Args:
        seconds: after this long it is stopped.
        folder: where it runs; by default here.
        environment: what it sees beside our own environment.

    Raises:
        SiteError: it did not finish in time.
    """
    try:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=folder,
            env=os.environ | {"NO_COLOR": "1"} | dict(environment or {}),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SiteError(f"{module} did not finish within {seconds} seconds. Build again.") from None
