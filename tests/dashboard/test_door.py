"""The door: who comes in, what every answer carries, and what no visitor can make it do."""

import re
from pathlib import Path

import httpx
import pytest

from pmcampus.accesslog import looks
from pmcampus.dashboard import build
from pmcampus.dashboard.access import LASTS, OneTimeToken, Sessions, Visitor
from pmcampus.dashboard.app import paths
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.serving import is_loopback, serve
from pmcampus.errors import CohortError
from tests.conftest import TWO_MODULES
from tests.dashboard.conftest import Guest

OPEN = {"/enter", "/static/{path:path}"}
FILLED = {
    "assessment": "counting",
    "cell": "letter",
    "learner": "ben",
    "answer": "0" * 16,
    "appeal": "0" * 16,
}
OF_LEARNERS = {"/", "/learners/{learner}", "/learners/{learner}/appeal", "/leave"}


def addresses(campus: Campus) -> list[tuple[str, str, str]]:
    """Every address: its pattern, one that fits it, and the method."""
    found = []
    for route in paths(build(campus)):
        fitting = re.sub(r"{(\w+)(:path)?}", lambda m: FILLED.get(m[1], "x"), route.path)
        found += [(route.path, fitting, method) for method in route.methods or () if method != "HEAD"]
    return found


def test_the_printed_address_opens_the_door_once(campus: Campus, stranger: Guest) -> None:
    """A second use is refused, and so are a wrong one, an empty one and one from before."""
    old, token = campus.token.renew(), campus.token.renew()

    assert stranger.get("enter", token=old).status_code == 403
    assert stranger.get("enter", token="").status_code == 403
    assert stranger.client.head("/enter", params={"token": token}).status_code == 405
    assert stranger.get().status_code == 403
    assert stranger.get("enter", token=token).status_code == 200
    assert stranger.get().status_code == 200
    with httpx.Client(base_url=stranger.client.base_url) as other:
        assert other.get("/enter", params={"token": token}).status_code == 403
        assert other.get("/").status_code == 403


def test_the_cookie_is_strict_and_no_script_reads_it(campus: Campus, stranger: Guest) -> None:
    """And the page that sets it goes on to the first page by itself."""
    answer = stranger.get("enter", token=campus.token.renew())

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/;" in cookie
    assert '<meta http-equiv="refresh" content="0;url=/">' in answer.text


def test_a_planted_session_is_never_taken_over(campus: Campus, stranger: Guest) -> None:
    """Whoever comes in gets a new value, whatever their browser held; the planted one stays worthless."""
    stranger.client.cookies.set(campus.cookie, "planted")

    stranger.get("enter", token=campus.token.renew())

    with httpx.Client(base_url=stranger.client.base_url, cookies={campus.cookie: "planted"}) as attacker:
        assert attacker.get("/").status_code == 403
    assert campus.sessions.find("planted") is None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:80"])
def test_another_host_name_is_turned_away(instructor: Guest, host: str) -> None:
    """A page elsewhere that points its own name at this machine gets nothing, session or not."""
    answer = instructor.client.get("/", headers={"host": host})

    assert answer.status_code == 400
    assert "Autumn" not in answer.text and "ada" not in answer.text


