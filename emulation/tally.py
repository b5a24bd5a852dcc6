"""The whole computation of a season: from the cells of all sheets to the order. Pure.

One function, `tally`, makes what pages show, what a published standing freezes and what
`standings_verify` computes again from its inputs, which are told as canonical JSON.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal, InvalidOperation, localcontext
from enum import StrEnum
from typing import Any

from emulation import scoring
from emulation.scoring import ONE, ZERO, CriterionRule, Grade, Kind, Method, SheetTotal, Step

_FACTS = (Step.BALLOT, Step.WOMEN, Step.MEETING)  # what ties are broken by and no sheet holds


@dataclass(frozen=True)
class Cell:
    """What a lane holds for one criterion: points, or an actual value with its target."""

    score: Decimal | None = None
    actual: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True)
class Rules:
    """A scheme as the computation needs it."""

    criteria: tuple[CriterionRule, ...]
    ceiling: Decimal
    lead_group: str = "A"
    bonus_group: str = scoring.BONUS_GROUP
    penalty_group: str = scoring.PENALTY_GROUP
    tie_breaks: tuple[Step, ...] = scoring.TIE_BREAKS
    grades: tuple[tuple[Decimal, Grade], ...] = scoring.GRADES

    @property
    def base(self) -> Decimal:
        """The points of all groups without bonus and penalty: 100 per cent for the grades."""
        special = {self.bonus_group, self.penalty_group} - {""}
        tops = (row for row in self.criteria if row.group == "" and row.code not in special)
        with localcontext(scoring.EXACT):
            return sum((row.max_score for row in tops), ZERO)

    @property
    def lead(self) -> str:
        """The code of the group that breaks ties first: the first row where none is named so."""
        summed = {row.code for row in self.criteria if row.kind is Kind.GROUP or row.group == ""}
        tops = (row.code for row in self.criteria if row.group == "")
        return self.lead_group if self.lead_group in summed else next(tops, "")

    def summing(self) -> scoring.Summing:
        """Return what sums sheets of this scheme."""
        return scoring.Summing(
            self.criteria, ceiling=self.ceiling,
            bonus_group=self.bonus_group, penalty_group=self.penalty_group,
        )  # fmt: skip


@dataclass(frozen=True)
class Entrant:
    """One unit with its cells by criterion code, and facts that break ties (by Step value)."""

    key: str
    cells: Mapping[str, Cell]
    facts: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Leader:
    """The best of the cluster in one criterion: by ratio to the target, and in itself.

    `exact` is the result and the target of who has that ratio, which is told to 28 digits.
    """

    ratio: Decimal | None
    actual: Decimal
    exact: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True)
class Placed:
    """A unit in its place: points by criterion, sums, and what told it from its neighbours.

    `behind` is what is missing to the total of the next better place, None for the first; `merits`
    are the values that were compared, in the order of their steps.
    """

    key: str
    points: dict[str, Decimal]
    total: SheetTotal
    rank: int
    decided_by: Step
    looks_tied: bool
    grade: Grade
    behind: Decimal | None
    merits: Mapping[Step, Decimal] = field(default_factory=dict)


def leaders(rules: Rules, entrants: Sequence[Entrant]) -> dict[str, Leader]:
    """Return the leader of each criterion whose points depend on the others."""
    found = {}
    for rule in rules.criteria:
        if rule.method is not Method.HALF_PLUS_LEADER:
            continue
        cells = [row.cells[rule.code] for row in entrants if rule.code in row.cells]
        pairs = [(cell.actual, cell.target) for cell in cells if cell.actual is not None]
        best = max((actual for actual, _target in pairs), default=ZERO)
        exact = scoring.leader(pairs)
        found[rule.code] = Leader(scoring.leader_ratio([exact] if exact else []), best, exact)
    return found


def points(rule: CriterionRule, cell: Cell, leader: Leader | None) -> Decimal | None:
    """Return the points of a cell, None while it holds nothing to compute them from."""
    with localcontext(scoring.EXACT):
        return _earned(cell, _formula(rule, leader))


# The points of an actual value and its target, in the context EXACT.
_Formula = Callable[[Decimal, Decimal | None], Decimal | None]


def _earned(cell: Cell, formula: _Formula | None) -> Decimal | None:
    if formula is None:
        return cell.score
    return None if cell.actual is None else formula(cell.actual, cell.target)


def _formula(rule: CriterionRule, leader: Leader | None) -> _Formula | None:
    """Return how points follow from an actual value, None where somebody gives them.

    Raises ValueError if the rule has no points for each, or nobody was asked who leads.
    """
    most = rule.max_score
    match rule.method:
        case Method.PROPORTIONAL:
            return _with_target(scoring.proportional_of(most))
        case Method.BANDED:
            return _with_target(scoring.banded_of(most))
        case Method.ON_TIME:
            on_time = scoring.on_time.within
            return lambda actual, _target: on_time(most, [7 * weeks_late(actual)])
        case Method.EACH if rule.points_each is not None:
            each, least, count = rule.points_each, rule.min_score, scoring.count_points.within
            return lambda actual, _target: count(actual, each, most, least)
        case Method.HALF_PLUS_LEADER if leader is not None:
            return _half_plus(most, leader)
        case Method.TYPED:
            return None
    raise ValueError(f"{rule.code} lacks what {rule.method} is computed from.")


def _with_target(points: Callable[[Decimal, Decimal], Decimal]) -> _Formula:
    return lambda actual, target: None if target is None else points(actual, target)


def _half_plus(most: Decimal, leader: Leader) -> _Formula:
    best, per = leader.exact or (leader.ratio, ONE)
    half, share = scoring.half_plus_leader_of(most, best, per), scoring.without_target.within

    def formula(actual: Decimal, target: Decimal | None) -> Decimal:
        if target is None:
            return share(most, actual, leader.actual)
        return half(actual, target)

    return formula


def weeks_late(actual: Decimal) -> int:
    """Return the started weeks of a result told in weeks. Raises ValueError as formulas do."""
    return int(scoring.counted(actual).to_integral_value(ROUND_CEILING))


def tally(rules: Rules, entrants: Sequence[Entrant]) -> list[Placed]:
    """Return all entrants in order, the best first. Raises ValueError if a key occurs twice."""
    try:
        sums = _sums(rules, entrants)
    except InvalidOperation as error:
        raise ValueError("A cell holds no number.") from error
    base, lead = rules.base, rules.lead
    entries = [_entry(lead, row, sums[row.key][1]) for row in entrants]
    placed: list[Placed] = []
    above: dict[int, Decimal] = {}
    with localcontext(scoring.EXACT):
        for row in scoring.rank(entries, rules.tie_breaks):
            key = str(row.key)
            given, made = sums[key]
            above.setdefault(row.rank, made.total)
            placed.append(
                Placed(
                    key=key,
                    points=given,
                    total=made,
                    rank=row.rank,
                    decided_by=row.decided_by,
                    looks_tied=row.looks_tied,
                    grade=_grade(made.total, base, rules.grades),
                    behind=above[row.rank - 1] - made.total if row.rank > 1 else None,
                    merits={
                        step: getattr(row.entry, step) for step in (Step.TOTAL, *rules.tie_breaks)
                    },
                )
            )
    return placed


def _sums(
    rules: Rules, entrants: Sequence[Entrant]
) -> dict[str, tuple[dict[str, Decimal], SheetTotal]]:
    """Return the points by criterion and their sums of each entrant; the rules are read once."""
    best = leaders(rules, entrants)
    summing = rules.summing()
    sums: dict[str, tuple[dict[str, Decimal], SheetTotal]] = {}
    with localcontext(scoring.EXACT):
        recipe = [
            (rule.code, _formula(rule, best.get(rule.code)))
            for rule in rules.criteria
            if rule.kind is not Kind.GROUP
        ]
        for entrant in entrants:
            cell_of = entrant.cells.get
            given: dict[str, Decimal] = {}
            for code, formula in recipe:
                # As `_earned`, written out: this line is run once for every cell of a cluster.
                if (cell := cell_of(code)) is None:
                    continue
                if formula is None:
                    earned = cell.score
                else:
                    earned = None if cell.actual is None else formula(cell.actual, cell.target)
                if earned is not None:
                    given[code] = earned
            sums[entrant.key] = (given, summing.total(given))
    if len(sums) != len(entrants):
        raise ValueError("An entrant occurs twice.")
    return sums


class Line(StrEnum):
    """Which line of scheme A's formula gave the points (domain.md §4.1)."""

    BELOW = "below"  # A < T: half of the maximum by the share reached
    MET = "met"  # reached, and nothing beyond it counts: half
    BEYOND = "beyond"  # half, and the other half by the distance to the leader
    LEADS = "leads"  # the best ratio: all
    NO_TARGET = "no_target"  # the share of the best result


