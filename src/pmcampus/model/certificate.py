"""What was proved about one version of an assessment: values, as JSON and as a page."""

from typing import Annotated

from pydantic import Field

from pmcampus.model.common import Bloom, Frozen, Text


class Claim(Frozen):
    """One sentence that holds or does not; `found` says what speaks against it, or what was looked at."""

    says: Text
    holds: bool
    found: tuple[str, ...] = ()


class Finding(Frozen):
    """What one proof found."""

    proof: Text
    title: Text
    claims: tuple[Claim, ...]

    @property
    def holds(self) -> bool:
        """Whether every claim holds."""
        return all(claim.holds for claim in self.claims)


class Survivor(Frozen):
    """A change of the reference that earned full points; `waived` is the written reason, if there is one."""

    line: int
    operator: Text
    was: Text
    becomes: Text
    waived: str = ""


class ItemProof(Frozen):
    """The figures of one item that is marked automatically."""

    cell: Text
    title: Text
    points: float
    wrong: int
    right: int
    mutants: int
    survivors: tuple[Survivor, ...] = ()

    @property
    def waived(self) -> int:
        """Survivors with a written reason; they are left out of the share."""
        return sum(bool(survivor.waived) for survivor in self.survivors)

    @property
    def killed(self) -> int:
        """Changes that lost points."""
        return self.mutants - len(self.survivors)

    @property
    def kill_rate(self) -> float:
        """The share of changes caught, of those that are not waived; 1 where there is none."""
        return rate([self])


class OutcomePoints(Frozen):
    """What one outcome of the module counts in this assessment."""

    number: int
    text: Text
    bloom: Bloom
    points: float
    items: tuple[str, ...]


class Certificate(Frozen):
    """All proofs of one version of an assessment.

    `digest` stands for content, environment and code; `judged` counts notebooks run in the sandbox, and
    `told` is everything that checks said about them, which learners would read.
    """

    assessment: Text
    title: Text
    version: Text
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    sandbox: Text
    findings: tuple[Finding, ...]
    items: tuple[ItemProof, ...]
    outcomes: tuple[OutcomePoints, ...] = ()
    told: tuple[str, ...] = ()
    judged: int = 0
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether everything that was claimed holds."""
        return all(finding.holds for finding in self.findings)

    @property
    def kill_rate(self) -> float:
        """The share of changes caught in the whole assessment."""
        return rate(self.items)


def rate(items: "tuple[ItemProof, ...] | list[ItemProof]") -> float:
    """Killed of all that are not waived."""
    total = sum(item.mutants - item.waived for item in items)
    return sum(item.killed for item in items) / total if total else 1.0
