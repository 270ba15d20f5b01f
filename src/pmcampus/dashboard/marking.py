"""Marking by hand: one item at a time, answers in a fixed random order, without names."""

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from pmcampus import gradebook
from pmcampus.dashboard.answers import answer_shown, guidance
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.guard import back
from pmcampus.dashboard.pile import Blind, Pile, marks_at, pile
from pmcampus.dashboard.visit import NotFound, Visit, page
from pmcampus.gradebook import HandMark, MarkedMeanwhile, ScoreRefused
from pmcampus.model.assessment import answer_cell
from pmcampus.model.notebook import name_of
from pmcampus.tracking import Tracking

MOST_COMMENT = 8000


def routes(campus: Campus) -> list[Route]:
    """The queue, an item, an answer, and the form beside it."""
    answer = "/marking/{assessment}/{cell}/{answer}"
    return [
        page(campus, "/marking", _queues),
        page(campus, "/marking/{assessment}/{cell}", _item),
        page(campus, answer, _answer),
        page(campus, answer, _save, post=True),
    ]


def _queues(visit: Visit) -> Response:
    with visit.tracking() as tracking:
        by_hand = {
            (head.id, item.cell): (head, item)
            for head in tracking.heads.values()
            for item in head.items
            if not item.automatic
        }
        found = gradebook.queues(tracking.book, by_hand)
    lines = [(*by_hand[queue.assessment, queue.cell], queue) for queue in found]
    visit.saw("the marking queue")
    return visit.page("queues.html", lines=lines, waiting=sum(queue.waiting for queue in found))


def _item(visit: Visit) -> Response:
    assessment, cell = visit.part("assessment"), visit.part("cell")
    with visit.tracking() as tracking:
        found = pile(visit, tracking, assessment, cell)
        number = min(visit.number("page"), found.pages)
        lines = marks_at(tracking, assessment, cell, *found.part(number))
    visit.saw(f"the answers to an item, page {number} of {found.pages}", assessment=assessment, item=cell)
    return visit.page(
        "item.html",
        pile=found,
        assessment=assessment,
        lines=lines,
        next=found.next_waiting(0),
        page_number=number,
    )


def _answer(visit: Visit) -> Response:
    return _desk(visit)


def _save(visit: Visit) -> Response:
    assessment, cell = visit.part("assessment"), visit.part("cell")
    comment = visit.form.get("comment", "").replace("\r\n", "\n").strip()
    score = score_of(visit.form.get("score", ""))
    with visit.tracking() as tracking:
        blind, mark = _wanted(visit, tracking, pile(visit, tracking, assessment, cell))
    if score is None:
        return _desk(visit, problem=f"The score must be a number from 0 to {mark.points:g}.", status=422)
    if len(comment) > MOST_COMMENT:
        problem = f"The comment has {len(comment)} characters; shorten it to {MOST_COMMENT}."
        return _desk(visit, problem=problem, status=422)
    try:
        with visit.book() as book:
            before, after = gradebook.mark_if_unchanged(
                book,
                blind.learner,
                assessment,
                cell=cell,
                score=score,
                comment=comment,
                state=visit.form.get("state", ""),
            )
    except ScoreRefused as refusal:
        return _desk(visit, problem=str(refusal), status=422)
    except MarkedMeanwhile:
        return _desk(visit, conflict=True, status=409)
    visit.changed(
        "a score by hand",
        learner=blind.learner,
        assessment=assessment,
        item=cell,
        before=points_text(before.score),
        after=points_text(after.score),
    )
    with visit.tracking() as tracking:
        following = pile(visit, tracking, assessment, cell).next_waiting(blind.number)
    visit.session.said = f"Answer {blind.number}: {after.score:g} of {after.points:g} points are saved."
    here = ("marking", assessment, cell)
    return back(
        visit.url(*here, following.key)
        if following
        else visit.url(*here, page=blind.page if blind.page > 1 else None)
    )


def _desk(visit: Visit, *, problem: str = "", conflict: bool = False, status: int = 200) -> Response:
    """The answer, the rubric beside it, and the form; after a refusal with what the marker had typed."""
    assessment, cell = visit.part("assessment"), visit.part("cell")
    with visit.tracking() as tracking:
        found = pile(visit, tracking, assessment, cell)
        blind, mark = _wanted(visit, tracking, found)
    shown = answer_shown(visit.campus.folder, blind.learner, assessment, cell)
    visit.saw("an answer", learner=blind.learner, assessment=assessment, item=cell)
    typed = visit.form if (problem or conflict) else None
    return visit.page(
        "answer.html",
        status=status,
        pile=found,
        blind=blind,
        mark=mark,
        assessment=assessment,
        shown=shown,
        rubric=_rubric(found),
        task=_task(found),
        problem=problem,
        conflict=conflict,
        typed_score=typed.get("score", "") if typed else points_text(mark.score),
        typed_comment=typed.get("comment", "") if typed else mark.comment,
        before=found.beside(blind.number - 1),
        after=found.beside(blind.number + 1),
    )


def _wanted(visit: Visit, tracking: Tracking, found: Pile) -> tuple[Blind, HandMark]:
    """The answer that the address names, and what stands there."""
    blind = found.at(visit.part("answer"))
    for line in marks_at(tracking, visit.part("assessment"), found.cell, blind):
        return line
    raise NotFound("This answer was erased meanwhile.")


def _rubric(found: Pile) -> Markup | None:
    """The rubric of this item, where it has one."""
    name = found.item.rubric or "rubric.md"
    path = found.paper.folder / name
    inside = path.resolve().is_relative_to(found.paper.folder.resolve())
    if not (inside and path.is_file()):
        return None
    return guidance(path.read_text("utf-8"), under=2)


def _task(found: Pile) -> Markup | None:
    """What learners were asked: the text before the answer cell, and the start it came with."""
    cells = found.paper.official.cells
    at = next((n for n, cell in enumerate(cells) if name_of(cell) == answer_cell(found.cell)), None)
    if at is None:
        return None
    before = cells[at - 1].source if at and cells[at - 1].cell_type == "markdown" else ""
    start = found.paper.starters.get(answer_cell(found.cell), "")
    if cells[at].cell_type == "code":
        start = f"```\n{start}\n```"
    return guidance(f"{before}\n\n{start}", under=3)


def score_of(text: str) -> float | None:
    """The number that somebody typed, with point or comma; None for anything else."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def points_text(score: float | None) -> str:
    """Points as a form shows them; empty for none."""
    return "" if score is None else f"{score:g}"
