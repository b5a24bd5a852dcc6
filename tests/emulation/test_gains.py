from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation import gains, tally
from emulation.scoring import CriterionRule, Kind, Step
from emulation.tally import Cell, Entrant, Placed, Rules

pytestmark = pytest.mark.once


def rule(code: str, group: str, kind: Kind, least: int, most: int) -> CriterionRule:
    return CriterionRule(code, kind, Decimal(most), Decimal(least), None, group)


RULES = Rules(
    criteria=(
        rule("A", "", Kind.GROUP, 0, 50),
        rule("A1", "A", Kind.QUALITATIVE, 0, 40),
        rule("A2", "A", Kind.QUALITATIVE, 0, 20),
        rule("D", "", Kind.PLUS_MINUS, 0, 10),
        rule("E", "", Kind.PLUS_MINUS, -15, 0),
    ),
    ceiling=Decimal(110),
)


def order(**units: Mapping[str, str]) -> tuple[list[Entrant], list[Placed]]:
    rows = [
        Entrant(key, {code: Cell(score=Decimal(value)) for code, value in points.items()})
        for key, points in units.items()
    ]
    return rows, tally.tally(RULES, rows)


def test_one_criterion_would_have_sufficed() -> None:
    rows, placed = order(x={"A1": "36", "A2": "5"}, y={"A1": "30", "A2": "9", "E": "-1"})
    found = gains.ways(RULES, rows, placed, "y")
    assert found.distance == 3
    assert found.single == ["A2", "A1", "D"]  # the dearest first, a bonus last; E leaves one point
    assert found.together == []


def test_only_several_would_have_sufficed() -> None:
    rows, placed = order(
        x={"A1": "30", "A2": "20", "D": "7"}, y={"A1": "30", "A2": "15", "D": "10", "E": "-5"}
    )
    found = gains.ways(RULES, rows, placed, "y")
    assert found.distance == 7
    assert (found.single, found.together) == ([], ["A1", "A2", "E"])


def test_nothing_would_have_sufficed() -> None:
    rows, placed = order(
        x={"A1": "40", "A2": "10", "D": "10"}, y={"A1": "35", "A2": "14", "D": "3"}
    )
    found = gains.ways(RULES, rows, placed, "y")
    assert "D" not in found.single
    assert found.together == []  # a bonus is nothing lost


def test_what_a_cap_would_swallow_is_not_promised() -> None:
    rows, placed = order(x={"A1": "40", "A2": "10", "D": "9"}, y={"A1": "30", "A2": "18"})
    found = gains.ways(RULES, rows, placed, "y")
    assert "A1" not in found.single  # 10 open, but group A takes only 2 more


def test_tie_names_the_step_and_a_little_more_would_have_sufficed() -> None:
    rows, placed = order(x={"A1": "30"}, y={"A1": "28", "D": "2"})
    assert gains.beside(RULES, placed, {}, "y", "x") is Step.GROUP_A
    assert gains.ways(RULES, rows, placed, "y").distance == 0
    assert "A2" in gains.ways(RULES, rows, placed, "y").single


def test_the_first_needs_nothing() -> None:
    rows, placed = order(x={"A1": "30"}, y={"A1": "28"})
    assert gains.ways(RULES, rows, placed, "x") == gains.Ways(Decimal(0), [], [])


CELLS = st.fixed_dictionaries(
    {
        "A1": st.integers(0, 40), "A2": st.integers(0, 20), "D": st.integers(0, 10),
        "E": st.integers(-15, 0),
    }
)  # fmt: skip


@given(st.lists(CELLS, min_size=2, max_size=6))
def test_what_is_promised_comes_true(units: list[dict[str, int]]) -> None:
    named = {f"u{i}": {k: str(v) for k, v in cells.items()} for i, cells in enumerate(units)}
    rows, placed = order(**named)
    most = {row.code: str(row.max_score) for row in RULES.criteria}
    for row in placed:
        found = gains.ways(RULES, rows, placed, row.key)
        tries = [[code] for code in found.single] + ([found.together] if found.together else [])
        rivals = {one.key for one in placed if one.rank == row.rank - 1}
        for codes in tries:
            better = named | {row.key: named[row.key] | {code: most[code] for code in codes}}
            again = {one.key: one.rank for one in order(**better)[1]}
            assert all(again[row.key] < again[rival] for rival in rivals)
