"""Renamed pages lead on, and every address that was ever published still answers."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.builders import redirects
from pmcampus.builders.redirects import ADDRESSES, FORM, addresses, check, load_redirects, published, record
from pmcampus.builders.site_map import address_of, file_of, lands
from pmcampus.errors import ContentError, SiteError
from pmcampus.files import write_text
from tests.conftest import served

FIRST = "https://learn.example.org/campus/"
NEW = (
    '<h1 id="top">New</h1><h2 id="part">A part</h2>'
    '<a href="#top">up</a><a href="../../modules/a/#outcomes">a</a>'
)


@pytest.fixture
def campus(tmp_path: Path) -> Path:
    """A root with a built site of five pages, one of them of the reference."""
    out = tmp_path / "build" / "site"
    for name, text in (
        ("index.html", '<a href="guides/new/#part">x</a><a href="https://example.org/#y">y</a>'),
        ("guides/new/index.html", NEW),
        ("modules/a/index.html", '<h1 id="outcomes">A</h1>'),
        ("books/a/one/index.html", '<h2 id="say-it">Say it</h2><h2 id="other">Other</h2>'),
        ("api/index.html", '<a href="x.html#y">api</a>'),
        ("404.html", "lost"),
        ("schemas/module.schema.json", "{}"),
        ("releases/index.json", "{}"),
        ("releases/modules/a/1.0.0/learner.zip", ""),
        ("css/campus.css", ""),
    ):
        write_text(out / name, text)
    return tmp_path


def out(root: Path) -> Path:
    """Its built site."""
    return root / "build" / "site"


def redirect(root: Path, *lines: str) -> None:
    """Its form of redirects."""
    write_text(root / FORM, "redirects:\n" + "".join(f"  {line}\n" for line in lines))


def built(root: Path) -> list[Path]:
    """Its pages at old addresses."""
    return redirects.build(out(root), load_redirects(root), first=FIRST)


def test_an_old_address_leads_on_without_a_script(campus: Path) -> None:
    """By itself, for search engines, and by a link for everybody else."""
    redirect(campus, "guides/old/: guides/new/")
    (page,) = built(campus)
    text = page.read_text("utf-8")

    assert page == out(campus) / "guides/old/index.html"
    assert '<meta http-equiv="refresh" content="0; url=../new/">' in text
    assert f'<link rel="canonical" href="{FIRST}guides/new/">' in text
    assert f'<a href="../new/">{FIRST}guides/new/</a>' in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("old/: ''", 'url=../"'),
        ("a/b/old/: guides/new/#part", 'url=../../../guides/new/#part"'),
        ("old.html: guides/new/", 'url=guides/new/"'),
        ("guides/old.html: modules/a/", 'url=../modules/a/"'),
    ],
)
def test_links_fit_the_depth_of_the_old_page(campus: Path, line: str, link: str) -> None:
    """So that a site may stand at any address."""
    redirect(campus, line)

    assert link in built(campus)[0].read_text("utf-8")


@pytest.mark.browser
def test_a_browser_without_scripts_arrives(browser: Any, campus: Path) -> None:
    """At the part that was named."""
    redirect(campus, "guides/old/: guides/new/#part")
    built(campus)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with served(out(campus)) as address:
        page.goto(f"{address}guides/old/")
        page.wait_for_url("**/guides/new/#part")
        assert page.url == f"{address}guides/new/#part"
    context.close()


def test_a_page_that_moved_twice_leads_to_its_last_place(campus: Path) -> None:
    """Nobody is sent from door to door."""
    redirect(campus, "one/: two/", "two/: guides/new/")

    assert load_redirects(campus) == {"one/": "guides/new/", "two/": "guides/new/"}


@pytest.mark.parametrize("lines", [("a/: a/",), ("a/: b/", "b/: c/", "c/: a/")])
def test_addresses_that_lead_in_a_circle_are_refused(campus: Path, lines: tuple[str, ...]) -> None:
    """With the circle."""
    redirect(campus, *lines)

    with pytest.raises(SiteError, match="a/ leads to"):
        load_redirects(campus)


@pytest.mark.parametrize(
    "old", ["/guides/old/", "../old/", "https://x.org/", "guides/old", "old.zip", "a//b/"]
)
def test_an_address_of_the_wrong_form_is_refused_with_its_line(campus: Path, old: str) -> None:
    """Nothing is ever written outside the site."""
    redirect(campus, f'"{old}": guides/new/')

    with pytest.raises(ContentError, match=r"site/redirects\.yaml:2"):
        load_redirects(campus)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("old/: nowhere/", "where no page is"),
        ("old/: guides/new/#gone", "has no part 'gone'"),
        ("modules/a/: guides/new/", "is a page of the site"),
    ],
)
def test_a_redirect_that_cannot_be_true_stops_the_build(campus: Path, line: str, says: str) -> None:
    """To nowhere, to a part that is not there, or over a page."""
    redirect(campus, line)

    with pytest.raises(SiteError, match=says):
        built(campus)


def test_building_again_changes_nothing(campus: Path) -> None:
    """An old address's own page is not taken for a page of the site."""
    redirect(campus, "guides/old/: guides/new/")

    assert built(campus)[0].read_bytes() == built(campus)[0].read_bytes()


