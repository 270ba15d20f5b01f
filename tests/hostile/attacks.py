"""The hostile suite, H01 to H40: what is handed in, and what must come of it.

An attack replaces the answer to the item `share` (4 points) or `wrong-word` (2 points) of the tiny
assessment; the other item is answered rightly. `earns` is what the attacked item deserves; the other one
always earns its points. Attacks on files, forms and pages stand in `test_files.py` and `test_pages.py`.
"""

from dataclasses import dataclass, field

SHARE = "def share(part, whole):\n    return part / whole"
WORD = "word = 'positive'"


@dataclass(frozen=True)
class Attack:
    """One way to cheat or to harm. `flag` and `says` are words that must appear for people to read."""

    number: str
    name: str
    share: str = SHARE
    word: str = WORD
    earns: dict[str, float] = field(default_factory=dict)
    flag: str = ""
    says: str = ""
    stock: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


def on_word(number: str, name: str, word: str, flag: str = "", says: str = "", stock: str = "") -> Attack:
    """An attack on the item that asks for a word; it earns nothing."""
    return Attack(number, name, word=word, earns={"wrong-word-check": 0.0}, flag=flag, says=says, stock=stock)


def on_share(number: str, name: str, share: str, flag: str = "", says: str = "", stock: str = "") -> Attack:
    """An attack on the item that asks for a function; it earns nothing."""
    return Attack(number, name, share=share, earns={"share-check": 0.0}, flag=flag, says=says, stock=stock)


def in_passing(number: str, name: str, code: str, flag: str = "", stock: str = "") -> Attack:
    """A right answer that tries something beside it; it earns its points, and changes nothing."""
    return Attack(number, name, word=f"{code}\n{WORD}", flag=flag, stock=stock)


ALWAYS_EQUAL = """\
class Anything(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 1
    def strip(self): return self
    def lower(self): return self
    def __bool__(self): return True
word = Anything("no idea")"""

ALWAYS_EQUAL_OBJECT = """\
class Anything:
    def __eq__(self, other): return True
    def __str__(self): return "positive"
    def strip(self): return self
    def lower(self): return self
word = Anything()"""

ALWAYS_RIGHT_NUMBER = """\
class Anything:
    def __sub__(self, other): return self
    def __abs__(self): return self
    def __lt__(self, other): return True
def share(part, whole):
    return Anything()"""

STRIPPER = """\
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Strip())
word = "no idea\""""

PATCHED_LIBRARY = """\
import math, numpy.testing, builtins
numpy.testing.assert_allclose = lambda *a, **k: None
numpy.testing.assert_equal = lambda *a, **k: None
import unittest
unittest.TestCase.assertEqual = lambda *a, **k: None
word = "no idea\""""

PATCHED_BUILTINS = """\
import builtins
builtins.abs = lambda x: 0
builtins.all = lambda x: True
builtins.any = lambda x: True
builtins.str = lambda x: "positive"
builtins.isinstance = lambda *a: True
def share(part, whole):
    return 99"""

NO_TRACEBACK = """\
ip = get_ipython()
ip.showtraceback = lambda *a, **k: None
ip._showtraceback = lambda *a, **k: None
import sys
sys.excepthook = lambda *a: None
word = "no idea\""""

FAKE_FRAME = """\
import os, json, struct, socket
for number in range(3, 64):
    try:
        line = socket.socket(fileno=os.dup(number))
    except OSError:
        continue
    for n in range(1, 200):
        text = json.dumps({"n": n, "ok": True, "outputs": [], "values": {"word": "no idea", "score": 2},
                           "refused": {}}).encode()
        try:
            line.send(struct.pack("!IH", len(text), 0) + text)
        except OSError:
            break
word = "no idea\""""

FAKE_FILES = """\
import json, os
for folder in (".", "/tmp", "/scratch", "/dev/shm", "/var/tmp", os.path.expanduser("~")):
    for name in ("results.json", "feedback.json", "grade.json", "score.txt", ".results", "gradebook.db"):
        try:
            with open(os.path.join(folder, name), "w") as file:
                json.dump({"score": 4, "points": 4, "wrong-word-check": 2}, file)
        except OSError:
            pass
word = "no idea\""""

