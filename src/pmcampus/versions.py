"""Versions and ranges of versions: which comes after which, and which of several an adopter asks for."""

import re
from collections.abc import Iterable

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from pmcampus.errors import ReleaseError
from pmcampus.model.release import Step

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
SHORT = re.compile(r"([\^~])?\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?")
BEFORE_ANY = (-1, -1, -1)


def version_key(version: str) -> tuple[int, int, int]:
    """What versions are sorted by."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def next_version(version: str, step: Step) -> str:
    """The lowest version that this step from `version` asks for."""
    major, minor, patch = version_key(version)
    match step:
        case Step.MAJOR:
            return f"{major + 1}.0.0"
        case Step.MINOR:
            return f"{major}.{minor + 1}.0"
        case _:
            return f"{major}.{minor}.{patch + 1}"


def step_between(before: str, after: str) -> Step | None:
    """The step that leads from one version to a later one; None where it is not later."""
    old, new = version_key(before), version_key(after)
    if new <= old:
        return None
    if new[0] > old[0]:
        return Step.MAJOR
    return Step.MINOR if new[1] > old[1] else Step.PATCH


def as_specifiers(asked: str) -> SpecifierSet:
    """A range as PEP 440 specifiers: those themselves, `^1.2`, `~1.2`, `1.2.3`, `1`, or nothing for any.

    `^1.2` is 1.2 and later without a new major version; `~1.2` is 1.2 and its patches; `1` is any 1.x.y.

    Raises:
        ReleaseError: this is no range.
    """
    text = asked.strip()
    short = SHORT.fullmatch(text)
    if short:
        sign, major, minor, patch = short.groups()
        floor = f"{major}.{minor or 0}.{patch or 0}"
        if sign is None and patch is not None:
            return SpecifierSet(f"=={floor}")
        if sign == "~" or (sign is None and minor is not None):
            ceiling = f"{int(major) + 1}.0.0" if minor is None else f"{major}.{int(minor) + 1}.0"
        else:  # before 1.0.0 each minor version may change marks
            ceiling = f"0.{int(minor or 0) + 1}.0" if major == "0" and minor else f"{int(major) + 1}.0.0"
        return SpecifierSet(f">={floor},<{ceiling}")
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        raise ReleaseError(
            f"{asked!r} is no range of versions; write for example 1.2.0, ^1.2 (no new major version), "
            "~1.2 (patches only) or >=1.2,<2."
        ) from None


def newest(versions: Iterable[str], asked: str) -> str | None:
    """The newest of these versions in this range; None where there is none."""
    allowed = as_specifiers(asked)
    fitting = [version for version in versions if VERSION.fullmatch(version) and version in allowed]
    return max(fitting, key=version_key, default=None)


def parse_wish(wish: str) -> tuple[str, str]:
    """`ID@RANGE` as its two halves; without a range, the newest is meant.

    Raises:
        ReleaseError: there is no id, or the range is none.
    """
    name, _, asked = wish.partition("@")
    if not re.fullmatch(r"(?:(?:modules|assessments|case_studies)/)?[a-z][a-z0-9-]*", name):
        raise ReleaseError(
            f"{wish!r}: write the id of a module, assessment or case, and after @ a range of versions, "
            "such as data-protection@^1.0."
        )
    as_specifiers(asked)
    return name, asked
