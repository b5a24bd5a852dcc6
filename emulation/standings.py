"""The order of the units of a season, and how far each target of the pledge is reached.

Reads with a fixed number of queries; every rule is in `emulation.scoring` and
`emulation.tally`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Q, QuerySet, Sum

from clusters.models import Unit
from emulation import scoring, tally
from emulation.models import (
    AWAITING,
    COUNTED,
    PRIVATE,
    Achievement,
    ActualSource,
    Criterion,
    Direction,
    Scheme,
    Score,
    Season,
    SheetState,
    State,
    Target,
)


@dataclass(frozen=True)
class UnitTotals:
    """One line of the consolidated score table; `rank` and `grade` only once appraised.

    `points` are the verified ones by criterion code; `behind` is what is missing to the total of
    the next better place.
    """

    unit: Unit
    state: str
    own: scoring.SheetTotal
    verified: scoring.SheetTotal
    rank: int | None
    decided_by: str
    grade: scoring.Grade | None
    points: dict[str, Decimal]
    looks_tied: bool = False
    behind: Decimal | None = None


class Lane(StrEnum):
    """Which scores of a sheet are read."""

    OWN = "self"
    VERIFIED = "verified"


def rules_of(criteria: Iterable[Criterion]) -> list[scoring.CriterionRule]:
    """Return a scheme's rows as the pure rules that `scoring` computes with."""
    rows = list(criteria)
    codes = {row.pk: row.code for row in rows}
    return [
        scoring.CriterionRule(
            code=row.code,
            kind=scoring.Kind(row.kind),
            max_score=row.max_score,
            min_score=row.min_score,
            points_each=row.points_each,
            group=codes.get(row.parent_id, "") if row.parent_id else "",
            method=scoring.Method(row.method),
        )
        for row in rows
    ]


def scheme_rules(scheme: Scheme, criteria: Iterable[Criterion] | None = None) -> tally.Rules:
    """Return a whole scheme as `tally` computes with it."""
    rows = scheme.criteria.all() if criteria is None else criteria
    return tally.Rules(
        criteria=tuple(rules_of(rows)),
        ceiling=scheme.ceiling,
        lead_group=scheme.lead_group,
        bonus_group=scheme.bonus_group,
        penalty_group=scheme.penalty_group,
        tie_breaks=tuple(scoring.Step(step) for step in scheme.tie_breaks),
        grades=tuple(
            (Decimal(scheme.grades[name.value]), name)
            for name in scoring.Grade
            if name.value in scheme.grades
        ),
    )


def entrants(
    season: Season, units: Sequence[Unit], criteria: Sequence[Criterion]
) -> dict[Lane, list[tally.Entrant]]:
    """Return what each lane holds of every unit, in a fixed number of queries.

    What a criterion computes from achievements or targets is read here and never stored.
    """
    cells: dict[Lane, dict[int, dict[str, tally.Cell]]] = {
        lane: {unit.pk: {} for unit in units} for lane in Lane
    }
    codes = {row.pk: row.code for row in criteria}
    fields = [f"{lane}_{what}" for lane in Lane for what in ("score", "actual", "target")]
    rows = Score.objects.filter(sheet__season=season).order_by()
    for unit, criterion, *values in rows.values_list("sheet__unit", "criterion", *fields):
        if unit in cells[Lane.OWN] and criterion in codes:
            cells[Lane.OWN][unit][codes[criterion]] = tally.Cell(*values[:3])
            cells[Lane.VERIFIED][unit][codes[criterion]] = tally.Cell(*values[3:])
    facts: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for unit, kind, value in season.unit_facts.values_list("unit", "kind", "value"):
        facts[unit][kind] = value
    for lane in Lane:
        for unit, found in computed(season, units, criteria, lane).items():
            cells[lane][unit] |= found
    return {
        lane: [tally.Entrant(str(unit.pk), cells[lane][unit.pk], facts[unit.pk]) for unit in units]
        for lane in Lane
    }


