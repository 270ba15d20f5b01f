"""Where releases come from: a checkout, a folder, a zip file, or a site over HTTP. Nothing is trusted yet.

A site gives away manifests and learners' archives. A private address may give the educators' archive, too.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError

from pmcampus.archive import MOST_BYTES, sha256, unpack
from pmcampus.errors import ReleaseError
from pmcampus.model.release import INDEX, MANIFEST, RELEASES, Index, IndexEntry, Kind
from pmcampus.releases.shelf import parse_manifest
from pmcampus.versions import version_key

MOST_INDEX = 5_000_000
SECONDS, LONGEST = 30.0, 600.0  # for each part of an answer, and for the whole of it
AS_IT_IS = {"Accept-Encoding": "identity"}
NOT_THERE = (401, 403, 404, 410)  # a site need not say whether it has what it does not give away
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
Read = Callable[[str, int], bytes | None]


class Source(Protocol):
    """Something that has an index and gives bytes; None for what it has not."""

    name: str

    def index(self) -> Index:
        """All it offers."""

    def read(self, path: str, most: int = MOST_BYTES) -> bytes | None:
        """What lies at this path below its releases."""


def source(place: str) -> Source:
    """The source at this address or path.

    Raises:
        ReleaseError: there is nothing that can be one.
    """
    if ADDRESS.match(place):
        return Site(place)
    path = Path(place)
    if path.is_dir():
        return Folder(path)
    if path.is_file() and (path.parent / MANIFEST).is_file():
        return Folder(path.parent)
    if path.is_file():
        return Zip(path)
    raise ReleaseError(
        f"{place}: there is no such folder, zip file or address; name a checkout of another campus, a folder "
        "of releases, a zip file of one, or the site's address with https://."
    )


class Folder:
    """A checkout, its `releases/`, or any folder in which manifests lie with their archives beside them."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder.resolve())
        self.folder = folder / RELEASES if (folder / RELEASES).is_dir() else folder

    def index(self) -> Index:
        """Made from the manifests that are there."""
        paths = sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob(MANIFEST))
        return _listed(self.name, [p for p in paths if "/." not in f"/{p}"], self.read)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes | None:
        """The file, when it is no larger than `most`."""
        try:
            with (self.folder / path).open("rb") as file:
                return _at_most(file.read(most + 1), most, f"{self.folder / path}")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


class Zip:
    """A zip file of such a folder, as somebody sends it."""

    def __init__(self, path: Path) -> None:
        self.name = str(path.resolve())
        with path.open("rb") as file:
            self.files = unpack(_at_most(file.read(MOST_BYTES + 1), MOST_BYTES, str(path)), str(path))

    def index(self) -> Index:
        """Made from the manifests in it."""
        paths = [name for name in self.files if name == MANIFEST or name.endswith(f"/{MANIFEST}")]
        return _listed(self.name, sorted(paths), self.read)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes | None:
        """The file in it."""
        return self.files.get(path)


class Site:
    """A published site, or a private address with the same layout, over HTTP."""

    def __init__(self, address: str) -> None:
        if urlsplit(address).username or urlsplit(address).password:
            raise ReleaseError(
                "an address with a password in it would be written into adopted.yaml; use one without, "
                "or download the release and name the folder."
            )
        base = address.removesuffix(INDEX)
        base = base if base.endswith("/") else f"{base}/"
        self.name = address
        self.base = base if base.rstrip("/").endswith(f"/{RELEASES}") else urljoin(base, f"{RELEASES}/")

    def index(self) -> Index:
        """The site's own `releases/index.json`."""
        content = self.read(INDEX, MOST_INDEX)
        if content is None:
            raise ReleaseError(
                f"{self.base}{INDEX}: there is none; is this the address of a PM Campus site's first page?"
            )
        try:
            return Index.model_validate_json(content)
        except ValidationError as problem:
            first = problem.errors(include_url=False)[0]
            raise ReleaseError(
                f"{self.base}{INDEX}: this is no index of releases ({first['msg']}); ask the site's campus."
            ) from None

    def read(self, path: str, most: int = MOST_BYTES) -> bytes | None:
        """What the site answers; a redirection is refused, as it may lead anywhere."""
        import httpx

        address = self.base + path
        held, end = bytearray(), time.monotonic() + LONGEST
        try:
            with httpx.stream(
                "GET", address, timeout=SECONDS, follow_redirects=False, headers=AS_IT_IS
            ) as answer:
                if answer.status_code in NOT_THERE:
                    return None
                if answer.status_code != 200:
                    raise ReleaseError(
                        f"{address}: the site answered {answer.status_code}; nothing was written. Try again, "
                        "or use the address that the site names now."
                    )
                for part in answer.iter_raw():  # never unpacked: a small answer could grow without end
                    held += part
                    if len(held) > most or time.monotonic() > end:
                        break
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise ReleaseError(
                f"{address}: the download broke off ({problem or type(problem).__name__}); nothing was "
                "written. Try again."
            ) from None
        return _at_most(bytes(held), most, address)


def _listed(name: str, paths: list[str], read: Read) -> Index:
    """The index of these manifests."""
    entries = []
    for path in paths:
        content = read(path, MOST_INDEX) or b""
        manifest = parse_manifest(content, f"{name}: {path}")
        entries.append(
            IndexEntry(
                kind=manifest.kind,
                id=manifest.id,
                title=manifest.title,
                version=manifest.version,
                released=manifest.released,
                manifest=path,
                sha256=sha256(content),
            )
        )
    if not entries:
        raise ReleaseError(f"{name}: no release is here; look for a folder with {MANIFEST} in it.")
    entries.sort(key=lambda e: (list(Kind).index(e.kind), e.id, version_key(e.version)))
    return Index(campus=name, releases=tuple(entries))


def _at_most(content: bytes, most: int, name: str) -> bytes:
    if len(content) > most:
        raise ReleaseError(f"{name}: more than {most // 1_000_000} MB; nothing was written.")
    return content
