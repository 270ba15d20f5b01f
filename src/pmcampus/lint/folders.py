"""PM1xx: folders and names: each holds its form, its lessons in order, and what belongs to it."""

import re
from collections import Counter
from collections.abc import Iterator

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.common import is_slug

LESSON = re.compile(r"[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*\.ipynb")


@rule(
    "PM101",
    "The folder has no form",
    why="The form says what a folder is. Without it nothing in the folder is published, checked or graded.",
    wrong="modules/variant-interpretation/lessons/01-what-a-variant-is.ipynb",
    right="modules/variant-interpretation/module.yaml\n"
    "modules/variant-interpretation/lessons/01-what-a-variant-is.ipynb",
)
def form_missing(facts: Facts) -> Iterator[Finding]:
    """Forms that are not there."""
    for form in facts.tree.forms():
        for fault in form.faults:
            if fault.kind == "file_missing":
                name = form.path.rpartition("/")[2]
                yield Finding(
                    form.path,
                    1,
                    f"The form {name} is missing.",
                    "Copy it from a folder made by `pmcampus new`, and fill it in.",
                )


@rule(
    "PM102",
    "The folder's name cannot be an id",
    why="The folder name is the id: it stands in addresses, grades and references, and never changes "
    "after release. "
    "Small letters, digits and hyphens work everywhere.",
    wrong="modules/G04_Pharmacogenomics v2/",
    right="modules/pharmacogenomics-in-prescribing/",
)
def folder_name(facts: Facts) -> Iterator[Finding]:
    """Folders whose name is no slug."""
    for folder in facts.folders:
        if not is_slug(folder.id):
            yield Finding(
                folder.path,
                1,
                f"The folder name {folder.id!r} cannot be an id.",
                "Use small letters and digits, words joined by hyphens, a letter first, at most 60 signs.",
            )


@rule(
    "PM103",
    "The lesson's file name has the wrong form",
    why="Two digits give the order in a file window; the rest is the lesson's id, which stays when the "
    "lesson moves.",
    wrong="lessons/Lesson 3 final.ipynb",
    right="lessons/03-writing-the-report.ipynb",
)
def lesson_name(facts: Facts) -> Iterator[Finding]:
    """Lesson files that are not called NN-some-words.ipynb."""
    for folder in facts.tree.modules.values():
        for name, notebook in folder.lessons.items():
            if not LESSON.fullmatch(name):
                yield Finding(
                    notebook.path,
                    1,
                    f"The lesson's file name {name!r} is not of the form NN-some-words.ipynb.",
                    "Rename it: two digits, then small letters and hyphens.",
                )


@rule(
    "PM104",
    "A lesson or part is listed, but its notebook is not there",
    why="Learners would meet a title that leads nowhere.",
    wrong="lessons:\n  - file: 04-the-report.ipynb   # no such file",
    right="lessons:\n  - file: 03-the-report.ipynb",
)
def listed_only(facts: Facts) -> Iterator[Finding]:
    """Lessons and case parts that stand in the form only."""
    for module, form in facts.modules:
        for place, lesson in enumerate(form.lessons):
            if lesson.file not in module.lessons:
                yield Finding(
                    module.form.path,
                    module.form.line("lessons", place, "file"),
                    f"The lesson {lesson.file} is listed, but {module.path}/lessons/{lesson.file} does "
                    "not exist.",
                    "Add the notebook, or take the lesson off the list.",
                )
    for case, case_form in facts.cases:
        spots = [*(("roles", role, "notebook") for role in case_form.roles), ("decision", "notebook")]
        for spot, part in zip(spots, case_form.parts, strict=True):
            if part.file not in case.notebooks:
                yield Finding(
                    case.form.path,
                    case.form.line(*spot),
                    f"The part {part.file} is listed, but {case.path}/{part.file} does not exist.",
                    "Add the notebook, or take the part off the list.",
                )


