"""What differs between two released versions: contract and verdicts, workload, texts, notebooks by cell."""

import difflib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pmcampus import contract
from pmcampus.model.release import Decision, Evidence, Manifest, Step, VerdictMatrix

TEXTS = (".md", ".yaml", ".csv", ".txt", ".json", ".bib")
LONGEST = 400  # lines shown of one file


@dataclass(frozen=True)
class Side:
    """One version: its manifest, its files by path, and its verdicts where they are known."""

    manifest: Manifest
    files: Mapping[str, bytes]
    verdicts: VerdictMatrix | None = None


@dataclass(frozen=True)
class Difference:
    """Two versions compared; `decision` says what the step means for marks."""

    name: str
    before: str
    after: str
    decision: Decision
    load: tuple[str, ...] = ()
    changelog: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    def text(self, *, brief: bool = False) -> str:
        """As a terminal shows it; `brief` leaves the files' lines out."""
        lines = [f"{self.name}: {self.before} to {self.after}", "", f"Marks: {MEANING[self.decision.step]}"]
        lines += [f"    {fact.step.value:5}  {fact.sentence()}" for fact in self.decision.evidence]
        lines += ["", "Workload and competencies:", *(f"    {line}" for line in self.load or ("no change",))]
        for entry in self.changelog:
            lines += ["", *entry.splitlines()]
        lines += ["", f"Files: {len(self.files) or 'none'} changed"]
        for path, change in self.files.items():
            if brief:
                lines.append(f"    {path}: {_first(change)}")
            else:
                lines += ["", f"--- {path}", *change.splitlines()]
        return "\n".join(lines) + "\n"


MEANING = {
    Step.FIRST: "there is nothing to compare with.",
    Step.PATCH: "nothing that decides a mark changed; every verdict is alike.",
    Step.MINOR: "every verdict, point and rule is alike; something was added, or data or packages changed.",
    Step.MAJOR: "marks of the two versions do not compare.",
}


def compare(old: Side, new: Side, *, between: Iterable[Manifest] = ()) -> Difference:
    """The difference of two versions of the same module, assessment or case.

    Args:
        between: the manifests after the old one up to the new one, oldest first: what decided each of
            their steps was judged on the banks of both neighbours and counts here, too.
    """
    direct = contract.decide(
        old.manifest.contract, new.manifest.contract, *_common(old.verdicts, new.verdicts)
    )
    evidence = list(direct.evidence)
    changelog = []
    for manifest in between:
        changelog.append(f"## {manifest.version} ({manifest.released})\n\n{manifest.changelog}")
        for fact in manifest.decision.evidence:
            if fact not in evidence:
                told = f"{fact.what} (in {manifest.version})"
                evidence.append(Evidence(step=fact.step, what=told, before=fact.before, after=fact.after))
    step = max((fact.step for fact in evidence), key=lambda s: s.number, default=Step.PATCH)
    ordered = tuple(sorted(evidence, key=lambda fact: -fact.step.number))
    return Difference(
        name=new.manifest.name,
        before=old.manifest.version,
        after=new.manifest.version,
        decision=Decision(step=step, evidence=ordered),
        load=tuple(_load(old.manifest, new.manifest)),
        changelog=tuple(changelog),
        files=dict(_files(old.files, new.files)),
    )


def _common(
    old: VerdictMatrix | None, new: VerdictMatrix | None
) -> tuple[VerdictMatrix | None, VerdictMatrix | None]:
    return (old, new) if old is not None and new is not None else (None, None)


def _load(old: Manifest, new: Manifest) -> Iterator[str]:
    if old.hours != new.hours:
        yield f"workload: {old.hours:g} hours before, {new.hours:g} hours after"
    if old.hours is None and old.minutes != new.minutes:
        yield f"workload: {old.minutes} minutes before, {new.minutes} minutes after"
    for what, one, other in (
        ("taught", old.contract.teaches, new.contract.teaches),
        ("assessed, share of points", _shares(old), _shares(new)),
    ):
        for code in sorted({*one, *other}):
            if one.get(code) != other.get(code):
                yield f"{code} {what}: {one.get(code, 'not')} before, {other.get(code, 'not')} after"


def _shares(manifest: Manifest) -> dict[str, str]:
    return {code: f"{100 * share:.0f} %" for code, share in manifest.contract.weights().items()}


def _files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for path in sorted({*old, *new}):
        before, after = old.get(path), new.get(path)
        if before == after or "/" not in path or path.startswith("excerpt/"):
            continue
        if before is None or after is None:
            content = after if before is None else before
            yield path, f"{'added' if before is None else 'taken out'}, {len(content or b'')} bytes"
        elif path.endswith(".ipynb"):
            yield path, _cells(before, after)
        elif PurePosixPath(path).suffix in TEXTS:
            yield path, _lines(before, after)
        else:
            yield path, f"{len(before)} bytes before, {len(after)} bytes after"


def _lines(before: bytes, after: bytes) -> str:
    one, other = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    return _cut(list(difflib.unified_diff(one, other, "before", "after", n=1, lineterm=""))[2:])


def _cells(before: bytes, after: bytes) -> str:
    """The notebook's differences cell by cell, by nbdime; as lines of text where it is none."""
    import nbformat
    from nbdime import diff_notebooks  # type: ignore[import-untyped]
    from nbdime.prettyprint import (  # type: ignore[import-untyped]
        PrettyPrintConfig,
        pretty_print_notebook_diff,
    )

    try:
        one, other = (nbformat.reads(content.decode(), as_version=4) for content in (before, after))
    except (ValueError, json.JSONDecodeError):
        return _lines(before, after)
    held = io.StringIO()
    config = PrettyPrintConfig(out=held, use_git=False, use_diff=False, use_color=False)
    pretty_print_notebook_diff("before", "after", one, diff_notebooks(one, other), config)
    return _cut(held.getvalue().splitlines()[3:])  # without the heading that names two files


def _cut(lines: list[str]) -> str:
    shown = lines[:LONGEST]
    if len(lines) > LONGEST:
        shown.append(f"... and {len(lines) - LONGEST} lines more")
    return "\n".join(shown)


def _first(change: str) -> str:
    lines = [line for line in change.splitlines() if line.strip()]
    return lines[0] if len(lines) == 1 else f"{len(lines)} lines of difference"
