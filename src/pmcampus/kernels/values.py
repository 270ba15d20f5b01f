"""What may cross between a learner's kernel and the checker: plain values, as JSON with binary parts.

Numbers, texts, bytes, None, lists, tuples, dictionaries, sets, dates and durations; numpy arrays (npy,
never pickled); pandas tables and series (numpy columns as npy, texts as JSON, extension types as
Arrow); functions, as something that can be called; matplotlib figures, as a description. A subclass
becomes its plain base. What is none of these is refused by its type's name.
"""

import base64
import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from pmcampus.errors import ValueRefused
from pmcampus.kernels import figures, tables

MOST_DEPTH = 40
MOST_DIGITS = 4000
MOST_ITEMS = 2_000_000


class Encoder:
    """Turns values into a JSON tree; `parts` are the binary parts that go with it."""

    def __init__(self, function: Callable[[Any], Any] | None = None) -> None:
        self.parts: list[bytes] = []
        self.items = 0
        self._function = function

    def encode(self, value: Any, depth: int = 0) -> Any:
        """The tree of one value.

        Raises:
            ValueRefused: it is none of the plain kinds, or too large or too deep.
        """
        self.items += 1
        if depth > MOST_DEPTH:
            raise ValueRefused("it is nested too deeply, or contains itself")
        if self.items > MOST_ITEMS:
            raise ValueRefused("it is too large")
        if value is None or value is True or value is False:
            return value
        for kind, encode in _KINDS:
            if isinstance(value, kind):
                return encode(self, value, depth)
        name = type(value).__module__.partition(".")[0]
        if name == "numpy":
            return tables.encode_array(self, value, depth)
        if name == "pandas":
            return tables.encode_table(self, value, depth)
        if name == "matplotlib":
            return {"t": "figure", "v": self.encode(figures.describe(value), depth + 1)}
        if self._function is not None and callable(value) and not isinstance(value, type):
            return self._function(value)
        raise ValueRefused(f"it is a value of type {type(value).__name__}")

    def part(self, data: bytes) -> int:
        """The place of a new binary part."""
        self.parts.append(data)
        return len(self.parts) - 1

    def _int(self, value: int, depth: int) -> Any:
        number = int.__add__(value, 0)
        if number.bit_length() > 53:
            if number.bit_length() > MOST_DIGITS * 3:
                raise ValueRefused("it is a number with too many digits")
            return {"t": "int", "v": hex(number)}
        return number

    def _float(self, value: float, depth: int) -> Any:
        if type(value) is not float and type(value).__module__ == "numpy":
            return tables.encode_array(self, value, depth)
        number = float.__add__(value, 0.0)
        return number if math.isfinite(number) and number != 0 else {"t": "float", "v": float.__repr__(value)}

    def _str(self, value: str, depth: int) -> Any:
        text = str.__str__(value)
        return text if text.isprintable() or not _surrogates(text) else {"t": "str", "v": _bytes(text)}

    def _list(self, value: Any, depth: int) -> Any:
        return [self.encode(item, depth + 1) for item in list.__iter__(value)]

    def _tuple(self, value: Any, depth: int) -> Any:
        return {"t": "tuple", "v": [self.encode(item, depth + 1) for item in tuple.__iter__(value)]}

    def _set(self, value: Any, depth: int) -> Any:
        name = "set" if isinstance(value, set) else "frozenset"
        return {"t": name, "v": [self.encode(item, depth + 1) for item in list(value)]}

    def _dict(self, value: Any, depth: int) -> Any:
        pairs = [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in dict.items(value)]
        return {"t": "dict", "v": pairs}

    def _view(self, value: Any, depth: int) -> Any:
        return self._list(list(value), depth)

    def _binary(self, value: Any, depth: int) -> Any:
        name = "bytes" if isinstance(value, bytes) else "bytearray"
        return {"t": name, "v": base64.b64encode(bytes(value)).decode()}

    def _text(self, value: Any, depth: int) -> Any:
        if type(value).__name__ == "NaTType":  # pandas' missing moment calls itself a datetime
            return tables.encode_table(self, value, depth)
        return {
            "t": _TEXTS[_base(value)],
            "v": str(value) if not hasattr(value, "isoformat") else value.isoformat(),
        }

    def _duration(self, value: Any, depth: int) -> Any:
        return {"t": "timedelta", "v": [value.days, value.seconds, value.microseconds]}

    def _complex(self, value: Any, depth: int) -> Any:
        return {"t": "complex", "v": [repr(float(value.real)), repr(float(value.imag))]}

    def _call(self, value: Any, depth: int) -> Any:
        if self._function is None:
            raise ValueRefused("it is a function, which cannot be handed over here")
        return self._function(value)


