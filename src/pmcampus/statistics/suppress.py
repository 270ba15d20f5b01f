"""Counts that may leave the team: cells of few people hidden, and as many more as keep them hidden."""

from collections.abc import Sequence

from pmcampus.model.measure import TINY


def suppressed(counts: Sequence[int], *, least: int = TINY) -> list[int | None]:
    """The counts of one row whose total is known, with None for what is hidden.

    Hidden is every cell from one to `least - 1`; then the next larger ones, until at least two cells are
    hidden and together they hold at least `least`. A zero is nobody and stays.
    """
    hidden = {i for i, n in enumerate(counts) if 0 < n < least}
    if hidden:
        for i in sorted((i for i, n in enumerate(counts) if n >= least), key=lambda i: (counts[i], i)):
            if len(hidden) >= 2 and sum(counts[j] for j in hidden) >= least:
                break
            hidden.add(i)
    return [None if i in hidden else n for i, n in enumerate(counts)]
