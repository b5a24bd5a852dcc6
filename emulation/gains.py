"""What would have brought a unit one place higher. Pure: sums and order come from `scoring`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from emulation import scoring, tally
from emulation.scoring import Kind, Step
from emulation.tally import Entrant, Placed, Rules


@dataclass(frozen=True)
class Gain:
    """A criterion with the points that its maximum leaves open, and whether it is a bonus."""

    code: str
    open: Decimal
    is_bonus: bool


@dataclass(frozen=True)
class Ways:
    """How a unit could have passed the next better place, by the codes of criteria.

    Each of `single` would have done alone; where no loss would, `together` are the fewest of the
    largest losses that would have, empty if not even all of them.
    """

    distance: Decimal
    single: list[str]
    together: list[str]


def beside(rules: Rules, placed: Sequence[Placed], facts: Mapping[str, Mapping[str, Decimal]],
           key: str, other: str) -> Step:  # fmt: skip
    """Return the step of the written order that tells two units apart."""
    rows = {row.key: row for row in placed}
    pair = [_entry(rules, one, rows[one].total, facts) for one in (key, other)]
    return scoring.rank(pair, rules.tie_breaks)[0].decided_by


def open_points(rules: Rules, points: Mapping[str, Decimal]) -> list[Gain]:
    """Return the criteria below their maximum, losses before bonuses, the largest first."""
    tops = _tops(rules)
    found = [
        Gain(rule.code, left, tops[rule.code] == rules.bonus_group != "")
        for rule in rules.criteria
        if rule.kind is not Kind.GROUP
        and (left := rule.max_score - points.get(rule.code, Decimal(0))) > 0
    ]
    return sorted(found, key=lambda row: (row.is_bonus, -row.open))


def ways(rules: Rules, entrants: Sequence[Entrant], placed: Sequence[Placed], key: str) -> Ways:
    """Return what would have brought the unit past the next better place.

    Each try is summed again under the caps of all groups, so what a cap would swallow is not
    promised.
    """
    rows = {row.key: row for row in placed}
    me = rows[key]
    above = [row for row in placed if row.rank == me.rank - 1]
    if not above:
        return Ways(Decimal(0), [], [])
    facts = {row.key: row.facts for row in entrants}
    rival = above[0]
    most = {rule.code: rule.max_score for rule in rules.criteria}
    distance = rival.total.total - me.total.total

    def passes(codes: Iterable[str]) -> bool:
        made = tally.total(rules, me.points | {code: most[code] for code in codes})
        if made.total < rival.total.total:
            return False
        pair = [_entry(rules, key, made, facts), _entry(rules, rival.key, rival.total, facts)]
        first, second = scoring.rank(pair, rules.tie_breaks)
        return first.key == key and second.rank > first.rank

    gains = open_points(rules, me.points)
    single = [row.code for row in gains if row.open >= distance and passes([row.code])]
    taken: list[str] = []
    losses = [row.code for row in gains if not row.is_bonus]
    if not set(single) & set(losses):
        for number in range(2, len(losses) + 1):
            if passes(losses[:number]):
                taken = losses[:number]
                break
    return Ways(distance, single, taken)


def _tops(rules: Rules) -> dict[str, str]:
    """Return the code at the top of the scheme above each code."""
    groups = {rule.code: rule.group for rule in rules.criteria}

    def top(code: str) -> str:
        return top(groups[code]) if groups[code] else code

    return {code: top(code) for code in groups}


def _entry(
    rules: Rules, key: str, made: scoring.SheetTotal, facts: Mapping[str, Mapping[str, Decimal]]
) -> scoring.RankEntry:
    known = facts.get(key, {})
    first = next(iter(made.groups.values()), Decimal(0))
    return scoring.RankEntry(
        key=key, total=made.total, group_a=made.groups.get(rules.lead_group, first),
        penalty=made.penalty, bonus=made.bonus,
        ballot=known.get("ballot", Decimal(0)), women=known.get("women", Decimal(0)),
        meeting=known.get("meeting", Decimal(0)),
    )  # fmt: skip
