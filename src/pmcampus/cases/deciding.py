"""What a team hands in after the meeting: its decision with dissent, and what members say of each other."""

from datetime import datetime
from pathlib import Path

from pmcampus import casedir
from pmcampus.casedir import CaseRoom
from pmcampus.casepaper import TEAM, load_case_form
from pmcampus.cases.desk import admit, notebook_bytes, refused, schema_of
from pmcampus.cohortdir import load_cohort
from pmcampus.errors import CohortError
from pmcampus.files import write_bytes
from pmcampus.filledform import model_of, read_form
from pmcampus.model.team import Event, Ratings
from pmcampus.teamwork.log import last
from pmcampus.teamwork.seal import check_form, seal

VERSIONS = 2  # of a decision: the first, and one after a critical fail was repaired


def decide(
    folder: Path, case: str, learner: str, record: Path, *, root: Path, word: str, at: datetime,
    notebook: Path | None = None,
) -> int:  # fmt: skip
    """Which version of the team's decision this is: 1, or 2 after a repair.

    The same record again, with the notebook that was forgotten, is no new version.

    Raises:
        CaseRefused: before the opening, a third version, or a wrong pass.
        CohortError: the record lacks something, such as the minority's opinion.
    """
    form = load_case_form(root, case)
    value = read_form(record)
    with casedir.room(folder, case) as here:
        desk = admit(here, form, case, learner, word, at, "decided")
        if not desk.is_open:
            raise desk.refuse("decided", "a team decides after it has opened its commitments.")
        place = here.team(desk.team.id) / "decision"
        # The log counts: a file that a crash left behind was never taken.
        version = 1 + len(
            {e.what for e in desk.events if (e.verb, e.outcome, e.team) == ("decided", "done", desk.team.id)}
        )
        adds = notebook is not None and version > 1 and not (place / f"decision-{version - 1}.ipynb").exists()
        before = last(desk.events, "decided", team=desk.team.id)
        if adds and before and isinstance(value, dict) and seal(value) == before.seal:
            version -= 1
        if version > VERSIONS:
            raise desk.refuse("decided", "the decision was repaired once already.")
        fitting = check_form(value, schema_of(root, case, form.decision.schema_file), source=str(record))
        content = notebook_bytes(notebook, TEAM, desk.team.id) if notebook is not None else None
        if content is not None:
            write_bytes(place / f"decision-{version}.ipynb", content, durable=True)
        casedir.write_json(place / f"record-{version}.json", fitting)
        desk.note("decided", what=f"version {version}", seal=seal(fitting))
    return version


def taken_record(here: CaseRoom, team: str, at: datetime) -> dict[str, object]:
    """The team's latest decision that the log knows; empty before there is one.

    Raises:
        CaseRefused: it was changed after it was handed in.
    """
    decided = last(casedir.events(here), "decided", team=team)
    if decided is None:
        return {}
    path = here.team(team) / "decision" / f"record-{decided.what.removeprefix('version ')}.json"
    try:
        found: dict[str, object] = casedir.read_json(path)
    except CohortError:
        found = {}
    if seal(found) != decided.seal:
        why = f"the decision of {team} was changed after it was handed in; restore {path.name} from a backup."
        raise refused(here, at, "educator", "marked", why, team=team)
    return found


def rate(folder: Path, case: str, learner: str, file: Path, *, root: Path, word: str, at: datetime) -> int:
    """How many members were rated.

    Raises:
        CaseRefused: before the opening, oneself, somebody of another team, twice, or a wrong pass.
        CohortError: the form does not fit.
    """
    form = load_case_form(root, case)
    given = model_of(file, Ratings).ratings
    with casedir.room(folder, case) as here:
        desk = admit(here, form, case, learner, word, at, "rated")
        others = {seat.learner for seat in desk.team.seats} - {learner}
        if not desk.is_open:
            raise desk.refuse("rated", "members rate each other after the meeting.")
        if set(given) - others:
            raise desk.refuse("rated", "only other members of your own team can be rated.")
        if last(desk.events, "rated", who=learner):
            raise desk.refuse("rated", "your ratings are in and stay as they are.")
        if not given:
            raise CohortError(
                f"{file}: nobody is rated in it; give each of {', '.join(sorted(others))} numbers."
            )
        wanted = len(form.marks.peer.statements)
        if any(len(marks) != wanted for marks in given.values()):
            raise CohortError(f"{file}: give each member {wanted} numbers, one for each statement.")
        casedir.write_json(here.team(desk.team.id) / "ratings" / f"{learner}.json", given)
        desk.note("rated")
    return len(given)


def history(folder: Path, case: str) -> list[Event]:
    """Everything that was done or refused, in order.

    Raises:
        CohortError: the case has not begun here, or the log was tampered with.
    """
    load_cohort(folder)
    if not (folder / "cases" / case / "log.jsonl").is_file():  # a slip in the name must make no folder
        raise CohortError(
            f"{folder}: no case {case!r} has begun here; look at the name, or form teams with "
            "`pmcampus cohort teams`."
        )
    with casedir.room(folder, case) as here:
        return casedir.events(here)
