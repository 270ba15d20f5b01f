"""Progress as plain text, for the terminal."""

from pmcampus.model.cohort import ItemRecord
from pmcampus.progress import Group, ItemHead, Progress, State
from pmcampus.tables.table import plain


def render(progress: Progress, *, style: str = "") -> str:
    """Where the cohort stands, who is missing, and the matrix of learners by items."""
    handed_in = sum(row.score is not None for row in progress.rows)
    lines = [
        f"{plain(progress.cohort)}: {plain(progress.title)} {progress.version}",
        f"{handed_in} of {len(progress.rows)} handed in, {progress.count(State.PASSED)} passed, "
        f"{progress.count(State.NOT_YET)} not yet, {progress.count(State.AWAITING)} awaiting a marker",
        "",
        *_matrix(progress),
        "",
        *(f"{number:>2}  {head.title} ({_worth(head)})" for number, head in _numbered(progress)),
        "",
        *_groups("Teams", progress.teams),
        "",
        *_groups("Roles", progress.roles),
    ]
    if progress.missing:
        lines += ["", "Not handed in, or not readable"]
        lines += [f"  {row.learner.id}: {plain(row.refused or row.state, 300)}" for row in progress.missing]
    return "\n".join(lines) + "\n"


def _numbered(progress: Progress) -> list[tuple[int, ItemHead]]:
    return list(enumerate(progress.items, start=1))


def _worth(head: ItemHead) -> str:
    return ", ".join(filter(None, (f"{head.points:g} points", head.competency)))


def _matrix(progress: Progress) -> list[str]:
    width = max(len(row.learner.id) for row in progress.rows)
    head = " ".join(f"{number:>4}" for number, _ in _numbered(progress))
    lines = [f"{'learner':<{width}}  score {head}  state"]
    for row in progress.rows:
        cells = " ".join(f"{_score(mark):>4}" for mark in row.marks)
        score = "–" if row.score is None else f"{row.score:g}"
        late = ", late" if row.late else ""
        if row.counted and row.counted.percent:
            late += f", {row.counted.deducted:g} off"
        lines.append(f"{row.learner.id:<{width}}  {score:>5} {cells}  {row.state}{late}")
    return lines


def _score(mark: ItemRecord | None) -> str:
    if mark is None:
        return "–"
    return "?" if mark.score is None else f"{mark.score:g}"


def _groups(title: str, groups: tuple[Group, ...]) -> list[str]:
    width = max(len(plain(group.name)) for group in groups)
    return [title] + [
        f"  {plain(group.name):<{width}}  {group.handed_in} of {group.learners} handed in, median "
        + ("–" if group.median_share is None else f"{100 * group.median_share:.0f} % of what is marked")
        for group in groups
    ]
