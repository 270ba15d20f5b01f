"""Tracking a small cohort: every page, and that pages, rows and the older report agree; in both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pmcampus import gradebook
from pmcampus.cohort import new
from pmcampus.cohortdir import write_cohort, write_roster
from pmcampus.cohortprogress import cohort_progress
from pmcampus.coursedir import save_cells, submitted_path
from pmcampus.errors import CohortError
from pmcampus.model.allowance import LateRule
from pmcampus.model.cohort import Learner
from pmcampus.model.tracking import Cover, Held, State
from pmcampus.model.verdict import ItemVerdict, Mark, Verdict
from pmcampus.paper import Paper
from pmcampus.tracking import open_tracking

DUE = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
NOW = DUE + timedelta(days=3)
LETTER = 4.0
# Learner: team, and works handed in: share-check of 4, wrong-word-check of 2, the letter's mark, days late.
COHORT: dict[str, tuple[str, list[tuple[float, float, float | None, int]]]] = {
    "ada": ("Heron", [(4, 2, 4, -1)]),
    "ben": ("Heron", [(2, 2, 1, -1)]),
    "cem": ("Heron", [(0, 2, 4, -1)]),  # six points, and below the hurdle
    "dora": ("Otter", [(4, 2, None, -1)]),  # the letter waits
    "edin": ("Otter", [(1, 0, 0, -2), (4, 2, 4, -1)]),  # two attempts
    "fay": ("Otter", [(4, 2, 1, 2)]),  # two days late
    "gil": ("Otter", []),
    "hana": ("Otter", []),
}


def verdict(digest: str, share: float, word: float, letter: float | None) -> Verdict:
    """What the machine says; the letter is for people."""
    marks = [
        (score, points, name)
        for score, points, name in ((share, 4, "share-check"), (word, 2, "wrong-word-check"))
    ]
    items = [
        ItemVerdict(
            name, points, float(score), Mark.FULL if score == points else Mark.PARTIAL if score else Mark.ZERO
        )
        for score, points, name in marks
    ]
    return Verdict("counting", "1.0.0", digest, (*items, ItemVerdict("letter", LETTER, None, Mark.AWAITING)))


@pytest.fixture
def cohort(tmp_path: Path, database: str, curriculum: Path, paper: Paper) -> Path:
    """Eight learners in every state there is, in either database."""
    return build(tmp_path, database, curriculum, paper)


def build(tmp_path: Path, database: str, curriculum: Path, paper: Paper) -> Path:
    """The cohort's folder; hana's file cannot be read, gil handed in nothing."""
    folder = tmp_path / "autumn"
    form = new(folder, root=curriculum, pathway="clinician", starts=date(2026, 10, 5))
    write_cohort(folder, form.model_copy(update={"gradebook": database, "due": {"counting": DUE}}))
    learners = [
        Learner(id, f"{id.title()} Invented", "clinician" if i % 2 else "data-scientist", team)
        for i, (id, (team, _)) in enumerate(COHORT.items())
    ]
    write_roster(folder, form, learners)
    with gradebook.open_gradebook(database, form.course) as book:
        gradebook.enrol(book, learners)
        gradebook.open_assessment(book, "counting", DUE)
    save_cells(paper.official, database=database, course_id=form.course, assessment="counting")
    with gradebook.open_gradebook(database, form.course) as book:
        for id, (_, works) in COHORT.items():
            for number, (share, word, letter, days) in enumerate(works):
                found = verdict(f"{id}{number}", share, word, letter)
                at = DUE + timedelta(days=days)
                gradebook.record(book, id, found, paper="p1", handed_in=at)
                if letter is not None:
                    gradebook.mark_by_hand(book, id, "counting", cell="letter", score=letter)
        refused = Verdict("counting", "1.0.0", "hana0", (), (), "This is no notebook.")
        gradebook.record(book, "hana", refused, paper="p1", handed_in=DUE)
    return folder


@pytest.fixture
def sqlite_only(request: pytest.FixtureRequest, database: str) -> Iterator[None]:
    """Only once: what is tested does not depend on the database."""
    if not database.startswith("sqlite"):
        pytest.skip("tested with SQLite")
    yield


def test_the_overview_counts_every_learner_once(cohort: Path, curriculum: Path) -> None:
    """States add up to the roster, and are those of the report on one assessment."""
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        page = t.overview()
    line = page.assessments[0]
    other = cohort_progress(cohort, "counting", root=curriculum, as_of=NOW)

    assert (page.enrolled, page.handed_in, page.awaiting, page.passed_all) == (8, 6, 1, 3)
    assert (line.passed, line.not_yet, line.awaiting, line.refused, line.not_handed_in) == (3, 2, 1, 1, 1)
    for state, n in (
        (State.PASSED, line.passed),
        (State.NOT_YET, line.not_yet),
        (State.AWAITING, line.awaiting),
        (State.REFUSED, line.refused),
        (State.NOT_HANDED_IN, line.not_handed_in),
    ):
        assert other.count(state) == n
    shares = sorted(row.share for row in other.rows if row.share is not None)
    assert line.median_share.value == pytest.approx((shares[2] + shares[3]) / 2)
    assert page.progress.value == 1.0
    assert {group.name: group.handed_in for group in page.teams} == {"Heron": 3, "Otter": 3}


def test_matrix_overview_and_rows_behind_say_the_same(cohort: Path, curriculum: Path) -> None:
    """Every number can be followed to its rows."""
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        line = t.overview().assessments[0]
        cells = {row.learner: row.cells[0] for row in t.matrix().rows}
        behind = {
            state: {row[0] for row in t.rows_behind("counting", state=state).rows}
            for state in (State.PASSED, State.NOT_YET, State.AWAITING, State.REFUSED, State.NOT_HANDED_IN)
        }
        other = cohort_progress(cohort, "counting", root=curriculum, as_of=NOW)

    for state, who in behind.items():
        assert who == {id for id, cell in cells.items() if cell.state is state}
    assert len(behind[State.PASSED]) == line.passed
    assert {row.learner.id: (row.state, row.score, row.late) for row in other.rows} == {
        id: (cell.state, cell.score, cell.late) for id, cell in cells.items()
    }


def test_a_page_of_the_matrix_is_a_page(cohort: Path, curriculum: Path, sqlite_only: None) -> None:
    """Three to a page: the last has two, and one beyond it is refused in a sentence."""
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        last = t.matrix("counting", page=3, size=3)
        team = t.matrix(team="Heron")

        assert [row.learner for row in last.rows] == ["gil", "hana"]
        assert (last.pages, last.learners) == (3, 8)
        assert [cell.state for cell in last.rows[1].cells] == [State.REFUSED] * 3
        assert [row.learner for row in team.rows] == ["ada", "ben", "cem"]
        for wrong in ({"page": 4, "size": 3}, {"size": 0}, {"team": "Nobody"}, {"role": "king"}):
            with pytest.raises(CohortError):
                t.matrix(**wrong)  # type: ignore[arg-type]
        with pytest.raises(CohortError, match="is not an assessment of this cohort"):
            t.items("unknown")


def test_statistics_take_first_attempts_and_count_what_they_leave_out(cohort: Path, curriculum: Path) -> None:
    """edin's second attempt was full marks; the first is what counts, and its letter may be of either."""
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        page = t.items("counting")
        rows = t.rows_behind("counting", item="share-check", first_attempts=True).rows

    share, _, letter = page.items
    assert page.n == 6
    assert share.shares == (0.0, 0.25, 0.5, 1.0, 1.0, 1.0)
    assert share.difficulty.value == pytest.approx(3.75 / 6)
    assert {row[0]: row[3] for row in rows}["edin"] == "1"
    assert letter.difficulty.n == 4
    assert [one.text for one in page.exclusions] == [
        "1 answer marked by a person after a later attempt, so that the mark may belong to that one",
        "1 answer waiting for a person's mark",
        "1 learner with nothing handed in that could be read",
        "2 learners with an item without a score, so in no sum",
    ]


