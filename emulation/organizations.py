"""What the mass organisations did: their achievements counted by unit and by category."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count

from emulation.models import Achievement, Category, Organization, Season
from emulation.models.achievement import AWAITING, COUNTED


@dataclass(frozen=True)
class Tally:
    """How many achievements of one unit, organisation and category are verified or wait."""

    unit_id: int | None
    organization: str
    category: str
    verified: int
    waiting: int


@dataclass(frozen=True)
class Cell:
    """The achievements led by one organisation on a line."""

    organization: Organization
    verified: int
    waiting: int


@dataclass(frozen=True)
class Line:
    """A unit or a category; `filters` name its achievements to their list."""

    name: str
    cells: list[Cell]
    filters: str

    @property
    def verified(self) -> int:
        return sum(cell.verified for cell in self.cells)

    @property
    def waiting(self) -> int:
        return sum(cell.waiting for cell in self.cells)


def read(season: Season) -> list[Tally]:
    """Return the counts of a season, in one query."""
    rows = Achievement.objects.filter(season=season, state__in=(*COUNTED, *AWAITING))
    found = (
        rows.exclude(organization="")
        .values_list("unit", "organization", "category", "state")
        .annotate(number=Count("id"))
        .order_by()
    )
    return [
        Tally(unit, organization, category, *((n, 0) if state in COUNTED else (0, n)))
        for unit, organization, category, state, n in found
    ]


def _line(name: str, rows: list[Tally], test: Callable[[Tally], bool], filters: str) -> Line:
    cells = []
    for organization in Organization:
        mine = [row for row in rows if row.organization == organization and test(row)]
        cells.append(
            Cell(organization, sum(r.verified for r in mine), sum(r.waiting for r in mine))
        )
    return Line(name, cells, filters)


def total(name: str, rows: list[Tally], filters: str = "") -> Line:
    """Return the counts of each organisation over all `rows`."""
    return _line(name, rows, lambda row: True, filters)


def by_unit(season: Season, rows: list[Tally]) -> list[Line]:
    """Return a line per member unit, in the official order."""
    return [
        _line(str(unit), rows, lambda row, pk=unit.pk: row.unit_id == pk, f"&unit={unit.pk}")  # type: ignore[misc]
        for unit in season.units()
    ]


def by_category(rows: list[Tally], filters: str = "") -> list[Line]:
    """Return a line per category in which a mass organisation did anything."""
    known = {row.category for row in rows}
    return [
        _line(
            str(kind.label), rows, lambda row, kind=kind: row.category == kind,  # type: ignore[misc]
            f"{filters}&category={kind.value}",
        )
        for kind in Category
        if kind in known
    ]  # fmt: skip
