"""The page a learner gets back: for every item what was achieved, why, and where to practise."""

from collections.abc import Mapping
from typing import Any

from pmcampus.model.assessment import AssessmentForm, Item
from pmcampus.model.cohort import ItemRecord, Record
from pmcampus.model.module import ModuleForm
from pmcampus.pages import LOOK_AGAIN, SECURE, band, number, percent, render
from pmcampus.terms import Counted, Terms, counted, lateness

MOST_STEPS = 3


def feedback(
    record: Record,
    *,
    form: AssessmentForm,
    graded_cells: Mapping[str, str],
    module: ModuleForm,
    terms: Terms,
    fictitious: bool,
    style: str,
) -> str:
    """One HTML page without scripts; it shows no hidden test and no other learner.

    Args:
        graded_cells: the graded cell of each item, by the item's cell.
        module: names the lessons to practise in.
        terms: to say that the work came late, and what that costs.
    """
    shared = {"form": form, "style": style, "fictitious": fictitious, "refused": record.refused}
    if record.refused is not None:
        return render("feedback.html", **shared)
    by_cell = {item.cell: item for item in record.items}
    pairs = [
        (item, by_cell[graded_cells[item.cell]]) for item in form.items if graded_cells[item.cell] in by_cell
    ]
    lessons = {lesson.id: f"{module.code}.{lesson.number} {lesson.title}" for lesson in module.lessons}
    return render(
        "feedback.html",
        lead=_lead(pairs),
        tiles=_tiles(record, form, late=record.late(terms.deadline)),
        lateness=lateness(_counted(record, terms), record.points),
        hurdles=[
            hurdle.because
            for hurdle in form.hurdles
            for item, mark in pairs
            if item.cell == hurdle.cell and (mark.score or 0.0) < hurdle.at_least
        ],
        next_steps=_next_steps(pairs, lessons),
        items=[_item(item, mark, lessons) for item, mark in pairs],
        competencies=_competencies(pairs),
        notes=record.notes,
        **shared,
    )


def _counted(record: Record, terms: Terms) -> Counted:
    return counted(record.score, record.points, record.handed_in, terms)


def _lead(pairs: list[tuple[Item, ItemRecord]]) -> str:
    shown = [(item.title, band(mark.score / mark.points)) for item, mark in pairs if mark.score is not None]
    secure = [title for title, reached in shown if reached is SECURE]
    again = [title for title, reached in shown if reached is LOOK_AGAIN]
    if not secure:
        return "Nothing is secure yet. Begin with the first step below; each is short."
    start = f"Secure: {secure[0]}" + (f" and {len(secure) - 1} more." if len(secure) > 1 else ".")
    return start + (f" Worth another look: {again[0]}." if again else " Nothing needs another look.")


def _tiles(record: Record, form: AssessmentForm, *, late: bool) -> list[tuple[str, str]]:
    marked = [item for item in record.items if item.score is not None]
    reachable = sum(item.points for item in marked)
    waiting = len(record.items) - len(marked)
    share = f"; you have {percent(record.score / reachable)} of what is marked" if reachable else ""
    tiles = [
        (f"{number(record.score)} of {number(reachable)}", "points marked so far"),
        (f"{number(form.passing_score)} %", f"needed to pass{share}"),
        (str(waiting), "item waits for your markers" if waiting == 1 else "items wait for your markers"),
    ]
    return [*tiles, ("late", "handed in after the due date")] if late else tiles


def _next_steps(pairs: list[tuple[Item, ItemRecord]], lessons: Mapping[str, str]) -> list[dict[str, str]]:
    """The items that are not secure and lost most points, each with the first lesson to practise in."""
    lost = [
        (mark.points - mark.score, place, item)
        for place, (item, mark) in enumerate(pairs, start=1)
        if mark.score is not None and band(mark.score / mark.points) is not SECURE
    ]
    lost.sort(key=lambda found: -found[0])
    return [
        {"lesson": _lesson(item, lessons)[0], "item": f"{place}, “{item.title},”"}
        for _, place, item in lost[:MOST_STEPS]
    ]


def _item(item: Item, mark: ItemRecord, lessons: Mapping[str, str]) -> dict[str, Any]:
    shown = band(mark.score / mark.points) if mark.score is not None else None
    return {
        "title": item.title,
        "score": "–" if mark.score is None else number(mark.score),
        "points": number(mark.points),
        "band": shown.word if shown else "to be marked",
        "sign": shown.sign if shown else "…",
        "lines": [line for line in mark.message.splitlines() if line.strip() and not mark.comment],
        "comment": mark.comment,
        "notes": mark.notes,
        "competency": item.competency,
        "lessons": _lesson(item, lessons),
    }


def _lesson(item: Item, lessons: Mapping[str, str]) -> list[str]:
    return [lessons.get(lesson, lesson) for lesson in item.practise_in]


def _competencies(pairs: list[tuple[Item, ItemRecord]]) -> list[dict[str, str]]:
    rows = []
    for code in sorted({item.competency for item, _ in pairs}):
        own = [
            (place, mark)
            for place, (item, mark) in enumerate(pairs, start=1)
            if item.competency == code and mark.score is not None
        ]
        rows.append(
            {
                "code": code,
                "score": number(sum(mark.score or 0.0 for _, mark in own)),
                "points": number(sum(mark.points for _, mark in own)),
                "shown_in": ", ".join(str(place) for place, _ in own) or "none marked yet",
            }
        )
    return rows