@dataclass(frozen=True)
class Explanation:
    """The numbers that gave a cell its points; None is what its method does not use.

    `percentage` is of the target, cut to 4 places so that 100 means reached; `band` is (at least
    this percentage, this percentage of the maximum), or zeros below all bands.
    """

    method: Method
    most: Decimal
    least: Decimal
    points: Decimal | None
    actual: Decimal | None = None
    target: Decimal | None = None
    percentage: Decimal | None = None
    line: Line | None = None
    leader_ratio: Decimal | None = None
    leader_actual: Decimal | None = None
    band: tuple[Decimal, Decimal] | None = None
    weeks_late: int | None = None
    count: Decimal | None = None
    points_each: Decimal | None = None


def explain(rule: CriterionRule, cell: Cell, leader: Leader | None) -> Explanation:
    """Return how a cell came to its points; raises ValueError as `points` does."""
    earned = points(rule, cell, leader)
    actual, target = cell.actual, cell.target
    told: dict[str, Any] = {}
    if rule.method is not Method.TYPED and actual is not None:
        told["actual"] = actual
        with localcontext(scoring.EXACT, rounding=ROUND_DOWN):
            counted = scoring.counted(actual)
            if target and rule.method not in (Method.EACH, Method.ON_TIME):
                percentage = counted * 100 / target
                told["percentage"] = percentage.quantize(Decimal("0.0001"))
        match rule.method:
            case Method.EACH:
                told |= {"count": counted, "points_each": rule.points_each}
            case Method.ON_TIME:
                told["weeks_late"] = weeks_late(actual)
            case Method.BANDED if target is not None:
                told |= {"target": target, "band": _band(counted, target)}
            case Method.PROPORTIONAL:
                told["target"] = target
            case Method.HALF_PLUS_LEADER if leader is not None:
                told |= {
                    "target": target, "line": _line(counted, target, leader),
                    "leader_ratio": leader.ratio, "leader_actual": leader.actual,
                }  # fmt: skip
    return Explanation(rule.method, rule.max_score, rule.min_score, earned, **told)


