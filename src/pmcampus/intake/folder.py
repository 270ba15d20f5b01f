"""Submissions from a folder: `learner/assessment/file.ipynb` as nbgrader has it, or simpler."""

from datetime import datetime
from pathlib import PurePosixPath

from pmcampus.intake.bundles import Bundle
from pmcampus.intake.people import Match, People
from pmcampus.intake.pieces import Piece, is_notebook, moment, stem


def fits(names: tuple[str, ...]) -> int:
    """How many names could be meant so: any notebook, so other sources are asked first."""
    return sum(map(is_notebook, names)) and 1


def pieces(bundle: Bundle, *, assessment: str, people: People) -> list[Piece]:
    """Every notebook of this assessment; other assessments' folders are passed over."""
    found = []
    for name in filter(is_notebook, bundle.names):
        parts = [part for part in PurePosixPath(name).parts[:-1] if part != "submitted"]
        if len(parts) > 1 and parts[-1] != assessment:
            continue
        who = parts[-2] if len(parts) > 1 else parts[0] if parts else stem(name)
        match = _match(who, people)
        found.append(Piece(name, match.learner, match.why, at=_noted(bundle, name)))
    return found


def _match(who: str, people: People) -> Match:
    match = people.by_id(who)
    if match.learner is None:
        by_name = people.by_name(who)
        return by_name if by_name.learner else match
    return match


def _noted(bundle: Bundle, name: str) -> datetime | None:
    beside = PurePosixPath(name).with_name("timestamp.txt").as_posix()
    if beside not in bundle.names:
        return None
    return moment(bundle.read(beside, limit=200)[:200].decode("utf-8", "replace"))
