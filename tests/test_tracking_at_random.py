"""Cohorts drawn at random: both databases give one value, parts make up the whole, and nbgrader agrees."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from pmcampus import gradebook
from pmcampus.cohort import new
from pmcampus.cohortdir import write_cohort, write_roster
from pmcampus.coursedir import save_cells
from pmcampus.model.allowance import LateRule
from pmcampus.model.cohort import Learner
from pmcampus.model.tracking import Held, State
from pmcampus.model.verdict import ItemVerdict, Mark, Verdict
from pmcampus.paper import Paper
from pmcampus.tables import render
from pmcampus.tracking import Tracking, open_tracking
from tests.conftest import TWO_MODULES

DUE = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
NOW = DUE + timedelta(days=3)
BOTH = ("counting", "recounting")
SLOWLY = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Work:
    """One work: halves of points at the two items of the machine, a person's mark, and when it came."""

    share: int
    word: int
    letter: int | None
    hours: int
    refused: bool = False
    error: bool = False

    def verdict(self, assessment: str, digest: str) -> Verdict:
        """What the machine says of it."""
        if self.refused:
            return Verdict(assessment, "1.0.0", digest, (), (), "This is no notebook.")
        error = Mark.ERROR if self.error else Mark.PARTIAL
        items = (
            ItemVerdict("share-check", 4, 0.0 if self.error else self.share / 2, error),
            ItemVerdict("wrong-word-check", 2, self.word / 2, Mark.PARTIAL),
            ItemVerdict("letter", 4, None, Mark.AWAITING),
        )
        return Verdict(assessment, "1.0.0", digest, items)


WORK = st.builds(
    Work,
    st.integers(0, 8),
    st.integers(0, 4),
    st.none() | st.integers(0, 8),
    st.integers(-400, 60),
    st.sampled_from([False, False, False, True]),
    st.sampled_from([False, False, True]),
)
LEARNER = st.tuples(*(st.lists(WORK, max_size=3) for _ in BOTH))
COHORT = st.lists(LEARNER, min_size=1, max_size=14)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny curriculum with its assessment twice."""
    place = tmp_path_factory.mktemp("twice") / "curriculum"
    shutil.copytree(TWO_MODULES, place)
    again = place / "assessments" / BOTH[1]
    shutil.copytree(place / "assessments" / BOTH[0], again)
    (again / f"{BOTH[0]}.ipynb").rename(again / f"{BOTH[1]}.ipynb")
    return place


@contextmanager
def made(url: str, root: Path, paper: Paper, drawn: list[tuple[list[Work], ...]]) -> Iterator[Tracking]:
    """The cohort in this database (SQLite in its folder where none is named), open for looking."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "autumn"
        url = url or f"sqlite:///{folder / 'gradebook.db'}"
        form = new(folder, root=root, pathway="clinician", starts=date(2026, 10, 5)).model_copy(
            update={
                "gradebook": url,
                "due": dict.fromkeys(BOTH, DUE),
                "assessments": dict.fromkeys(BOTH, "1.0.0"),
                "late": LateRule(rule="per-day", percent_per_day=10),
            }
        )
        write_cohort(folder, form)
        people = [
            Learner(f"l{i:02}", "Somebody Invented", "clinician" if i % 2 else "data-scientist", f"T{i % 3}")
            for i in range(len(drawn))
        ]
        write_roster(folder, form, people[: max(1, len(people) - 1)])  # the last one left
        with gradebook.open_gradebook(url, form.course) as book:
            gradebook.enrol(book, people)
            for name in BOTH:
                gradebook.open_assessment(book, name, DUE)
        for name in BOTH:
            save_cells(paper.official, database=url, course_id=form.course, assessment=name)
        with gradebook.open_gradebook(url, form.course) as book:
            for person, both in zip(people, drawn, strict=True):
                for name, works in zip(BOTH, both, strict=True):
                    for number, work in enumerate(works):
                        found = work.verdict(name, f"{person.id}{number}")
                        at = DUE + timedelta(hours=work.hours)
                        gradebook.record(book, person.id, found, paper="p", handed_in=at)
                        if work.letter is not None and not work.refused:
                            score = work.letter / 2
                            gradebook.mark_by_hand(book, person.id, name, cell="letter", score=score)
        with open_tracking(folder, root=root, as_of=NOW) as tracking:
            yield tracking


def all_pages(t: Tracking) -> dict[str, str]:
    """Every page with all its values, by name."""
    first = BOTH[0]
    pages = {
        "overview": t.overview(),
        "matrix": t.matrix(),
        "matrix of items": t.matrix(first),
        "items": t.items(first),
        "quality": t.quality(first),
        "gain": t.gain(*BOTH),
        "mastery": t.mastery(),
        "readiness": t.readiness(),
        "at risk": t.at_risk_page(size=5),
        "learner": t.learner("l00"),
        "works": t.rows_behind(),
        "first attempts": t.rows_behind(first_attempts=True),
        **{state.value: t.rows_behind(state=state) for state in State},
    }
    return {name: render("json", page) for name, page in pages.items()} | {"busiest": str(t.busiest())}


