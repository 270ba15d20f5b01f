"""Everything that is taught here is released, whole, and says the same under the same number."""

from pathlib import Path

import pytest
import yaml

from pmcampus.archive import sha256
from pmcampus.cohortdir import load_cohort
from pmcampus.content import load_tree
from pmcampus.demo_adopt import second_campus
from pmcampus.model.release import Kind
from pmcampus.releases.adopt import adopt
from pmcampus.releases.released import check
from pmcampus.releases.shelf import index, read_manifest, released
from pmcampus.versions import version_key
from tests.conftest import REPOSITORY
from tests.releases.campus import TODAY, everything

FORMS = sorted(path for kind in Kind for path in (REPOSITORY / kind.shelf).glob(f"*/{kind.form}"))
ENTRIES = index(REPOSITORY).releases


def test_no_released_version_says_another_thing() -> None:
    """Archives are what their manifests say, and content under a released number is what was released."""
    assert list(check(REPOSITORY)) == []


@pytest.mark.parametrize("form", FORMS, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_what_is_taught_is_released(form: Path) -> None:
    """Once at least; the version in the form may be the next one, which somebody still works on."""
    version = yaml.safe_load(form.read_text("utf-8"))["version"]
    done = [made.version for made in released(REPOSITORY, form.parent.relative_to(REPOSITORY).as_posix())]

    assert done and version_key(version) >= version_key(done[-1])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.name}-{e.version}")
def test_a_release_says_what_decided_its_number(entry: object) -> None:
    """Proof and verdicts of every assessment, and a contract that its digest fits."""
    manifest = read_manifest(REPOSITORY / "releases" / entry.manifest)  # type: ignore[attr-defined]

    assert manifest.contract_digest == sha256(manifest.contract.model_dump_json().encode())
    if manifest.kind is Kind.ASSESSMENT:
        assert manifest.verdicts
        assert list(manifest.pins) == [f"modules/{manifest.contract.requires[0]}"]
        assert manifest.contract.points > 0
    assert manifest.certificate  # a module's is that of its assessment
    assert manifest.learner.size < manifest.educator.size < 1_000_000


def test_the_second_campus_of_the_demonstration(tmp_path: Path) -> None:
    """Adopted, adapted, updated: one cohort keeps its version and one moves."""
    made = second_campus(REPOSITORY, tmp_path / "second", today=TODAY)
    assert made is not None
    form = load_tree(made.folder).modules["data-protection"].form.value
    began, begins = (load_cohort(tmp_path / "second/cohorts" / name) for name in ("began", "begins"))

    assert (form.language, form.jurisdiction) == ("it", "IT")
    assert began.pin("modules/data-protection").version == "1.0.0"
    assert begins.pin("modules/data-protection").version == form.version
    assert began.overlays["modules/data-protection"].version == "1.0.0"
    plan = made.plan.read_text("utf-8")
    assert "Marks: nothing that decides a mark changed" in plan
    assert "## modified /cells/32/source" in plan


def test_the_whole_campus_can_be_adopted(tmp_path: Path) -> None:
    """Every module with its assessment, into an empty campus, each at its newest release."""
    from pmcampus.demo_adopt import _forms

    campus = tmp_path / "campus"
    _forms(REPOSITORY, campus)
    for entry in ENTRIES:
        if entry.kind is Kind.MODULE and not (campus / entry.name).exists():
            adopt(str(REPOSITORY), entry.id, root=campus, today=TODAY)

    for entry in {e.name: e for e in ENTRIES if e.kind is not Kind.CASE}.values():
        manifest = read_manifest(REPOSITORY / "releases" / entry.manifest)
        promised = {f.path: f.sha256 for f in manifest.educator.files if f.path.startswith(f"{entry.name}/")}
        there = everything(campus / entry.name)
        assert {f"{entry.name}/{path}": sha256(content) for path, content in there.items()} == promised
