"""What was proved about one version of an assessment: values, as JSON and as a page."""

from typing import Annotated

from pydantic import Field

from pmcampus.model.common import Bloom, Frozen, Text

NOT_SHOWN = "(shown to authors)"


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

    def summary(self, *, fresh: bool) -> str:
        """What a terminal shows: one line, and below it what does not hold and every waiver."""
        total = sum(item.mutants for item in self.items)
        when = f"{self.judged} notebooks judged in {self.seconds:.0f} s" if fresh else "unchanged since"
        state = "proved" if self.holds else "NOT PROVED"
        lines = [
            f"{state}  {self.assessment} {self.version}: {100 * self.kill_rate:.1f} % of {total} small "
            f"mistakes caught, {when}"
        ]
        for finding in self.findings:
            for claim in finding.claims:
                if not claim.holds:
                    lines.append(f"    {finding.proof}: not true: {claim.says}")
                    lines += [f"        {line}" for line in claim.found]
        lines += [
            f"    waived  {item.cell}, line {s.line}: `{s.was}` became `{s.becomes}`: {s.waived}"
            for item in self.items
            for s in item.survivors
            if s.waived
        ]
        return "\n".join(lines)

    def public(self) -> "Certificate":
        """The same for everybody's eyes: no line of the reference, no message, nothing that was found."""
        findings = tuple(
            finding.model_copy(
                update={"claims": tuple(claim.model_copy(update={"found": ()}) for claim in finding.claims)}
            )
            for finding in self.findings
        )
        items = tuple(
            item.model_copy(
                update={
                    "survivors": tuple(
                        s.model_copy(update={"was": NOT_SHOWN, "becomes": NOT_SHOWN}) for s in item.survivors
                    )
                }
            )
            for item in self.items
        )
        return self.model_copy(update={"findings": findings, "items": items, "told": ()})


def rate(items: "tuple[ItemProof, ...] | list[ItemProof]") -> float:
    """Killed of all that are not waived."""
    total = sum(item.mutants - item.waived for item in items)
    return sum(item.killed for item in items) / total if total else 1.0
