"""The books: one page per written lesson and one per module, in the portal's own look.

jupyter-book reads the lessons' words and gives syntax trees; pages are ours, and show the outputs
stored in the notebooks. Nothing is run and nothing is fetched.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context

from pmcampus.builders.book_project import LessonTree, Library, read, stage, written
from pmcampus.builders.lesson_page import LessonPage, lesson_page
from pmcampus.builders.structured_data import as_script, lesson_resource
from pmcampus.content import site_folder
from pmcampus.errors import SiteError
from pmcampus.files import write_bytes, write_text
from pmcampus.forms import LOADER
from pmcampus.model.tree import ModuleFolder, Tree
from pmcampus.pages import plain_date

ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


def build(
    tree: Tree, out: Path, theme: Path, *, work: Path | None = None, site: str | None = None
) -> list[Path]:
    """The books in `out/books`; gives every file written.

    Args:
        tree: the content.
        out: the site's folder.
        theme: our templates.
        work: a folder for what is written on the way; by default the one beside `out`.
        site: the address of the first page, for canonical links; by default the one in mkdocs.yml.

    Raises:
        SiteError: a lesson uses something that pages do not show, or jupyter-book refused.
    """
    shelf = out / "books"
    if not any(written(tree)):
        for folder in sorted(p for p in shelf.glob("*") if p.is_dir()):
            shutil.rmtree(folder, ignore_errors=True)
        return []
    project = (work or out.parent) / "books-src"
    stage(tree, project, site_folder(tree.root, "books"))
    library = read(tree, project)
    config = configuration(tree.root / "mkdocs.yml", site)
    environment = _environment(theme)
    files: list[Path] = []
    for one in library.lessons:
        files += _lesson(one, library, tree, shelf, environment, config)
    for module in dict.fromkeys(one.module.id for one in library.lessons):
        files.append(_book(tree.modules[module], library, shelf, environment, config))
    # The shelf's own page, books/index.html, is the portal's.
    for stale in sorted({p for p in shelf.glob("*/**/*") if p.is_file()} - set(files)):
        stale.unlink()
    return sorted(files)


def configuration(path: Path, site: str | None) -> Mapping[str, Any]:
    """What the portal's templates read of mkdocs.yml."""
    if not path.is_file():
        raise SiteError(f"{path}: the site's configuration is missing. Restore mkdocs.yml.")
    found = yaml.load(path.read_text("utf-8"), LOADER) or {}
    return {
        "site_name": found.get("site_name", "PM Campus"),
        "site_url": (site or str(found.get("site_url") or "")).rstrip("/") + "/",
        "extra": {"nav": []} | (found.get("extra") or {}),
    }


def relative(url: str, page: str) -> str:
    """An address below the first page, seen from another page."""
    if ELSEWHERE.match(url):
        return url
    up = "../" * page.count("/")
    return f"{up}{'' if url in ('.', '') else url}" or "./"


def _environment(theme: Path) -> Environment:
    """Our templates with the `url` filter that mkdocs gives them."""
    environment = Environment(loader=FileSystemLoader(theme))

    @pass_context
    def url(context: Context, value: str) -> str:
        return relative(value, context["page"].url)

    environment.filters["url"] = url
    return environment


def _page(url: str, title: str, meta: Mapping[str, Any], content: str, config: Mapping[str, Any]) -> Any:
    """The page object that templates expect."""
    address = config["site_url"]
    return SimpleNamespace(
        url=url,
        title=title,
        meta=dict(meta),
        content=content,
        is_homepage=False,
        canonical_url=f"{address}{url}" if len(address) > 1 else None,
    )


def _lesson(
    one: LessonTree,
    library: Library,
    tree: Tree,
    shelf: Path,
    environment: Environment,
    config: Mapping[str, Any],
) -> list[Path]:
    """Write one lesson: its page, its pictures, its notebook."""
    made: LessonPage = lesson_page(
        one, library, tree.glossary.value.terms, lambda url: relative(url, one.url)
    )
    form, first = one.module.form.value, config["site_url"]
    data = {
        **made.meta["jsonld"],
        **lesson_resource(
            form, one.lesson, page=f"{first}{one.url}", module=f"{first}modules/{one.module.id}/"
        ),
    }
    page = _page(
        one.url,
        f"{one.code} {one.lesson.title}",
        {**made.meta, "jsonld": as_script(data)},
        made.content,
        config,
    )
    html = environment.get_template("lesson.html").render(page=page, config=config, lesson=one.lesson)
    folder = shelf / one.module.id / one.lesson.id
    write_text(folder / "index.html", html)
    for name, raw in made.files.items():
        write_bytes(folder / name, raw)
    target = folder / one.lesson.file
    shutil.copyfile(tree.root / one.notebook.path, target)
    return [folder / "index.html", *(folder / name for name in made.files), target]


def _book(
    module: ModuleFolder, library: Library, shelf: Path, environment: Environment, config: Mapping[str, Any]
) -> Path:
    """Write a book's first page: its lessons with what one can do after each."""
    form = module.form.value
    pages = {one.lesson.file: one for one in library.of(module)}
    meta = {
        "area": form.area,
        "section": "modules",
        "language": form.language,
        "code": form.code,
        "description": f"The lessons of {form.title}: {form.summary}",
        "module": {"id": module.id, "code": form.code, "title": form.title, "url": f"modules/{module.id}/"},
        "summary": form.summary,
        "minutes": sum(one.lesson.minutes for one in pages.values()),
        "facts_as_of": plain_date(form.facts_valid_as_of),
        "reviewed_by": form.clinical_review.reviewed_by,
        "lessons": [
            {
                "code": f"{form.code}.{lesson.number}",
                "title": lesson.title,
                "summary": lesson.summary,
                "minutes": lesson.minutes,
                "data": lesson.data,
                "objectives": list(lesson.objectives),
                "url": pages[lesson.file].url if lesson.file in pages else "",
            }
            for lesson in form.lessons
        ],
    }
    page = _page(f"books/{module.id}/", f"{form.title}: lessons", meta, "", config)
    target = shelf / module.id / "index.html"
    write_text(target, environment.get_template("lesson_book.html").render(page=page, config=config))
    return target
