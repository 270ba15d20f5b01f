"""A module to take away: its notebooks, data, licence and what it needs, in one archive.

The same content gives the same bytes: names are sorted and every entry carries one fixed date.
"""

from collections.abc import Collection
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

from pmcampus.archive import pack
from pmcampus.model.tree import ModuleFolder
from pmcampus.pages import plain_date

FOR_LEARNERS = ("lessons/", "data/", "CHANGELOG.md", "module.yaml")


def archive_name(folder: ModuleFolder) -> str:
    """The archive's file name; without a version, so that its address stays. Releases have their own."""
    return f"{folder.id}.zip"


def archive(root: Path, folder: ModuleFolder) -> bytes:
    """The module as a zip file."""
    return pack({f"{folder.id}/{name}": content for name, content in contents(root, folder).items()})


def contents(root: Path, folder: ModuleFolder) -> dict[str, bytes]:
    """What the archive holds, by name: notebooks, data, licence, references, what to install."""
    files = {
        name: (root / folder.path / name).read_bytes()
        for name in folder.files
        if name.startswith(FOR_LEARNERS)
    }
    for source, name in (
        (root / "LICENSE-content", "LICENSE-content"),
        (root / "curriculum" / "references.bib", "references.bib"),
    ):
        if source.is_file():
            files[name] = source.read_bytes()
    files["requirements.txt"] = requirements(folder).encode()
    files["README.md"] = readme(folder, beside=files).encode()
    return files


def requirements(folder: ModuleFolder) -> str:
    """What to install to run the lessons: the libraries of the module's tiers and JupyterLab."""
    tiers = [*folder.form.value.environment, "lab"]
    lines = set()
    for line in requires("pmcampus") or ():
        wanted = Requirement(line)
        marker = wanted.marker
        asked = marker is not None and any(marker.evaluate({"extra": tier}) for tier in tiers)
        if marker is not None and asked and not marker.evaluate({"extra": ""}):
            wanted.marker = None
            lines.add(str(wanted))
    return "\n".join(sorted(lines | {"ipykernel"}, key=str.lower)) + "\n"


def readme(folder: ModuleFolder, *, beside: Collection[str] = ()) -> str:
    """The first thing to read in the archive; `beside` names the other files in it."""
    form = folder.form.value
    lessons = "\n".join(
        f"{lesson.number}. `lessons/{lesson.file}`: {lesson.title} ({lesson.minutes} minutes)"
        for lesson in form.lessons
        if lesson.file in folder.lessons
    )
    review = form.clinical_review
    reviewed = (
        f"Clinically reviewed by {review.reviewed_by}."
        if review.reviewed_by
        else "Not yet clinically reviewed: no clinician has signed it. Use it to learn, not to treat."
    )
    text = ", see LICENSE-content" if "LICENSE-content" in beside else ""
    data = " Each file in `data/` has its own licence in `data/sources.yaml`." if folder.data else ""
    return f"""# {form.code} {form.title}, version {form.version}

{form.summary}

Facts valid as of {plain_date(form.facts_valid_as_of)}. {reviewed}

## Lessons

{lessons}

## Run them

With Python 3.11 or 3.12:

    python -m venv .venv
    . .venv/bin/activate          # on Windows: .venv\\Scripts\\activate
    pip install -r requirements.txt
    jupyter lab lessons

`jupyterlab-myst` shows the exercises, tabs and references as the site does.

## Licence

Text and notebooks: {form.licence}{text}. Say where it came from: "{form.title}, version
{form.version}, PM Campus".{data}

For education, not for clinical use.
"""
