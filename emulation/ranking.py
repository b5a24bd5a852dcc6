"""The consolidated score table as a page prints it: its columns, its rows and what broke ties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clusters.models import Unit
from emulation.models import Criterion, Scheme
from emulation.scoring import CriterionRule, Grade, Kind, Step
from emulation.standings import UnitTotals
from emulation.tags import Tag, sheet_tag
from emulation.tally import Rules

GRADES = {
    Grade.EXCELLENT: gettext_lazy("Xuất sắc"),
    Grade.GOOD: gettext_lazy("Tốt"),
    Grade.FAIR: gettext_lazy("Khá"),
    Grade.AVERAGE: gettext_lazy("Trung bình"),
    Grade.WEAK: gettext_lazy("Yếu"),
}
TIE_BREAKS = {
    Step.GROUP_A: gettext_lazy("điểm nhóm A"),
    Step.PENALTY: gettext_lazy("ít điểm trừ hơn"),
    Step.BONUS: gettext_lazy("điểm thưởng"),
    Step.BALLOT: gettext_lazy("kết quả bỏ phiếu kín"),
    Step.WOMEN: gettext_lazy("ưu tiên tỷ lệ nữ"),
    Step.MEETING: gettext_lazy("quyết định của hội nghị"),
    Step.TIE: pgettext_lazy("tie", "chờ hội nghị quyết định"),
}


@dataclass(frozen=True)
class Column:
    """A row at the top of the scheme as the head of a column."""

    code: str
    head: str
    name: str
    is_signed: bool


@dataclass(frozen=True)
class Row:
    """A line of the table; of an unranked unit nothing is printed but the state of its sheet."""

    line: UnitTotals
    is_mine: bool
    tag: Tag
    cells: list[tuple[Column, Decimal | None]]
    total: Decimal | None
    grade: str


def columns(scheme: Scheme, criteria: Sequence[Criterion]) -> list[Column]:
    """Return a column for each row at the top of the scheme, in its order."""
    words = {scheme.bonus_group: _("Thưởng"), scheme.penalty_group: _("Trừ")}

    def head(row: Criterion) -> str:
        if row.kind == Kind.GROUP.value and row.code not in words:
            return _("Nhóm %(code)s (%(max)s)") % {"code": row.code, "max": int(row.max_score)}
        return words.get(row.code, row.name)

    return [
        Column(row.code, head(row), row.name, row.code in words)
        for row in criteria
        if row.parent_id is None
    ]


def rows(
    lines: Sequence[UnitTotals], columns: Sequence[Column], own: Unit | None, role: str
) -> list[Row]:
    """Return the lines as they are printed for a reader at the desk `role` of the unit `own`."""
    return [_row(line, columns, own, role) for line in lines]


def _row(line: UnitTotals, columns: Sequence[Column], own: Unit | None, role: str) -> Row:
    is_mine = own is not None and line.unit == own
    sums = line.verified.groups if line.rank is not None else {}
    return Row(
        line=line,
        is_mine=is_mine,
        tag=sheet_tag(line.state, role if is_mine or role != "unit" else "leader"),
        cells=[(column, sums.get(column.code)) for column in columns],
        total=line.verified.total if line.rank is not None else None,
        grade=str(GRADES[line.grade]) if line.grade else "",
    )


def frozen_columns(rules: Rules, names: Mapping[str, str]) -> list[Column]:
    """Return the columns of a published order, from its own rules and names."""
    words = {rules.bonus_group: _("Thưởng"), rules.penalty_group: _("Trừ")}

    def head(row: CriterionRule) -> str:
        if row.kind is Kind.GROUP and row.code not in words:
            return _("Nhóm %(code)s (%(max)s)") % {"code": row.code, "max": int(row.max_score)}
        return words.get(row.code, names[row.code])

    return [
        Column(row.code, head(row), names[row.code], row.code in words)
        for row in rules.criteria
        if row.group == ""
    ]


def looks_tied(lines: Sequence[UnitTotals]) -> list[str]:
    """Return the units whose totals print alike and are not: they differ beyond two decimals."""
    return [row.unit.short_name for row in lines if row.looks_tied]


def tie_breaks(lines: Sequence[UnitTotals]) -> list[tuple[str, str]]:
    """Return (units, what told them apart) for each total that more than one unit reached."""
    by_total: dict[Decimal, list[UnitTotals]] = {}
    for line in lines:
        if line.rank is not None:
            by_total.setdefault(line.verified.total, []).append(line)
    found = []
    for equal in by_total.values():
        if len(equal) > 1:
            steps = [step for step in TIE_BREAKS if any(row.decided_by == step for row in equal)]
            words = ", ".join(str(TIE_BREAKS[step]) for step in steps)
            found.append((", ".join(row.unit.short_name for row in equal), words))
    return found
