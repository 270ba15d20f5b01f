"""The contract of a version, and the smallest step to the next one that tells the truth about marks."""

from collections.abc import Iterable, Iterator, Mapping

from pmcampus.model.assessment import AssessmentForm
from pmcampus.model.case import CaseForm
from pmcampus.model.module import ModuleForm
from pmcampus.model.release import Contract, Decision, Evidence, GradedItem, Step, VerdictMatrix

MAJOR, MINOR = Step.MAJOR, Step.MINOR
SHOWN = 20  # facts kept with a release; the rest is counted


def of_module(
    form: ModuleForm, *, data: Mapping[str, str], environment: str, packages: Iterable[str]
) -> Contract:
    """What a module promises: competencies, objectives by level, lessons, what it asks for before, data.

    Wording is not in it: the text of an objective may be improved, its level and evidence not.

    Args:
        data: path and SHA-256 of each data file.
        environment: the SHA-256 of `packages`.
    """
    return Contract(
        teaches={taught.id: taught.level for taught in form.competencies},
        outcomes=tuple(
            f"{number}: {outcome.bloom}, {outcome.evidence_for.id} {outcome.evidence_for.level}"
            for number, outcome in enumerate(form.outcomes, start=1)
        ),
        parts=tuple(lesson.id for lesson in form.lessons),
        requires=tuple(sorted(form.prerequisites)),
        data=dict(data),
        environment=environment,
        packages=tuple(packages),
    )


def of_assessment(
    form: AssessmentForm,
    *,
    points: Mapping[str, float],
    data: Mapping[str, str],
    environment: str,
    packages: Iterable[str],
) -> Contract:
    """What an assessment promises: items with their points and evidence, and every rule that decides a pass.

    Args:
        points: by answer cell.
    """
    rules = {
        "attempts": str(form.attempts),
        "pass mark, per cent": f"{form.passing_score:g}",
        "kind": form.kind,
        "where checks run": form.verdict,
        "seconds for a cell": str(form.limits.cell_seconds),
    }
    for hurdle in form.hurdles:
        rules[f"hurdle, {hurdle.cell}"] = f"at least {hurdle.at_least:g} points"
    if form.variant:
        own = form.variant
        rules["course numbers"] = f"{own.name} in {own.cell}, {own.first} to {own.last}"
        rules["items that change with the course number"] = ", ".join(sorted(own.changes))
    for item in form.items:
        if item.order_matters:
            rules[f"order matters, {item.cell}"] = "yes"
        if item.builds_on:
            rules[f"builds on, {item.cell}"] = ", ".join(sorted(item.builds_on))
        if item.markers != 1:
            rules[f"markers, {item.cell}"] = str(item.markers)
    return Contract(
        items=tuple(
            GradedItem(
                cell=item.cell,
                title=item.title,
                points=points[item.cell],
                competency=item.competency,
                level=item.level,
                bloom=item.bloom,
                marked=item.marked,
            )
            for item in form.items
        ),
        rules=rules,
        requires=(form.module,),
        data=dict(data),
        environment=environment,
        packages=tuple(packages),
    )


def of_case(
    form: CaseForm, *, data: Mapping[str, str], environment: str, packages: Iterable[str]
) -> Contract:
    """What a case promises: its machine-marked items, every other mark as a rule, roles, data."""
    marks = form.marks
    rules = {
        "points for the sealed commitment": f"{form.commitment.points:g}",
        "points for the exit paper": f"{marks.exit_paper.points:g}",
        "questions of the exit paper": str(len(marks.exit_paper.questions)),
        "points for the rubric": f"{marks.rubric_points:g}",
        "most that peers move": f"{marks.peer.at_most:g}, {marks.peer.raters} raters",
        "cap after a critical fail": f"{marks.cap:g}",
        "critical fails": ", ".join(sorted(marks.critical_fails)),
        "team sizes": f"{form.seating.minimum} to {form.seating.maximum}",
        "where checks run": marks.verdict,
        "pass mark, per cent": f"{marks.passing_score:g}",
    }
    rules |= {f"rubric weight, {name}": f"{row.weight:g} per cent" for name, row in marks.criteria.items()}
    return Contract(
        items=tuple(
            GradedItem(
                cell=item.cell,
                title=item.title,
                points=item.points,
                competency=item.competency,
                level=item.level,
                bloom=item.bloom,
                marked="automatically",
            )
            for item in (*marks.prework, *marks.team_items)
        ),
        rules={name: value or "none" for name, value in rules.items()},
        teaches={taught.id: taught.level for taught in form.competencies},
        parts=tuple(form.roles),
        requires=tuple(sorted(form.modules)),
        data=dict(data),
        environment=environment,
        packages=tuple(packages),
    )