def test_every_answer_is_safe_to_show(instructor: Guest, stranger: Guest) -> None:
    """Pages, refusals, missing pages and files carry the headers; what is personal is never stored."""
    pages = [
        instructor.get(),
        instructor.get("nowhere"),
        stranger.get(),
        instructor.client.get("/", headers={"host": "x"}),
    ]

    for answer in (*pages, stranger.get("static", "css", "campus.css")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers
    assert {answer.headers["cache-control"] for answer in pages} == {"no-store"}


def test_without_a_session_nothing_answers(campus: Campus, stranger: Guest) -> None:
    """Every address that the application has, but the door and its look."""
    asked = addresses(campus)

    assert len(asked) > 20
    for pattern, address, method in asked:
        if pattern not in OPEN:
            assert stranger.client.request(method, address).status_code == 403, address


def test_a_learner_gets_the_own_page_and_no_other(campus: Campus, learner: Guest) -> None:
    """Every other address is refused, and whether a learner exists is not told."""
    for pattern, address, method in addresses(campus):
        if pattern not in OPEN | OF_LEARNERS:
            assert learner.client.request(method, address).status_code == 403, address
    assert learner.get().headers["location"] == "/learners/ada"
    other, nobody = learner.get("learners", "ben"), learner.get("learners", "nobody")
    assert (other.status_code, nobody.status_code) == (403, 403)
    assert other.text == nobody.text


def test_a_form_without_its_token_changes_nothing(campus: Campus, instructor: Guest) -> None:
    """Every address that takes a form, with no token and with a token of another session."""
    others = campus.sessions.find(campus.sessions.begin(Visitor("x", is_instructor=True)))
    assert others is not None

    for _, address, method in addresses(campus):
        if method == "POST":
            for token in ({}, {"csrf": ""}, {"csrf": others.forms}):
                assert instructor.client.post(address, data=token).status_code == 403, address
    assert instructor.get().status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused_before_it_is_read(
    instructor: Guest, headers: dict[str, str]
) -> None:
    """Even with the right token; another port of this machine is elsewhere too."""
    token = re.search(r'name="csrf" value="([^"]+)"', instructor.get().text)
    assert token

    answer = instructor.client.post("/leave", data={"csrf": token[1]}, headers=headers)

    assert answer.status_code == 403
    assert instructor.get().status_code == 200


def test_leaving_ends_the_session(campus: Campus, instructor: Guest) -> None:
    """The cookie is worth nothing afterwards, in whatever browser."""
    cookie = instructor.client.cookies[campus.cookie]

    assert instructor.send(instructor.get(), "/leave").status_code == 200

    with httpx.Client(base_url=instructor.client.base_url, cookies={campus.cookie: cookie}) as kept:
        assert kept.get("/").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/../cohort.yaml",
        "/static/%2e%2e/%2e%2e/roster.csv",
        "/static//etc/passwd",
        "/static/css/..%2f..%2froster.csv",
        "/learners/..%2f..%2froster.csv",
        "/learners/%00",
        "/marking/..%2fcounting/letter",
        "/marking/counting/letter/..%2f..%2froster.csv",
        "/appeals/..%2f..%2froster",
        "/items?assessment=../../roster",
        "/matrix?assessment=%00",
    ],
)
def test_no_path_leads_to_a_file(instructor: Guest, path: str) -> None:
    """There is no such page, and never a failure of ours."""
    answer = instructor.client.get(path)

    assert answer.status_code in (303, 307, 404, 409)
    assert "learner,name,role,team" not in answer.text and "root:" not in answer.text


def test_a_large_form_is_refused(instructor: Guest) -> None:
    """Before it fills the memory."""
    assert instructor.client.post("/leave", data={"csrf": "x" * 200_000}).status_code == 413


def test_only_paths_of_ours_are_gone_on_to(campus: Campus) -> None:
    """No address of another host, in whatever spelling a browser understands."""
    hosts = ("https://evil.example", "//evil.example", "/\\evil.example", "/a//evil.example", "\\\\evil")
    for text in (*hosts, "", "x", "/\tx", "/../x", "javascript:alert(1)", "/ //x"):
        assert campus.own_path(text) == "/", text
    assert campus.own_path("/rows?assessment=a&next=//b") == "/rows?assessment=a&next=//b"


def test_a_session_ends_after_a_working_day() -> None:
    """By the clock, and a used token is dead."""
    now = [0.0]
    sessions, token = Sessions(clock=lambda: now[0]), OneTimeToken()
    cookie, value = sessions.begin(Visitor("x", is_instructor=True)), token.renew()

    assert sessions.find(cookie) is not None
    assert (token.spend(value), token.spend(value), token.spend("")) == (True, False, False)
    now[0] = LASTS
    assert sessions.find(cookie) is None


def test_an_address_that_others_reach_is_refused(folder: Path) -> None:
    """Without a Hub, before anything listens."""
    for host in ("0.0.0.0", "::", "10.0.0.5", "campus.example"):
        with pytest.raises(CohortError, match="JupyterHub"):
            serve(folder, root=TWO_MODULES, host=host)
    assert [is_loopback(host) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost")] == [True] * 4


def test_who_came_in_and_who_was_refused_is_noted(campus: Campus, instructor: Guest, learner: Guest) -> None:
    """Under pseudonyms; no id and no name stands in the log."""
    instructor.get("learners", "ada")
    learner.get("learners", "ben")

    noted = [look for look in looks(campus.log.lines()) if look]
    assert [(look.did, look.what) for look in noted] == [
        ("came in", "the dashboard"),
        ("saw", "a learner's page"),
        ("was refused", "another learner's page"),
    ]
    assert noted[1].learner == noted[2].who.replace(noted[2].who, campus.log.pseudonym("learner", "ada"))
    text = "\n".join(campus.log.lines())
    assert not any(word in text for word in ('"ada"', '"ben"', "script", "this machine"))
