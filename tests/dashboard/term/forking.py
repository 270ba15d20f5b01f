"""`pmcampus` commands, each in a process of its own that begins where the libraries are loaded already.

Loading nbgrader takes two seconds for each command, and a term has forty. Words come in as lines of JSON;
exit code and output go out the same way.
"""

import json
import os
import signal
import sys

import pmcampus.cohort  # with it the gradebook, and nbgrader
from pmcampus.cli import main

LONGEST = 300  # seconds of one command


def run(words: list[str]) -> tuple[int, str]:
    """Exit code, and what the command wrote to either stream."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        for stream in (1, 2):
            os.dup2(write, stream)
        os.close(read)
        os.close(write)
        signal.alarm(LONGEST)
        code: object = 1
        try:
            main(words, prog_name="pmcampus")
        except SystemExit as end:
            code = end.code
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 0 if code is None else 1)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace")
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


if __name__ == "__main__":
    assert pmcampus.cohort
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
