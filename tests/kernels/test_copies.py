"""A sandboxed kernel gets the data beside its notebook, and nothing that only happens to lie near."""

from pathlib import Path

import pytest

from pmcampus.kernels.copies import MOST_FILES, copied


def names(folder: Path) -> list[str]:
    """What is copied, relative to the folder above."""
    return [str(path.relative_to(folder.parent)) for path in copied(folder)[0]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A notebook's folder with a little of everything."""
    place = tmp_path / "lessons"
    (place / "more").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "other").mkdir()
    for name in (
        "a.csv",
        "more/b.csv",
        ".secret",
        "mine.ipynb",
        "theirs.IPYNB",
        "x.db",
        "../data/c.csv",
        "../other/d",
    ):
        (place / name).write_text(name)
    (place / "link.csv").symlink_to(tmp_path / "other" / "d")
    (place / "linked").symlink_to(tmp_path / "other")
    return place


def test_data_are_copied_and_notebooks_are_not(folder: Path) -> None:
    """Below the folder, and for lessons from the data folder beside it; no link is followed."""
    assert ["lessons/a.csv", "data/c.csv", "lessons/more/b.csv"] == names(folder)


def test_only_lessons_have_data_beside_them(folder: Path) -> None:
    """A folder of another name has what is in it."""
    moved = folder.rename(folder.parent / "work")

    assert ["work/a.csv", "work/more/b.csv"] == names(moved)


@pytest.mark.parametrize("name", ["gradebook.db", "nbgrader_config.py"])
def test_a_graders_folder_gives_nothing(folder: Path, name: str) -> None:
    """Whoever opens a notebook in it shows it no submissions."""
    (folder / name).write_text("x")

    assert ["data/c.csv"] == names(folder)


def test_a_home_folder_gives_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does one above it."""
    monkeypatch.setenv("HOME", str(folder))
    assert ["data/c.csv"] == names(folder)
    monkeypatch.setenv("HOME", str(folder / "more"))
    assert ["data/c.csv"] == names(folder)


def test_what_is_too_much_is_counted(folder: Path) -> None:
    """Files beyond the limit are left out, nearest first, and the caller learns how many."""
    for number in range(MOST_FILES):
        (folder / f"n{number:03}").touch()
    taken, left_out = copied(folder)

    assert (MOST_FILES, 3) == (len(taken), left_out)
    assert folder / "a.csv" in taken and folder / "more" / "b.csv" not in taken


def test_what_is_too_large_is_left_out(folder: Path) -> None:
    """A file over the limit in bytes does not crowd out the others."""
    with (folder / "0-large.bin").open("wb") as file:
        file.truncate(60_000_000)
    taken, left_out = copied(folder)

    assert (3, 1) == (len(taken), left_out)
