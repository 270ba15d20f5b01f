"""First attempts as a table of shares: what item and test statistics are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

HALF = 0.5


@dataclass(frozen=True)
class Scores:
    """Shares of the points (0 to 1), a row for each learner and a column for each item.

    Attributes:
        points: each item's points.
        shares: None where an item has no score that belongs to the first attempt.
    """

    points: tuple[float, ...]
    shares: Sequence[Sequence[float | None]]

    @cached_property
    def table(self) -> Any:
        """The shares as an array, not-a-number where there is none."""
        import numpy as np

        return np.array(self.shares, dtype=float).reshape(len(self.shares), len(self.points))

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """Items that enter sums: those scored for at least half of the learners, and worth something."""
        import numpy as np

        if not len(self.shares):
            return ()
        known = np.isfinite(self.table).mean(axis=0)
        return tuple(i for i, worth in enumerate(self.points) if worth > 0 and known[i] >= HALF)

    @cached_property
    def complete(self) -> Any:
        """Points of the learners whose counted items all have a score: a row each, counted items only."""
        import numpy as np

        part = self.table[:, self.counted]
        whole = part[np.isfinite(part).all(axis=1)]
        return whole * np.array([self.points[i] for i in self.counted])

    @property
    def incomplete(self) -> int:
        """Learners left out of sums because one of the counted items has no score."""
        return len(self.shares) - len(self.complete)
