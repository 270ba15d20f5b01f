"""PM54x and PM55x: the items of an assessment's form, and the cells they are."""

from collections.abc import Iterator

from pmcampus.lint.facts import Facts
from pmcampus.lint.grading import graded_cells, is_by_hand, marked_cells, points_of
from pmcampus.lint.notebooks import cell_finding
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.assessment import answer_cell, check_cell
from pmcampus.model.tree import Place

LEAST, MOST = 0.60, 0.75


@rule(
    "PM546",
    "An item has no graded cell",
    why="The form says what the item gives evidence of; without the cell nobody can earn it.",
    wrong="items:\n  - cell: shares          # the notebook has share and share-check",
    right="items:\n  - cell: share",
)
def item_without_cell(facts: Facts) -> Iterator[Finding]:
    """Items, hurdles and variants that name a cell which is not there."""
    by_id = {folder.id: notebook for folder, notebook in facts.graded}
    for folder, form in facts.assessments:
        if folder.id not in by_id:
            continue
        cells = {id for _, id in marked_cells(by_id[folder.id])}
        graded, items = graded_cells(by_id[folder.id]), {item.cell for item in form.items}
        named: list[tuple[Place, str, bool]] = [
            (("items", n, "cell"), i.cell, i.cell in graded or check_cell(i.cell) in graded)
            for n, i in enumerate(form.items)
        ]
        named += [(("hurdles", n, "cell"), h.cell, h.cell in items) for n, h in enumerate(form.hurdles)]
        if form.variant:
            named.append((("variant", "cell"), form.variant.cell, form.variant.cell in cells))
            named += [
                (("variant", "changes", n), cell, cell in items)
                for n, cell in enumerate(form.variant.changes)
            ]
        for place, name, is_there in named:
            if not is_there:
                yield Finding(
                    folder.form.path,
                    folder.form.line(*place),
                    f"`{name}` is named under `{place[0]}`, but there is no such "
                    f"{'graded cell' if place[0] == 'items' else 'item'}.",
                    "Correct the name, or add the cell to the notebook.",
                )


@rule(
    "PM547",
    "A graded cell is no item of the form",
    why="Its points would count for no competency, and nobody would know where to practise.",
    wrong="(a cell with 4 points that assessment.yaml does not list)",
    right="items:\n  - cell: share",
)
def cell_without_item(facts: Facts) -> Iterator[Finding]:
    """Cells with points that the form does not list, and items listed twice."""
    by_id = {folder.id: form for folder, form in facts.assessments}
    for folder, notebook in facts.graded:
        form = by_id.get(folder.id)
        if form is None:
            continue
        items = [item.cell for item in form.items]
        for id, cell in graded_cells(notebook).items():
            if id and answer_cell(id) not in items and id not in items:
                yield cell_finding(
                    notebook,
                    cell,
                    "carries points, but is no item of assessment.yaml.",
                    "List it under `items`.",
                )
        for number, name in enumerate(items):
            if name in items[:number]:
                line = folder.form.line("items", number, "cell")
                yield Finding(
                    folder.form.path, line, f"The item `{name}` is listed twice.", "Remove one of the two."
                )


@rule(
    "PM548",
    "An item sends learners to a lesson that does not exist",
    why="Feedback says where to practise. A learner who failed an item should not end at a missing page.",
    wrong="practise_in: [activity-score]",
    right="practise_in: [activity-scores]",
)
def practise_unknown(facts: Facts) -> Iterator[Finding]:
    """Lessons under practise_in that the module does not have."""
    for folder, form in facts.assessments:
        module = facts.form_of(form.module)
        known = {lesson.id for lesson in module.lessons} if module else None
        for number, item in enumerate(form.items):
            for place, lesson in enumerate(item.practise_in):
                if known is not None and lesson not in known:
                    yield Finding(
                        folder.form.path,
                        folder.form.line("items", number, "practise_in", place),
                        f"The item `{item.cell}` is practised in `{lesson}`, which is no lesson of "
                        f"`{form.module}`.",
                        "Name a lesson by its file name without number and ending.",
                    )


@rule(
    "PM549",
    "The share of points given by machine is outside 60 to 75 per cent",
    severity="advice",
    why="Below 60 per cent marking does not scale; above 75 what only people can judge hardly counts.",
    wrong="(20 points by machine, 80 by rubric)",
    right="(70 points by machine, 30 by rubric)",
)
def machine_share(facts: Facts) -> Iterator[Finding]:
    """Summative assessments outside that range."""
    by_id = {folder.id: notebook for folder, notebook in facts.graded}
    for folder, form in facts.assessments:
        if form.kind != "summative" or folder.id not in by_id:
            continue
        cells = graded_cells(by_id[folder.id]).values()
        total = sum(points_of(cell) or 0 for cell in cells)
        machine = sum(points_of(cell) or 0 for cell in cells if not is_by_hand(cell))
        if total and not LEAST <= machine / total <= MOST:
            yield Finding(
                folder.form.path,
                folder.form.line("items"),
                f"{machine:g} of {total:g} points ({100 * machine / total:.0f} %) are given by machine.",
                "Move points so that it is 60 to 75 per cent.",
            )


