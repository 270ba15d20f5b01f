"""How long work is shown on a terminal: steps with their time, and a count with a bar."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pmcampus.regrade import Change


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """A function to call with each step's name as it begins; the time of each is shown at its end."""
    console = Console(stderr=True, highlight=False)
    state: dict[str, float | str] = {}

    def finish() -> None:
        if state:
            console.print(
                f"  [green]✓[/] {state['name']} [dim]{monotonic() - float(state['since']):.1f} s[/]"
            )
            state.clear()

    def begin(name: str) -> None:
        finish()
        state.update(name=name, since=monotonic())
        if console.is_terminal:
            console.print(f"  [dim]… {name}[/]", end="\r")

    yield begin
    finish()


@contextmanager
def count(verb: str) -> Iterator[Callable[[str, int, int], None]]:
    """A function to call with a learner's id, how many are done, and of how many."""
    speed = TextColumn("{task.fields[rate]}")
    columns = (TextColumn(verb), BarColumn(), MofNCompleteColumn(), speed, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None, rate="")
        since = monotonic()

        def tell(_learner: str, done: int, total: int) -> None:
            rate = f"{done / max(0.001, monotonic() - since):.1f} a second"
            bar.update(task, completed=done, total=total, rate=rate)

        yield tell


def score_changes(changes: Sequence[Change]) -> str:
    """A regrade's table: learner, item, before, after, reason."""
    if not changes:
        return "No score changed.\n"
    heads = ("learner", "item", "before", "after", "reason")
    rows = [
        (c.learner, c.item, _points(c.before), _points(c.after), c.reason)
        for c in sorted(changes, key=lambda c: (c.learner, c.item))
    ]
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(4)]
    lines = ["  ".join((*map(str.ljust, row, widths), row[4])) for row in (heads, *rows)]
    return "".join(f"{line}\n" for line in lines)


def _points(score: float | None) -> str:
    return "-" if score is None else f"{score:g}"
