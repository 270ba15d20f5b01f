"""What a machine without network has to bring along to run a module's notebooks: exact versions, digests."""

from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from pmcampus.errors import SiteError
from pmcampus.files import digest


def pins(wanted: str) -> dict[str, str]:
    """Name to version, sorted, of these requirements and all that they need, as installed here.

    Args:
        wanted: one requirement a line.

    Raises:
        SiteError: one of them is not installed, so that nobody can say which version was tried.
    """
    found: dict[str, str] = {}
    waiting = [(Requirement(line), "") for line in wanted.splitlines() if line.strip()]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement, needed_by = waiting.pop()
        name = canonicalize_name(requirement.name)
        try:
            here = distribution(requirement.name)
        except PackageNotFoundError:
            raise SiteError(
                f"{requirement.name}: this library{needed_by} is not installed here, so its tried version "
                "cannot be told. Install what the module needs (`pip install pmcampus[all]`) first."
            ) from None
        found[name] = here.version
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for line in here.requires or ():
                next_one = Requirement(line)
                if next_one.marker is None or next_one.marker.evaluate({"extra": extra}):
                    waiting.append((next_one, f", which {requirement.name} needs,"))
    return dict(sorted(found.items()))


def wheel_list(pinned: Mapping[str, str], wheels: Path | None = None) -> tuple[str, list[str]]:
    """A requirements file of these versions, and the names for which no wheel lies in `wheels`.

    With wheels every line has their SHA-256, which pip then checks.
    """
    held = _digests(wheels) if wheels else {}
    lines, missing = [], []
    for name, version in pinned.items():
        known = held.get((name, version), [])
        if wheels and not known:
            missing.append(f"{name} {version}")
        lines.append(" \\\n    ".join([f"{name}=={version}", *(f"--hash=sha256:{one}" for one in known)]))
    return "\n".join(lines) + "\n", missing


def _digests(wheels: Path) -> dict[tuple[str, str], list[str]]:
    """The digests of the wheels in a folder, by name and version.

    Raises:
        SiteError: a file there is named as no wheel is.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted(wheels.glob("*.whl")):
        try:
            name, version, _, _ = parse_wheel_filename(path.name)
        except InvalidWheelFilename as problem:
            raise SiteError(f"{path}: {problem}; download it again, or take it out of the folder.") from None
        found[(name, str(version))].append(digest(path))
    return found