@rule(
    "PM550",
    "The form says otherwise than the cell how an item is marked",
    why="An item marked by rubric waits for a person; one that is not never reaches them.",
    wrong="marked: automatically       # the learner's own cell carries the points",
    right="marked: by-rubric",
)
def marked_otherwise(facts: Facts) -> Iterator[Finding]:
    """Items whose form and cell disagree, and rubrics that are missing."""
    by_id = {folder.id: notebook for folder, notebook in facts.graded}
    for folder, form in facts.assessments:
        graded = graded_cells(by_id[folder.id]) if folder.id in by_id else {}
        for number, item in enumerate(form.items):
            cell = graded.get(check_cell(item.cell)) or graded.get(item.cell)
            line = folder.form.line("items", number, "marked")
            if cell is not None and is_by_hand(cell) == (item.marked == "automatically"):
                is_now = "a person" if is_by_hand(cell) else "a test"
                fact = (
                    f"The item `{item.cell}` is marked {item.marked} in the form, but in the "
                    f"notebook {is_now} gives its points."
                )
                yield Finding(
                    folder.form.path, line, fact, "Correct `marked`, or the cell's nbgrader settings."
                )
            if item.marked == "by-rubric" and (item.rubric or "rubric.md") not in folder.files:
                fact = (
                    f"The item `{item.cell}` is marked by rubric, but {item.rubric or 'rubric.md'} "
                    "is not in the folder."
                )
                yield Finding(
                    folder.form.path,
                    line,
                    fact,
                    "Write the rubric: four levels that describe work, and two scored answers.",
                )


@rule(
    "PM554",
    "An item and its bank of answers do not fit together",
    why="Wrong answers with the score they deserve prove that a check tells right from wrong; each "
    "item marked by machine has such a bank.",
    wrong="wrong-answers/shares.yaml        (the item is called share)",
    right="wrong-answers/share.yaml",
)
def bank_missing(facts: Facts) -> Iterator[Finding]:
    """Automatic items without a bank, and banks for no such item."""
    for folder, form in facts.assessments:
        by_machine = {item.cell: n for n, item in enumerate(form.items) if item.marked == "automatically"}
        for name, number in by_machine.items():
            if name not in folder.banks:
                fact = f"The item `{name}` has no bank of wrong and right answers."
                remedy = f"Write {folder.path}/wrong-answers/{name}.yaml."
                yield Finding(folder.form.path, folder.form.line("items", number, "cell"), fact, remedy)
        for name, bank in folder.banks.items():
            if name not in by_machine:
                fact = f"This bank is for `{name}`, which is no item marked automatically."
                yield Finding(bank.path, 1, fact, "Rename it after the item's cell, or remove it.")


@rule(
    "PM555",
    "A hurdle or answer asks for more points than the item has",
    why="A hurdle nobody can take fails everybody; a wrong answer cannot deserve more than a right one.",
    wrong="hurdles: [{cell: share, at_least: 9}]        # the item has 4 points",
    right="hurdles: [{cell: share, at_least: 1}]",
)
def points_beyond(facts: Facts) -> Iterator[Finding]:
    """Hurdles and banks above their item's points."""
    by_id = {folder.id: notebook for folder, notebook in facts.graded}
    for folder, form in facts.assessments:
        graded = graded_cells(by_id[folder.id]) if folder.id in by_id else {}
        points = {answer_cell(id): points_of(cell) for id, cell in graded.items()}
        for number, hurdle in enumerate(form.hurdles):
            most = points.get(hurdle.cell)
            if most is not None and hurdle.at_least > most:
                line = folder.form.line("hurdles", number, "at_least")
                fact = (
                    f"The hurdle asks for {hurdle.at_least:g} points in `{hurdle.cell}`, which has {most:g}."
                )
                yield Finding(folder.form.path, line, fact, "Lower it.")
        for name, bank in folder.banks.items():
            most = points.get(name)
            for number, answer in enumerate(bank.model.wrong if bank.model else ()):
                if most is not None and answer.highest > most:
                    line = bank.line("wrong", number, "deserves")
                    fact = f"The answer `{answer.name}` deserves {answer.highest:g} points of {most:g}."
                    yield Finding(bank.path, line, fact, "Lower what it deserves.")
