"""Adopting from a checkout, a folder, a zip file and a site, and every way in which it must fail cleanly."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmcampus.adopt import adopt
from pmcampus.adopting import load_adopted
from pmcampus.archive import sha256
from pmcampus.cli import main
from pmcampus.content import load_tree
from pmcampus.errors import ReleaseError
from pmcampus.lint import lint
from pmcampus.paper import load_paper
from pmcampus.release import release
from tests.releases.campus import COUNTING, TODAY, edit, everything
from tests.releases.site import FAULTS, published

pytestmark = [pytest.mark.kernel, pytest.mark.xdist_group("releases")]
SECOND = "modules/second-steps"


def take(source: Path | str, other: Path, wish: str = "second-steps@^1.0", **more: str) -> list[str]:
    """What was adopted, by name and version."""
    done = adopt(str(source), wish, root=other, today=TODAY, **more)
    return sorted(f"{offer.manifest.name} {offer.manifest.version}" for offer in done.taken)


def refused(source: Path | str, other: Path, wish: str = "second-steps@^1.0", **more: str) -> str:
    """Why it cannot be adopted; not a byte of the second campus may differ."""
    before = everything(other)
    with pytest.raises(ReleaseError) as problem:
        adopt(str(source), wish, root=other, today=TODAY, **more)
    assert everything(other) == before
    assert not [p for p in other.rglob("*") if ".part" in p.name]
    return str(problem.value)


ALL = ["assessments/counting 1.0.1", "modules/first-steps 1.1.0", "modules/second-steps 1.0.0"]


def test_a_module_comes_with_what_it_builds_on_and_its_assessment(campus: Path, other: Path) -> None:
    """The whole of it, at the newest versions in the range, ready to be marked."""
    assert take(campus, other) == ALL

    for name in (SECOND, COUNTING):
        assert everything(other / name) == everything(campus / name)
    assert load_paper(other, "counting").form.version == "1.0.1"
    assert load_tree(other).valid().curriculum.value.modules == ("first-steps", "second-steps")


def test_the_adopted_content_passes_the_rules(campus: Path, other: Path) -> None:
    """Nothing that was taken over has an error; the campus's own forms had theirs before."""
    take(campus, other)

    problems = lint(load_tree(other), today=date(2026, 11, 25))
    assert [p for p in problems if p.severity == "error" and not p.path.startswith("curriculum/")] == []


def test_the_lock_says_what_was_taken_and_from_where(campus: Path, other: Path) -> None:
    """Version, digest of the manifest, source, range, day, and the digest of every file laid down."""
    take(campus, other)
    found = load_adopted(other).adopted[COUNTING]

    manifest = campus / "releases" / COUNTING / "1.0.1/manifest.json"
    assert (found.version, found.digest) == ("1.0.1", sha256(manifest.read_bytes()))
    assert (found.source, found.range, found.adopted) == (str(campus), "^1.0.1", TODAY)
    assert found.archive == "educator"
    assert found.files == {f"{COUNTING}/{n}": sha256(c) for n, c in everything(other / COUNTING).items()}


def test_the_entries_that_content_refers_to_come_along(campus: Path, other: Path) -> None:
    """References, terms and competencies that the second campus does not know; its own entries stay."""
    forms = other / "curriculum"
    edit(forms / "references.bib", "cinti2024", "somebody-else-2024")
    edit(forms / "glossary.yaml", "terms:", "# ours\nterms:")
    before = (forms / "competencies.yaml").read_text("utf-8")

    remarks = adopt(str(campus), "second-steps", root=other, today=TODAY).remarks

    assert "curriculum/references.bib: added cinti2024." in remarks
    assert "somebody-else-2024" in (forms / "references.bib").read_text("utf-8")
    assert (forms / "competencies.yaml").read_text("utf-8") == before
    assert (forms / "glossary.yaml").read_text("utf-8").count("# ours") == 1


def test_a_folder_of_releases_and_a_zip_of_it_serve_as_well(
    campus: Path, other: Path, tmp_path: Path
) -> None:
    """As somebody sends them by mail."""
    sent = Path(shutil.make_archive(str(tmp_path / "sent"), "zip", campus / "releases"))
    assert take(campus / "releases", other, "first-steps@1.0.0") == ["modules/first-steps 1.0.0"]
    assert take(sent, other, "second-steps") == ["assessments/counting 1.0.1", "modules/second-steps 1.0.0"]