def test_test_quality_is_of_complete_first_attempts(
    cohort: Path, curriculum: Path, sqlite_only: None
) -> None:
    """Four of six; the distribution has them all."""
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        page = t.quality("counting")

    assert (page.n, sum(one.n for one in page.distribution)) == (4, 4)
    assert page.mean.value == pytest.approx((10 + 5 + 6 + 7) / 4)
    assert page.alpha.is_small


def test_a_test_after_itself_shows_no_gain(cohort: Path, curriculum: Path, sqlite_only: None) -> None:
    """Matched learners only; nobody changed, and full marks twice are dropped from c."""
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        page = t.gain("counting", "counting")

    assert (page.n, page.hake.value, page.change.value, page.change.n) == (4, 0.0, 0.0, 3)
    assert page.d_z.value is None
    assert page.pairs == ((50.0, 50.0), (60.0, 60.0), (70.0, 70.0), (100.0, 100.0))


def test_mastery_is_shown_with_its_evidence(cohort: Path, curriculum: Path, sqlite_only: None) -> None:
    """Two items on D3 are no evidence yet, however good; the items are named."""
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        mine = {row.competency: row for row in t.learner("ada").mastery}

    assert mine["D3"].held is Held.INSUFFICIENT
    assert (mine["D3"].items, mine["D3"].share.value) == (2, 1.0)
    assert [one.cell for one in mine["D3"].evidence] == ["letter", "share-check"]