def decide(
    before: Contract,
    after: Contract,
    old: VerdictMatrix | None = None,
    new: VerdictMatrix | None = None,
) -> Decision:
    """The smallest allowed step between two versions, with every fact that asks for it.

    Patch: contract and all verdicts alike. Minor: verdicts alike, with added parts, other data files or
    another environment. Major: any verdict, point, weight, objective or rule changed.

    Args:
        old: how the earlier version judges the bank of reference submissions.
        new: how the later version judges the same bank; None for both where nothing is judged.
    """
    evidence = [*_items(before, after), *_rules(before, after), *_teaching(before, after)]
    if old is not None and new is not None:
        evidence += _verdicts(old, new)
    evidence += [*_parts(before, after), *_surroundings(before, after)]
    step = max((fact.step for fact in evidence), key=lambda s: s.number, default=Step.PATCH)
    ordered = sorted(evidence, key=lambda fact: -fact.step.number)
    kept = ordered[:SHOWN]
    if len(ordered) > SHOWN:
        left = ordered[SHOWN:]
        kept.append(Evidence(step=left[0].step, what=f"and {len(left)} more of this kind or smaller"))
    return Decision(step=step, evidence=tuple(kept))


def _items(before: Contract, after: Contract) -> Iterator[Evidence]:
    was, now = ({item.cell: item for item in contract.items} for contract in (before, after))
    for cell in [*was, *(cell for cell in now if cell not in was)]:
        one, other = was.get(cell), now.get(cell)
        if one is None or other is None:
            here, there = (f"{i.points:g} points" if i else "" for i in (one, other))
            what = f"The item {cell} {'was added' if one is None else 'was taken out'}"
            yield Evidence(step=MAJOR, what=what, before=here, after=there)
            continue
        for field in ("points", "competency", "level", "bloom", "marked"):
            here, there = (
                f"{v:g}" if isinstance(v, float) else str(v)
                for v in (getattr(one, field), getattr(other, field))
            )
            if here != there:
                yield Evidence(step=MAJOR, what=f"The item {cell}, {field}", before=here, after=there)
    weights = before.weights(), after.weights()
    for code in sorted({*weights[0], *weights[1]}):
        here, there = (f"{100 * w.get(code, 0):.4g} per cent" for w in weights)
        if here != there:
            yield Evidence(step=MAJOR, what=f"The weight of {code}", before=here, after=there)


def _rules(before: Contract, after: Contract) -> Iterator[Evidence]:
    for name in sorted({*before.rules, *after.rules}):
        here, there = before.rules.get(name, ""), after.rules.get(name, "")
        if here != there:
            yield Evidence(step=MAJOR, what=f"The rule '{name}'", before=here, after=there)


def _teaching(before: Contract, after: Contract) -> Iterator[Evidence]:
    for code in sorted({*before.teaches, *after.teaches}):
        here, there = (str(c.teaches.get(code, "")) for c in (before, after))
        if here != there:
            yield Evidence(step=MAJOR, what=f"The competency {code}", before=here, after=there)
    for outcome in before.outcomes:
        if outcome not in after.outcomes:
            yield Evidence(step=MAJOR, what="An outcome", before=outcome)
    for outcome in after.outcomes:
        if outcome not in before.outcomes:
            yield Evidence(step=MAJOR, what="An outcome", after=outcome)
    for id in sorted({*after.requires} - {*before.requires}):
        yield Evidence(step=MAJOR, what="A module that must be taken before", after=id)
    for id in sorted({*before.requires} - {*after.requires}):
        yield Evidence(step=MINOR, what="A module that must be taken before", before=id)


def _parts(before: Contract, after: Contract) -> Iterator[Evidence]:
    for part in before.parts:
        if part not in after.parts:
            yield Evidence(step=MAJOR, what="A part that learners were promised", before=part)
    for part in after.parts:
        if part not in before.parts:
            yield Evidence(step=MINOR, what="A new part", after=part)
    common = [[p for p in c.parts if p in before.parts and p in after.parts] for c in (before, after)]
    if common[0] != common[1]:
        here, there = map(", ".join, common)
        yield Evidence(step=MINOR, what="The order of the parts", before=here, after=there)


def _surroundings(before: Contract, after: Contract) -> Iterator[Evidence]:
    for path in sorted({*before.data, *after.data}):
        here, there = (c.data.get(path, "")[:12] for c in (before, after))
        if here != there:
            yield Evidence(step=MINOR, what=f"The data file {path}", before=here, after=there)
    if before.environment != after.environment:
        old, new = set(before.packages), set(after.packages)
        here, there = (", ".join(sorted(lines)) for lines in (old - new, new - old))
        yield Evidence(step=MINOR, what="The environment", before=here, after=there)


def _verdicts(old: VerdictMatrix, new: VerdictMatrix) -> Iterator[Evidence]:
    """Submissions that both versions judged, and judged differently."""
    was, now = (
        {(row.submission.cell, row.submission.answer, row.submission.number): row for row in matrix.rows}
        for matrix in (old, new)
    )
    for key in sorted(set(was) & set(now), key=lambda k: (k[0], k[1], k[2] or 0)):
        one, other = was[key], now[key]
        if (one.score, one.mark) != (other.score, other.mark):
            sent = one.submission
            number = f" with course number {sent.number}" if sent.number is not None else ""
            yield Evidence(
                step=MAJOR,
                what=f"The item {sent.cell} judges the {sent.kind} answer '{sent.name}'{number} differently",
                before=f"{one.score:g} points ({one.mark})",
                after=f"{other.score:g} points ({other.mark})",
            )
