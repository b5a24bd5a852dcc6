"""The schemes that ship, and the checks of a plan."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from emulation import scheme_a, scheme_b
from emulation.scheme_check import Line, Plan, check, difference
from emulation.scoring import Kind, Method


def test_scheme_a_has_157_criteria_whose_points_make_up_its_groups() -> None:
    leaves = [row for row in scheme_a.LINES if row.kind is not Kind.GROUP]
    assert len(leaves) == 157
    assert sum(row.max_score for row in leaves) == 1000 == scheme_a.PLAN.base
    tops = {row.code: row.max_score for row in scheme_a.PLAN.tops}
    assert tops == {"I": 700, "II": 200, "III": 100}
    methods = Counter(row.method for row in leaves)
    assert methods[Method.HALF_PLUS_LEADER] > 100
    assert methods[Method.EACH] == 7


def test_scheme_a_says_that_its_texts_are_to_be_written() -> None:
    leaves = [row for row in scheme_a.LINES if row.kind is not Kind.GROUP]
    assert all("cụm ghi nội dung" in row.name for row in leaves)
    assert "chưa công bố" in scheme_a.SOURCE


@pytest.mark.parametrize("shipped", [scheme_a, scheme_b])
def test_what_ships_passes_its_own_checks(shipped: Any) -> None:
    assert check(shipped.PLAN) == []
    blocking = {rule.code for rule in shipped.PLAN.rules if rule.source}
    assert blocking == {
        "ky-luat-canh-cao", "duoi-70-phan-tram", "cho-ket-luan", "dieu-lenh-khong-dat",
    }  # fmt: skip
    assert [rule.code for rule in shipped.PLAN.rules if not rule.is_on] == [
        "tu-cham-khong-trung-thuc"
    ]


def row(code: str, parent: str = "A", **values: Any) -> Line:
    most = values.pop("most", 10)
    kind = values.pop("kind", Kind.QUANTITATIVE)
    return Line(code, parent, f"Tiêu chí {code}", kind, Decimal(most), **values)


GOOD = Plan(
    name="Nhỏ", ceiling=Decimal(25), lead_group="A", bonus_group="D", penalty_group="E",
    lines=[
        row("A", "", kind=Kind.GROUP, most=20),
        row("A1", method=Method.PROPORTIONAL),
        row("A2", kind=Kind.COUNT, method=Method.EACH, points_each=Decimal(2)),
        row("D", "", kind=Kind.PLUS_MINUS, most=5),
        row("E", "", kind=Kind.PLUS_MINUS, most=0, min_score=Decimal(-5)),
    ],
)  # fmt: skip


def with_line(place: int, **values: Any) -> Plan:
    lines = list(GOOD.lines)
    lines[place] = lines[place]._replace(**values)
    return replace(GOOD, lines=lines)


def test_a_plan_that_adds_up_has_no_fault() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        (with_line(1, max_score=Decimal(9)), (0, "max_score", "sum")),
        (with_line(1, code="A2"), (2, "code", "twice")),
        (with_line(1, parent="X"), (1, "parent", "no_group")),
        (with_line(1, parent=""), (1, "parent", "loose")),
        (with_line(1, min_score=Decimal(11)), (1, "max_score", "range")),
        (with_line(1, method=Method.EACH), (1, "method", "method")),
        (with_line(2, points_each=None), (2, "points_each", "each")),
        (with_line(2, points_each=Decimal(-1)), (2, "points_each", "each")),
        (with_line(2, actual_source="achievements"), (2, "category", "of")),
        (with_line(2, actual_source="targets"), (2, "actual_source", "source")),
        (with_line(1, actual_source="targets"), (1, "target_group", "of")),
        (with_line(3, min_score=Decimal(-1)), (None, "bonus_group", "cap")),
        (with_line(4, max_score=Decimal(1)), (None, "penalty_group", "cap")),
        (replace(GOOD, ceiling=Decimal(30)), (None, "ceiling", "ceiling")),
        (replace(GOOD, lead_group="Z"), (None, "lead_group", "unknown")),
        (replace(GOOD, lead_group="D"), (None, "penalty_group", "same")),
        (replace(GOOD, tie_breaks=("bonus", "bonus")), (None, "tie_breaks", "steps")),
        (replace(GOOD, grades={"EXCELLENT": Decimal(101)}), (None, "grades", "range")),
        (
            replace(GOOD, grades={"EXCELLENT": Decimal(80), "GOOD": Decimal(80)}),
            (None, "grades", "falling"),
        ),
        (replace(GOOD, lines=[]), (None, "ceiling", "base")),
    ],
)
def test_each_fault_is_named_at_its_field(plan: Plan, found: tuple[Any, str, str]) -> None:
    assert found in [(fault.line, fault.field, fault.code) for fault in check(plan)]


def test_a_group_without_criteria_and_rules_without_their_basis_are_faults() -> None:
    rule = scheme_b.PLAN.rules[1]._replace(basis="")
    limit = scheme_b.PLAN.rules[6]._replace(limit=None)
    plan = replace(GOOD, lines=[*GOOD.lines, row("F", "", kind=Kind.GROUP)], rules=[rule, limit])
    found = [(fault.line, fault.rule, fault.code) for fault in check(plan)]
    assert (5, None, "empty") in found
    assert (None, 0, "basis") in found
    assert (None, 1, "limit") in found


def test_a_bonus_group_may_be_capped_below_its_items() -> None:
    lines = [*GOOD.lines[:3], row("D", "", kind=Kind.GROUP, most=5), row("D1", "D", most=9)]
    assert check(replace(GOOD, lines=[*lines, GOOD.lines[4]])) == []
    lines[3] = lines[3]._replace(max_score=Decimal(10))
    assert [f.code for f in check(replace(GOOD, lines=[*lines, GOOD.lines[4]]))] == ["cap"]


def test_versions_are_compared_by_code() -> None:
    new = replace(GOOD, lines=[*GOOD.lines[:2], row("A3"), *GOOD.lines[3:]])
    assert difference(GOOD, new) == (["A3"], ["A2"], [])
