"""First attempts as a table of shares: what item and test statistics are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

HALF = 0.5


@dataclass(frozen=True)
class Scores:
    """Shares of the points (0 to 1), a row for each learner and a column for each item; lists or an array.

    Attributes:
        points: each item's points.
        shares: None, or not-a-number, where an item has no score that belongs to the first attempt.
    """

    points: tuple[float, ...]
    shares: Any

    @classmethod
    def of(cls, points: tuple[float, ...], scores: Sequence[Sequence[float | None]]) -> "Scores":
        """The same from points reached; a share is never below nothing or above everything."""
        import numpy as np

        table = np.array(scores, dtype=float).reshape(len(scores), len(points))
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.clip(table / np.array(points, dtype=float), 0.0, 1.0)
        return cls(points, np.where(np.array(points) > 0, shares, np.nan))

    def known(self, item: int) -> list[float]:
        """The shares of this item that there are, in the order of learners."""
        import numpy as np

        column = self.table[:, item]
        found: list[float] = column[np.isfinite(column)].tolist()
        return found

    def sums(self) -> list[float | None]:
        """Each learner's points over all items, None where one has no score."""
        import numpy as np

        total = (self.table * np.array(self.points, dtype=float)).sum(axis=1)
        return [float(one) if np.isfinite(one) else None for one in total]

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
