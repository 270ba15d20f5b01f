"""The whole site: what is built again, what is left alone, and whether every link leads somewhere."""

import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from pmcampus import certificates
from pmcampus.builders.site_map import address_of
from pmcampus.errors import ContentError, SiteError
from pmcampus.model.certificate import Certificate, Claim, Finding, ItemProof, Survivor
from pmcampus.site import Built, build
from pmcampus.site.part import CODE, Part
from pmcampus.site.parts import PARTS
from tests.conftest import REPOSITORY

QUICK = ("portal", "map")
DAY = date(2026, 11, 24)
HOME = "https://learn.example.org/campus/"
STYLE_BUDGET = 12_000
PAGE_BUDGET = 60_000


@pytest.fixture
def root(own_curriculum: Path) -> Path:
    """The tiny curriculum with the repository's look, to change."""
    shutil.copytree(REPOSITORY / "site", own_curriculum / "site")
    (own_curriculum / "site" / "addresses.txt").unlink()  # those are the repository's
    shutil.copy(REPOSITORY / "mkdocs.yml", own_curriculum)
    return own_curriculum


def quick(root: Path, **more: object) -> Built:
    """The parts that need no other tool than mkdocs."""
    return build(root, root / "build" / "site", site_url=HOME, today=DAY, only=QUICK, **more)  # type: ignore[arg-type]


def fresh(built: Built) -> set[str]:
    """Names of the parts that were made again."""
    return {part.name for part in built.parts if part.fresh}


def test_parts_run_in_the_order_they_need() -> None:
    """Search, site map and the search for answers read what the others wrote."""
    assert [part.name for part in PARTS] == [
        "portal", "books", "api", "redirects", "search", "map", "addresses", "leaks",
    ]  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_code_that_makes_a_part_is_there(part: Part) -> None:
    """A name that no file has would leave the part as it is when its code changes."""
    assert [] == [pattern for pattern in part.code if not list(CODE.glob(pattern))]


def test_nothing_is_built_twice(root: Path) -> None:
    """The second build has nothing to do."""
    assert fresh(quick(root)) == {"portal", "map"}
    assert fresh(quick(root)) == set()


def test_a_site_that_gives_an_answer_away_is_not_finished(root: Path) -> None:
    """The page and the place are named; without the answer the same site is built."""
    page = root / "site" / "pages" / "extra.md"
    hidden = "right = [abs(share(a, b) - a / b) < 0.01 for a, b in [(9, 12), (1, 3), (0, 5), (7, 7)]]"
    page.write_text(f"# Extra\n\n```python\n{hidden}\n```\n", "utf-8")

    with pytest.raises(
        SiteError, match=r"assessments/counting: the built site gives answers away \(extra/index"
    ):
        build(root, root / "build" / "site", site_url=HOME, today=DAY, only=("portal", "leaks"))

    page.unlink()
    built = build(root, root / "build" / "site", site_url=HOME, today=DAY, only=("portal", "leaks"))
    assert fresh(built) == {"portal", "leaks"}


def test_a_certificate_is_shown_as_long_as_it_stands_for_the_content(root: Path) -> None:
    """With figures and waivers; for other content the page says that nothing is proved yet."""
    quick(root)
    page = root / "build/site/proofs/counting/index.html"
    assert "not proved yet" in page.read_text("utf-8")
    waived = Survivor(line=2, operator="number", was="a secret", becomes="another", waived="Both are right.")
    item = ItemProof(
        cell="share", title="A share", points=4, wrong=4, right=3, mutants=12, survivors=(waived,)
    )
    claim = Claim(says="It holds", holds=True, found=("a secret line",))
    made = Certificate(
        assessment="counting",
        title="Counting",
        version="1.0.0",
        digest=certificates.digest(root, "counting"),
        sandbox="full",
        findings=(Finding(proof="mutants", title="Small mistakes are caught", claims=(claim,)),),
        items=(item,),
        told=("a secret message",),
    )
    certificates.keep(certificates.folder_of(root), made)
    quick(root)
    text = page.read_text("utf-8")
    public = (root / "build/site/proofs/certificates/counting.json").read_text("utf-8")

    assert "Both are right." in text
    assert "Holds: It holds." in text
    assert "1.0.0" in (root / "build/site/proofs/index.html").read_text("utf-8")
    assert "secret" not in text + public

    (root / "assessments/counting/CHANGELOG.md").open("a").write("\n")
    quick(root)
    assert "not proved yet" in page.read_text("utf-8")


def test_a_changed_word_builds_the_portal_again(root: Path) -> None:
    """A new title reaches the page."""
    quick(root)
    form = root / "modules" / "first-steps" / "module.yaml"
    form.write_text(form.read_text("utf-8").replace("title: First steps", "title: The first steps"), "utf-8")

    assert "portal" in fresh(quick(root))
    assert "The first steps" in (root / "build/site/modules/first-steps/index.html").read_text("utf-8")


def test_a_lost_file_is_built_again(root: Path) -> None:
    """A record without its file is not believed."""
    built = quick(root)
    (built.out / "roadmap" / "index.html").unlink()

    assert fresh(quick(root)) == {"portal"}
    assert (built.out / "roadmap" / "index.html").is_file()


def test_pages_of_removed_content_go_and_other_parts_stay(root: Path) -> None:
    """A part cleans up after itself alone."""
    page = root / "site" / "pages" / "extra.md"
    page.write_text("# Extra\n", "utf-8")
    built = quick(root)
    book = built.out / "books" / "first-steps" / "index.html"
    book.parent.mkdir(parents=True)
    book.write_text("a lesson", "utf-8")
    page.unlink()
    quick(root)

    assert not (built.out / "extra" / "index.html").exists()
    assert book.read_text("utf-8") == "a lesson"


