"""PM52x: what a lesson's text must have."""

import re
from collections.abc import Iterator
from datetime import date

from pmcampus.lint import markdown
from pmcampus.lint.facts import Facts, where
from pmcampus.lint.notebooks import cell_finding
from pmcampus.lint.rule import Finding, rule

MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
MINUTES = re.compile(r"^\W*(\d{1,3}) minutes\s*(?:·|$)", re.MULTILINE)
VALID_AS_OF = re.compile(r"facts valid as of (\d{1,2}) ([A-Z][a-z]+) (\d{4})", re.IGNORECASE)
DIRECTIVES = {"admonition", "exercise", "solution", "tab-set", "tab-item", "dropdown", "note", "warning"}
ROLES = re.compile(r"term|abbr|math|sub|sup|ref|numref|doc|cite(:[a-z]+)?")
DISCLAIMER = "for education, not for clinical use"
NOT_REVIEWED = "not yet clinically reviewed"
LINES, WIDTH = 15, 78


def plain(text: str) -> str:
    """Words alone, as two places that say the same thing share them."""
    return " ".join(re.sub(r"[\\*_`]", "", text).lower().rstrip(" .;,").split())


def written_date(match: re.Match[str]) -> date | None:
    """The date in a phrase such as 24 November 2026, or None where there is no such day."""
    try:
        return date(int(match[3]), MONTHS.index(match[2].lower()) + 1, int(match[1]))
    except ValueError:
        return None


@rule(
    "PM521",
    "The lesson's heading is not the title in the form",
    why="The form's title stands in lists, the heading in the lesson; a learner must know that both "
    "are one lesson.",
    wrong="# Intro to star alleles        (module.yaml: Star alleles, diplotypes, phenotypes)",
    right="# Star alleles, diplotypes, phenotypes",
)
def title_differs(facts: Facts) -> Iterator[Finding]:
    """Lessons whose first cell does not begin with their title."""
    for taught in facts.lessons:
        first = taught.notebook.cells[0] if taught.notebook.cells else None
        headings = markdown.read(first.source).headings if first and first.kind == "markdown" else []
        found = headings[0].text if headings and headings[0].level == 1 else None
        if found is None or plain(found) != plain(taught.lesson.title):
            says = f"says {found!r}" if found else "has no heading of the first level"
            yield Finding(
                taught.notebook.path,
                first.line if first else 1,
                f"The first cell {says}, but the form's title is {taught.lesson.title!r}.",
                f"Begin the first cell with `# {taught.lesson.title}`, or change the form.",
            )


@rule(
    "PM522",
    "An objective of the form does not stand in the title cell",
    why="Learners read the objectives in the lesson, educators in the form. They are the same promise.",
    wrong="objectives:\n  - Compute how many people a panel misreads.   # not in the first cell",
    right="After this lesson you can\n\n1. Compute how many people a panel misreads.",
)
def objective_absent(facts: Facts) -> Iterator[Finding]:
    """Objectives that the first cell does not repeat word for word."""
    for taught in facts.lessons:
        first = taught.notebook.cells[0] if taught.notebook.cells else None
        text = plain(first.source) if first else ""
        for number, objective in enumerate(taught.lesson.objectives):
            if plain(objective) not in text:
                form = taught.folder.form
                yield Finding(
                    form.path,
                    form.line("lessons", taught.place, "objectives", number),
                    f"The objective {objective!r} does not stand in the first cell of {taught.lesson.file}.",
                    "Use the same words in both places.",
                )


