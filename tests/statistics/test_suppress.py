"""Counts that leave the team."""

from hypothesis import given
from hypothesis import strategies as st

from pmcampus.statistics.suppress import suppressed


@given(st.lists(st.integers(0, 30), max_size=9))
def test_nobody_can_work_a_small_cell_out(counts: list[int]) -> None:
    """No small cell is shown; the hidden ones are two at least and five people together, or all there are."""
    found = suppressed(counts)
    hidden = [n for n, seen in zip(counts, found, strict=True) if seen is None]

    assert all(seen is None or seen == 0 or seen >= 5 for seen in found)
    assert all(seen in (None, n) for n, seen in zip(counts, found, strict=True))
    if hidden:
        everything = all(seen in (None, 0) for seen in found)
        assert everything or (len(hidden) >= 2 and sum(hidden) >= 5)
    else:
        assert not any(0 < n < 5 for n in counts)


def test_nothing_is_hidden_without_need() -> None:
    """Large cells and zeros stay."""
    assert suppressed([10, 0, 7]) == [10, 0, 7]
    assert suppressed([2, 9, 30]) == [None, None, 30]
    assert suppressed([3, 3, 30]) == [None, None, 30]
    assert suppressed([1, 1, 30]) == [None, None, None]
