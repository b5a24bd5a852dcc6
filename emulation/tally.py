"""The whole computation of a season: from the cells of all sheets to the order. Pure.

One function, `tally`, makes what pages show, what a published standing freezes and what
`standings_verify` computes again from its inputs, which are told as canonical JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from emulation import scoring
from emulation.scoring import CriterionRule, Grade, Kind, Method, SheetTotal, Step


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
        return sum((row.max_score for row in tops), Decimal(0))


@dataclass(frozen=True)
class Entrant:
    """One unit with its cells by criterion code, and facts that break ties (by Step value)."""

    key: str
    cells: Mapping[str, Cell]
    facts: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Leader:
    """The best of the cluster in one criterion: by ratio to the target, and in itself."""

    ratio: Decimal | None
    actual: Decimal


@dataclass(frozen=True)
class Placed:
    """A unit in its place: points by criterion, sums, and what told it from its neighbours.

    `behind` is what is missing to the total of the next better place, None for the first.
    """

    key: str
    points: dict[str, Decimal]
    total: SheetTotal
    rank: int
    decided_by: Step
    looks_tied: bool
    grade: Grade
    behind: Decimal | None


def leaders(rules: Rules, entrants: Sequence[Entrant]) -> dict[str, Leader]:
    """Return the leader of each criterion whose points depend on the others."""
    found = {}
    for rule in rules.criteria:
        if rule.method is not Method.HALF_PLUS_LEADER:
            continue
        cells = [row.cells[rule.code] for row in entrants if rule.code in row.cells]
        pairs = [(cell.actual, cell.target) for cell in cells if cell.actual is not None]
        best = max((actual for actual, _target in pairs), default=Decimal(0))
        found[rule.code] = Leader(scoring.leader_ratio(pairs), best)
    return found


def points(rule: CriterionRule, cell: Cell, leader: Leader | None) -> Decimal | None:
    """Return the points of a cell, None while it holds nothing to compute them from."""
    if rule.method is Method.TYPED:
        return cell.score
    if cell.actual is None:
        return None
    return _FORMULAS[rule.method](rule, cell.actual, cell.target, leader)


def _each(
    rule: CriterionRule, actual: Decimal, _target: Decimal | None, _leader: Leader | None
) -> Decimal | None:
    assert rule.points_each is not None
    return scoring.count_points(actual, rule.points_each, rule.max_score, rule.min_score)


def _on_time(
    rule: CriterionRule, actual: Decimal, _target: Decimal | None, _leader: Leader | None
) -> Decimal | None:
    return scoring.on_time(rule.max_score, [7 * int(actual)])  # started weeks, all items together


def _half_plus_leader(
    rule: CriterionRule, actual: Decimal, target: Decimal | None, leader: Leader | None
) -> Decimal | None:
    assert leader is not None
    if target is None:
        return scoring.without_target(rule.max_score, actual, leader.actual)
    return scoring.half_plus_leader(rule.max_score, actual, target, leader.ratio)


def _proportional(
    rule: CriterionRule, actual: Decimal, target: Decimal | None, _leader: Leader | None
) -> Decimal | None:
    return None if target is None else scoring.proportional(rule.max_score, actual, target)


def _banded(
    rule: CriterionRule, actual: Decimal, target: Decimal | None, _leader: Leader | None
) -> Decimal | None:
    return None if target is None else scoring.banded(rule.max_score, actual, target)


_FORMULAS = {
    Method.EACH: _each,
    Method.ON_TIME: _on_time,
    Method.HALF_PLUS_LEADER: _half_plus_leader,
    Method.PROPORTIONAL: _proportional,
    Method.BANDED: _banded,
}


def tally(rules: Rules, entrants: Sequence[Entrant]) -> list[Placed]:
    """Return all entrants in order, the best first."""
    best = leaders(rules, entrants)
    sums: dict[str, tuple[dict[str, Decimal], SheetTotal]] = {}
    for entrant in entrants:
        given = {}
        for rule in rules.criteria:
            cell = entrant.cells.get(rule.code)
            if rule.kind is Kind.GROUP or cell is None:
                continue
            earned = points(rule, cell, best.get(rule.code))
            if earned is not None:
                given[rule.code] = earned
        sums[entrant.key] = (given, total(rules, given))
    ranked = scoring.rank([_entry(rules, row, sums[row.key][1]) for row in entrants],
                          rules.tie_breaks)  # fmt: skip
    placed: list[Placed] = []
    above: dict[int, Decimal] = {}
    for row in ranked:
        given, made = sums[str(row.key)]
        above.setdefault(row.rank, made.total)
        placed.append(
            Placed(
                key=str(row.key),
                points=given,
                total=made,
                rank=row.rank,
                decided_by=row.decided_by,
                looks_tied=row.looks_tied,
                grade=grade(rules, made.total),
                behind=above[row.rank - 1] - made.total if row.rank > 1 else None,
            )
        )
    return placed


def total(rules: Rules, given: Mapping[str, Decimal]) -> SheetTotal:
    """Return the sums of one unit under the caps of the scheme."""
    return scoring.total_sheet(
        rules.criteria, given, ceiling=rules.ceiling,
        bonus_group=rules.bonus_group, penalty_group=rules.penalty_group,
    )  # fmt: skip


def grade(rules: Rules, total: Decimal) -> Grade:
    """Return the grade of an unrounded total, by its share of the base points."""
    return scoring.grade(total * 100 / rules.base if rules.base else total, rules.grades)


def _entry(rules: Rules, entrant: Entrant, made: SheetTotal) -> scoring.RankEntry:
    first = next(iter(made.groups.values()), Decimal(0))
    facts = {step: entrant.facts.get(step, Decimal(0)) for step in ("ballot", "women", "meeting")}
    return scoring.RankEntry(
        key=entrant.key, total=made.total, group_a=made.groups.get(rules.lead_group, first),
        penalty=made.penalty, bonus=made.bonus, **facts,
    )  # fmt: skip


def canonical(data: Any) -> str:
    """Return data as JSON of one form only: sorted, without spaces, decimals as they were."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def inputs_as_json(rules: Rules, entrants: Sequence[Entrant]) -> str:
    """Return all that `tally` is computed from; `inputs_from_json` reads it back."""
    return canonical({"rules": asdict(rules), "entrants": [asdict(row) for row in entrants]})


