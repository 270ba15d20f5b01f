"""One search over portal, books and reference: pagefind's index, beside the pages it found."""

import shutil
from pathlib import Path

from pmcampus.builders.tool import call
from pmcampus.errors import SiteError

INDEX = "pagefind"
# Ready-made search boxes and highlighters: the portal has its own search page.
UNUSED = ("pagefind-*ui.*", "pagefind-highlight.js")
# Learners search for star alleles.
LETTERS = "*"
SECONDS = 300


def build(site: Path) -> list[Path]:
    """The search index of all pages under `site`, in `site/pagefind`; gives every file written.

    Raises:
        SiteError: there are no pages, or pagefind is missing or refused.
    """
    if not any(site.rglob("*.html")):
        raise SiteError(f"{site}: there is no page to search. Build the portal first.")
    index, fresh = site / INDEX, site / f".{INDEX}.part"
    shutil.rmtree(fresh, ignore_errors=True)
    done = call(
        "pagefind",
        *("--site", str(site), "--output-subdir", fresh.name, "--include-characters", LETTERS, "--silent"),
        seconds=SECONDS,
    )
    said = (done.stderr or done.stdout).strip()[-300:]
    if done.returncode or not fresh.is_dir():
        raise SiteError(
            f"The search index cannot be built: {said or 'no page was indexed'}. "
            "Check that `pip install pmcampus[site]` has been run."
        )
    for pattern in UNUSED:
        for path in fresh.glob(pattern):
            path.unlink()
    shutil.rmtree(index, ignore_errors=True)
    fresh.rename(index)
    return sorted(path for path in index.rglob("*") if path.is_file())
