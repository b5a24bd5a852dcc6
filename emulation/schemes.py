"""Schemes as they are read: the stored rows as a plan, the tree of a page, what stands open."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from emulation import scheme_a, scheme_b
from emulation.models import Criterion, Scheme, Season, SheetState
from emulation.models.scheme import Condition
from emulation.scheme_check import Line, Plan, Rule
from emulation.scoring import Grade, Kind, Method, Step

# By the code under which it ships: the name for a button, the scheme.
SHIPPED: dict[str, Plan] = {scheme_a.CODE: scheme_a.PLAN, scheme_b.CODE: scheme_b.PLAN}
LINE_FIELDS = tuple(name for name in Line._fields if name != "parent")


def plan_of(
    scheme: Scheme,
    criteria: Sequence[Criterion] | None = None,
    conditions: Sequence[Condition] | None = None,
) -> Plan:
    """Return a stored scheme as plain data, in two queries at most."""
    rows = list(scheme.criteria.order_by("order", "id")) if criteria is None else criteria
    found = list(scheme.conditions.all()) if conditions is None else conditions
    codes: dict[int | None, str] = {row.pk: row.code for row in rows}
    return Plan(
        name=scheme.name,
        ceiling=scheme.ceiling,
        lines=[_line(row, codes.get(row.parent_id, "")) for row in rows],
        source=scheme.source,
        lead_group=scheme.lead_group,
        bonus_group=scheme.bonus_group,
        penalty_group=scheme.penalty_group,
        tie_breaks=tuple(scheme.tie_breaks),
        grades={name: Decimal(least) for name, least in scheme.grades.items()},
        gap_limit=scheme.gap_limit,
        rules=[Rule(*(getattr(row, name) for name in Rule._fields)) for row in found],
    )


def _line(row: Criterion, parent: str) -> Line:
    values = {name: getattr(row, name) for name in LINE_FIELDS}
    values |= {"kind": Kind(row.kind), "method": Method(row.method), "parent": parent}
    return Line(**values)


def is_signed(season: Season) -> bool:
    """Whether a unit has signed the pledge of the season: from then on its scheme is promised."""
    return season.pledge.signatures.exists() if hasattr(season, "pledge") else False


def is_sent(season: Season) -> bool:
    """Whether a sheet was sent in: from then on the season keeps its scheme."""
    return season.sheets.exclude(state=SheetState.DRAFT).exists()


def is_begun(scheme: Scheme) -> bool:
    """Whether a sheet stands on this version, or a closed season does: it is edited no more."""
    seasons = Season.objects.filter(scheme=scheme)
    return seasons.filter(sheets__isnull=False).exists() or seasons.exclude(closed_at=None).exists()


@dataclass(frozen=True)
class Branch:
    """A row of the tree with how deep it stands."""

    row: Criterion
    depth: int

    @property
    def is_group(self) -> bool:
        return self.row.kind == Kind.GROUP.value


def tree(criteria: Sequence[Criterion]) -> list[Branch]:
    """Return the rows in their order with their depth."""
    depth: dict[int | None, int] = {None: -1}
    found = []
    for row in criteria:
        depth[row.pk] = depth.get(row.parent_id, -1) + 1
        found.append(Branch(row, depth[row.pk]))
    return found


def steps_in_words(scheme: Scheme) -> list[str]:
    """Return the order in which ties are broken, as sentences."""
    words = {
        Step.GROUP_A: _("điểm nhóm %(code)s cao hơn") % {"code": scheme.lead_group or "A"},
        Step.PENALTY: _("ít điểm trừ hơn"),
        Step.BONUS: _("điểm thưởng cao hơn"),
        Step.BALLOT: _("kết quả bỏ phiếu kín"),
        Step.WOMEN: _("ưu tiên tỷ lệ nữ"),
        Step.MEETING: _("quyết định của hội nghị, ghi vào biên bản"),
    }
    return [words[Step(step)] for step in scheme.tie_breaks]


def grades_in_words(scheme: Scheme) -> list[tuple[str, Decimal]]:
    """Return each grade with the least share of the base points, from the best."""
    words = {
        Grade.EXCELLENT: _("Xuất sắc"),
        Grade.GOOD: _("Tốt"),
        Grade.FAIR: _("Khá"),
        Grade.AVERAGE: _("Trung bình"),
    }
    found = scheme.grades
    return [(word, Decimal(found[name.value])) for name, word in words.items() if name in found]
