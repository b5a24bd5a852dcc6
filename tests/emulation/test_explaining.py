from decimal import Decimal

import pytest

from emulation import tally
from emulation.explaining import best_of, formula
from emulation.scoring import CriterionRule, Kind, Method
from emulation.tally import Cell, Entrant, Rules


def told(method: Method, most: int, *cells: tuple[str, str | None], each: str = "2") -> str:
    """Explain the first of the cells, computed by `tally` among all of them."""
    rule = CriterionRule("A", Kind.QUANTITATIVE, Decimal(most), Decimal(0), Decimal(each), "",
                         method)  # fmt: skip
    made = [Cell(None, Decimal(a), None if t is None else Decimal(t)) for a, t in cells]
    rules = Rules((rule,), Decimal(1000))
    placed = tally.tally(rules, [Entrant(str(i), {"A": c}) for i, c in enumerate(made)])
    points = next(row.points["A"] for row in placed if row.key == "0")
    return formula(rule, made[0], points, best_of(made))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (told(Method.PROPORTIONAL, 15, ("96", "120")), "96 ÷ 120 × 15 = 12,00"),
        (told(Method.PROPORTIONAL, 9, ("130", "120")), "130 trên 120, đạt chỉ tiêu: được cả 9,00"),
        (told(Method.EACH, 8, ("3", None)), "3 × 2 = 6,00"),
        (told(Method.EACH, 8, ("5", None)), "5 × 2, trong khung từ 0 đến 8: 8,00"),
        (
            told(Method.ON_TIME, 3, ("2", None)),
            "muộn 2 tuần, mỗi tuần trừ 10% của 3, còn 2,40",
        ),
        (
            told(Method.BANDED, 10, ("85", "100")),
            "85 trên 100 là 85% chỉ tiêu, theo mức đạt được 6,50 của 10",
        ),
        (
            told(Method.HALF_PLUS_LEADER, 10, ("90", "100"), ("150", "100")),
            "chưa đạt chỉ tiêu: 10 ÷ 2 × 90 ÷ 100 = 4,50",
        ),
        (
            told(Method.HALF_PLUS_LEADER, 10, ("100", "100"), ("150", "100")),
            "đạt chỉ tiêu (100 trên 100): nửa điểm, 10 ÷ 2 = 5,00",
        ),
        (
            told(Method.HALF_PLUS_LEADER, 10, ("120", "100"), ("150", "100")),
            "10 ÷ 2 + 10 ÷ 2 × (120 ÷ 100 − 1) ÷ (1,5 − 1) = 7,00; "
            "đơn vị dẫn đầu đạt 1,5 lần chỉ tiêu",
        ),
        (
            told(Method.HALF_PLUS_LEADER, 10, ("150", "100"), ("120", "100")),
            "150 trên 100, vượt nhiều nhất cụm: được cả 10,00",
        ),
        (
            told(Method.HALF_PLUS_LEADER, 10, ("30", None), ("40", None)),
            "30 ÷ 40 (cao nhất cụm) × 10 = 7,50",
        ),
    ],
)  # fmt: skip
def test_formula_is_told_with_its_numbers(text: str, expected: str) -> None:
    assert text == expected


def test_nothing_is_told_of_an_empty_cell() -> None:
    rule = CriterionRule("A", Kind.QUALITATIVE, Decimal(9), Decimal(0), None, "")
    assert formula(rule, None, None, best_of([])) == ""
    assert formula(rule, Cell(), None, best_of([])) == ""
    given = formula(rule, Cell(score=Decimal("7.5")), Decimal("7.5"), best_of([]))
    assert given == "chấm trực tiếp 7,50 trong khung từ 0 đến 9"
