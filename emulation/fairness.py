"""What the order of a season hangs on: warnings for those who vote, never a verdict. Pure.

Everything starts from what `emulation.tally` computed. Points of one criterion are changed, or the
weights of the groups, with all else kept; a change of an actual value that moves the leader of the
cluster is not followed into the points of the others.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from itertools import pairwise

from emulation.scoring import CriterionRule, Kind, Ranked, RankEntry, rank
from emulation.tally import Entrant, Placed, Rules

HAIR = Decimal("0.01")  # the smallest change that a score can have
ZERO = Decimal(0)
TENTH = Decimal("0.1")
NEARLY = Decimal("0.05")  # shares of the maximum within this are nearly the same
FEW_YEARS = 4


@dataclass(frozen=True)
class Move:
    """A change of one score that alone brings the lower unit before the upper one."""

    key: str
    code: str
    by: Decimal


@dataclass(frozen=True)
class Pair:
    """Two neighbours in the order, and the single changes that would turn them round.

    `moves` are the smallest first: points more for the lower unit, or points less for the upper.
    `apart` is the difference of their totals.
    """

    upper: str
    lower: str
    apart: Decimal
    moves: tuple[Move, ...]

    @property
    def smallest(self) -> Move | None:
        return self.moves[0] if self.moves else None


class _Sums:
    """The rows of one unit, so that the change of one score costs a walk to the top alone."""

    def __init__(self, rules: Rules, placed: Placed, facts: Mapping[str, Decimal]) -> None:
        self.rules, self.facts = rules, facts
        self.known = {rule.code: rule for rule in rules.criteria}
        self.raw = {rule.code: placed.points.get(rule.code, ZERO) for rule in rules.criteria}
        self.below: dict[str, list[CriterionRule]] = {}
        for rule in rules.criteria:
            self.below.setdefault(rule.group, []).append(rule)
        self.groups: list[str] = []  # in the order of `scoring.total_sheet`
        self.sum = sum((self._total(rule) for rule in self.below.get("", ())), ZERO)
        lead = rules.lead_group
        self.lead = lead if lead in self.groups else next(iter(self.groups), "")

    def _total(self, rule: CriterionRule) -> Decimal:
        if rule.kind is Kind.GROUP:
            rows = self.below.get(rule.code, ())
            self.raw[rule.code] = sum((self._total(row) for row in rows), ZERO)
        if rule.kind is Kind.GROUP or rule.group == "":
            self.groups.append(rule.code)
        return self._kept(rule.code, ZERO)

    def _kept(self, code: str, more: Decimal) -> Decimal:
        rule = self.known[code]
        return max(rule.min_score, min(self.raw[code] + more, rule.max_score))

    def room(self, code: str, way: int) -> Decimal:
        """Return how far the points of a criterion can still go up (1) or down (-1)."""
        rule, now = self.known[code], self._kept(code, ZERO)
        return rule.max_score - now if way > 0 else now - rule.min_score

    def merits(self, code: str = "", more: Decimal = ZERO) -> tuple[Decimal, ...]:
        """Return what ranks the unit, with the points of one criterion changed."""
        changed: dict[str, Decimal] = {}
        while code:
            changed[code] = self._kept(code, more)
            more = changed[code] - self._kept(code, ZERO)
            code = self.known[code].group
        values = {"total": max(ZERO, min(self.sum + more, self.rules.ceiling))}
        special = {
            "group_a": self.lead, "penalty": self.rules.penalty_group,
            "bonus": self.rules.bonus_group,
        }  # fmt: skip
        for step, row in special.items():
            known = row in self.groups
            values[step] = changed.get(row, self._kept(row, ZERO)) if known else ZERO
        steps = ("total", *(step.value for step in self.rules.tie_breaks))
        return tuple(values.get(step, self.facts.get(step, ZERO)) for step in steps)


def pairs(rules: Rules, entrants: Sequence[Entrant], placed: Sequence[Placed]) -> list[Pair]:
    """Return the neighbours of the order with what would turn them round.

    The lower unit then stands before the upper one, by its total or by a written tie-break.
    """
    facts = {row.key: row.facts for row in entrants}
    sums = [_Sums(rules, row, facts.get(row.key, {})) for row in placed]
    leaves = [rule.code for rule in rules.criteria if rule.kind is not Kind.GROUP]
    found = []
    for (upper, above), (lower, below) in pairwise(zip(placed, sums, strict=True)):
        moves = []
        top, bottom = above.merits(), below.merits()
        for code in leaves:
            moves += _move(lower.key, code, below, 1, top)
            moves += _move(upper.key, code, above, -1, bottom)
        moves.sort(key=lambda move: (abs(move.by), move.by < 0))
        apart = upper.total.total - lower.total.total
        found.append(Pair(upper.key, lower.key, apart, tuple(moves)))
    return found


def _move(key: str, code: str, sums: _Sums, way: int, other: tuple[Decimal, ...]) -> list[Move]:
    """Return the smallest change of one score in one way that passes the other unit, if any."""

    def passes(hairs: int) -> bool:
        mine = sums.merits(code, way * hairs * HAIR)
        return mine > other if way > 0 else mine < other

    most = int((sums.room(code, way) / HAIR).to_integral_value(ROUND_FLOOR))
    if most < 1 or not passes(most):
        return []
    # Where no cap is near, the difference of the totals is the answer or a hair less than it.
    least = max(0, int(abs(other[0] - sums.merits()[0]) / HAIR) - 1)
    least = least if least < most and not passes(least) else 0
    near = min(most, least + 3)
    most = near if passes(near) else most
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if passes(middle) else (middle, most)
    return [Move(key, code, way * most * HAIR)]


@dataclass(frozen=True)
class Trial:
    """The order under other weights: the rank of each unit, by key. `factors` are by group."""

    name: str
    factors: Mapping[str, Decimal]
    ranks: Mapping[str, int]


def weighted(
    rules: Rules,
    entrants: Sequence[Entrant],
    placed: Sequence[Placed],
    factors: Mapping[str, Decimal],
) -> list[Ranked]:
    """Return the order with the points of each top row multiplied; no factor is 1.

    The ceiling grows and shrinks with the maxima, so that it decides no more than before.
    """
    facts = {row.key: row.facts for row in entrants}
    tops = [rule for rule in rules.criteria if rule.group == ""]
    most = sum((rule.max_score for rule in tops), ZERO)
    grown = sum((rule.max_score * factors.get(rule.code, Decimal(1)) for rule in tops), ZERO)
    ceiling = rules.ceiling * grown / most if most > 0 else rules.ceiling
    entries = []
    for row in placed:
        made = row.total.groups
        points = {top.code: made[top.code] * factors.get(top.code, Decimal(1)) for top in tops}
        lead = made.get(rules.lead_group, next(iter(made.values()), ZERO))
        given = facts.get(row.key, {})
        entries.append(
            RankEntry(
                key=row.key,
                total=max(ZERO, min(sum(points.values(), ZERO), ceiling)),
                group_a=points.get(rules.lead_group, lead),
                penalty=points.get(rules.penalty_group, row.total.penalty),
                bonus=points.get(rules.bonus_group, row.total.bonus),
                **{step: given.get(step, ZERO) for step in ("ballot", "women", "meeting")},
            )
        )
    return rank(entries, rules.tie_breaks)


def trial(
    name: str,
    rules: Rules,
    entrants: Sequence[Entrant],
    placed: Sequence[Placed],
    factors: Mapping[str, Decimal],
) -> Trial:
    """Return the ranks under other weights, under the name of the trial."""
    order = weighted(rules, entrants, placed, factors)
    return Trial(name, factors, {str(row.key): row.rank for row in order})


def base_tops(rules: Rules) -> list[CriterionRule]:
    """Return the top rows that are neither bonus nor penalty."""
    special = {rules.bonus_group, rules.penalty_group}
    return [rule for rule in rules.criteria if rule.group == "" and rule.code not in special]


def usual_factors(rules: Rules) -> dict[str, dict[str, Decimal]]:
    """Return the usual trials by name: "A+", "A-" for each group, "equal", "plain".

    Equal gives every group the same maximum, plain leaves bonus and penalty out.
    """
    tops = [rule for rule in base_tops(rules) if rule.max_score > 0]
    found: dict[str, dict[str, Decimal]] = {}
    if len(tops) > 1:
        for rule in tops:
            found[f"{rule.code}+"] = {rule.code: 1 + TENTH}
            found[f"{rule.code}-"] = {rule.code: 1 - TENTH}
        share = sum((rule.max_score for rule in tops), ZERO) / len(tops)
        found["equal"] = {rule.code: share / rule.max_score for rule in tops}
    special = {rules.bonus_group, rules.penalty_group}
    signed = [rule.code for rule in rules.criteria if rule.group == "" and rule.code in special]
    if signed:
        found["plain"] = dict.fromkeys(signed, ZERO)
    return found


def factors_of(rules: Rules, maxima: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the factors that give each named group another maximum (of a penalty: minimum)."""
    found = {}
    for rule in rules.criteria:
        span = max(abs(rule.max_score), abs(rule.min_score))
        if rule.group == "" and rule.code in maxima and span:
            found[rule.code] = abs(maxima[rule.code]) / span
    return found


