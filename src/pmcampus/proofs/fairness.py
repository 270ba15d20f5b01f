"""What must not matter does not matter (noise, order, warnings), and what must does (a tenth too much)."""

from collections.abc import Generator, Sequence

from pmcampus.model.assessment import Item
from pmcampus.model.certificate import Claim, Finding
from pmcampus.proofs.subject import Outcome, Subject, Trial, single

Asked = Generator[Sequence[Trial], Sequence[Outcome], Finding]
# Written below the reference, it puts each answer through `_pm_change`; functions answer through it as well.
WRAPPED = """
import warnings as _pm_warnings

{change}

def _pm_deep(value, numbers):
    import numpy, pandas
    if isinstance(value, (bool, numpy.bool_)) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float, numpy.integer, numpy.floating)):
        return numbers(value)
    if isinstance(value, dict):
        return _pm_order({{key: _pm_deep(entry, numbers) for key, entry in value.items()}})
    if isinstance(value, (list, tuple)):
        return type(value)(_pm_deep(entry, numbers) for entry in value)
    if isinstance(value, pandas.DataFrame):
        return _pm_columns(value.apply(lambda column: column.map(lambda v: _pm_deep(v, numbers))))
    if isinstance(value, pandas.Series):
        return value.map(lambda v: _pm_deep(v, numbers))
    if isinstance(value, numpy.ndarray) and value.dtype.kind in "if":
        return numpy.array([_pm_deep(v, numbers) for v in value.ravel().tolist()]).reshape(value.shape)
    return value


def _pm_answer(value):
    if callable(value):
        def answered(*given, **named):
            return _pm_change(value(*given, **named))
        return answered
    return _pm_change(value)


{names}
"""
PLAIN = "_pm_order = dict\n_pm_columns = lambda table: table\n"
REVERSED = (
    "def _pm_order(entries):\n    return dict(reversed(list(entries.items())))\n"
    "def _pm_columns(table):\n    return table[list(reversed(table.columns))]\n"
)
NOISE = PLAIN + (
    "def _pm_change(value):\n"
    "    return _pm_deep(value, lambda n: n * (1 + 1e-9) if isinstance(n, float) else n)\n"
)
COARSE = PLAIN + ("def _pm_change(value):\n    return _pm_deep(value, lambda n: n * 1.1 if n else n + 1)\n")
SILENT = PLAIN + (
    "def _pm_change(value):\n"
    "    def refuse(n):\n        raise ValueError('a number')\n"
    "    return _pm_deep(value, refuse)\n"
)
ORDER = REVERSED + "def _pm_change(value):\n    return _pm_deep(value, lambda n: n)\n"
WARNING = PLAIN + (
    "def _pm_change(value):\n"
    "    _pm_warnings.warn('this way is going away', FutureWarning)\n    return value\n"
)


def prove(subject: Subject) -> Asked:
    """The reference, changed where it must not matter (full points) and where it must (fewer)."""
    kinds = {"noise": NOISE, "order": ORDER, "warning": WARNING, "coarse": COARSE}
    asked = [(item, kind) for item in subject.automatic for kind in kinds]
    outcomes = yield [_changed(subject, item, kinds[kind]) for item, kind in asked]
    earned = {(item.cell, kind): outcome for (item, kind), outcome in zip(asked, outcomes, strict=True)}
    tolerant = [
        item
        for item in subject.automatic
        if earned[item.cell, "coarse"].score(item.cell) >= subject.full(item)
    ]
    # Where even an answer without any number earns full points, numbers are not what the item asks for.
    silent = yield [_changed(subject, item, SILENT) for item in tolerant]
    numeric = [
        item
        for item, outcome in zip(tolerant, silent, strict=True)
        if outcome.score(item.cell) < subject.full(item)
    ]

    def lost(kind: str) -> list[str]:
        return [
            f"{item.cell}: {earned[item.cell, kind].told(item.cell)} of {subject.full(item):g}"
            for item in subject.automatic
            if earned[item.cell, kind].score(item.cell) < subject.full(item)
            and not (kind == "order" and item.order_matters)
        ]

    too_wide = [f"{item.cell}: {earned[item.cell, 'coarse'].told(item.cell)}" for item in numeric]
    return Finding(
        proof="fairness",
        title="What must not matter does not matter",
        claims=(
            _claim("A billionth more or less in a number costs nothing", lost("noise")),
            _claim("A tenth too much in every number costs points", too_wide),
            _claim("The order of columns and keys costs nothing, where it is not the point", lost("order")),
            _claim("A warning from a right answer costs nothing", lost("warning")),
        ),
    )


def _changed(subject: Subject, item: Item, change: str) -> Trial:
    names = sorted(subject.answer_names.get(item.cell, ()))
    lines = "\n".join(
        f"if {name!r} in globals():\n    {name} = _pm_answer({name})" for name in names if name[0] != "_"
    )
    code = f"{subject.references[item.cell]}\n{WRAPPED.format(change=change, names=lines)}"
    return single(subject, item, subject.written(item.cell, code))


def _claim(says: str, against: Sequence[str]) -> Claim:
    return Claim(says=says, holds=not against, found=tuple(against))
