"""Every learner's own work: the reference solves each variant, and a neighbour's answers do not."""

import ast
import random
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from pmcampus.model.assessment import Item
from pmcampus.model.certificate import Claim, Finding
from pmcampus.proofs.subject import Outcome, Subject, Trial

Asked = Generator[Sequence[Trial], Sequence[Outcome], Finding | None]
NUMBERS = 200
WITH_FUNCTIONS = 20  # of the copied answers: a function is right for everybody, and judging it takes longest
MOST_SHARED = 0.5  # of neighbours whose answer to one item may happen to be the same
EMPTY: tuple[Any, ...] = ("", 0, 0.0, None, [], {}, set(), ())


def prove(subject: Subject) -> Asked:
    """For each of 200 course numbers: the reference, its answers, and the answers of another number."""
    variant = subject.form.variant
    if variant is None:
        return None
    items = [item for item in subject.automatic if subject.changes(item)]
    numbers = _numbers(subject, variant.first, variant.last)
    names = {item.cell: tuple(sorted(subject.answer_names[item.cell])) for item in items}
    wanted = tuple(sorted({name for found in names.values() for name in found}))
    starters = Trial(
        tuple((item.cell, subject.starters[item.cell]) for item in items),
        support=_support(subject, items),
        values=wanted,
    )
    outcomes = yield [starters, *(_solved(subject, items, n, wanted, seed=n) for n in numbers)]
    untouched, solved = outcomes[0], dict(zip(numbers, outcomes[1:], strict=True))
    answers = {
        number: {cell: _plain(outcome, found) for cell, found in names.items()}
        for number, outcome in solved.items()
    }
    begun = {cell: _plain(untouched, found) for cell, found in names.items()}
    unsolved = [
        f"course number {number}: {item.cell} {outcome.told(item.cell)}"
        for number, outcome in solved.items()
        for item in items
        if outcome.score(item.cell) < subject.full(item)
    ]
    again = numbers[:: max(1, len(numbers) // 20)]
    repeats = yield [_solved(subject, items, n, wanted, seed=n + 1) for n in again]
    unsteady = [
        f"course number {number}: {cell} is {answers[number][cell]} and then {_plain(outcome, found)}"
        for number, outcome in zip(again, repeats, strict=True)
        for cell, found in names.items()
        if _plain(outcome, found) != answers[number][cell]
    ]
    trivial = [
        f"course number {number}: the answer to {cell} is what the starter holds, or empty"
        for number, found in answers.items()
        for cell, values in found.items()
        if values and (values == begun[cell] or all(_is_empty(text) for text in values.values()))
    ]
    pairs = [(mine, numbers[(place + 1) % len(numbers)]) for place, mine in enumerate(numbers)]
    first = answers[numbers[0]]
    plain = [item for item in items if first[item.cell].keys() >= subject.answer_names[item.cell]]
    handed_in = [items if place < WITH_FUNCTIONS or not plain else plain for place in range(len(pairs))]
    copied = yield [
        _copied(subject, own, mine, answers[other])
        for own, (mine, other) in zip(handed_in, pairs, strict=True)
    ]
    tried = {item.cell: 0 for item in items}
    passed = dict(tried)
    whole: list[str] = []
    for own, (mine, other), outcome in zip(handed_in, pairs, copied, strict=True):
        full = [item.cell for item in own if outcome.score(item.cell) >= subject.full(item)]
        for item in own:
            tried[item.cell] += 1
            passed[item.cell] += item.cell in full
        if len(full) == len(own):
            whole.append(f"course number {mine} earns everything with the answers of {other}")
    alike = _alike(answers)
    shared = [
        f"{cell}: {count} of {tried[cell]} earn full points with a neighbour's answer"
        for cell, count in passed.items()
    ]
    return Finding(
        proof="variants",
        title="Every learner's own work",
        claims=(
            _claim(f"The reference is right for {len(numbers)} course numbers", unsolved),
            _claim("A course number always has the same answer", unsteady),
            _claim("No answer is empty or already in the starter", trivial),
            _claim("No two course numbers have the same answers to all items", alike),
            _claim("Nobody earns everything with another learner's answers", whole),
            Claim(
                says="Most learners lose points in each item with another learner's answer",
                holds=all(count <= MOST_SHARED * tried[cell] for cell, count in passed.items()),
                found=tuple(shared),
            ),
        ),
    )


def _numbers(subject: Subject, first: int, last: int) -> list[int]:
    """200 course numbers spread at random, the first and the last among them."""
    every = range(first, last + 1)
    if len(every) <= NUMBERS:
        return list(every)
    inner = random.Random(f"variants {subject.id}").sample(every[1:-1], NUMBERS - 2)
    return [first, *inner, last]


def _support(subject: Subject, items: Sequence[Item]) -> tuple[tuple[str, str], ...]:
    asked = {item.cell for item in items}
    wanted = sorted({cell for item in items for cell in item.builds_on} - asked)
    return tuple((cell, subject.reference(cell)) for cell in wanted)


def _solved(
    subject: Subject, items: Sequence[Item], number: int, values: tuple[str, ...], *, seed: int
) -> Trial:
    return Trial(
        tuple((item.cell, subject.reference(item.cell)) for item in items),
        support=_support(subject, items),
        number=number,
        values=values,
        seed=seed,
    )


def _copied(
    subject: Subject, items: Sequence[Item], number: int, theirs: Mapping[str, Mapping[str, str]]
) -> Trial:
    """What somebody hands in who has only another learner's answers; functions are right for everybody."""
    texts = []
    for item in items:
        lines = "\n".join(f"{name} = {value}" for name, value in theirs[item.cell].items())
        kept = theirs[item.cell].keys() >= subject.answer_names[item.cell]
        code = lines if kept else f"{subject.references[item.cell]}\n{lines}"
        texts.append((item.cell, subject.written(item.cell, code)))
    return Trial(tuple(texts), support=_support(subject, items), number=number)


def _plain(outcome: Outcome, names: Sequence[str]) -> dict[str, str]:
    """Those answers that are plain values, as Python writes them."""
    found = {}
    for name in names:
        text = outcome.values.get(name, "")
        try:
            ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        found[name] = text
    return found


def _is_empty(text: str) -> bool:
    return ast.literal_eval(text) in EMPTY


def _alike(answers: Mapping[int, Mapping[str, Mapping[str, str]]]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for number, values in answers.items():
        key = repr(sorted((cell, sorted(v.items())) for cell, v in values.items()))
        if key in seen and any(values.values()):
            found.append(f"course numbers {seen[key]} and {number} have the same answers")
        seen.setdefault(key, number)
    return found


def _claim(says: str, against: Sequence[str]) -> Claim:
    return Claim(says=says, holds=not against, found=tuple(against[:20]))