PICKLE = """\
import pickle, os
class Bomb:
    def __reduce__(self): return (os.system, ("touch /tmp/pwned",))
word = Bomb()"""

PEEK = """\
import sys, gc, inspect, linecache
found = [str(value) for value in (get_ipython().user_ns.get("In"), get_ipython().history_manager.input_hist_raw)]
frame = sys._getframe()
while frame:
    found += [repr(frame.f_globals.keys()), repr(frame.f_locals)]
    frame = frame.f_back
found += [repr(o)[:20000] for o in gc.get_objects() if isinstance(o, (str, dict, list))]
found += ["".join(lines[2]) for lines in linecache.cache.values() if len(lines) > 2]
try:
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
        for line in maps:
            if "rw-p" in line.split():
                a, b = (int(x, 16) for x in line.split()[0].split("-"))
                if b - a < 64 << 20:
                    memory.seek(a)
                    found.append(memory.read(b - a).decode("latin-1"))
except OSError:
    pass
hidden = ["sounds good " + "and is not", "of 4 " + "shares right", "END HIDDEN" + " TESTS"]
seen = [h for h in hidden if any(h in f for f in found)]
word = "no idea"
print("SEEN", seen)"""

HOOKS = """\
recorded = []
def record(result):
    recorded.append(result.info.raw_cell)
get_ipython().events.register("post_run_cell", record)
get_ipython().events.register("pre_run_cell", lambda info: recorded.append(info.raw_cell))
get_ipython().input_transformers_post.append(lambda lines: recorded.extend(lines) or lines)
def share(part, whole):
    import sys
    text = "".join(map(str, recorded))
    frames, frame = [], sys._getframe()
    while frame:
        frames.append(repr(frame.f_code.co_consts) + repr(sorted(frame.f_globals)))
        frame = frame.f_back
    hidden = ["".join(parts) for parts in (("of 4 ", "shares"), ("sounds ", "good and"), ("abs(", "share"))]
    return 1.0 if any(h in text + "".join(frames) for h in hidden) else -1.0"""

LOOK_ROUND = """\
import os, sys
seen = []
for start in ("/scratch", "/etc", "/proc", "/home", "/root", "/var", "/srv", "/opt", "/mnt", "/data", "/dev", "/tmp", "/run"):
    for folder, folders, files in os.walk(start):
        for name in files:
            if name.endswith((".db", ".ipynb", ".csv")) and "site-packages" not in folder and "/usr/" not in folder:
                seen.append(os.path.join(folder, name))
        if len(seen) > 50 or folder.count("/") > 6:
            folders.clear()
seen += [name for name in os.listdir("/") if name not in
         ("proc", "dev", "tmp", "scratch", "etc", "usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
         and not sys.prefix.startswith("/" + name) and not sys.base_prefix.startswith("/" + name)]
secrets = [k for k in os.environ if any(w in k for w in ("SECRET", "TOKEN", "PASSWORD", "GRADEBOOK", "PGHOST"))]
print("SEEN", [s for s in seen if "matplotlib" not in s and "pandas" not in s and "/lib/python" not in s], secrets)"""

EVERY_SOCKET = """\
import socket
open_doors = []
for family, kind, place in (
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 22)), (socket.AF_INET, socket.SOCK_STREAM, ("1.1.1.1", 80)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("8.8.8.8", 53)), (socket.AF_INET6, socket.SOCK_STREAM, ("::1", 80)),
    (socket.AF_INET, socket.SOCK_STREAM, ("169.254.169.254", 80)), (socket.AF_UNIX, socket.SOCK_STREAM, "/run/docker.sock"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "\\0abstract"), (socket.AF_UNIX, socket.SOCK_STREAM, "/tmp/.s.PGSQL.5432"),
):
    try:
        s = socket.socket(family, kind); s.settimeout(2); s.connect(place); s.send(b"x"); open_doors.append(place)
    except OSError:
        pass
try:
    socket.getaddrinfo("example.org", 80); open_doors.append("names")
except OSError:
    pass
print("SEEN", open_doors)"""