def test_one_archive_with_its_manifest_beside_it_is_enough(campus: Path, other: Path) -> None:
    """A module without prerequisites needs no more than its own folder."""
    archive = campus / "releases/modules/first-steps/1.0.0/educator.zip"

    assert take(archive, other, "first-steps") == ["modules/first-steps 1.0.0"]


def test_a_site_gives_learners_archives_only(campus: Path, other: Path) -> None:
    """The lessons are here, and what is missing is said with the digest to ask for."""
    with published(campus) as address:
        done = adopt(address, "second-steps@^1.0", root=other, today=TODAY)

    assert (other / SECOND / "lessons/01-a-lesson.ipynb").is_file()
    notes = (other / SECOND / "instructor-notes.md").read_text("utf-8")
    assert "educators' archive" in notes and notes.count("\n") < 12
    assert not (other / COUNTING).exists()
    assert load_adopted(other).adopted[COUNTING].archive == "learner"
    digest = sha256((campus / "releases" / COUNTING / "1.0.1/educator.zip").read_bytes())
    assert any(digest[:16] in remark and "handed out and not marked" in remark for remark in done.remarks)
    problems = lint(load_tree(other), today=TODAY)
    assert [p for p in problems if p.severity == "error" and not p.path.startswith("curriculum/")] == []


def test_the_educators_archive_can_follow_from_another_place(campus: Path, other: Path) -> None:
    """First from the site, then the rest from the authors: the same release, now complete."""
    with published(campus) as address:
        take(address, other)
    take(campus, other)

    assert load_paper(other, "counting").form.version == "1.0.1"
    assert (other / SECOND / "instructor-notes.md").is_file()
    assert load_adopted(other).adopted[COUNTING].earlier == ()


def test_a_private_address_gives_all(campus: Path, other: Path) -> None:
    """The same layout, with the educators' archives."""
    with published(campus, private=True) as address:
        assert take(address, other) == ALL
    assert everything(other / COUNTING) == everything(campus / COUNTING)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("at", ["index.json", "counting/1.0.1/manifest.json", "counting/1.0.1/learner.zip"])
def test_a_site_that_fails_leaves_nothing_behind(campus: Path, other: Path, fault: str, at: str) -> None:
    """It dies, is cut short, sends other bytes, sends elsewhere, or breaks: at any file, also the last."""
    with published(campus, fault=fault, at=at) as address:
        said = refused(address, other)

    assert address in said and "\n" not in said


def test_a_site_that_is_not_there_is_one_sentence(other: Path) -> None:
    """Nobody listens on port 9."""
    assert "the download broke off" in refused("http://127.0.0.1:9/", other)


def test_an_address_with_a_password_is_refused(other: Path) -> None:
    """It would stand in a file that is shared."""
    assert "password" in refused("https://me:secret@127.0.0.1:9/", other)


def test_the_manifest_must_have_the_digest_that_somebody_was_told(campus: Path, other: Path) -> None:
    """By telephone, say: then not even the site's index is trusted."""
    assert "you promised" in refused(campus, other, "first-steps@1.0.0", digest="0" * 64)


Change = Callable[[dict[str, bytes]], dict[str, bytes]]


def repacked(campus: Path, change: Change, *, honest: bool) -> Path:
    """The release of the first module with other files in its archive; `honest` when the manifest says so."""
    folder = campus / "releases/modules/first-steps/1.0.0"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name in ("learner", "educator"):
        with zipfile.ZipFile(folder / f"{name}.zip") as held:
            files = change({entry: held.read(entry) for entry in held.namelist()})
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as zipped:
            for entry, content in files.items():
                zipped.writestr(entry, content)
        (folder / f"{name}.zip").write_bytes(made.getvalue())
        if honest:
            manifest[name] |= {"size": len(made.getvalue()), "sha256": sha256(made.getvalue())}
            manifest[name]["files"] = [
                {"path": entry, "size": len(content), "sha256": sha256(content), "learner": True}
                for entry, content in files.items()
            ]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return campus


@pytest.fixture
def own(first_releases: Path, tmp_path: Path) -> Path:
    """A campus that somebody hostile offers."""
    return Path(shutil.copytree(first_releases, tmp_path / "hostile"))