@rule(
    "PM523",
    "The title cell and the form state different minutes or dates",
    why="A fact that stands in two places for people to read must be the same fact.",
    wrong="30 minutes · facts valid as of 1 May 2025        (module.yaml: 45, 2026-11-24)",
    right="45 minutes · facts valid as of 24 November 2026",
)
def title_facts_differ(facts: Facts) -> Iterator[Finding]:
    """Minutes and facts date of the first cell that differ from the form."""
    for taught in facts.lessons:
        first = taught.notebook.cells[0] if taught.notebook.cells else None
        text = first.source if first else ""
        minutes, valid = MINUTES.search(text), VALID_AS_OF.search(text)
        line = first.line if first else 1
        if minutes and int(minutes[1]) != taught.lesson.minutes:
            fact = f"The first cell says {minutes[1]} minutes, but the form says {taught.lesson.minutes}."
            yield Finding(taught.notebook.path, line, fact, "Correct one of the two.")
        if valid and written_date(valid) != taught.module.facts_valid_as_of:
            stated = f"{valid[1]} {valid[2]} {valid[3]}"
            fact = (
                f"The first cell dates its facts {stated}, but the form says "
                f"{taught.module.facts_valid_as_of}."
            )
            yield Finding(taught.notebook.path, line, fact, "Correct one of the two.")


@rule(
    "PM524",
    "The closing line is missing or says the wrong thing about review",
    why="A lesson may be read alone. Its last cell says that it is for education, and whether a "
    "clinician has read it.",
    wrong="Thank you for reading!",
    right="For education, not for clinical use. Not yet clinically reviewed.",
)
def closing_line(facts: Facts) -> Iterator[Finding]:
    """Lessons whose last cell does not say what it must."""
    for taught in facts.lessons:
        last = taught.notebook.cells[-1] if taught.notebook.cells else None
        text = last.source.lower() if last else ""
        is_reviewed = taught.module.clinical_review.reviewed_by is not None
        line = last.line if last else 1
        if DISCLAIMER not in text:
            fact = "The last cell does not say that the lesson is for education."
            remedy = "End with a cell that says: For education, not for clinical use."
            yield Finding(taught.notebook.path, line, fact, remedy)
        if is_reviewed == (NOT_REVIEWED in text):
            state = (
                "reviewed, but the last cell says it is not"
                if is_reviewed
                else "not reviewed, and the last cell hides it"
            )
            remedy = (
                "Take the sentence out." if is_reviewed else "Add the sentence: Not yet clinically reviewed."
            )
            yield Finding(taught.notebook.path, line, f"The module is {state}.", remedy)


@rule(
    "PM525",
    "A checkpoint and its solution do not find each other",
    why="A checkpoint without a solution leaves readers alone; a solution to nothing, or two with one "
    "label, stops the site.",
    wrong=":::{exercise}\n:label: g04-1-check-1\nWhich two?\n:::        (and no solution)",
    right=":::{exercise}\n:label: g04-1-check-1\nWhich two?\n:::\n\n:::{solution} g04-1-check-1\n"
    ":class: dropdown\nThe last two.\n:::",
)
def checkpoint_pairs(facts: Facts) -> Iterator[Finding]:
    """Exercises without solution, solutions without exercise, labels used twice anywhere."""
    seen: dict[str, str] = {}
    for notebook in facts.stored_with_outputs:
        asked: dict[str, tuple[int, str]] = {}
        solved: dict[str, tuple[int, str]] = {}
        for cell, text in facts.prose(notebook):
            for block in text.directives:
                if block.name == "exercise":
                    label = block.options.get("label", "")
                    if not label:
                        yield cell_finding(
                            notebook,
                            cell,
                            "has a checkpoint without a label.",
                            "Add `:label: ` and a name below it.",
                        )
                        continue
                    if label in seen:
                        fact = f"uses the label `{label}`, which stands in {seen[label]} too."
                        yield cell_finding(notebook, cell, fact, "Give each checkpoint a label of its own.")
                    seen[label] = notebook.path
                    asked[label] = (cell.line, where(cell))
                elif block.name == "solution":
                    solved[block.argument] = (cell.line, where(cell))
        for label, (line, place) in asked.items():
            if label not in solved:
                fact = f"The checkpoint `{label}` in {place} has no solution."
                yield Finding(notebook.path, line, fact, f"Add a block `:::{{solution}} {label}`.")
        for label, (line, place) in solved.items():
            if label not in asked:
                fact = f"The solution in {place} is for `{label}`, which is no checkpoint of this notebook."
                yield Finding(notebook.path, line, fact, "Correct the label.")


