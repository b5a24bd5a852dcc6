"""The worked example of each way to points: our values and the formula of a spreadsheet for each.

The formulas are written for themselves, from domain.md §4.1 and §4.4, and share no code with
`emulation.scoring`: where both agree, neither is wrong alone. Pure.
"""

from decimal import Decimal
from typing import NamedTuple

from emulation import tally
from emulation.scoring import CriterionRule, Kind, Method

# Columns: B method, C maximum, D actual, E target, F leader's actual, G leader's target, H each.
FORMULAS = {
    Method.PROPORTIONAL: "=ROUND(IF(E{r}=0,C{r},C{r}*MIN(D{r}/E{r},1)),4)",
    Method.BANDED: (
        "=ROUND(C{r}*IF(D{r}>=E{r},1,IF(D{r}/E{r}>=0.95,0.9,IF(D{r}/E{r}>=0.9,0.8,"
        "IF(D{r}/E{r}>=0.8,0.65,IF(D{r}/E{r}>=0.7,0.5,0))))),4)"
    ),
    Method.HALF_PLUS_LEADER: (
        '=ROUND(IF(E{r}="",IF(MAX(D{r},F{r})=0,0,C{r}*D{r}/MAX(D{r},F{r})),'
        "IF(E{r}=0,C{r}/2,IF(D{r}<E{r},C{r}/2*D{r}/E{r},"
        "IF(OR(D{r}=E{r},MAX(D{r}/E{r},F{r}/G{r})<=1),C{r}/2,"
        "IF(D{r}/E{r}>=F{r}/G{r},C{r},"
        "C{r}/2+C{r}/2*(D{r}/E{r}-1)/(F{r}/G{r}-1)))))),4)"
    ),
    Method.ON_TIME: "=ROUND(MAX(0,C{r}-C{r}*0.1*D{r}),4)",
    Method.EACH: "=ROUND(MIN(C{r},D{r}*H{r}),4)",
}


class Case(NamedTuple):
    """One line of the example: a unit's result beside that of the leader."""

    about: str
    method: Method
    maximum: Decimal
    actual: Decimal
    target: Decimal | None = None
    best: Decimal | None = None
    best_target: Decimal | None = None
    each: Decimal | None = None


def _case(about: str, method: Method, *numbers: str) -> Case:
    return Case(about, method, *(Decimal(text) if text else None for text in numbers))  # type: ignore[arg-type]


CASES = (
    _case("Chưa đạt chỉ tiêu", Method.HALF_PLUS_LEADER, "10", "90", "100", "150", "100"),
    _case("Đạt chỉ tiêu", Method.HALF_PLUS_LEADER, "10", "100", "100", "150", "100"),
    _case("Vượt chỉ tiêu", Method.HALF_PLUS_LEADER, "10", "120", "100", "150", "100"),
    _case("Dẫn đầu", Method.HALF_PLUS_LEADER, "10", "150", "100", "150", "100"),
    _case("Không giao chỉ tiêu", Method.HALF_PLUS_LEADER, "10", "30", "", "40"),
    _case("Không ai vượt", Method.HALF_PLUS_LEADER, "10", "100", "100", "80", "100"),
    _case("Chỉ tiêu bằng 0", Method.HALF_PLUS_LEADER, "10", "3", "0", "150", "100"),
    _case("Chưa ai có kết quả", Method.HALF_PLUS_LEADER, "10", "0", "", "0"),
    _case("Số lẻ", Method.HALF_PLUS_LEADER, "7.5", "107", "93", "31", "23"),
    _case("Theo tỷ lệ", Method.PROPORTIONAL, "15", "27", "30"),
    _case("Theo tỷ lệ, số lẻ", Method.PROPORTIONAL, "15", "7", "9"),
    _case("Vượt không thêm điểm", Method.PROPORTIONAL, "15", "31", "30"),
    _case("Chỉ tiêu bằng 0", Method.PROPORTIONAL, "15", "0", "0"),
    *(
        _case("Theo mức đạt", Method.BANDED, "8", str(percent), "100")
        for percent in (100, 99, 95, 94, 90, 89, 80, 79, 70, 69)
    ),
    *(_case("Chậm từng tuần", Method.ON_TIME, "5", str(weeks)) for weeks in (0, 1, 3, 12)),
    _case("Mỗi lần", Method.EACH, "8", "3", "", "", "", "2"),
    _case("Mỗi lần, quá mức tối đa", Method.EACH, "8", "5", "", "", "", "2"),
    _case("Mỗi lần, số lẻ", Method.EACH, "3", "7", "", "", "", "0.25"),
)


def ours(case: Case) -> Decimal:
    """Return the points that the season's own computation gives."""
    rule = CriterionRule(
        code="X", kind=Kind.QUANTITATIVE, max_score=case.maximum, min_score=Decimal(0),
        points_each=case.each, group="", method=case.method,
    )  # fmt: skip
    rules = tally.Rules(criteria=(rule,), ceiling=case.maximum, bonus_group="", penalty_group="")
    entrants = [tally.Entrant("unit", {"X": tally.Cell(None, case.actual, case.target)})]
    if case.best is not None:
        cell = tally.Cell(None, case.best, case.best_target)
        entrants.append(tally.Entrant("leader", {"X": cell}))
    placed = {row.key: row for row in tally.tally(rules, entrants)}
    return placed["unit"].points["X"]
