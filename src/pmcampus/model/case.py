"""The form in a case study's folder: roles, seats, timing, what is sealed, and every mark with its weight."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pmcampus.model.assessment import CellName, Percent
from pmcampus.model.common import (
    Bloom,
    CaseCode,
    ClinicalReview,
    CompetencyAt,
    CompetencyCode,
    Frozen,
    Level,
    Minutes,
    Slug,
    Status,
    Text,
    Version,
)

DataFile = Annotated[str, StringConstraints(pattern=r"^data/[A-Za-z0-9][A-Za-z0-9._-]*$")]
RoleSheet = Annotated[str, StringConstraints(pattern=r"^roles/[a-z0-9-]+\.md$")]
RoleNotebook = Annotated[str, StringConstraints(pattern=r"^roles/[a-z0-9-]+\.ipynb$")]
Notebook = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.ipynb$")]
Points = Annotated[float, Field(gt=0, le=100)]
BRIEFING, RUBRIC, GUIDE = "briefing.md", "rubric.md", "facilitator-guide.md"
COMMITMENT_FIELDS = frozenset({"role", "choice", "confidence", "reason", "number", "veto", "secret"})
DECISION_FIELDS = frozenset({"decision", "minority"})
HIGHEST = 4  # of every rubric, lowest is 0


class CasePart(Frozen):
    """One notebook of the case, as pages list it."""

    file: str
    title: Text
    minutes: Minutes


class CaseRole(Frozen):
    """One person at the table. `files` go to this role alone; `only_here` are marks of its hidden facts."""

    title: Text
    person: Text
    played_by: Annotated[tuple[Slug, ...], Field(min_length=1)]
    briefing: RoleSheet
    notebook: RoleNotebook
    notebook_title: Text
    minutes: Minutes
    files: tuple[DataFile, ...] = ()
    only_here: Annotated[tuple[Text, ...], Field(min_length=1)]


class Seating(Frozen):
    """How many may play: who holds several roles in a small team, which roles are doubled in a large one."""

    minimum: Annotated[int, Field(ge=2, le=12)]
    best: Annotated[int, Field(ge=2, le=12)]
    maximum: Annotated[int, Field(ge=2, le=12)]
    alone: bool = False
    fewer: dict[int, tuple[tuple[Slug, ...], ...]] = Field(default_factory=dict)
    more: tuple[Slug, ...] = ()
    never_together: tuple[tuple[Slug, Slug], ...] = ()


class Phase(Frozen):
    """A stretch of time, and who is in the room."""

    title: Text
    minutes: Minutes
    who: Literal["alone", "role-groups", "team"]


class Commitment(Frozen):
    """The small structured answer that each role seals; `recorded`: the authors', for roles nobody plays."""

    schema_file: DataFile
    points: Points
    recorded: DataFile | None = None


class Decision(Frozen):
    """The joint notebook, the record it ends in, and files that the team gets with it."""

    notebook: Notebook
    title: Text
    minutes: Minutes
    schema_file: DataFile
    files: tuple[DataFile, ...] = ()


class CaseItem(Frozen):
    """One graded cell of a case notebook, judged by machine."""

    cell: CellName
    title: Text
    points: Points
    competency: CompetencyCode
    level: Level
    bloom: Bloom
    practise_in: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Paper(Frozen):
    """A written answer that people score 0 to 4 for each question."""

    points: Points
    questions: Annotated[tuple[Text, ...], Field(min_length=1)]


class Criterion(Frozen):
    """One row of the rubric; weights are per cent of what the rubric is worth."""

    title: Text
    weight: Annotated[float, Field(gt=0, le=100)]


class Peer(Frozen):
    """How far the ratings of the others move a member's team part."""

    at_most: Annotated[float, Field(ge=0, le=0.15)]
    raters: Annotated[int, Field(ge=2, le=11)]
    statements: Annotated[tuple[Text, ...], Field(min_length=1)]


class CaseMarks(Frozen):
    """Every mark of the case; the sum is 100."""

    verdict: Text
    prework: tuple[CaseItem, ...]
    exit_paper: Paper
    team_items: tuple[CaseItem, ...] = ()
    rubric_points: Points
    criteria: Annotated[dict[Slug, Criterion], Field(min_length=1)]
    critical_fails: dict[Slug, Text]
    cap: Annotated[float, Field(gt=0, le=1)]
    passing_score: Percent = 70.0
    peer: Peer

    @property
    def team_points(self) -> float:
        """What the team earns together, at most."""
        return self.rubric_points + sum(item.points for item in self.team_items)


class Patient(Frozen):
    """Whether the story is of a real person; if so, where their consent is recorded."""

    real: bool
    consent: str | None = None


class CaseForm(Frozen):
    """`case.yaml`."""

    code: CaseCode
    title: Text
    summary: Text
    version: Version
    status: Status
    minutes: Annotated[int, Field(gt=0, le=900)]
    facts_valid_as_of: date
    jurisdiction: Text | None = None
    modules: tuple[Slug, ...]
    competencies: tuple[CompetencyAt, ...] = ()
    roles: Annotated[dict[Slug, CaseRole], Field(min_length=2)]
    seating: Seating
    timing: Annotated[tuple[Phase, ...], Field(min_length=1)]
    shared_files: tuple[DataFile, ...] = ()
    commitment: Commitment
    decision: Decision
    marks: CaseMarks
    patient: Patient
    discussion: Annotated[tuple[Text, ...], Field(min_length=1)]
    clinical_review: ClinicalReview

    @model_validator(mode="after")
    def _critical_fails_do_not_pass(self) -> "CaseForm":
        team = self.marks.team_points
        if self.points - team + self.marks.cap * team >= self.marks.passing_score * self.points / 100:
            raise ValueError(
                "a member could pass in spite of a critical fail; lower `cap` or raise `passing_score`"
            )
        return self

    @property
    def parts(self) -> tuple[CasePart, ...]:
        """Every notebook: one for each role, then the joint one."""
        own = (
            CasePart(file=role.notebook, title=role.notebook_title, minutes=role.minutes)
            for role in self.roles.values()
        )
        joint = self.decision
        return (*own, CasePart(file=joint.notebook, title=joint.title, minutes=joint.minutes))

    @property
    def points(self) -> float:
        """The sum of all marks."""
        own = sum(item.points for item in self.marks.prework) + self.commitment.points
        return own + self.marks.exit_paper.points + self.marks.team_points

    @property
    def packets(self) -> Mapping[str, frozenset[str]]:
        """Which files of the folder each role gets before the meeting."""
        shared = frozenset({BRIEFING, self.commitment.schema_file, *self.shared_files})
        return {id: shared | {role.briefing, role.notebook, *role.files} for id, role in self.roles.items()}
