"""A scoring scheme as plain data, and what must hold of it before it is stored. Pure.

The editor, the import from Excel and the schemes that ship all make a `Plan`; `check` names every
fault with the row and the field that it concerns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from clusters.vietnamese import format_number
from emulation.scoring import GRADES, TIE_BREAKS, Kind, Method

ZERO = Decimal(0)
TYPED, TARGETS = "typed", "targets"
# What may be chosen with each kind; a method that needs no target can count what is recorded.
METHODS_OF: Mapping[Kind, tuple[Method, ...]] = {
    Kind.GROUP: (Method.TYPED,),
    Kind.QUANTITATIVE: (
        Method.TYPED, Method.PROPORTIONAL, Method.BANDED, Method.HALF_PLUS_LEADER, Method.ON_TIME,
    ),
    Kind.QUALITATIVE: (Method.TYPED,),
    Kind.COUNT: (Method.TYPED, Method.EACH),
    Kind.PLUS_MINUS: (Method.TYPED, Method.EACH, Method.ON_TIME),
}  # fmt: skip
COUNTING = (Method.EACH, Method.HALF_PLUS_LEADER)
AGAINST_TARGET = (Method.PROPORTIONAL, Method.BANDED, Method.HALF_PLUS_LEADER)
WITH_LIMIT = ("unreported", "overrated")


class Line(NamedTuple):
    """A row of a scheme; `parent` is the code of its group, "" at the top."""

    code: str
    parent: str
    name: str
    kind: Kind
    max_score: Decimal
    min_score: Decimal = ZERO
    points_each: Decimal | None = None
    guidance: str = ""
    method: Method = Method.TYPED
    actual_source: str = TYPED
    category: str = ""
    target_group: str = ""


class Rule(NamedTuple):
    """A disqualifying condition; one without a `source` only warns."""

    code: str
    name: str
    effect: str
    finder: str = "person"
    limit: Decimal | None = None
    basis: str = ""
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    is_on: bool = True


@dataclass(frozen=True)
class Plan:
    """A whole scheme as it is to be."""

    name: str
    ceiling: Decimal
    lines: Sequence[Line]
    source: str = ""
    lead_group: str = ""
    bonus_group: str = ""
    penalty_group: str = ""
    tie_breaks: Sequence[str] = tuple(step.value for step in TIE_BREAKS)
    grades: Mapping[str, Decimal] = field(
        default_factory=lambda: {name.value: least for least, name in GRADES}
    )
    gap_limit: Decimal = ZERO
    rules: Sequence[Rule] = ()

    @property
    def tops(self) -> list[Line]:
        """The rows at the top."""
        return [line for line in self.lines if line.parent == ""]

    @property
    def base(self) -> Decimal:
        """What can be earned without bonus and penalty."""
        special = {self.bonus_group, self.penalty_group} - {""}
        return sum((line.max_score for line in self.tops if line.code not in special), ZERO)

    @property
    def bonus(self) -> Decimal:
        """The most that the bonus adds."""
        return sum((row.max_score for row in self.tops if row.code == self.bonus_group), ZERO)


class Fault(NamedTuple):
    """What is wrong: `line` is the place in `lines`, `rule` that in `rules`, else the scheme."""

    field: str
    code: str
    text: str
    line: int | None = None
    rule: int | None = None


def sums(lines: Sequence[Line]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return by code of each group the sums of the minima and maxima right below it."""
    found = {row.code: (ZERO, ZERO) for row in lines if row.kind is Kind.GROUP}
    for row in lines:
        if row.parent in found:
            least, most = found[row.parent]
            found[row.parent] = (least + row.min_score, most + row.max_score)
    return found


def check(plan: Plan) -> list[Fault]:
    """Return all that is wrong, in the order of the scheme; nothing means it can be stored."""
    return [*_tree(plan), *_lines(plan), *_frame(plan), *_order(plan), *_rules(plan)]


