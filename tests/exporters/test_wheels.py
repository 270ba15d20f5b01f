"""What a machine without network has to bring along."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import pytest

from pmcampus.errors import SiteError
from pmcampus.exporters.wheels import pins, wheel_list


def test_everything_that_is_needed_is_pinned_as_installed() -> None:
    """What a library needs comes along, and what that needs."""
    found = pins("nbformat>=5\n")

    assert found["nbformat"] == version("nbformat")
    assert {"jsonschema", "attrs", "traitlets"} <= set(found)
    assert list(found) == sorted(found)


def test_a_library_that_is_not_installed_is_named() -> None:
    """Nobody can say which version of it was tried."""
    with pytest.raises(SiteError, match="no-such-library-here: this library is not installed here"):
        pins("no-such-library-here\n")


def test_wheels_get_their_digests_and_missing_ones_are_told(tmp_path: Path) -> None:
    """Two builds of one version are both listed; pip takes the one that fits."""
    for name in ("a_b-1.0-py3-none-any.whl", "a_b-1.0-cp311-cp311-linux_x86_64.whl"):
        (tmp_path / name).write_bytes(name.encode())
    text, missing = wheel_list({"a-b": "1.0", "c": "2.0"}, tmp_path)
    digests = [hashlib.sha256(p.name.encode()).hexdigest() for p in sorted(tmp_path.iterdir())]

    assert text == (
        f"a-b==1.0 \\\n    --hash=sha256:{digests[0]} \\\n    --hash=sha256:{digests[1]}\nc==2.0\n"
    )
    assert missing == ["c 2.0"]


def test_a_file_with_an_impossible_name_is_refused(tmp_path: Path) -> None:
    """It would be left out in silence."""
    (tmp_path / "broken.whl").touch()

    with pytest.raises(SiteError, match=r"broken.whl"):
        wheel_list({"a": "1"}, tmp_path)
