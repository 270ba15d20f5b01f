"""Small counts are hidden, and cannot be worked out from sums."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from pmcampus.suppression import coarsened, suppressed

tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


def test_a_small_count_takes_others_with_it() -> None:
    """Otherwise a subtraction would give it back."""
    assert [[None, None, 9], [None, None, 11], [9, 9, 9]] == suppressed([[2, 7, 9], [8, 7, 11], [9, 9, 9]])


def test_a_table_without_small_counts_is_shown_whole() -> None:
    """Zeros included."""
    assert [[0, 5], [7, 0]] == suppressed([[0, 5], [7, 0]])


@given(tables)
def test_no_small_count_is_shown_and_none_stands_alone(counts: list[list[int]]) -> None:
    """In no row and no column: two at least are hidden with a sum of five, or the whole of it."""
    shown = suppressed(counts)

    assert all(one is None or one == 0 or one >= 5 for row in shown for one in row)
    assert all(
        a is None or a == b for x, y in zip(shown, counts, strict=True) for a, b in zip(x, y, strict=True)
    )
    lines = [list(zip(x, y, strict=True)) for x, y in zip(shown, counts, strict=True)]
    lines += [[line[at] for line in lines] for at in range(len(counts[0]))]
    for line in lines:
        hidden = [count for one, count in line if one is None]
        assert not hidden or len(hidden) == len(line) or (len(hidden) > 1 and sum(hidden) >= 5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2))
def test_every_hidden_small_count_has_another_possible_value(counts: list[list[int]]) -> None:
    """Looked for by trying all tables with the same sums, where not everything is hidden."""
    shown = suppressed(counts)
    if any(all(one is None for one in row) for row in shown):
        return
    if any(all(row[at] is None for row in shown) for at in range(2)):
        return
    sums = [sum(row) for row in counts] + [sum(row[at] for row in counts) for at in range(2)]
    possible = [
        [[a, b], [c, d]]
        for a, b, c, d in product(range(15), repeat=4)
        if [a + b, c + d, a + c, b + d] == sums
        and all(
            one is None or one == x
            for r, s in zip(shown, [[a, b], [c, d]], strict=True)
            for one, x in zip(r, s, strict=True)
        )
    ]
    for i, j in product(range(2), repeat=2):
        if shown[i][j] is None and 0 < counts[i][j] < 5:
            assert len({table[i][j] for table in possible}) > 1


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 20), min_size=1))
def test_no_group_in_data_about_people_is_small(groups: dict[str, int]) -> None:
    """Unless there are not five people at all."""
    names = coarsened(groups)
    sizes: dict[str, int] = {}
    for group, size in groups.items():
        sizes[names[group]] = sizes.get(names[group], 0) + size

    assert min(sizes.values()) >= 5 or sum(groups.values()) < 5