@pytest.mark.postgres
@SLOWLY
@given(drawn=COHORT)
def test_both_databases_give_one_value(
    postgres: str, root: Path, paper: Paper, drawn: list[tuple[list[Work], ...]]
) -> None:
    """Every page, to the last digit."""
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    name = f"random_{os.urandom(4).hex()}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    with made("", root, paper, drawn) as t:
        one = all_pages(t)
    with made(postgres.rsplit("/", 1)[0] + f"/{name}", root, paper, drawn) as t:
        other = all_pages(t)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()

    assert {name: json.loads(page) if name != "busiest" else page for name, page in one.items()} == {
        name: json.loads(page) if name != "busiest" else page for name, page in other.items()
    }


@SLOWLY
@given(drawn=COHORT, size=st.integers(1, 7))
def test_pages_make_up_the_whole(
    root: Path, paper: Paper, drawn: list[tuple[list[Work], ...]], size: int
) -> None:
    """Whatever their size: none is lost, none is twice, and the order holds from page to page."""
    with made("", root, paper, drawn) as t:
        views = {
            "matrix": (lambda page, size: t.matrix(page=page, size=size), lambda p: p.learners),
            "at risk": (lambda page, size: t.at_risk_page(page=page, size=size), lambda p: p.total),
            "works": (lambda page, size: t.rows_behind(page=page, size=size), lambda p: p.total),
            "of one": (lambda page, size: t.rows_behind(BOTH[0], page=page, size=size), lambda p: p.total),
            "first": (
                lambda page, size: t.rows_behind(first_attempts=True, page=page, size=size),
                lambda p: p.total,
            ),
            "first at an item": (
                lambda page, size: t.rows_behind(
                    BOTH[1], item="letter", first_attempts=True, team="T0", page=page, size=size
                ),
                lambda p: p.total,
            ),
        }
        for name, (ask, total) in views.items():
            whole = ask(1, 500)
            pages = range(1, max(1, -(-total(whole) // size)) + 1)
            parts = [row for page in pages for row in ask(page, size).rows]

            assert (name, parts) == (name, list(whole.rows))
            assert len(parts) == total(whole)
        assert list(t.at_risk()) == list(t.at_risk_page(size=500).rows)
        assert all(a.reasons for a in t.at_risk())


@SLOWLY
@given(drawn=COHORT)
def test_quick_ways_say_what_slow_ones_say(
    root: Path, paper: Paper, drawn: list[tuple[list[Work], ...]]
) -> None:
    """Scores are nbgrader's; states are the matrix's; the map of competencies is each learner's page."""
    with made("", root, paper, drawn) as t:
        cells = {
            (row.learner, column.id): cell
            for page in [t.matrix()]
            for row in page.rows
            for column, cell in zip(page.columns, row.cells, strict=True)
        }
        behind = {
            (row[0], row[3]): state for state in State for row in t.rows_behind(state=state, size=500).rows
        }
        lines = {line.head.id: line for line in t.overview().assessments}
        found = t.competency_map()
        counts = {
            (line.competency, line.level, held): line.count(held) for line in found.lines for held in Held
        }
        slow = [row for learner in found.learners for row in t.learner(learner).mastery]
        risk = {one.learner: one.reasons for one in t.at_risk()}
        pages = {learner: t.learner(learner).reasons for learner in t.learners}
        for (learner, name), cell in cells.items():
            if cell.score is not None and not cell.late:
                assert cell.score == t.book.find_submission(name, learner).score
        busiest = max(BOTH, key=lambda name: sum(s.score is not None for s in _submitted(t, name)))

        assert {place: cell.state for place, cell in cells.items()} == behind
        for name, line in lines.items():
            states = [cell.state for (_, id), cell in cells.items() if id == name]
            assert line.passed == states.count(State.PASSED)
            assert line.awaiting == states.count(State.AWAITING)
            assert line.refused == states.count(State.REFUSED)
        for row in slow:
            key = (row.competency, row.level, row.held)
            counts[key] -= 1
        assert set(counts.values()) <= {0}
        assert risk == {learner: why for learner, why in pages.items() if why}
        assert t.busiest() == busiest


def _submitted(t: Tracking, name: str) -> list[object]:
    return [one for one in t.book.assignment_submissions(name) if one.student.id in t.learners]


def test_who_passed_everything_has_passed_each(root: Path, paper: Paper) -> None:
    """Full marks in both; once more, and unreadable, takes it away; so does lateness."""
    full = Work(8, 4, 8, -5)
    late, gone = replace(full, hours=200), replace(full, refused=True)
    with made("", root, paper, [([full], [full]), ([full], [late]), ([full], [full, gone]), ([], [])]) as t:
        assert t.overview().passed_all == 1
