"""A module for a machine without network: its pages out of a built site, notebooks, data, what to install.

Links between what is in the bundle lead to files; links to the rest of the site lead to its address, or
nowhere when it has none. There is no search: its index is fetched by script, which browsers refuse for
pages that are opened from disk.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pmcampus.builders.portal_downloads import archive_name
from pmcampus.builders.site_map import address_of, lands
from pmcampus.model.tree import ModuleFolder
from pmcampus.pages import render

SITE = "site"
LOOK = ("css", "fonts", "img", "js/campus.js")
LINK = re.compile(r'\b(href|src)="([^"]*)"')
SEARCH = re.compile(r'<form class="search".*?</form>', re.DOTALL)
PRELOAD = re.compile(r'<link rel="preload"[^>]*>\n?')
CANONICAL = re.compile(r'<link rel="canonical"[^>]*>\n?')
DOWNLOAD = re.compile(r"(<a\b[^>]*?) download(?=[ >])")
WITHOUT_SEARCH = '<span class="small quiet">Copy for reading offline: no search</span>'


@dataclass(frozen=True)
class Bundle:
    """What goes into one bundle, by name below its folder."""

    folder: ModuleFolder
    files: Mapping[str, bytes]

    @property
    def name(self) -> str:
        """The folder it unpacks into."""
        return f"{self.folder.id}-{self.folder.form.value.version}-offline"


def offline_bundle(
    folder: ModuleFolder,
    built: Path,
    *,
    site: str | None,
    notebooks: Mapping[str, bytes],
    wheels: str,
    style: str,
) -> Bundle:
    """The module's bundle.

    Args:
        folder: the module.
        built: a built site with portal and lessons.
        site: the site's address for links that leave the bundle; None where it has none.
        notebooks: lessons, data and what belongs to them, by name.
        wheels: the list of what to install.
        style: the stylesheet of the bundle's first page.
    """
    held = {f"{SITE}/{name}": (built / name).read_bytes() for name in _names(folder, built)}
    for name in [name for name in held if name.endswith(".html")]:
        page = name.removeprefix(f"{SITE}/")
        text = held[name].decode()
        held[name] = _for_disk(text, page, folder, held, site).encode()
    held |= {f"notebooks/{name}": content for name, content in notebooks.items()}
    held["wheels.txt"] = wheels.encode()
    held["index.html"] = _first_page(folder, held, style).encode()
    return Bundle(folder, held)


def _names(folder: ModuleFolder, built: Path) -> Iterator[str]:
    """The site's files that belong into the bundle."""
    for part in (*LOOK, f"modules/{folder.id}", f"books/{folder.id}"):
        place = built / part
        for path in [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file()):
            yield path.relative_to(built).as_posix()


def _for_disk(text: str, page: str, folder: ModuleFolder, held: Mapping[str, bytes], site: str | None) -> str:
    """A page whose links work when it is opened from disk."""

    def link(found: re.Match[str]) -> str:
        there = _target(found[2], page, folder, held, site)
        return f'{found[1]}="{there}"' if there is not None else ""

    # A font fetched ahead is asked for across origins, which a page on disk does not have.
    text = PRELOAD.sub("", SEARCH.sub(WITHOUT_SEARCH, text))
    if site is None:
        text = CANONICAL.sub("", text)
    return DOWNLOAD.sub(r"\1", LINK.sub(link, text))


def _target(
    url: str, page: str, folder: ModuleFolder, held: Mapping[str, bytes], site: str | None
) -> str | None:
    """Where a link leads in the bundle, or on the web; None for nowhere."""
    landed = lands(url, page)
    if landed is None or url.startswith("#"):
        return url
    there, part = landed
    here, mark = posixpath.dirname(page), f"#{part}" if part else ""
    if there == f"downloads/{archive_name(folder)}":
        return f"{posixpath.relpath('.', here)}/../index.html#notebooks"
    if f"{SITE}/{there}" in held:
        return posixpath.relpath(there, here) + mark
    if site is None:
        return None
    query = f"?{urlsplit(url).query}" if urlsplit(url).query else ""
    return site + address_of(there) + query + mark


def _first_page(folder: ModuleFolder, held: Mapping[str, bytes], style: str) -> str:
    """What is here, and how to use it."""
    form = folder.form.value
    lessons = [
        {
            "code": f"{form.code}.{lesson.number}",
            "title": lesson.title,
            "minutes": lesson.minutes,
            "page": f"{SITE}/books/{folder.id}/{lesson.id}/index.html",
            "notebook": f"notebooks/lessons/{lesson.file}",
        }
        for lesson in form.lessons
        if f"{SITE}/books/{folder.id}/{lesson.id}/index.html" in held
    ]
    data = sorted(name for name in held if name.startswith("notebooks/data/"))
    return render(
        "offline.html",
        style=style,
        form=form,
        page=f"{SITE}/modules/{folder.id}/index.html",
        lessons=lessons,
        data=data,
    )
