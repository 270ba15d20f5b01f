"""The cohort in numbers: overview, matrix, items, teams, competencies; and the rows behind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from pmcampus import appeals
from pmcampus.cohortpage import worth_an_hour
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.guard import back
from pmcampus.dashboard.visit import NotFound, Visit, page
from pmcampus.errors import CohortError
from pmcampus.model.tracking import Held, MatrixPage, MatrixRow, Readiness, State
from pmcampus.statistics import METRICS
from pmcampus.tracking import Tracking

HANDED_IN = "handed in"  # and readable, whatever became of it
READ = {State.PASSED, State.NOT_YET, State.AWAITING, State.MARKED, State.ERROR}
SIZES = (25, 50, 200)
MOST_LEARNERS = 500  # on one page of the competency map, and ordered together in the matrix


def routes(campus: Campus) -> list[Route]:
    """Every page of numbers."""
    return [
        page(campus, "/", _overview, learners=True),
        page(campus, "/matrix", _matrix),
        page(campus, "/items", _items),
        page(campus, "/teams", _teams),
        page(campus, "/competencies", _competencies),
        page(campus, "/rows", _rows),
    ]


def _overview(visit: Visit) -> Response:
    if not visit.visitor.is_instructor:
        return back(visit.url("learners", visit.visitor.learner or ""))
    with visit.tracking() as tracking:
        found = tracking.overview()
    waiting = appeals.unanswered(visit.campus.folder)
    visit.saw("the overview")
    return visit.page("overview.html", o=found, worth=worth_an_hour(found, appeals=waiting))


def _matrix(visit: Visit) -> Response:
    assessment = visit.asked.get("assessment") or None
    team, role = visit.asked.get("team") or None, visit.asked.get("role") or None
    state = visit.asked.get("state", "")
    state = state if state in {HANDED_IN, *State} else ""
    sort, falling = visit.asked.get("sort", ""), visit.asked.get("order") == "falling"
    number, size = visit.number("page"), visit.number("size", otherwise=SIZES[1])
    size = size if size in SIZES else SIZES[1]
    with visit.tracking() as tracking:
        _known(tracking, assessment)
        together = bool(sort or state)  # without an order, each page can be asked for by itself
        if together:
            found = tracking.matrix(assessment, team=team, role=role, page=1, size=MOST_LEARNERS)
            together = found.learners <= MOST_LEARNERS
        if not together:
            found = tracking.matrix(assessment, team=team, role=role, page=number, size=size)
        chooses = choices(tracking)
        rows = [row for row in ordered(found, sort, falling) if not state or _is_in(row, state)]
        if together:
            found = replace(found, size=size, learners=len(rows))
            number = min(number, found.pages)
            found = replace(found, page=number)
            rows = rows[(number - 1) * size : number * size]
        names = {row.learner: tracking.learners[row.learner].name for row in rows}
    visit.saw(f"the matrix, page {found.page} of {found.pages}", assessment=assessment or "")
    return visit.page(
        "matrix.html",
        m=found,
        rows=rows,
        names=names,
        sort=sort,
        falling=falling,
        state=state,
        states=[HANDED_IN, *State],
        sizes=SIZES,
        together=together,
        team=team or "",
        role=role or "",
        **chooses,
    )


def _items(visit: Visit) -> Response:
    with visit.tracking() as tracking:
        assessment = _chosen(visit, tracking)
        found, quality = tracking.items(assessment), tracking.quality(assessment)
        variants = tracking.variants(assessment)
        heads = tracking.heads
    visit.saw("the items", assessment=assessment)
    return visit.page("items.html", a=found, q=quality, v=variants, heads=heads, metrics=METRICS)


def _teams(visit: Visit) -> Response:
    name = visit.asked.get("team") or None
    with visit.tracking() as tracking:
        if name is not None and name not in {learner.team for learner in tracking.learners.values()}:
            raise NotFound("This cohort has no such team.")
        found = tracking.team(name) if name is not None else None
        readiness: Readiness | None = found.readiness if found else None
        too_many = ""
        if found is None:
            try:
                readiness = tracking.readiness()
            except CohortError as problem:  # more people than one team can be
                too_many = str(problem)
        overview = tracking.overview() if name is None else None
        teams = choices(tracking)["teams"]
    visit.saw("a team" if name is not None else "all teams and roles")
    return visit.page("teams.html", team=found, r=readiness, too_many=too_many, o=overview, teams=teams)


def _competencies(visit: Visit) -> Response:
    asked = {name: visit.asked.get(name, "") for name in ("competency", "level", "state")}
    team = visit.asked.get("team") or None
    number = visit.number("page")
    with visit.tracking() as tracking:
        found = tracking.competency_map(team=team, page=number, size=MOST_LEARNERS)
        chooses = choices(tracking)
        place = (asked["competency"], asked["level"])
        lines = [line for line in found.lines if (line.competency, line.level) == place]
        states = [state for state in Held if asked["state"] in ("", state)]
        wanted = sorted(id for line in lines for state in states for id in line.learners.get(state, ()))
        part = visit.number("part")
        shown = wanted[(part - 1) * SIZES[1] : part * SIZES[1]]
        chosen = tracking.masteries(shown, asked["competency"]) if shown else ()
    visit.saw("the competency map" + (" and who stands where in {} at {}".format(*place) if chosen else ""))
    return visit.page(
        "competencies.html",
        p=found,
        chosen=chosen,
        asked=asked,
        team=team or "",
        page_number=number,
        pages=max(1, -(-found.total // MOST_LEARNERS)),
        part=part,
        parts_in_all=max(1, -(-len(wanted) // SIZES[1])),
        **chooses,
    )


def _rows(visit: Visit) -> Response:
    asked = visit.asked
    assessment = asked.get("assessment") or None
    with visit.tracking() as tracking:
        _known(tracking, assessment)
        learner = asked.get("learner") or None
        if learner is not None and learner not in tracking.learners:
            raise NotFound("Nobody with this id is on the roster.")
        found = tracking.rows_behind(
            assessment,
            item=asked.get("item") or None,
            team=asked.get("team") or None,
            role=asked.get("role") or None,
            learner=learner,
            state=_state(visit),
            first_attempts=asked.get("first") == "yes",
            page=visit.number("page"),
        )
    visit.saw("the rows behind a number", assessment=assessment or "", item=asked.get("item", ""))
    again = {key: value for key, value in asked.items() if key != "page"}
    return visit.page("rows.html", r=found, path=("rows",), again=again)


def _chosen(visit: Visit, tracking: Tracking) -> str:
    assessment = visit.asked.get("assessment")
    if not assessment:  # the one that most have handed in
        assessment = tracking.busiest()
        if assessment is None:
            raise NotFound("This cohort takes no assessment yet.")
    _known(tracking, assessment)
    return assessment


def _known(tracking: Tracking, assessment: str | None) -> None:
    if assessment is not None and assessment not in tracking.heads:
        raise NotFound("This cohort takes no such assessment.")


def _state(visit: Visit) -> State | None:
    text = visit.asked.get("state", "")
    return State(text) if text in set(State) else None


def choices(tracking: Tracking) -> dict[str, Any]:
    """What a page's form can choose from: assessments, teams, roles."""
    learners = tracking.learners.values()
    return {
        "heads": tracking.heads,
        "teams": sorted({learner.team for learner in learners}),
        "roles": sorted({learner.role for learner in learners}),
    }


def _is_in(row: MatrixRow, state: str) -> bool:
    """Whether any of the row's cells is in this state."""
    wanted = READ if state == HANDED_IN else {state}
    return any(cell.state in wanted for cell in row.cells)


def ordered(found: MatrixPage, sort: str, falling: bool) -> list[MatrixRow]:
    """The rows by this column; who has no value there comes last either way."""
    places = {column.id: place for place, column in enumerate(found.columns)}
    texts: dict[str, Callable[[MatrixRow], str]] = {
        "learner": lambda row: row.learner,
        "team": lambda row: row.team,
        "role": lambda row: row.role,
    }
    if sort in texts:
        return sorted(found.rows, key=texts[sort], reverse=falling)

    def value(row: MatrixRow) -> float | None:
        return row.cells[places[sort]].score if sort in places else row.score

    if sort != "score" and sort not in places:
        return list(found.rows)
    with_one = [row for row in found.rows if value(row) is not None]
    without = [row for row in found.rows if value(row) is None]
    return sorted(with_one, key=lambda row: value(row) or 0.0, reverse=falling) + without
