"""A local layer over an adopted module: language, law, cases and contacts, never what was promised."""

import json
from pathlib import Path

import pytest

from pmcampus.content import load_tree
from pmcampus.errors import ReleaseError
from pmcampus.model.common import Level
from pmcampus.model.release import Kind
from pmcampus.releases.adopt import adopt
from pmcampus.releases.adopting import load_adopted
from pmcampus.releases.fork import fork
from pmcampus.releases.material import material
from pmcampus.releases.release import _fork_of
from tests.releases.campus import COUNTING, TODAY, edit, everything

pytestmark = [pytest.mark.kernel, pytest.mark.xdist_group("releases")]
MODULE = "modules/first-steps"
LAYER = """\
version: 1.0.0
versions: ^1.0
because: Our learners read Italian, and Italian law holds here.
language: it
jurisdiction: IT
texts:
  title: Primi passi
lessons:
  a-lesson: {title: Una parola comune}
"""


def overlay(root: Path, text: str = LAYER, name: str = MODULE, **files: bytes) -> Path:
    """The campus's layer over a module, with these files."""
    folder = root / "overlays" / name
    (folder / "files/lessons").mkdir(parents=True)
    (folder / "overlay.yaml").write_text(text, "utf-8")
    for path, content in files.items():
        (folder / "files" / path.replace("__", "/").replace("_md", ".md")).write_bytes(content)
    return folder


def refused(campus: Path, other: Path, wish: str = "first-steps@1.0.0") -> str:
    """Why this layer does not fit; nothing is adopted then."""
    before = everything(other)
    with pytest.raises(ReleaseError) as problem:
        adopt(str(campus), wish, root=other, today=TODAY)
    assert everything(other) == before
    return str(problem.value)


def test_a_layer_changes_language_law_words_and_pages(campus: Path, other: Path) -> None:
    """The form says whose it is; a page of contacts is added; the rest is as it was released."""
    overlay(other, contacts_md=b"# Contatti\n")
    adopt(str(campus), "first-steps@1.0.0", root=other, today=TODAY)
    form = load_tree(other).modules["first-steps"].form.value

    assert (form.title, form.language, form.jurisdiction) == ("Primi passi", "it", "IT")
    assert form.lessons[0].title == "Una parola comune"
    assert (other / MODULE / "contacts.md").read_text("utf-8") == "# Contatti\n"
    assert (other / MODULE / "module.yaml").read_text("utf-8").startswith("# Made by PM Campus from")
    upstream = everything(campus / MODULE)["lessons/01-a-lesson.ipynb"]
    assert everything(other / MODULE)["lessons/01-a-lesson.ipynb"] == upstream


def test_the_lock_pins_the_layer(campus: Path, other: Path) -> None:
    """By its version and the digest of all that is in it."""
    folder = overlay(other)
    adopt(str(campus), "first-steps@1.0.0", root=other, today=TODAY)
    pin = load_adopted(other).adopted[MODULE].overlay
    assert pin is not None and pin.version == "1.0.0"

    (folder / "files/contacts.md").write_text("# Contatti\n", "utf-8")
    from pmcampus.releases.overlays import overlay_pin

    assert overlay_pin(other, MODULE) != pin


def test_a_translated_lesson_takes_the_place_of_the_original(campus: Path, other: Path) -> None:
    """Words are local; objectives and competencies stay what they were."""
    folder = overlay(other)
    notebook = json.loads((campus / MODULE / "lessons/01-a-lesson.ipynb").read_text("utf-8"))
    notebook["cells"][0]["source"] = "# Una parola comune"
    (folder / "files/lessons/01-a-lesson.ipynb").write_text(json.dumps(notebook), "utf-8")

    adopt(str(campus), "first-steps@1.0.0", root=other, today=TODAY)

    assert "Una parola" in (other / MODULE / "lessons/01-a-lesson.ipynb").read_text("utf-8")


@pytest.mark.parametrize(
    "field", ["competencies", "outcomes", "prerequisites", "version", "assessment", "hours"]
)
def test_a_layer_cannot_change_what_is_promised(campus: Path, other: Path, field: str) -> None:
    """With the way out: a fork."""
    overlay(other, LAYER.replace("texts:\n", f"texts:\n  {field}: []\n"))

    said = refused(campus, other)

    assert f"an overlay cannot change {field}" in said and "make a fork" in said


def test_a_layer_cannot_bring_a_form_of_its_own(campus: Path, other: Path) -> None:
    """That would be the contract by another way."""
    overlay(other)
    (other / "overlays" / MODULE / "files/module.yaml").write_text("title: x", "utf-8")

    assert "this file stays as it was released" in refused(campus, other)


def test_an_assessment_has_no_layer(campus: Path, other: Path) -> None:
    """Its text is part of what is judged."""
    overlay(other, name=COUNTING)

    said = refused(campus, other, "second-steps")

    assert "has no overlay; make a fork: `pmcampus fork assessments/counting NEW-ID`" in said


def test_a_layer_for_other_versions_waits_for_a_person(campus: Path, other: Path) -> None:
    """Somebody has to compare it with the new version first."""
    overlay(other, LAYER.replace("^1.0", "^2.0"))

    assert "made for versions ^2.0, and 1.0.0 is none of them" in refused(campus, other)


def test_a_layer_names_lessons_that_exist(campus: Path, other: Path) -> None:
    """A word that was meant for a lesson must not get lost."""
    overlay(other, LAYER.replace("a-lesson:", "a-leson:"))

    assert "there is no lesson a-leson; write one of a-lesson." in refused(campus, other)


def test_a_fork_is_free_and_says_where_it_is_from(campus: Path, other: Path) -> None:
    """Under its own id it may change its contract, and its release will name the original."""
    adopt(str(campus), "first-steps@1.0.0", root=other, today=TODAY)
    place = fork("modules/first-steps", "primi-passi", root=other)
    edit(place / "module.yaml", "{id: T1, level: aware}", "{id: T1, level: apply}")

    made = material(other, Kind.MODULE, "primi-passi")
    origin = _fork_of(made)

    assert made.contract.teaches == {"T1": Level.APPLY}
    assert origin is not None and (origin.id, origin.version) == ("first-steps", "1.0.0")
    assert origin.digest == load_adopted(other).adopted[MODULE].digest


@pytest.mark.parametrize("id", ["first-steps", "Not An Id", "../x", ""])
def test_a_fork_needs_an_id_of_its_own(campus: Path, other: Path, id: str) -> None:
    """One that can be a folder's name, and is free."""
    adopt(str(campus), "first-steps@1.0.0", root=other, today=TODAY)
    before = everything(other)

    with pytest.raises(ReleaseError):
        fork("modules/first-steps", id, root=other)
    assert everything(other) == before