@rule(
    "PM105",
    "A lesson lies in the folder, but is not listed",
    why="The site and the checks follow the list; a lesson that is not on it reaches nobody.",
    wrong="lessons/05-extra.ipynb   (module.yaml ends with 04)",
    right="lessons:\n  - file: 05-extra.ipynb",
)
def on_disk_only(facts: Facts) -> Iterator[Finding]:
    """Lessons that exist as files only."""
    for folder, form in facts.modules:
        listed = {lesson.file for lesson in form.lessons}
        for name in folder.lessons:
            if name not in listed and LESSON.fullmatch(name):
                yield Finding(
                    f"{folder.path}/lessons/{name}",
                    1,
                    f"The lesson {name} is not listed in module.yaml.",
                    "Add it under `lessons`, or move the file out of the folder.",
                )


@rule(
    "PM106",
    "Lessons are not listed in the order of their numbers",
    why="The order in the file window and the order on the site are the same fact, written twice.",
    wrong="lessons:\n  - file: 02-the-report.ipynb\n  - file: 01-the-variant.ipynb",
    right="lessons:\n  - file: 01-the-variant.ipynb\n  - file: 02-the-report.ipynb",
)
def number_order(facts: Facts) -> Iterator[Finding]:
    """Lessons whose number is not the next one."""
    for folder, form in facts.modules:
        for place, lesson in enumerate(form.lessons):
            if lesson.number != place + 1:
                yield Finding(
                    folder.form.path,
                    folder.form.line("lessons", place, "file"),
                    f"The lesson {lesson.file} is number {place + 1} on the list, but its file says "
                    f"{lesson.file[:2]}.",
                    "Move the line, or rename the file; the words after the number stay.",
                )
                break


@rule(
    "PM111",
    "A file that belongs in the folder is missing",
    why="Educators look for the same files in every folder: what changed, how to teach it, how to mark it.",
    wrong="modules/variant-interpretation/module.yaml",
    right="modules/variant-interpretation/module.yaml\n"
    "modules/variant-interpretation/CHANGELOG.md\nmodules/variant-interpretation/instructor-notes.md",
)
def companions(facts: Facts) -> Iterator[Finding]:
    """Folders without a file that everybody expects."""
    tree = facts.tree
    expected: list[tuple[str, tuple[str, ...], str]] = []
    for module in tree.modules.values():
        expected += [(module.path, module.files, name) for name in ("CHANGELOG.md", "instructor-notes.md")]
    for case in tree.cases.values():
        expected += [(case.path, case.files, name) for name in ("CHANGELOG.md", "facilitator-guide.md")]
    for graded in tree.assessments.values():
        expected += [(graded.path, graded.files, name) for name in ("CHANGELOG.md", f"{graded.id}.ipynb")]
    for path, files, name in expected:
        if name not in files:
            yield Finding(
                f"{path}/{name}",
                1,
                f"The file {name} is missing in {path}.",
                "Add it; `pmcampus new` makes an example of each file.",
            )


@rule(
    "PM112",
    "Two lessons of a module share an id",
    why="A lesson's id is its file name without the number; `practise_in` and addresses use it.",
    wrong="01-the-report.ipynb\n04-the-report.ipynb",
    right="01-the-report.ipynb\n04-the-amended-report.ipynb",
)
def lesson_id_twice(facts: Facts) -> Iterator[Finding]:
    """Listed lessons whose names differ in the number only, or not at all."""
    for folder, form in facts.modules:
        counts = Counter(lesson.id for lesson in form.lessons)
        for place, lesson in enumerate(form.lessons):
            if counts[lesson.id] > 1 and lesson.id in {other.id for other in form.lessons[:place]}:
                yield Finding(
                    folder.form.path,
                    folder.form.line("lessons", place, "file"),
                    f"The lesson id {lesson.id} is used twice in this module.",
                    "Give one of the two lessons other words after the number.",
                )