@rule(
    "PM526",
    "A block is not closed, or is of a kind the site does not know",
    why="An open block swallows what follows it; an unknown one stops the site's build.",
    wrong=":::{figure} plot.png",
    right=":::{admonition} Key points\n:class: keys\n- One sentence.\n:::",
)
def block_faults(facts: Facts) -> Iterator[Finding]:
    """Directives and roles outside the known few, and colon fences that do not pair up."""
    remedy = "See the authors' guide, Every element of a lesson."
    for notebook in facts.lesson_notebooks:
        for cell, text in facts.prose(notebook):
            for block in text.directives:
                if block.name not in DIRECTIVES:
                    yield cell_finding(notebook, cell, f"uses the unknown block `{block.name}`.", remedy)
                elif not block.closed:
                    yield cell_finding(
                        notebook,
                        cell,
                        f"has a `{block.name}` block that is not closed.",
                        "Close it with as many colons.",
                    )
            for role in text.roles:
                if not ROLES.fullmatch(role.name):
                    yield cell_finding(notebook, cell, f"uses the unknown role `{role.name}`.", remedy)
            if text.stray_ends:
                yield cell_finding(
                    notebook,
                    cell,
                    "closes a block that is not open.",
                    "Count the colons of the outer and inner blocks.",
                )


@rule(
    "PM527",
    "A lesson holds raw HTML",
    why="The books and editors do not show HTML alike, and it carries no meaning for screen readers "
    "unless written with great care.",
    wrong='<font color="red">Attention</font>',
    right=":::{warning}\nAttention: …\n:::",
)
def raw_html(facts: Facts) -> Iterator[Finding]:
    """HTML tags in a lesson's text."""
    for notebook in facts.stored_with_outputs:
        for cell, text in facts.prose(notebook):
            if text.tags:
                yield cell_finding(
                    notebook,
                    cell,
                    f"holds raw HTML: {text.tags[0][1][:40]}.",
                    "Use a block or emphasis instead.",
                )


@rule(
    "PM528",
    "A visible code cell is too long or too wide",
    severity="advice",
    why="A clinician explains a cell line by line after one reading; on a phone, wide lines scroll sideways.",
    wrong="(a visible cell of 22 lines)",
    right="(two cells with a sentence between, or a folded plot)",
)
def long_cells(facts: Facts) -> Iterator[Finding]:
    """Visible code cells past 15 lines or 78 columns."""
    for notebook in facts.lesson_notebooks:
        for cell in notebook.code():
            if "hide-input" in cell.tags:
                continue
            lines = [line for line in cell.source.split("\n") if line.strip()]
            widest = max((len(line) for line in lines), default=0)
            if len(lines) > LINES:
                yield cell_finding(
                    notebook,
                    cell,
                    f"has {len(lines)} lines of code.",
                    f"Split it; {LINES} are enough for one idea.",
                )
            if widest > WIDTH:
                yield cell_finding(
                    notebook, cell, f"has a line of {widest} signs.", f"Break it before column {WIDTH}."
                )


@rule(
    "PM529",
    "A cell asks to change more than one thing",
    why="Change one thing, predict, look. With two changes at once nobody knows which one did it.",
    wrong='panel = ["*2"]      # CHANGE ME\nplace = "Europe"    # CHANGE ME',
    right='panel = ["*2"]      # CHANGE ME\nplace = "Europe"',
)
def change_me(facts: Facts) -> Iterator[Finding]:
    """Cells with CHANGE ME on two lines."""
    for notebook in facts.lesson_notebooks:
        for cell in notebook.code():
            if cell.source.count("CHANGE ME") > 1:
                yield cell_finding(notebook, cell, "says CHANGE ME more than once.", "Leave it on one line.")
