"""Released versions on the site: pages, files, index and feed; and what is never there."""

import hashlib
import json
import re
import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from lxml import etree

from pmcampus.archive import pack
from pmcampus.builders.feed import feed
from pmcampus.builders.portal_releases import Shelf, bibtex, changes, release_files, releases_page
from pmcampus.content import load_tree
from pmcampus.errors import ReleaseError, SiteError
from pmcampus.files import write_bytes
from pmcampus.model.release import Index, Kind, Manifest, Step
from pmcampus.site import build
from pmcampus.site.part import Site
from pmcampus.site.parts import released_versions
from tests.builders.released import CHANGELOG, put_release
from tests.conftest import REPOSITORY, TWO_MODULES

HOME = "https://learn.example.org/campus/"
ATOM = "{http://www.w3.org/2005/Atom}"
HIDDEN = "right = [abs(share(a, b) - a / b) < 0.01 for a, b in [(9, 12), (1, 3), (0, 5), (7, 7)]]"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny curriculum with the repository's look, built; nothing is released."""
    return built(campus(tmp_path_factory.mktemp("empty")))


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With three releases: two of a module whose form is newer, one of its assessment; built."""
    root = campus(tmp_path_factory.mktemp("released"))
    put_releases(root)
    form = root / "modules/first-steps/module.yaml"
    put_release(root, Kind.MODULE, "first-steps", "0.1.0", day=date(2026, 9, 1))
    assert "version: 1.0.0" in form.read_text("utf-8")
    return built(root)


def campus(place: Path) -> Path:
    """A copy to change."""
    root = place / "campus"
    shutil.copytree(TWO_MODULES, root)
    shutil.copytree(REPOSITORY / "site", root / "site")
    shutil.copy(REPOSITORY / "mkdocs.yml", root)
    return root


def put_releases(root: Path) -> None:
    """Two versions of a module, one of its assessment."""
    put_release(root, Kind.MODULE, "second-steps", "0.9.0", day=date(2026, 10, 1))
    put_release(root, Kind.MODULE, "second-steps", "1.0.0", day=date(2026, 11, 2), step=Step.MAJOR)
    put_release(root, Kind.ASSESSMENT, "counting", "1.0.0", day=date(2026, 11, 2))


def built(root: Path) -> Path:
    """The root, with its portal built."""
    build(root, root / "build" / "site", site_url=HOME, today=date(2026, 11, 25), only=("portal",))
    return root


def shelf_of(root: Path) -> Shelf:
    """What the site's job hands to the portal."""
    return released_versions(Site(root, root / "build/site", load_tree(root), HOME, date(2026, 11, 25)))


def page(root: Path, name: str) -> str:
    """A page of the built site."""
    return (root / "build" / "site" / name / "index.html").read_text("utf-8")


def test_without_a_release_the_pages_say_so(empty: Path) -> None:
    """Plainly, with the version as it stands; index and feed are there and empty."""
    out = empty / "build/site"

    for name in ("modules/second-steps", "proofs/counting"):
        assert "Not yet released." in page(empty, name)
        assert "version 1.0.0 as it stands" in page(empty, name)
    assert "Nothing is released yet" in page(empty, "releases")
    assert Index.model_validate_json((out / "releases/index.json").read_bytes()).releases == ()
    assert etree.parse(out / "releases/feed.xml").findall(f"{ATOM}entry") == []


def test_a_module_shows_its_versions_newest_first(released: Path) -> None:
    """With date, what the number promises, changes, both digests, archive, and how to cite."""
    text = page(released, "modules/second-steps")
    new, old = text.index("1.0.0, 2 November 2026"), text.index("0.9.0, 1 October 2026")
    place = released / "releases/modules/second-steps/1.0.0"

    assert new < old
    assert "Major: a verdict" in text[new:old] and "First release." in text[old:]
    assert "A share of twelve, not of ten; said twice in the lesson." in text
    for file in ("manifest.json", "learner.zip"):
        assert hashlib.sha256((place / file).read_bytes()).hexdigest() in text[new:old]
        assert f'href="../../releases/modules/second-steps/1.0.0/{file}"' in text
    assert "PM Campus authors (2026). Second steps (version 1.0.0) [module]." in text
    assert "@misc{second-steps-1.0.0," in text
    assert "Not yet released" not in text


def test_machines_read_the_day_of_release(released: Path) -> None:
    """Of the version that the page describes, and of no other."""
    assert '"datePublished": "2026-11-02"' in page(released, "modules/second-steps")
    assert "datePublished" not in page(released, "modules/first-steps")


def test_an_assessment_shows_its_versions_on_its_page(released: Path) -> None:
    """Where its proofs are."""

    assert "[assessment]." in page(released, "proofs/counting")


def test_a_newer_form_is_told_apart_from_its_newest_release(released: Path) -> None:
    """What one reads can still change; what was released cannot."""
    text = page(released, "modules/first-steps")

    assert "Version 1.0.0 is not yet released." in text
    assert "The newest release is 0.1.0." in text


def test_markup_of_a_changelog_is_text(released: Path) -> None:
    """A release may come from another campus."""
    text = page(released, "modules/second-steps")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_the_index_leads_to_manifests_and_archives_with_their_digests(released: Path) -> None:
    """What an adopter over HTTP follows."""
    out = released / "build/site/releases"
    index = Index.model_validate_json((out / "index.json").read_bytes())

    assert [(e.name, e.version) for e in index.releases] == [
        ("modules/first-steps", "0.1.0"),
        ("modules/second-steps", "0.9.0"),
        ("modules/second-steps", "1.0.0"),
        ("assessments/counting", "1.0.0"),
    ]
    for entry in index.releases:
        content = (out / entry.manifest).read_bytes()
        manifest = Manifest.model_validate_json(content)
        archive = (out / entry.manifest).with_name("learner.zip").read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry.sha256
        assert hashlib.sha256(archive).hexdigest() == manifest.learner.sha256


