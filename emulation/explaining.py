"""A formula in words with the numbers of one cell: 96 ÷ 120 × 15 = 12,00. Pure.

The points themselves come from `tally.points`; here they are only told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from clusters.vietnamese import format_number
from emulation import scoring, tally
from emulation.scoring import CriterionRule, Kind, Method
from emulation.tally import Cell


@dataclass(frozen=True)
class Best:
    """The best of the cluster in a criterion: by ratio to the target, and in itself."""

    ratio: Decimal | None
    actual: Decimal


def best_of(cells: Iterable[Cell]) -> Best:
    """Return the best among the cells of one criterion."""
    pairs = [(cell.actual, cell.target) for cell in cells if cell.actual is not None]
    best = max((actual for actual, _target in pairs), default=Decimal(0))
    return Best(scoring.leader_ratio(pairs), best)


def formula(rule: CriterionRule, cell: Cell | None, points: Decimal | None, best: Best) -> str:
    """Return how the points of a cell came about, "" where there are none yet."""
    if cell is None or points is None:
        return ""
    given = {
        "a": _n(cell.actual), "t": _n(cell.target), "max": _n(rule.max_score),
        "min": _n(rule.min_score), "p": format_number(points, 2), "each": _n(rule.points_each),
    }  # fmt: skip
    if rule.method is Method.TYPED:
        return _typed(rule) % given
    assert cell.actual is not None
    if rule.method is Method.EACH:
        text = _("%(a)s × %(each)s = %(p)s")
        made = cell.actual * (rule.points_each or 0)
        if made != points:
            text = _("%(a)s × %(each)s, trong khung từ %(min)s đến %(max)s: %(p)s")
        return text % given
    if rule.method is Method.ON_TIME:
        given["a"] = str(tally.weeks_late(cell.actual))
        return _("muộn %(a)s tuần, mỗi tuần trừ 10%% của %(max)s, còn %(p)s") % given
    if rule.method is Method.HALF_PLUS_LEADER:
        return _half_plus_leader(rule, cell, points, best) % (given | _leading(cell, best))
    return _by_target(rule, cell) % (given | {"percent": _percent(cell)})


def _typed(rule: CriterionRule) -> str:
    if rule.kind is Kind.COUNT and rule.points_each:
        return _("chấm trực tiếp %(p)s, mỗi lần %(each)s, tối đa %(max)s")
    return _("chấm trực tiếp %(p)s trong khung từ %(min)s đến %(max)s")


def _by_target(rule: CriterionRule, cell: Cell) -> str:
    assert cell.actual is not None
    assert cell.target is not None
    if rule.method is Method.BANDED:
        return _("%(a)s trên %(t)s là %(percent)s%% chỉ tiêu, theo mức đạt được %(p)s của %(max)s")
    if cell.actual >= cell.target:
        return _("%(a)s trên %(t)s, đạt chỉ tiêu: được cả %(p)s")
    return _("%(a)s ÷ %(t)s × %(max)s = %(p)s")


def _half_plus_leader(rule: CriterionRule, cell: Cell, points: Decimal, best: Best) -> str:
    assert cell.actual is not None
    if cell.target is None:
        return _("%(a)s ÷ %(top)s (cao nhất cụm) × %(max)s = %(p)s")
    if cell.actual < cell.target:
        return _("chưa đạt chỉ tiêu: %(max)s ÷ 2 × %(a)s ÷ %(t)s = %(p)s")
    if best.ratio is None or best.ratio <= 1 or cell.actual == cell.target or not cell.target:
        return _("đạt chỉ tiêu (%(a)s trên %(t)s): nửa điểm, %(max)s ÷ 2 = %(p)s")
    if points == rule.max_score:
        return _("%(a)s trên %(t)s, vượt nhiều nhất cụm: được cả %(p)s")
    return _(
        "%(max)s ÷ 2 + %(max)s ÷ 2 × (%(a)s ÷ %(t)s − 1) ÷ (%(ratio)s − 1) = %(p)s; "
        "đơn vị dẫn đầu đạt %(ratio)s lần chỉ tiêu"
    )


def _leading(cell: Cell, best: Best) -> dict[str, str]:
    ratio = None if best.ratio is None else best.ratio.quantize(Decimal("0.0001"))
    return {"top": _n(best.actual), "ratio": _n(ratio), "percent": _percent(cell)}


def _percent(cell: Cell) -> str:
    if not cell.target or cell.actual is None:
        return "100"
    return format_number((cell.actual * 100 / cell.target).quantize(Decimal("0.01")))


def _n(value: Decimal | None) -> str:
    return format_number(value)
