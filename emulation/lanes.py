"""What the lanes of one score sheet amount to, in points, with a fixed number of queries.

Every rule is in `emulation.scoring` and `emulation.tally`; here it is read what they need: the
lines of the sheet, what follows from achievements and targets, and, where points depend on the
best of the cluster, the others' results.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from emulation import scoring, tally
from emulation.models import (
    ActualSource,
    Criterion,
    CrossScore,
    CrossState,
    Score,
    ScoreSheet,
    SheetState,
)
from emulation.scoring import Kind, Method
from emulation.standings import Lane, computed, entrants, scheme_rules

# Methods that say nothing without a target.
NEEDS_TARGET = frozenset({Method.PROPORTIONAL, Method.BANDED})
TAKES_TARGET = NEEDS_TARGET | {Method.HALF_PLUS_LEADER}


@dataclass(frozen=True)
class Count:
    """One lane of one sheet: its cells, their points, and the sums."""

    cells: dict[str, tally.Cell]
    points: dict[str, Decimal]
    total: scoring.SheetTotal
    filled: int
    lines: int

    @property
    def percent(self) -> int:
        """How much of the sheet has points."""
        return self.filled * 100 // self.lines if self.lines else 0


def is_computed(criterion: Criterion) -> bool:
    """Whether nobody types the criterion."""
    return criterion.actual_source != ActualSource.TYPED


def has_value(criterion: Criterion, cell: tally.Cell) -> bool:
    """Whether the cell holds all that its points are computed from."""
    if is_computed(criterion):
        return True
    if not criterion.method:
        return cell.score is not None
    needs_target = criterion.method in NEEDS_TARGET
    return cell.actual is not None and (cell.target is not None or not needs_target)


def count(
    sheet: ScoreSheet,
    criteria: Sequence[Criterion] | None = None,
    scores: Sequence[Score] | None = None,
) -> dict[Lane, Count]:
    """Return both lanes of a sheet; two queries more where others' results decide points."""
    scheme = sheet.season.scheme
    assert scheme, "a sheet was made from a scheme"
    rows = list(scheme.criteria.order_by("order", "id")) if criteria is None else criteria
    held = list(sheet.scores.all()) if scores is None else scores
    rules = scheme_rules(scheme, rows)
    return {lane: _count(sheet, lane, rules, rows, held) for lane in Lane}


def _count(
    sheet: ScoreSheet,
    lane: Lane,
    rules: tally.Rules,
    criteria: Sequence[Criterion],
    scores: Sequence[Score],
) -> Count:
    codes = {row.pk: row.code for row in criteria}
    cells = {
        codes[row.criterion_id]: cell_of(row, lane) for row in scores if row.criterion_id in codes
    }
    cells |= computed(sheet.season, [sheet.unit], criteria, lane)[sheet.unit.pk]
    best = _leaders(sheet, lane, rules, criteria, cells)
    points = {}
    for rule in rules.criteria:
        if rule.kind is Kind.GROUP or rule.code not in cells:
            continue
        given = tally.points(rule, cells[rule.code], best.get(rule.code))
        if given is not None:
            points[rule.code] = given
    leaves = sum(rule.kind is not Kind.GROUP for rule in rules.criteria)
    return Count(cells, points, tally.total(rules, points), len(points), leaves)


def cell_of(row: Score, lane: Lane) -> tally.Cell:
    """Return what a line of a sheet holds in a lane."""
    return tally.Cell(*(getattr(row, f"{lane}_{what}") for what in ("score", "actual", "target")))


def _leaders(
    sheet: ScoreSheet,
    lane: Lane,
    rules: tally.Rules,
    criteria: Sequence[Criterion],
    own: Mapping[str, tally.Cell],
) -> dict[str, tally.Leader]:
    """Return the leaders as `standings.for_season` sees them: who is appraised among the done."""
    led = [row for row in criteria if row.method == Method.HALF_PLUS_LEADER]
    if not led:
        return {}
    codes = {row.pk: row.code for row in led}
    rows = Score.objects.filter(sheet__season=sheet.season, criterion__in=codes)
    rows = rows.exclude(sheet=sheet).order_by()
    is_done = lane is Lane.VERIFIED and sheet.state == SheetState.APPRAISED
    if is_done:
        rows = rows.filter(sheet__state=SheetState.APPRAISED)
    cells: dict[int, dict[str, tally.Cell]] = defaultdict(dict)
    fields = [f"{lane}_{what}" for what in ("score", "actual", "target")]
    for unit, criterion, *values in rows.values_list("sheet__unit", "criterion", *fields):
        cells[unit][codes[criterion]] = tally.Cell(*values)
    if any(is_computed(row) for row in led):
        units = list(sheet.season.units())
        if is_done:
            done = set(
                sheet.season.sheets.filter(state=SheetState.APPRAISED)
                .values_list("unit", flat=True)
            )  # fmt: skip
            units = [unit for unit in units if unit.pk in done]
        for unit, found in computed(sheet.season, units, led, lane).items():
            cells[unit] |= found
    cells[sheet.unit_id] = dict(own)
    return tally.leaders(rules, [tally.Entrant(str(pk), row) for pk, row in cells.items()])


def preview(sheet: ScoreSheet, criteria: Sequence[Criterion]) -> tuple[int, int]:
    """Return the place of the unit among those appraised so far and itself, and their number."""
    scheme = sheet.season.scheme
    assert scheme, "a sheet was made from a scheme"
    units = list(sheet.season.units())
    states = dict(sheet.season.sheets.values_list("unit", "state"))
    key = str(sheet.unit_id)
    shown = {str(pk) for pk, state in states.items() if state == SheetState.APPRAISED} | {key}
    cells = entrants(sheet.season, units, criteria)[Lane.VERIFIED]
    placed = tally.tally(scheme_rules(scheme, criteria), [row for row in cells if row.key in shown])
    return next(row.rank for row in placed if row.key == key), len(placed)


def cross_means(sheet: ScoreSheet) -> dict[int, Decimal]:
    """Return {criterion: mean} of the cross sheets that were sent; one query."""
    given: dict[int, list[Decimal]] = defaultdict(list)
    rows = CrossScore.objects.filter(
        cross_sheet__sheet=sheet, cross_sheet__state=CrossState.SUBMITTED, score__isnull=False
    )
    for criterion, score in rows.values_list("criterion", "score").order_by():
        assert score is not None, "the query leaves out what has no score"
        given[criterion].append(score)
    return {key: sum(values, Decimal(0)) / len(values) for key, values in given.items()}
