"""Changed references: each holds one mistake, and a check that gives it full points has not seen it."""

import ast
import random
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from pmcampus.model.assessment import Item
from pmcampus.model.certificate import Claim, Finding, ItemProof, Survivor, rate
from pmcampus.proofs.operators import OPERATORS
from pmcampus.proofs.subject import Outcome, Subject, Trial, single
from pmcampus.syntax import parse

MOST, LEAST_KILLED = 200, 0.95
OTHER_NUMBERS = 12
Asked = Generator[Sequence[Trial], Sequence[Outcome], tuple[Finding, tuple[ItemProof, ...]]]


@dataclass(frozen=True)
class Mutant:
    """A changed answer: its whole text, and the lines that differ."""

    operator: str
    line: int
    was: str
    becomes: str
    code: str


def mutants(code: str) -> list[Mutant]:
    """Every changed version of this code, each different from it and from the others."""
    try:
        tree = parse(code)
    except SyntaxError:
        return []
    found: dict[str, Mutant] = {}
    usual = ast.dump(tree)
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        for operator, kinds, change in OPERATORS:
            if isinstance(node, kinds):
                for other in change(node, tree):
                    made = _mutant(code, node, other, operator)
                    if made and made.code not in found and _differs(made.code, usual):
                        found[made.code] = made
    return list(found.values())


def chosen(by_item: dict[str, list[Mutant]], *, most: int, seed: str) -> dict[str, list[Mutant]]:
    """At most this many, taken in turn from every item and every operator, always the same ones."""
    dice = random.Random(seed)
    lanes: dict[tuple[str, str], deque[Mutant]] = {}
    for cell, found in by_item.items():
        for mutant in dice.sample(found, len(found)):
            lanes.setdefault((cell, mutant.operator), deque()).append(mutant)
    taken: dict[str, list[Mutant]] = {cell: [] for cell in by_item}
    left = most
    while left and any(lanes.values()):
        for (cell, _), lane in lanes.items():
            if lane and left:
                taken[cell].append(lane.popleft())
                left -= 1
    return {cell: sorted(found, key=lambda m: (m.line, m.code)) for cell, found in taken.items()}


def prove(subject: Subject) -> Asked:
    """Changed references lose points; those that do not are listed, and tried with other course numbers."""
    by_item = chosen(
        {item.cell: mutants(subject.references[item.cell]) for item in subject.automatic},
        most=MOST,
        seed=subject.id,
    )
    items = {item.cell: item for item in subject.automatic}
    alive = [(items[cell], mutant) for cell, found in by_item.items() for mutant in found]
    alive = _unharmed(subject, alive, (yield _trials(subject, alive, None)))
    for number in other_numbers(subject, OTHER_NUMBERS):
        varied = [pair for pair in alive if subject.changes(pair[0])]
        if varied:
            left = _unharmed(subject, varied, (yield _trials(subject, varied, number)))
            alive = [pair for pair in alive if not subject.changes(pair[0]) or pair in left]
    proved = tuple(
        ItemProof(
            cell=item.cell,
            title=item.title,
            points=subject.full(item),
            wrong=len(subject.banks[item.cell].wrong) if item.cell in subject.banks else 0,
            right=len(subject.banks[item.cell].right) if item.cell in subject.banks else 0,
            mutants=len(by_item[item.cell]),
            survivors=tuple(_survivor(subject, item, m) for one, m in alive if one is item),
        )
        for item in subject.automatic
    )
    return Finding(
        proof="mutants", title="Small mistakes are caught", claims=_claims(subject, proved)
    ), proved


def other_numbers(subject: Subject, count: int) -> list[int]:
    """Some course numbers beside the reference's, always the same ones."""
    variant = subject.form.variant
    if variant is None:
        return []
    numbers = [n for n in range(variant.first, variant.last + 1) if n != subject.own_number]
    return random.Random(subject.id).sample(numbers, min(count, len(numbers)))


def _trials(subject: Subject, alive: list[tuple[Item, Mutant]], number: int | None) -> list[Trial]:
    return [single(subject, item, subject.written(item.cell, m.code), number=number) for item, m in alive]


def _unharmed(
    subject: Subject, alive: list[tuple[Item, Mutant]], outcomes: Sequence[Outcome]
) -> list[tuple[Item, Mutant]]:
    return [
        (item, mutant)
        for (item, mutant), outcome in zip(alive, outcomes, strict=True)
        if outcome.score(item.cell) >= subject.full(item)
    ]


def _survivor(subject: Subject, item: Item, mutant: Mutant) -> Survivor:
    waivers = subject.banks[item.cell].waivers if item.cell in subject.banks else ()
    reasons = [w.because for w in waivers if (w.was, w.becomes) == (mutant.was, mutant.becomes)]
    return Survivor(
        line=mutant.line,
        operator=mutant.operator,
        was=mutant.was,
        becomes=mutant.becomes,
        waived=reasons[0] if reasons else "",
    )


def _claims(subject: Subject, proved: tuple[ItemProof, ...]) -> tuple[Claim, ...]:
    total = sum(item.mutants for item in proved)
    share = rate(proved)
    survivors = tuple(
        f"{item.cell}, line {s.line} ({s.operator}): `{s.was}` became `{s.becomes}` and earned full points"
        for item in proved
        for s in item.survivors
        if not s.waived
    )
    unused = tuple(
        f"{cell}: no change turns `{waiver.was}` into `{waiver.becomes}` and survives; remove the waiver"
        for cell, bank in subject.banks.items()
        for waiver in bank.waivers
        if not any(
            (s.was, s.becomes) == (waiver.was, waiver.becomes)
            for item in proved
            if item.cell == cell
            for s in item.survivors
        )
    )
    says = f"{100 * share:.1f} per cent of {total} changed references lose points; 95 are asked for"
    return (
        Claim(says=says, holds=share >= LEAST_KILLED, found=survivors),
        Claim(says="Each waiver names a change that survives", holds=not unused, found=unused),
    )


def _mutant(code: str, node: ast.AST, other: ast.AST | None, operator: str) -> Mutant | None:
    """The code with this node replaced, everything else as it was written."""
    if not hasattr(node, "end_lineno") or other is None:
        return None
    lines = code.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    begin = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
    end = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
    ast.fix_missing_locations(other)
    text = ast.unparse(other)
    if isinstance(other, ast.BinOp | ast.BoolOp | ast.Compare | ast.IfExp | ast.UnaryOp):
        text = f"({text})"
    raw = code.encode()
    changed = (raw[:begin] + text.encode() + raw[end:]).decode()
    first, last = node.lineno - 1, node.end_lineno  # type: ignore[attr-defined]
    after = changed.splitlines()
    tail = len(after) - (len(code.splitlines()) - last)
    return Mutant(
        operator,
        first + 1,
        _one_line(code.splitlines()[first:last]),
        _one_line(after[first:tail]) or "(nothing)",
        changed,
    )


def _one_line(lines: Sequence[str]) -> str:
    return " ".join(" ".join(line.split()) for line in lines)


def _differs(code: str, usual: str) -> bool:
    """Whether it is Python, and another program."""
    try:
        return ast.dump(parse(code)) != usual
    except (SyntaxError, ValueError):
        return False


def _docstrings(tree: ast.AST) -> set[int]:
    """Nodes that say something to readers only."""
    return {id(node) for found in _expressions(tree) for node in ast.walk(found)}


def _expressions(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node