def test_nothing_for_educators_reaches_the_site(released: Path) -> None:
    """Neither the archive nor a file of it."""
    out = released / "build/site"

    assert list(out.rglob("educator*")) == []
    for archive in out.rglob("*.zip"):
        with zipfile.ZipFile(archive) as held:
            assert not any("answers" in name for name in held.namelist())


@pytest.mark.parametrize("harm", ["changed", "missing", "other files"])
def test_an_archive_that_is_not_what_its_manifest_says_is_refused(tmp_path: Path, harm: str) -> None:
    """By name, before anything is published."""
    root = campus(tmp_path)
    put_releases(root)
    archive = root / "releases/modules/second-steps/1.0.0/learner.zip"
    if harm == "changed":
        archive.write_bytes(archive.read_bytes()[:-1] + b"?")
    elif harm == "missing":
        archive.unlink()
    else:
        archive.write_bytes(pack({"README.md": b"Another."}))

    with pytest.raises(ReleaseError, match=r"modules/second-steps.1\.0\.0"):
        list(release_files(root, shelf_of(root)))


def test_an_answer_in_a_released_archive_stops_the_build(tmp_path: Path) -> None:
    """The search over the finished site opens archives, too."""
    root = campus(tmp_path)
    put_release(root, Kind.MODULE, "first-steps", "1.0.0", day=date(2026, 11, 3), extra=HIDDEN)
    for name, content in release_files(root, shelf_of(root)):
        write_bytes(root / "build/site/releases" / name, content)

    with pytest.raises(SiteError, match=r"gives answers away \(releases/modules/first-steps/1\.0\.0/learner"):
        build(root, root / "build/site", site_url=HOME, only=("leaks",))


def test_the_feed_follows_the_atom_format(released: Path) -> None:
    """RFC 4287: ids unique, dates with a zone, an author, one alternate link; newest first."""
    feed = etree.parse(released / "build/site/releases/feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    ids = [e.findtext(f"{ATOM}id") for e in (feed, *entries)]

    assert feed.tag == f"{ATOM}feed"
    assert [e.findtext(f"{ATOM}title") for e in entries] == [
        "Second steps 1.0.0 (module)",
        "Counting 1.0.0 (assessment)",
        "Second steps 0.9.0 (module)",
        "First steps 0.1.0 (module)",
    ]
    assert len(set(ids)) == len(ids) == 5 and all(one.startswith(HOME) for one in ids if one)
    for node in (feed, *entries):
        for required in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{required}")) == 1
        assert datetime.fromisoformat(node.findtext(f"{ATOM}updated")).tzinfo is not None
        assert node.find(f"{ATOM}author/{ATOM}name") is not None
        links = [link.attrib for link in node.findall(f"{ATOM}link")]
        assert sum(link.get("rel", "alternate") == "alternate" for link in links) == 1
    assert feed.findtext(f"{ATOM}updated") == "2026-11-02T00:00:00+00:00"
    self_link = next(x for x in feed.findall(f"{ATOM}link") if x.get("rel") == "self")
    assert self_link.get("href") == f"{HOME}releases/feed.xml"


def test_the_same_releases_give_the_same_feed(released: Path) -> None:
    """A feed that changes without news wakes everybody."""
    assert feed(shelf_of(released), site=HOME) == (released / "build/site/releases/feed.xml").read_bytes()


def test_every_page_tells_feed_readers_where_the_feed_is(empty: Path) -> None:
    """From any depth."""
    link = 'type="application/atom+xml" title="Releases" href="../../releases/feed.xml"'

    assert link in page(empty, "modules/second-steps")


def test_the_list_of_releases_keeps_what_is_no_longer_taught(released: Path) -> None:
    """Its title stands there, without a link that would break the build."""
    _, _, text = releases_page(shelf_of(released), {"modules/first-steps.md"})

    assert "[First steps](../modules/first-steps.md#versions)" in text
    assert "| Second steps | module | 1.0.0 |" in text


def test_bibtex_keeps_signs_that_latex_would_read(released: Path) -> None:
    """An ampersand and braces in a name, a group kept whole."""
    path = released / "releases/modules/second-steps/1.0.0/manifest.json"
    text = bibtex(Manifest.model_validate_json(path.read_bytes()), f"{HOME}modules/second-steps/")

    assert r"author = {{PM Campus authors} and {A \& B \{Institute\}}}" in text
    assert re.search(r"version = \{1\.0\.0\},\n  year = \{2026\}", text)
    assert text.count("{") == text.count("}")


def test_a_changelog_is_read_as_headings_and_lines() -> None:
    """Plain words; a line that goes on belongs to the one before."""
    assert changes(CHANGELOG) == [
        {
            "heading": "Clinical content",
            "lines": [
                "A share of twelve, not of ten; said twice in the lesson.",
                "<script>alert(1)</script>",
            ],
        },
        {"heading": "Fixes", "lines": ["share is written out."]},
    ]
    assert changes("First version.") == [{"heading": "", "lines": ["First version."]}]


def test_a_withdrawn_release_stays_and_says_so() -> None:
    """An address that was published does not vanish; its reader is warned."""
    entry = {
        "kind": "module", "id": "a", "title": "A", "version": "1.0.0", "released": "2026-11-01",
        "manifest": "modules/a/1.0.0/manifest.json", "sha256": "0" * 64, "withdrawn": "A dose was wrong.",
    }  # fmt: skip
    index = Index.model_validate_json(json.dumps({"campus": "C", "releases": [entry]}))

    assert [e.withdrawn for e in Shelf(index).by_day()] == ["A dose was wrong."]
