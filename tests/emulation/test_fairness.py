"""What the order hangs on: every change that is named is made, and looked at through `tally`."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation import fairness
from emulation.fairness import HAIR, Spread
from emulation.scoring import CriterionRule, Kind, Method
from emulation.tally import Cell, Entrant, Placed, Rules, tally

D = Decimal


def rule(code: str, most: str, group: str = "", least: str = "0", kind: Kind = Kind.QUALITATIVE):
    return CriterionRule(code, kind, D(most), D(least), None, group)


RULES = Rules(
    criteria=(
        rule("A", "50", kind=Kind.GROUP), rule("A1", "30", "A"), rule("A2", "30", "A"),
        rule("A3", "10", "A", kind=Kind.GROUP), rule("a", "6", "A3"), rule("b", "6", "A3"),
        rule("B", "20", kind=Kind.GROUP), rule("B1", "20", "B", kind=Kind.COUNT),
        rule("D", "10", kind=Kind.PLUS_MINUS), rule("E", "0", least="-15", kind=Kind.PLUS_MINUS),
    ),
    ceiling=D("75"),
)  # fmt: skip
LEAVES = [row for row in RULES.criteria if row.kind is not Kind.GROUP]


def entrant(key: str, **points: str) -> Entrant:
    return Entrant(key, {code: Cell(score=D(value)) for code, value in points.items()})


def order(*entrants: Entrant, rules: Rules = RULES) -> list[Placed]:
    return tally(rules, entrants)


@st.composite
def sheets(draw: st.DrawFn) -> list[Entrant]:
    found = []
    for number in range(draw(st.integers(2, 5))):
        cells = {}
        for row in LEAVES:
            least, most = int(row.min_score * 100), int(row.max_score * 100)
            cells[row.code] = Cell(score=D(draw(st.integers(least, most))) / 100)
        meeting = {"meeting": D(draw(st.integers(0, 2)))}
        found.append(Entrant(str(number), cells, meeting))
    return found


def changed(entrants: list[Entrant], move: fairness.Move, by: Decimal) -> list[Entrant]:
    return [
        replace(row, cells={**row.cells, move.code: Cell(score=row.cells[move.code].score + by)})
        if row.key == move.key
        else row
        for row in entrants
    ]


def stands_before(rules: Rules, entrants: list[Entrant], first: str, second: str) -> bool:
    ranks = {row.key: row.rank for row in tally(rules, entrants)}
    return ranks[first] < ranks[second]


@given(sheets())
@settings(max_examples=60, deadline=None)
def test_a_change_that_is_named_turns_the_pair_and_a_hair_less_does_not(
    entrants: list[Entrant],
) -> None:
    for pair in fairness.pairs(RULES, entrants, tally(RULES, entrants)):
        for move in pair.moves:
            enough = changed(entrants, move, move.by)
            assert stands_before(RULES, enough, pair.lower, pair.upper), move
            less = changed(entrants, move, move.by - HAIR.copy_sign(move.by))
            assert not stands_before(RULES, less, pair.lower, pair.upper), move


@given(sheets())
@settings(max_examples=40, deadline=None)
def test_a_criterion_that_is_not_named_turns_nothing_even_at_its_bound(
    entrants: list[Entrant],
) -> None:
    for pair in fairness.pairs(RULES, entrants, tally(RULES, entrants)):
        named = {(move.key, move.code) for move in pair.moves}
        cells = {row.key: row.cells for row in entrants}
        for row in LEAVES:
            for key, bound in ((pair.lower, row.max_score), (pair.upper, row.min_score)):
                if (key, row.code) not in named:
                    by = bound - cells[key][row.code].score
                    tried = changed(entrants, fairness.Move(key, row.code, by), by)
                    assert not stands_before(RULES, tried, pair.lower, pair.upper)


def test_the_smallest_change_of_a_pair() -> None:
    entrants = [entrant("x", A1="20", B1="10"), entrant("y", A1="19.5", B1="10")]
    (pair,) = fairness.pairs(RULES, entrants, order(*entrants))
    assert (pair.upper, pair.lower, pair.apart) == ("x", "y", D("0.5"))
    # Half a point more in A makes a tie that group A does not break; in B group A decides.
    assert pair.smallest is not None
    assert pair.smallest.by == D("0.51")
    assert {(m.key, m.code): m.by for m in pair.moves}["y", "B1"] == D("0.51")
    assert {(m.key, m.code): m.by for m in pair.moves}["x", "A1"] == D("-0.51")


def test_a_tie_that_group_a_would_break_needs_no_hair_more() -> None:
    entrants = [entrant("x", A1="10", B1="10"), entrant("y", A1="10", B1="9")]
    (pair,) = fairness.pairs(RULES, entrants, order(*entrants))
    assert {(m.key, m.code): m.by for m in pair.moves}["y", "A1"] == D("1.00")


def test_a_pair_too_far_apart_has_no_single_change() -> None:
    entrants = [entrant("x", A1="30", A2="20", B1="20", D="5"), entrant("y", A1="1")]
    (pair,) = fairness.pairs(RULES, entrants, order(*entrants))
    assert pair.moves == ()
    assert pair.smallest is None


def test_nobody_and_one_unit_have_no_pairs() -> None:
    assert fairness.pairs(RULES, [], []) == []
    one = [entrant("x", A1="1")]
    assert fairness.pairs(RULES, one, order(*one)) == []


def test_other_weights_turn_an_order_that_hangs_on_one_group() -> None:
    entrants = [entrant("x", A1="30", B1="5"), entrant("y", A1="15", B1="19")]
    placed = order(*entrants)
    assert [row.key for row in placed] == ["x", "y"]
    usual = fairness.usual_factors(RULES)
    assert list(usual) == ["A+", "A-", "B+", "B-", "equal", "plain"]
    ranks = {
        name: dict(fairness.trial(name, RULES, entrants, placed, factors).ranks)
        for name, factors in usual.items()
    }
    assert ranks["A+"] == {"x": 1, "y": 2}
    assert ranks["A-"] == {"x": 2, "y": 1}
    assert ranks["B+"] == {"x": 2, "y": 1}
    assert ranks["equal"] == {"x": 2, "y": 1}


@given(sheets())
@settings(max_examples=30, deadline=None)
def test_the_present_weights_give_the_present_order(entrants: list[Entrant]) -> None:
    placed = tally(RULES, entrants)
    same = fairness.trial("same", RULES, entrants, placed, {})
    assert dict(same.ranks) == {row.key: row.rank for row in placed}


def test_typed_maxima_become_factors() -> None:
    maxima = {"A": D("25"), "E": D("30"), "A1": D("5"), "x": D("1")}
    assert fairness.factors_of(RULES, maxima) == {"A": D("0.5"), "E": D("2")}


def test_criteria_without_spread() -> None:
    entrants = [
        entrant("x", A1="30", A2="15", a="6", B1="10"),
        entrant("y", A1="30", A2="15", a="5.9", B1="20"),
    ]
    found = {row.code: row.spread for row in fairness.flat(RULES, order(*entrants))}
    assert found == {
        "A1": Spread.FULL, "A2": Spread.SAME, "a": Spread.NEAR, "b": Spread.SAME,
        "D": Spread.SAME, "E": Spread.FULL,
    }  # fmt: skip
    assert fairness.flat(RULES, order(entrants[0])) == []


def test_points_per_hundred_heads() -> None:
    placed = order(entrant("x", B1="10"), entrant("y", B1="8"))
    assert fairness.counted(RULES) == ["B1"]
    assert fairness.counted(RULES, {"A1"}) == ["A1", "B1"]
    sizes = {"x": D("200"), "y": D("80"), "z": D("1")}
    assert fairness.per_head(placed, ["B1"], sizes) == {"x": (D(10), D(5)), "y": (D(8), D(10))}
    assert fairness.per_head(placed, ["B1"], {"x": D(0)}) == {}


def test_a_criterion_with_points_for_each_is_counted() -> None:
    each = replace(rule("B", "5"), method=Method.EACH, points_each=D(1))
    assert fairness.counted(replace(RULES, criteria=(each,))) == ["B"]


@pytest.mark.parametrize(
    ("couples", "expected"),
    [
        ([(1, 1), (2, 2)], None),
        ([(1, 1), (2, 2), (3, 9)], 1),
        ([(1, 3), (2, 2), (3, 1)], -1),
        ([(1, 3), (1, 2), (1, 1)], None),
        ([(1, 1), (1, 1), (2, 2), (2, 2)], 1),
    ],
)
def test_rank_correlation(couples: list[tuple[int, int]], expected: int | None) -> None:
    found = fairness.correlation([(D(x), D(y)) for x, y in couples])
    assert found == expected


ALL = frozenset("xyz")


def years(*holders: str) -> list[tuple[frozenset[object], frozenset[object]]]:
    return [(frozenset(one), ALL) for one in holders]


def test_a_flag_that_goes_round_always_goes_to_who_waited_longest() -> None:
    found = fairness.turns(years("x", "y", "z", "x", "y"))
    assert (found.years, found.changes, found.kept, found.in_turn) == (5, 4, 0, 4)
    # Two of three waited after the first year, then always one.
    assert found.by_chance == pytest.approx(D(2) / 3 + 1)
    assert not found.is_short


def test_a_flag_that_stays_is_not_in_turn() -> None:
    found = fairness.turns(years("x", "x", "x"))
    assert (found.changes, found.kept, found.in_turn, found.is_short) == (0, 2, 0, True)


def test_years_without_a_holder_are_left_out() -> None:
    assert fairness.turns(years("x", "", "q", "y")).years == 2
    assert fairness.turns([]) == fairness.Turns(0, 0, 0, 0, D(0))
