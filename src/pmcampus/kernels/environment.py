"""The surroundings every lesson and submission runs in, whatever starts its kernel."""

import atexit
import shutil
import tempfile
from functools import cache
from importlib.resources import files

# What an ipykernel is told, whoever starts it: figures as SVG, no history kept.
SETTINGS: dict[str, dict[str, object]] = {
    "InlineBackend": {"figure_formats": "svg"},
    "HistoryManager": {"enabled": False},
}


def campus_environment() -> dict[str, str]:
    """The environment every lesson and submission runs in, with an IPython folder of this process's own."""
    return surroundings() | {"IPYTHONDIR": _empty_ipython_folder()}


def surroundings() -> dict[str, str]:
    """One look, one clock, one hash seed; a warm parent has its own IPython folder."""
    return {
        "MATPLOTLIBRC": str(files("pmcampus") / "data" / "pmcampus.mplstyle"),
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
