"""Building the site: every part in order; one whose inputs did not change is left as it is."""

import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pmcampus.content import load_tree
from pmcampus.site.part import Made, Site, bring_up_to_date
from pmcampus.site.parts import PARTS

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """A built site."""

    out: Path
    parts: tuple[Made, ...]
    seconds: float

    @property
    def pages(self) -> int:
        """How many pages a reader can open."""
        return sum(1 for _ in self.out.rglob("*.html"))


def build(
    root: Path,
    out: Path,
    *,
    site_url: str | None = None,
    today: date | None = None,
    only: Collection[str] | None = None,
    progress: Progress = lambda line: None,
) -> Built:
    """The site of the content under `root`, in `out`.

    Args:
        root: the content root.
        out: the site's folder; made where it is missing.
        site_url: the address of the first page; by default the one in mkdocs.yml.
        today: the day for which overdue reviews are told; by default this day.
        only: names of the parts to build; by default all.
        progress: told each part's name as it begins.

    Raises:
        ContentError: the content cannot be read.
        SiteError: a part could not be built.
    """
    begun = time.perf_counter()
    site = Site(root, out, load_tree(root).valid(), site_url, today or date.today())
    out.mkdir(parents=True, exist_ok=True)
    wanted = [part for part in PARTS if only is None or part.name in only]
    parts = []
    with ThreadPoolExecutor() as pool:
        begun_beside = {p.name: pool.submit(bring_up_to_date, site, p) for p in wanted if p.beside}
        for part in wanted:
            progress(part.says)
            waiting = begun_beside.get(part.name)
            parts.append(waiting.result() if waiting else bring_up_to_date(site, part))
    return Built(out, tuple(parts), time.perf_counter() - begun)
