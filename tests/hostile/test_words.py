"""Words and outputs of a learner's process that nobody can store or read back; the run goes on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pmcampus.grade import grade
from pmcampus.paper import Paper
from tests.conftest import answered, as_bytes
from tests.test_grade import handed_in, states, take
from tests.test_marking import RIGHT

pytestmark = pytest.mark.kernel
AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)

UNSTORABLE = """\
import pmcampus.kernels.learner as own
own.Learner._fetch = lambda self, message, parts: ({"values": {}, "refused": {"word": "a\\x00b \\ud800"}}, [])"""


def test_a_reason_that_no_page_can_hold_stops_nobody(
    tmp_path: Path, curriculum: Path, database: str, paper: Paper
) -> None:
    """Half of a surrogate pair ended the writing of everybody's feedback; it becomes a visible sign."""
    cohort = handed_in(tmp_path, curriculum, paper, database)
    attack = as_bytes(answered(paper, **RIGHT | {"wrong_word": UNSTORABLE}))
    take(tmp_path, cohort, curriculum, "wrong", attack, AT)

    done = grade(cohort, "counting", root=curriculum, workers=1)

    assert ["late", "right", "wrong"] == sorted(done.marked)
    assert states(cohort, curriculum)["wrong"][1] == 4.0