def test_an_archive_that_was_changed_is_refused(own: Path, other: Path) -> None:
    """The manifest says another digest."""
    repacked(own, lambda files: files | {"modules/first-steps/module.yaml": b"title: x"}, honest=False)

    assert "is not what its manifest says" in refused(own, other, "first-steps")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("curriculum/roles.yaml", "is no part of modules/first-steps"),
        ("modules/second-steps/module.yaml", "is no part of modules/first-steps"),
        ("assessments/counting/counting.ipynb", "is no part of modules/first-steps"),
        ("modules/first-steps-evil/x.md", "is no part of modules/first-steps"),
        ("Makefile", "is no part of modules/first-steps"),
    ],
)
def test_a_release_cannot_write_elsewhere(own: Path, other: Path, path: str, says: str) -> None:
    """Although index, manifest and archive agree with each other."""
    repacked(own, lambda files: files | {path: b"evil"}, honest=True)

    assert says in refused(own, other, "first-steps")


@pytest.mark.parametrize(
    "path", ["../evil.md", "modules/first-steps/../../evil.md", "/tmp/evil.md", ".git/hooks/x"]
)
def test_a_manifest_cannot_name_a_path_outside(own: Path, other: Path, path: str) -> None:
    """It is refused before any archive is opened."""
    repacked(own, lambda files: files | {path: b"evil"}, honest=True)

    assert "this is not a manifest of PM Campus" in refused(own, other, "first-steps")


def test_a_form_that_cannot_be_read_is_refused(own: Path, other: Path) -> None:
    """A release that would break the campus is none."""
    repacked(own, lambda files: files | {"modules/first-steps/module.yaml": b"version: ["}, honest=True)

    assert "module.yaml:2" in refused(own, other, "first-steps")


def test_a_form_of_another_version_is_refused(own: Path, other: Path) -> None:
    """The number on the outside is the number inside."""

    def older(files: dict[str, bytes]) -> dict[str, bytes]:
        path = "modules/first-steps/module.yaml"
        return files | {path: files[path].replace(b"version: 1.0.0", b"version: 0.9.0")}

    repacked(own, older, honest=True)

    assert "module.yaml is of another version" in refused(own, other, "first-steps")


def test_a_manifest_of_another_release_is_refused(own: Path, other: Path) -> None:
    """An index cannot pass one release off as another."""
    folder = own / "releases/modules"
    with published(own) as address:
        shutil.copy(folder / "second-steps/1.0.0/manifest.json", folder / "first-steps/1.0.0/manifest.json")
        with pytest.raises(ReleaseError):
            adopt(address, "first-steps", root=other, today=TODAY)
    assert not (other / "modules").exists()


def test_content_of_ones_own_is_never_replaced(campus: Path, other: Path) -> None:
    """The same id in two campuses is for people to sort out."""
    (other / "modules/first-steps").mkdir(parents=True)
    (other / "modules/first-steps/module.yaml").write_text("ours", "utf-8")

    assert "this campus has content of its own under this id" in refused(campus, other, "first-steps")


def test_another_release_under_the_same_number_is_refused(own: Path, campus: Path, other: Path) -> None:
    """Two campuses released under one id."""
    take(campus, other, "first-steps@1.0.0")
    repacked(own, lambda files: files | {"modules/first-steps/local/x.md": b"x"}, honest=True)

    assert "two campuses use the same id" in refused(own, other, "first-steps@1.0.0")


def test_an_adoption_that_a_crash_ended_is_finished_by_the_next(campus: Path, other: Path) -> None:
    """The content was laid down and the lock not written."""
    take(campus, other, "first-steps@1.0.0")
    (other / "adopted.yaml").unlink()

    assert take(campus, other, "first-steps@1.0.0") == ["modules/first-steps 1.0.0"]


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ("nothing-such", "nothing-such is not offered; there is assessments/counting, modules/first-steps"),
        ("counting@^2", "no version of counting is in the range ^2; there is assessments/counting 1.0.0"),
        ("first-steps@soon", "'soon' is no range of versions"),
    ],
)
def test_what_is_not_offered_is_said_with_what_is(campus: Path, other: Path, wish: str, says: str) -> None:
    """So that the next try is right."""
    assert says in refused(campus, other, wish)


def test_a_place_that_is_none_is_one_sentence(other: Path, tmp_path: Path) -> None:
    """No folder, and a folder without releases."""
    assert "there is no such folder, zip file or address" in refused(tmp_path / "nowhere", other)
    (tmp_path / "empty").mkdir()
    assert "no release is here" in refused(tmp_path / "empty", other)


