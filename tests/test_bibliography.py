"""BibTeX as our list uses it, read entry by entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmcampus.bibliography import read
from pmcampus.model.bibliography import Source, Unreadable
from tests.conftest import REPOSITORY

TWO = """\
@comment{Not an entry, {even with braces}.}

@article{one2024,
  title = {A {Title}, with a comma},
  author = "Last, First and Second, {\\"O}",
  year = 2024,
  month = dec,
}
Words between entries are passed over.
@misc{two_2023-a, Title = {Second}}
"""


def one(text: str) -> Source | Unreadable:
    """The only entry of this text."""
    found = read(text.encode(), "x.bib")
    (entry,) = (*found.sources, *found.unreadable)
    return entry


def test_entries_are_read_with_their_lines_and_fields() -> None:
    """Braces inside stay, names of fields are in small letters, a comma at the end does no harm."""
    first, second = read(TWO.encode(), "x.bib").sources

    assert (3, "article", "one2024") == (first.line, first.kind, first.key)
    assert {
        "title": "A {Title}, with a comma",
        "author": 'Last, First and Second, {\\"O}',
        "year": "2024",
        "month": "dec",
    } == first.fields
    assert (10, {"title": "Second"}) == (second.line, second.fields)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("@misc{a, title = {T {x}, year = {2024}\n}", "`title` runs on into the next field: a brace"),
        ("@misc{a, title = {T}", "a comma or a closing brace is missing behind `title`"),
        ("@misc{a, title = {T} year = {2024}}", "a comma or a closing brace is missing behind `title`"),
        ("@misc{a, title {T}}", "an equals sign is missing behind `title`"),
        ("@misc{a, title = T}", "the text of `title` stands in no braces"),
        ('@misc{a, title = "T}', "the text of `title` is never closed"),
        ("@misc{a, title = {T} # {U}}", "is joined from parts"),
        ("@misc{a, title = {T}, Title = {U}}", "its field `title` is there twice"),
        ("@misc{, title = {T}}", "it has no key"),
        ("@misc{a title = {T}}", "a comma is missing behind its key"),
        ("@misc{a, title = {T},", "it is never closed, or a field has no name"),
        ("@string{jpm = {Journal}}", "names for texts"),
        ("@comment{never", "it is never closed"),
    ],
)
def test_an_entry_that_cannot_be_read_says_why(text: str, fact: str) -> None:
    """In words that somebody who edits the list can act on."""
    found = one(text)

    assert isinstance(found, Unreadable) and fact in found.fact


@pytest.mark.parametrize("behind", ["", "\n@misc{b, title = {U}}\n"])
def test_a_brace_too_many_is_found_behind_the_entry_that_has_it(behind: str) -> None:
    """The entry ends early, and what should have closed it closes nothing."""
    found = read(f"@misc{{a,\n  title = {{T}}}}\n}}\n{behind}".encode(), "x.bib")

    (fault,) = found.unreadable
    assert (3, "") == (fault.line, fault.key) and "one too many" in fault.fact


def test_a_fault_does_not_swallow_the_entries_behind_it() -> None:
    """The next entry that begins on a line of its own is read, with its right line."""
    found = read(b"@misc{a, title = {T\n}\n@misc{b, title = {U}}\n", "x.bib")

    assert [("b", 3)] == [(entry.key, entry.line) for entry in found.sources]
    assert [("a", 1)] == [(entry.key, entry.line) for entry in found.unreadable]
    assert {"a", "b"} == found.keys


def test_our_own_list_can_be_read_whole() -> None:
    """Every `@kind{` at the beginning of a line is an entry or a comment."""
    text = (REPOSITORY / "curriculum" / "references.bib").read_bytes()
    found = read(text, "x.bib")
    begun = sum(line.startswith("@") for line in text.decode().splitlines())

    assert () == found.unreadable
    assert begun == len(found.sources) + text.decode().count("@comment{")


KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
WORDS = st.text('abc äé,=@#\\"$%&0123\n', max_size=30).filter(
    lambda text: "\\" not in text and "\n@" not in text and "=" not in text
)


@given(st.dictionaries(KEYS, WORDS, max_size=5), KEYS)
def test_what_is_written_in_braces_is_read_back(fields: dict[str, str], key: str) -> None:
    """Any text without a brace or a backslash of its own."""
    text = f"@misc{{{key},\n" + "".join(f"  {n} = {{{v}}},\n" for n, v in fields.items()) + "}\n"
    found = one(text)

    assert isinstance(found, Source)
    assert {name: " ".join(value.split()) for name, value in fields.items()} == found.fields


@given(st.text('@misc{}a,="\\ \n#2', max_size=60))
def test_any_text_can_be_looked_at(text: str) -> None:
    """No text stops the reader, and each sign gives one thing at most."""
    found = read(text.encode(), "x.bib")

    assert len(found.sources) + len(found.unreadable) <= text.count("@") + text.count("}")