class Spread(StrEnum):
    """Why a criterion decides little: everybody has all of it, the same, or nearly the same."""

    FULL = "full"
    SAME = "same"
    NEAR = "near"


@dataclass(frozen=True)
class Flat:
    """A criterion that tells few units apart, with the lowest and highest share of its maximum."""

    code: str
    spread: Spread
    lowest: Decimal
    highest: Decimal


def flat(rules: Rules, placed: Sequence[Placed]) -> list[Flat]:
    """Return the criteria without spread, in the order of the scheme; two units at least."""
    found = []
    for rule in rules.criteria:
        span = rule.max_score if rule.max_score > 0 else -rule.min_score
        if rule.kind is Kind.GROUP or span <= 0 or len(placed) < 2:
            continue
        shares = [row.points.get(rule.code, ZERO) / span for row in placed]
        low, high = min(shares), max(shares)
        if high - low > NEARLY:
            continue
        spread = Spread.NEAR if low != high else Spread.SAME
        if low == high == (1 if rule.max_score > 0 else 0):
            spread = Spread.FULL
        found.append(Flat(rule.code, spread, low, high))
    return found


def counted(rules: Rules, also: Iterable[str] = ()) -> list[str]:
    """Return the criteria whose points grow with a number of things; `also` names further ones."""
    more = set(also)
    return [
        rule.code
        for rule in rules.criteria
        if rule.kind is not Kind.GROUP
        and rule.max_score > 0
        and (rule.kind is Kind.COUNT or rule.method.value == "EACH" or rule.code in more)
    ]


