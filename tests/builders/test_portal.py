"""The portal, built from a tiny curriculum with the repository's own words and look."""

import filecmp
import json
import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
import yaml

from pmcampus.builders import portal, schemas
from pmcampus.builders.portal_facts import Facts
from pmcampus.builders.portal_modules import changelog, module_page
from pmcampus.builders.portal_pages import glossary, totals
from pmcampus.builders.portal_paths import pathway_page
from pmcampus.builders.portal_roadmap import as_rows, coverage
from pmcampus.content import load_tree
from pmcampus.errors import ContentError, SiteError
from tests.conftest import REPOSITORY, TWO_MODULES

DAY = date(2026, 11, 24)

PLANNED = """
modules:
  third-steps:
    code: G01
    title: "Third steps: a <planned> module"
    summary: Nobody wrote this.
    hours: {teaching: 2, exercise: 4, assessment: 1}
    prerequisites: [first-steps]
    competencies: [{id: T1, level: apply}]
    outcomes: [{text: "Read a file.", bloom: apply}]
    lessons:
      - {title: Reading, activity: "Read & count.", data: real}
      - {title: Writing, activity: Write., data: simulated}
    graded: A count.
  fourth-steps:
    code: G02
    title: Fourth steps
    summary: Nor this.
    hours: {teaching: 1, exercise: 1, assessment: 0.5}
    prerequisites: [third-steps]
    competencies: [{id: T1, level: lead}]
    outcomes: [{text: "Read two files.", bloom: analyse}]
    lessons: [{title: Both, activity: Read both., data: none}]
    graded: Two counts.
case_studies:
  one-case:
    code: C1
    title: One case
    summary: A team decides.
    team: [nurse, statistician]
    decision: Whether to count.
    modules: [first-steps]
"""


