"""One part of the site: what it is made from, and whether it must be made again."""

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pmcampus.content import site_folder
from pmcampus.files import write_text
from pmcampus.model.tree import Tree

CODE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Site:
    """What every part may read, and where it writes."""

    root: Path
    out: Path
    tree: Tree
    url: str | None
    today: date

    @property
    def theme(self) -> Path:
        """Templates, styles and fonts."""
        return site_folder(self.root, "theme")

    @property
    def work(self) -> Path:
        """Where parts write on the way: `build`, or out of sight beside a site that lies elsewhere."""
        return self.out.parent if self.out.parent == self.root / "build" else self.records

    @property
    def records(self) -> Path:
        """Where parts remember what they were made from."""
        return self.out.parent / f".{self.out.name}"


@dataclass(frozen=True)
class Part:
    """One part: what it is made from, how, and what of the site it owns."""

    name: str
    says: str
    inputs: Callable[[Site], Iterable[Path]]
    make: Callable[[Site], Iterable[Path]]
    code: tuple[str, ...]
    tools: tuple[str, ...] = ()
    facts: Callable[[Site], Iterable[str]] = lambda site: ()
    beside: bool = False  # needs nothing of the others, so it is made while they are


@dataclass(frozen=True)
class Made:
    """What happened to one part."""

    name: str
    fresh: bool
    seconds: float
    files: int


def bring_up_to_date(site: Site, part: Part) -> Made:
    """Make the part, or leave it when its inputs are the ones it was made from."""
    begun = time.perf_counter()
    record = site.records / f"{part.name}.json"
    inputs = _digest(site, part)
    known = _read_record(record)
    if known.get("inputs") == inputs and all(
        (site.out / name).is_file() and (site.out / name).stat().st_size == size
        for name, size in known["files"].items()
    ):
        return Made(part.name, False, time.perf_counter() - begun, len(known["files"]))
    record.unlink(missing_ok=True)
    files = {p.relative_to(site.out).as_posix(): p.stat().st_size for p in sorted(set(part.make(site)))}
    for name in sorted(set(known.get("files", ())) - set(files)):
        (site.out / name).unlink(missing_ok=True)
    write_text(record, json.dumps({"inputs": inputs, "files": files}, indent=1) + "\n")
    return Made(part.name, True, time.perf_counter() - begun, len(files))


def _read_record(path: Path) -> dict[str, Any]:
    """What a part was made from last time; nothing where that is not known."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) and {"inputs", "files"} <= set(found) else {}


def _digest(site: Site, part: Part) -> str:
    """One number for everything that could change what the part makes."""
    found = hashlib.sha256()
    for fact in (platform.python_version(), str(site.url), *map(_version, part.tools), *part.facts(site)):
        found.update(f"{fact}\n".encode())
    code = [p for pattern in part.code for p in sorted(CODE.glob(pattern))]
    for path in (*part.inputs(site), *code):
        name = path.relative_to(site.root) if path.is_relative_to(site.root) else path.name
        found.update(f"{name}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} absent"
