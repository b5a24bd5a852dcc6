"""What would have given a unit a better place. Pure.

The others are held at their points. A better result by the leader's formula could only have
lowered them, so what is said to suffice does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext

from emulation import scoring
from emulation.scoring import ZERO, CriterionRule, Kind, Method, SheetTotal, Step
from emulation.tally import Placed, Rules

_TYPED, _COMPUTED = Decimal("0.01"), Decimal("0.0001")  # the smallest step of points


@dataclass(frozen=True)
class Room:
    """How many points a criterion had left, and how many of them would have sufficed alone.

    `needed` is None where not even the maximum would.
    """

    code: str
    points: Decimal
    most: Decimal
    left: Decimal
    needed: Decimal | None

    @property
    def suffices(self) -> bool:
        """Tell whether this criterion alone would have given the place."""
        return self.needed is not None


@dataclass(frozen=True)
class Overtaking:
    """What parts a unit from a better place.

    `rivals` hold that place. `margin` is the difference of the totals; at equal totals `decides`
    is the first tie-break that would tell the two apart, as their values are (TIE: none, they
    would share the place), and `ahead_at_equality` whether it would do so in the unit's favour.
    """

    key: str
    place: int
    rivals: tuple[str, ...]
    margin: Decimal
    decides: Step
    ahead_at_equality: bool
    criteria: tuple[Room, ...]


def overtaking(
    rules: Rules, placed: Sequence[Placed], key: str, place: int | None = None
) -> Overtaking | None:
    """Return what would have put a unit before who holds `place`, by default the next better one.

    None for who has that place or a better one. Raises KeyError if nobody has the key.
    """
    own = {row.key: row for row in placed}[key]
    place = own.rank - 1 if place is None else place
    rivals = [row for row in placed if row.rank == place]
    if place >= own.rank or not rivals:
        return None
    rival = rivals[0]  # who share a place are equal in everything compared
    race = _Race(rules, own, rival)
    decides = next(
        (step for step in rules.tie_breaks if own.merits[step] != rival.merits[step]), Step.TIE
    )
    with localcontext(scoring.EXACT):
        margin = rival.total.total - own.total.total
    return Overtaking(
        key=key,
        place=place,
        rivals=tuple(row.key for row in rivals),
        margin=margin,
        decides=decides,
        ahead_at_equality=decides is not Step.TIE and own.merits[decides] > rival.merits[decides],
        criteria=tuple(race.room(row) for row in rules.criteria if row.kind is not Kind.GROUP),
    )


class _Race:
    """Whether one unit with other points would stand before another."""

    def __init__(self, rules: Rules, own: Placed, rival: Placed) -> None:
        self.own, self.summing, self.lead = own, rules.summing(), rules.lead
        self.steps = (Step.TOTAL, *rules.tie_breaks)
        self.bar = [rival.merits[step] for step in self.steps]

    def won(self, code: str, points: Decimal) -> bool:
        """Tell whether these points in one criterion would have sufficed."""
        made: SheetTotal = self.summing.total({**self.own.points, code: points})
        changed = {
            Step.TOTAL: made.total,
            Step.GROUP_A: made.groups.get(self.lead, ZERO),
            Step.PENALTY: made.penalty,
            Step.BONUS: made.bonus,
        }
        return [changed.get(step, self.own.merits[step]) for step in self.steps] > self.bar

    def room(self, rule: CriterionRule) -> Room:
        given = self.own.points.get(rule.code, ZERO)
        points = max(rule.min_score, min(given, rule.max_score))
        with localcontext(scoring.EXACT):
            left = rule.max_score - points
            needed = self._needed(rule, points) if left > 0 else None
        return Room(rule.code, points, rule.max_score, left, needed)

    def _needed(self, rule: CriterionRule, points: Decimal) -> Decimal | None:
        """Return the fewest more points that win, in steps of what the criterion can give."""
        if not self.won(rule.code, rule.max_score):
            return None
        step = _TYPED if rule.method is Method.TYPED else _COMPUTED
        left = rule.max_score - points
        # The more points the better: halve the distance between what loses and what wins.
        losing, winning = 0, int((left / step).to_integral_value(ROUND_CEILING))
        while winning - losing > 1:
            middle = (losing + winning) // 2
            if self.won(rule.code, points + step * middle):
                winning = middle
            else:
                losing = middle
        return min(step * winning, left)
