"""The dashboard as a service of a real JupyterHub: who teaches sees the cohort, a learner the own page."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from pmcampus.accesslog import looks, open_log
from pmcampus.dashboard.access import Visitor
from pmcampus.dashboard.hub import Hub, visitor_of
from pmcampus.dashboard.serving import dashboard_form, hub_campus, local_campus
from pmcampus.errors import CohortError
from pmcampus.model.dashboard import DashboardForm
from tests.conftest import TWO_MODULES
from tests.dashboard.conftest import serving

SOURCE = Path(__file__).parents[2] / "src"
FORM = DashboardForm(
    hosts=("127.0.0.1",),
    instructors=("ines",),
    instructor_groups=("teachers",),
    learners={"a.made-up": "ada", "ghost": "nobody"},
)
SETTINGS = """
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.db_url = "sqlite:///{base}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{base}/cookie"
c.ConfigurableHTTPProxy.pid_file = "{base}/proxy.pid"
c.JupyterHub.load_groups = {{"teachers": {{"users": ["tess"]}}}}
c.JupyterHub.services = [{{
    "name": "autumn",
    "url": "http://127.0.0.1:{service}",
    "command": [{python!r}, "-m", "pmcampus", "dashboard", {folder!r}, "--hub", "--root", {root!r}],
    "environment": {{"PYTHONPATH": {source!r}}},
    "oauth_no_confirm": True,
}}]
c.JupyterHub.load_roles = [
    {{"name": "user", "scopes": ["self"]}},
    {{"name": "autumn", "scopes": ["access:services!service=autumn"],
      "users": ["a.made-up", "sam", "ines"], "groups": ["teachers"]}},
]
"""
DASHBOARD = """hosts: ["127.0.0.1"]
instructors: [ines]
instructor_groups: [teachers]
learners: {a.made-up: ada}
"""


def visitor(name: str, *groups: str, admin: bool = False, **changes: object) -> tuple[bool, str | None]:
    """What an account of these groups may see."""
    model = {"name": name, "groups": list(groups), "admin": admin}
    found = visitor_of(model, FORM.model_copy(update=changes), frozenset({"ada", "ben"}))
    return found.is_instructor, found.learner


def test_an_account_is_what_the_form_says() -> None:
    """By name, by group, by the list of learners; being on the roster or an administrator is not enough."""
    assert visitor("ines") == (True, None)
    assert visitor("tess", "teachers", "x") == (True, None)
    assert visitor("a.made-up") == (False, "ada")
    assert visitor("ben") == (False, None)
    assert visitor("ben", same_names=True) == (False, "ben")
    assert visitor("ghost") == (False, None)
    assert visitor("root", "x", admin=True) == (False, None)


def test_without_a_form_or_a_hub_nobody_is_served(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file, or what the Hub should have set."""
    for name in [name for name in os.environ if name.startswith("JUPYTERHUB")]:
        monkeypatch.delenv(name)
    with pytest.raises(CohortError, match=r"dashboard\.yaml: this file is missing"):
        hub_campus(folder, root=TWO_MODULES)
    (folder / "dashboard.yaml").write_text("hosts: ['*']\n")
    with pytest.raises(CohortError, match=r"dashboard\.yaml:1"):
        dashboard_form(folder)
    (folder / "dashboard.yaml").write_text(DASHBOARD)
    with pytest.raises(CohortError, match="JUPYTERHUB_API_TOKEN is not set"):
        hub_campus(folder, root=TWO_MODULES)


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def hub(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a running Hub with our service, and the cohort's folder."""
    pytest.importorskip("jupyterhub")
    base = tmp_path_factory.mktemp("hub")
    folder = base / "autumn"
    subprocess.run(["cp", "-r", str(made), str(folder)], check=True)
    (folder / "dashboard.yaml").write_text(DASHBOARD)
    public, inner, api, service = free_ports(4)
    proxy = str(Path(sys.executable).with_name("configurable-http-proxy"))
    settings = SETTINGS.format(
        public=public, hub=inner, api=api, service=service, proxy=proxy, base=base, python=sys.executable,
        folder=str(folder), root=str(TWO_MODULES), source=str(SOURCE),
    )  # fmt: skip
    (base / "jupyterhub_config.py").write_text(settings)
    with (base / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(base / "jupyterhub_config.py")],
            cwd=base, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            for line in process.stdout:  # until it says so, or ends
                log.write(line)
                if "JupyterHub is now running" in line:
                    break
            assert process.poll() is None, (base / "log").read_text()
            Thread(target=process.stdout.read, daemon=True).start()  # or a full pipe would stop it
            yield f"http://127.0.0.1:{public}", folder
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def signed_in(client: httpx.Client, account: str, path: str = "/services/autumn/") -> httpx.Response:
    """The page where a browser ends that asks for a path of ours and signs in to the Hub as this account."""
    page = client.get(path)
    assert page.url.path == "/hub/login", page.url
    form = {"username": account, "password": "x", "_xsrf": client.cookies.get("_xsrf", path="/hub/") or ""}
    page = client.post(str(page.url), data=form)
    goal = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', page.text)
    return client.get(unescape(goal[1])) if goal else page


@pytest.fixture
def browser_of(hub: tuple[str, Path]) -> Iterator[httpx.Client]:
    """A browser with no cookies yet."""
    with httpx.Client(base_url=hub[0], follow_redirects=True, timeout=30) as client:
        yield client


@pytest.mark.parametrize("account", ["ines", "tess"])
def test_who_teaches_sees_the_cohort(browser_of: httpx.Client, account: str) -> None:
    """Named in the form, or a member of a group that is."""
    page = signed_in(browser_of, account)

    assert page.status_code == 200 and page.url.path == "/services/autumn/"
    assert ">Marking</a>" in page.text
    assert browser_of.get("/services/autumn/marking").status_code == 200
    assert browser_of.get("/services/autumn/static/css/cohort.css").status_code == 200


def test_a_learner_sees_the_own_page_only(browser_of: httpx.Client, hub: tuple[str, Path]) -> None:
    """Whatever the address; and the log knows it."""
    page = signed_in(browser_of, "a.made-up")

    assert page.url.path == "/services/autumn/learners/ada"
    for path in ("learners/ben", "matrix", "marking", "log", "rows?learner=ben"):
        assert browser_of.get(f"/services/autumn/{path}").status_code == 403
    log = open_log(hub[1])
    refused = [look for look in looks(log.lines()) if look and look.did == "was refused"]
    assert {look.who for look in refused[-5:]} == {log.pseudonym("account", "a.made-up")}


def test_a_stranger_sees_nothing(browser_of: httpx.Client) -> None:
    """An account of the Hub that may come as far as the door, and one that may not."""
    page = signed_in(browser_of, "sam")
    assert page.status_code == 403 and "not on this cohort's list" in unescape(page.text)
    for path in ("learners/ada", "matrix", "marking"):
        assert browser_of.get(f"/services/autumn/{path}").status_code == 403
    browser_of.cookies.clear()
    page = signed_in(browser_of, "zoe")
    assert page.status_code == 403 and "/services/autumn/" not in page.url.path


def test_a_link_that_brings_somebody_in_leads_nowhere_else(browser_of: httpx.Client) -> None:
    """After signing in the browser is at the page it asked for, on this host, whatever the address said."""
    page = signed_in(browser_of, "ines", "/services/autumn//evil.example/%5cevil?next=https://evil.example")

    assert (page.url.host, page.url.path) == ("127.0.0.1", "/services/autumn/")


def test_signing_in_must_have_begun_in_the_same_browser(
    browser_of: httpx.Client, hub: tuple[str, Path]
) -> None:
    """An address with somebody else's code brings nobody into their account."""
    browser_of.follow_redirects = False
    begun = browser_of.get("/services/autumn/")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    state = asked["state"][0]
    assert asked["code_challenge_method"] == ["S256"]
    cookie = begun.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie

    with httpx.Client(base_url=hub[0]) as victim:
        for query in ({"code": "x", "state": state}, {"code": "x", "state": ""}, {}):
            assert victim.get("/services/autumn/oauth_callback", params=query).status_code == 403
            assert victim.get("/services/autumn/").status_code == 302


class Forgetful:
    """The Hub's word on a token, which it can take back."""

    access_scopes = frozenset({"access:services!service=autumn"})

    def __init__(self) -> None:
        self.groups: list[str] | None = ["teachers"]
        self.login_url = "/hub/login?x=1"
        self.scopes = set(self.access_scopes)

    def check_scopes(self, required: frozenset[str], model: dict[str, Any]) -> set[str]:
        """As JupyterHub does."""
        return required & model["scopes"]

    def generate_pkce_code_challenge(self) -> tuple[str, str, str]:
        """Any."""
        return "verifier", "challenge", "S256"

    async def user_for_token(self, token: str, *, sync: bool) -> dict[str, Any] | None:
        """The account of any token, while there is one."""
        if self.groups is None:
            return None
        return {"kind": "user", "name": "tess", "groups": self.groups, "scopes": self.scopes}


def test_what_the_hub_takes_back_counts_at_the_next_page(folder: Path) -> None:
    """A group, the right to come at all, the account: a session of ours alone opens nothing."""
    auth = Forgetful()
    campus = replace(local_campus(folder, root=TWO_MODULES), hub=Hub(auth, FORM, "", frozenset({"ada"})))
    cookie = campus.sessions.begin(Visitor("tess", is_instructor=True), hub_token="t")

    with (
        serving(campus) as address,
        httpx.Client(base_url=address, cookies={campus.cookie: cookie}) as client,
    ):
        assert client.get("/marking").status_code == 200
        auth.groups = []
        assert client.get("/marking").status_code == 403
        auth.groups = ["teachers"]
        assert client.get("/marking").status_code == 200
        auth.scopes = set()
        assert client.get("/marking").status_code == 302
        auth.scopes = set(auth.access_scopes)
        assert client.get("/marking").status_code == 302, "the session ended"
