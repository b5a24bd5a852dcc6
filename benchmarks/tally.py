"""How long the arithmetic of a season takes, next to a bare loop over the same cells.

    .venv/bin/python -m benchmarks.tally [--rounds 9]
    .venv/bin/python -m benchmarks.tally --oracle [10000]

The bare loop reads every cell, multiplies, divides and rounds once where the points follow from an
actual value, keeps the points and adds them to their group: no bounds, leaders, checks or order.
The goal is at most 3 times that loop; time linear in units × criteria, and in the number of
clusters ranked in one pass. `--oracle` compares invented seasons with the independent computation
in fractions instead.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from emulation import tally
from emulation.scoring import CriterionRule, Kind, Method
from emulation.tally import Cell, Entrant, Rules
from tests.emulation.test_tally import disagreement

GOAL, STRAIGHT = 3.0, 1.25
METHODS = (Method.TYPED, Method.PROPORTIONAL, Method.BANDED, Method.HALF_PLUS_LEADER, Method.EACH)


def scheme(criteria: int, methods: Sequence[Method] = METHODS) -> Rules:
    """Return a scheme of so many criteria in ten groups, with the methods in turn."""
    groups = [
        CriterionRule(f"G{n}", Kind.GROUP, Decimal(1000), Decimal(0), None, "") for n in range(10)
    ]
    leaves = [
        CriterionRule(
            f"C{n}", Kind.QUANTITATIVE, Decimal(10), Decimal(0), Decimal(2), f"G{n % 10}",
            methods[n % len(methods)],
        )
        for n in range(criteria)
    ]  # fmt: skip
    return Rules((*groups, *leaves), Decimal(10000), lead_group="G0")


def units(rules: Rules, number: int, chance: random.Random) -> list[Entrant]:
    """Return so many units with every cell filled."""

    def cell(rule: CriterionRule) -> Cell:
        if rule.method is Method.TYPED:
            return Cell(Decimal(chance.randint(0, 1000)) / 100)
        return Cell(None, Decimal(chance.randint(0, 13000)) / 100, Decimal(100))

    leaves = [rule for rule in rules.criteria if rule.kind is not Kind.GROUP]
    return [Entrant(f"u{n}", {rule.code: cell(rule) for rule in leaves}) for n in range(number)]


def bare(rules: Rules, entrants: Sequence[Entrant]) -> list[Decimal]:
    """Add up the cells in the plainest way that gives a sum."""
    kept = Decimal("0.0001")
    leaves = [(r.code, r.max_score, r.group) for r in rules.criteria if r.kind is not Kind.GROUP]
    totals = []
    for entrant in entrants:
        points, groups = {}, {r.code: Decimal(0) for r in rules.criteria if r.kind is Kind.GROUP}
        for code, most, group in leaves:
            cell = entrant.cells[code]
            if cell.score is not None:
                points[code] = cell.score
            elif cell.actual is not None and cell.target is not None:
                points[code] = (most * cell.actual / cell.target).quantize(kept)
            groups[group] += points[code]
        totals.append(sum(groups.values(), Decimal(0)))
    return totals


def fastest(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Return the median milliseconds of each work, done in turn with the others."""
    times: list[list[float]] = [[] for _ in works]
    for _round in range(rounds):
        for column, work in zip(times, works, strict=True):
            began = time.perf_counter()
            work()
            column.append((time.perf_counter() - began) * 1000)
    return [statistics.median(column) for column in times]


def against_the_loop(name: str, rounds: int, methods: Sequence[Method]) -> bool:
    rules = scheme(157, methods)
    entrants = units(rules, 40, random.Random(1))
    ours, loop, again = fastest(
        rounds,
        lambda: tally.tally(rules, entrants),
        lambda: bare(rules, entrants),
        lambda: bare(rules, entrants),
    )
    print(f"40 × 157, {name}: {ours:.1f} ms, bare loop {loop:.1f} ms: {ours / loop:.2f} times"
          f" (loop against itself {again / loop:.2f})")  # fmt: skip
    return ours / loop <= GOAL


def straight(name: str, sizes: Sequence[int], works: Sequence[Callable[[], object]],
             rounds: int) -> bool:  # fmt: skip
    """Tell whether the time per piece grows by at most a quarter from first to last."""
    each = [ms / size for ms, size in zip(fastest(rounds, *works), sizes, strict=True)]
    shown = ", ".join(f"{n}: {n * ms:.1f} ms" for n, ms in zip(sizes, each, strict=True))
    print(f"{name}: {shown}; per piece {each[-1] / each[0]:.2f} times")
    return each[-1] / each[0] <= STRAIGHT


def lines(rounds: int) -> list[bool]:
    """Return whether units, criteria and clusters each cost a straight line."""
    chance = random.Random(2)
    rules, sizes = scheme(157), (20, 40, 80)
    by_units = [(rules, units(rules, n, chance)) for n in sizes]
    by_criteria = [(r, units(r, 40, chance)) for r in map(scheme, (40, 80, 157))]
    small = scheme(20)
    clusters = [units(small, 12, chance) for _ in range(1000)]

    def works(cases: Sequence[tuple[Rules, list[Entrant]]]) -> list[Callable[[], object]]:
        return [lambda case=case: tally.tally(*case) for case in cases]

    def ranked(number: int) -> Callable[[], object]:
        return lambda: [tally.tally(small, rows) for rows in clusters[:number]]

    numbers = (250, 500, 1000)
    return [
        straight("units × 157 criteria", sizes, works(by_units), rounds),
        straight("criteria × 40 units", (40, 80, 157), works(by_criteria), rounds),
        straight("clusters of 12 units × 20", numbers, [ranked(n) for n in numbers], 3),
    ]


def against_the_oracle(number: int) -> int:
    """Print how many invented seasons the oracle sees differently."""
    found = [row for row in map(disagreement, range(number)) if row]
    print(f"{number} seasons, {len(found)} seen differently", *found[:3], sep="\n")
    return len(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--oracle", type=int, nargs="?", const=10_000)
    options = parser.parse_args()
    if options.oracle:
        return int(against_the_oracle(options.oracle) > 0)
    reached = [
        against_the_loop("all methods", options.rounds, METHODS),
        against_the_loop("points typed", options.rounds, METHODS[:1]),
        against_the_loop("by the leader", options.rounds, METHODS[3:4]),
        *lines(options.rounds),
    ]
    print("reached" if all(reached) else "NOT reached")
    return int(not all(reached))


if __name__ == "__main__":
    raise SystemExit(main())
