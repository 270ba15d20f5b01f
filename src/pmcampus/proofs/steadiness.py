"""The same answer gets the same verdict: whatever the seed, the order, the machine, and the other answers."""

import random
from collections.abc import Generator, Sequence

from pmcampus.model.certificate import Claim, Finding
from pmcampus.proofs.subject import Outcome, Subject, Trial, single, whole

Asked = Generator[Sequence[Trial], Sequence[Outcome], Finding]
SEEDS, ORDERS = 20, 4
# What of the surroundings differs; each is a warm parent of its own.
PLACES: dict[str, dict[str, str]] = {
    "usual": {},
    "west": {"PYTHONHASHSEED": "4242", "TZ": "NST+3:30", "LC_ALL": "C"},
    "east": {"PYTHONHASHSEED": "77", "TZ": "CHA-12:45", "LC_ALL": "POSIX"},
}


def prove(subject: Subject) -> Asked:
    """Whole notebooks, of right and of wrong answers, judged again under other circumstances."""
    rows = _rows(subject)
    cells = [item.cell for item in subject.automatic]
    both = [0, 1] if len(rows) > 1 else [0]  # answers that are right, and answers that are wrong
    turns = [(n, both[n % len(both)]) for n in range(max(SEEDS, ORDERS))]
    again = [
        *(("seed", f"seed {n}", row, whole(subject, rows[row], seed=n)) for n, row in turns[:SEEDS]),
        *(("order", f"order {n + 1}", row, _shuffled(subject, rows[row], n)) for n, row in turns[:ORDERS]),
        *(
            ("surroundings", place, row, whole(subject, rows[row], place=place))
            for place in PLACES
            if place != "usual"
            for row in both
        ),
    ]
    plain = [whole(subject, row) for row in rows]
    alone = [
        (cell, row, single(subject, item, row.get(cell, subject.reference(cell))))
        for row in rows
        for item in subject.automatic
        for cell in [item.cell]
    ]
    outcomes = yield [*plain, *(trial for *_, trial in again), *(trial for *_, trial in alone)]
    usual, outcomes = outcomes[: len(plain)], outcomes[len(plain) :]
    different: dict[str, list[str]] = {"seed": [], "order": [], "surroundings": []}
    for (kind, name, row, _), outcome in zip(again, outcomes, strict=False):
        different[kind] += [
            f"{name}: {got[0]} earned {got[1]:g} ({got[2]!r}), usually {want[1]:g} ({want[2]!r})"
            for got, want in zip(outcome.signature(cells), usual[row].signature(cells), strict=True)
            if got != want
        ]
    separate = [
        f"{cell}: alone {outcome.told(cell)}, among other answers {usual[rows.index(row)].told(cell)}"
        for (cell, row, _), outcome in zip(alone, outcomes[len(again) :], strict=True)
        if outcome.signature([cell]) != usual[rows.index(row)].signature([cell])
    ]
    declared = tuple(
        f"{i.cell} builds on {', '.join(i.builds_on)}" for i in subject.form.items if i.builds_on
    )
    return Finding(
        proof="steadiness",
        title="The same answer gets the same verdict",
        claims=(
            _claim(f"{SEEDS} random seeds give the same verdict", different["seed"]),
            _claim(f"{ORDERS} other orders of the items give the same verdict", different["order"]),
            _claim(
                "Other hash seeds, locales and time zones give the same verdict", different["surroundings"]
            ),
            Claim(
                says=f"Judged alone and among {len(rows)} sets of other answers, an item earns the same"
                + ("; declared: " + "; ".join(declared) if declared else ""),
                holds=not separate,
                found=tuple(separate),
            ),
        ),
    )


def _rows(subject: Subject) -> list[dict[str, str]]:
    """Sets of answers to the whole notebook: the reference, and each bank's first, second, third answers.

    Items that others build on keep the reference's answer.
    """
    built_on = {cell for item in subject.form.items for cell in item.builds_on}
    most = max((len(bank.answers) for bank in subject.banks.values()), default=0)
    rows: list[dict[str, str]] = [{}]
    for place in range(most):
        rows.append(
            {
                cell: subject.written(cell, bank.answers[place % len(bank.answers)].code)
                for cell, bank in subject.banks.items()
                if cell not in built_on
            }
        )
    return rows


def _shuffled(subject: Subject, row: dict[str, str], number: int) -> Trial:
    """The notebook with its items in another order; an item stays behind those it builds on."""
    left = list(subject.automatic)
    random.Random(f"{subject.id} {number}").shuffle(left)
    ordered: list[str] = []
    while left:
        item = next(i for i in left if set(i.builds_on) <= set(ordered) or len(left) == 1)
        left.remove(item)
        ordered.append(item.cell)
    return Trial(tuple((cell, row.get(cell, subject.reference(cell))) for cell in ordered))


def _claim(says: str, against: Sequence[str]) -> Claim:
    return Claim(says=says, holds=not against, found=tuple(against[:20]))
