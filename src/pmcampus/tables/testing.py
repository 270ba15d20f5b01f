"""What assessments are worth, as tables: items, the whole, gain, variants, markers."""

from collections.abc import Iterable

from pmcampus.model.tracking import Gain, ItemAnalysis, RaterAgreement, TestQuality, VariantFairness
from pmcampus.plurals import counted
from pmcampus.statistics import METRICS
from pmcampus.tables.notes import few, left_out, readings, why_missing
from pmcampus.tables.table import Table, Value


def items(page: ItemAnalysis) -> tuple[Table, ...]:
    """What each item's answers say about it."""
    rows: list[tuple[Value, ...]] = [
        (
            line.head.cell,
            line.head.points,
            line.difficulty,
            line.item_rest,
            line.d27,
            line.blank,
            line.minutes,
            _strip(line.shares),
            "; ".join(line.flags),
        )
        for line in page.items
    ]
    measures = [m for line in page.items for m in line.measures]
    return (
        Table(
            f"Items of {page.assessment.title}, {counted(page.n, 'first attempt')}",
            ("item", "points", "p", "item-rest r", "D27", "blank", "minutes", "learners by tenth", "look at"),
            rows,
            (
                *readings("difficulty", "item-rest", "d27", "minutes"),
                *left_out(page.exclusions),
                *why_missing(measures),
            ),
        ),
    )


def quality(page: TestQuality) -> tuple[Table, ...]:
    """Whether the assessment measures one thing, and how exactly."""
    measures = (page.mean, page.sd, page.alpha, page.kr20, page.sem)
    return (
        Table(
            f"{page.assessment.title} as a whole, {counted(page.n, 'complete first attempt')}",
            ("what", "value", "unit"),
            [(METRICS[m.metric].name, m, METRICS[m.metric].unit) for m in measures],
            (*readings("alpha", "sem"), *left_out(page.exclusions), *why_missing(measures)),
        ),
        Table(
            "Distribution of the sum",
            ("per cent of the points", "learners"),
            [(f"{one.low:.0f} to {one.high:.0f}", one.n) for one in page.distribution],
        ),
    )


def gain(page: Gain) -> tuple[Table, ...]:
    """What changed between two assessments."""
    measures = (page.pre_mean, page.post_mean, page.hake, page.change, page.d_z)
    names = ("before", "afterwards", *(METRICS[m.metric].name for m in measures[2:]))
    return (
        Table(
            f"From {page.pre.title} to {page.post.title}, {counted(page.n, 'learner')} with both",
            ("what", "value", "unit"),
            [(name, m, METRICS[m.metric].unit) for name, m in zip(names, measures, strict=True)],
            (*few(page.n), *readings("hake", "d-z"), *left_out(page.exclusions), *why_missing(measures)),
        ),
    )


def variants(page: VariantFairness) -> tuple[Table, ...]:
    """Whether a course number makes an item harder."""
    rows: list[tuple[Value, ...]] = []
    for line in page.items:
        groups = "; ".join(f"{one.name}: {one.full} of {one.n}" for one in line.groups)
        rows.append((line.head.cell, groups, line.chi2, line.p, line.q, line.flagged))
    measures = [line.p for line in page.items]
    none = () if page.items else ("This assessment has no variants, or the cohort has no key.",)
    return (
        Table(
            f"Variants of {page.assessment.title}, {counted(page.n, 'first attempt')}",
            ("item", "all points, by course number", "chi-square", "p", "q", "look at"),
            rows,
            (*none, *readings("q"), *left_out(page.exclusions), *why_missing(measures)),
        ),
    )


def raters(page: RaterAgreement) -> tuple[Table, ...]:
    """How far markers agree."""
    measures = (page.exact, page.kappa, page.icc)
    return (
        Table(
            f"Markers of {page.case}: {', '.join(page.raters) or 'nobody yet'}",
            ("what", "value"),
            [(METRICS[m.metric].name, m) for m in measures],
            (*few(page.n), *readings("kappa", "icc"), *left_out(page.exclusions), *why_missing(measures)),
        ),
    )


def _strip(shares: Iterable[float]) -> str:
    """How many learners are in each tenth from nothing to everything, a dot for none; for few learners."""
    counts = [0] * 10
    for share in shares:
        counts[min(9, int(share * 10 + 1e-9))] += 1
    return "".join("." if n == 0 else str(n) if n < 10 else "+" for n in counts) if any(counts) else ""
