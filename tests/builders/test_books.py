"""Books built by the real jupyter-book from a tiny curriculum, with the repository's own look."""

import filecmp
import gzip
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pmcampus.builders import books
from pmcampus.content import load_tree
from pmcampus.errors import SiteError
from tests.builders.lesson_samples import write_every_element
from tests.conftest import REPOSITORY, TWO_MODULES

THEME = REPOSITORY / "site" / "theme"
LESSON = "modules/first-steps/lessons/01-a-lesson.ipynb"
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "use"}


def content(folder: Path) -> Path:
    """The tiny curriculum, whose first lesson has every element."""
    root = Path(shutil.copytree(TWO_MODULES, folder / "root"))
    shutil.copy(REPOSITORY / "mkdocs.yml", root)
    write_every_element(root / LESSON)
    return root


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its books."""
    folder = tmp_path_factory.mktemp("books")
    books.build(load_tree(content(folder)), folder / "site", THEME, site="https://campus.test")
    return folder / "site"


@pytest.fixture(scope="module")
def page(site: Path) -> str:
    """The lesson with every element."""
    return (site / "books/first-steps/a-lesson/index.html").read_text("utf-8")


class Balance(HTMLParser):
    """Finds elements that are not closed, and ids given twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open."""
        self.ids += [value or "" for key, value in attrs if key == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open and close."""
        self.ids += [value or "" for key, value in attrs if key == "id"]

    def handle_endtag(self, tag: str) -> None:
        """Close."""
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(tag)


@pytest.mark.site
def test_each_written_lesson_and_each_book_has_a_page(site: Path) -> None:
    """A page, its notebook, and the book's first page."""
    found = sorted(
        p.relative_to(site / "books").as_posix() for p in (site / "books").rglob("*") if p.is_file()
    )

    assert [
        f"{module}-steps/{name}"
        for module in ("first", "second")
        for name in ("a-lesson/01-a-lesson.ipynb", "a-lesson/index.html", "index.html")
    ] == found


@pytest.mark.site
def test_a_page_is_well_formed_and_has_no_id_twice(page: str) -> None:
    """Every element is closed; every id is one place."""
    seen = Balance()
    seen.feed(page)

    assert ([], []) == (seen.open, seen.wrong)
    assert len(set(seen.ids)) == len(seen.ids)


@pytest.mark.site
def test_every_place_that_the_page_links_to_inside_itself_exists(page: str) -> None:
    """Words, sources, notes, checkpoints, parts."""
    places = set(re.findall(r'id="([^"]+)"', page))

    assert set(re.findall(r'href="#([^"]+)"', page)) <= places


@pytest.mark.site
@pytest.mark.parametrize(
    "part",
    [
        '<p class="lead">How many of the positive results are right?</p>',
        "Facts as of 24 November 2026",
        "<li>pandas 2.3</li>",
        '<h2 id="objectives">After this lesson you can</h2>',
        '<a class="term" href="#w-positive">positive</a>',
        '<details class="word" id="w-positive"><summary><b>positive</b>',
        '<sup><a href="#ref-1" aria-label="Reference 1">1</a></sup>',
        'doi 10.3390/jpm14060546</a>',
        "H<sub>2</sub>O",
        "10<sup>3</sup>",
        "<del>gone</del>",
        '<math xmlns="http://www.w3.org/1998/Math/MathML">',
        '<a href="#check-1">checkpoint 1</a>',
        '<abbr title="dihydropyrimidine dehydrogenase">DPD</abbr>',
        '<li id="note-1">',
        "<blockquote>",
        "<li>☑ done</li>",
        '<td class="n">3</td>',
        "<dt>word</dt>",
        '<input type="radio" name="decide-1"> <span><em>This</em> one</span>',
        '<div class="after"><p>Read on.</p>',
        '<dt>Licence</dt><dd>CC0</dd>',
        '<div class="note warn">',
        "<summary>More</summary>",
        '<input type="radio" name="tabs-1" class="b">Build',
        '<span class="c ask"># CHANGE ME</span>',
        "0.75",
        "<summary>Show a worked answer</summary>",
        '<th scope="col" class="n">n</th>',
        '<th scope="row">0</th><td>*1 &lt; *2</td><td class="n">1.50</td>',
        '<svg role="img" aria-label="A line."',
        "stroke:var(--dt)",
        "<b>Figure 1.</b> One <em>line</em>. <span class=\"sim\">",
        "Code of this figure (1 line)",
        "Show the result of cell 4",
        "Build track: show one solution (1 line)",
        '<h2 id="key-points">Key points</h2>',
        'href="01-a-lesson.ipynb" download',
        '<link rel="canonical" href="https://campus.test/books/first-steps/a-lesson/">',
        'data-pagefind-filter="kind:Lesson"',
    ],
)  # fmt: skip
def test_every_element_reaches_the_page(page: str, part: str) -> None:
    """What an author writes is what a reader gets."""
    assert part in page


