"""The shortest list of modules that teach all of these competencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pmcampus.statistics.door import optimize


@dataclass(frozen=True)
class Choice:
    """Modules in the order given, what none of them teaches, and whether a shorter list is impossible."""

    modules: tuple[str, ...]
    out_of_reach: frozenset[str]
    exact: bool


def shortest(
    wanted: frozenset[str], teaches: Mapping[str, frozenset[str]], hours: Mapping[str, float]
) -> Choice:
    """As few modules as can be that teach all that is wanted; of several such lists the one of fewest hours.

    A set cover, solved as a mixed-integer programme by HiGHS through scipy; greedily should that fail.
    """
    reachable = wanted & frozenset().union(*teaches.values()) if teaches else frozenset()
    useful = [module for module in teaches if teaches[module] & reachable]
    if not reachable:
        return Choice((), wanted, True)
    chosen = _solved(sorted(reachable), useful, teaches, hours)
    exact = chosen is not None
    return Choice(tuple(chosen or _greedy(reachable, useful, teaches)), wanted - reachable, exact)


def _solved(
    wanted: Sequence[str],
    modules: Sequence[str],
    teaches: Mapping[str, frozenset[str]],
    hours: Mapping[str, float],
) -> list[str] | None:
    import numpy as np

    most = sum(hours[module] for module in modules) + 1.0
    order = np.arange(len(modules)) / (len(modules) + 1)
    # One module more outweighs all hours; half an hour outweighs every place in the list.
    cost = np.array([1.0 + (hours[module] + 0.01 * order[i]) / most for i, module in enumerate(modules)])
    needs = np.array([[float(name in teaches[module]) for module in modules] for name in wanted])
    solver = optimize()
    result = solver.milp(
        cost,
        constraints=solver.LinearConstraint(needs, lb=1.0),
        integrality=np.ones(len(modules)),
        bounds=solver.Bounds(0, 1),
        options={"time_limit": 2.0, "mip_rel_gap": 0.0},
    )
    if result.status != 0:
        return None
    return [module for i, module in enumerate(modules) if result.x[i] > 0.5]


def _greedy(
    wanted: frozenset[str], modules: Sequence[str], teaches: Mapping[str, frozenset[str]]
) -> list[str]:
    left, chosen = set(wanted), set()
    while left:
        best = max(modules, key=lambda module: len(teaches[module] & left))
        chosen.add(best)
        left -= teaches[best]
    return [module for module in modules if module in chosen]
