"""The variables every lesson and every submission runs with."""

import atexit
import shutil
import tempfile
from functools import cache
from importlib.resources import files


def campus_environment() -> dict[str, str]:
    """The environment every lesson and submission runs in: one look, one clock, one hash seed."""
    return {
        "MATPLOTLIBRC": str(files("pmcampus") / "data" / "pmcampus.mplstyle"),
        "IPYTHONDIR": _empty_ipython_folder(),
        "SOURCE_DATE_EPOCH": "0",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
    }


@cache
def _empty_ipython_folder() -> str:
    """A folder without anybody's start-up files, removed when this process ends."""
    folder = tempfile.mkdtemp(prefix="pmcampus-ipython-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