def test_the_command_lists_what_came(campus: Path, other: Path) -> None:
    """And where it is written down."""
    said = CliRunner().invoke(main, ["adopt", str(campus), "second-steps@^1.0", "--root", str(other)])

    assert said.exit_code == 0, said.output
    assert "Adopted modules/second-steps 1.0.0 (digest " in said.output
    assert "adopted.yaml" in said.output


def test_only_its_authors_release_what_was_adopted(campus: Path, other: Path) -> None:
    """A second 1.0.1 with other content would make every digest worthless."""
    take(campus, other, "first-steps@1.0.0")

    with pytest.raises(ReleaseError, match=r"only its authors release it; make it your own with `pm"):
        list(release("first-steps", root=other, today=TODAY))


def test_what_comes_along_is_updated_without_a_new_major_version(campus: Path, other: Path) -> None:
    """The range that was asked for is the module's alone."""
    take(campus, other, "second-steps@1.0.0")
    found = load_adopted(other).adopted

    assert (found[SECOND].range, found[COUNTING].range) == ("1.0.0", "^1.0.1")


def test_an_assessment_of_a_later_module_does_not_come_along(
    campus: Path, other: Path, tmp_path: Path
) -> None:
    """The newest that was proved with this module is taken; a later one waits for the module's own update."""
    later = Path(shutil.copytree(campus, tmp_path / "later"))
    old = later / "releases" / COUNTING / "1.0.1"
    new = Path(shutil.copytree(old, later / "releases" / COUNTING / "2.0.0"))
    manifest = json.loads((new / "manifest.json").read_text("utf-8"))
    manifest["version"] = "2.0.0"
    manifest["pins"]["modules/second-steps"]["version"] = "2.0.0"
    (new / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    assert take(later, other) == ALL


def test_releases_and_tree_are_compared_by_one_command(campus: Path, own: Path) -> None:
    """Content that changed in silence is named, and so is an archive that differs from its manifest."""
    said = CliRunner().invoke(main, ["release", "--check", "--root", str(campus)])
    assert said.exit_code == 0, said.output

    edit(own / "modules/first-steps/instructor-notes.md", "#", "# More:")
    archive = own / "releases" / COUNTING / "1.0.0/learner.zip"
    archive.write_bytes(archive.read_bytes()[:-1])
    said = CliRunner().invoke(main, ["release", "--check", "--root", str(own)])

    assert said.exit_code == 1
    assert "instructor-notes.md: this differs from release 1.0.0; raise the version" in said.output
    assert "learner.zip of assessments/counting 1.0.0 is not what its manifest says" in said.output


LAUGHS = b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ncontributors: {somebody: {name: [*c, *c]}}\n"


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("excerpt/contributors.yaml", LAUGHS, "repeats itself by reference"),
        ("modules/first-steps/module.yaml", LAUGHS, "repeats itself by reference"),
        ("excerpt/contributors.yaml", b"contributors: [", "holds no contributors"),
        ("excerpt/contributors.yaml", b"\xff\xfe", "is no YAML"),
        ("excerpt/contributors.yaml", b"people: {}", "holds no contributors"),
        ("excerpt/contributors.yaml", b"contributors: {'../x': {name: x}}", "holds no contributors"),
        ("excerpt/contributors.yaml", b"contributors: {x: {name: x, evil: true}}", "holds no contributors"),
        ("excerpt/glossary.yaml", b"terms: 3", "holds no terms"),
        ("excerpt/competencies.yaml", b"- " * 3000, "excerpt/competencies.yaml"),
        ("excerpt/references.bib", b"@article{key, title = {never closed", "excerpt/references.bib:1"),
    ],
)
def test_what_would_be_added_to_forms_is_checked_first(
    own: Path, other: Path, path: str, content: bytes, says: str
) -> None:
    """Bombs, other shapes, names that are paths: each before a byte is written."""
    repacked(own, lambda files: files | {path: content}, honest=True)

    assert says in refused(own, other, "first-steps")


def test_another_licence_is_said(own: Path, other: Path) -> None:
    """Whether they go together is for people."""
    path = own / "releases/modules/first-steps/1.0.0/manifest.json"
    edit(path, '"licence": "CC-BY-4.0"', '"licence": "CC-BY-SA-4.0"')

    remarks = adopt(str(own), "first-steps", root=other, today=TODAY).remarks

    assert any("is under CC-BY-SA-4.0, your own content under CC-BY-4.0" in remark for remark in remarks)
