"""The order of the units of a season, and how far each target of the pledge is reached.

Reads with a fixed number of queries; every rule is in `emulation.scoring`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from clusters.models import Unit
from emulation import scoring
from emulation.models import Achievement, Criterion, Season, SheetState, State, Target
from emulation.models.achievement import AWAITING, COUNTED


@dataclass(frozen=True)
class UnitTotals:
    """One line of the consolidated score table; `rank` and `grade` only once appraised."""

    unit: Unit
    state: str
    own: scoring.SheetTotal
    verified: scoring.SheetTotal
    rank: int | None
    decided_by: str
    grade: scoring.Grade | None


def rules_of(criteria: list[Criterion]) -> list[scoring.CriterionRule]:
    """Return a scheme's rows as the pure rules that `scoring` computes with."""
    codes = {row.pk: row.code for row in criteria}
    return [
        scoring.CriterionRule(
            code=row.code,
            kind=scoring.Kind(row.kind),
            max_score=row.max_score,
            min_score=row.min_score,
            points_each=row.points_each,
            group=codes.get(row.parent_id, "") if row.parent_id else "",
        )
        for row in criteria
    ]


def for_season(season: Season) -> list[UnitTotals]:
    """Return a line per member unit: ranked ones first, by rank, then in the official order."""
    units = list(season.units())
    criteria = list(season.scheme.criteria.all()) if season.scheme else []
    ceiling = season.scheme.ceiling if season.scheme else Decimal(0)
    rules = rules_of(criteria)
    sheets = {sheet.unit_id: sheet for sheet in season.sheets.prefetch_related("scores__criterion")}
    totals: dict[int, tuple[scoring.SheetTotal, scoring.SheetTotal]] = {}
    for unit in units:
        lines = list(sheets[unit.pk].scores.all()) if unit.pk in sheets else []
        own = {s.criterion.code: s.self_score for s in lines if s.self_score is not None}
        seen = {s.criterion.code: s.verified_score for s in lines if s.verified_score is not None}
        totals[unit.pk] = (
            scoring.total_sheet(rules, own, ceiling=ceiling),
            scoring.total_sheet(rules, seen, ceiling=ceiling),
        )
    done = [u for u in units if u.pk in sheets and sheets[u.pk].state == SheetState.APPRAISED]
    ranked = {row.key: row for row in scoring.rank([_entry(u, totals[u.pk][1]) for u in done])}
    lines_out = [
        UnitTotals(
            unit=unit,
            state=sheets[unit.pk].state if unit.pk in sheets else "",
            own=totals[unit.pk][0],
            verified=totals[unit.pk][1],
            rank=ranked[unit.pk].rank if unit.pk in ranked else None,
            decided_by=ranked[unit.pk].decided_by if unit.pk in ranked else "",
            grade=scoring.grade(totals[unit.pk][1].total) if unit.pk in ranked else None,
        )
        for unit in units
    ]
    return sorted(lines_out, key=lambda row: row.rank if row.rank is not None else 10**6)


def _entry(unit: Unit, total: scoring.SheetTotal) -> scoring.RankEntry:
    first = next(iter(total.groups.values()), Decimal(0))
    return scoring.RankEntry(
        key=unit.pk,
        total=total.total,
        group_a=total.groups.get("A", first),
        penalty=total.penalty,
        bonus=total.bonus,
    )


@dataclass(frozen=True)
class TargetProgress:
    """A target with what was reached by achievements that count, and by how many of them."""

    target: Target
    reached: Decimal
    achievements: int

    @property
    def percent(self) -> Decimal | None:
        """Reached in per cent of planned, or None where nothing was planned."""
        if not self.target.planned:
            return None
        return self.reached * 100 / self.target.planned

    @property
    def is_met(self) -> bool:
        if self.target.direction == "less":
            return self.reached <= self.target.planned
        return self.reached >= self.target.planned


def targets(season: Season, unit: Unit | None = None) -> list[TargetProgress]:
    """Return the progress of the cluster's targets, or of one unit's, in their order.

    A target of the cluster is reached by its own achievements and by those of its parts.
    """
    rows = Target.objects.filter(pledge__season=season)
    wanted = unit.pk if unit else None
    return [row for row in _progress(rows) if row.target.unit_id == wanted]


def targets_of_units(season: Season, units: Iterable[Unit]) -> dict[int, list[TargetProgress]]:
    """Return the progress of the targets of each of the units that has any; one query."""
    found: dict[int, list[TargetProgress]] = defaultdict(list)
    for row in _progress(Target.objects.filter(pledge__season=season, unit__in=units)):
        found[row.target.unit_id or 0].append(row)
    return found


def last_year(rows: Iterable[TargetProgress]) -> dict[int, TargetProgress]:
    """Return, by the key of a target, how far the one it continues was reached the year before."""
    links = {row.target.pk: row.target.previous_id for row in rows if row.target.previous_id}
    if not links:
        return {}
    ones = Target.objects.filter(Q(pk__in=links.values()) | Q(part_of__in=links.values()))
    found = {row.target.pk: row for row in _progress(ones)}
    return {key: found[previous] for key, previous in links.items()}


def _progress(targets: QuerySet[Target]) -> list[TargetProgress]:
    """Return each target with what was reached, by itself and by its parts among `targets`."""
    counted = Q(achievements__state__in=COUNTED)
    rows = list(
        targets.annotate(
            reached=Sum("achievements__quantity", filter=counted),
            number=Count("achievements", filter=counted),
        ).order_by("order")
    )
    reached: dict[int | None, Decimal] = defaultdict(Decimal)
    number: dict[int | None, int] = defaultdict(int)
    for row in rows:
        for key in {row.pk, row.part_of_id}:
            reached[key] += row.reached or 0
            number[key] += row.number
    return [
        TargetProgress(target=row, reached=reached[row.pk], achievements=number[row.pk])
        for row in rows
    ]


@dataclass(frozen=True)
class UnitProgress:
    """How many achievements of a unit are in which state."""

    unit: Unit
    verified: int
    awaiting: int
    returned: int
    rejected: int

    @property
    def sent(self) -> int:
        return self.verified + self.awaiting + self.returned + self.rejected

    @property
    def percent(self) -> int:
        """Share of the sent ones on which the secretariat has concluded."""
        return (self.verified + self.rejected) * 100 // self.sent if self.sent else 0


def progress(season: Season) -> list[UnitProgress]:
    """Return the counts by unit in the official order, in two queries."""
    found: dict[int | None, dict[str, int]] = defaultdict(dict)
    rows = season.achievements.values_list("unit", "state").annotate(n=Count("id")).order_by()
    for unit, state, number in rows:
        found[unit][state] = number

    def count(unit: Unit, *states: str) -> int:
        return sum(found[unit.pk].get(state, 0) for state in states)

    return [
        UnitProgress(
            unit=unit,
            verified=count(unit, *COUNTED),
            awaiting=count(unit, *AWAITING),
            returned=count(unit, State.RETURNED),
            rejected=count(unit, State.REJECTED),
        )
        for unit in season.units()
    ]


def by_month(season: Season, unit: Unit | None = None) -> list[int]:
    """Return how many counted achievements happened in each of the twelve months."""
    rows = Achievement.objects.filter(season=season, started_on__year=season.year).counted()
    if unit is not None:
        rows = rows.filter(unit=unit)
    months = [0] * 12
    for month in rows.values_list("started_on__month", flat=True):
        months[month - 1] += 1
    return months
