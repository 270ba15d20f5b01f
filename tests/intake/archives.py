"""ZIP archives as platforms and attackers make them."""

import io
import stat
import struct
import warnings
import zipfile
from pathlib import Path


def archive(path: Path, files: dict[str, bytes]) -> Path:
    """A plain archive of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def with_link(path: Path) -> Path:
    """One whose notebook is a link to a file of the system."""
    info = zipfile.ZipInfo("ada/counting.ipynb")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(info, "/etc/passwd")
    return path


def with_twice(path: Path) -> Path:
    """One in which a name stands twice."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as made:
        warnings.simplefilter("ignore")
        made.writestr("ada/counting.ipynb", b"one")
        made.writestr("ada/counting.ipynb", b"two")
    return path


def encrypted(path: Path) -> Path:
    """One whose first file says that it is encrypted."""
    content = bytearray(archive(path, {"ada/counting.ipynb": b"{}"}).read_bytes())
    central = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[central + 8] |= 1
    path.write_bytes(content)
    return path


def cut_off(path: Path) -> Path:
    """One of which the end is missing."""
    content = archive(path, {"ada/counting.ipynb": b"{}" * 5000}).read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    return path


def damaged(path: Path) -> Path:
    """One in which bytes of a file were changed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        made.writestr("ada/counting.ipynb", b"{}" * 500)
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(content)
    return path


def bomb(path: Path) -> Path:
    """Sixty kilobytes that unpack to sixty megabytes."""
    return archive(path, {f"a{number}/counting.ipynb": bytes(10_000_000) for number in range(6)})


def liar(path: Path) -> Path:
    """A file that says it unpacks to three bytes and unpacks to a megabyte."""
    content = bytearray(archive(path, {"ada/counting.ipynb": b"x" * 1_000_000}).read_bytes())
    central = content.index(b"PK\x01\x02")
    for place in (22, central + 24):
        content[place : place + 4] = struct.pack("<I", 3)
    path.write_bytes(content)
    return path


def overlapping(path: Path) -> Path:
    """Many names for the same packed bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a000/counting.ipynb", bytes(range(256)) * 400)
        first = made.getinfo("a000/counting.ipynb")
        for number in range(1, 200):
            info = zipfile.ZipInfo(f"a{number:03}/counting.ipynb")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(info, name, getattr(first, name))
            made.filelist.append(info)
            made.NameToInfo[info.filename] = info
        made._didModify = True
    path.write_bytes(body.getvalue())
    return path
