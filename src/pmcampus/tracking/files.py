"""Files that lie in a cohort's folder and were not marked yet: ten thousand folders, looked at once."""

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from pmcampus.coursedir import submitted_path

Place = tuple[str, str]
_SEEN: dict[str, tuple[int, frozenset[str]]] = {}  # folder to when it changed last, and the names in it


def waiting_files(
    folder: Path,
    learners: Collection[str],
    assessments: Collection[str],
    known: Mapping[str, int],
    places: Callable[[list[str]], Collection[Place]],
) -> frozenset[Place]:
    """Learner and assessment where a file lies of which the gradebook knows nothing.

    A folder that did not change since the last look is not listed again, and only learners with more
    folders than the gradebook knows works of theirs are looked at closely.

    Args:
        known: by learner, how many of these assessments the gradebook knows of.
        places: which ones exactly, asked for these learners alone.
    """
    wanted, more = frozenset(assessments), {}
    shelf = str(folder / "submitted")
    for learner in learners:
        names, there = _names(f"{shelf}/{learner}"), known.get(learner, 0)
        if len(names) > there and len(names & wanted) > there:
            more[learner] = names & wanted
    if not more:
        return frozenset()
    unknown = {(learner, name) for learner, names in more.items() for name in names}
    unknown -= frozenset(places(sorted(more)))
    return frozenset(place for place in unknown if submitted_path(folder, *place).exists())


def _names(place: str) -> frozenset[str]:
    # Strings and `os`, not `pathlib`: this is done for every learner, for every overview.
    try:
        changed = os.stat(place).st_mtime_ns  # noqa: PTH116
        before = _SEEN.get(place)
        if before is None or before[0] != changed:
            before = _SEEN[place] = (changed, frozenset(os.listdir(place)))  # noqa: PTH208
    except OSError:
        return frozenset()
    return before[1]
