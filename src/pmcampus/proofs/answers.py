"""Every answer earns what it deserves: the reference all, nothing nothing, each of the bank its points."""

from collections.abc import Generator, Iterable, Sequence

from pmcampus.model.answers import RightAnswer
from pmcampus.model.assessment import Item
from pmcampus.model.certificate import Claim, Finding
from pmcampus.model.verdict import Mark
from pmcampus.proofs.mutants import other_numbers
from pmcampus.proofs.subject import Outcome, Subject, Trial, single, whole

Asked = Generator[Sequence[Trial], Sequence[Outcome], Finding]
LEAST_WRONG, LEAST_RIGHT, LONGEST = 4, 3, 600
GARBAGE = {
    "a sentence": "I think the answer is 42!",
    "an error": "raise RuntimeError('no idea')",
    "None": "{name} = None",
    "a text": "{name} = 'garbage'",
    "a number": "{name} = 987654321",
    "an empty list": "{name} = []",
    "a function without sense": "def {name}(*given, **named):\n    return 'garbage'",
}


def reference(subject: Subject) -> Asked:
    """The reference earns all; what learners get, handed in as it is, nothing; nor does garbage."""
    items = subject.form.items
    asked = [
        whole(subject, {}),
        whole(subject, {item.cell: subject.starters[item.cell] for item in items}),
        whole(subject, {item.cell: "" for item in items}),
        whole(subject, {item.cell: subject.starters[item.cell] for item in items}, visible=True),
        whole(subject, {}, visible=True),
    ]
    nonsense = [
        (item, kind, single(subject, item, text))
        for item in subject.automatic
        for kind, text in _garbage(subject, item)
    ]
    outcomes = yield [*asked, *(trial for _, _, trial in nonsense)]
    right, untouched, empty, seen_untouched, seen_right = outcomes[: len(asked)]
    earned = [
        f"{item.cell}: {kind} earned {outcome.told(item.cell)}"
        for (item, kind, _), outcome in zip(nonsense, outcomes[len(asked) :], strict=True)
        if outcome.score(item.cell) != 0
    ]
    silent = [
        f"{item.cell}: {seen_untouched.told(item.cell)}"
        for item in subject.automatic
        if _mark(seen_untouched, item) is not Mark.ZERO or not seen_untouched.verdicts[item.cell].message
    ]
    return Finding(
        proof="reference",
        title="The reference and nothing",
        claims=(
            _claim(
                "The reference solution earns full points in every item", _not_full(subject, items, right)
            ),
            _claim("The reference writes nothing to stderr", _noted(subject, right)),
            _claim("The untouched notebook earns nothing in any item", _not_zero(items, untouched)),
            _claim("Emptied answer cells earn nothing", _not_zero(items, empty)),
            _claim(f"Garbage earns nothing ({', '.join(GARBAGE)})", earned),
            _claim("The visible check of each item says what is missing from the untouched cell", silent),
            _claim(
                "The visible checks accept the reference",
                [
                    f"{i.cell}: {seen_right.told(i.cell)}"
                    for i in subject.automatic
                    if _mark(seen_right, i) is not Mark.FULL
                ],
            ),
        ),
    )


def bank(subject: Subject) -> Asked:
    """Each answer of the banks, under the reference's course number and another one."""
    numbers = [None, *other_numbers(subject, 1)]
    asked = [
        (item, answer, number)
        for item in subject.automatic
        if item.cell in subject.banks
        for answer in subject.banks[item.cell].answers
        for number in numbers
        if number is None or subject.changes(item)
    ]
    outcomes = yield [
        single(subject, item, subject.written(item.cell, answer.code), number=number)
        for item, answer, number in asked
    ]
    wrong: list[str] = []
    right: list[str] = []
    words: list[str] = []
    for (item, answer, number), outcome in zip(asked, outcomes, strict=True):
        full = subject.full(item)
        is_right = isinstance(answer, RightAnswer)
        lowest, highest = (full, full) if isinstance(answer, RightAnswer) else (answer.lowest, answer.highest)
        where = f"{item.cell}/{answer.name}" + (f", course number {number}" if number else "")
        verdict = outcome.verdicts.get(item.cell)
        if verdict is None or verdict.mark is Mark.ERROR or not lowest <= outcome.score(item.cell) <= highest:
            deserved = f"{lowest:g}" if lowest == highest else f"{lowest:g} to {highest:g}"
            line = f"{where}: {outcome.told(item.cell)}; deserved {deserved}"
            (right if is_right else wrong).append(line)
        asked_words = "" if isinstance(answer, RightAnswer) else answer.message_contains or ""
        message = verdict.message if verdict else ""
        told = bool(message) or outcome.score(item.cell) >= full
        if asked_words not in message or not told or len(message) >= LONGEST:
            words.append(f"{where}: {outcome.told(item.cell)}; the learner should read {asked_words!r}")
    return Finding(
        proof="bank",
        title="Named mistakes are caught, other right answers are not",
        claims=(
            _claim(
                f"Each item has at least {LEAST_WRONG} wrong and {LEAST_RIGHT} right answers", _few(subject)
            ),
            _claim("Each wrong answer earns what its misconception deserves", wrong),
            _claim("Right answers written differently earn full points", right),
            _claim("Each answer that loses points is told something, and what its bank asks for", words),
        ),
    )


def _garbage(subject: Subject, item: Item) -> Iterable[tuple[str, str]]:
    """Kinds of nonsense, for every name that the item's answer defines."""
    names = sorted(subject.answer_names.get(item.cell, ()))
    for kind, text in GARBAGE.items():
        lines = [text.format(name=name) for name in names] if "{name}" in text else [text]
        yield kind, "\n".join(lines)


def _mark(outcome: Outcome, item: Item) -> Mark | None:
    verdict = outcome.verdicts.get(item.cell)
    return verdict.mark if verdict else None


def _not_full(subject: Subject, items: Sequence[Item], outcome: Outcome) -> list[str]:
    return [
        f"{item.cell}: {outcome.told(item.cell)} of {subject.full(item):g}"
        for item in items
        if _mark(outcome, item) is not (Mark.FULL if item in subject.automatic else Mark.AWAITING)
    ]


def _not_zero(items: Sequence[Item], outcome: Outcome) -> list[str]:
    return [f"{i.cell}: {outcome.told(i.cell)}" for i in items if _mark(outcome, i) is not Mark.ZERO]


def _noted(subject: Subject, outcome: Outcome) -> list[str]:
    return [f"{cell}: {note}" for cell, verdict in outcome.verdicts.items() for note in verdict.notes]


def _few(subject: Subject) -> list[str]:
    found = []
    for item in subject.automatic:
        held = subject.banks.get(item.cell)
        wrong, right = (len(held.wrong), len(held.right)) if held else (0, 0)
        if wrong < LEAST_WRONG or right < LEAST_RIGHT:
            found.append(f"{item.cell}: {wrong} wrong and {right} right")
    return found


def _claim(says: str, against: Sequence[str]) -> Claim:
    return Claim(says=says, holds=not against, found=tuple(against))