def result_as_json(placed: Sequence[Placed]) -> str:
    """Return the order as it is frozen and compared."""
    return canonical([asdict(row) for row in placed])


def inputs_from_json(text: str) -> tuple[Rules, list[Entrant]]:
    """Read inputs back. Raises ValueError, KeyError or decimal.InvalidOperation on another text."""
    data = json.loads(text)
    given = data["rules"]
    rules = Rules(
        criteria=tuple(_rule(row) for row in given["criteria"]),
        ceiling=Decimal(given["ceiling"]),
        lead_group=given["lead_group"],
        bonus_group=given["bonus_group"],
        penalty_group=given["penalty_group"],
        tie_breaks=tuple(Step(step) for step in given["tie_breaks"]),
        grades=tuple((Decimal(least), Grade(name)) for least, name in given["grades"]),
    )
    return rules, [
        Entrant(
            row["key"],
            {code: Cell(**{k: _number(v) for k, v in cell.items()})
             for code, cell in row["cells"].items()},
            {step: Decimal(value) for step, value in row["facts"].items()},
        )
        for row in data["entrants"]
    ]  # fmt: skip


def _rule(row: Mapping[str, Any]) -> CriterionRule:
    return CriterionRule(
        code=row["code"], kind=Kind(row["kind"]), max_score=Decimal(row["max_score"]),
        min_score=Decimal(row["min_score"]), points_each=_number(row["points_each"]),
        group=row["group"], method=Method(row["method"]),
    )  # fmt: skip


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