def test_readiness_names_gaps_and_the_modules_that_close_them(
    cohort: Path, curriculum: Path, sqlite_only: None
) -> None:
    """Nobody holds D3 for sure; who is nearest is named; what no module teaches is said."""
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        page = t.readiness("Heron")
        with pytest.raises(CohortError, match="no learner of this cohort has the team"):
            t.readiness("Nobody")

    lines = {line.competency: line for line in page.lines}
    assert lines["D3"].cover is Cover.UNKNOWN
    assert lines["D3"].nearest == "ada"
    closed = {code for module in page.modules for code in module.closes}
    assert closed | set(page.out_of_reach) == {line.competency for line in page.lines}


def test_who_is_excused_is_in_no_other_state(cohort: Path, curriculum: Path) -> None:
    """gil need not hand in: one fewer missing, full progress, and nobody asks."""
    (cohort / "allowances.csv").write_text(
        "learner,assessment,until,excused,attempts,because,given\n"
        "gil,counting,,yes,,illness,2026-10-01T09:00+00:00\n"
    )
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        line = t.overview().assessments[0]
        behind = t.rows_behind("counting", state=State.EXCUSED).rows
        cell = t.matrix(team="Otter").rows[3].cells[0]
        risk = [one.learner for one in t.at_risk()]

    assert (line.excused, line.not_handed_in) == (1, 0)
    assert [row[0] for row in behind] == ["gil"]
    assert cell.state is State.EXCUSED
    assert "gil" not in risk


def test_lateness_costs_what_the_cohort_says_on_every_page(
    cohort: Path, curriculum: Path, database: str
) -> None:
    """fay has seven of ten, two days late at ten per cent a day: five count, and six were needed."""
    from pmcampus.cohortdir import load_cohort

    form = load_cohort(cohort)
    late = LateRule(rule="per-day", percent_per_day=10)
    write_cohort(cohort, form.model_copy(update={"late": late}))
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        line = t.overview().assessments[0]
        behind = {row[0]: row[5] for row in t.rows_behind("counting", state=State.NOT_YET).rows}
        cell = next(row for row in t.matrix().rows if row.learner == "fay").cells[0]
        by_item = next(row for row in t.matrix("counting").rows if row.learner == "fay")
    other = cohort_progress(cohort, "counting", root=curriculum, as_of=NOW)

    assert (line.passed, line.not_yet) == (2, 3) == (other.count(State.PASSED), other.count(State.NOT_YET))
    assert behind["fay"] == "5"
    assert (by_item.score, sum(cell.score or 0 for cell in by_item.cells)) == (5.0, 7.0)
    assert (cell.state, cell.score, cell.late) == (State.NOT_YET, 5.0, True)


