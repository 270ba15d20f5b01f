"""Whether the items show what the module promises: outcomes, levels, competencies, points, minutes."""

from collections.abc import Sequence

from pmcampus.model.certificate import Claim, Finding, OutcomePoints
from pmcampus.proofs.subject import Subject

LEAST_MINUTES, MOST_MINUTES = 0.5, 2.0  # of the hours that the module plans for its assessment


def prove(subject: Subject) -> Finding:
    """Each outcome and each competency has its evidence, and the minutes fit."""
    form, module = subject.form, subject.module
    below = []
    for number, outcome in enumerate(module.outcomes, start=1):
        own = [item for item in form.items if item.outcome == number]
        if not any(item.bloom.number >= outcome.bloom.number for item in own):
            levels = ", ".join(f"{item.cell} ({item.bloom})" for item in own) or "no item"
            below.append(f"outcome {number} asks to {outcome.bloom}; {levels}")
    shown = {(item.competency, item.level.number) for item in form.items}
    unshown = [
        f"{c.id} is taught at {c.level}; no item gives evidence at this level"
        for c in module.competencies
        if not any(code == c.id and level >= c.level.number for code, level in shown)
    ]
    return Finding(
        proof="alignment",
        title="The items show what the module promises",
        claims=(
            _claim("Each outcome has an item at its level of Bloom's taxonomy or above", below),
            _claim("Each competency of the module has evidence at its level", unshown),
            _claim("The minutes of the items add up and fit the hours planned", _minutes(subject)),
            _claim("What learners read says what the form says", _read(subject)),
        ),
    )


def outcomes(subject: Subject) -> tuple[OutcomePoints, ...]:
    """Points by outcome."""
    return tuple(
        OutcomePoints(
            number=number,
            text=f"{outcome.verb} {outcome.text}",
            bloom=outcome.bloom,
            points=sum(subject.full(item) for item in subject.form.items if item.outcome == number),
            items=tuple(item.cell for item in subject.form.items if item.outcome == number),
        )
        for number, outcome in enumerate(subject.module.outcomes, start=1)
    )


def _minutes(subject: Subject) -> list[str]:
    form, planned = subject.form, subject.module.hours.assessment * 60
    found = []
    for track in ("guided", "build"):
        stated = getattr(form.minutes, track)
        summed = sum(getattr(item.minutes, track) for item in form.items)
        if stated != summed:
            found.append(f"{track}: the form says {stated} minutes, its items {summed}")
        if planned and not LEAST_MINUTES * planned <= stated <= MOST_MINUTES * planned:
            found.append(f"{track}: {stated} minutes, the module plans {planned:g}")
    return found


def _read(subject: Subject) -> list[str]:
    """The first cell names pass mark and minutes; some text before each item its title."""
    form = subject.form
    texts = [str(cell.source) for cell in subject.release.cells if cell.cell_type == "markdown"]
    first = texts[0] if texts else ""
    found = [
        f"the first cell does not say {words!r}"
        for words in (f"{form.minutes.guided} minutes",)
        if words not in first
    ]
    if f"{form.passing_score:g}" not in first:
        found.append(f"the first cell does not say that {form.passing_score:g} per cent pass")
    found += [
        f"no text says {item.title!r}" for item in form.items if not any(item.title in t for t in texts)
    ]
    return found


def _claim(says: str, against: Sequence[str]) -> Claim:
    return Claim(says=says, holds=not against, found=tuple(against))
