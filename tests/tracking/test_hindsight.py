"""Hindsight on the rules: who is counted among those whose outcome is known."""

from datetime import UTC, date, datetime
from pathlib import Path

from pmcampus.cohort import enrol, new
from pmcampus.cohorts.granting import grant
from pmcampus.tracking import open_tracking
from pmcampus.tracking.hindsight import half_way, rule_check
from tests.conftest import TWO_MODULES

NOW = datetime(2026, 12, 24, tzinfo=UTC)


def test_who_is_excused_from_everything_neither_passed_nor_failed(tmp_path: Path) -> None:
    """The other one, who handed nothing in, is the only one whose outcome is known; the sum is everybody."""
    folder = tmp_path / "autumn"
    new(folder, root=TWO_MODULES, pathway="clinician", starts=date(2026, 10, 5))
    (tmp_path / "roster.csv").write_text("learner,name,role,team\nada,Ada,clinician,H\nben,Ben,clinician,H\n")
    enrol(folder, tmp_path / "roster.csv", root=TWO_MODULES)
    grant(folder, "ada", "counting", root=TWO_MODULES, excused=True, because="recognised", now=NOW)

    with open_tracking(folder, root=TWO_MODULES, as_of=NOW) as t:
        found = rule_check(t, half_way(t))

    assert (found.n, found.failed) == (1, 1)
    assert [("of whom nothing is asked", 1)] == [(one.why, one.n) for one in found.exclusions]
