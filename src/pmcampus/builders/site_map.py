"""Where pages are: their addresses, where links between them lead, and the map that machines read.

`lastmod` is the day on which a page's own words last changed, as far as this place has built the site
before; a build from nothing says its own day. TeSS and search engines read pages again by it.
"""

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from pmcampus.files import write_text

CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)"')
UNLISTED = re.compile(r'<meta name="robots" content="noindex"')
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
LOST = "404.html"


def address_of(name: str) -> str:
    """A page's address below the first page: a folder's own page goes by the folder's name."""
    folder, slash, file = name.rpartition("/")
    return f"{folder}{slash}" if file == "index.html" else name


def file_of(address: str) -> str:
    """The file that answers at an address."""
    return f"{address}index.html" if address == "" or address.endswith("/") else address


def lands(url: str, page: str) -> tuple[str, str] | None:
    """The file and the part of it that a link on a page leads to; None where it leaves the site.

    Args:
        url: as written on the page.
        page: the page's file, below the first page's folder.
    """
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return page, parts.fragment
    there = posixpath.normpath(posixpath.join(posixpath.dirname(page), parts.path))
    if parts.path.endswith(("/", ".")) or there == ".":
        there = posixpath.normpath(f"{there}/index.html")
    return None if there.startswith("..") else (there, parts.fragment)


def build(out: Path, pages: Iterable[Path], *, first: str, record: Path, today: date) -> list[Path]:
    """`sitemap.xml` and `robots.txt` of these pages.

    Args:
        out: the site's folder.
        pages: its pages; those that are no page of their own, such as redirects, are left out.
        first: the address of the first page.
        record: where it is kept which words each page had, and since when.
        today: the day of this build.
    """
    known = _read(record)
    seen: dict[str, list[str]] = {}
    for address, words in _own_pages(out, pages, first):
        digest = hashlib.sha256(words.encode()).hexdigest()
        before = known.get(address, ["", ""])
        seen[address] = before if before[0] == digest else [digest, today.isoformat()]
    lines = "".join(
        f"  <url><loc>{escape(first + address)}</loc><lastmod>{day}</lastmod></url>\n"
        for address, (_, day) in sorted(seen.items())
    )
    write_text(
        out / "sitemap.xml",
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n',
    )
    write_text(out / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {first}sitemap.xml\n")
    write_text(record, json.dumps(seen, indent=1) + "\n")
    return [out / "sitemap.xml", out / "robots.txt"]


def _own_pages(out: Path, pages: Iterable[Path], first: str) -> Iterator[tuple[str, str]]:
    """Address and words of each page that stands for itself."""
    for path in pages:
        name = path.relative_to(out).as_posix()
        text = path.read_text("utf-8")
        address = address_of(name)
        canonical = CANONICAL.search(text)
        if name == LOST or UNLISTED.search(text) or (canonical and canonical[1] != first + address):
            continue
        main = MAIN.search(text)
        yield address, " ".join(TAG.sub(" ", main[0] if main else text).split())


def _read(record: Path) -> Mapping[str, list[str]]:
    try:
        found = json.loads(record.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