PROBES = """\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
done = []
if libc.ptrace(16, os.getppid() or 1, 0, 0) == 0: done.append("ptrace")
if libc.unshare(0x10000000) == 0: done.append("user namespace")
if libc.unshare(0x20000000) == 0: done.append("process namespace")
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0: done.append("mount")
if libc.setuid(0) == 0: done.append("setuid")
if libc.chroot(b"/tmp") == 0: done.append("chroot")
for number in (101, 310, 272, 321, 425, 165, 246):
    if libc.syscall(number, 0, 0, 0, 0, 0) >= 0: done.append(number)
for place in ("/proc/1/mem", "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/dev/mem", "/dev/kmsg"):
    try:
        open(place, "r+b").close(); done.append(place)
    except OSError:
        pass
print("SEEN", [d for d in done if d != "/proc/1/mem"])"""

MEMORY = """\
import mmap
kept = []
try:
    while True: kept.append(bytearray(64 << 20))
except MemoryError:
    pass
try:
    while True: kept.append(mmap.mmap(-1, 64 << 20))
except (OSError, MemoryError):
    pass
try:
    with open("/dev/shm/fill", "wb") as file:
        while True: file.write(bytes(8 << 20))
except OSError:
    pass
raise MemoryError("full")"""

FILL = """\
import os
wrote = 0
try:
    for number in range(1000):
        with open(f"fill-{number}", "wb") as file:
            for _ in range(30):
                file.write(bytes(1 << 20)); wrote += 1
except OSError:
    pass
made = 0
try:
    for number in range(100_000):
        open(f"/tmp/n{number}", "w").close(); made += 1
except OSError:
    pass
print("SEEN", wrote < 200 and made < 20_000)
raise OSError("full")"""

NATIVE_LOOP = """\
import ctypes, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
libc = ctypes.PyDLL(None)
while True:
    libc.sleep(1000)"""

DAEMON = """\
import os, subprocess, sys, threading
tried = []
for make in (os.fork, lambda: subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True).pid):
    try:
        if make() == 0:
            os.setsid()
            import time; time.sleep(600); os._exit(0)
        tried.append("started")
    except OSError:
        pass
print("SEEN", tried)"""

SHADOW = """\
import os, site, sys
for name in ("numpy.py", "json.py", "sitecustomize.py", "usercustomize.py", "conftest.py", "evil.pth", "pandas.py"):
    for folder in (".", "/tmp", os.path.expanduser("~/.ipython/profile_default/startup"), site.getusersitepackages()):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write("raise SystemExit('shadowed')")
        except OSError:
            pass
sys.path.insert(0, "/tmp")"""

POISON = """\
import builtins, json, math, numpy, pandas, random, sys
math.sqrt = lambda x: 42
numpy.mean = lambda *a, **k: 42
pandas.DataFrame.__repr__ = lambda self: "poisoned"
builtins.print_real, builtins.sum = print, lambda *a: 42
json.dumps_real = json.dumps
sys.modules["statistics"] = None
for folder in ("/tmp", "/scratch", "/dev/shm"):
    try:
        open(folder + "/poison", "w").write("poison")
    except OSError:
        pass"""