def test_progress_hears_each_part(root: Path) -> None:
    """Names come in order, as parts begin."""
    heard: list[str] = []
    quick(root, progress=heard.append)

    assert heard == ["Portal", "Site map"]


def test_a_faulty_form_stops_the_build_by_name(root: Path) -> None:
    """The message names form and line."""
    form = root / "modules" / "first-steps" / "module.yaml"
    form.write_text(form.read_text("utf-8").replace("status: pilot", "status: perfect"), "utf-8")

    with pytest.raises(ContentError, match=r"modules/first-steps/module.yaml:\d+"):
        quick(root)


def test_site_map_lists_every_page_under_the_given_address(root: Path) -> None:
    """Machines find every page but the one for lost readers."""
    built = quick(root)
    listed = re.findall("<loc>(.*?)</loc>", (built.out / "sitemap.xml").read_text("utf-8"))

    assert HOME in listed and f"{HOME}modules/first-steps/" in listed
    assert len(listed) == built.pages - 1  # all but 404.html
    assert f"Sitemap: {HOME}sitemap.xml" in (built.out / "robots.txt").read_text("utf-8")


def test_a_published_address_that_vanishes_stops_the_build_until_it_leads_on(root: Path) -> None:
    """The site is not finished while somebody's bookmark is broken."""
    parts = ("portal", "redirects", "map", "addresses")
    (root / "site" / "addresses.txt").write_text("/\n/guides/\n/guides/gone/\n", "utf-8")
    with pytest.raises(SiteError, match=r"/guides/gone/ was published"):
        build(root, root / "build" / "site", site_url=HOME, today=DAY, only=parts)

    (root / "site" / "redirects.yaml").write_text("redirects: {guides/gone/: guides/}\n", "utf-8")
    built = build(root, root / "build" / "site", site_url=HOME, today=DAY, only=parts)

    assert (built.out / "guides/gone/index.html").is_file()
    assert f"{HOME}guides/gone/" not in (built.out / "sitemap.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "address"),
    [("index.html", ""), ("a/index.html", "a/"), ("api/genindex.html", "api/genindex.html")],
)
def test_a_folders_own_page_goes_by_the_folder(name: str, address: str) -> None:
    """Only a file called index.html is left out of an address."""
    assert address_of(name) == address


def test_every_link_of_the_portal_leads_somewhere(root: Path) -> None:
    """Files and anchors exist, for links in pages and in templates."""
    assert broken_links(quick(root).out, elsewhere=("books/", "api/", "pagefind/")) == []


def test_every_page_has_a_title_a_description_and_one_first_heading(root: Path) -> None:
    """What a search engine shows, and what a screen reader reads first."""
    wrong = []
    for path in sorted(quick(root).out.rglob("*.html")):
        page = path.read_text("utf-8")
        counts = [page.count(part) for part in ("<title>", '<meta name="description" content="', "<h1")]
        if counts != [1, 1, 1] or 'content=""' in page or "<title></title>" in page:
            wrong.append((path.name, path.parent.name, counts))

    assert wrong == []


def test_pages_ask_nobody_else_for_anything(root: Path) -> None:
    """Styles, scripts and fonts are our own files."""
    assert [
        (page.name, found)
        for page in quick(root).out.rglob("*.html")
        for found in Page.read(page).loaded
        if urlsplit(found).scheme in ("http", "https") or found.startswith("//")
    ] == []


def test_the_stylesheet_stays_small() -> None:
    """The budget of the design holds."""
    import gzip

    style = (REPOSITORY / "site" / "theme" / "css" / "campus.css").read_bytes()

    assert len(gzip.compress(style, mtime=0)) < STYLE_BUDGET


class Page(HTMLParser):
    """A page's anchors, links and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = {"", "main"}
        self.links: list[str] = []
        self.loaded: list[str] = []

    @classmethod
    def read(cls, path: Path) -> "Page":
        """The page of a file."""
        page = cls()
        page.feed(path.read_text("utf-8"))
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element names."""
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag in ("a", "form"):
            self.links += [found[name] for name in ("href", "action") if name in found]
        elif tag == "link" and found.get("rel") != "canonical":
            self.loaded.append(found.get("href", ""))
        elif "src" in found:
            self.loaded.append(found["src"])


def broken_links(out: Path, *, elsewhere: tuple[str, ...] = ()) -> list[str]:
    """Links and loaded files that lead nowhere; `elsewhere` names parts that were not built."""
    pages = {p: Page.read(p) for p in sorted(out.rglob("*.html")) if "pagefind" not in p.parts}
    broken = []
    for path, page in pages.items():
        here = HOME + address_of(path.relative_to(out).as_posix())
        for link in (*page.links, *page.loaded):
            there = urlsplit(urljoin(here, link))
            if there.scheme not in ("http", "https") or not there.geturl().startswith(HOME):
                continue
            name = unquote(there.path.removeprefix(urlsplit(HOME).path))
            if name.startswith(elsewhere):
                continue
            target = out / name / "index.html" if name in ("", ".") or name.endswith("/") else out / name
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                broken.append(f"{path.relative_to(out)}: {link} leads to no file")
            elif target in pages and unquote(there.fragment) not in pages[target].anchors:
                broken.append(f"{path.relative_to(out)}: {link} leads to no anchor")
    return broken
