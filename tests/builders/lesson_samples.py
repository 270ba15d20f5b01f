"""Small drafts of pages, and one notebook with every element a lesson may use."""

# ruff: noqa: E501  # stored markup is one element a line

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pmcampus.builders.book_project import LessonTree, Library, Node
from pmcampus.builders.lesson_draft import Draft
from pmcampus.builders.lesson_page import MAKERS
from pmcampus.content import load_tree
from pmcampus.model.notebook import Cell
from tests.conftest import TWO_MODULES

TABLE = """<div><style scoped>.dataframe tbody tr th {vertical-align: top;}</style>
<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>star</th><th>n</th></tr></thead>
<tbody><tr><th>0</th><td>*1 &lt; *2</td><td>1.50</td></tr><tr><th>1</th><td>*2</td><td>200.25</td></tr></tbody>
</table></div>"""
SVG = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="356pt" height="234pt" viewBox="0 0 356 234"
 xmlns="http://www.w3.org/2000/svg" version="1.1"><metadata>who</metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style></defs>
 <g id="figure_1"><path id="used" d="M 1.23456 2
L 3 4" style="fill: none; stroke: #3a7cc4"/><use xlink:href="#used" x="1" style="stroke: #1f1923"/>
 <text style="font: bold 11px 'Atkinson', sans-serif; fill: #4a4350" x="1" onclick="no()">a &lt; b</text></g>
 <g clip-path="url(#clip)"/><defs><clipPath id="clip"><rect width="3" height="3"/></clipPath></defs></svg>"""


def text(words: str) -> dict[str, Any]:
    """A text node."""
    return {"type": "text", "value": words}


def node(kind: str, /, *children: Node | str, **fields: Any) -> dict[str, Any]:
    """A node around others; words become text nodes."""
    inner = [text(child) if isinstance(child, str) else dict(child) for child in children]
    return {"type": kind, "children": inner, **fields}


def code_cell(source: str, *outputs: Any, tags: tuple[str, ...] = (), **metadata: Any) -> Cell:
    """A stored code cell."""
    made = new_code_cell(
        source, id="a-cell", metadata={"tags": list(tags), **metadata}, outputs=list(outputs)
    )
    return Cell(1, 1, made)


def prints(words: str, name: str = "stdout") -> Any:
    """A stored print."""
    return new_output("stream", name=name, text=words)


def shows(**data: str) -> Any:
    """A stored result: `text_html`, `text_plain`, `image_svg`."""
    kinds = {
        "text_html": "text/html",
        "text_plain": "text/plain",
        "image_svg": "image/svg+xml",
        "image_png": "image/png",
    }
    return new_output("display_data", {kinds[key]: value for key, value in data.items()})


def draft(*blocks: Node, cells: tuple[Cell, ...] = ()) -> Draft:
    """A page under way in the tiny curriculum, for these nodes and code cells."""
    tree = load_tree(TWO_MODULES)
    module = tree.modules["first-steps"]
    lesson = module.form.value.lessons[0]
    notebook = replace(module.lessons[lesson.file], cells=cells)
    known = {
        "cinti2024": {"html": 'Cinti C &amp; others. <i>J</i>. <a href="https://doi.org/10.1/x">10.1/x</a>'}
    }
    one = LessonTree(module, lesson, notebook, node("root", *blocks), known)
    library = Library((one,), {"/a-lesson": one.url}, {"term-positive": "positive"})
    return Draft(one, library, tree.glossary.value.terms, MAKERS, lambda url: f"../../../{url}")


def every_element() -> Any:
    """A notebook with each element of the guide for authors."""
    cells = [
        new_markdown_cell(
            "# A shared word\n\n**How many of the positive results are right?**\n\n"
            "30 minutes · facts valid as of 24 November 2026 · pandas 2.3 · competency T1 (a shared language)\n\n"
            "After this lesson you can\n\n1. Compute a share from two counts.\n2. Say what it needs.\n",
            id="title",
        ),
        new_markdown_cell(
            "## The numbers\n\nA {term}`positive` result {cite:p}`cinti2024` is not an answer. {cite:t}`cinti2024` says so.\n\n"
            "*Gene*, **bold**, `code`, H{sub}`2`O, 10{sup}`3`, {del}`gone`, $E = mc^2$. See [the other](../../second-steps/lessons/01-a-lesson.ipynb)\\\n"
            "and {ref}`t01-1-check-1`, {abbr}`DPD (dihydropyrimidine dehydrogenase)`. Note.[^1]\n\n[^1]: A footnote.\n\n"
            "$$\na = \\frac{1}{2}\n$$\n\n"
            "> quoted\n\n- [ ] open\n- [x] done\n\n---\n\n| group | n |\n|:--|--:|\n| one | 3 |\n\nword\n: its meaning\n\n"
            "```python\nprint(1)  # in the text\n```\n\n% a remark for authors\n",
            id="numbers",
        ),
        new_markdown_cell(
            ":::{admonition} Commit before you scroll\n:class: decide\nWhich?\n\n- *This* one\n- That one\n\nRead on.\n:::\n\n"
            ":::{admonition} Data card: counts\n:class: datacard\n**SIMULATED**\n\n- Made by: seed 3\n- Licence: CC0\n:::\n\n"
            ":::{note}\nA note.\n:::\n\n:::{warning}\nA warning.\n:::\n\n:::{dropdown} More\nFolded.\n:::\n\n"
            "::::{tab-set}\n:::{tab-item} Guided\nChange it.\n:::\n:::{tab-item} Build\nWrite it.\n:::\n::::\n",
            id="boxes",
        ),
        new_code_cell("right, n = 9, 12  # CHANGE ME\nprint(right / n)", id="share", outputs=[prints("0.75\n")]),
        new_markdown_cell(
            ":::{exercise}\n:label: t01-1-check-1\n**Checkpoint 1.** Which?\n:::\n\n"
            ":::{solution} t01-1-check-1\n:class: dropdown\nThis one.\n:::", id="check",
        ),
        new_code_cell("frame", id="frame", outputs=[shows(text_html=TABLE, text_plain="x")]),
        new_markdown_cell("### Below\n\nThen:", id="then"),
        new_code_cell(
            "plot()", id="plot", outputs=[shows(image_svg=SVG, text_plain="<Figure>")],
            metadata={"tags": ["hide-input"], "alt": "A line.", "caption": "One *line*. SIMULATED: drawn."},
        ),
        new_markdown_cell("The result, and a solution:", id="last"),
        new_code_cell("print(2)", id="reveal", outputs=[prints("2\n")], metadata={"tags": ["hide-output"]}),
        new_markdown_cell("Build track:", id="track"),
        new_code_cell("print(3)", id="build", outputs=[prints("3\n")], metadata={"tags": ["hide-input", "build-track"]}),
        new_markdown_cell(":::{admonition} Key points\n:class: keys\n- A share needs its denominator.\n:::\n", id="keys"),
        new_markdown_cell("For education, not for clinical use. Not yet clinically reviewed.", id="end"),
    ]  # fmt: skip
    return new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )


def write_every_element(path: Path) -> None:
    """Put that notebook where a lesson is."""
    nbformat.write(every_element(), path)
