"""Whether learners can read what they must find: fingerprints of solutions and hidden tests.

A fingerprint is a run of tokens. Blanks, line ends and quotation marks do not count; in a second kind
names do not count either, so that renaming hides nothing, and a third kind is the run of values alone:
an expected list keeps it in whatever program it stands. What learners are given on purpose has none.
"""

import ast
import html
import json
import keyword
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pmcampus.model.certificate import Claim, Finding
from pmcampus.model.notebook import SOLUTION
from pmcampus.syntax import parse

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)\n?### END HIDDEN TESTS", re.DOTALL)
TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d+)?(?:e-?\d+)?|[^\w\s\"'`]")
TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
SENTENCE = re.compile(r"\w \w.*[.?!:;](?:\s|$)", re.DOTALL)  # words, and a sign at an end
COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
EXACT, RENAMED, VALUES = 20, 40, 10
SHORTEST, OWN_WORDS, BEGINNING = 12, 7, 8
TAUGHT = 20  # runs that a lesson may share with an answer: together about two lines
LONGEST_WORD = 200


Run = tuple[str, ...]


@dataclass(frozen=True)
class Fingerprints:
    """What betrays one assessment: by kind, runs of tokens under the few tokens that each begins with."""

    exact: Mapping[Run, tuple[Run, ...]]
    renamed: Mapping[Run, tuple[Run, ...]]
    values: Mapping[Run, tuple[Run, ...]]

    @cached_property
    def count(self) -> int:
        """How many there are."""
        kinds = (self.exact, self.renamed, self.values)
        return sum(len(runs) for kind in kinds for runs in kind.values())

    def found_in(self, text: str, *, is_teaching: bool = False) -> list[str]:
        """What of it stands in this text.

        Args:
            is_teaching: it is a lesson, which may show a line of what an item asks for, but not its answer.
        """
        tokens = tokens_of(text)
        hits: list[str] = []
        for known, held, taught in (
            (self.exact, tokens, TAUGHT if is_teaching else 0),
            (self.renamed, _renamed(tokens), 0),
            (self.values, _values(tokens), 0),
        ):
            here: list[str] = []
            for start in range(len(held) - BEGINNING + 1):
                for run in known.get(tuple(held[start : start + BEGINNING]), ()):
                    if tuple(held[start : start + len(run)]) == run:
                        here.append(" ".join(run))
            hits += here if len(set(here)) > taught else []
        return list(dict.fromkeys(hits))


def fingerprints(secret: Iterable[str], shown: Iterable[str]) -> Fingerprints:
    """The fingerprints of these texts that stand in none of those which learners are given."""
    shown = list(shown)
    tools = {name for text in shown for name in _functions(text)}
    own = [part for text in secret for part in _without(text, tools)]
    given = list(_with_and_without_comments(shown))
    hidden = list(_with_and_without_comments(own))
    kinds = []
    for change, size in ((list, EXACT), (_renamed, RENAMED), (_values, VALUES)):
        runs = {run for text in hidden for run in _runs(change(tokens_of(text)), size)}
        if change is list:
            runs |= {run for text in hidden for run in _lines(text)}
        sizes = {len(run) for run in runs}
        for text in given:
            tokens = change(tokens_of(text))
            for one in sizes:
                runs -= set(_runs(tokens, one))
        by_beginning: dict[Run, tuple[Run, ...]] = {}
        for run in sorted(runs):
            beginning = run[:BEGINNING]
            by_beginning[beginning] = (*by_beginning.get(beginning, ()), run)
        kinds.append(by_beginning)
    return Fingerprints(*kinds)


def together(several: Iterable[Fingerprints]) -> Fingerprints:
    """The fingerprints of several assessments as one, so that each text is read once."""
    kinds: tuple[dict[Run, tuple[Run, ...]], ...] = ({}, {}, {})
    for one in several:
        for kind, found in zip(kinds, (one.exact, one.renamed, one.values), strict=True):
            for beginning, runs in found.items():
                kind[beginning] = tuple(dict.fromkeys((*kind.get(beginning, ()), *runs)))
    return Fingerprints(*kinds)


def secrets_of(sources: Iterable[str]) -> list[str]:
    """Solutions and hidden tests in the cells of an assessment's source."""
    return [part for source in sources for part in (*SOLUTION.findall(source), *HIDDEN.findall(source))]


def untold(secret: str) -> str:
    """A secret without its sentences: what a hidden test says to learners is meant to be read by them."""
    try:
        tree = parse(textwrap.dedent(secret))
    except (SyntaxError, ValueError):
        return secret
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SENTENCE.search(node.value):
            node.value = ""
    return ast.unparse(tree)


