"""`pmcampus publish`: files for other systems, and what is said about them."""

import json
import shutil
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from pmcampus.cli import main
from pmcampus.cli.publish import FORMS as SHOWN
from pmcampus.content import load_tree
from pmcampus.paper import load_paper, paper_ids
from pmcampus.proofs import leaks
from pmcampus.public import secrets
from pmcampus.publish import FORMS, LARGE, publish
from tests.conftest import REPOSITORY

URL = "https://learn.example.org/"


def run(*words: str) -> tuple[int, str]:
    """The command's exit code and what it says."""
    done = CliRunner().invoke(main, ["publish", *words])
    return done.exit_code, done.output


@pytest.mark.parametrize("form", ["common-cartridge", "common-cartridge-1.1", "qti", "qti-2.1"])
def test_packages_are_written_and_say_what_is_not_in_them(tmp_path: Path, form: str) -> None:
    """A zip with a manifest; the graded notebook stays."""
    out = tmp_path / "t02.zip"
    code, said = run(
        "working-in-teams", "--as", form, "--out", str(out), "--url", URL, "--root", str(REPOSITORY)
    )

    assert code == 0, said
    assert "graded notebook" in said
    with zipfile.ZipFile(out) as held:
        assert "imsmanifest.xml" in held.namelist()
        assert held.testzip() is None


def test_questions_for_moodle_are_one_xml_file(tmp_path: Path) -> None:
    """With the same notes as a package."""
    out = tmp_path / "t02.xml"
    code, said = run(
        "working-in-teams", "--as", "moodle", "--out", str(out), "--url", URL, "--root", str(REPOSITORY)
    )

    assert code == 0, said
    assert "None carries points" in said
    assert ElementTree.parse(out).getroot().tag == "quiz"


def test_json_ld_is_one_document(tmp_path: Path) -> None:
    """Of a module or of a pathway."""
    for slug, kind in (("working-in-teams", "LearningResource"), ("clinician", "Course")):
        out = tmp_path / f"{slug}.json"
        code, said = run(slug, "--as", "jsonld", "--out", str(out), "--url", URL, "--root", str(REPOSITORY))
        assert code == 0, said
        assert json.loads(out.read_text("utf-8"))["@type"] == kind


def test_links_to_the_placeholder_address_are_refused(tmp_path: Path) -> None:
    """A package of dead links helps nobody; nothing is written."""
    out = tmp_path / "t02.zip"
    code, said = run(
        "working-in-teams", "--as", "common-cartridge", "--out", str(out), "--root", str(REPOSITORY)
    )

    assert code == 1
    assert "--url" in said and "Traceback" not in said
    assert not out.exists()


def test_a_module_that_is_not_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    """Unknown, or only planned."""
    planned = next(iter(load_tree(REPOSITORY).planned.value.modules))
    for slug, says in (("nowhere", "no module has this id"), (planned, "is planned and not yet written")):
        code, said = run(
            slug, "--as", "qti", "--out", str(tmp_path / "x"), "--url", URL, "--root", str(REPOSITORY)
        )
        assert code == 1
        assert says in said


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    """A path, or a word."""
    code, said = run(
        "working-in-teams",
        "--as",
        "qti",
        "--out",
        str(tmp_path / "x"),
        "--url",
        "ftp://a",
        "--root",
        str(REPOSITORY),
    )

    assert code == 1
    assert "must begin with https://" in said


def test_wheels_belong_to_the_offline_copy_alone(tmp_path: Path) -> None:
    """Wrong use is told as such."""
    code, _ = run(
        "working-in-teams",
        "--as",
        "qti",
        "--out",
        str(tmp_path / "x"),
        "--wheels",
        str(tmp_path),
        "--root",
        str(REPOSITORY),
    )

    assert code == 2


@pytest.mark.site
def test_a_copy_for_a_machine_without_network(tmp_path: Path, own_curriculum: Path) -> None:
    """Built, packed, the same bytes again; wheels that are not there are told."""
    root, wheels = own_curriculum, tmp_path / "wheels"
    shutil.copytree(REPOSITORY / "site", root / "site")
    shutil.copy(REPOSITORY / "mkdocs.yml", root)
    wheels.mkdir()
    out = tmp_path / "t01.zip"
    made = publish("first-steps", "offline", root=root, out=out, wheels=wheels, today=date(2026, 11, 25))
    first = out.read_bytes()
    publish("first-steps", "offline", root=root, out=out, wheels=wheels, today=date(2026, 11, 25))

    assert out.read_bytes() == first
    assert made.size == len(first) < LARGE
    assert any(note.startswith(f"No wheel in {wheels}") for note in made.notes)
    with zipfile.ZipFile(out) as held:
        names = held.namelist()
        assert "first-steps-1.0.0-offline/index.html" in names
        assert b"nbformat==" in held.read("first-steps-1.0.0-offline/wheels.txt")
        assert not any("educator" in name or "counting" in name for name in names)


def test_a_folder_of_wheels_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    """Before anything is built."""
    code, said = run(
        "working-in-teams", "--as", "offline", "--out", str(tmp_path / "x"), "--wheels",
        str(tmp_path / "none"), "--root", str(REPOSITORY),
    )  # fmt: skip

    assert code == 1
    assert "fill it with `pip download` first" in said


def test_the_terminal_offers_every_form() -> None:
    """One list, in two places, because importing the library would make `--help` slow."""
    assert set(SHOWN) == set(FORMS)


def test_no_answer_of_a_graded_notebook_leaves_in_a_question_package(tmp_path: Path) -> None:
    """The same search as over the built site, over every package of the curriculum."""
    every = leaks.together(
        leaks.fingerprints(*secrets(load_paper(REPOSITORY, slug))) for slug in paper_ids(REPOSITORY)
    )
    for slug in load_tree(REPOSITORY).modules:
        out = tmp_path / f"{slug}.zip"
        publish(slug, "qti", root=REPOSITORY, out=out, url=URL)
        with zipfile.ZipFile(out) as held:
            for name in held.namelist():
                text = leaks.readable(name, held.read(name))
                assert every.found_in(text, is_teaching=True) == [], f"{slug} {name}"
