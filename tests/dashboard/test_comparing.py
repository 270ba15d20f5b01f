"""Gain, markers' agreement, minutes and hindsight as pages: tracking's values, and the rows behind them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from pmcampus.accesslog import looks
from pmcampus.cohortdir import load_cohort, write_cohort
from pmcampus.dashboard.access import Visitor
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.serving import local_campus
from pmcampus.model.dashboard import Look
from pmcampus.tracking import open_tracking
from tests.conftest import barriers
from tests.dashboard.conftest import Guest, serving
from tests.dashboard.term.cohort import CASE, COUNTING, RECOUNT
from tests.tracking import term


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Campus:
    """The dashboard of a cohort that is over."""
    root, folder = term.build(tmp_path_factory.mktemp("over"), times={"ada": (5, 0.5, 1, 2)})
    term.scores(folder, second={"evidence": 2, "decision": 2})
    return local_campus(folder, root=root)


@pytest.fixture(scope="module")
def where(over: Campus) -> Iterator[str]:
    """Its address."""
    with serving(over) as address:
        yield address


@pytest.fixture
def guest(over: Campus, where: str) -> Iterator[Guest]:
    """An instructor's browser."""
    with httpx.Client(base_url=where, timeout=60) as client:
        client.get("/enter", params={"token": over.token.renew()})
        yield Guest(client, over)


def test_gain_is_trackings_own_with_n_interval_and_dots(guest: Guest, over: Campus) -> None:
    """The same numbers as the terminal's; each learner is a line while they are few; n leads to the rows."""
    text = guest.get("gain", pre=COUNTING, post=RECOUNT).text
    with open_tracking(over.folder, root=over.root, as_of=over.now()) as t:
        page = t.gain(COUNTING, RECOUNT)

    assert page.hake.value is not None and page.hake.interval is not None
    assert f"<b>{page.hake.value:.2f}</b>" in text and f"{page.hake.interval.low:.2f} to" in text
    assert text.count('class="dot') == 2 * page.n == 14
    assert "1 learner with full marks twice" in text and "1 learners" not in text
    assert "So few are a hint" in text
    rows = guest.client.get("/gain/rows", params={"pre": COUNTING, "post": RECOUNT}).text
    assert "/gain/rows?pre=counting&amp;post=recount" in text
    assert ">7 rows." in rows and '<a href="/learners/ben">ben</a>' in rows


def test_gain_wants_two_assessments(guest: Guest) -> None:
    """Before the choice there is a form, the same one twice is said, an unknown one is no page."""
    assert "<select" in guest.get("gain").text and "Mean before" not in guest.get("gain").text
    assert "These are the same assessment." in guest.get("gain", pre=COUNTING, post=COUNTING).text
    assert guest.get("gain", pre=COUNTING, post="x").status_code == 404
    assert guest.get("gain", "rows").status_code == 404
    assert guest.get("gain", "rows", pre=COUNTING, post=RECOUNT, page="9").status_code == 409


def test_markers_are_compared_score_by_score(guest: Guest) -> None:
    """Three scores are insufficient evidence; each is a line of dots, and a row behind."""
    text = guest.get("markers").text

    assert "<b>Insufficient evidence.</b> 3 are behind these numbers" in text
    assert "each of first and second gave" in text and "team-1, decision: 3, 2" in text
    assert re.search(r"Exact agreement</dt><dd><b>33 %</b>", text)
    rows = guest.get("markers", "rows", case=CASE).text
    assert all(word in rows for word in ("decision", "evidence", "integration", ">3 rows."))
    assert guest.get("markers", case="x").status_code == 404


def test_a_cohort_without_case_or_second_test_says_so(instructor: Guest) -> None:
    """No empty table."""
    assert "fewer than two assessments" in instructor.get("gain").text
    assert "No team case of this cohort has teams yet." in instructor.get("markers").text
    assert instructor.get("markers", "rows").status_code == 404


def test_minutes_say_whose_word_they_are(guest: Guest) -> None:
    """Where a notebook holds them, with n; elsewhere not recorded; and that nobody can verify them."""
    text = guest.get("items", assessment=COUNTING).text

    assert re.search(r'data-v="5\.49\d*"><b>5\.5</b> <span class="small quiet nowrap">n&nbsp;1', text)
    assert text.count("not recorded") == 1
    assert "unverified, and never used for marks" in text
    assert guest.get("items", assessment=RECOUNT).text.count("not recorded") == 3


def test_the_rules_are_looked_back_upon_on_a_day(guest: Guest) -> None:
    """Half-way by default, another day when asked; what is no day is the default."""
    half = guest.get("at-risk").text
    early = guest.get("at-risk", at="2026-10-27").text

    assert 'value="2026-11-09"' in half
    assert re.search(r"Recall</dt><dd><b>\d+ %</b>", half)
    assert "insufficient evidence: 3 learners to whom a rule applied, 5 are needed" in early
    assert 'value="2026-11-09"' in guest.get("at-risk", at="yesterday").text


def test_learners_see_none_of_it_and_the_log_names_what_was_seen(
    guest: Guest, over: Campus, where: str
) -> None:
    """The pages are the instructors'; each look is a line."""
    guest.get("gain", pre=COUNTING, post=RECOUNT)
    guest.get("markers")
    seen = {(look.what, look.assessment) for look in looks(over.log.lines()) if look}
    assert {(f"learning gain up to {RECOUNT}", COUNTING), ("agreement of markers", CASE)} <= seen
    cookie = over.sessions.begin(Visitor("ada", is_instructor=False, learner="ada"))
    with httpx.Client(base_url=where, cookies={over.cookie: cookie}) as client:
        for path in ("/gain", "/gain/rows", "/markers", "/markers/rows"):
            assert client.get(path).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_new_pages_have_no_barrier(
    browser: Any, over: Campus, where: str, width: int, scheme: str
) -> None:
    """axe finds nothing, with numbers and dots on them, and nothing scrolls sideways."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=where
    )
    cookie = over.sessions.begin(Visitor("x", is_instructor=True))
    context.add_cookies([{"name": over.cookie, "value": cookie, "url": where}])
    page, found = context.new_page(), {}
    for path in (
        f"/gain?pre={COUNTING}&post={RECOUNT}",
        "/markers",
        "/at-risk",
        f"/items?assessment={COUNTING}",
    ):
        page.goto(path)
        found[path] = barriers(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found[path].append("it scrolls sideways")
    context.close()
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_a_month_that_is_over_goes_with_the_first_line_of_a_new_one(tmp_path: Path) -> None:
    """The running dashboard needs no command for it; the cohort says how many months are kept."""
    root, folder = term.build(tmp_path)
    write_cohort(folder, load_cohort(folder).model_copy(update={"access_log_months": 2}))
    campus = local_campus(folder, root=root)
    for year in (2020, 2021):
        campus.log.add(Look(at=datetime(year, 5, 1, tzinfo=UTC), who="w", did="saw", what="it"))
    campus.note(Look(at=campus.now(), who="w", did="saw", what="it"))

    (left,) = campus.log.files()
    assert left.name == f"access-{campus.now():%Y-%m}.jsonl"
    assert [look.did for look in looks(campus.log.lines()) if look] == ["saw", "pruned"]
