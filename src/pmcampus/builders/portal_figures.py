"""The page of what was measured: the hostile suite beside stock nbgrader, and how long things take.

It shows the files in `benchmarks/results`, which `benchmarks/keep.py` writes; nothing is shown for one
that is absent.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from pmcampus.builders.portal_links import Meta
from pmcampus.builders.portal_scale import DATABASES, scale
from pmcampus.errors import SiteError

RESULTS = Path("benchmarks") / "results"
TIMED = ("grading", "kernels", "nbval", "gradebook", "cohort", "dask")
PAGE: Meta = {
    "title": "Measured",
    "description": "Forty attacks here and in stock nbgrader, and how long things take.",
    "section": "guides",
    "crumbs": [["Guides", "guides/"], ["Measured", ""]],
}
WIDTH, ROW, TOP = 400, 44, 8


@dataclass(frozen=True)
class Ratio:
    """One comparison: the usual way and ours in words, and how many times better ours is.

    `drawn` ones are times that stand in the plot; `short` is their name there.
    """

    what: str
    usual: str
    ours: str
    times: float
    short: str = ""

    @property
    def drawn(self) -> bool:
        """Whether it is a bar of the plot."""
        return bool(self.short)


def figure_pages(root: Path) -> Iterator[tuple[str, Meta, str]]:
    """The page, from the results below this content root.

    Raises:
        SiteError: a file of results cannot be used.
    """
    hostile = _read(root, "hostile")
    timed = {name: found for name in TIMED if (found := _read(root, name))}
    parts = ["# Measured", ""]
    try:
        if hostile:
            parts.append(_hostile(hostile))
        if timed:
            parts.append(_timed(timed))
        if "cohort" in timed:
            parts.append(scale(timed["cohort"]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as problem:
        raise SiteError(
            f"{RESULTS}: a file of results has another form than its benchmark writes ({problem!r}); "
            "run the benchmark and `python benchmarks/keep.py` again."
        ) from problem
    if not hostile and not timed:
        parts.append("No results are kept with this content.")
    yield "guides/figures.md", dict(PAGE), "\n".join(parts) + "\n"


def ratios(timed: dict[str, Any]) -> list[Ratio]:
    """Every comparison in these results, in the order of the table."""
    makers = {
        "grading": _grading,
        "kernels": _kernels,
        "nbval": _nbval,
        "gradebook": _gradebook,
        "cohort": _cohort,
        "dask": _dask,
    }
    return [ratio for name, make in makers.items() if name in timed for ratio in make(timed[name])]


def plot(found: list[Ratio]) -> str:
    """A bar for each drawn comparison, the longest first; empty when there is none."""
    bars = sorted((ratio for ratio in found if ratio.drawn), key=lambda ratio: -ratio.times)
    if not bars:
        return ""
    first, last = bars[0], bars[-1]
    told = f"Bar chart. {first.short}: {_times(first.times)} times."
    if len(bars) > 1:
        told += f" The shortest bar is {last.short}: {_times(last.times)} times."
    height = TOP + ROW * len(bars)
    lines = [
        '<figure class="fig T"><figcaption><b>How many times faster than the usual way?</b></figcaption>',
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(told)}" '
        'style="max-width:28rem" font-size="14">',
    ]
    for place, bar in enumerate(bars):
        top, length = TOP + ROW * place, max(2.0, bar.times / first.times * (WIDTH - 60))
        lines.append(
            f'<text x="0" y="{top + 12}" fill="currentColor">{escape(bar.short)}</text>'
            f'<rect x="0" y="{top + 18}" width="{length:.1f}" height="16" style="fill:var(--ct)"/>'
            f'<text x="{length + 6:.1f}" y="{top + 31}" fill="currentColor" font-weight="700">'
            f"{_times(bar.times)}</text>"
        )
    return "\n".join([*lines, "</svg></figure>"])


def _read(root: Path, name: str) -> dict[str, Any]:
    path = root / RESULTS / f"{name}.json"
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as problem:
        raise SiteError(
            f"{RESULTS / path.name}: this is not JSON ({problem}); run `python benchmarks/keep.py` again."
        ) from problem
    return dict(found) if isinstance(found, dict) else {}


def _hostile(found: dict[str, Any]) -> str:
    cases = found["cases"]
    compared = [case for case in cases if case.get("stock_right") is not None]
    run = [case for case in cases if "ours_right" in case]
    unsafe = sum(case["stock"].startswith("not run") for case in cases)
    right = sum(case["ours_right"] for case in run)
    words = [
        "## Forty attacks, here and in stock nbgrader\n",
        "Every attack is a notebook that was handed in for real. *Deserves* is what an honest marker would "
        f"give; PM Campus gave it in **{right} of {len(run)}** cases, stock "
        f"nbgrader in **{sum(case['stock_right'] for case in compared)} of the {len(compared)}** that were "
        f"run there. {unsafe} were not run there, because they would harm the machine; the others ran in "
        "namespaces of their own. Rows without *Deserves* are no answers to an item; their tests are named. "
        "*Flagged* means that the verdict says what was found.\n",
        _measured(found),
        "",
        '<table class="stack cover"><thead><tr><th scope="col">Attack</th><th scope="col">Deserves</th>'
        '<th scope="col">PM Campus</th><th scope="col">Stock nbgrader</th></tr></thead><tbody>',
    ]
    words += [_case(case) for case in cases]
    return "\n".join([*words, "</tbody></table>", ""])


def _case(case: dict[str, Any]) -> str:
    ours = case["ours"] + (", flagged" if case.get("flagged") else "")
    ours += f"; {case['shown_in']}" if case.get("shown_in") else ""
    stock = case["stock"] + (f"; it saw {case['stock_saw']}" if case.get("stock_saw") else "")
    wrong = case.get("stock_right") is False
    bold = f"<b>{escape(stock)}</b>" if wrong else escape(stock)
    return (
        f'<tr class="T"><th scope="row"><b class="num">{escape(case["number"])}</b> '
        f'<span class="rest">{escape(case["name"])}</span></th>'
        f'<td data-l="Deserves">{escape(case["deserves"])}</td>'
        f'<td data-l="PM Campus"><span>{escape(ours)}</span></td>'
        f'<td data-l="Stock nbgrader"><span>{bold}</span></td></tr>'
    )


def _timed(timed: dict[str, Any]) -> str:
    found = ratios(timed)
    words = [
        "## How long things take\n",
        "Each row was measured side by side in one run, the usual way and ours on the same work. "
        "`make bench` measures them again on your machine.\n",
        plot(found),
        "",
        '<table class="stack"><thead><tr><th scope="col">What</th><th scope="col">Usual way</th>'
        '<th scope="col">PM Campus</th><th scope="col">Times better</th></tr></thead><tbody>',
    ]
    words += [
        f'<tr class="T"><th scope="row"><span class="rest">{escape(ratio.what)}</span></th>'
        f'<td data-l="Usual way">{escape(ratio.usual)}</td><td data-l="PM Campus">{escape(ratio.ours)}</td>'
        f'<td data-l="Times better"><b>{_times(ratio.times)}</b></td></tr>'
        for ratio in found
    ]
    words += ["</tbody></table>", ""]
    return "\n".join([*words, *sorted({f"{_measured(result)}\n" for result in timed.values()})])


def _measured(found: dict[str, Any]) -> str:
    kept = found.get("kept", {})
    versions = ", ".join(f"{name} {number}" for name, number in found.get("versions", {}).items())
    if not kept:
        return f"Measured with {versions}." if versions else ""
    where = f"Measured on {kept['date']}, {kept['cores']} cores, Python {kept['python']}"
    return f"{where}, {versions}." if versions else f"{where}."


def _grading(found: dict[str, Any]) -> Iterator[Ratio]:
    count = found["submissions"]
    ways = ("stock", "pmcampus", "warm", "floor", "otter")
    taken = {way: found[way]["seconds"] for way in ways if way in found}
    stock, ours = taken.get("stock"), taken.get("pmcampus")
    if stock and ours:
        what = f"{count} submissions: nbgrader autograde and pmcampus grade"
        yield Ratio(what, _seconds(stock), _seconds(ours), stock / ours, "pmcampus grade, against nbgrader")
    if ours and "otter" in taken:
        otter, each = taken["otter"] / found["otter"]["submissions"], ours / count
        what = "One submission: otter run and pmcampus grade"
        yield Ratio(what, _seconds(otter), f"{each:.2f} s", otter / each, "pmcampus grade, against otter")
    if stock and "warm" in taken:
        warm = taken["warm"]
        what = "nbgrader autograde: its own kernel and ours by name"
        yield Ratio(what, _seconds(stock), _seconds(warm), stock / warm, "nbgrader with our kernel")
    if stock and "floor" in taken:
        what = "The floor: the bare cells on all cores, nothing held, kept or judged"
        yield Ratio(what, _seconds(stock), _seconds(taken["floor"]), stock / taken["floor"])
    if stock and ours and found["stock"].get("peak_mb") and found["pmcampus"].get("peak_mb"):
        together = found["pmcampus"].get("under_way", found["cores"])
        one, each = found["stock"]["peak_mb"], found["pmcampus"]["peak_mb"] / together
        what = f"Peak memory for each submission under way ({together} at a time here)"
        yield Ratio(what, f"{one:.0f} MB", f"{each:.0f} MB", one / each)


def _kernels(found: dict[str, Any]) -> Iterator[Ratio]:
    cold, warm = (found["milliseconds"][name]["all"] for name in ("cold", "warm"))
    what = "A kernel's cycle: ready, the lessons' imports, shutdown"
    yield Ratio(what, f"{cold:.0f} ms", f"{warm:.0f} ms", found["ratio"], "a kernel's cycle")


def _nbval(found: dict[str, Any]) -> Iterator[Ratio]:
    cold, warm = found["seconds"]["cold"], found["seconds"]["warm"]
    what = f"nbval on {found['lessons']} lessons: the ordinary kernel and ours by name"
    yield Ratio(what, _seconds(cold), _seconds(warm), found["ratio"], "nbval with our kernel")
    if "warm_on_two" in found["seconds"]:
        both, cells = found["seconds"]["warm_on_two"], found["seconds"]["cells"]
        what = "The same: the ordinary kernel as nbval comes, and ours on two cores"
        yield Ratio(what, _seconds(cold), _seconds(both), cold / both, "nbval with our kernel, two cores")
        what = f"The same on one core, without the {_seconds(cells)} that the cells themselves compute"
        yield Ratio(what, _seconds(cold - cells), _seconds(warm - cells), (cold - cells) / (warm - cells))


def _gradebook(found: dict[str, Any]) -> Iterator[Ratio]:
    for database, name in DATABASES:
        if database in found:
            figures = found[database]
            whole = figures["read_matrix"]
            yield Ratio(
                f"A cohort's progress, {figures['cells']:,} scores in {name}: nbgrader's API and one query",
                f"{figures['nbgrader_per_cell'] * 1000:.1f} ms a score",
                f"{whole:.2f} s for all",
                figures["times_less_per_cell"],
            )


def _cohort(found: dict[str, Any]) -> Iterator[Ratio]:
    """Medians of whole pages; nbgrader's API answers the nearest question that it knows."""
    size = f"{found['learners']:,} learners, {found['assessments']} assessments"
    pages = (
        ("overview", "overview", f"Overview of {size}"),
        ("matrix, first page", "page", "A page of fifty learners by all assessments"),
        ("items", "items", "Item statistics (there: the items' scores alone)"),
    )
    for database, name in DATABASES:
        if database in found:
            figures = found[database]
            for ours, theirs, what in pages:
                usual, mine = figures["nbgrader"][theirs], figures["pages"][ours]
                yield Ratio(f"{what}, {name}", _seconds(usual), f"{mine:.2f} s", usual / mine)


def _dask(found: dict[str, Any]) -> Iterator[Ratio]:
    one, two = found["seconds"]["one"], found["seconds"]["two"]
    what = f"{found['submissions']} submissions on Dask: one worker and two"
    yield Ratio(what, _seconds(one), _seconds(two), found["ratio"], "two Dask workers, against one")


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 100 else f"{value:.0f} s"


def _times(value: float) -> str:
    return f"{value:.2f}" if value < 3 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