def _tree(plan: Plan) -> Iterator[Fault]:
    seen: dict[str, Line] = {}
    for place, row in enumerate(plan.lines):
        if row.code in seen:
            text = _("Mã %(code)s dùng hai lần. Mỗi tiêu chí một mã.") % {"code": row.code}
            yield Fault("code", "twice", text, place)
        if row.parent and (row.parent not in seen or seen[row.parent].kind is not Kind.GROUP):
            text = _("Nhóm %(parent)s của %(code)s phải là một nhóm đứng trước nó.")
            values = {"parent": row.parent, "code": row.code}
            yield Fault("parent", "no_group", text % values, place)
        special = row.code in (plan.bonus_group, plan.penalty_group)
        if not row.parent and row.kind is not Kind.GROUP and not special:
            text = _("Đặt tiêu chí %(code)s vào một nhóm.") % {"code": row.code}
            yield Fault("parent", "loose", text, place)
        seen.setdefault(row.code, row)


def _lines(plan: Plan) -> Iterator[Fault]:
    below = sums(plan.lines)
    filled = {row.parent for row in plan.lines}
    for place, row in enumerate(plan.lines):
        if row.max_score < row.min_score:
            text = _("Điểm tối đa của %(code)s nhỏ hơn điểm tối thiểu.") % {"code": row.code}
            yield Fault("max_score", "range", text, place)
        if row.kind is Kind.GROUP:
            yield from _group(plan, place, row, below[row.code], row.code in filled)
        else:
            yield from _leaf(place, row)


def _group(
    plan: Plan, place: int, row: Line, below: tuple[Decimal, Decimal], is_filled: bool
) -> Iterator[Fault]:
    if not is_filled:
        text = _("Nhóm %(code)s chưa có tiêu chí. Thêm tiêu chí hoặc bỏ nhóm.")
        yield Fault("code", "empty", text % {"code": row.code}, place)
        return
    least, most = below
    values = {
        "code": row.code, "max": format_number(row.max_score), "sum": format_number(most),
        "min": format_number(row.min_score), "low": format_number(least),
    }  # fmt: skip
    if row.code == plan.bonus_group:
        if row.max_score > most:
            text = _("Mức thưởng tối đa %(max)s của nhóm %(code)s quá tổng các mục %(sum)s.")
            yield Fault("max_score", "cap", text % values, place)
    elif row.max_score != most:
        text = _("Điểm tối đa của nhóm %(code)s là %(max)s, tổng các mục là %(sum)s.")
        yield Fault("max_score", "sum", text % values, place)
    if row.min_score < least:
        text = _("Điểm tối thiểu của nhóm %(code)s là %(min)s, tổng các mục chỉ đến %(low)s.")
        yield Fault("min_score", "cap", text % values, place)


def _leaf(place: int, row: Line) -> Iterator[Fault]:
    code = {"code": row.code}
    if row.method not in METHODS_OF[row.kind]:
        text = _("Cách tính điểm của %(code)s không dùng được với cách chấm đã chọn.") % code
        yield Fault("method", "method", text, place)
    if row.method is Method.EACH:
        each = row.points_each
        if not each:
            text = _("Ghi điểm mỗi lần của %(code)s.") % code
            yield Fault("points_each", "each", text, place)
        elif (each > 0 and row.max_score <= 0) or (each < 0 and row.min_score >= 0):
            text = _("Điểm mỗi lần của %(code)s không đổi được điểm nào trong khoảng đã đặt.")
            yield Fault("points_each", "each", text % code, place)
    elif row.method is not Method.TYPED and row.max_score <= 0:
        text = _("Điểm tối đa của %(code)s phải lớn hơn 0 để tính theo kết quả.") % code
        yield Fault("max_score", "method", text, place)
    yield from _source(place, row)


def _source(place: int, row: Line) -> Iterator[Fault]:
    if row.actual_source == TYPED:
        return
    code = {"code": row.code}
    of_targets = row.actual_source == TARGETS
    if row.method not in (AGAINST_TARGET if of_targets else COUNTING):
        text = _("Nguồn số liệu của %(code)s không hợp với cách tính điểm đã chọn.") % code
        yield Fault("actual_source", "source", text, place)
    if of_targets and not row.target_group:
        text = _("Chọn nhóm chỉ tiêu cho %(code)s.") % code
        yield Fault("target_group", "of", text, place)
    if not of_targets and not row.category:
        text = _("Chọn loại thành tích cho %(code)s.") % code
        yield Fault("category", "of", text, place)


