"""Each page of tracking as tables."""

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch

from pmcampus.model.measure import TINY, Exclusion, Measure
from pmcampus.model.tracking import (
    AtRisk,
    AtRiskPage,
    Gain,
    ItemAnalysis,
    LearnerPage,
    MasteryPage,
    MatrixPage,
    Overview,
    RaterAgreement,
    Readiness,
    RiskReview,
    Rows,
    TeamPage,
    TestQuality,
    VariantFairness,
)
from pmcampus.plurals import counted
from pmcampus.statistics import METRICS
from pmcampus.tables.table import Table, Value


@singledispatch
def tables_of(page: object) -> tuple[Table, ...]:
    """The tables of a page.

    Raises:
        TypeError: it is no page of tracking.
    """
    raise TypeError(f"{type(page).__name__} is no page of tracking")


@tables_of.register
def _(page: Overview) -> tuple[Table, ...]:
    whole = Table(
        page.cohort,
        ("what", "value"),
        (
            ("pathway", page.pathway),
            ("as of", page.as_of.strftime("%Y-%m-%d %H:%M %Z")),
            ("enrolled", page.enrolled),
            (f"handed something in, last {page.active_days} days", page.active),
            ("handed in at least one assessment", page.handed_in),
            ("passed all", page.passed_all),
            ("submissions awaiting a marker", page.awaiting),
            ("median progress", page.progress),
        ),
        (*(("These learners are fictitious.",) if page.fictitious else ()), *_left(page.exclusions)),
    )
    lines = Table(
        "Assessments",
        (
            "assessment",
            "handed in",
            "passed",
            "not yet",
            "awaiting",
            "cannot be read",
            "not marked",
            "not handed in",
            "excused",
            "median share",
        ),
        [
            (
                line.head.id,
                line.handed_in,
                line.passed,
                line.not_yet,
                line.awaiting,
                line.refused,
                line.unmarked,
                line.not_handed_in,
                line.excused,
                line.median_share,
            )
            for line in page.assessments
        ],
    )
    groups = tuple(
        Table(
            title,
            (title.lower().rstrip("s"), "learners", "handed in", "median progress"),
            [(one.name, one.learners, one.handed_in, one.progress) for one in found],
        )
        for title, found in (("Teams", page.teams), ("Roles", page.roles))
    )
    return (whole, lines, *groups)


@tables_of.register
def _(page: MatrixPage) -> tuple[Table, ...]:
    title = page.assessment.title if page.assessment else "Progress matrix"
    first = (page.page - 1) * page.size
    rows: list[tuple[Value, ...]] = []
    for row in page.rows:
        cells: list[Value] = [
            cell.score if cell.score is not None else cell.state.value for cell in row.cells
        ]
        rows.append((row.learner, row.role, row.team, row.score, row.points, *cells))
    note = f"Learners {first + 1} to {first + len(page.rows)} of {page.learners}."
    return (
        Table(
            title,
            ("learner", "role", "team", "score", "points", *(column.id for column in page.columns)),
            rows,
            (note, "A number is points; words say where the work stands."),
        ),
    )


@tables_of.register
def _(page: ItemAnalysis) -> tuple[Table, ...]:
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
                *_reading("difficulty", "item-rest", "d27", "minutes"),
                *_left(page.exclusions),
                *_why(measures),
            ),
        ),
    )


@tables_of.register
def _(page: TestQuality) -> tuple[Table, ...]:
    measures = (page.mean, page.sd, page.alpha, page.kr20, page.sem)
    return (
        Table(
            f"{page.assessment.title} as a whole, {counted(page.n, 'complete first attempt')}",
            ("what", "value", "unit"),
            [(METRICS[m.metric].name, m, METRICS[m.metric].unit) for m in measures],
            (*_reading("alpha", "sem"), *_left(page.exclusions), *_why(measures)),
        ),
        Table(
            "Distribution of the sum",
            ("per cent of the points", "learners"),
            [(f"{one.low:.0f} to {one.high:.0f}", one.n) for one in page.distribution],
        ),
    )


@tables_of.register
def _(page: Gain) -> tuple[Table, ...]:
    measures = (page.pre_mean, page.post_mean, page.hake, page.change, page.d_z)
    names = ("before", "afterwards", *(METRICS[m.metric].name for m in measures[2:]))
    return (
        Table(
            f"From {page.pre.title} to {page.post.title}, {counted(page.n, 'learner')} with both",
            ("what", "value", "unit"),
            [(name, m, METRICS[m.metric].unit) for name, m in zip(names, measures, strict=True)],
            (*_few(page.n), *_reading("hake", "d-z"), *_left(page.exclusions), *_why(measures)),
        ),
    )


@tables_of.register
def _(page: MasteryPage) -> tuple[Table, ...]:
    return (
        Table(
            "Competencies",
            ("learner", "competency", "level", "held", "share of points", "items"),
            [
                (one.learner, one.competency, one.level, one.held.value, one.share, one.items)
                for one in page.rows
            ],
            _reading("mastery"),
        ),
    )


