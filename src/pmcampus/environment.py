"""What the marks depend on beside paper and submission: Python, and the packages that answers use."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "ipykernel",
    "ipython",
    "lifelines",
    "matplotlib",
    "nbclient",
    "nbformat",
    "nbgrader",
    "networkx",
    "numpy",
    "pandas",
    "pmcampus",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "statsmodels",
)
# What answers and lessons compute with: a change of these may change a mark, one of the tools may not.
COMPUTING = ("lifelines", "matplotlib", "networkx", "numpy", "pandas", "scikit-learn", "scipy", "statsmodels")


@cache
def environment() -> str:
    """One line for Python and one for each package that matters, with its version."""
    lines = [f"python {platform.python_version()}"]
    return "\n".join(lines + [f"{name} {_version(name)}" for name in PACKAGES]) + "\n"


@cache
def environment_digest() -> str:
    """The SHA-256 of `environment()`, which the ledger keeps with every verdict."""
    return hashlib.sha256(environment().encode()).hexdigest()


@cache
def computing() -> tuple[str, ...]:
    """Python and the packages that content computes with, as a release's contract names them."""
    python = ".".join(platform.python_version_tuple()[:2])
    return (f"python {python}", *(f"{name} {_version(name)}" for name in COMPUTING))


def computing_digest() -> str:
    """The SHA-256 of `computing()`: what a release and a cohort pin as their environment."""
    return hashlib.sha256("\n".join(computing()).encode()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