def _frame(plan: Plan) -> Iterator[Fault]:
    tops = {row.code: row for row in plan.tops}
    for name in ("lead_group", "bonus_group", "penalty_group"):
        code = getattr(plan, name)
        if code and code not in tops:
            text = _("Không có nhóm %(code)s ở cấp cao nhất.") % {"code": code}
            yield Fault(name, "unknown", text)
    bonus, penalty = tops.get(plan.bonus_group), tops.get(plan.penalty_group)
    named = [code for code in (plan.lead_group, plan.bonus_group, plan.penalty_group) if code]
    if len(set(named)) < len(named):
        yield Fault("penalty_group", "same", _("Ba nhóm này phải khác nhau."))
    if bonus and (bonus.max_score < 0 or bonus.min_score < 0):
        yield Fault("bonus_group", "cap", _("Điểm thưởng không được âm."))
    if penalty and (penalty.max_score != 0 or penalty.min_score > 0):
        text = _("Điểm trừ: tối đa là 0, tối thiểu là số âm.")
        yield Fault("penalty_group", "cap", text)
    if plan.base <= 0:
        yield Fault("ceiling", "base", _("Thang điểm chưa có điểm nào."))
    elif not plan.base <= plan.ceiling <= plan.base + plan.bonus:
        text = _("Tổng tối đa từ %(base)s (điểm các nhóm) đến %(most)s (thêm điểm thưởng).")
        most = format_number(plan.base + plan.bonus)
        text %= {"base": format_number(plan.base), "most": most}
        yield Fault("ceiling", "ceiling", text)


def _order(plan: Plan) -> Iterator[Fault]:
    known = {step.value for step in TIE_BREAKS}
    if len(set(plan.tie_breaks)) < len(plan.tie_breaks) or set(plan.tie_breaks) - known:
        text = _("Thứ tự xét khi bằng điểm: mỗi bước một lần.")
        yield Fault("tie_breaks", "steps", text)
    names = (name.value for _least, name in GRADES)
    levels = [plan.grades[name] for name in names if name in plan.grades]
    if any(not 0 <= level <= 100 for level in levels):
        yield Fault("grades", "range", _("Mức xếp loại từ 0 đến 100 phần trăm."))
    if any(above <= below for above, below in pairwise(levels)):
        yield Fault("grades", "falling", _("Mức xếp loại sau phải thấp hơn mức trước."))


def _rules(plan: Plan) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, rule in enumerate(plan.rules):
        values = {"name": rule.name}
        if rule.code in seen:
            text = _("Mã điều kiện %(code)s dùng hai lần.") % {"code": rule.code}
            yield Fault("code", "twice", text, rule=place)
        seen.add(rule.code)
        if rule.source and not rule.basis:
            text = _("Ghi điều, khoản của văn bản cho “%(name)s”.") % values
            yield Fault("basis", "basis", text, rule=place)
        if rule.finder in WITH_LIMIT and rule.limit is None:
            text = _("Ghi ngưỡng cho “%(name)s”: hệ thống so với ngưỡng này.") % values
            yield Fault("limit", "limit", text, rule=place)
        if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
            text = _("Ngày hết hiệu lực của “%(name)s” trước ngày có hiệu lực.") % values
            yield Fault("valid_to", "days", text, rule=place)


class Difference(NamedTuple):
    """What two versions do not have in common, by code."""

    added: list[str]
    removed: list[str]
    changed: list[str]


def difference(old: Plan, new: Plan) -> Difference:
    """Return which criteria a newer version adds, removes and changes."""
    before = {row.code: row for row in old.lines}
    after = {row.code: row for row in new.lines}
    return Difference(
        [code for code in after if code not in before],
        [code for code in before if code not in after],
        [code for code in after if code in before and after[code] != before[code]],
    )
