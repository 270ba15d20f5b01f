"""The map that TeSS and search engines read: own pages only, each with the day of its last change."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from pmcampus.builders.site_map import build
from pmcampus.files import write_text

FIRST = "https://learn.example.org/"
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A built site."""
    out = tmp_path / "site"
    for name, head, main in (
        ("index.html", f'<link rel="canonical" href="{FIRST}">', "Home"),
        ("modules/a/index.html", f'<link rel="canonical" href="{FIRST}modules/a/">', "Module & more"),
        ("old/index.html", f'<link rel="canonical" href="{FIRST}modules/a/">', "Moved"),
        ("hidden/index.html", '<meta name="robots" content="noindex">', "Hidden"),
        ("api/x.html", "", "Reference"),
        ("404.html", "", "Lost"),
    ):
        write_text(
            out / name, f"<html><head>{head}</head><body><nav>v1</nav><main>{main}</main></body></html>"
        )
    return out


def mapped(site: Path, day: date) -> dict[str, str]:
    """Addresses and days in the map."""
    record = site.parent / ".site" / "seen.json"
    build(site, sorted(site.rglob("*.html")), first=FIRST, record=record, today=day)
    root = etree.parse(site / "sitemap.xml").getroot()
    assert root.tag == f"{NS}urlset"
    for url in root:
        assert [etree.QName(part).localname for part in url] == ["loc", "lastmod"]
    return {url.findtext(f"{NS}loc").removeprefix(FIRST): url.findtext(f"{NS}lastmod") for url in root}


def test_only_pages_that_stand_for_themselves_are_listed(site: Path) -> None:
    """Neither one that leads on, nor one that asks not to be, nor the one for lost readers."""
    assert list(mapped(site, MONDAY)) == ["", "api/x.html", "modules/a/"]


def test_a_day_is_that_of_the_pages_own_last_change(site: Path) -> None:
    """A new menu around it is no change of the page."""
    mapped(site, MONDAY)
    home, module = site / "index.html", site / "modules/a/index.html"
    home.write_text(home.read_text("utf-8").replace("<nav>v1", "<nav>v2"), "utf-8")
    module.write_text(module.read_text("utf-8").replace("more", "less"), "utf-8")

    assert mapped(site, TUESDAY) == {"": "2026-11-23", "api/x.html": "2026-11-23", "modules/a/": "2026-11-24"}


def test_a_spoilt_record_is_a_build_from_nothing(site: Path) -> None:
    """Every page then counts as changed today."""
    mapped(site, MONDAY)
    (site.parent / ".site" / "seen.json").write_text("[", "utf-8")

    assert set(mapped(site, TUESDAY).values()) == {"2026-11-24"}


def test_crawlers_find_the_map(site: Path) -> None:
    """By its whole address."""
    mapped(site, MONDAY)

    assert f"Sitemap: {FIRST}sitemap.xml" in (site / "robots.txt").read_text("utf-8")