def shown_of(sources: Iterable[str]) -> list[str]:
    """What is left of the same cells for learners."""
    return [HIDDEN.sub("\n", SOLUTION.sub("\n", source)) for source in sources]


def readable(name: str, content: bytes) -> str:
    """A file as text a person or a program could read out of it: pages without markup, JSON unescaped."""
    text = content.decode("utf-8", "replace")
    if name.endswith((".html", ".htm", ".xml", ".svg")):
        return html.unescape(TAG.sub(" ", text))
    if name.endswith((".ipynb", ".json")):
        try:
            return "\n".join(_strings(json.loads(text)))
        except (ValueError, RecursionError):
            return text
    return text


def in_plain_sight(secret: Iterable[str], shown: Iterable[str]) -> Claim:
    """Nothing secret stands whole in what learners are given: it would have no fingerprint."""
    given = [_joined(tokens_of(text)) for text in shown]
    found = []
    for text in secret:
        tokens = tokens_of(text)
        if len(tokens) >= SHORTEST and any(_joined(tokens) in one for one in given):
            found.append(" ".join(tokens)[:120])
    says = "No solution and no hidden test stands in another cell that learners are given"
    return Claim(says=says, holds=not found, found=tuple(found))


def _joined(tokens: list[str]) -> str:
    return f" {' '.join(tokens)} "


def prove(
    known: Fingerprints,
    places: Mapping[str, Iterable[tuple[str, str]]],
    *,
    teaching: frozenset[str] = frozenset(),
) -> Finding:
    """Each kind of place, with the names and texts of what lies in it.

    Args:
        teaching: places with lessons, in which a line or two of the method are no leak.
    """
    claims = []
    for place, texts in places.items():
        count, found = 0, []
        for name, text in texts:
            count += 1
            hits = known.found_in(text, is_teaching=place in teaching)
            if hits:
                found.append(
                    f"{name}: {hits[0][:120]}" + (f" and {len(hits) - 1} more" if len(hits) > 1 else "")
                )
        files = f"{count} text" if count == 1 else f"{count} texts"
        claims.append(Claim(says=f"Nothing in {place} ({files})", holds=not found, found=tuple(found[:20])))
    return Finding(
        proof="leaks",
        title=f"{known.count} fingerprints are nowhere a learner can read",
        claims=tuple(claims),
    )


def tokens_of(text: str) -> list[str]:
    """The tokens of a text, without quotation marks."""
    return [token for token in TOKEN.findall(text) if len(token) < LONGEST_WORD]


def _functions(text: str) -> Iterator[str]:
    """The functions of a cell, as Python writes them."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError):
        return
    yield from (ast.unparse(node) for node in tree.body if isinstance(node, ast.FunctionDef))


def _without(text: str, tools: set[str]) -> list[str]:
    """The parts of a secret between tools that learners are given, too: a hidden test has them again."""
    try:
        tree = parse(textwrap.dedent(text))
    except (SyntaxError, ValueError):
        return [text]
    lines, parts, begin = textwrap.dedent(text).splitlines(), [], 0
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and ast.unparse(node) in tools:
            parts.append("\n".join(lines[begin : node.lineno - 1]))
            begin = node.end_lineno or node.lineno
    return [*parts, "\n".join(lines[begin:])]


def _with_and_without_comments(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield text
        yield COMMENT.sub("", text)


def _renamed(tokens: list[str]) -> list[str]:
    return ["_" if (t[0].isalpha() and not keyword.iskeyword(t)) or t[0] == "_" else t for t in tokens]


def _values(tokens: list[str]) -> list[str]:
    return [token for token in tokens if token[0].isdigit()]


def _runs(tokens: list[str], size: int) -> Iterator[Run]:
    """Runs of this many tokens that are not the same few again and again."""
    for start in range(len(tokens) - size + 1):
        run = tuple(tokens[start : start + size])
        if len(set(run)) > size // 3:
            yield run


def _lines(text: str) -> Iterator[Run]:
    """Whole lines that are shorter than a run, and still say something of their own."""
    for line in text.splitlines():
        run = tuple(tokens_of(line))
        if SHORTEST <= len(run) < EXACT and len({token for token in run if token[0].isalnum()}) >= OWN_WORDS:
            yield run


def _strings(value: object) -> Iterator[str]:
    """Every text in a JSON value; lines of one source are joined."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if value and all(isinstance(entry, str) for entry in value):
            yield "".join(value)
        else:
            for entry in value:
                yield from _strings(entry)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _strings(entry)
    elif isinstance(value, int | float):
        yield str(value)
