"""What may cross between two processes comes out as it went in; what is forged is refused."""

import datetime as dt
import json
import math
import struct
from collections import Counter, OrderedDict, namedtuple
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from time import monotonic
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pmcampus.errors import ValueRefused
from pmcampus.kernels.values import Decoder, Encoder

SCALARS = (
    some.none() | some.booleans() | some.integers() | some.floats() | some.text() | some.binary()
    | some.complex_numbers() | some.dates() | some.datetimes().map(lambda t: t.replace(fold=0)) | some.times().map(lambda t: t.replace(fold=0)) | some.timedeltas()
    | some.decimals() | some.fractions()
)  # fmt: skip
KEYS = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.text()
    | some.dates()
    | some.tuples(some.integers())
)
PLAIN = some.recursive(
    SCALARS,
    lambda inner: (
        some.lists(inner) | some.tuples(inner, inner) | some.dictionaries(KEYS, inner) | some.sets(KEYS)
    ),
    max_leaves=20,
)
EXACT = (
    type(None), bool, int, float, str, bytes, bytearray, complex, list, tuple, dict, set, frozenset,
    dt.date, dt.datetime, dt.time, dt.timedelta, Decimal, Fraction,
)  # fmt: skip


def travelled(value: Any) -> Any:
    """The value after the way through JSON and its parts."""
    encoder = Encoder()
    tree = json.loads(json.dumps(encoder.encode(value), allow_nan=False))
    return Decoder(encoder.parts).decode(tree)


def same(one: Any, other: Any) -> bool:
    """Equal in type and in every bit, not-a-number included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or struct.pack("d", one) == struct.pack("d", other)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, (set, frozenset)):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    return repr(one) == repr(other)


@settings(deadline=None)
@given(PLAIN)
def test_plain_values_come_out_as_they_went_in(value: Any) -> None:
    """Type by type, bit by bit."""
    assert same(value, travelled(value))


TREES = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 9) | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.fixed_dictionaries({
        "t": some.sampled_from([
            "tuple", "set", "frozenset", "dict", "figure", "call", "int", "float", "str", "bytes", "bytearray",
            "date", "datetime", "time", "timedelta", "decimal", "fraction", "complex", "numpy", "array",
            "objects", "missing", "moment", "span", "frame", "series", "index", "column", "arrow", "pickle",
        ]),
        "v": inner,
    }),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(TREES, some.lists(some.binary(max_size=60), max_size=3))
def test_a_forged_tree_gives_a_plain_value_or_a_refusal(tree: Any, parts: list[bytes]) -> None:
    """Whatever a hostile process sends, our readers raise nothing else."""
    try:
        value = Decoder(parts).decode(tree)
    except ValueRefused:
        return
    assert type(value) in EXACT or type(value).__module__.split(".")[0] in ("numpy", "pandas", "pmcampus")


def npy(dtype: str, shape: str, data: bytes = b"") -> bytes:
    """An npy file with this head."""
    head = f"{{'descr': {dtype}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + data


@pytest.mark.parametrize(
    "tree",
    [
        {"t": "fraction", "v": "1e999999999"},
        {"t": "fraction", "v": "1/0"},
        {"t": "int", "v": "f" * 5000},
        {"t": "int", "v": 5},
        {"t": "float", "v": "1" * 5000},
        {"t": "decimal", "v": "9" * 5000},
        {"t": "decimal", "v": "1E+999999999"},
        {"t": "index", "v": ["range", [None], [0, 10**15, 1]]},
        {"t": "index", "v": ["range", [None], [0, 5, 0]]},
        {"t": "objects", "v": [[10**9, 10**9], []]},
        {"t": "dict", "v": [[[1], 2]]},
        {"t": "set", "v": [[1]]},
        {"t": "array", "v": 0},
        {"t": "array", "v": 1},
        {"t": "array", "v": 2},
        {"t": "array", "v": 3},
        {"t": "array", "v": 99},
        {"t": "arrow", "v": [0, "object", False]},
        {"t": "pickle", "v": 0},
        {"t": ["call"], "v": {}},
        {"v": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_bomb_is_refused_at_once(tree: Any) -> None:
    """Numbers with a billion digits, tables of a trillion rows, arrays of objects."""
    parts = [
        npy("'|O'", "(1,)", b"x"),
        npy("'|S0'", "(1000000000000,)"),
        npy("'<f8'", "(10000000000000,)"),
        b"junk",
    ]
    start = monotonic()
    with pytest.raises(ValueRefused):
        Decoder(parts).decode(tree)

    assert monotonic() - start < 2


def test_nesting_has_an_end() -> None:
    """A list that contains itself, and a tree that is too deep."""
    ring: list[Any] = []
    ring.append(ring)
    tree: Any = []
    for _ in range(500):
        tree = [tree]
    with pytest.raises(ValueRefused, match="deep"):
        Encoder().encode(ring)
    with pytest.raises(ValueRefused, match="deep"):
        Decoder([]).decode(tree)


class Always(int):
    """Equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class Loud(dict[str, Any]):
    """A dictionary that lies about its items."""

    def items(self) -> Any:
        """Not what is in it."""
        return [("forged", True)]


