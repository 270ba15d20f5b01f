"""One cell of each kind that notebooks hold, and what a hostile learner would do to the next one's kernel."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from pmcampus.kernels.channel import Malformed
from pmcampus.kernels.limits import Limits
from pmcampus.kernels.parent import Child, WarmParent
from pmcampus.notebooks import execute

SECONDS = 120
KINDS = {
    "names at the start": "print(sorted(n for n in dir() if not n.startswith('_i')))",
    "state at the start": """
import sys, warnings, os
print(hasattr(sys, 'last_value'), hasattr(sys, 'last_exc'), sys.getrecursionlimit(), sys.flags.hash_randomization)
print(sys.stdout.isatty(), sys.stdout.encoding, sys.argv is not None, __name__)
print(hash('one'), os.environ['TZ'], os.environ['SOURCE_DATE_EPOCH'])""",
    "history at the start": "print(In, Out, get_ipython().execution_count)",
    "a print": "print('one')\nprint('two', end='')\nprint(' three', 4)",
    "stderr": "import sys\nprint('err', file=sys.stderr)",
    "a value": "6 * 7",
    "the value before": "_ + 1, Out[6] if 6 in Out else None, __",
    "nothing": "None",
    "a hidden value": "43;",
    "a text": "'tëxt ' * 30",
    "a long list": "list(range(2000))",
    "a nested value": "{'a': [1, 2, {3, 4}], 'b': ('x' * 100,) * 5}",
    "an array": "import numpy as np\nnp.arange(24).reshape(4, 6) / 7",
    "a table": "import pandas as pd\npd.DataFrame({'a': [1, 2.5], 'b': ['x', None]})",
    "a long table": "pd.DataFrame(np.arange(900).reshape(300, 3))",
    "a series": "pd.Series([1, 2], name='s')",
    "options": "print(pd.get_option('display.max_rows'), np.get_printoptions()['precision'])",
    "a shown thing": "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>b</b>'), Markdown('*i*'))\n3",
    "an update": "h = display('before', display_id='a')\nprint('between')\nh.update('after')",
    "a cleared output": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "a late clearing": "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "a figure": "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2], label='l')\nplt.legend()\nplt.show()",
    "a figure without show": "fig, axes = plt.subplots()\naxes.bar([1, 2], [3, 4])\nprint('after')",
    "a figure as a value": "fig",
    "two figures": "plt.figure()\nplt.plot([1])\nplt.figure()\nplt.plot([2])\nplt.show()\nprint('end')",
    "the look": "print(plt.rcParams['font.family'], plt.rcParams['figure.figsize'], plt.rcParams['svg.hashsalt'])",
    "a figure with random points": "rng = np.random.default_rng(1)\nplt.scatter(*rng.random((2, 9)))\nplt.show()",
    "an error": "1 / 0",
    "an error in a function": "def outer(x):\n    def inner(y):\n        return y / x\n    return inner(1)\n\nouter(0)",
    "an error of a library": "pd.DataFrame({'a': [1]})['b']",
    "a chained error": "try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError('second') from e",
    "an error of one's own": "class Own(Exception):\n    pass\n\nraise Own('mine', 2)",
    "an error without text": "raise ValueError",
    "a failed assertion": "assert 1 == 2, 'one is not two'",
    "an error after output": "print('before')\n5\nundefined_name",
    "a syntax error": "for x in\n    pass",
    "an indentation error": "if True:\nx = 1",
    "a stop": "raise KeyboardInterrupt",
    "an exit": "import sys\nsys.exit(3)",
    "the last error": "print(type(sys.last_value).__name__)",
    "a waiting cell": "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "a comprehension": "[x ** 2 for x in range(5)]",
    "a class": "class A:\n    x: int = 1\n    def __repr__(self):\n        return f'A({self.x})'\n\nA()",
    "a rich repr": "class R:\n    def _repr_html_(self):\n        return '<i>r</i>'\n    def __repr__(self):\n        return 'R'\n\nR()",
    "a magic": "%precision 3\n3.14159265",
    "a cell magic": "%%capture caught\nprint('inside')",
    "what it caught": "caught.stdout",
    "a magic that is none": "%nosuchmagic",
    "help": "len?",
    "shell variables": "%who_ls str",
    "a log line": "import logging\nlogging.getLogger('x').warning('careful')",
    "written pieces": "for part in 'a', 'b', 'c\\n':\n    sys.stdout.write(part)\n    sys.stdout.flush()",
    "a thread": "import threading\nt = threading.Thread(target=print, args=('from a thread',))\nt.start()\nt.join()",
    "several values": "1\n2\nif True:\n    3",
    "an empty cell with a comment": "# nothing",
    "a long line": "print('x' * 5000)",
    "a doctest prompt": ">>> 1 + 1",
    "an error while shown": "class Bad:\n    def __repr__(self):\n        raise RuntimeError('no repr')\n\nBad()",
    "a last count": "get_ipython().execution_count, len(In)",
}  # fmt: skip

POISON = """
import builtins, gc, os, random, sys, warnings
import numpy as np, pandas as pd, matplotlib, matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
def attempt(do):
    try:
        return do()
    except BaseException:
        return None
