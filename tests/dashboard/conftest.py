"""A small cohort with hostile names, marked without kernels, and a dashboard that serves it."""

import html
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import httpx
import pytest

from pmcampus import gradebook
from pmcampus.cohort import enrol, new
from pmcampus.cohortdir import database_url, load_cohort, roster_text, write_cohort
from pmcampus.coursedir import marked_path, save_cells, submitted_path, write_marked
from pmcampus.dashboard.access import Visitor
from pmcampus.dashboard.campus import Campus
from pmcampus.dashboard.serving import listen, local_campus, server_of
from pmcampus.model.cohort import Learner
from pmcampus.model.verdict import ItemVerdict, Mark, Verdict
from pmcampus.paper import load_paper
from tests.conftest import TWO_MODULES, answered, as_bytes

AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example","x")'
HEBREW = "שלום \u200fעולם"
LONG = "N" * 10_000
LEARNERS = [
    Learner("ada", f"{SCRIPT}<img src=x onerror=alert(2)>", "clinician", SCRIPT),
    Learner("ben", FORMULA, "clinician", SCRIPT),
    Learner("cem", HEBREW, "data-scientist", FORMULA),
    Learner("dora", LONG, "data-scientist", FORMULA),
    Learner("edin", "Edin Imaginary", "clinician", "T" * 2000),
]
LETTERS = {
    "ada": "# Mine\n\n<script>alert(3)</script> [here](javascript:alert(4)) ![x](http://evil.example/x.png)",
    "ben": f"{FORMULA}\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |",
    "cem": f"{HEBREW} \u202eevil",
    "dora": LONG,
}
COUNTING = "counting"
ITEM = ("marking", COUNTING, "letter")


def verdict(share: float, digest: str = "d1") -> Verdict:
    """A verdict on the tiny assessment, its letter left to a person."""
    items = (
        ItemVerdict("share-check", 4, share, Mark.PARTIAL, f"3 of 4 right. {SCRIPT}", ("A note.",)),
        ItemVerdict("wrong-word-check", 2, 2, Mark.FULL),
        ItemVerdict("letter", 4, None, Mark.AWAITING),
    )
    return Verdict(COUNTING, "1.0.0", digest, items)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cohort, made once."""
    base = tmp_path_factory.mktemp("dashboard")
    folder, root = base / "autumn", TWO_MODULES
    form = new(folder, root=root, pathway="clinician", starts=date(2026, 10, 5))
    write_cohort(folder, form.model_copy(update={"due": {COUNTING: AT}}))
    (base / "roster.csv").write_text(roster_text(LEARNERS), "utf-8")
    enrol(folder, base / "roster.csv", root=root)
    paper = load_paper(root, COUNTING)
    cohort = load_cohort(folder)
    url = database_url(folder, cohort)
    with gradebook.open_gradebook(url, cohort.course) as book:
        gradebook.open_assessment(book, COUNTING, AT)
    save_cells(paper.official, database=url, course_id=cohort.course, assessment=COUNTING)
    with gradebook.open_gradebook(url, cohort.course) as book:
        for number, (learner, letter) in enumerate(LETTERS.items()):
            work = answered(paper, share="def share(part, whole):\n    return part", letter=letter)
            submitted_path(folder, learner, COUNTING).parent.mkdir(parents=True)
            submitted_path(folder, learner, COUNTING).write_bytes(as_bytes(work))
            write_marked(marked_path(folder, learner, COUNTING), work)
            gradebook.record(book, learner, verdict(number, f"d{number}"), paper="p1", handed_in=AT)
        gradebook.record(book, "ada", verdict(3, "d9"), paper="p2", handed_in=AT)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the cohort, to change."""
    return Path(shutil.copytree(made, tmp_path / "autumn"))


@dataclass
class Guest:
    """Somebody with a browser: reads pages, follows links, sends forms with their hidden fields."""

    client: httpx.Client
    campus: Campus

    def get(self, *parts: str, **query: str) -> httpx.Response:
        """The page at this address."""
        return self.client.get(self.campus.url(*parts, **query))

    def send(self, page: httpx.Response, action: str, **fields: str) -> httpx.Response:
        """The form of this page that goes to an address with this end, filled in."""
        for form in re.findall(r"<form[^>]*>.*?</form>", page.text, re.DOTALL):
            goal = re.search(r'action="([^"]*)"', form)
            if goal and 'method="post"' in form and html.unescape(goal[1]).endswith(action):
                hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
                return self.client.post(html.unescape(goal[1]), data=hidden | fields)
        raise AssertionError(f"no form goes to {action}")


@contextmanager
def serving(campus: Campus) -> Iterator[str]:
    """The address of a running dashboard."""
    listening = listen("127.0.0.1", 0)
    server = server_of(campus)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@pytest.fixture
def campus(folder: Path) -> Campus:
    """The dashboard's settings, on one's own machine."""
    return local_campus(folder, root=TWO_MODULES)


@pytest.fixture
def address(campus: Campus) -> Iterator[str]:
    """Where it answers."""
    with serving(campus) as found:
        yield found


@pytest.fixture
def stranger(campus: Campus, address: str) -> Iterator[Guest]:
    """A browser that nobody let in."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield Guest(client, campus)


@pytest.fixture
def instructor(campus: Campus, address: str) -> Iterator[Guest]:
    """A browser that came in with the printed address."""
    with httpx.Client(base_url=address, timeout=60) as client:
        client.get("/enter", params={"token": campus.token.renew()})
        yield Guest(client, campus)


@pytest.fixture
def learner(campus: Campus, address: str) -> Iterator[Guest]:
    """Ada's browser; on one's own machine only a test can give a learner a session."""
    cookie = campus.sessions.begin(Visitor("ada", is_instructor=False, learner="ada"))
    with httpx.Client(base_url=address, timeout=60, cookies={campus.cookie: cookie}) as client:
        yield Guest(client, campus)
