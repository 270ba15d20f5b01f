"""PM8xx: review and dates."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pmcampus.lint.facts import Facts
from pmcampus.lint.rule import Finding, rule
from pmcampus.model.tree import Form, Place

YEAR = timedelta(days=366)


def dates(facts: Facts) -> Iterator[tuple[Form[Any], Place, date]]:
    """Every day on which facts were checked, with its place."""
    tree = facts.tree
    if tree.curriculum.model:
        yield tree.curriculum, ("facts_valid_as_of",), tree.curriculum.model.facts_valid_as_of
    for folder, form in facts.modules:
        yield folder.form, ("facts_valid_as_of",), form.facts_valid_as_of
    for graded, assessment in facts.assessments:
        yield graded.form, ("facts_valid_as_of",), assessment.facts_valid_as_of


@rule(
    "PM801",
    "The review date has passed",
    why="Guidelines and laws change. After this day nobody has said that the content still holds.",
    wrong="next_review: 2024-05-24",
    right="next_review: 2027-05-24",
)
def expired(facts: Facts) -> Iterator[Finding]:
    """Content whose next review lies in the past; retired content rests."""
    due: list[tuple[Form[Any], Place, date]] = [
        (folder.form, ("clinical_review", "next_review"), form.clinical_review.next_review)
        for folder, form in facts.reviewed
        if form.status != "retired"
    ]
    due += [(graded.form, ("review_by",), paper.review_by) for graded, paper in facts.assessments]
    for at, place, day in due:
        if day < facts.today:
            yield Finding(
                at.path,
                at.line(*place),
                f"The review was due on {day}.",
                "Have the content read again, write what changed in CHANGELOG.md, and set the next date.",
            )


@rule(
    "PM802",
    "The facts are dated in the future",
    why="Facts are valid as of the day somebody checked them, and that day has come.",
    wrong="facts_valid_as_of: 2062-11-24",
    right="facts_valid_as_of: 2026-11-24",
)
def facts_ahead(facts: Facts) -> Iterator[Finding]:
    """Fact dates after today."""
    for form, place, day in dates(facts):
        if day > facts.today:
            yield Finding(
                form.path,
                form.line(*place),
                f"The facts are dated {day}, which lies ahead.",
                "Correct the date.",
            )


@rule(
    "PM803",
    "The facts are older than a year",
    severity="advice",
    why="Frequencies, guidelines and laws are updated every year; a reader judges by this date.",
    wrong="facts_valid_as_of: 2023-01-10",
    right="facts_valid_as_of: 2026-11-24",
)
def facts_old(facts: Facts) -> Iterator[Finding]:
    """Fact dates more than a year ago."""
    for form, place, day in dates(facts):
        if facts.today - day > YEAR:
            fact = f"The facts are dated {day}, more than a year ago."
            yield Finding(
                form.path, form.line(*place), fact, "Check them against their sources and set the date."
            )


@rule(
    "PM804",
    "A module about law names no jurisdiction",
    why="A duty holds somewhere. A learner elsewhere must know at once that it may not hold for them.",
    wrong="code: R01\njurisdiction: null",
    right="code: R01\njurisdiction: European Union",
)
def no_jurisdiction(facts: Facts) -> Iterator[Finding]:
    """Modules of the area Regulation without a jurisdiction."""
    for folder, form in facts.modules:
        if form.area == "R" and not (form.jurisdiction or "").strip():
            yield Finding(
                folder.form.path,
                folder.form.line("jurisdiction"),
                f"The module {form.code} is about regulation, but names no jurisdiction.",
                "Add `jurisdiction: European Union`, or the country whose law it teaches.",
            )


@rule(
    "PM805",
    "A review is stated incompletely",
    why="A review is a person, a day, and the next day, in that order. Anything less cannot be relied on.",
    wrong="reviewed_by: rosa-almeida\nreviewed_on: null",
    right="reviewed_by: null",
)
def half_review(facts: Facts) -> Iterator[Finding]:
    """Reviews without person or day, in the future, or due again before they were made."""
    for folder, form in facts.reviewed:
        review, at = form.clinical_review, folder.form
        who, when = review.reviewed_by, review.reviewed_on
        fault = None
        if (who is None) != (when is None):
            fault = (
                "A reviewer is named without the day."
                if who
                else "A day of review is given without the reviewer."
            )
        elif when is not None and when > facts.today:
            fault = f"The review is dated {when}, which lies ahead."
        elif when is not None and review.next_review <= when:
            fault = f"The next review ({review.next_review}) is not after the last one ({when})."
        if fault:
            line = at.line("clinical_review")
            yield Finding(
                at.path, line, fault, "Give `reviewed_by` and `reviewed_on` together, or leave both null."
            )


@rule(
    "PM806",
    "Stable content has not been reviewed",
    why="Stable tells other sites that they may adopt the content. Without a clinician's reading that "
    "is not true.",
    wrong="status: stable\nclinical_review: {reviewed_by: null, next_review: 2027-05-24}",
    right="status: pilot\nclinical_review: {reviewed_by: null, next_review: 2027-05-24}",
)
def stable_unreviewed(facts: Facts) -> Iterator[Finding]:
    """Stable modules and cases that nobody has signed."""
    for folder, form in facts.reviewed:
        if form.status == "stable" and form.clinical_review.reviewed_by is None:
            line = folder.form.line("status")
            fact = "The status is stable, but nobody has reviewed the content."
            yield Finding(
                folder.form.path, line, fact, "Write `status: pilot` until a named clinician has signed."
            )


@rule(
    "PM807",
    "Written content is called planned",
    why="Planned content has no folder; what has one is at least a draft.",
    wrong="status: planned        # in modules/variant-interpretation/module.yaml",
    right="status: draft",
)
def written_yet_planned(facts: Facts) -> Iterator[Finding]:
    """Folders whose form says planned."""
    for folder, form in facts.reviewed:
        if form.status == "planned":
            line = folder.form.line("status")
            yield Finding(
                folder.form.path,
                line,
                "The status is planned, but the folder exists.",
                "Write `status: draft`.",
            )


@rule(
    "PM808",
    "The next review is more than three years away",
    severity="advice",
    why="Guidelines are revised every two or three years; a date far ahead is a review that nobody does.",
    wrong="next_review: 2035-01-01",
    right="next_review: 2027-05-24",
)
def review_far(facts: Facts) -> Iterator[Finding]:
    """Reviews planned for later than in three years."""
    for folder, form in facts.reviewed:
        day = form.clinical_review.next_review
        if day - facts.today > 3 * YEAR:
            line = folder.form.line("clinical_review", "next_review")
            yield Finding(
                folder.form.path, line, f"The next review is on {day}.", "Choose a day within three years."
            )