for folder in ('/tmp', '/dev/shm', '/scratch', '.', os.environ['IPYTHONDIR'], sys.prefix, '/var/tmp', '/run'):
    for name in ('numpy.py', 'sitecustomize.py', 'x.pth', 'startup/0.py', 'matplotlibrc'):
        attempt(lambda: os.makedirs(os.path.dirname(f'{folder}/{name}'), exist_ok=True))
        attempt(lambda: open(f'{folder}/{name}', 'w').write('print("poisoned")'))
for number in (1, 2):
    attempt(lambda: os.write(number, b'poisoned'))
for number in range(3, 256):
    attempt(lambda: os.pwrite(number, b'poisoned', 0))
np.add.__class__, np.random.seed(1), random.seed(1)
np.set_printoptions(precision=1)
pd.set_option('display.max_rows', 1)
plt.rcParams['figure.figsize'] = (1, 1)
matplotlib.use('agg')
warnings.simplefilter('error')
builtins.len = lambda x: 7
builtins.print_before, builtins.print = print, lambda *a, **k: None
pd.DataFrame.__repr__ = pd.DataFrame._repr_html_ = lambda self: 'poisoned'
InteractiveShell.run_cell = lambda self, *a, **k: 1 / 0
sys.setrecursionlimit(60)
os.environ['TZ'] = 'Mars'
gc.disable()
"""


def poisoned(child: Child) -> None:
    """A learner's kernel that did all it could to the next one."""
    child.channel.receive(SECONDS)
    child.channel.send({"n": 1, "do": "run", "source": POISON})
    with suppress(Malformed):  # it changed what our own code counts with, too
        child.channel.receive(SECONDS)


def lean(parent: WarmParent, before: bool = False) -> list[Any]:
    """What each kind of cell gives in the lean executor."""
    if before:
        hostile = parent.fork("learner", Limits())
        poisoned(hostile)
        hostile.end()
    child, found = parent.fork("learner", Limits()), []
    child.channel.receive(SECONDS)
    for number, source in enumerate(KINDS.values()):
        child.channel.send({"n": number, "do": "run", "source": source})
        found.append(plain(child.channel.receive(SECONDS)[0]["outputs"]))
    child.end()
    return found


def cold(folder: Path) -> list[Any]:
    """What each kind of cell gives in an ordinary, cold ipykernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in KINDS.values()]
    ran = execute(nbformat.v4.new_notebook(cells=cells), folder=folder, cell_seconds=60).notebook
    return [plain(cell.outputs) for cell in ran.cells]


def by_name(folder: Path, name: str, before: bool = False) -> list[Any]:
    """What each kind of cell gives in the kernel of this name."""
    if before:
        hostile = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(POISON)])
        client = NotebookClient(hostile, kernel_name=name, timeout=10, allow_errors=True)
        with suppress(CellTimeoutError, DeadKernelError):  # it may have ended what answers
            client.execute(cwd=str(folder))
    cells = [nbformat.v4.new_code_cell(source) for source in KINDS.values()]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells), kernel_name=name, timeout=SECONDS, allow_errors=True
    )
    return [plain(cell.outputs) for cell in client.execute(cwd=str(folder)).cells]


def plain(outputs: list[Any]) -> list[Any]:
    """Outputs as plain values, pieces of one stream joined, as timing splits them at random."""
    joined: list[Any] = []
    for output in outputs:
        one = dict(output)
        if one.get("ename") == "NotFinished":  # our own remark, where a kernel gave no word for it
            continue
        if joined and one["output_type"] == "stream" and joined[-1].get("name") == one["name"]:
            joined[-1]["text"] += one["text"]
        else:
            joined.append(one)
    return joined