_TEXTS: dict[type, str] = {
    dt.datetime: "datetime",
    dt.date: "date",
    dt.time: "time",
    Decimal: "decimal",
    Fraction: "fraction",
}
# Subclasses stand before what they derive from. pandas' own dates are datetimes and stay so.
_KINDS: tuple[tuple[Any, Any], ...] = (
    (int, Encoder._int),
    (float, Encoder._float),
    (str, Encoder._str),
    (list, Encoder._list),
    (dict, Encoder._dict),
    (tuple, Encoder._tuple),
    ((set, frozenset), Encoder._set),
    ((type({}.keys()), type({}.values()), type({}.items()), range), Encoder._view),
    ((bytes, bytearray), Encoder._binary),
    (tuple(_TEXTS), Encoder._text),
    (dt.timedelta, Encoder._duration),
    (complex, Encoder._complex),
    ((FunctionType, BuiltinFunctionType, MethodType), Encoder._call),
)


class Decoder:
    """Turns a tree of unknown origin back into values of exact types.

    Args:
        parts: the binary parts that came with it.
        function: makes what stands for a function, from its number and its parameters' names.
    """

    def __init__(self, parts: list[bytes], function: Callable[[int, Any], Any] | None = None) -> None:
        self.parts = parts
        self._function = function

    def decode(self, tree: Any, depth: int = 0) -> Any:
        """The value of a tree.

        Raises:
            ValueRefused: the tree is not one that `Encoder` makes.
        """
        if depth > 2 * MOST_DEPTH:
            raise ValueRefused("it is nested too deeply")
        if tree is None or isinstance(tree, (bool, int, str)):
            return tree
        if isinstance(tree, float):
            return tree
        if isinstance(tree, list):
            return [self.decode(item, depth + 1) for item in tree]
        if not isinstance(tree, Mapping):
            raise ValueRefused("it is no plain value")
        try:
            return self._tagged(str(tree["t"]), tree["v"], depth)
        except (ValueRefused, TimeoutError):  # the second is the reader's own clock
            raise
        except Exception as problem:  # whatever a forged tree makes our readers raise
            raise ValueRefused(f"it cannot be read ({type(problem).__name__})") from problem

    def part(self, place: Any) -> bytes:
        """One binary part."""
        return self.parts[int(place)]

    def _tagged(self, tag: str, value: Any, depth: int) -> Any:
        if tag in ("tuple", "set", "frozenset"):
            make: Any = {"tuple": tuple, "set": set, "frozenset": frozenset}[tag]
            return make(self.decode(item, depth + 1) for item in value)
        if tag == "dict":
            return {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in value}
        if tag == "call" and self._function is not None:
            return self._function(int(value["id"]), value.get("parameters"))
        if tag == "figure":
            return figures.read(self.decode(value, depth + 1))
        if tag in _READERS:
            return _READERS[tag](value)
        return tables.decode(self, tag, value, depth)


def _surrogates(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _bytes(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def _base(value: Any) -> type:
    return next(kind for kind in _TEXTS if isinstance(value, kind))


def _digits(text: str) -> str:
    if len(text) > MOST_DIGITS:
        raise ValueRefused("it is a number with too many digits")
    return text


def _decimal(text: str) -> Decimal:
    number = Decimal(_digits(text))
    if number.is_finite() and abs(number.adjusted()) > MOST_DIGITS:
        raise ValueRefused("it is a number with too many digits")
    return number


_READERS: dict[str, Callable[[Any], Any]] = {
    "int": lambda v: int(_digits(v), 16),
    "float": lambda v: float(_digits(v)),
    "str": lambda v: base64.b64decode(v).decode("utf-8", "surrogatepass"),
    "bytes": base64.b64decode,
    "bytearray": lambda v: bytearray(base64.b64decode(v)),
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda v: dt.timedelta(*map(int, v)),
    "decimal": _decimal,
    "fraction": lambda v: Fraction(*map(int, _digits(v).split("/"))),  # not 1e999999999, which takes for ever
    "complex": lambda v: complex(float(v[0]), float(v[1])),
}
