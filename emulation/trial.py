"""What the order of a season would have been under another version of the scheme.

The cells of the season are taken over by the code of their criterion; what the version has and the
season does not is named. Nothing is stored.
"""

from dataclasses import dataclass
from decimal import Decimal

from clusters.models import Unit
from emulation import standings, tally
from emulation.models import Criterion, Scheme, Season, SheetState
from emulation.scoring import Kind, Method


@dataclass(frozen=True)
class Moved:
    """A unit with its place then and its place under the version tried."""

    unit: Unit
    before: int
    after: int
    total_before: Decimal
    total_after: Decimal

    @property
    def has_moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Trial:
    """The order under the version tried, and which of its criteria had nothing to go by."""

    rows: list[Moved]
    missing: list[Criterion]


def run(season: Season, scheme: Scheme) -> Trial:
    """Compute the appraised units of a season under a version, by codes, in a few queries.

    A cell of a wrong sort (points for a criterion that is computed now) gives nothing: its
    criterion is among those missing.
    """
    assert season.scheme, "only a season with scores is tried"
    done = set(season.sheets.filter(state=SheetState.APPRAISED).values_list("unit", flat=True))
    units = [unit for unit in season.units() if unit.pk in done]
    old, new = list(season.scheme.criteria.all()), list(scheme.criteria.all())
    then = standings.entrants(season, units, old)[standings.Lane.VERIFIED]
    before = {row.key: row for row in tally.tally(standings.scheme_rules(season.scheme, old), then)}
    now = _carried(season, units, then, new)
    after = {row.key: row for row in tally.tally(standings.scheme_rules(scheme, new), now)}
    rows = [
        Moved(
            unit=unit,
            before=before[key].rank,
            after=after[key].rank,
            total_before=before[key].total.total,
            total_after=after[key].total.total,
        )
        for unit, key in ((unit, str(unit.pk)) for unit in units)
    ]
    filled = {code for row in after.values() for code in row.points}
    missing = [row for row in new if row.kind != Kind.GROUP.value and row.code not in filled]
    return Trial(sorted(rows, key=lambda row: row.after), missing)


def _carried(
    season: Season, units: list[Unit], then: list[tally.Entrant], new: list[Criterion]
) -> list[tally.Entrant]:
    """Return the cells under the new criteria: kept by code, cut to the range, or computed."""
    found = standings.computed(season, units, new, standings.Lane.VERIFIED)
    rows = {row.code: row for row in new if row.kind != Kind.GROUP.value}
    carried = []
    for unit, entrant in zip(units, then, strict=True):
        cells = {
            code: cell
            for code, cell in entrant.cells.items()
            if code in rows and (cell.score is not None or rows[code].method != Method.TYPED.value)
        }
        carried.append(tally.Entrant(entrant.key, cells | found[unit.pk], entrant.facts))
    return carried
