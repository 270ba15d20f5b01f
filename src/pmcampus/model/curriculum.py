"""The curriculum's own forms: what is in `curriculum/`."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pmcampus.model.common import (
    Bloom,
    CaseCode,
    Code,
    CompetencyAt,
    CompetencyCode,
    Frozen,
    Hours,
    Level,
    Slug,
    Text,
)

AREA_NAMES = {"G": "Genomics", "D": "Data", "E": "Ethics", "R": "Regulation", "T": "Teamwork"}


class CurriculumForm(Frozen):
    """`curriculum.yaml`: what is published, in the order the site shows it."""

    title: Text
    summary: Text
    licence: Text
    code_licence: Text
    language: Text
    facts_valid_as_of: date
    modules: tuple[Slug, ...]
    case_studies: tuple[Slug, ...]


class Source(Frozen):
    """A framework the competencies were drawn from."""

    title: Text
    cite: str


class Competency(Frozen):
    """What a learner can do, at three levels."""

    statement: Text
    sources: tuple[str, ...]
    aware: Text
    apply: Text
    lead: Text


class CompetencyForm(Frozen):
    """`competencies.yaml`."""

    version: str
    sources: dict[str, Source]
    competencies: dict[CompetencyCode, Competency]


class Role(Frozen):
    """A learner's profession in the team, with the level its pathway must reach."""

    title: Text
    short: Text
    summary: Text
    icon: Text
    variant_of: Slug | None = None
    targets: dict[CompetencyCode, Level] = Field(default_factory=dict)


class RoleForm(Frozen):
    """`roles.yaml`."""

    roles: dict[Slug, Role]


class PathwayStep(Frozen):
    """One module on a pathway; `part` names a marked subset, such as the short form."""

    module: Slug
    part: str | None = None
    hours: float | None = None


class Pathway(Frozen):
    """An ordered list of modules for a role."""

    code: Annotated[str, Field(pattern=r"^P[0-9]f?$")]
    title: Text
    role: Slug
    summary: Text
    required: tuple[PathwayStep, ...]
    elective: tuple[PathwayStep, ...] = ()
    capstone: tuple[CaseCode, ...]
    capstone_hours: float


class PathwayForm(Frozen):
    """`pathways.yaml`; `core` is what every role takes."""

    core: tuple[Slug, ...]
    pathways: dict[Slug, Pathway]


class PlannedLesson(Frozen):
    """A lesson that is not written yet."""

    title: Text
    activity: Text
    data: Literal["real", "simulated", "published", "mixed", "none"]


class PlannedOutcome(Frozen):
    """What a learner will be able to do after a planned module."""

    text: Text
    bloom: Bloom


class PlannedModule(Frozen):
    """A module on the map which has no folder yet."""

    code: Code
    title: Text
    summary: Text
    hours: Hours
    prerequisites: tuple[Slug, ...] = ()
    competencies: tuple[CompetencyAt, ...]
    outcomes: tuple[PlannedOutcome, ...]
    lessons: tuple[PlannedLesson, ...]
    graded: Text


class PlannedCase(Frozen):
    """A team case on the map which has no folder yet."""

    code: CaseCode
    title: Text
    summary: Text
    team: tuple[Text, ...]
    decision: Text
    modules: tuple[Slug, ...]


class PlannedForm(Frozen):
    """`planned.yaml`: everything the map promises and nobody has written yet."""

    modules: dict[Slug, PlannedModule]
    case_studies: dict[Slug, PlannedCase]


class Clause(Frozen):
    """One promise of the roadmap paper, and what teaches it."""

    text: Text
    section: Text
    modules: tuple[Slug, ...] = ()
    lessons: tuple[str, ...] = ()
    cases: tuple[Slug, ...] = ()
    status: Literal["planned", "covered"]


class RoadmapForm(Frozen):
    """`roadmap.yaml`."""

    cite: str
    clauses: dict[Slug, Clause]


class Term(Frozen):
    """A word that disciplines use differently: one plain line for each."""

    term: Text
    plain: Text
    means: dict[
        Literal["clinic", "laboratory", "genomics", "data", "ethics", "law", "policy", "patients"], Text
    ]


class GlossaryForm(Frozen):
    """`glossary.yaml`."""

    terms: dict[Slug, Term]


class Contributor(Frozen):
    """Who made or reviewed content; no private address."""

    name: Text
    orcid: Annotated[str, Field(pattern=r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")] | None = None
    url: str | None = None


class ContributorForm(Frozen):
    """`contributors.yaml`."""

    contributors: dict[Slug, Contributor]
