"""Lighthouse's four scores for each page type of the built site, on mobile settings.

Needs Chromium, and Lighthouse from the npm registry (`npx lighthouse`). Run after `pmcampus site`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pmcampus.preview import address, serve

ROOT = Path(__file__).parents[1]
PAGES = (
    "",
    "modules/",
    "modules/pharmacogenomics-in-prescribing/",
    "books/pharmacogenomics-in-prescribing/star-alleles-diplotypes-phenotypes/",
    "pathways/clinician/",
    "competencies/",
    "roadmap/",
    "glossary/",
    "cases/dpyd-before-chemotherapy/",
    "guides/trainees/",
    "rules/PM302/",
    "search/",
    "api/",
)
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"


def scores(url: str) -> dict[str, int]:
    """Category to score out of 100."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            ["npx", "--yes", "lighthouse", url, "--quiet", "--output=json", f"--output-path={report}",
             f"--chrome-flags={FLAGS}"],
            check=True,
            capture_output=True,
            env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""},
            timeout=240,
        )  # fmt: skip
        found = json.loads(report.read_text("utf-8"))["categories"]
    return {name: round(100 * category["score"]) for name, category in found.items()}


def main() -> int:
    """Print a line for each page; 1 when a page misses 95 in performance or 100 elsewhere."""
    server = serve(ROOT / "build" / "site")
    missed = 0
    for page in PAGES:
        found = scores(address(server) + page)
        missed += any(score < (95 if name == "performance" else 100) for name, score in found.items())
        print(f"/{page:<80} {found}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
