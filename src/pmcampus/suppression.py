"""Counts that leave the team: small ones are hidden, and so are those from which they could be worked out.

A count of 1 to 4 could point at a person. Where row and column sums are known, a single hidden count is no
secret, nor are two whose sum is small; so others are hidden with them: complementary suppression. What sums
give away: Chu 1997, doi:10.1109/69.617047.
"""

from collections.abc import Mapping, Sequence

LEAST = 5
Counts = Sequence[Sequence[int]]
Shown = list[list[int | None]]


def suppressed(counts: Counts, *, least: int = LEAST) -> Shown:
    """The table with None for every count that is hidden; row and column sums may be published beside it.

    In every row and column either nothing is hidden, or two counts at least whose sum is `least` or more, or
    the whole row or column.
    """
    hidden = [[0 < count < least for count in row] for row in counts]
    lines = [[(i, j) for j in range(len(row))] for i, row in enumerate(counts)]
    lines += [[(i, j) for i in range(len(counts))] for j in range(len(counts[0]) if counts else 0)]
    changed = True
    while changed:
        changed = False
        for line in lines:
            shut = [place for place in line if hidden[place[0]][place[1]]]
            open_ = [place for place in line if not hidden[place[0]][place[1]]]
            safe = len(shut) > 1 and sum(counts[i][j] for i, j in shut) >= least
            if shut and open_ and not safe:
                # The smallest that is not zero tells least; a zero helps only where nothing else is left.
                i, j = min(
                    open_, key=lambda place: (counts[place[0]][place[1]] == 0, counts[place[0]][place[1]])
                )
                hidden[i][j] = changed = True
    return [
        [None if shut else count for count, shut in zip(row, mask, strict=True)]
        for row, mask in zip(counts, hidden, strict=True)
    ]


def coarsened(groups: Mapping[str, int], *, least: int = LEAST, other: str = "other") -> dict[str, str]:
    """What each group is called in data about single people: small ones together, and never too few of them.

    When those together are fewer than `least`, the next smallest group joins them.
    """
    by_size = sorted(groups, key=lambda name: (groups[name], name))
    small = [name for name in by_size if groups[name] < least]
    rest = by_size[len(small) :]
    while small and rest and sum(groups[name] for name in small) < least:
        small.append(rest.pop(0))
    return {name: other if name in small else name for name in groups}
