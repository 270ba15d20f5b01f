"""Pages at old addresses that lead on, without a script; and that no published address is lost."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from pathlib import Path

from pmcampus.builders.site_map import LOST, address_of, file_of, lands
from pmcampus.errors import SiteError
from pmcampus.files import write_text
from pmcampus.forms import load_form
from pmcampus.model.redirects import RedirectForm

FORM = "site/redirects.yaml"
ADDRESSES = "site/addresses.txt"
HEAD = """\
# Every address this site ever published, one a line. `pmcampus site --record` adds new ones; nothing takes
# one away: a page that moves gets a line in redirects.yaml. The reference of the code (/api/) is not here:
# it belongs to the version of the code that it describes. A campus that began as a copy of another has
# addresses of its own: delete this file there before the first `--record`.
"""
ELSEWHERE = ("api/", "pagefind/")
FILES = ("schemas/*.json", "releases/**/*", "downloads/*.zip")
ANCHOR = re.compile(r'\bid="([^"]+)"')
HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
ASKED = re.compile(r"check-\d+|say-it|last-time")  # parts of lessons that question packages link to
SIGN = '<meta http-equiv="refresh"'


def load_redirects(root: Path) -> dict[str, str]:
    """Old addresses to where their readers now have to go; a page that moved twice leads to the last place.

    Raises:
        ContentError: the form cannot be read.
        SiteError: addresses lead in a circle.
    """
    path = root / FORM
    if not path.is_file():
        return {}
    named = load_form(root, path, RedirectForm).value.redirects
    found = {}
    for old in named:
        passed, now = [old], named[old]
        while now.partition("#")[0] in named:
            now = now.partition("#")[0]
            if now in passed:
                raise SiteError(f"{FORM}: {' leads to '.join([*passed, now])}; name the page itself once.")
            passed.append(now)
            now = named[now]
        found[old] = now
    return found


def build(out: Path, redirects: Mapping[str, str], *, first: str) -> list[Path]:
    """A page at every old address; gives every file written.

    Args:
        out: the site's folder, with all its pages.
        redirects: old addresses to new ones.
        first: the address of the first page.

    Raises:
        SiteError: an old address has a page of its own, or a new one has none.
    """
    made = []
    for old, now in sorted(redirects.items()):
        page, _, part = now.partition("#")
        target, place = out / file_of(page), out / file_of(old)
        if not target.is_file():
            raise SiteError(f"{FORM}: {old} leads to {now or '/'}, where no page is; correct it.")
        if part and part not in ANCHOR.findall(target.read_text("utf-8")):
            raise SiteError(f"{FORM}: {old} leads to {now}, and that page has no part {part!r}; correct it.")
        if place.is_file() and SIGN not in place.read_text("utf-8"):
            raise SiteError(f"{FORM}: {old} is a page of the site; take its line out, or rename the page.")
        write_text(place, _page(file_of(old), now, first))
        made.append(place)
    return made


def _page(file: str, now: str, first: str) -> str:
    """What stands at an old address: it leads on by itself, and says where to."""
    page, mark, part = now.partition("#")
    here = posixpath.dirname(file)
    link = posixpath.relpath(file_of(page), here or ".")
    link = escape(address_of(link) or "./", quote=True) + escape(mark + part, quote=True)
    style = posixpath.relpath("css/campus.css", here or ".")
    there = escape(f"{first}{now}", quote=True)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>This page has moved, PM Campus</title>
<meta name="description" content="This page has moved.">
<meta name="robots" content="noindex"><link rel="canonical" href="{escape(f"{first}{page}", quote=True)}">
{SIGN} content="0; url={link}">
<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="{style}"></head>
<body><main id="main" class="wrap"><div class="flow"><h1>This page has moved</h1>
<p>It is now at <a href="{link}">{there}</a>.</p></div></main></body></html>
"""


def published(root: Path) -> list[str]:
    """Every address that was recorded, below the first page."""
    path = root / ADDRESSES
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return [line.strip().removeprefix("/") for line in lines if line.strip() and not line.startswith("#")]


def record(root: Path, out: Path) -> int:
    """Write the addresses of a built site beside those recorded before; how many are new."""
    known = set(published(root))
    new = set(addresses(out)) - known
    if new:
        text = "".join(f"/{address}\n" for address in sorted(known | new))
        write_text(root / ADDRESSES, HEAD + text)
    return len(new)


def addresses(out: Path) -> Iterator[str]:
    """Addresses of a built site that people and machines rely on: pages, files, parts that others link to."""
    for name, text in _pages(out):
        yield address_of(name)
        if name.startswith("books/"):
            yield from (
                f"{address_of(name)}#{part}" for part in ANCHOR.findall(text) if ASKED.fullmatch(part)
            )
            continue
        for url in HREF.findall(text):
            there = lands(unescape(url), name)
            if there is None or not there[1] or there[0] == name:  # a page's own list of its parts may change
                continue
            if there[0].endswith(".html") and not there[0].startswith(ELSEWHERE):
                yield f"{address_of(there[0])}#{there[1]}"
    for pattern in FILES:
        for path in out.glob(pattern):
            if path.is_file() and path.suffix != ".html":
                yield path.relative_to(out).as_posix()


def _pages(out: Path) -> Iterator[tuple[str, str]]:
    """File and text of every page that is one."""
    for path in sorted(out.rglob("*.html")):
        name = path.relative_to(out).as_posix()
        if name == LOST or name.startswith(ELSEWHERE):
            continue
        text = path.read_text("utf-8")
        if SIGN not in text:
            yield name, text


def check(root: Path, out: Path) -> None:
    """Nothing, when every address ever published answers in this built site.

    Raises:
        SiteError: one does not, with what to do about it.
    """
    parts: dict[str, set[str]] = {}
    lost, cut = [], []
    for address in published(root):
        page, _, part = address.partition("#")
        path = out / file_of(page)
        if not path.is_file():
            lost.append(page)
        elif part:
            if page not in parts:
                text = path.read_text("utf-8")
                parts[page] = {part} if SIGN in text else set(ANCHOR.findall(text))
            if part not in parts[page]:
                cut.append(address)
    if lost:
        more = f" and {len(set(lost)) - 1} more" if len(set(lost)) > 1 else ""
        raise SiteError(
            f"{ADDRESSES}: /{lost[0]}{more} was published and nothing is there any more; write into {FORM} "
            f"where it is now, for example `{lost[0]}: {lost[0].partition('/')[0]}/`."
        )
    if cut:
        more = f" and {len(cut) - 1} more" if len(cut) > 1 else ""
        raise SiteError(
            f"{ADDRESSES}: /{cut[0]}{more} was published and the page has lost this part; give its heading "
            f"the old name again, with {{#{cut[0].partition('#')[2]}}} behind it."
        )
