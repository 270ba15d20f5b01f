"""Entries of the list of sources, as written."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Source:
    """One entry: where it begins, what it is, its key, and its fields with their names in small letters."""

    line: int
    kind: str
    key: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unreadable:
    """An entry that cannot be read: where it begins, its key as far as there is one, and what is wrong."""

    line: int
    key: str
    fact: str


@dataclass(frozen=True)
class Bibliography:
    """The whole list, in its order."""

    path: str = ""
    sources: tuple[Source, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """What can be cited; an entry that cannot be read is reported once, at its own place."""
        readable = frozenset(one.key for one in self.sources)
        return readable | {one.key for one in self.unreadable if one.key}
