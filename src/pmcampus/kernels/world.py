"""The file tree a kernel sees: this interpreter and its libraries, read-only, and nothing else."""

import os
import site
import sys
from collections.abc import Iterator
from pathlib import Path

from pmcampus.kernels import syscalls

SCRATCH = Path("/scratch")
WRITABLE = (SCRATCH, Path("/tmp"), Path("/dev/shm"))
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = ("ld.so.cache", "localtime", "timezone", "fonts", "alternatives", "mime.types")
DEVICES = ("null", "zero", "full", "random", "urandom")
LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
}
PEOPLE = "root:x:0:0::/:/bin/false\nlearner:x:1000:1000::/scratch:/bin/false\n"
GROUPS = "root:x:0:\nlearner:x:1000:\n"


def build(place: Path) -> None:
    """A new, sealed root at `place`, in this process's own mount namespace.

    Raises:
        OSError: the system refuses a mount.
    """
    syscalls.mount("none", "/", flags=syscalls.PRIVATE | syscalls.RECURSIVE)
    syscalls.mount("tmpfs", place, kind="tmpfs", options="size=4m,nr_inodes=4096,mode=755")
    for path in _shown():
        _show(place, path)
    for path in (*WRITABLE, Path("/proc"), Path("/dev")):
        _below(place, path).mkdir(parents=True, exist_ok=True)
    (place / "etc").mkdir(exist_ok=True)
    (place / "etc" / "passwd").write_text(PEOPLE)
    (place / "etc" / "group").write_text(GROUPS)
    for name in DEVICES:
        (place / "dev" / name).touch()
    for name, target in LINKS.items():
        (place / "dev" / name).symlink_to(target)
    own = Path(__file__).resolve().parents[1]
    if _below(place, own).is_dir():  # installed, not a checkout: what it comes with is not for learners
        syscalls.mount("tmpfs", _below(place, own), kind="tmpfs", options="size=4k,nr_inodes=1,mode=755")
    syscalls.seal_mounts(place)
    for name in DEVICES:
        syscalls.mount(f"/dev/{name}", place / "dev" / name, flags=syscalls.BIND)


def mount_processes(place: Path, *, only: bool = False) -> None:
    """A view of this process's process namespace at `place`; `only` leaves the machine's own files out."""
    flags = syscalls.NO_SETUID | syscalls.NO_DEVICES | syscalls.NO_PROGRAMS
    syscalls.mount("proc", place, kind="proc", flags=flags, options="subset=pid" if only else "")


def mount_scratch(size: int, files: int) -> None:
    """The writable folders, empty, with at most so many megabytes and files each.

    A Python that lies below one of them, as in a virtual environment under `/tmp`, is shown there again.
    """
    below = [path for path in _shown() if any(path.is_relative_to(folder) for folder in WRITABLE)]
    held = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in below if path.is_dir()}
    for path in WRITABLE:
        options = f"size={size}m,nr_inodes={files},mode=700"
        flags = syscalls.NO_SETUID | syscalls.NO_DEVICES
        syscalls.mount("tmpfs", path, kind="tmpfs", flags=flags, options=options)
    for path, descriptor in held.items():
        path.mkdir(parents=True, exist_ok=True)
        flags = syscalls.BIND | syscalls.RECURSIVE
        syscalls.mount(f"/proc/self/fd/{descriptor}", path, flags=flags)
        os.close(descriptor)


def _shown() -> Iterator[Path]:
    """What is shown of the machine: system folders, a few settings, and this Python."""
    yield from map(Path, SYSTEM)
    yield from (Path("/etc") / name for name in SETTINGS)
    libraries = [Path(p) for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    libraries += [Path(site.getusersitepackages())] if site.ENABLE_USER_SITE else []
    pythons = {Path(p) for p in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    pythons |= {Path(sys.executable).resolve().parent, *libraries}
    seen = [Path(name) for name in SYSTEM]
    for path in sorted(pythons):
        if path.is_dir() and not any(path.is_relative_to(other) for other in seen):
            seen.append(path)
            yield path


def _show(place: Path, path: Path) -> None:
    target = _below(place, path)
    if path.is_symlink() and str(path) in SYSTEM:
        target.symlink_to(path.readlink())
    elif path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        syscalls.mount(str(path), target, flags=syscalls.BIND | syscalls.RECURSIVE)
    elif path.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
        syscalls.mount(str(path.resolve()), target, flags=syscalls.BIND)


def _below(place: Path, path: Path) -> Path:
    return place / path.relative_to("/")
