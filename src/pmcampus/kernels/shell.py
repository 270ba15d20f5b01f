"""IPython without its message queue: cells run with its semantics, and give the outputs ipykernel gives."""

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.page import as_hook
from traitlets.config import Config

from pmcampus.kernels.plain import LooksOnce, PlainFirst, QuickNames

MAX_OUTPUT = 2_000_000
TOO_MUCH = "This cell gave more than 2 MB of output; the rest was left out."
# What a first cell, a first figure and a first error cost is paid once, before any fork.
WARM_UP = (
    "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.show()",
    "import pandas as pd\npd.DataFrame({'a': [1]})",
    "def half(x):\n    return x / 0\n\nhalf(2)",
    "print('warm')",
)

Output = dict[str, Any]


class Outputs:
    """The outputs of the running cell, in order, up to a size."""

    def __init__(self) -> None:
        self.kept: list[Output] = []
        self.size = 0
        self.clear_first = False

    def begin(self) -> None:
        """A new cell."""
        self.kept, self.size, self.clear_first = [], 0, False

    def add(self, output: Output, size: int) -> None:
        """One more output; too much is left out, and said."""
        if self.clear_first:
            self.kept, self.clear_first = [], False
        before, self.size = self.size, self.size + size
        if self.size <= MAX_OUTPUT:
            self.kept.append(output)
        elif before <= MAX_OUTPUT:
            self.kept.append(error("TooMuchOutput", TOO_MUCH, []))

    def write(self, name: str, text: str) -> None:
        """A piece of a stream, joined with the piece before it."""
        last = self.kept[-1] if self.kept and not self.clear_first else None
        if last and last.get("name") == name and self.size + len(text) <= MAX_OUTPUT:
            last["text"] += text
            self.size += len(text)
        else:
            self.add({"output_type": "stream", "name": name, "text": text}, len(text) + 1)


def error(name: str, text: str, traceback: list[str]) -> Output:
    """An error as a notebook stores it."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": traceback}


class Stream:
    """What stands in for stdout or stderr."""

    encoding, errors, newlines, closed = "UTF-8", "strict", None, False

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name, self.outputs = name, outputs

    def write(self, text: str) -> int:
        """Append to the running cell's outputs."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if text:
            self.outputs.write(self.name, text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """The same for several pieces."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """Nobody sits here."""
        return False

    def writable(self) -> bool:
        """Always."""
        return True

    def readable(self) -> bool:
        """Never."""
        return False

    seekable = readable


class Publisher(DisplayPublisher):
    """`display()` into the running cell's outputs."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **other: Any) -> None:  # type: ignore[no-untyped-def, override]
        """One displayed object; an update takes the place of what it updates in this cell."""
        shell: Any = self.shell
        outputs: Outputs = shell.outputs
        name = (transient or {}).get("display_id")
        output = {"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})}
        if update:
            for known in outputs.kept:
                if name is not None and known.get("_id") == name:
                    known.update(output, _id=name)
            return
        if name is not None:
            output["_id"] = name
        outputs.add(output, _size(data))

    def clear_output(self, wait: bool = False) -> None:
        """Forget the cell's outputs, or do so at the next one."""
        if wait:
            self.shell.outputs.clear_first = True
        else:
            self.shell.outputs.kept.clear()


class Hook(LooksOnce):
    """The value of a cell's last line into its outputs."""

    def write_output_prompt(self) -> None:
        """Prompts are for terminals."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """The value in the forms that it has."""
        output = {
            "output_type": "execute_result",
            "data": dict(format_dict),
            "metadata": dict(md_dict or {}),
            "execution_count": self.prompt_count,
        }
        shell: Any = self.shell
        shell.outputs.add(output, _size(format_dict))

    def finish_displayhook(self) -> None:
        """Nothing is pending."""


class Shell(InteractiveShell):
    """Runs cells; `outputs` holds what the last one gave."""

    displayhook_class = Hook

    def __init__(self, **options: Any) -> None:
        self.outputs = Outputs()
        self.brief = False
        super().__init__(**options)

    def init_display_pub(self) -> None:
        """Our publisher."""
        self.display_pub = Publisher(parent=self, shell=self)

    def init_io(self) -> None:
        """Streams are exchanged around each cell, not here."""

    def init_hooks(self) -> None:
        """A pager shows its text beside a notebook, not in it."""
        super().init_hooks()
        self.set_hook("show_in_pager", as_hook(lambda *_, **__: None), 99)

    def enable_gui(self, gui: Any = None) -> None:
        """No window opens here."""

    def system(self, cmd: str) -> None:
        """A shell command is not run; the cell goes on."""
        print("Shell commands are not run here:", cmd, file=sys.stderr)

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """The same where its output is asked for: there is none."""
        self.system(cmd)
        return [] if split else ""

    def ask_exit(self) -> None:
        """`exit` ends nothing: the kernel is not the learner's to end."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        try:
            text = str(evalue)
        except Exception:
            text = ""
        self.outputs.add(error(etype.__name__, text, list(stb)), sum(map(len, stb)) + len(text))

    def showtraceback(self, exc_tuple: Any = None, *rest: Any, **named: Any) -> None:
        """An error in full; in a checker (`brief`) its name and sentence are enough."""
        if not self.brief:
            return super().showtraceback(exc_tuple, *rest, **named)
        etype, evalue, _ = self._get_exc_info(exc_tuple)
        return self._showtraceback(etype, evalue, [])

    def cell(self, source: str) -> tuple[bool, list[Output]]:
        """Whether the cell ended well, and its outputs."""
        self.outputs.begin()
        with self._streams():
            result = self.run_cell(source, store_history=True)
        for output in self.outputs.kept:
            output.pop("_id", None)
        ended_well = result.success and self.outputs.size <= MAX_OUTPUT
        return ended_well, self.outputs.kept

    def forget(self) -> None:
        """As new: no name, no figure, no number is left of the cells before."""
        clean(self)
        self.outputs.begin()

    @contextmanager
    def _streams(self) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Stream("stdout", self.outputs), Stream("stderr", self.outputs)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


def clean(shell: InteractiveShell) -> None:
    """The shell as new: no name, no number and no error is left of the cells before."""
    shell.reset(new_session=True)
    shell.execution_count = 1
    module = vars(ModuleType("__main__", "Automatically created module for IPython interactive environment"))
    shell.user_ns.update(
        {**module, "_": "", "__": "", "___": ""}, __builtin__=builtins, __builtins__=builtins
    )
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)


@cache
def warm_shell() -> Shell:
    """The one shell of this process, with figures as SVG and nothing remembered on disk."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InlineBackend.figure_formats = {"svg"}
    shell: Shell = Shell.instance(
        config=config, compiler_class=QuickNames, input_transformer_manager=PlainFirst()
    )
    return shell


def _size(data: Any) -> int:
    return sum(len(str(value)) for value in data.values())
