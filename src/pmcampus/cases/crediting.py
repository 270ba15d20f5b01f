"""A case's marks in the gradebook: each member's own row in the ledger, with the team's parts in it.

The submission that a row names is a sheet with the digests of everything the marks were read from. The
files themselves are kept unchanged under these digests, so that a mark can be traced to its evidence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from pmcampus import casedir, gradebook
from pmcampus.casedir import CaseRoom
from pmcampus.casesheet import evidence_sheet, marked_sheet, rules_digest, sheet
from pmcampus.cohort import role_ids
from pmcampus.cohortdir import database_url, load_cohort, load_roster, stored_url
from pmcampus.coursedir import checksums, lay_out, marked_path, save_cells, write_marked
from pmcampus.environment import environment, environment_digest
from pmcampus.errors import CohortError
from pmcampus.kept import keep, write_head
from pmcampus.model.cohort import CohortForm
from pmcampus.model.team import Event
from pmcampus.model.verdict import Verdict
from pmcampus.teamwork.log import last
from pmcampus.teamwork.marks import MemberMark
from pmcampus.teamwork.report import CaseReport
from pmcampus.teamwork.sheet import verdicts


@dataclass(frozen=True)
class Credited:
    """Whose row is new or has changed, whose says the same, and who has nothing to be marked yet."""

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    waiting: tuple[str, ...]


def credit(
    here: CaseRoom, folder: Path, case: str, reports: Sequence[CaseReport], *, root: Path, isolation: str
) -> Credited:
    """Every member's marks, in nbgrader's tables and in the ledger; a marker's own scores there stay.

    Args:
        isolation: how the code that was judged was locked in, in words.

    Raises:
        CohortError: the gradebook cannot be reached, or an assessment has the case's name.
    """
    if (root / "assessments" / case).exists():
        raise CohortError(
            f"assessments/{case}: an assessment has the name of this case, and the gradebook knows both by "
            "name; rename the assessment."
        )
    cohort = load_cohort(folder)
    empty = sheet(reports[0].form)
    done: dict[str, list[str]] = {"changed": [], "unchanged": [], "waiting": []}
    with gradebook.open_gradebook(database_url(folder, cohort), cohort.course) as book:
        _prepare(book, folder, cohort, case, empty, root)
        rules, past = rules_digest(root, case), casedir.events(here)
        keep(folder, environment().encode(), "txt")
        for report in reports:
            for member in report.members:
                evidence = dict(_evidence(here, folder, report.team.team, member.learner))
                if not evidence:
                    done["waiting"].append(member.learner)
                    continue
                is_new = _record(book, folder, case, report, member, empty, rules, past, evidence, isolation)
                done["changed" if is_new else "unchanged"].append(member.learner)
        head = gradebook.last_row(book)
        if head:
            write_head(folder, head.id, head.digest)
    return Credited(**{kind: tuple(sorted(names)) for kind, names in done.items()})


def _prepare(
    book: Gradebook, folder: Path, cohort: CohortForm, case: str, empty: NotebookNode, root: Path
) -> None:
    """Members and parts in the gradebook, and nbgrader's folders."""
    url = database_url(folder, cohort)
    with gradebook.exclusive(url, "preparing"):
        gradebook.enrol(book, load_roster(folder, cohort, roles=role_ids(root)))
        gradebook.open_assessment(book, case, cohort.deadline(case))
        if not gradebook.has_cells(book, case, checksums(empty)):
            save_cells(empty, database=url, course_id=cohort.course, assessment=case)
        stored = stored_url(folder, cohort)
        lay_out(folder, course_id=cohort.course, database=stored, assessment=case, source=empty)


def _evidence(here: CaseRoom, folder: Path, team: str, learner: str) -> Iterator[tuple[str, str]]:
    """Everything that this member's marks are read from, now kept, with its digest."""
    place = here.team(team)
    own = [  # a role's name has no two hyphens in a row, a learner's id may
        path
        for path in (*place.glob("prework/*.ipynb"), *place.glob("sealed/*.json"))
        if path.stem.partition("--")[2] == learner
    ]
    joint = [
        *sorted(place.glob("decision/decision-*.ipynb"))[-1:],
        *sorted(place.glob("decision/record-*.json"))[-1:],
        *place.glob("opened.json"),
        *place.glob("ratings/*.json"),
        *place.glob("scores/*.json"),
    ]
    for path in sorted((*own, *joint)):
        fingerprint = keep(folder, path.read_bytes(), path.suffix[1:])
        yield path.relative_to(here.folder).as_posix(), fingerprint


def _record(
    book: Gradebook,
    folder: Path,
    case: str,
    report: CaseReport,
    member: MemberMark,
    empty: NotebookNode,
    rules: str,
    past: Sequence[Event],
    evidence: Mapping[str, str],
    isolation: str,
) -> bool:
    """Whether the ledger has a new row for this member."""
    items = verdicts(report, member)
    form = report.form
    verdict = Verdict(
        assessment=case,
        version=form.version,
        digest=keep(folder, evidence_sheet(empty, evidence)),
        items=items,
        judged=form.marks.verdict,
    )
    recorded = gradebook.record(
        book,
        member.learner,
        verdict,
        paper=rules,
        handed_in=_handed_in(past, report.team.team, member.learner),
        environment=environment_digest(),
        isolation=isolation,
        first=lambda: write_marked(
            marked_path(folder, member.learner, case), marked_sheet(empty, items), durable=True
        ),
    )
    return recorded.entry is not None


def _handed_in(past: Sequence[Event], team: str, learner: str) -> datetime | None:
    """When the team decided; before that, when this member sealed."""
    found = last(past, "decided", team=team) or last(past, "sealed", who=learner)
    return found.at if found else None
