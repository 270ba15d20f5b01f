"""The shortest list of modules: never longer than any other that serves."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from pmcampus.statistics.cover import shortest

NAMES = "abcdefg"
sets = st.lists(st.frozensets(st.sampled_from(NAMES), max_size=4), min_size=1, max_size=7)


@given(st.frozensets(st.sampled_from(NAMES), max_size=7), sets)
@settings(max_examples=60, deadline=None)
def test_no_shorter_list_serves(wanted: frozenset[str], taught: list[frozenset[str]]) -> None:
    """Compared with every combination of fewer modules."""
    teaches = {f"module-{i}": names for i, names in enumerate(taught)}

    found = shortest(wanted, teaches, dict.fromkeys(teaches, 5.0))

    covered = frozenset().union(*(teaches[name] for name in found.modules))
    assert wanted <= covered | found.out_of_reach
    assert found.out_of_reach == wanted - frozenset().union(*taught)
    for fewer in combinations(teaches, max(0, len(found.modules) - 1)):
        if found.modules:
            assert not (wanted - found.out_of_reach) <= frozenset().union(*(teaches[n] for n in fewer))


def test_of_two_lists_of_one_length_the_one_of_fewer_hours_is_chosen() -> None:
    """Both modules teach it; one takes half the time."""
    found = shortest(
        frozenset("a"), {"long": frozenset("a"), "short": frozenset("a")}, {"long": 8, "short": 4}
    )

    assert found.modules == ("short",)
    assert found.exact


def test_hours_never_outweigh_a_module() -> None:
    """One long module beats two short ones."""
    teaches = {"both": frozenset("ab"), "one": frozenset("a"), "two": frozenset("b")}

    assert shortest(frozenset("ab"), teaches, {"both": 100, "one": 1, "two": 1}).modules == ("both",)
