"""Every published figure, one script after the other: `make bench`.

Results are JSON files in build/bench; `python benchmarks/keep.py` takes them into the documentation.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NOT_RUN = ("run.py", "keep.py", "figures.py", "large_cohort.py", "bulk.py", "submissions.py", "otter_run.py")


def main() -> int:
    """1 when a script fails."""
    failed = 0
    for script in sorted(p for p in HERE.glob("*.py") if p.name not in NOT_RUN):
        print(f"== {script.stem}", flush=True)
        failed += subprocess.run([sys.executable, str(script)], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