@pytest.mark.site
def test_authors_remarks_and_pandas_styles_stay_behind(page: str) -> None:
    """Nothing passes that was not meant for readers."""
    assert not [
        word for word in ("a remark for authors", "<style", "onclick", "dataframe", "katex") if word in page
    ]


@pytest.mark.site
def test_a_page_asks_nobody_else_for_anything(page: str) -> None:
    """No script, style, picture or font from another place."""
    assert not re.findall(r'(?:src|<link rel="(?:stylesheet|preload)" href)="(?:https?:)?//', page)


@pytest.mark.site
def test_every_lesson_of_the_repository_is_light_and_made_the_same_twice(tmp_path: Path) -> None:
    """Under 60 kB compressed without raster figures; two builds are the same bytes."""
    tree = load_tree(REPOSITORY)
    first = books.build(tree, tmp_path / "one" / "site", THEME)
    second = books.build(tree, tmp_path / "two" / "site", THEME)

    pages = [path for path in first if path.suffix == ".html"]
    assert pages
    assert [] == [p for p in pages if len(gzip.compress(p.read_bytes(), 6)) >= 60_000]
    assert all(filecmp.cmp(a, b, shallow=False) for a, b in zip(first, second, strict=True))


@pytest.mark.site
def test_what_no_lesson_makes_any_more_is_removed(tmp_path: Path) -> None:
    """A lesson that was taken away leaves no page; the shelf's own page is the portal's and stays."""
    left = tmp_path / "site" / "books" / "first-steps" / "gone" / "index.html"
    left.parent.mkdir(parents=True)
    left.write_text("old")
    shelf = tmp_path / "site" / "books" / "index.html"
    shelf.write_text("the portal's")
    books.build(load_tree(content(tmp_path)), tmp_path / "site", THEME)

    assert not left.exists()
    assert shelf.read_text() == "the portal's"


@pytest.mark.site
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("{cite:p}`nobody2020`", "nobody2020"),
        ("{term}`nonsense`", "nonsense"),
        ("[x](09-none.ipynb)", "09-none.ipynb"),
    ],
)
def test_what_leads_nowhere_stops_the_build_and_is_named(tmp_path: Path, words: str, reason: str) -> None:
    """An unknown source, word or lesson."""
    root = content(tmp_path)
    lesson = root / LESSON
    lesson.write_text(lesson.read_text("utf-8").replace("Folded.", words), "utf-8")

    with pytest.raises(SiteError, match=reason):
        books.build(load_tree(root), tmp_path / "site", THEME)


def test_a_curriculum_without_lessons_has_no_books(tmp_path: Path) -> None:
    """And needs no jupyter-book."""
    root = content(tmp_path)
    for lesson in root.glob("modules/*/lessons/*.ipynb"):
        lesson.unlink()

    assert [] == books.build(load_tree(root), tmp_path / "site", THEME)


@pytest.mark.parametrize(
    ("url", "page", "seen"),
    [
        ("css/campus.css", "books/m/l/", "../../../css/campus.css"),
        (".", "books/m/", "../../"),
        ("about/#review", "books/m/l/", "../../../about/#review"),
        ("#main", "books/m/l/", "#main"),
        ("https://doi.org/10.1/x", "books/m/l/", "https://doi.org/10.1/x"),
        (".", "", "./"),
    ],
)
def test_addresses_are_relative_to_the_page(url: str, page: str, seen: str) -> None:
    """The site works from any folder of a server."""
    assert seen == books.relative(url, page)


def test_a_missing_configuration_says_what_to_restore(tmp_path: Path) -> None:
    """One sentence with the file."""
    with pytest.raises(SiteError, match=r"mkdocs\.yml: the site's configuration is missing"):
        books.configuration(tmp_path / "mkdocs.yml", None)
