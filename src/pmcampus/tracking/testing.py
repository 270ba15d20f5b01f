"""Item analysis, test quality, learning gain and variants' fairness, over first attempts."""

from math import isfinite

from pmcampus.cohortkey import numbers
from pmcampus.model.measure import SMALL, Exclusion, Measure
from pmcampus.model.tracking import (
    Bin,
    Gain,
    ItemAnalysis,
    ItemLine,
    TestQuality,
    VariantFairness,
    VariantGroup,
    VariantLine,
)
from pmcampus.statistics import fairness, gain, items, reliability
from pmcampus.statistics.shares import share_of
from pmcampus.tracking.attempts import FirstAttempts, first_attempts
from pmcampus.tracking.cohort import OpenCohort
from pmcampus.tracking.heads import form_and_points
from pmcampus.tracking.pairs import matched
from pmcampus.tracking.timing import minutes

TENTH = 10.0
GROUPS, PER_GROUP = 5, 20
Q = 0.05
INCOMPLETE = "with an item without a score, so in no sum"


def item_analysis(t: OpenCohort, assessment: str) -> ItemAnalysis:
    """See `Tracking.items`."""
    first = first_attempts(t, t.head(assessment))
    rests, differences = items.item_rests(first.scores), items.d27s(first.scores)
    n, lines, times = len(first.learners), [], minutes(t, first)
    for place, item in enumerate(first.head.items):
        shares = first.column(item.cell)
        difficulty = items.difficulty(shares)
        lines.append(
            ItemLine(
                head=item,
                difficulty=difficulty,
                item_rest=rests[place],
                d27=differences[place],
                blank=share_of("blank", sum(item.cell in cells for cells in first.blanks), n),
                minutes=times[item.cell],
                shares=tuple(sorted(shares)) if len(shares) < SMALL else (),
                flags=items.flags(difficulty, rests[place]),
            )
        )
    return ItemAnalysis(first.head, len(first.learners), tuple(lines), _all_exclusions(first))


def _all_exclusions(first: FirstAttempts) -> tuple[Exclusion, ...]:
    left = first.scores.incomplete
    return (*first.exclusions, *((Exclusion(INCOMPLETE, left),) if left else ()))


def quality_of(t: OpenCohort, assessment: str) -> TestQuality:
    """See `Tracking.quality`."""
    first = first_attempts(t, t.head(assessment))
    mean, sd = reliability.mean_and_sd(first.scores)
    complete = first.scores.complete
    reachable = sum(first.scores.points[i] for i in first.scores.counted)
    shares = sorted(float(x) for x in complete.sum(axis=1) / reachable) if reachable else []
    return TestQuality(
        assessment=first.head,
        n=len(shares),
        mean=mean,
        sd=sd,
        alpha=reliability.alpha(first.scores),
        kr20=reliability.kr20(first.scores),
        sem=reliability.sem(first.scores),
        distribution=_bins(shares),
        exclusions=_all_exclusions(first),
        shares=tuple(shares) if len(shares) < SMALL else (),
    )


def _bins(shares: list[float]) -> tuple[Bin, ...]:
    """Tenths of the points; full marks are in the last one."""
    counts = [0] * 10
    for share in shares:
        counts[min(9, int(share * 10 + 1e-9))] += 1
    return tuple(Bin(TENTH * i, TENTH * (i + 1), n) for i, n in enumerate(counts))


def learning_gain(t: OpenCohort, pre: str, post: str) -> Gain:
    """See `Tracking.gain`."""
    before, after = first_attempts(t, t.head(pre)), first_attempts(t, t.head(post))
    first, second = before.totals(), after.totals()
    pairs = [(one, other) for _, one, other in matched(before, after)]
    left = (
        Exclusion("with a complete first attempt before only", len(first.keys() - second.keys())),
        Exclusion("with a complete first attempt afterwards only", len(second.keys() - first.keys())),
        Exclusion(f"at {pre} without all its scores", len(before.learners) - len(first), "first attempt"),
        Exclusion(f"at {post} without all its scores", len(after.learners) - len(second), "first attempt"),
        Exclusion(
            "with full marks twice, or none twice, and so not in c",
            sum(gain.change(*pair) is None for pair in pairs),
        ),
    )
    return Gain(
        pre=before.head,
        post=after.head,
        n=len(pairs),
        pre_mean=_mean([pair[0] for pair in pairs]),
        post_mean=_mean([pair[1] for pair in pairs]),
        hake=gain.hake(pairs),
        change=gain.mean_change(pairs),
        d_z=gain.d_z(pairs),
        exclusions=tuple(one for one in left if one.n),
        pairs=tuple(sorted(pairs)) if len(pairs) < SMALL else (),
    )


def _mean(values: list[float]) -> Measure:
    if not values:
        return Measure("percent", None, 0, reason="nobody has both tests")
    return Measure("percent", sum(values) / len(values), len(values))


def variant_fairness(t: OpenCohort, assessment: str) -> VariantFairness:
    """See `Tracking.variants`."""
    head = t.head(assessment)
    form, _ = form_and_points(t.root, t.cohort, assessment)
    first = first_attempts(t, head)
    own = numbers(t.folder, assessment, form, first.learners)
    variant = form.variant
    if variant is None or not own:
        return VariantFairness(head, 0, (), first.exclusions)
    count = max(2, min(GROUPS, len(own) // PER_GROUP))
    width = (variant.last - variant.first + 1) / count
    band = {learner: min(count - 1, int((number - variant.first) / width)) for learner, number in own.items()}
    names = [
        f"{variant.first + round(width * i)}–{variant.first + round(width * (i + 1)) - 1}"
        for i in range(count)
    ]
    graded = {
        item.cell for item, real in zip(head.items, form.items, strict=True) if real.cell in variant.changes
    }
    groups: dict[str, list[VariantGroup]] = {}
    for place, item in enumerate(head.items):
        if item.cell not in graded:
            continue
        shares: list[list[float]] = [[] for _ in range(count)]
        for learner, share in zip(first.learners, first.scores.table[:, place].tolist(), strict=True):
            if isfinite(share):
                shares[band[learner]].append(share)
        groups[item.cell] = [
            VariantGroup(
                name, len(one), sum(share >= 1 for share in one), sum(one) / len(one) if one else None
            )
            for name, one in zip(names, shares, strict=True)
        ]
    tests = fairness.unequal(
        {cell: [(group.full, group.n - group.full) for group in found] for cell, found in groups.items()}
    )
    suspicious = {cell for cell, found in tests.items() if found.q.value is not None and found.q.value < Q}
    lines = tuple(
        VariantLine(
            head=item,
            groups=tuple(groups[item.cell]),
            chi2=tests[item.cell].chi2,
            p=tests[item.cell].p,
            q=tests[item.cell].q,
            flagged=item.cell in suspicious,
        )
        for item in head.items
        if item.cell in groups
    )
    return VariantFairness(head, len(first.learners), lines, first.exclusions)
