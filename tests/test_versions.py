"""Versions and ranges: what is newest, what a range allows, which step leads where."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmcampus.errors import ReleaseError
from pmcampus.model.release import Step
from pmcampus.versions import newest, next_version, parse_wish, step_between, version_key

CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # on a busy machine
VERSIONS = ("0.1.0", "0.1.5", "0.2.0", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0")
versions = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20)).map(
    lambda v: ".".join(map(str, v))
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", "2.0.0"),
        ("^1.0", "1.10.0"),
        ("^1.0.1", "1.10.0"),
        ("^0.1", "0.1.5"),
        ("~1.0", "1.0.1"),
        ("~1", "1.10.0"),
        ("1", "1.10.0"),
        ("1.0", "1.0.1"),
        ("1.2.0", "1.2.0"),
        (">=1,<2", "1.10.0"),
        (">=1.0,!=1.10.0,<2", "1.2.0"),
        ("==1.0.*", "1.0.1"),
        ("^3", None),
    ],
)
def test_the_newest_in_a_range(asked: str, expected: str | None) -> None:
    """As numbers, not as text: 1.10 is newer than 1.2."""
    assert newest(VERSIONS, asked) == expected


@pytest.mark.parametrize("asked", ["latest", "^", "1.2.3.4", ">1 <2", "^1.x", "..", "=1", "^1.0; rm"])
def test_what_is_no_range_is_refused(asked: str) -> None:
    """With examples of what is one."""
    with pytest.raises(ReleaseError, match=r"is no range of versions; write for example 1\.2\.0"):
        newest(VERSIONS, asked)


@CALM
@given(versions, st.sampled_from([Step.PATCH, Step.MINOR, Step.MAJOR]))
def test_the_next_version_is_exactly_that_step_away(version: str, step: Step) -> None:
    """And later."""
    after = next_version(version, step)

    assert version_key(after) > version_key(version)
    assert step_between(version, after) is step


@CALM
@given(versions, versions)
def test_one_of_two_versions_is_not_later(one: str, other: str) -> None:
    """There is a step in one direction at most."""
    assert step_between(one, other) is None or step_between(other, one) is None
    assert (step_between(one, other) is None and step_between(other, one) is None) == (one == other)


@CALM
@given(versions)
def test_a_caret_never_reaches_a_new_major_version(version: str) -> None:
    """What adopters rely on when they write ^."""
    major = next_version(version, Step.MAJOR)

    assert newest([version, major], f"^{version}") == version


def test_a_wish_is_an_id_and_a_range() -> None:
    """With or without its shelf."""
    assert parse_wish("data-protection@^1.0") == ("data-protection", "^1.0")
    assert parse_wish("modules/data-protection") == ("modules/data-protection", "")


@pytest.mark.parametrize("wish", ["", "@1", "../x@1", "modules/../x", "Modules/x", "a/b/c", "x y"])
def test_what_is_no_wish_is_refused(wish: str) -> None:
    """No path can be smuggled in as an id."""
    with pytest.raises(ReleaseError):
        parse_wish(wish)
