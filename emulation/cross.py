"""Who might cross-score whom: the teams of the inspections, or the units in turn."""

from dataclasses import dataclass

from clusters.models import Unit
from emulation.models import CrossSheet, Inspection, Season, SheetState
from emulation.tags import Tag, cross_tag

IN_TURN = 2


@dataclass(frozen=True)
class Scored:
    """A unit with the units that score it."""

    unit: Unit
    rows: list[tuple[CrossSheet, Tag]]


def assignments(season: Season) -> list[Scored]:
    """Return every unit of the season in its order with its cross sheets; two queries."""
    found: dict[int, list[tuple[CrossSheet, Tag]]] = {}
    for row in CrossSheet.objects.filter(sheet__season=season).select_related("scorer", "scored"):
        found.setdefault(row.scored_id, []).append((row, cross_tag(row.state, "secretary")))
    return [Scored(unit, found.get(unit.pk, [])) for unit in season.units()]


def proposals(season: Season) -> list[tuple[Unit, Unit]]:
    """Return pairs (scored, scorer) that are not assigned yet.

    The units of its inspection team score a unit; where there was none, the next two in the order.
    """
    units = list(season.units())
    known = {unit.pk: unit for unit in units}
    standing = set(
        CrossSheet.objects.filter(sheet__season=season).values_list("scored", "scorer")
    )  # fmt: skip
    teams: dict[int, list[int]] = {}
    for row in Inspection.objects.filter(season=season).prefetch_related("team"):
        members = [one.unit_id for one in row.team.all() if one.unit_id in known]
        teams.setdefault(row.unit_id, []).extend(members)
    pairs = []
    for place, unit in enumerate(units):
        turn = [units[(place + step) % len(units)].pk for step in range(1, IN_TURN + 1)]
        pairs += [
            (unit, known[scorer])
            for scorer in dict.fromkeys(teams.get(unit.pk) or turn)
            if scorer != unit.pk and (unit.pk, scorer) not in standing
        ]
    return pairs


def of_scorer(season: Season, unit: Unit) -> list[CrossSheet]:
    """Return the cross sheets that a unit gives, in the order of the scored units."""
    rows = CrossSheet.objects.filter(sheet__season=season, scorer=unit)
    found = {row.scored_id: row for row in rows.select_related("sheet", "scored")}
    return [found[one.pk] for one in season.units() if one.pk in found]


def is_ready(row: CrossSheet) -> bool:
    """Whether the scored unit has sent what is to be scored, and nobody has finished with it."""
    return row.sheet.state not in (SheetState.DRAFT, SheetState.APPRAISED)