def test_a_file_that_nobody_marked_yet_is_seen(cohort: Path, curriculum: Path) -> None:
    """gil's file came in after the last run of marking."""
    path = submitted_path(cohort, "gil", "counting")
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        line = t.overview().assessments[0]
        cell = next(row for row in t.matrix().rows if row.learner == "gil").cells[0]
        behind = t.rows_behind("counting", state=State.UNMARKED).rows

    assert (line.unmarked, line.not_handed_in) == (1, 0)
    assert cell.state is State.UNMARKED
    assert [row[0] for row in behind] == ["gil"]


def test_who_left_the_roster_counts_nowhere(cohort: Path, curriculum: Path) -> None:
    """Their marks stay in the gradebook, and are in no number; the overview says that they were left out."""
    roster = (cohort / "roster.csv").read_text("utf-8").splitlines(keepends=True)
    (cohort / "roster.csv").write_text("".join(line for line in roster if not line.startswith("ada,")))
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        page, items = t.overview(), t.items("counting")

    assert (page.enrolled, page.handed_in, page.assessments[0].passed) == (7, 5, 2)
    assert [one.n for one in page.exclusions] == [1]
    assert items.n == 5


def test_a_later_file_that_cannot_be_read_stands_as_refused(
    cohort: Path, curriculum: Path, database: str
) -> None:
    """ada had passed; everybody sees that her last file is broken, on every page, and her score is kept."""
    refused = Verdict("counting", "1.0.0", "ada9", (), (), "It is cut off.")
    with gradebook.open_gradebook(database, "autumn") as book:
        gradebook.record(book, "ada", refused, paper="p1", handed_in=NOW)
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        page = t.overview()
        cell = t.matrix().rows[0].cells[0]
        behind = [row[0] for row in t.rows_behind("counting", state=State.REFUSED).rows]
        items = t.items("counting")
    other = cohort_progress(cohort, "counting", root=curriculum, as_of=NOW)

    line = page.assessments[0]
    assert (line.passed, line.refused) == (2, 2) == (other.count(State.PASSED), other.count(State.REFUSED))
    assert (page.handed_in, cell.state, cell.score, behind) == (5, State.REFUSED, None, ["ada", "hana"])
    assert items.n == 6


def test_reasons_to_ask_can_be_checked(cohort: Path, curriculum: Path, sqlite_only: None) -> None:
    """Before the due moment gil and hana are quiet; hana's file and the rest have reasons of their own."""
    with open_tracking(cohort, root=curriculum, as_of=DUE - timedelta(hours=1)) as t:
        risk = {one.learner: [reason.text for reason in one.reasons] for one in t.at_risk()}

    assert risk["gil"] == ["nothing handed in for 15 days"]
    assert "ada" not in risk


def test_nothing_is_written_while_looking(cohort: Path, curriculum: Path, sqlite_only: None) -> None:
    """Every page asked for once: the ledger, the standings and the attempts are what they were."""
    database = cohort.parent / "gradebook.db"
    with open_tracking(cohort, root=curriculum, as_of=NOW):
        pass
    before = database.read_bytes()
    with open_tracking(cohort, root=curriculum, as_of=NOW) as t:
        t.overview(), t.matrix(), t.items("counting"), t.quality("counting"), t.at_risk(), t.learner("ada")
        t.team("Heron"), t.mastery(), t.variants("counting"), t.rows_behind()

    assert database.read_bytes() == before
