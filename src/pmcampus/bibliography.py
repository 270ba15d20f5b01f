"""The list of sources: BibTeX, read entry by entry, with a sentence where one cannot be read.

A small part of BibTeX is enough for us and is all that is read: fields in braces, in quotation marks, as a
number, or as BibTeX's own short name of a month. Names for texts (`@string`) and joined texts (`#`) are
faults, because not every program that reads our list knows them.
"""

import re
from collections.abc import Iterator

from pmcampus.model.bibliography import Bibliography, Source, Unreadable

ENTRY = re.compile(r"^[ \t]*@([A-Za-z]+)[ \t]*\{", re.MULTILINE)
KEY = re.compile(r"[^\s,{}()\"'#%=\\~]+")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
NUMBER = re.compile(r"\d+|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
RUNS_ON = re.compile(r"[\n,][ \t]*[A-Za-z]+[ \t]*=[ \t]*[{\"]")
STRAY = re.compile(r"^[ \t]*\}[ \t]*$", re.MULTILINE)


class _Fault(Exception):
    """What is wrong with the entry that is being read."""


def read(content: bytes, path: str) -> Bibliography:
    """Every entry in order, and every one that cannot be read; comments are passed over."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        fact = f"byte {problem.start + 1} is not UTF-8; save the file in UTF-8"
        return Bibliography(path, unreadable=(Unreadable(1, "", fact),))
    found = list(_entries(text.replace("\r\n", "\n")))
    return Bibliography(
        path,
        tuple(one for one in found if isinstance(one, Source)),
        tuple(one for one in found if isinstance(one, Unreadable)),
    )


def _entries(text: str) -> Iterator[Source | Unreadable]:
    after, is_read = 0, True
    for begin in ENTRY.finditer(text):
        if begin.start() < after:  # inside an entry or a comment that was read
            continue
        if is_read:
            yield from _between(text, after, begin.start())
        line = text.count("\n", 0, begin.start(1)) + 1
        kind = begin[1].lower()
        scan = _Scan(text, begin.end())
        try:
            if kind in ("comment", "preamble"):
                scan.text_in_braces()
            elif kind == "string":
                raise _Fault("names for texts (@string) are not read here; write the text out")
            else:
                yield Source(line, kind, scan.key(), scan.fields())
            after, is_read = scan.place, True
        except _Fault as fault:
            is_read = False
            key = KEY.match(text, begin.end())
            yield Unreadable(line, key[0] if key else "", str(fault))
    if is_read:
        yield from _between(text, after, len(text))


def _between(text: str, begin: int, end: int) -> Iterator[Unreadable]:
    """A brace on a line of its own behind an entry: there was one too many in that entry."""
    found = STRAY.search(text, begin, end)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        yield Unreadable(line, "", "this brace closes nothing: the entry before it has one too many")


class _Scan:
    """A place in the text that moves on as parts are read."""

    def __init__(self, text: str, place: int) -> None:
        self.text, self.place = text, place

    def key(self) -> str:
        """The entry's key and the comma behind it."""
        self._blanks()
        found = KEY.match(self.text, self.place)
        if not found:
            raise _Fault("it has no key")
        self.place = found.end()
        if not self._takes(",") and self._next() != "}":
            raise _Fault("a comma is missing behind its key")
        return found[0]

    def fields(self) -> dict[str, str]:
        """All fields up to the brace that closes the entry."""
        found: dict[str, str] = {}
        while not self._takes("}"):
            name = self._name()
            if name in found:
                raise _Fault(f"its field `{name}` is there twice")
            found[name] = self._value(name)
            if not self._takes(",") and self._next() != "}":
                raise _Fault(f"a comma or a closing brace is missing behind `{name}`")
        return found

    def text_in_braces(self) -> str:
        """What stands up to the brace that closes what was opened before."""
        return self._until("}", "it is never closed: a brace is missing")

    def _name(self) -> str:
        self._blanks()
        found = NAME.match(self.text, self.place)
        if not found:
            raise _Fault("it is never closed, or a field has no name")
        self.place = found.end()
        if not self._takes("="):
            raise _Fault(f"an equals sign is missing behind `{found[0]}`")
        return found[0].lower()

    def _value(self, name: str) -> str:
        if self._takes("{"):
            value = self._until("}", f"the text of `{name}` is never closed: a brace is missing")
        elif self._takes('"'):
            value = self._until('"', f"the text of `{name}` is never closed: a quotation mark is missing")
        else:
            found = NUMBER.match(self.text, self.place)
            if not found:
                raise _Fault(f"the text of `{name}` stands in no braces")
            self.place, value = found.end(), found[0]
        if RUNS_ON.search(value):
            raise _Fault(f"the text of `{name}` runs on into the next field: a brace is missing")
        if self._next() == "#":
            raise _Fault(f"the text of `{name}` is joined from parts (#), which is not read here")
        return " ".join(value.split())

    def _until(self, end: str, fact: str) -> str:
        """Up to this sign outside inner braces; an entry that begins on a line of its own ends the search."""
        begin, depth = self.place, 0
        limit = ENTRY.search(self.text, self.place)
        last = limit.start() if limit else len(self.text)
        while self.place < last:
            sign = self.text[self.place]
            self.place += 1
            if sign == "\\":
                self.place += 1
            elif sign == end and depth == 0:
                return self.text[begin : self.place - 1]
            elif sign == "{":
                depth += 1
            elif sign == "}":
                depth -= 1
                if depth < 0:
                    raise _Fault(fact)
        raise _Fault(fact)

    def _blanks(self) -> None:
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1

    def _next(self) -> str:
        self._blanks()
        return self.text[self.place : self.place + 1]

    def _takes(self, sign: str) -> bool:
        if self._next() != sign:
            return False
        self.place += 1
        return True