def _band(counted: Decimal, target: Decimal) -> tuple[Decimal, Decimal]:
    with localcontext(scoring.EXACT):
        reached = (row for row in scoring.BANDS if counted * 100 >= row[0] * target)
        return next(reached, (ZERO, ZERO))


def _line(counted: Decimal, target: Decimal | None, leader: Leader) -> Line:
    if target is None:
        return Line.NO_TARGET
    best, per = leader.exact or (leader.ratio or ZERO, ONE)
    if counted < target:
        return Line.BELOW
    if counted == target or not target or best <= per:
        return Line.MET
    with localcontext(scoring.EXACT):
        return Line.LEADS if counted * per >= best * target else Line.BEYOND


def total(rules: Rules, given: Mapping[str, Decimal]) -> SheetTotal:
    """Return the sums of one unit under the caps of the scheme."""
    return rules.summing().total(given)


def grade(rules: Rules, total: Decimal) -> Grade:
    """Return the grade of an unrounded total, by its share of the base points."""
    with localcontext(scoring.EXACT):
        return _grade(total, rules.base, rules.grades)


def _grade(total: Decimal, base: Decimal, grades: Sequence[tuple[Decimal, Grade]]) -> Grade:
    if not base:
        return scoring.grade(total, grades)
    return scoring.grade(total * 100, [(least * base, name) for least, name in grades])


def _entry(lead: str, entrant: Entrant, made: SheetTotal) -> scoring.RankEntry:
    facts = {step.value: entrant.facts.get(step.value, ZERO) for step in _FACTS}
    return scoring.RankEntry(
        key=entrant.key, total=made.total, group_a=made.groups.get(lead, ZERO),
        penalty=made.penalty, bonus=made.bonus, **facts,
    )  # fmt: skip


def canonical(data: Any) -> str:
    """Return data as JSON of one form only: sorted, without spaces, decimals as they were."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def inputs_as_json(rules: Rules, entrants: Sequence[Entrant]) -> str:
    """Return all that `tally` is computed from; `inputs_from_json` reads it back."""
    rows = [
        {
            "key": row.key,
            "cells": {code: vars(cell) for code, cell in row.cells.items()},
            "facts": dict(row.facts),
        }
        for row in entrants
    ]
    return canonical({"rules": asdict(rules), "entrants": rows})


def result_as_json(placed: Sequence[Placed]) -> str:
    """Return the order as it is frozen and compared."""
    return canonical([asdict(row) for row in placed])


def inputs_from_json(text: str) -> tuple[Rules, list[Entrant]]:
    """Read inputs back. Raises ValueError on another text."""
    try:
        data = json.loads(text)
        return _rules(data["rules"]), [_entrant(row) for row in data["entrants"]]
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError("These are not the inputs of a tally.") from error


def _rules(given: Mapping[str, Any]) -> Rules:
    return Rules(
        criteria=tuple(_rule(row) for row in given["criteria"]),
        ceiling=Decimal(given["ceiling"]),
        lead_group=given["lead_group"],
        bonus_group=given["bonus_group"],
        penalty_group=given["penalty_group"],
        tie_breaks=tuple(Step(step) for step in given["tie_breaks"]),
        grades=tuple((Decimal(least), Grade(name)) for least, name in given["grades"]),
    )


def _entrant(row: Mapping[str, Any]) -> Entrant:
    cells = {
        code: Cell(**{name: _number(value) for name, value in cell.items()})
        for code, cell in row["cells"].items()
    }
    return Entrant(row["key"], cells, {step: Decimal(v) for step, v in row["facts"].items()})


def _rule(row: Mapping[str, Any]) -> CriterionRule:
    return CriterionRule(
        code=row["code"], kind=Kind(row["kind"]), max_score=Decimal(row["max_score"]),
        min_score=Decimal(row["min_score"]), points_each=_number(row["points_each"]),
        group=row["group"], method=Method(row["method"]),
    )  # fmt: skip


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