@tables_of.register
def _(page: Readiness) -> tuple[Table, ...]:
    who = page.team or "the whole cohort"
    lines = Table(
        f"Readiness of {who}, {counted(len(page.members), 'member')}",
        ("competency", "what", "level needed", "covered", "by", "nearest"),
        [
            (one.competency, one.statement, one.level, one.cover.value, ", ".join(one.members), one.nearest)
            for one in page.lines
        ],
        (
            "A team needs each competency at the highest level that any role brings to it.",
            *((f"No module teaches {', '.join(page.out_of_reach)} so far.",) if page.out_of_reach else ()),
        ),
    )
    note = "No shorter list closes as much." if page.exact else "A shorter list may exist."
    modules = Table(
        "Modules that close the gap",
        ("module", "title", "hours", "closes", "written"),
        [(one.module, one.title, one.hours, ", ".join(one.closes), one.written) for one in page.modules],
        (note,),
    )
    return (lines, modules)


@tables_of.register
def _(page: LearnerPage) -> tuple[Table, ...]:
    standing = Table(
        f"{page.learner}, {page.role}, team {page.team}",
        ("assessment", "state", "score", "points", "version", "late"),
        [
            (head.id, cell.state.value, cell.score, cell.points, cell.version, cell.late)
            for head, cell in zip(page.assessments, page.cells, strict=True)
        ],
        tuple(f"Ask: {reason.text}." for reason in page.reasons),
    )
    attempts = Table(
        "Attempts",
        ("assessment", "attempt", "version", "handed in", "machine's score", "ledger row"),
        [
            (
                one.assessment,
                one.number or "cannot be read",
                one.version,
                one.handed_in.isoformat() if one.handed_in else None,
                one.score if one.number else None,
                one.row,
            )
            for one in page.attempts
        ],
    )
    held = MasteryPage((page.learner,), (), page.mastery, 0.0, 0)
    return (standing, attempts, *tables_of(held))


@tables_of.register
def _(page: TeamPage) -> tuple[Table, ...]:
    return (*tables_of(page.matrix), *tables_of(page.readiness), *tables_of(page.at_risk))


@tables_of.register
def _(page: tuple) -> tuple[Table, ...]:  # type: ignore[type-arg]  # of AtRisk; dispatch sees the tuple
    found: Iterable[AtRisk] = page
    return (
        Table(
            "Who to ask how they are",
            ("learner", "role", "team", "because", "assessment"),
            [
                (one.learner, one.role, one.team, reason.text, reason.assessment or None)
                for one in found
                for reason in one.reasons
            ],
            ("Rules that a person can check; they decide nothing.",),
        ),
    )


@tables_of.register
def _(page: AtRiskPage) -> tuple[Table, ...]:
    note = f"Page {page.page} of {page.pages}; a rule applies to {counted(page.total, 'learner')}."
    return tuple(replace(table, notes=(*table.notes, note)) for table in tables_of(page.rows))


@tables_of.register
def _(page: RiskReview) -> tuple[Table, ...]:
    check = page.check
    measures = (check.precision, check.recall)
    return (
        *tables_of(page.asked),
        Table(
            f"How often these rules were right, asked on {check.at:%Y-%m-%d %H:%M} UTC",
            ("what", "value"),
            (
                ("learners whose outcome is known", check.n),
                ("a rule applied then", check.flagged),
                ("did not pass in the end", check.failed),
                ("both", check.both),
                *((METRICS[m.metric].name, m) for m in measures),
            ),
            (*_reading("precision", "recall"), *_left(check.exclusions), *_why(measures)),
        ),
    )


@tables_of.register
def _(page: VariantFairness) -> tuple[Table, ...]:
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
            (*none, *_reading("q"), *_left(page.exclusions), *_why(measures)),
        ),
    )


@tables_of.register
def _(page: RaterAgreement) -> tuple[Table, ...]:
    measures = (page.exact, page.kappa, page.icc)
    return (
        Table(
            f"Markers of {page.case}: {', '.join(page.raters) or 'nobody yet'}",
            ("what", "value"),
            [(METRICS[m.metric].name, m) for m in measures],
            (*_few(page.n), *_reading("kappa", "icc"), *_left(page.exclusions), *_why(measures)),
        ),
    )


@tables_of.register
def _(page: Rows) -> tuple[Table, ...]:
    note = f"Page {page.page}; {counted(page.total, 'row')} in all."
    return (Table(page.title, page.columns, page.rows, (note,)),)


def _left(exclusions: Iterable[Exclusion]) -> tuple[str, ...]:
    return tuple(f"Left out ({one.n}): {one.kind}." for one in exclusions)


def _few(n: int) -> tuple[str, ...]:
    return () if n >= TINY else (f"Insufficient evidence: fewer than {TINY} are behind these numbers.",)


def _reading(*metrics: str) -> tuple[str, ...]:
    return tuple(f"{METRICS[key].name}: {METRICS[key].reading}" for key in metrics)


def _why(measures: Iterable[Measure]) -> tuple[str, ...]:
    """Each reason for a missing number, once."""
    reasons = dict.fromkeys(
        f"No {METRICS[m.metric].name}: {m.reason}." for m in measures if m.value is None and m.reason
    )
    return tuple(reasons)


def _strip(shares: Iterable[float]) -> str:
    """How many learners are in each tenth from nothing to everything, a dot for none; for few learners."""
    counts = [0] * 10
    for share in shares:
        counts[min(9, int(share * 10 + 1e-9))] += 1
    return "".join("." if n == 0 else str(n) if n < 10 else "+" for n in counts) if any(counts) else ""