ATTACKS = (
    on_word("H01", "an object that equals everything", ALWAYS_EQUAL, "__eq__", stock="full marks"),
    on_word(
        "H01",
        "an object that behaves like the answer",
        ALWAYS_EQUAL_OBJECT,
        "handed over",
        "cannot use",
        stock="full marks",
    ),
    on_share("H01", "a number that is always close enough", ALWAYS_RIGHT_NUMBER, stock="full marks"),
    on_word("H02", "a transformer that removes asserts", STRIPPER, "ast_transformers", stock="half marks"),
    on_word("H03", "testing libraries patched", PATCHED_LIBRARY, "changes a library"),
    on_share("H04", "Python's own functions replaced", PATCHED_BUILTINS, "Python's own"),
    on_word("H05", "errors that are not shown", NO_TRACEBACK, "showtraceback"),
    on_share(
        "H06",
        "a score that is not a number",
        "def share(part, whole):\n    return float('nan')",
        stock="full marks",
    ),
    on_share("H06", "a score below zero", "def share(part, whole):\n    return -2", stock="full marks"),
    on_share("H06", "a score as text", "def share(part, whole):\n    return 'four'", stock="full marks"),
    on_share("H06", "a huge score", "def share(part, whole):\n    return 10**400", stock="not graded"),
    on_word("H07", "a printed result", "word = 'no idea'\nprint('2 of 2 points')\n2"),
    on_share(
        "H07",
        "a result printed from inside",
        "def share(part, whole):\n    print('4 of 4 shares right.')\n    return 4",
    ),
    on_word("H08", "messages forged on every open channel", FAKE_FRAME, "network connection"),
    on_word("H09", "result files everywhere", FAKE_FILES),
    on_word("H10", "an object that runs code when it is read", PICKLE, "__reduce__", "cannot use"),
    on_word("H11", "memory, frames and history searched", PEEK, "_getframe", stock="hidden text found"),
    on_share("H11", "hooks that record cells", HOOKS, "notebook program", stock="hidden text found"),
    in_passing("H12", "gradebook, sources, neighbours, secrets", LOOK_ROUND, stock="gradebook writable"),
    on_word("H16", "a fork bomb", "import os\nwhile True: os.fork()", "starts processes"),
    on_word("H17", "memory taken in every way", MEMORY),
    on_word("H18", "disk and names filled", FILL),
    on_word("H19", "an endless loop", "while True: pass"),
    on_word(
        "H19",
        "a loop that ignores interrupts",
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "interrupted",
    ),
    on_word("H19", "a loop in native code", NATIVE_LOOP, "machine's own"),
    on_share("H19", "an endless function", "def share(part, whole):\n    while True: pass", says="too long"),
    on_word("H20", "a gigabyte of output", "for _ in range(1100):\n    print('x' * 1_000_000)"),
    on_word(
        "H20",
        "a million displays",
        "from IPython.display import display\nfor n in range(1_000_000):\n    display(n)",
    ),
    in_passing("H21", "processes that outlive the kernel", DAEMON, "starts"),
    in_passing("H22", "every way out", EVERY_SOCKET, "network connection", stock="allowed"),
    on_word("H24", "the kernel ended", "import os\nos._exit(0)", "ends its kernel", stock="not graded"),
    on_word(
        "H24",
        "a segmentation fault",
        "import ctypes\nctypes.string_at(0)",
        "machine's own",
        stock="not graded",
    ),
    on_share(
        "H24",
        "an abort inside the function",
        "def share(part, whole):\n    import os\n    os.abort()",
        "ends its kernel",
        "ended its kernel",
    ),
    on_word("H25", "sys.exit", "import sys\nsys.exit(0)\nword = 'positive'"),
    on_word("H25", "quit", "quit()\nraise KeyboardInterrupt\nword = 'positive'"),
    on_share("H25", "an interrupt from inside", "def share(part, whole):\n    raise KeyboardInterrupt"),
    in_passing(
        "H34",
        "shell commands",
        "!touch /tmp/pwned; ls /\n%pip install nothing",
        "notebook commands",
    ),
    on_word(
        "H34",
        "a file that is run",
        "open('/tmp/x.py', 'w').write('word = 1')\n%run /nowhere/x.py\n" + WORD,
        "notebook commands",
    ),
    on_word("H34", "a shell cell", "%%bash\nexport word=positive", "notebook commands"),
    in_passing("H35", "files named like libraries", SHADOW),
    in_passing("H36", "system calls tried one by one", PROBES, "machine's own"),
    in_passing(
        "H37",
        "am I being marked?",
        "import os, sys, time\nprint('SEEN', [k for k in os.environ if 'GRAD' in k.upper()], [m for m in sys.modules if 'nbgrader' in m])",
    ),
    in_passing("H40", "libraries and folders poisoned for the next one", POISON, "changes a library"),
)
