"""How many points, and who ranks above whom. Pure: Decimal only, no Django, no database.

Formulas and rules: domain.md §4.1 (scheme A), §4.4 (percentage to points), §4.5 (grades, order).
Points are computed exactly and kept to 4 places, half up; they are shown with 2 and ranked with
all they have. Arguments that make no sense (NaN, infinity, a negative maximum or target) raise
ValueError; a result below zero, such as a reduction that became a rise, earns nothing.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import (
    ROUND_05UP,
    ROUND_HALF_UP,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
    localcontext,
)
from enum import StrEnum
from functools import update_wrapper
from itertools import pairwise
from typing import Generic, ParamSpec

from emulation.kinds import Grade, Kind, Method

ZERO, ONE = Decimal(0), Decimal(1)
CEILING = Decimal(110)  # scheme B: 100 and at most 10 of bonus
BONUS_GROUP, PENALTY_GROUP = "D", "E"  # as scheme B letters them
BANDS = (
    (Decimal(100), Decimal(100)),
    (Decimal(95), Decimal(90)),
    (Decimal(90), Decimal(80)),
    (Decimal(80), Decimal(65)),
    (Decimal(70), Decimal(50)),
)  # (at least this percentage of the target, this percentage of the points), from the top
LATE_WEEK = Decimal("0.1")  # of the maximum, per started week

# Wide enough that no product of real inputs is rounded before the single division of a formula.
EXACT = Context(prec=100, rounding=ROUND_HALF_UP)
_STRICT = Context(prec=100, traps=[Inexact, InvalidOperation])
# A quotient cut so that rounding it once more, half up to the places kept, is as if it never was.
_DIVISION = Context(prec=34, rounding=ROUND_05UP)
_LARGEST, _LEAST = Decimal(10) ** 20, -(Decimal(10) ** 20)
_NO_NUMBER = "A maximum, a target or a result is a number up to 10**20, a target from 0."
_KEPT, _SHOWN = Decimal("0.0001"), Decimal("0.01")

_P = ParamSpec("_P")


GRADES = (
    (Decimal(90), Grade.EXCELLENT),
    (Decimal(80), Grade.GOOD),
    (Decimal(70), Grade.FAIR),
    (Decimal(50), Grade.AVERAGE),
)  # (at least this total, this grade), from the top; below the last: WEAK


@dataclass(frozen=True)
class CriterionRule:
    """One row of a scheme. `group` is the code of the row above it, "" at the top.

    A row with a method takes an actual value instead of points.
    """

    code: str
    kind: Kind
    max_score: Decimal
    min_score: Decimal
    points_each: Decimal | None
    group: str
    method: Method = Method.TYPED


@dataclass(frozen=True)
class SheetTotal:
    """The sums of one unit. `groups` holds every group and every criterion at the top by code."""

    groups: dict[str, Decimal]
    bonus: Decimal
    penalty: Decimal  # zero or negative
    total: Decimal


class ScoreOutOfRange(ValueError):  # noqa: N818 - the name says what happened to the score
    """A score that its criterion does not take.

    `code` is one of "not_a_number", "computed", "below_min", "above_max", "too_precise".
    """

    def __init__(self, code: str, rule: CriterionRule, value: Decimal) -> None:
        super().__init__(f"{rule.code}: {value} ({code})")
        self.code = code
        self.rule = rule
        self.value = value


class Formula(Generic[_P]):
    """A formula that is computed without rounding, and whose points are rounded once, as kept."""

    def __init__(self, unrounded: Callable[_P, Decimal]) -> None:
        self.unrounded = unrounded
        update_wrapper(self, unrounded)

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> Decimal:
        try:
            with localcontext(EXACT):
                return self.unrounded(*args, **kwargs).quantize(_KEPT)
        except InvalidOperation as error:
            raise ValueError(_NO_NUMBER) from error

    def within(self, *args: _P.args, **kwargs: _P.kwargs) -> Decimal:
        """Return the same points to who computes in the context EXACT already, many at once."""
        return self.unrounded(*args, **kwargs).quantize(_KEPT)


@Formula
def half_plus_leader(
    max_score: Decimal,
    actual: Decimal,
    target: Decimal,
    best: Decimal | None,
    best_target: Decimal = ONE,
) -> Decimal:
    """Return the points of scheme A: half for meeting the target, the rest by distance to the best.

    `best` is the cluster's `leader_ratio`, None if no unit has a target; or with `best_target` the
    result and the target of the `leader`, so that nothing is rounded on the way. A ratio of at most
    1 means that nobody exceeded: then half is the most, for everybody.
    A target of zero is met by any result and cannot be exceeded.
    """
    return half_plus_leader_of(max_score, best, best_target)(actual, target)


def half_plus_leader_of(
    max_score: Decimal, best: Decimal | None, best_target: Decimal = ONE
) -> Callable[[Decimal, Decimal], Decimal]:
    """Return `half_plus_leader` for many (actual, target) of one criterion, in context EXACT."""
    _check(max_score, best or ZERO, best_target)
    half = max_score / 2
    lead = ZERO if best is None or best <= best_target else best - best_target

    def points(actual: Decimal, target: Decimal) -> Decimal:
        if not (ZERO <= target <= _LARGEST and _LEAST <= actual <= _LARGEST):
            raise ValueError(_NO_NUMBER)
        if actual < target and target:
            share = half * actual if actual > ZERO else ZERO
            return _DIVISION.divide(share, target).quantize(_KEPT)
        if actual <= target or not lead or not target:
            return half.quantize(_KEPT)
        # (A/T − 1) / (L/TL − 1) with one division. Who leads has all, whatever the last digit.
        excess, reach = (actual - target) * best_target, lead * target
        if excess >= reach:
            return max_score.quantize(_KEPT)
        return _DIVISION.divide(half * (reach + excess), reach).quantize(_KEPT)

    return points


def leader(results: Iterable[tuple[Decimal, Decimal | None]]) -> tuple[Decimal, Decimal] | None:
    """Return the (actual, target) with the highest ratio, compared exactly; the first of equals.

    Pairs without a target, or with one of zero, have no ratio; None if that leaves nobody.
    """
    best: tuple[Decimal, Decimal] | None = None
    with localcontext(EXACT):
        for actual, target in results:
            if target and (best is None or actual * best[1] > best[0] * target):
                best = actual, target
    if best is None:
        return None
    _check(best[1])  # of the others the formulas see to
    return counted(best[0]), best[1]


def leader_ratio(results: Iterable[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """Return actual/target of the `leader` to 28 digits, None if nobody has a target."""
    best = leader(results)
    with localcontext(EXACT, prec=28):
        return None if best is None else best[0] / best[1]


@Formula
def without_target(max_score: Decimal, actual: Decimal, best_actual: Decimal) -> Decimal:
    """Return the points of scheme A where no target is set: the share of the cluster's best.

    Nobody has done anything: nobody gets points.
    """
    _check(max_score)
    best = counted(best_actual)
    return max_score * min(counted(actual), best) / best if best else ZERO


@Formula
def proportional(max_score: Decimal, actual: Decimal, target: Decimal) -> Decimal:
    """Return the share of the target reached, at most all the points; a zero target is reached."""
    return proportional_of(max_score)(actual, target)


def proportional_of(max_score: Decimal) -> Callable[[Decimal, Decimal], Decimal]:
    """Return `proportional` for many (actual, target) of one criterion, in context EXACT."""
    _check(max_score)

    def points(actual: Decimal, target: Decimal) -> Decimal:
        if not (ZERO <= target <= _LARGEST and _LEAST <= actual <= _LARGEST):
            raise ValueError(_NO_NUMBER)
        if actual >= target or not target:
            return max_score.quantize(_KEPT)
        if actual <= ZERO:
            return _KEPT * 0
        return _DIVISION.divide(max_score * actual, target).quantize(_KEPT)

    return points


@Formula
def banded(
    max_score: Decimal,
    actual: Decimal,
    target: Decimal,
    bands: Sequence[tuple[Decimal, Decimal]] = BANDS,
) -> Decimal:
    """Return the points of the band into which the percentage of the target falls, 0 below all."""
    return banded_of(max_score, bands)(actual, target)


def banded_of(
    max_score: Decimal, bands: Sequence[tuple[Decimal, Decimal]] = BANDS
) -> Callable[[Decimal, Decimal], Decimal]:
    """Return `banded` for many (actual, target) of one criterion, in context EXACT."""
    _check(max_score)
    rows = [(least, (max_score * share / 100).quantize(_KEPT)) for least, share in bands]

    def points(actual: Decimal, target: Decimal) -> Decimal:
        if not (ZERO <= target <= _LARGEST and _LEAST <= actual <= _LARGEST):
            raise ValueError(_NO_NUMBER)
        reached = 100 * actual if actual > ZERO else ZERO
        for least, share in rows:
            if reached >= least * target:
                return share
        return _KEPT * 0

    return points


@Formula
def on_time(max_score: Decimal, days_late: Iterable[int]) -> Decimal:
    """Return the points left when each late item costs 10 % of the maximum per started week.

    `days_late` holds the days of each item; zero or fewer is on time.
    """
    _check(max_score)
    weeks = sum((days + 6) // 7 for days in days_late if days > 0)
    return max(ZERO, max_score * (1 - LATE_WEEK * weeks))


@Formula
def count_points(
    count: Decimal | int, points_each: Decimal, max_score: Decimal, min_score: Decimal = ZERO
) -> Decimal:
    """Return `points_each` for each thing counted, within the bounds of the criterion.

    Deductions have negative points and a negative minimum (−0.5 a late report, −3 at most).
    """
    _check(max_score, abs(points_each), abs(min_score))
    points = counted(Decimal(count)) * points_each
    return _within(points, min_score, max_score) + ZERO  # no deduction is 0, not −0


@Formula
def qualitative(max_score: Decimal, *, met: bool) -> Decimal:
    """Return all the points for a requirement met, none for one that is not."""
    _check(max_score)
    return max_score if met else ZERO


def _check(*amounts: Decimal) -> None:
    """Raise ValueError unless all amounts are numbers from 0 to 10**20."""
    for amount in amounts:
        if not (amount.is_finite() and ZERO <= amount <= _LARGEST):
            raise ValueError("A maximum or a target is a number from 0 to 10**20.")


def counted(actual: Decimal) -> Decimal:
    """Return a result as it counts, at least 0. Raises ValueError for NaN and past 10**20."""
    if not actual.is_finite() or abs(actual) > _LARGEST:
        raise ValueError(_NO_NUMBER)
    return actual if actual > ZERO else ZERO


def check_score(rule: CriterionRule, value: Decimal) -> None:
    """Raise ScoreOutOfRange unless the criterion takes this score, with at most 2 decimals."""
    if not value.is_finite():
        raise ScoreOutOfRange("not_a_number", rule, value)
    if rule.kind is Kind.GROUP:
        raise ScoreOutOfRange("computed", rule, value)
    if value < rule.min_score:
        raise ScoreOutOfRange("below_min", rule, value)
    if value > rule.max_score:
        raise ScoreOutOfRange("above_max", rule, value)
    try:
        value.quantize(_SHOWN, context=_STRICT)
    except (Inexact, InvalidOperation) as error:
        raise ScoreOutOfRange("too_precise", rule, value) from error


def total_sheet(
    rules: Sequence[CriterionRule],
    scores: Mapping[str, Decimal],
    *,
    ceiling: Decimal = CEILING,
    bonus_group: str = BONUS_GROUP,
    penalty_group: str = PENALTY_GROUP,
) -> SheetTotal:
    """Return the sums of a sheet: `scores` by criterion code, under the caps of the scheme.

    A score that is missing counts 0. Every criterion, every group at every depth and the total
    keep to their own minimum and maximum (the total: 0 to `ceiling`), so no error of entry can
    leak upwards. Raises ValueError if a code occurs twice, a group is missing or lies within
    itself, or a score names no criterion of the scheme.
    """
    summing = Summing(rules, ceiling=ceiling, bonus_group=bonus_group, penalty_group=penalty_group)
    return summing.total(scores)


class Summing:
    """`total_sheet` for many sheets of one scheme, whose tree is read once."""

    def __init__(
        self,
        rules: Sequence[CriterionRule],
        *,
        ceiling: Decimal = CEILING,
        bonus_group: str = BONUS_GROUP,
        penalty_group: str = PENALTY_GROUP,
    ) -> None:
        self.ceiling, self.bonus_group, self.penalty_group = ceiling, bonus_group, penalty_group
        rows_of = _rows_by_group(rules)
        self.codes = {rule.code for rule in rules if rule.kind is not Kind.GROUP}
        self.tops = [rule.code for rule in rows_of.get("", ())]
        self.sums: list[_Sum] = []
        for rule in rows_of.get("", ()):
            self._add(rule, rows_of)

    def _add(self, rule: CriterionRule, rows_of: Mapping[str, Sequence[CriterionRule]]) -> None:
        """Note how a row is summed, after the groups in it. A criterion is the sum of itself."""
        rows = rows_of.get(rule.code, ()) if rule.kind is Kind.GROUP else (rule,)
        below = [row for row in rows if row.kind is Kind.GROUP]
        for row in below:
            self._add(row, rows_of)
        leaves = [(r.code, r.min_score, r.max_score) for r in rows if r.kind is not Kind.GROUP]
        groups = [row.code for row in below]
        self.sums.append((rule.code, rule.min_score, rule.max_score, leaves, groups))

    def total(self, scores: Mapping[str, Decimal]) -> SheetTotal:
        """Return the sums of one sheet. Raises ValueError if a score names no criterion."""
        if not scores.keys() <= self.codes:
            raise ValueError("A score names no criterion of the scheme.")
        groups: dict[str, Decimal] = {}
        given = scores.get
        with localcontext(EXACT):
            for code, least, most, leaves, below in self.sums:
                points = ZERO
                for leaf, low, high in leaves:
                    score = given(leaf, ZERO)
                    points += low if score < low else high if score > high else score
                for group in below:
                    points += groups[group]
                groups[code] = _within(points, least, most)
            total = sum([groups[code] for code in self.tops], ZERO)
        return SheetTotal(
            groups=groups,
            bonus=groups.get(self.bonus_group, ZERO),
            penalty=groups.get(self.penalty_group, ZERO),
            total=_within(total, ZERO, self.ceiling),
        )


# Code, bounds, the criteria in it with theirs, the groups in it.
_Sum = tuple[str, Decimal, Decimal, list[tuple[str, Decimal, Decimal]], list[str]]


def _rows_by_group(rules: Sequence[CriterionRule]) -> dict[str, list[CriterionRule]]:
    """Return the rows of each group. Raises ValueError as `total_sheet` says."""
    rows_of: dict[str, list[CriterionRule]] = {}
    for rule in rules:
        rows_of.setdefault(rule.group, []).append(rule)
    if len({rule.code for rule in rules} - {""}) != len(rules):
        raise ValueError("A code occurs twice in the scheme, or is empty.")
    reached = list(rows_of.get("", ()))
    for rule in reached:  # grows while it is read: a walk from the top
        reached += rows_of.get(rule.code, ()) if rule.kind is Kind.GROUP else ()
    if len(reached) != len(rules):
        raise ValueError("A criterion lies in no group of the scheme.")
    return rows_of


def _within(points: Decimal, least: Decimal, most: Decimal) -> Decimal:
    """Return the points, cut to the bounds."""
    return max(least, min(points, most))


def grade(total: Decimal, thresholds: Sequence[tuple[Decimal, Grade]] = GRADES) -> Grade:
    """Return the grade of an unrounded total; 89.996 is shown as 90 and is still GOOD."""
    return next((name for least, name in thresholds if total >= least), Grade.WEAK)


@dataclass(frozen=True)
class RankEntry:
    """What the order needs to know of one unit; `penalty` is zero or negative, as in a sheet."""

    key: Hashable
    total: Decimal
    group_a: Decimal
    penalty: Decimal
    bonus: Decimal
    ballot: Decimal = ZERO  # votes in the secret ballot
    women: Decimal = ZERO  # 1 where the preference of ND 152/2025 Art. 4 applies
    meeting: Decimal = ZERO  # what the meeting decided: the higher stands before


class Step(StrEnum):
    """What can tell two units apart (domain.md §4.5); TIE: nothing did, they share the place."""

    TOTAL = "total"
    GROUP_A = "group_a"
    PENALTY = "penalty"
    BONUS = "bonus"
    BALLOT = "ballot"
    WOMEN = "women"
    MEETING = "meeting"
    TIE = "tie"


# The order of domain.md §4.5 after the total; a scheme may write another.
TIE_BREAKS = (
    Step.GROUP_A, Step.PENALTY, Step.BONUS, Step.BALLOT, Step.WOMEN, Step.MEETING,
)  # fmt: skip


@dataclass(frozen=True)
class Ranked:
    """One unit in its place.

    `decided_by` is the deepest step it took to tell the unit from any other. `looks_tied` says that
    another unit shows the same total in two decimals but has a different one.
    """

    rank: int
    decided_by: Step
    entry: RankEntry
    looks_tied: bool = False

    @property
    def key(self) -> Hashable:
        """Return whose place it is."""
        return self.entry.key


def rank(entries: Sequence[RankEntry], tie_breaks: Sequence[Step] = TIE_BREAKS) -> list[Ranked]:
    """Return the units in order, the best first, by total and then by the written tie-breaks.

    All values are compared unrounded. Ranks are dense (1, 2, 2, 3): entries equal in everything
    share one, and stand in the order in which they came. Raises ValueError if a step is no
    tie-break or is written twice.
    """
    if len({*tie_breaks} & {*TIE_BREAKS}) != len(tie_breaks):
        raise ValueError("The order of tie-breaks names each step at most once.")
    steps_written = (Step.TOTAL, *tie_breaks)

    def merits(entry: RankEntry) -> tuple[Decimal, ...]:
        # A penalty is zero or negative: the nearer to zero is the better.
        return tuple(getattr(entry, step.value) for step in steps_written)

    def deciding(entry: RankEntry, other: RankEntry) -> Step:
        pairs = zip(steps_written, merits(entry), merits(other), strict=True)
        return next((step for step, mine, theirs in pairs if mine != theirs), Step.TIE)

    depth = [*steps_written, Step.TIE].index
    order = sorted(entries, key=merits, reverse=True)
    # In this order nobody is nearer to a unit than its neighbours. steps[i] is before order[i].
    steps = [deciding(above, below) for above, below in pairwise(order)]
    steps = [Step.TOTAL, *steps, Step.TOTAL]
    totals_shown: dict[Decimal, set[Decimal]] = {}
    for entry in order:
        totals_shown.setdefault(round_display(entry.total), set()).add(entry.total)
    ranked: list[Ranked] = []
    place = 0
    for index, entry in enumerate(order):
        place += steps[index] is not Step.TIE
        deepest = max(steps[index], steps[index + 1], key=depth)
        looks_tied = len(totals_shown[round_display(entry.total)]) > 1
        ranked.append(Ranked(place, deepest, entry, looks_tied))
    return ranked


def round_display(value: Decimal) -> Decimal:
    """Return a value as it is shown: 2 places, half up (away from zero below it)."""
    return value.quantize(_SHOWN, context=EXACT)
