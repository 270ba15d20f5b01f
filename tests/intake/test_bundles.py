"""Archives and folders looked over before anything is read: what is hostile is refused as a whole."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmcampus.errors import CohortError
from pmcampus.intake.bundles import opened
from tests.intake import archives


def contents(source: Path) -> dict[str, bytes]:
    """Every file of a source."""
    with opened(source) as bundle:
        return {name: bundle.read(name) for name in bundle.names}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../ada/counting.ipynb", "leads out of the archive"),
        ("ada/../../counting.ipynb", "leads out of the archive"),
        ("/etc/counting.ipynb", "leads out of the archive"),
        ("C:/counting.ipynb", "leads out of the archive"),
        ("..\\..\\counting.ipynb", "leads out of the archive"),
        ("\\\\host\\share\\counting.ipynb", "leads out of the archive"),
        ("a" * 2000 + ".ipynb", "too long"),
    ],
)
def test_a_name_that_lies_is_refused(tmp_path: Path, name: str, sentence: str) -> None:
    """Whatever else is in the archive."""
    source = archives.archive(tmp_path / "all.zip", {"ada/fine.ipynb": b"{}", name: b"{}"})

    with pytest.raises(CohortError, match=sentence):
        contents(source)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (archives.with_link, "is a link"),
        (archives.with_twice, "is there twice"),
        (archives.encrypted, "is encrypted"),
        (archives.cut_off, "no ZIP archive, or it was cut off"),
        (archives.damaged, "is damaged"),
        (archives.bomb, "times its size"),
        (archives.liar, "is damaged"),
        (archives.overlapping, "files inside files"),
    ],
)
def test_a_hostile_archive_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    """And nothing is left beside it."""
    source = make(tmp_path / "all.zip")

    with pytest.raises(CohortError) as refusal:
        contents(source)

    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert [source] == list(tmp_path.iterdir())


def test_a_name_with_signs_that_cannot_be_seen_is_shown_and_never_read(tmp_path: Path) -> None:
    """A learner's file name must not stop the others."""
    names = {"ada/fine.ipynb": b"{}", "ben/\u202egpj.ipynb": b"{}", "cy/\nb.ipynb": b"{}"}
    with opened(archives.archive(tmp_path / "all.zip", names)) as bundle:
        assert ("ada/fine.ipynb",) == bundle.names
        assert ("ben/\\u202egpj.ipynb", "cy/\\nb.ipynb") == bundle.odd


def test_names_that_differ_only_in_case_are_twice(tmp_path: Path) -> None:
    """On another system they would be one file."""
    source = archives.archive(tmp_path / "all.zip", {"Ada/a.ipynb": b"1", "ada/A.ipynb": b"2"})

    with pytest.raises(CohortError, match="is there twice"):
        contents(source)


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    """Twenty thousand are allowed."""
    source = archives.archive(tmp_path / "all.zip", {f"{n}.txt": b"" for n in range(20_001)})

    with pytest.raises(CohortError, match="more than 20000 files"):
        contents(source)


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    """A link to a folder too, and a pipe."""
    for make in (
        lambda place: place.symlink_to("/etc/passwd"),
        lambda place: place.symlink_to("/etc"),
        os.mkfifo,
    ):
        place = tmp_path / "work"
        place.mkdir(exist_ok=True)
        make(place / "ada")
        with pytest.raises(CohortError, match="is a link or no plain file"):
            contents(place)
        (place / "ada").unlink()


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    """Checkpoints and a Mac's shadows."""
    source = archives.archive(
        tmp_path / "all.zip",
        {
            "ada/counting.ipynb": b"{}",
            "__MACOSX/ada/._counting.ipynb": b"x",
            "ada/._counting.ipynb": b"x",
            "ada/.ipynb_checkpoints/counting-checkpoint.ipynb": b"old",
        },
    )

    assert {"ada/counting.ipynb": b"{}"} == contents(source)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, 60),
)
def test_no_change_of_bytes_gives_anything_but_files_or_a_refusal(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int
) -> None:
    """Whatever happened to the archive on its way."""
    source = archives.archive(tmp_path / "all.zip", {"ada/counting.ipynb": b"{}" * 50, "ben.ipynb": b"{}"})
    content = bytearray(source.read_bytes())
    for at, value in changes:
        content[at % len(content)] = value
    source.write_bytes(content[: len(content) - cut])
    try:
        found = contents(source)
    except CohortError:
        return
    assert all(len(content) <= 5_000_001 for content in found.values())
