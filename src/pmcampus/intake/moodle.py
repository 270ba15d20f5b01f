"""Submissions from Moodle's "Download all submissions", with a folder for each person or without.

Moodle names them `Full Name_12345_assignsubmission_file_/work.ipynb`, or in one folder
`Full Name_12345_assignsubmission_file_work.ipynb`; a group's name may stand before with a hyphen. The number
is the participant's in the grading worksheet. See mod/assign/locallib.php, `download_submissions`.
"""

import re
from datetime import UTC, datetime, tzinfo

from pmcampus.intake.bundles import Bundle
from pmcampus.intake.people import Match, People, agreed
from pmcampus.intake.pieces import Piece, is_notebook

NAME = re.compile(r"(?:^|/)(?P<who>[^/]+?)_(?P<number>\d+)_assignsubmission_file(?:_|/|_/)(?P<file>[^/].*)$")
SUBMITTED = "Last modified (submission)"
MOMENT = "%A, %d %B %Y, %I:%M %p"  # how an English Moodle writes it, in the time zone of its reader


def fits(names: tuple[str, ...]) -> int:
    """How many notebooks are named so."""
    return sum(is_notebook(name) and NAME.search(name) is not None for name in names)


def pieces(bundle: Bundle, *, assessment: str, people: People) -> list[Piece]:
    """Every notebook; by participant number where a map knows it, otherwise by a name only one has."""
    found = []
    for name in filter(is_notebook, bundle.names):
        parts = NAME.search(name)
        if parts is None:
            found.append(Piece(name, None, "it is not named as Moodle names submissions"))
            continue
        match = _match(parts["who"], parts["number"], people)
        line = people.line_of.get(match.learner or "")
        at = _moment(line.fields.get(SUBMITTED, ""), people.zone) if line else None
        found.append(Piece(name, match.learner, match.why, at=at, file=parts["file"]))
    return found


def _match(who: str, number: str, people: People) -> Match:
    places = [0, *(found.end() for found in re.finditer("-", who))]
    matches = {people.by_name(who[place:]).learner for place in places} - {None}
    if len(matches) > 1:
        by_name = Match(None, "the name fits several learners")
    else:
        by_name = Match(matches.pop()) if matches else people.by_name(who)
    return agreed(people.by_number(number, "moodle"), by_name, number)


def _moment(text: str, zone: tzinfo | None) -> datetime | None:
    """The worksheet's moment, when its zone was named: a wrong one would make people late."""
    if zone is None:
        return None
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
