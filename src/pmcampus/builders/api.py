"""The reference of the library: its docstrings as pages, one per file, in the campus colours."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pmcampus
from pmcampus.content import write_text
from pmcampus.errors import SiteError

PACKAGE = Path(pmcampus.__file__).parent
FOLDER = "api"
SECONDS = 300
# What furo's pages lack for a keyboard and a screen reader.
REPAIRS = (
    ("<pre>", '<pre tabindex="0">'),
    ('class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'),
    ('<aside class="announcement-content">', '<aside class="announcement-content" aria-label="PM Campus">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="All files">'),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
)
# Sphinx's own search and what only it needs; the campus has one search.
UNUSED = (
    ".buildinfo",
    "objects.inv",
    "search.html",
    "searchindex.js",
    "_sources",
    "_static/searchtools.js",
    "_static/language_data.js",
)


def build(root: Path, out: Path, *, work: Path | None = None, package: Path = PACKAGE) -> list[Path]:
    """The reference in `out/api`; gives every file written.

    Args:
        root: the content root, whose `site/api` holds Sphinx's configuration.
        out: the site's folder.
        work: a folder for what is written on the way; by default the one beside `out`.
        package: the folder of the package to describe.

    Raises:
        SiteError: Sphinx is missing, or warned about a docstring; its words are in the message.
    """
    source, built = (work or out.parent) / "api-src", (work or out.parent) / "api"
    for folder in (source, built):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_configuration(root), source)
    names = sorted(modules(package))
    for name in names:
        write_text(source / f"{name}.rst", page(name))
    write_text(source / "index.rst", (source / "index.rst").read_text("utf-8") + contents(names))
    _sphinx(source, built)
    for name in UNUSED:
        path = built / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for path in built.rglob("*.html"):
        path.write_text(repaired(path.read_text("utf-8")), "utf-8")
    target = out / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(built, target)
    return sorted(path for path in target.rglob("*") if path.is_file())


def modules(package: Path) -> Iterator[str]:
    """The dotted name of every file of the package that a program may import."""
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        if not any(part.startswith("_") for part in parts):
            yield ".".join(parts)


def page(name: str) -> str:
    """A file's page in reStructuredText."""
    title = f"``{name}``"
    return f"{title}\n{'=' * len(title)}\n\n.. automodule:: {name}\n"


def contents(names: list[str]) -> str:
    """The tables of contents: the package's own files, then each shelf."""
    shelves: dict[str, list[str]] = {}
    for name in names:
        parts = name.split(".")
        is_shelf = any(other.startswith(f"{name}.") for other in names)
        shelf = parts[1] if len(parts) > 2 or (is_shelf and len(parts) == 2) else ""
        shelves.setdefault(shelf, []).append(name)
    found = ""
    for shelf in sorted(shelves):
        found += f"\n.. toctree::\n   :caption: {shelf or 'The library'}\n   :maxdepth: 1\n\n"
        found += "".join(f"   {name}\n" for name in shelves[shelf])
    return found


def repaired(html: str) -> str:
    """A page of the reference that a keyboard and a screen reader can use."""
    for found, better in REPAIRS:
        html = html.replace(found, better)
    return html


def _configuration(root: Path) -> Path:
    """Sphinx's configuration: the content root's, or the one we come with."""
    here = Path(__file__).resolve()
    places = (root / "site" / FOLDER, here.parents[3] / "site" / FOLDER, here.parents[1] / "api_theme")
    for place in places:
        if (place / "conf.py").is_file():
            return place
    raise SiteError(f"{places[0]}: conf.py is missing. Restore the folder site/api.")


def _sphinx(source: Path, built: Path) -> None:
    """One build in which every warning is an error."""
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": "0",
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }
    doctrees = source.with_name("api-doctrees")
    shutil.rmtree(doctrees, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-b",
        "html",
        "-W",
        "--keep-going",
        "-q",
        "-d",
        str(doctrees),
        str(source),
        str(built),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise SiteError(f"Sphinx did not finish within {SECONDS} seconds. Build again.") from None
    if done.returncode:
        reasons = [line.strip() for line in done.stderr.splitlines() if "WARNING" in line or "ERROR" in line]
        raise SiteError(
            f"The reference cannot be built: {'; '.join(reasons[:8]) or done.stderr.strip()[-500:]}."
        )
