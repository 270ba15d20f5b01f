"""The reference of the library: its docstrings as pages, one per file or shelf, in the campus colours."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pmcampus
from pmcampus.builders.tool import call
from pmcampus.content import site_folder
from pmcampus.errors import SiteError
from pmcampus.files import write_text

PACKAGE = Path(pmcampus.__file__).parent
FOLDER = "api"
SECONDS = 300
# Shelves whose files are found by listing them and are not for calling one by one: rules have pages of
# their own on the site, and a builder is called by the site's job. Their entrance is described.
INNER_SHELVES = frozenset({"builders", "lint"})
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
    shutil.copytree(site_folder(root, FOLDER), source)
    described = pages(list(modules(package)))
    for title, names in described.items():
        write_text(source / f"{title}.rst", page(title, names))
    write_text(source / "index.rst", (source / "index.rst").read_text("utf-8") + contents(described))
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
        in_package = (path.parent / "__init__.py").is_file()  # Sphinx's conf.py lies in a folder beside
        inner = len(parts) > 2 and parts[1] in INNER_SHELVES
        if in_package and not inner and not any(part.startswith("_") for part in parts):
            yield ".".join(parts)


def pages(names: list[str]) -> dict[str, list[str]]:
    """Page to the files it describes: a file of its own, or a whole shelf.

    Furo draws the whole contents on every page, so its time grows with the square of their number.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        found.setdefault(".".join(name.split(".")[:2]), []).append(name)
    return found


def page(title: str, names: list[str]) -> str:
    """A page in reStructuredText; a shelf's files are its sections."""
    heading = f"``{title}``"
    text = f"{heading}\n{'=' * len(heading)}\n"
    for name in names:
        if name != title:
            text += f"\n``{name}``\n{'-' * (len(name) + 4)}\n"
        text += f"\n.. automodule:: {name}\n"
    return text


def contents(titles: Iterable[str]) -> str:
    """The table of contents."""
    return "\n.. toctree::\n   :caption: The library\n   :maxdepth: 1\n\n" + "".join(
        f"   {title}\n" for title in sorted(titles)
    )


def repaired(html: str) -> str:
    """A page of the reference that a keyboard and a screen reader can use."""
    for found, better in REPAIRS:
        html = html.replace(found, better)
    return html


def _sphinx(source: Path, built: Path) -> None:
    """One build in which every warning is an error."""
    environment = {"SOURCE_DATE_EPOCH": "0", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "COLUMNS": "120"}
    doctrees = source.with_name("api-doctrees")
    shutil.rmtree(doctrees, ignore_errors=True)
    done = call(
        "sphinx",
        *("-b", "html", "-W", "--keep-going", "-q", "-d", str(doctrees), str(source), str(built)),
        seconds=SECONDS,
        environment=environment,
    )
    if done.returncode:
        reasons = [line.strip() for line in done.stderr.splitlines() if "WARNING" in line or "ERROR" in line]
        raise SiteError(
            f"The reference cannot be built: {'; '.join(reasons[:8]) or done.stderr.strip()[-500:]}. "
            "Correct the docstring it names."
        )