def test_pages_files_and_linked_parts_are_recorded(campus: Path) -> None:
    """Not the reference, not the page for lost readers, not a page that only leads on."""
    redirect(campus, "guides/old/: guides/new/")
    built(campus)

    assert sorted(set(addresses(out(campus)))) == [
        "",
        "books/a/one/",
        "books/a/one/#say-it",
        "guides/new/",
        "guides/new/#part",
        "modules/a/",
        "modules/a/#outcomes",
        "releases/index.json",
        "releases/modules/a/1.0.0/learner.zip",
        "schemas/module.schema.json",
    ]


def test_recording_adds_and_never_takes_away(campus: Path) -> None:
    """A page that is gone stays on the list."""
    assert record(campus, out(campus)) == 10
    (out(campus) / "guides/new/index.html").unlink()
    write_text(out(campus) / "guides/newer/index.html", NEW)

    assert record(campus, out(campus)) == 1
    assert {"guides/new/", "guides/newer/"} <= set(published(campus))
    assert record(campus, out(campus)) == 0
    assert (campus / ADDRESSES).read_text("utf-8").startswith("# Every address")


def test_a_site_with_all_its_addresses_passes(campus: Path) -> None:
    """As recorded; without a record there is nothing to keep."""
    check(campus, out(campus))
    record(campus, out(campus))
    check(campus, out(campus))


def test_an_address_that_would_vanish_stops_the_build_until_it_leads_on(campus: Path) -> None:
    """In one sentence, with the file and the line to write."""
    record(campus, out(campus))
    (out(campus) / "guides/new").rename(out(campus) / "guides/newest")
    with pytest.raises(SiteError, match=r"/guides/new/ was published.*redirects.yaml") as refused:
        check(campus, out(campus))
    assert str(refused.value).count("\n") == 0

    redirect(campus, "guides/new/: guides/newest/")
    built(campus)
    check(campus, out(campus))


def test_a_part_that_would_vanish_stops_the_build(campus: Path) -> None:
    """A redirect cannot see it: browsers keep it to themselves. The heading keeps its name."""
    record(campus, out(campus))
    write_text(out(campus) / "modules/a/index.html", '<h1 id="aims">A</h1>')

    with pytest.raises(SiteError, match=r"/modules/a/#outcomes was published and the page has lost"):
        check(campus, out(campus))


def test_a_lost_archive_of_a_release_stops_the_build(campus: Path) -> None:
    """What was released stays where adopters fetch it."""
    record(campus, out(campus))
    (out(campus) / "releases/modules/a/1.0.0/learner.zip").unlink()

    with pytest.raises(SiteError, match=r"learner\.zip was published and nothing is there"):
        check(campus, out(campus))


@pytest.mark.parametrize(
    ("url", "page", "there"),
    [
        ("../b/", "a/index.html", ("b/index.html", "")),
        ("../b/#c", "a/index.html", ("b/index.html", "c")),
        ("#c", "a/index.html", ("a/index.html", "c")),
        ("..", "a/b/index.html", ("a/index.html", "")),
        (".", "index.html", ("index.html", "")),
        ("x.zip", "a/index.html", ("a/x.zip", "")),
        ("../../x", "a/index.html", None),
        ("https://example.org/", "a/index.html", None),
        ("mailto:a@example.org", "index.html", None),
    ],
)
def test_a_link_lands_where_a_browser_goes(url: str, page: str, there: tuple[str, str] | None) -> None:
    """Files by name, folders by their own page."""
    assert lands(url, page) == there


@given(st.lists(st.sampled_from(["a", "b-c", "d.e"]), max_size=4), st.sampled_from(["index.html", "x.html"]))
def test_a_file_and_its_address_belong_together(folders: list[str], file: str) -> None:
    """One leads to the other and back."""
    name = "/".join([*folders, file])

    assert file_of(address_of(name)) == name
