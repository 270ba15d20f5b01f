"""Collecting: every notebook that a source holds, matched to its learner and handed in."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from pmcampus.cohorts.handin import open_desk, take_in
from pmcampus.errors import CohortError
from pmcampus.intake.bundles import Refused, opened
from pmcampus.intake.identities import load_identities
from pmcampus.intake.people import people, read_map
from pmcampus.intake.pieces import Piece
from pmcampus.intake.sources import find, kind_of


@dataclass
class Collected:
    """What became of each notebook. `matched` are those that would be, or were, handed in.

    Attributes:
        kind: the source it was taken for.
        taken: learner to the number of the attempt that is new.
        same: learners whose file had come before.
        refused: learner to the reason why their file was not taken in.
    """

    kind: str
    matched: list[Piece]
    unmatched: list[Piece]
    missing: list[str]
    taken: dict[str, int] = field(default_factory=dict)
    same: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def collect(
    folder: Path,
    source: Path,
    *,
    assessment: str,
    root: Path,
    now: datetime,
    kind: str = "auto",
    known: Path | None = None,
    at: datetime | None = None,
    zone: tzinfo | None = None,
    dry: bool = False,
) -> Collected:
    """What the source holds of this assessment, handed in for each learner it is certain about.

    Args:
        now: when it was collected; receipts name it.
        kind: `auto` looks at the names.
        known: a map from the platform's numbers, addresses or names to learners.
        zone: of the moments in the map.
        at: when it was handed in, where the source notes no moment.
        dry: only look; nothing is changed.

    Raises:
        CohortError: the source is hostile, broken or empty, or the cohort does not take the assessment;
            nothing was taken in then.
    """
    desk = open_desk(folder, assessment, root=root)
    table = read_map(known) if known else None
    with opened(source) as bundle:
        found = kind_of(bundle) if kind == "auto" else kind
        persons = people(desk.learners, table, identities=load_identities(folder), zone=zone)
        others = desk.cohort.assessments.keys() - {assessment}
        pieces = find(bundle, kind=found, assessment=assessment, people=persons, others=others)
        matched = [piece for piece in pieces if piece.learner is not None]
        here = {piece.learner for piece in matched}
        done = Collected(
            kind=found,
            matched=matched,
            unmatched=[piece for piece in pieces if piece.learner is None],
            missing=[learner.id for learner in desk.learners if learner.id not in here],
        )
        if dry:
            return done
        contents = {piece.name: bundle.read(piece.name) for piece in matched}  # all or nothing is damaged
        for piece in matched:
            learner = piece.learner or ""
            try:
                taken = take_in(desk, learner, contents.pop(piece.name), at=piece.at or at, received=now)
            except Refused:
                raise
            except CohortError as problem:
                done.refused[learner] = str(problem)
                continue
            if taken.is_new:
                done.taken[learner] = taken.receipt.attempt
            else:
                done.same.append(learner)
    return done
