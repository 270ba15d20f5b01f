"""Takes the results of the benchmarks into the documentation: build/bench/*.json to benchmarks/results/.

Run `python benchmarks/keep.py` after `make bench` or after single benchmarks. Each file gets the day on which
it was measured and the machine's cores and Python; the site's page *Measured* shows what lies there.
"""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
MEASURED = REPOSITORY / "build" / "bench"
RESULTS = REPOSITORY / "benchmarks" / "results"
SHOWN = ("hostile", "grading", "kernels", "nbval", "gradebook", "cohort", "dask")


def main() -> None:
    kept = []
    for name in SHOWN:
        path = MEASURED / f"{name}.json"
        if not path.is_file():
            continue
        found = json.loads(path.read_text("utf-8"))
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
        found["kept"] = {"date": day, "cores": os.cpu_count(), "python": platform.python_version()}
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        (RESULTS / path.name).write_text(text, "utf-8")
        kept.append(name)
    if not kept:
        raise SystemExit(f"keep.py: nothing was measured yet in {MEASURED}; run `make bench` first.")
    print(f"Kept in {RESULTS.relative_to(REPOSITORY)}: {', '.join(kept)}")


if __name__ == "__main__":
    main()
