"""Files that lie in a cohort's folder and were not marked yet: ten thousand folders, looked at once."""

from collections.abc import Collection, Mapping
from pathlib import Path

from pmcampus.coursedir import submitted_path

_SEEN: dict[str, tuple[int, frozenset[str]]] = {}  # folder to when it changed last, and the names in it


def waiting_files(
    folder: Path, learners: Collection[str], assessments: Collection[str], known: Mapping[str, int]
) -> dict[str, frozenset[str]]:
    """By learner, the assessments of which a file lies there, for those with more files than `known`.

    A folder that did not change since the last look is not listed again.

    Args:
        known: by learner, how many works the gradebook knows.
    """
    wanted, found = frozenset(assessments), {}
    for learner in learners:
        names = _names(folder / "submitted" / learner) & wanted
        if len(names) > known.get(learner, 0):
            lying = frozenset(name for name in names if submitted_path(folder, learner, name).exists())
            if lying:
                found[learner] = lying
    return found


def _names(place: Path) -> frozenset[str]:
    try:
        changed = place.stat().st_mtime_ns
        before = _SEEN.get(str(place))
        if before is None or before[0] != changed:
            before = (changed, frozenset(entry.name for entry in place.iterdir()))
            _SEEN[str(place)] = before
    except OSError:
        return frozenset()
    return before[1]