def computed(
    season: Season, units: Sequence[Unit], criteria: Iterable[Criterion], lane: Lane
) -> dict[int, dict[str, tally.Cell]]:
    """Return {unit: {criterion code: cell}} of what follows from achievements and targets.

    In the own lane all achievements count that were sent, in the verified lane the verified ones.
    A unit's attainment of targets is the mean percentage of each, by weight, against 100.
    """
    wanted = [row for row in criteria if row.actual_source != ActualSource.TYPED]
    found: dict[int, dict[str, tally.Cell]] = {unit.pk: {} for unit in units}
    if not wanted:
        return found
    rows = season.achievements.filter(unit__in=units)
    rows = rows.counted() if lane is Lane.VERIFIED else rows.exclude(state__in=PRIVATE)
    counts = {
        (unit, category): (Decimal(number), quantity or Decimal(0))
        for unit, category, number, quantity in rows.values_list("unit", "category")
        .annotate(number=Count("id"), quantity=Sum("quantity"))
        .order_by()
    }
    by_group = any(row.actual_source == ActualSource.TARGETS for row in wanted)
    reached = attained(season, units) if by_group else {}
    for row in wanted:
        for unit in units:
            found[unit.pk][row.code] = _cell(row, unit.pk, counts, reached)
    return found


def _cell(
    row: Criterion,
    unit: int,
    counts: Mapping[tuple[int, str], tuple[Decimal, Decimal]],
    reached: Mapping[tuple[int, str], Decimal],
) -> tally.Cell:
    if row.actual_source == ActualSource.TARGETS:
        percent = reached.get((unit, row.target_group))
        return tally.Cell() if percent is None else tally.Cell(None, percent, Decimal(100))
    number, quantity = counts.get((unit, row.category), (Decimal(0), Decimal(0)))
    return tally.Cell(None, number if row.actual_source == ActualSource.ACHIEVEMENTS else quantity)


def attained(season: Season, units: Sequence[Unit]) -> dict[tuple[int, str], Decimal]:
    """Return {(unit, group of targets): mean percentage reached, by weight}.

    A target of which less is better is met at 100, and past it the share planned/reached counts.
    """
    sums: dict[tuple[int, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for unit, rows in targets_of_units(season, units).items():
        for row in rows:
            weight = row.target.weight or Decimal(1)
            pair = sums[unit, row.target.group]
            pair[0] += weight * _attainment(row)
            pair[1] += weight
    return {key: done / weights for key, (done, weights) in sums.items()}


def _attainment(row: "TargetProgress") -> Decimal:
    if row.target.direction == Direction.LESS:
        return Decimal(100) if row.is_met else row.target.planned * 100 / row.reached
    return row.percent if row.percent is not None else Decimal(100)


def for_season(season: Season) -> list[UnitTotals]:
    """Return a line per member unit: ranked ones first, by rank, then in the official order."""
    units = list(season.units())
    if season.scheme is None:
        nothing = scoring.SheetTotal({}, Decimal(0), Decimal(0), Decimal(0))
        return [UnitTotals(unit, "", nothing, nothing, None, "", None, {}) for unit in units]
    criteria = list(season.scheme.criteria.all())
    rules = scheme_rules(season.scheme, criteria)
    states = dict(season.sheets.values_list("unit", "state"))
    lanes = entrants(season, units, criteria)
    own = {row.key: row for row in tally.tally(rules, lanes[Lane.OWN])}
    cells = lanes[Lane.VERIFIED]
    seen = {row.key: row for row in tally.tally(rules, cells)}
    done = {str(pk) for pk, state in states.items() if state == SheetState.APPRAISED}
    # Who is not appraised to the end has a sum, no place, and leads nobody.
    placed = {row.key: row for row in tally.tally(rules, [c for c in cells if c.key in done])}
    lines = [
        UnitTotals(
            unit=unit,
            state=states.get(unit.pk, ""),
            own=own[key].total,
            verified=(placed.get(key) or seen[key]).total,
            rank=placed[key].rank if key in placed else None,
            decided_by=placed[key].decided_by if key in placed else "",
            grade=placed[key].grade if key in placed else None,
            points=(placed.get(key) or seen[key]).points,
            looks_tied=key in placed and placed[key].looks_tied,
            behind=placed[key].behind if key in placed else None,
        )
        for unit, key in ((unit, str(unit.pk)) for unit in units)
    ]
    return sorted(lines, key=lambda row: row.rank if row.rank is not None else 10**6)


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
