"""PM53x: what code cells do, read and never run."""

import ast
import re
from collections.abc import Iterator

from pmcampus.lint.facts import Facts
from pmcampus.lint.notebooks import cell_finding, output_text
from pmcampus.lint.rule import Finding, rule

ROOTED = re.compile(
    r"(/(home|Users|tmp|var|mnt|opt|root|etc|usr|data|content|workspace)/|~/|[A-Za-z]:[\\/](?!/))"
)
HOME_SHOWN = re.compile(r"(?<![\w:/.])(/home/|/Users/|/root/|[A-Z]:\\Users\\)[\w.-]+")
NETWORK = {
    "requests", "urllib.request", "urllib3", "httpx", "aiohttp", "socket", "ftplib", "smtplib", "http.client",
    "wget", "boto3", "paramiko", "websockets",
}  # fmt: skip
OPENS = re.compile(r"read_\w+|urlopen|urlretrieve|download\w*|fetch\w*")
INSTALLS = re.compile(
    r"^\s*[%!]\s*(sudo\s+)?(python\d?\s+-m\s+)?(pip|pip3|conda|mamba|uv|apt|apt-get|brew)\b", re.MULTILINE
)
DRAWS = re.compile(
    r"(np|numpy)\.random\.(?!default_rng|seed|Generator|SeedSequence|RandomState)\w+|random\.(?!seed|Random)\w+"
)
SEEDS = {"np.random.seed", "numpy.random.seed", "random.seed"}
UNSEEDED = {
    "np.random.default_rng",
    "numpy.random.default_rng",
    "default_rng",
    "random.Random",
    "np.random.RandomState",
}
CLOCKS = {
    "datetime.now", "datetime.today", "datetime.utcnow", "datetime.datetime.now", "date.today",
    "datetime.date.today", "time.time", "pd.Timestamp.now", "pd.Timestamp.today", "uuid.uuid4", "uuid4",
}  # fmt: skip


@rule(
    "PM531",
    "Code names a place on one machine",
    why="An absolute path works for its author alone, and tells the world what their folders are called.",
    wrong='pd.read_csv("/home/rosa/thesis/variants.csv")',
    right='pd.read_csv("../data/variants.csv")',
)
def absolute_path(facts: Facts) -> Iterator[Finding]:
    """Rooted and home paths in code and in outputs."""
    remedy = "Name the file from the notebook's folder, such as `../data/variants.csv`."
    for notebook in facts.notebooks:
        for cell, code in facts.code(notebook):
            path = next((text for text in code.texts if ROOTED.match(text)), None)
            home = any(name in ("Path.home", "os.path.expanduser") for name, _ in code.calls)
            shown = next((hit for o in cell.outputs if (hit := HOME_SHOWN.search(output_text(o)))), None)
            if path is not None or home:
                yield cell_finding(notebook, cell, f"names the place {path or 'of a home folder'}.", remedy)
            elif shown:
                yield cell_finding(notebook, cell, f"shows the path {shown[0]} in its output.", remedy)


@rule(
    "PM532",
    "Code uses the network",
    why="Lessons must run in ten years, on a ward without internet, and in a grader that has none. "
    "Addresses also leak who is reading.",
    wrong='pd.read_csv("https://example.org/variants.csv")',
    right='pd.read_csv("../data/variants.csv")      # declared in data/sources.yaml',
)
def network(facts: Facts) -> Iterator[Finding]:
    """Imports and calls that reach out."""
    remedy = "Put the data beside the lesson and declare them in data/sources.yaml."
    for notebook in facts.notebooks:
        for cell, code in facts.code(notebook):
            used = sorted(NETWORK & set(code.imports))
            opened = [url for name, call in code.calls for url in _addresses(name, call)]
            if used:
                yield cell_finding(notebook, cell, f"imports {used[0]}, which reaches the network.", remedy)
            elif opened:
                yield cell_finding(notebook, cell, f"opens {opened[0][:60]}.", remedy)
            elif re.search(r"^\s*!\s*(curl|wget|git clone)\b", cell.source, re.MULTILINE):
                yield cell_finding(notebook, cell, "fetches something from the network.", remedy)


@rule(
    "PM533",
    "A cell installs packages",
    why="What a lesson needs is stated once, under `environment`. An installation changes the "
    "learner's machine and fails in the grader.",
    wrong="%pip install pypgx",
    right="environment: [core, genomics]      # in module.yaml",
)
def installs(facts: Facts) -> Iterator[Finding]:
    """pip, conda and their like."""
    for notebook in facts.notebooks:
        for cell in notebook.code():
            if hit := INSTALLS.search(cell.source):
                fact = f"installs packages with {hit[0].strip()}."
                yield cell_finding(
                    notebook, cell, fact, "Remove it; add the tier to `environment` in the form."
                )


@rule(
    "PM534",
    "A cell uses shell commands or magics",
    why="They work in some notebooks and not in others, and never in the grader.",
    wrong="!head data/variants.csv\n%matplotlib inline",
    right="variants.head()",
)
def magics(facts: Facts) -> Iterator[Finding]:
    """Lines that begin with a percent or exclamation sign; installations have their own rule."""
    for notebook in facts.notebooks:
        for cell, code in facts.code(notebook):
            others = [
                line
                for line in code.magics
                if not INSTALLS.search(line) and not re.match(r"!\s*(curl|wget|git)", line)
            ]
            if others:
                yield cell_finding(notebook, cell, f"uses `{others[0][:40]}`.", "Write it in Python.")


@rule(
    "PM535",
    "A code cell is not Python",
    why="A cell that Python cannot read stops the lesson for everybody after it.",
    wrong="print('Rosa)",
    right="print('Rosa')",
)
def not_python(facts: Facts) -> Iterator[Finding]:
    """Cells with a syntax error."""
    for notebook in facts.notebooks:
        for cell, code in facts.code(notebook):
            if code.tree is None:
                yield cell_finding(
                    notebook, cell, f"cannot be read by Python: {code.error[:80]}.", "Correct it."
                )


@rule(
    "PM536",
    "Code gives something else every time",
    why="Text says what the output shows. With another draw or another day the text is wrong, and no "
    "check can compare.",
    wrong="rng = np.random.default_rng()",
    right="rng = np.random.default_rng(2026)",
)
def unseeded(facts: Facts) -> Iterator[Finding]:
    """Draws without a seed, and clocks."""
    for notebook in facts.notebooks:
        parts = list(facts.code(notebook))
        has_seed = any(name in SEEDS for _, code in parts for name, _ in code.calls)
        for cell, code in parts:
            for name, call in code.calls:
                if name in UNSEEDED and not call.args and not call.keywords:
                    yield cell_finding(
                        notebook, cell, f"calls {name} without a seed.", "Give it a fixed number."
                    )
                elif DRAWS.fullmatch(name) and not has_seed:
                    yield cell_finding(
                        notebook,
                        cell,
                        f"calls {name} without a fixed seed.",
                        "Draw from `np.random.default_rng(2026)`.",
                    )
                elif name in CLOCKS:
                    yield cell_finding(
                        notebook, cell, f"calls {name}, which differs at every run.", "Write a fixed value."
                    )


def _addresses(name: str, call: ast.Call) -> list[str]:
    if not OPENS.fullmatch(name.rpartition(".")[2]):
        return []
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    texts = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return [text for text in texts if re.match(r"(https?|ftp|s3|gs)://", text)]
