"""The disqualifying conditions found for the units of a season: computed ones and recorded ones.

A finding of the system is never stored: it goes when its cause goes. Put aside, it leaves a
`Block` that is lifted from the start, with the reason.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit
from clusters.vietnamese import format_number
from emulation import findings, reporting, standings
from emulation.findings import Facts
from emulation.models import Block, Condition, Effect, Finder, Pledge, Season, SheetState
from emulation.models.season import days_of
from emulation.scoring import Grade

# {unit: (own total, verified total)} of the units appraised to the end.
Totals = Mapping[int, tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Finding:
    """A condition found for a unit; `block` is the row of one that was recorded or put aside."""

    unit: Unit
    condition: Condition
    detail: str
    block: Block | None = None

    @property
    def effect(self) -> str:
        return self.condition.effect

    @property
    def is_system(self) -> bool:
        return self.condition.finder != Finder.PERSON

    @property
    def is_lifted(self) -> bool:
        return self.block is not None and self.block.lifted_at is not None

    @property
    def blocks(self) -> bool:
        """In force, and its source makes it binding."""
        return self.condition.blocks and not self.is_lifted

    @property
    def warns(self) -> bool:
        """In force, without a source that would make it binding."""
        return not self.condition.blocks and not self.is_lifted

    @property
    def since(self) -> date | None:
        """The day of what a person recorded; None of what the system finds today."""
        return self.block.found_on if self.block and not self.is_system else None

    @property
    def may_be_lifted(self) -> bool:
        """A computed finding that binds goes with its cause alone."""
        return not self.is_lifted and not (self.is_system and self.condition.blocks)

    @property
    def words(self) -> str:
        """Say what it takes away, why and by which article."""
        text = f"{Effect(self.effect).label}: {self.condition.name}"
        text = text[:1].upper() + text[1:]
        return f"{text}, {self.condition.basis}" if self.condition.basis else text


def of_season(season: Season, totals: Totals | None = None) -> dict[int, list[Finding]]:
    """Return the findings of each unit that has any, lifted ones too; fixed number of queries.

    `totals` are what a page has computed already.
    """
    if season.scheme_id is None:
        return {}
    units = {unit.pk: unit for unit in season.units()}
    found: dict[int, list[Finding]] = defaultdict(list)
    lifted: dict[tuple[int, int], Block] = {}
    for row in season.blocks.select_related("condition", "lifted_by").order_by("found_on", "id"):
        if row.unit_id not in units:
            continue
        if row.condition.finder != Finder.PERSON:
            lifted[row.unit_id, row.condition_id] = row
        elif _is_valid(row.condition, row.found_on, row.found_on):
            found[row.unit_id].append(Finding(units[row.unit_id], row.condition, row.detail, row))
    conditions = _computed(season)
    facts = _facts(season, list(units.values()), conditions, totals)
    for condition in conditions:
        for pk, unit in units.items():
            if findings.is_found(condition.finder, condition.limit, facts[pk]):
                detail = _detail(condition, facts[pk])
                row_or_none = lifted.get((pk, condition.pk))
                found[pk].append(Finding(unit, condition, detail, row_or_none))
    return dict(found)


def in_force(season: Season) -> list[tuple[Unit, list[Finding]]]:
    """Return the units with what bars or warns of them now, in the official order."""
    found = of_season(season)
    rows = [(unit, found.get(unit.pk, [])) for unit in season.units()]
    kept = [(unit, [row for row in mine if not row.is_lifted]) for unit, mine in rows]
    return [(unit, mine) for unit, mine in kept if mine]


def conditions(season: Season) -> list[Condition]:
    """Return the conditions of the season's scheme that are on and valid in its days."""
    if season.scheme_id is None:
        return []
    rows = Condition.objects.filter(scheme=season.scheme_id, is_on=True)
    return [row for row in rows if _is_valid(row, *days_of(season))]


def shown_grade(grade: Grade | None, rows: Sequence[Finding]) -> tuple[Grade | None, str]:
    """Return the grade as it is shown, and the name of the condition that lowered it or ""."""
    lowering = [row for row in rows if row.effect == Effect.GRADE_DOWN and row.blocks]
    if grade is None or not lowering:
        return grade, ""
    return findings.lowered(grade), lowering[0].condition.name


def _is_valid(condition: Condition, first: date, last: date) -> bool:
    return findings.is_valid(condition.valid_from, condition.valid_to, first, last)


def _computed(season: Season) -> list[Condition]:
    return [row for row in conditions(season) if row.finder != Finder.PERSON]


def _facts(
    season: Season, units: Sequence[Unit], rules: Sequence[Condition], totals: Totals | None
) -> dict[int, Facts]:
    """Read for each unit what the conditions ask about, and nothing else."""
    asked = {row.finder for row in rules}
    everybody = {unit.pk for unit in units}
    signed = registered = everybody
    if Finder.UNSIGNED in asked:
        signed, registered = _pledged(season, everybody)
    missing = _missing(season, units) if Finder.UNREPORTED in asked else {}
    if Finder.OVERRATED in asked and totals is None:
        totals = totals_of(standings.for_season(season))
    return {
        pk: Facts(
            is_signed=pk in signed,
            is_registered=pk in registered,
            missing_reports=missing.get(pk, 0),
            own=(totals or {}).get(pk, (None, None))[0],
            verified=(totals or {}).get(pk, (None, None))[1],
        )
        for pk in everybody
    }


def totals_of(lines: Sequence[standings.UnitTotals]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return both totals of the units appraised to the end."""
    return {
        row.unit.pk: (row.own.total, row.verified.total)
        for row in lines
        if row.state == SheetState.APPRAISED
    }


def _pledged(season: Season, everybody: set[int]) -> tuple[set[int], set[int]]:
    """Return who signed and who registered. Of a pledge not settled here nothing is known."""
    pledge = Pledge.objects.filter(season=season, settled_at__isnull=False).first()
    if pledge is None:
        return everybody, everybody
    signed = set(pledge.signatures.values_list("unit", flat=True))
    return signed, set(pledge.registrations.values_list("unit", flat=True))


def _missing(season: Season, units: Sequence[Unit]) -> dict[int, int]:
    """Return how many reports each unit has not sent though they were due."""
    today = timezone.localdate()
    late = [period for period in season.periods.all() if period.due_on < today]
    counts: dict[int, int] = defaultdict(int)
    for line in reporting.lines(late, units, today):
        counts[line.unit.pk] += line.is_with_unit
    return counts


def _detail(condition: Condition, facts: Facts) -> str:
    """Say what the system saw."""
    if condition.finder == Finder.UNSIGNED:
        parts = [
            *([] if facts.is_signed else [_("chưa ký giao ước thi đua")]),
            *([] if facts.is_registered else [_("chưa đăng ký danh hiệu")]),
        ]
        return ", ".join(parts)
    if condition.finder == Finder.UNREPORTED:
        return _("thiếu %(n)s báo cáo đã quá hạn, ngưỡng %(limit)s") % {
            "n": facts.missing_reports, "limit": format_number(condition.limit or 0),
        }  # fmt: skip
    excess = facts.excess or Decimal(0)
    return _("tổng tự chấm cao hơn thẩm định %(n)s%%, ngưỡng %(limit)s%%") % {
        "n": format_number(excess, 2), "limit": format_number(condition.limit or 0),
    }  # fmt: skip
