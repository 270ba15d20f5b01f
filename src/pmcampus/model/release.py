"""A release's nouns: what was published, under which contract, and what decided its version.

A release lies in `releases/<shelf>/<id>/<version>/`: `manifest.json`, `learner.zip` for everybody and
`educator.zip` with solutions, hidden tests and verdicts. A release is pinned by the SHA-256 of its
`manifest.json`, which holds the digests of all the rest.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pmcampus.model.assessment import CellName
from pmcampus.model.common import Bloom, CompetencyCode, Frozen, Level, Slug, Text, Version

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
SafePath = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$", max_length=200
    ),
]
MANIFEST, LEARNER, EDUCATOR, INDEX = "manifest.json", "learner.zip", "educator.zip", "index.json"
VERDICTS, CERTIFICATE = "verdicts.json", "certificate.json"
RELEASES = "releases"


class Kind(StrEnum):
    """What is released; the value is the word in a manifest."""

    MODULE = "module"
    ASSESSMENT = "assessment"
    CASE = "case"

    @property
    def shelf(self) -> str:
        """The content folder it stands in, and its folder under `releases/`."""
        return {"module": "modules", "assessment": "assessments", "case": "case_studies"}[self.value]

    @property
    def form(self) -> str:
        """The name of its form."""
        return f"{self.value}.yaml"


class Step(StrEnum):
    """What a version's change promises, smallest first; FIRST has nothing before it."""

    FIRST = "first"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def number(self) -> int:
        """0 to 3, to be compared."""
        return list(Step).index(self)


class GradedItem(Frozen):
    """One graded item, as its contract has it."""

    cell: CellName
    title: Text
    points: Annotated[float, Field(ge=0)]
    competency: CompetencyCode
    level: Level
    bloom: Bloom | None = None
    marked: Text


class Contract(Frozen):
    """What learners, markers and accreditors may rely on while a version is in use.

    `rules` are those that decide a pass or a mark: attempts, pass mark, hurdles, variant, where checks run.
    `teaches` is competency to level; `parts` are lessons or a case's notebooks, in order; `data` and
    `environment` are SHA-256 of each data file and of the listed package versions.
    """

    items: tuple[GradedItem, ...] = ()
    rules: dict[Text, Text] = Field(default_factory=dict)
    teaches: dict[CompetencyCode, Level] = Field(default_factory=dict)
    outcomes: tuple[Text, ...] = ()
    parts: tuple[Text, ...] = ()
    requires: tuple[Slug, ...] = ()
    data: dict[str, Sha256] = Field(default_factory=dict)
    environment: Sha256
    packages: tuple[Text, ...] = ()

    @property
    def points(self) -> float:
        """The sum of all graded items."""
        return sum(item.points for item in self.items)

    def weights(self) -> dict[CompetencyCode, float]:
        """Each competency's share of the points, 0 to 1."""
        total = self.points or 1.0
        found: dict[CompetencyCode, float] = {}
        for item in self.items:
            found[item.competency] = found.get(item.competency, 0.0) + item.points / total
        return found


class Submission(Frozen):
    """One answer of the bank of reference submissions; `answer` is the SHA-256 of what was written.

    `number` is the course number it was judged with, where learners have different work.
    """

    cell: CellName
    kind: Literal["reference", "untouched", "right", "wrong", "mutant"]
    name: Text
    answer: Sha256
    number: int | None = None

    @property
    def key(self) -> str:
        """Its name in a verdict matrix: `item/kind/name`, with the course number where there is one."""
        return f"{self.cell}/{self.kind}/{self.name}" + ("" if self.number is None else f"/{self.number}")


class Judged(Frozen):
    """A submission with the verdict on it: points, and full, partial, zero or error."""

    submission: Submission
    score: float
    mark: Text


class VerdictMatrix(Frozen):
    """How one version judges the bank. For educators: it lies in `educator.zip` as `verdicts.json`.

    `answers` holds what each submission wrote, by its SHA-256, so that a later version can judge it, too.
    """

    format: Literal["pmcampus-verdicts-1"] = "pmcampus-verdicts-1"
    assessment: Slug
    version: Version
    rows: tuple[Judged, ...]
    answers: dict[Sha256, str] = Field(default_factory=dict)

    def by_key(self) -> dict[str, Judged]:
        """The rows by the name of their submission."""
        return {row.submission.key: row for row in self.rows}


class Evidence(Frozen):
    """One fact that decided a version's step: what, before and after."""

    step: Step
    what: Text
    before: str = ""
    after: str = ""

    def sentence(self) -> str:
        """The fact as people read it."""
        change = f": {self.before or 'nothing'} before, {self.after or 'nothing'} after"
        return self.what + (change if self.before or self.after else "")


class Decision(Frozen):
    """The smallest allowed step, and every fact that asks for it, the deciding ones first."""

    step: Step
    evidence: tuple[Evidence, ...] = ()

    def deciding(self) -> tuple[Evidence, ...]:
        """The facts that ask for this very step."""
        return tuple(fact for fact in self.evidence if fact.step is self.step)


class ReleasedFile(Frozen):
    """A file in a release's archives; `learner` says that it is in both, else it is the educators' only."""

    path: SafePath
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256
    learner: bool


class Archive(Frozen):
    """An archive beside its manifest."""

    file: Literal["learner.zip", "educator.zip"]
    size: Annotated[int, Field(gt=0)]
    sha256: Sha256
    files: tuple[ReleasedFile, ...]


class Pin(Frozen):
    """One released version: `digest` is the SHA-256 of its manifest; None in forms that were never pinned."""

    version: Version
    digest: Sha256 | None = None


class ForkOf(Frozen):
    """What a module was made from, under a new id."""

    id: Slug
    version: Version
    digest: Sha256


class Manifest(Frozen):
    """`manifest.json`: one released version, never changed afterwards."""

    format: Literal["pmcampus-release-1"] = "pmcampus-release-1"
    kind: Kind
    id: Slug
    title: Text
    summary: Text
    version: Version
    released: date
    language: Text
    jurisdiction: str | None = None
    licence: Text
    authors: tuple[Text, ...]
    citation: Text
    hours: float | None = None
    minutes: int | None = None
    changelog: Text
    decision: Decision
    previous: Pin | None = None
    contract: Contract
    contract_digest: Sha256
    certificate: Sha256 | None = None
    verdicts: Sha256 | None = None
    pins: dict[str, Pin] = Field(default_factory=dict)
    fork_of: ForkOf | None = None
    learner: Archive
    educator: Archive

    @property
    def name(self) -> str:
        """Shelf and id, as commands and pins write it: `modules/data-protection`."""
        return f"{self.kind.shelf}/{self.id}"

    @property
    def place(self) -> str:
        """Its folder under `releases/`."""
        return f"{self.name}/{self.version}"


class IndexEntry(Frozen):
    """A release in the index: `manifest` is its path below the index's folder, `sha256` the manifest's."""

    kind: Kind
    id: Slug
    title: Text
    version: Version
    released: date
    manifest: SafePath
    sha256: Sha256
    withdrawn: str = ""

    @property
    def name(self) -> str:
        """Shelf and id."""
        return f"{self.kind.shelf}/{self.id}"


class Index(Frozen):
    """`/releases/index.json`: every release of one campus, by shelf, id and version, oldest first."""

    format: Literal["pmcampus-index-1"] = "pmcampus-index-1"
    campus: Text
    releases: tuple[IndexEntry, ...] = ()
