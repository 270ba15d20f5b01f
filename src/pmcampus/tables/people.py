"""Where people stand, as tables: the cohort, its teams, its learners, and whom to ask."""

from collections.abc import Iterable
from dataclasses import replace

from pmcampus.model.tracking import (
    AtRisk,
    AtRiskPage,
    LearnerPage,
    MasteryPage,
    MatrixPage,
    Overview,
    Readiness,
    RiskReview,
    TeamPage,
)
from pmcampus.plurals import counted
from pmcampus.statistics import METRICS
from pmcampus.tables.notes import left_out, readings, why_missing
from pmcampus.tables.table import Table, Value


def overview(page: Overview) -> tuple[Table, ...]:
    """The cohort in a few numbers, its assessments, its teams and roles."""
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
        (*(("These learners are fictitious.",) if page.fictitious else ()), *left_out(page.exclusions)),
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


def matrix(page: MatrixPage) -> tuple[Table, ...]:
    """Learners by assessments or items."""
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


def mastery(page: MasteryPage) -> tuple[Table, ...]:
    """Who holds which competency."""
    return (
        Table(
            "Competencies",
            ("learner", "competency", "level", "held", "share of points", "items"),
            [
                (one.learner, one.competency, one.level, one.held.value, one.share, one.items)
                for one in page.rows
            ],
            readings("mastery"),
        ),
    )


def readiness(page: Readiness) -> tuple[Table, ...]:
    """What a team covers, and what would close the gap."""
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


def learner(page: LearnerPage) -> tuple[Table, ...]:
    """One learner's works and competencies."""
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
    return (standing, attempts, *mastery(held))


def team(page: TeamPage) -> tuple[Table, ...]:
    """A team's works, readiness, and whom to ask."""
    return (*matrix(page.matrix), *readiness(page.readiness), *at_risk(page.at_risk))


def at_risk(found: Iterable[AtRisk]) -> tuple[Table, ...]:
    """Whom to ask, and why."""
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


def at_risk_page(page: AtRiskPage) -> tuple[Table, ...]:
    """A page of them."""
    note = f"Page {page.page} of {page.pages}; a rule applies to {counted(page.total, 'learner')}."
    return tuple(replace(table, notes=(*table.notes, note)) for table in at_risk(page.rows))


def risk_review(page: RiskReview) -> tuple[Table, ...]:
    """The same, with how often the rules were right."""
    check = page.check
    measures = (check.precision, check.recall)
    return (
        *at_risk_page(page.asked),
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
            (*readings("precision", "recall"), *left_out(check.exclusions), *why_missing(measures)),
        ),
    )
