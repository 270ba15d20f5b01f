"""Archives: the same bytes for the same content, and nothing a stranger packs gets out of its folder."""

import io
import stat
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmcampus import archive
from pmcampus.archive import pack, unpack
from pmcampus.errors import ReleaseError

CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # on a busy machine
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}(/[a-z][a-z0-9-]{0,8})?\.md", fullmatch=True)


def made(fill: Callable[[zipfile.ZipFile], object], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file, filled."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packed) as zipped:
        fill(zipped)
    return held.getvalue()


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    """An entry of this kind of file."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


@CALM
@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=6))
def test_what_is_packed_comes_out_again(files: dict[str, bytes]) -> None:
    """Whatever the content, and in whatever order it was given."""
    content = pack(files)

    assert unpack(content, "here") == files
    assert pack(dict(reversed(files.items()))) == content


@pytest.mark.parametrize(
    "name",
    [
        "../outside.md",
        "modules/../../outside.md",
        "/etc/cron.d/job",
        "C:/windows/job",
        "modules\\..\\job",
        ".ssh/authorized_keys",
        "modules/x/.git/hooks/pre-commit",
        "a//b.md",
        "a/./b.md",
        "aux.md",
        "modules/con",
        "line\nbreak.md",
        "name\u202egnp.md",
        "x" * 201,
    ],
)
def test_a_name_that_leaves_its_folder_is_refused(name: str) -> None:
    """Traversal, absolute paths, hidden files, devices, and signs that cannot be seen."""
    with pytest.raises(ReleaseError, match=r"no name that can be unpacked safely"):
        unpack(made(lambda z: z.writestr(zipfile.ZipInfo(name), b"x")), "sent.zip")


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644])
def test_links_and_devices_are_refused(mode: int) -> None:
    """A link could point at anything."""
    with pytest.raises(ReleaseError, match="is a link or a device, not a file"):
        unpack(made(lambda z: z.writestr(entry("modules/link", mode), b"/etc/passwd")), "sent.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.md", "a.md"), ("a.md", "A.md")])
def test_a_name_that_stands_twice_is_refused(names: tuple[str, str]) -> None:
    """Which of the two was verified would depend on who unpacks."""
    with pytest.raises(ReleaseError, match="is there twice"):
        unpack(made(lambda z: [z.writestr(name, b"x") for name in names]), "sent.zip")


def test_a_file_that_is_also_a_folder_is_refused() -> None:
    """It cannot be both on a disk."""
    with pytest.raises(ReleaseError, match="lies in what is also a file"):
        unpack(made(lambda z: [z.writestr(name, b"x") for name in ("a", "a/b.md")]), "sent.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """By what it declares, and by what comes out when it lies."""
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000_000)
    bomb = made(lambda z: z.writestr("zeros.md", b"0" * 2_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(ReleaseError, match="unpacks to more than 1 MB"):
        unpack(bomb, "sent.zip")

    size = (2_000_000).to_bytes(4, "little")
    lying = bomb.replace(size, (10).to_bytes(4, "little"))
    with pytest.raises(ReleaseError):
        unpack(lying, "sent.zip")


def test_too_many_files_are_refused() -> None:
    """Each costs a name on the disk."""
    with pytest.raises(ReleaseError, match="more than 2000 files"):
        unpack(made(lambda z: [z.writestr(f"f{n}.md", b"") for n in range(2001)]), "sent.zip")


@pytest.mark.parametrize("cut", [0, 10, 60, -1])
def test_a_damaged_archive_is_refused(cut: int) -> None:
    """Truncated at any place, or no zip at all."""
    whole = pack({"a.md": b"words" * 50, "b.md": b"more"})
    with pytest.raises(ReleaseError, match="damaged or not a zip file"):
        unpack(whole[:cut], "sent.zip")


def test_a_flipped_bit_is_noticed() -> None:
    """The zip's own checksum, before ours."""
    content = bytearray(made(lambda z: z.writestr("a.md", b"words" * 50), packed=zipfile.ZIP_STORED))
    content[60] ^= 1
    with pytest.raises(ReleaseError, match="damaged"):
        unpack(bytes(content), "sent.zip")


@CALM
@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_sentence(content: bytes) -> None:
    """Never in a traceback."""
    with pytest.raises(ReleaseError):
        unpack(content, "sent.zip")