class Colour(IntEnum):
    """A number with a name."""

    RED = 1


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Always(3), 3),
        (Loud(a=1), {"a": 1}),
        (Colour.RED, 1),
        (type("Own", (bytes,), {})(b"a"), b"a"),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (namedtuple("Point", "x y")(1, 2), (1, 2)),
        (range(3), [0, 1, 2]),
        ({"a": 1}.keys(), ["a"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_subclass_becomes_its_plain_base(value: Any, plain: Any) -> None:
    """What it pretends to be stays behind."""
    assert same(plain, travelled(value))


@pytest.mark.parametrize(
    "value",
    [object(), iter([]), type, open, Ellipsis, Encoder(), 10**20000],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_plain_value_is_refused(value: Any) -> None:
    """With a reason that names it."""
    with pytest.raises(ValueRefused, match=r"^it "):
        travelled(value)


TABLES = {
    "numbers": pd.DataFrame({"a": [1, 2], "b": [1.5, np.nan]}),
    "texts": pd.DataFrame({"a": ["x", None], "b": [[1], {"k": 2}]}, index=["r", "s"]),
    "dates": pd.DataFrame({"a": pd.to_datetime(["2026-01-01", None]), "b": pd.to_timedelta([1, 2], "h")}),
    "zones": pd.DataFrame({"a": pd.to_datetime(["2026-01-01"]).tz_localize("Europe/Berlin")}),
    "categories": pd.DataFrame({"a": pd.Categorical(["x", "y", "x"], ["y", "x"], ordered=True)}),
    "missing integers": pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": pd.array(["x", None], "string")}),
    "many columns of one name": pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "several levels": pd.DataFrame({"v": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None])),
    "several levels above": pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])),
    "empty": pd.DataFrame(),
    "no rows": pd.DataFrame({"a": pd.Series([], dtype="float32")}),
    "intervals": pd.DataFrame({"a": pd.cut([1, 5], [0, 3, 6])}),
    "periods": pd.DataFrame({"a": pd.period_range("2026-01", periods=2, freq="M")}),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_tables_come_out_as_they_went_in(name: str) -> None:
    """Types, order, names and missing values."""
    pd.testing.assert_frame_equal(TABLES[name], travelled(TABLES[name]))


SERIES = {
    "named": pd.Series([1, 2], name="s", index=["a", "b"]),
    "booleans": pd.Series([True, None], dtype="boolean"),
    "dated": pd.Series([1.0, 2.0], index=pd.date_range("2026-01-01", periods=2, name="day")),
}


@pytest.mark.parametrize("name", SERIES)
def test_series_come_out_as_they_went_in(name: str) -> None:
    """With name and index."""
    pd.testing.assert_series_equal(SERIES[name], travelled(SERIES[name]), check_freq=False)


ARRAYS = {
    "numbers": np.arange(6.0).reshape(2, 3),
    "columns first": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "every second": np.arange(10)[::2],
    "none": np.zeros((0, 3), "int8"),
    "a scalar": np.array(5),
    "texts": np.array(["a", "bcd"]),
    "objects": np.array([1, "a", None], dtype=object),
    "dates": np.array(["2026-01-01", "NaT"], "datetime64[D]"),
    "complex": np.array([1 + 2j]),
    "not numbers": np.array([np.nan, np.inf, -0.0]),
    "big-endian": np.arange(3, dtype=">i4"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_come_out_as_they_went_in(name: str) -> None:
    """Shape, type and content."""
    out = travelled(ARRAYS[name])

    assert (ARRAYS[name].dtype, ARRAYS[name].shape) == (out.dtype, out.shape)
    np.testing.assert_array_equal(ARRAYS[name], out)


@pytest.mark.parametrize("value", [np.float64(1.5), np.int8(3), np.bool_(True), np.datetime64("2026-01-01")])
def test_single_numpy_values_keep_their_type(value: Any) -> None:
    """A test may ask for it."""
    out = travelled(value)

    assert (type(value), str(value)) == (type(out), str(out))


@pytest.mark.parametrize("value", [pd.NA, pd.NaT])
def test_a_missing_value_stays_the_missing_value_it_is(value: Any) -> None:
    """In a list as well, which is where `Series.tolist()` puts it."""
    assert travelled([value])[0] is value
