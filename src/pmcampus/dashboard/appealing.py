"""Appeals: a learner asks, an instructor answers, and the ledger shows what marking again changed."""

from starlette.responses import Response
from starlette.routing import Route

from pmcampus import appeals, gradebook
from pmcampus.dashboard.answers import answer_shown
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.guard import back
from pmcampus.dashboard.marking import points_text, score_of
from pmcampus.dashboard.people import own_or_taught
from pmcampus.dashboard.visit import NotFound, Visit, page
from pmcampus.errors import CohortError
from pmcampus.gradebook import HandMark, MarkedMeanwhile, ScoreRefused
from pmcampus.model.dashboard import Answer, Appeal, Case

MOST_WORDS = 4000
MOST_OPEN = 20
SIZE = 50


def routes(campus: Campus) -> list[Route]:
    """All appeals, one of them, a new one, and regrades."""
    return [
        page(campus, "/appeals", _all),
        page(campus, "/appeals/{appeal}", _one),
        page(campus, "/appeals/{appeal}", _answer, post=True),
        page(campus, "/learners/{learner}/appeal", _raise, post=True, learners=True),
        page(campus, "/regrades", _regrades),
    ]


def _all(visit: Visit) -> Response:
    cases = appeals.appeals(visit.campus.folder)
    pages = max(1, -(-len(cases) // SIZE))
    number = min(visit.number("page"), pages)
    visit.saw(f"all appeals, page {number} of {pages}")
    return visit.page(
        "appeals.html",
        cases=cases[(number - 1) * SIZE : number * SIZE],
        titles=_titles(visit),
        page_number=number,
        pages=pages,
    )


def _one(visit: Visit) -> Response:
    return _show(visit, _find(visit))


def _raise(visit: Visit) -> Response:
    learner = own_or_taught(visit, visit.part("learner"))
    assessment, cell = visit.form.get("assessment", ""), visit.form.get("cell", "")
    reason = visit.form.get("reason", "").replace("\r\n", "\n").strip()
    with visit.tracking() as tracking:
        if assessment not in tracking.heads:
            raise NotFound("This cohort takes no such assessment.")
        if cell and cell not in {item.cell for item in tracking.heads[assessment].items}:
            raise NotFound("The assessment has no such item.")
        marks = gradebook.hand_marks_of(tracking.book, assessment, cell, learner=learner) if cell else []
    here = visit.url("learners", learner)
    if not reason or len(reason) > MOST_WORDS:
        visit.session.said = f"Write why, in 1 to {MOST_WORDS} characters. Nothing was sent."
        return back(here)
    open_ones = [case for case in appeals.appeals(visit.campus.folder, learner=learner) if not case.answer]
    if len(open_ones) >= MOST_OPEN:
        visit.session.said = f"{MOST_OPEN} appeals wait for an answer already. Nothing was sent."
        return back(here)
    mark = marks[0] if marks else None
    appeal = Appeal(
        id=appeals.new_id(),
        learner=learner,
        assessment=assessment,
        cell=cell,
        reason=reason,
        raised=visit.campus.now(),
        raised_by=visit.campus.log.pseudonym("account", visit.visitor.account),
        score=_counts(mark) if mark else None,
    )
    appeals.raise_appeal(visit.campus.folder, appeal)
    visit.changed("an appeal, raised", learner=learner, assessment=assessment, item=cell, after=appeal.id)
    visit.session.said = "Your appeal is recorded. A person will read it and answer here."
    return back(here)


def _answer(visit: Visit) -> Response:
    case = _find(visit)
    appeal = case.appeal
    words = visit.form.get("words", "").replace("\r\n", "\n").strip()
    decision, typed = visit.form.get("decision", ""), visit.form.get("score", "").strip()
    score = score_of(typed) if typed else None
    if decision not in ("upheld", "declined") or not words or len(words) > MOST_WORDS:
        problem = f"Choose whether the appeal is upheld, and say why in 1 to {MOST_WORDS} characters."
        return _show(visit, case, problem=problem, status=422)
    if typed and (score is None or decision == "declined" or not appeal.cell):
        problem = "Give new points as a number, and only where an appeal about one item is upheld."
        return _show(visit, case, problem=problem, status=422)
    before = after = None
    try:
        with appeals.answering(visit.campus.folder, appeal) as keep:
            if score is not None:
                before, after = _change(visit, appeal, score)
            keep(
                Answer(
                    appeal=appeal.id,
                    upheld=decision == "upheld",
                    words=words,
                    answered=visit.campus.now(),
                    answered_by=visit.campus.log.pseudonym("account", visit.visitor.account),
                    before=before,
                    after=after,
                )
            )
    except appeals.AlreadyAnswered as refusal:
        return _show(visit, _find(visit), problem=str(refusal), status=409)
    except MarkedMeanwhile:
        problem = "Somebody changed this item's points while you were reading. Look at them again."
        return _show(visit, case, problem=problem, status=409)
    except (ScoreRefused, CohortError) as refusal:
        return _show(visit, case, problem=str(refusal), status=422)
    visit.changed(
        f"an appeal, {decision}",
        learner=appeal.learner,
        assessment=appeal.assessment,
        item=appeal.cell,
        before=points_text(before),
        after=points_text(after),
    )
    visit.session.said = "The answer is recorded, and the learner can read it."
    return back(visit.url("appeals", appeal.id))


def _change(visit: Visit, appeal: Appeal, score: float) -> tuple[float | None, float | None]:
    """The item's points that counted before and count now, extra points left out."""
    with visit.book() as book:
        marks = gradebook.hand_marks_of(book, appeal.assessment, appeal.cell, learner=appeal.learner)
        if marks and score < (_counts(marks[0]) or 0.0):
            raise ScoreRefused("An appeal that is upheld does not lower points; change them under Marking.")
        before, after = gradebook.mark_if_unchanged(
            book,
            appeal.learner,
            appeal.assessment,
            cell=appeal.cell,
            score=score,
            comment=marks[0].comment if marks else "",
            state=visit.form.get("state", ""),
        )
    return _counts(before), _counts(after)


def _show(visit: Visit, case: Case, *, problem: str = "", status: int = 200) -> Response:
    appeal = case.appeal
    mark: HandMark | None = None
    shown = None
    with visit.tracking() as tracking:
        if appeal.cell:
            marks = gradebook.hand_marks_of(
                tracking.book, appeal.assessment, appeal.cell, learner=appeal.learner
            )
            mark = marks[0] if marks else None
        history, _ = gradebook.regrades(tracking.book, learner=appeal.learner)
    if mark is not None:
        try:
            shown = answer_shown(visit.campus.folder, appeal.learner, appeal.assessment, appeal.cell)
        except NotFound:
            shown = None
    visit.saw("an appeal", learner=appeal.learner, assessment=appeal.assessment, item=appeal.cell)
    return visit.page(
        "appeal.html",
        status=status,
        case=case,
        mark=mark,
        counts=_counts(mark) if mark else None,
        shown=shown,
        history=[row for row in history if row.assessment == appeal.assessment],
        titles=_titles(visit),
        problem=problem,
        typed=visit.form,
    )


def _find(visit: Visit) -> Case:
    found = appeals.find(visit.campus.folder, visit.part("appeal"))
    if found is None:
        raise NotFound("There is no such appeal.")
    return found


def _regrades(visit: Visit) -> Response:
    number = visit.number("page")
    with visit.tracking() as tracking:
        rows, total = gradebook.regrades(tracking.book, first=(number - 1) * SIZE, most=SIZE)
    visit.saw("regrades")
    return visit.page(
        "regrades.html",
        rows=rows,
        total=total,
        page_number=number,
        pages=max(1, -(-total // SIZE)),
        titles=_titles(visit),
    )


def _counts(mark: HandMark) -> float | None:
    """The points that count: a person's before the machine's."""
    return mark.score if mark.score is not None else mark.machine


def _titles(visit: Visit) -> dict[tuple[str, str], str]:
    """Titles of assessments and items."""
    with visit.tracking() as tracking:
        titles = {(head.id, ""): head.title for head in tracking.heads.values()}
        for head in tracking.heads.values():
            titles |= {(head.id, item.cell): item.title for item in head.items}
    return titles