def per_head(
    placed: Sequence[Placed], codes: Iterable[str], sizes: Mapping[str, Decimal]
) -> dict[str, tuple[Decimal, Decimal]]:
    """Return {unit: (points of these criteria, the same per 100 heads)} where a size is known."""
    named = list(codes)
    found = {}
    for row in placed:
        points = sum((row.points.get(code, ZERO) for code in named), ZERO)
        if size := sizes.get(row.key):
            found[row.key] = (points, points * 100 / size)
    return found


def correlation(couples: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return the rank correlation (Spearman, -1 to 1); None below three or without spread."""
    if len(couples) < 3:
        return None
    xs, ys = (_ranks([couple[at] for couple in couples]) for at in (0, 1))
    mean = Decimal(len(couples) + 1) / 2
    across = sum(((x - mean) * (y - mean) for x, y in zip(xs, ys, strict=True)), ZERO)
    wide = sum(((x - mean) ** 2 for x in xs), ZERO) * sum(((y - mean) ** 2 for y in ys), ZERO)
    return max(Decimal(-1), min(Decimal(1), across / wide.sqrt())) if wide else None


def _ranks(values: Sequence[Decimal]) -> list[Decimal]:
    """Return the rank of each value; equal ones share the mean of theirs."""
    order = sorted(values)
    first = {value: at for at, value in reversed(list(enumerate(order, 1)))}
    number = {value: order.count(value) for value in first}
    return [first[value] + Decimal(number[value] - 1) / 2 for value in values]


@dataclass(frozen=True)
class Turns:
    """Whether a flag goes round: of `changes` years with a new holder, how many `in_turn`.

    In turn: it went to one of those who never had it or had it the longest ago. `by_chance` is how
    many would be expected if each member had the same chance every year.
    """

    years: int
    changes: int
    kept: int
    in_turn: int
    by_chance: Decimal

    @property
    def is_short(self) -> bool:
        """Too few years to read anything from them."""
        return self.years < FEW_YEARS


def turns(years: Sequence[tuple[frozenset[Hashable], frozenset[Hashable]]]) -> Turns:
    """Return how a flag wandered; `years` holds (holders, members), the oldest first.

    A year without a holder is left out.
    """
    known = [(holders & members, members) for holders, members in years if holders & members]
    last: dict[Hashable, int] = {}
    changes = kept = in_turn = 0
    by_chance = ZERO
    for at, (holders, members) in enumerate(known):
        if at:
            oldest = min(last.get(one, -1) for one in members)
            waiting = {one for one in members if last.get(one, -1) == oldest}
            before = known[at - 1][0]
            kept += holders == before
            changes += holders != before
            in_turn += bool(holders - before) and holders - before <= waiting
            by_chance += Decimal(len(waiting)) / len(members)
        last |= dict.fromkeys(holders, at)
    return Turns(len(known), changes, kept, in_turn, by_chance)
