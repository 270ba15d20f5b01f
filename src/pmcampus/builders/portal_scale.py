"""What every page of a very large cohort takes, from `benchmarks/results/cohort.json`."""

from html import escape
from typing import Any

DATABASES = (("sqlite", "SQLite"), ("postgresql", "PostgreSQL"))
PARTS = (("pages", "Values"), ("dashboard", "Page of the dashboard"))


def scale(found: dict[str, Any]) -> str:
    """The section: each value of tracking and each page of the dashboard, in every database measured."""
    there = [(key, name) for key, name in DATABASES if key in found]
    scores = max((found[key]["item_scores"] for key, _ in there), default=0)
    heads = "".join(f'<th scope="col" class="n">{name}</th>' for _, name in there)
    words = [
        "## A very large cohort, page by page\n",
        f"{found['learners']:,} learners by {found['assessments']} assessments by {found['items']} items, "
        f"{scores:,} scores in all, written once and then read. Seconds of the processor, our process and "
        "the database's server together: the median of five requests in a process that is warm. *Values* "
        "are what every report shares; a page of the dashboard is the whole answer of its application.\n",
        '<table class="stack"><thead><tr><th scope="col">What</th><th scope="col">Which</th>'
        f"{heads}</tr></thead><tbody>",
    ]
    for part, kind in PARTS:
        for page in dict.fromkeys(page for key, _ in there for page in found[key][part]):
            cells = "".join(
                f'<td data-l="{name}" class="n">{found[key][part][page]:.2f} s</td>' for key, name in there
            )
            words.append(
                f'<tr class="T"><th scope="row"><span class="rest">{escape(page)}</span></th>'
                f'<td data-l="Which">{kind}</td>{cells}</tr>'
            )
    return "\n".join([*words, "</tbody></table>", ""])
