"""How a cell becomes code: with IPython's results, without its work where a cell is plain Python.

IPython looks at every token of a cell five times for its own syntax, and ipykernel names a cell's code by a
hash worked out in Python. In a cell of eighty lines that is two thirds of the time that running it takes.
"""

import ast
import os
import re
import struct
from typing import Any

from ipykernel.compiler import XCachingCompiler, get_tmp_directory, get_tmp_hash_seed
from IPython.core.displayhook import DisplayHook
from IPython.core.inputtransformer2 import TransformerManager

# Where parsing alone would say a warning that the compiler then says again: escapes that mean nothing, and
# numbers that run into a word.
TOLD_TWICE = re.compile(r"\\[^\n\\'\"abfnrtvxNuU0-7]|[0-9](?:and|else|for|if|in|is|not|or)\b")
PROMPT = "In ["
BLANK = re.compile(r"^[ \t\f]+$", re.MULTILINE)  # IPython takes the blanks of a last such line away
MULTIPLIER, WORD = 0x5BD1E995, 0xFFFFFFFF
SEMICOLON = re.compile(r";[ \t]*(?:#.*)?$", re.MULTILINE)


class PlainFirst(TransformerManager):
    """IPython's transformations, left out for a cell that they would hand back as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._own = self._lists()

    def transform_cell(self, cell: str) -> str:
        """The cell as Python."""
        if self._lists() == self._own and is_plain(cell):
            return cell if cell.endswith("\n") else cell + "\n"
        return super().transform_cell(cell)

    def _lists(self) -> tuple[Any, ...]:
        return (*self.cleanup_transforms, *self.line_transforms, *self.token_transformers)


def is_plain(cell: str) -> bool:
    """Whether this is Python that IPython would not change: no magic, no prompt, no blank line first."""
    if (
        not cell[:1].strip()
        or cell[0] == "\\"
        or PROMPT in cell
        or TOLD_TWICE.search(cell)
        or BLANK.search(cell)
    ):
        return False
    try:
        ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class LooksOnce(DisplayHook):
    """Looks at every token for the semicolon that hides a value only where some line ends in one."""

    @staticmethod
    def semicolon_at_end_of_expression(expression: str) -> bool:
        """Whether the last token is a semicolon."""
        if not SEMICOLON.search(expression):
            return False
        return bool(DisplayHook.semicolon_at_end_of_expression(expression))


class QuickNames(XCachingCompiler):
    """Names a cell's code by its text to the same number as ipykernel, four bytes at a time."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """A path of a file that does not exist; a syntax error's message carries its name."""
        given = os.environ.get("IPYKERNEL_CELL_NAME")
        return given or f"{get_tmp_directory()}{os.sep}{murmur2(raw_code, get_tmp_hash_seed())}.py"


def murmur2(text: str, seed: int) -> int:
    """MurmurHash2 (32 bits) of the text in UTF-8.

    Raises:
        UnicodeEncodeError: half of a surrogate pair stands alone.
    """
    data = text.encode()
    whole = len(data) // 4
    h = seed ^ len(data)
    for k in struct.unpack(f"<{whole}I", data[: 4 * whole]):
        k = (k * MULTIPLIER) & WORD
        k = ((k ^ k >> 24) * MULTIPLIER) & WORD
        h = (h * MULTIPLIER) & WORD ^ k
    if rest := data[4 * whole :]:
        h = ((h ^ int.from_bytes(rest, "little")) * MULTIPLIER) & WORD
    h = ((h ^ h >> 13) * MULTIPLIER) & WORD
    return h ^ h >> 15