def copy_root(folder: Path) -> Path:
    """A content root of its own: the tiny curriculum, something planned, our look."""
    root = Path(shutil.copytree(TWO_MODULES, folder / "root"))
    shutil.copytree(REPOSITORY / "site", root / "site")
    shutil.copy(REPOSITORY / "mkdocs.yml", root)
    (root / "curriculum" / "planned.yaml").write_text(PLANNED, "utf-8")
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content root to change."""
    return copy_root(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content root to read."""
    return copy_root(tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    """What the pages know."""
    return Facts(load_tree(shared).valid(), DAY)


@pytest.fixture(scope="module")
def built(shared: Path) -> Path:
    """The portal, built once."""
    return build(shared, shared.parent / "out")


def build(root: Path, out: Path, *, site: str | None = None, today: date = DAY) -> Path:
    """The portal of a root."""
    portal.build(
        load_tree(root), out, root / "site" / "theme",
        work=out.parent / f"{out.name}-work", config=root / "mkdocs.yml", site=site, today=today,
    )  # fmt: skip
    return out


def text(page: Path) -> str:
    """What a reader reads, without tags."""
    body = re.sub(r"(?s)<(script|style).*?</\1>", " ", page.read_text("utf-8"))
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_totals_are_counted_not_claimed(facts: Facts) -> None:
    """Numbers come from the content."""
    found = totals(facts)

    assert (found["modules"], found["modules_written"]) == (4, 2)
    assert (found["lessons"], found["lessons_written"]) == (5, 2)
    assert (found["cases"], found["cases_written"], found["reviewed"]) == (1, 0, 0)
    assert found["hours"] == "13.5"


def test_home_tells_the_same_numbers(built: Path) -> None:
    """The first page shows what was counted."""
    home = text(built / "index.html")

    assert "4 modules, 13.5 hours" in home
    assert "2 written so far; 2 of 5 lessons" in home
    assert "1 team cases, planned" in home


def test_written_module_joins_outcome_lesson_item_and_competency(facts: Facts, built: Path) -> None:
    """Each outcome says where it is practised, how it is shown and what for."""
    page = module_page(facts, facts.modules["second-steps"], site="https://example.org/")
    outcome = page["outcomes"][0]

    assert [p["url"] for p in outcome["practised"]] == ["books/second-steps/a-lesson/"]
    assert {s["marked"] for s in outcome["shown"]} == {"marked automatically", "marked by rubric"}
    assert (outcome["evidence"]["code"], outcome["evidence"]["level"]) == ("D3", 2)
    seen = text(built / "modules/second-steps/index.html")
    assert "Not yet clinically reviewed." in seen
    assert "Facts valid as of 24 November 2026. Next review due 24 May 2027." in seen


def test_a_past_review_date_is_said(root: Path) -> None:
    """After the review date the notice changes."""
    late = build(root, root.parent / "late", today=date(2027, 5, 25))
    seen = text(late / "modules/second-steps/index.html")

    assert "Its review was due on 24 May 2027" in seen


def test_law_has_a_place_and_a_short_form_its_lessons(root: Path) -> None:
    """A module page says whose law it teaches, and what a marked part holds and leaves out."""
    form = root / "modules/first-steps/module.yaml"
    form.write_text(
        form.read_text("utf-8").replace(
            "environment:",
            "jurisdiction: European Union\nparts:\n  short form: {summary: Counting only., hours: 1.5, "
            "lessons: [{lesson: a-lesson, minutes: 20, leave_out: [setup]}]}\nenvironment:",
            1,
        ),
        "utf-8",
    )
    seen = text(build(root, root.parent / "law") / "modules/first-steps/index.html")

    assert "Law and guidance of: European Union." in seen
    assert "Short form, 1.5 hours. Counting only." in seen
    assert "A shared word: 20 minutes, without 1 cell, which its first screen names" in seen


def test_planned_module_says_so_and_escapes_its_words(built: Path) -> None:
    """Nobody can take a plan for a module, and its words are text."""
    page = (built / "modules/third-steps/index.html").read_text("utf-8")

    assert "nobody has written this module yet" in page
    assert "Read &amp; count." in page
    assert "a &lt;planned&gt; module" in page
    assert "<planned>" not in page
    assert "/books/third-steps" not in page


def test_a_planned_modules_depth_follows_its_prerequisites(facts: Facts) -> None:
    """A longer way to a module makes it more demanding."""
    assert [facts.modules[m].depth for m in ("third-steps", "fourth-steps")] == [1, 2]


def test_modules_the_curriculum_does_not_order_stand_by_area_and_code(facts: Facts) -> None:
    """Teamwork comes first, as on the map."""
    assert [m.code for m in facts.modules.values()] == ["T01", "G01", "G02", "D02"]


def test_a_clause_counts_only_what_is_written(root: Path) -> None:
    """Neither a plan nor a signature without content covers a clause."""
    form = root / "curriculum" / "roadmap.yaml"
    clauses = {
        "all-there": {"modules": ["first-steps"], "status": "covered"},
        "not-signed": {"modules": ["first-steps"], "status": "planned"},
        "half": {"modules": ["first-steps", "third-steps"], "status": "planned"},
        "by-lesson": {"modules": ["third-steps"], "lessons": ["T01.1", "G01.2"], "status": "planned"},
        "nothing": {"modules": ["third-steps"], "cases": ["one-case"], "status": "covered"},
    }
    whole = {slug: {"text": slug, "section": "All", **clause} for slug, clause in clauses.items()}
    form.write_text(yaml.safe_dump({"cite": "cinti2024", "clauses": whole}, sort_keys=False), "utf-8")

    found = {c.slug: (c.state, c.written, c.wanted) for c in coverage(Facts(load_tree(root).valid(), DAY))}

    assert found == {
        "all-there": ("covered", 1, 1),
        "not-signed": ("written", 1, 1),
        "half": ("begun", 1, 2),
        "by-lesson": ("begun", 1, 2),
        "nothing": ("planned", 0, 2),
    }


def test_roadmap_rows_link_modules_and_cases(facts: Facts) -> None:
    """A row leads to its modules."""
    row = as_rows(facts)[0]["clauses"][0]

    assert [m["url"] for m in row["modules"]] == ["modules/first-steps/"]


def test_pathway_begins_with_the_core(facts: Facts, built: Path) -> None:
    """All required steps stand in a stage, the common ones first."""
    slug = next(iter(facts.pathways))
    page = pathway_page(facts, slug, site="https://example.org/")

    assert page["stages"][0]["title"] == "Together: the common core"
    assert page["stages"][0]["start"] == 1
    assert sum(len(s["steps"]) for s in page["stages"]) == page["required_count"]
    assert "Course" in (built / f"pathways/{slug}/index.html").read_text("utf-8")


def test_a_pathway_with_an_unknown_module_is_refused_by_name(root: Path) -> None:
    """The message names the form, the line and the module."""
    form = root / "curriculum" / "pathways.yaml"
    form.write_text(form.read_text("utf-8").replace("second-steps", "no-such-steps"), "utf-8")

    with pytest.raises(ContentError, match=r"pathways.yaml:\d+: .* names the module no-such-steps"):
        build(root, root.parent / "out")


def test_every_competency_has_an_anchor(facts: Facts, built: Path) -> None:
    """Codes can be linked to."""
    page = (built / "competencies/index.html").read_text("utf-8")

    assert all(f'id="{code}"' in page for code in facts.tree.competencies.value.competencies)


def test_every_word_has_an_anchor(facts: Facts, built: Path) -> None:
    """Lessons link to words."""
    page = (built / "glossary/index.html").read_text("utf-8")

    assert glossary(facts)["terms"]
    assert all(f'id="{term["id"]}"' in page for term in glossary(facts)["terms"])


def test_the_shelf_lists_modules_with_lessons_to_read(built: Path) -> None:
    """The address above every book leads to the books, and to no planned module."""
    page = (built / "books/index.html").read_text("utf-8")

    assert 'href="first-steps/"' in page
    assert "third-steps" not in page
    assert "2 of 5 lessons can be read today" in text(built / "books/index.html")


def test_changelog_headings_stand_below_the_pages_own(facts: Facts) -> None:
    """No heading level is skipped or repeated."""
    headings = re.findall(r"^#+", changelog(facts.modules["first-steps"]), re.MULTILINE)

    assert headings and min(map(len, headings)) >= 3


def test_archive_holds_notebooks_and_what_to_install(built: Path) -> None:
    """A learner gets lessons, not the notes for instructors."""
    with zipfile.ZipFile(built / "downloads/first-steps.zip") as archive:
        names = archive.namelist()
        needed = archive.read("first-steps/requirements.txt").decode()
        readme = archive.read("first-steps/README.md").decode()

    assert "first-steps/lessons/01-a-lesson.ipynb" in names
    assert "first-steps/instructor-notes.md" not in names
    assert "jupyterlab" in needed and "pandas" in needed and "pypgx" not in needed
    assert "Not yet clinically reviewed" in readme


def test_schemas_are_published_and_say_where_they_are(built: Path) -> None:
    """Editors find each schema at its own address."""
    for name in schemas.FORMS:
        found = json.loads((built / f"schemas/{name}.schema.json").read_text("utf-8"))
        assert found["$id"].endswith(f"/schemas/{name}.schema.json")
        assert found["type"] == "object"
    assert "facts_valid_as_of" in text(built / "schemas/index.html")


def test_nothing_of_the_generators_own_look_is_left(built: Path) -> None:
    """The theme's scripts and styles are not shipped."""
    assert not (built / "assets").exists()
    assert not list(built.rglob("*.map"))


def test_two_builds_are_byte_for_byte_the_same(root: Path, built: Path) -> None:
    """No clock, no order of the disk, no random name."""
    again = build(root, root.parent / "again")
    names = sorted(p.relative_to(again).as_posix() for p in again.rglob("*") if p.is_file())

    assert names == sorted(p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file())
    assert filecmp.cmpfiles(again, built, names, shallow=False) == (names, [], [])


def test_every_address_is_relative(root: Path) -> None:
    """The site works below any address; only the page for lost readers knows it."""
    out = build(root, root.parent / "out", site="https://learn.example.org/deep/down/")
    for page in out.rglob("*.html"):
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.read_text("utf-8"))
        assert not links or page.name == "404.html", page
    assert 'href="/deep/down/css/campus.css"' in (out / "404.html").read_text("utf-8")


def test_a_broken_link_in_an_authored_page_stops_the_build(root: Path) -> None:
    """mkdocs builds strictly, and its reason reaches the author."""
    page = root / "site" / "pages" / "about.md"
    page.write_text(page.read_text("utf-8") + "\n[gone](no-such-page.md)\n", "utf-8")

    with pytest.raises(SiteError, match=r"no-such-page\.md"):
        build(root, root.parent / "out")


def test_front_matter_survives_both_ways() -> None:
    """What is written is read again, dashes and dots included."""
    meta = {"title": "A: b", "list": [["x", ""], [1, "…"]], "text": "---\n...\n# no comment"}

    assert portal.split_front_matter(portal.join_front_matter(meta, "# Words\n")) == (meta, "# Words\n")
