"""The scores of a cluster in several years side by side. Reads only, at most five years.

Units are followed through changes of name; criteria are matched by code, and where the maximum of
one differs its share of the maximum is what can be compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from clusters import lineage
from clusters.models import Unit, User
from clusters.permissions import is_administrator
from emulation import permissions, standings
from emulation.models import Criterion, Season, SheetState
from emulation.scoring import Kind
from emulation.standings import UnitTotals

YEARS = 5
SENT = frozenset(SheetState) - {SheetState.DRAFT}


def share(points: Decimal | None, most: Decimal) -> Decimal | None:
    """Return points in per cent of the maximum, None where there is nothing to compare."""
    return None if points is None or most <= 0 else points * 100 / most


@dataclass(frozen=True)
class Year:
    """One season as the reader may see it: `lines` by unit, `is_open` for the order of all."""

    season: Season
    criteria: Sequence[Criterion]
    base: Decimal
    lines: Mapping[int, UnitTotals]
    is_open: bool

    @property
    def ranked(self) -> int:
        """How many units have a place."""
        return sum(line.rank is not None for line in self.lines.values())


@dataclass(frozen=True)
class UnitYear:
    """What a unit, by whatever name, had in a year; None where nothing is known or to be seen."""

    year: Year
    unit: Unit | None
    own: Decimal | None = None
    verified: Decimal | None = None
    rank: int | None = None
    points: Mapping[str, Decimal] | None = None
    is_several: bool = False  # the parts of a later merger have no sum

    @property
    def gap(self) -> Decimal | None:
        """The honesty curve: self-score minus appraisal."""
        known = self.own is not None and self.verified is not None
        return self.own - self.verified if known else None  # type: ignore[operator]

    @property
    def share(self) -> Decimal | None:
        return share(self.verified, self.year.base)


@dataclass(frozen=True)
class Mark:
    """One criterion in one year: its points, its maximum and the share; None: not in the scheme."""

    most: Decimal | None
    points: Decimal | None = None

    @property
    def share(self) -> Decimal | None:
        return share(self.points, self.most) if self.most is not None else None


@dataclass(frozen=True)
class CriterionYears:
    """A criterion by its code through the years, by its latest name."""

    code: str
    name: str
    marks: Sequence[Mark]

    @property
    def is_changed(self) -> bool:
        """Whether its maximum differs between the years, or it is missing in one."""
        return len({mark.most for mark in self.marks}) > 1


@dataclass(frozen=True)
class Comparison:
    """The years of a cluster, the oldest first, and its present units in them."""

    years: Sequence[Year]
    units: Sequence[Unit]
    ancestors: Mapping[int, frozenset[int]]

    @cached_property
    def rows(self) -> list[tuple[Unit, list[UnitYear]]]:
        """Every unit of which a line may be seen, with its years."""
        found = [(unit, self.of_unit(unit)) for unit in self.units]
        return [(unit, cells) for unit, cells in found if any(cell.unit for cell in cells)]

    @property
    def is_rebased(self) -> bool:
        """Whether the maximum of the whole differs between the years."""
        return len({year.base for year in self.years if year.base}) > 1

    def of_unit(self, unit: Unit) -> list[UnitYear]:
        """Return one unit in each of the years."""
        return [self._cell(unit, year) for year in self.years]

    def _cell(self, unit: Unit, year: Year) -> UnitYear:
        keys = self.ancestors.get(unit.pk, frozenset({unit.pk}))
        lines = [line for key, line in year.lines.items() if key in keys]
        if len(lines) != 1:
            return UnitYear(year, None, is_several=len(lines) > 1)
        line = lines[0]
        is_done = line.state == SheetState.APPRAISED
        return UnitYear(
            year=year,
            unit=line.unit,
            own=line.own.total if line.state in SENT else None,
            verified=line.verified.total if is_done else None,
            rank=line.rank if year.is_open else None,
            points=line.points if is_done else None,
        )

    def criteria(self, cells: Sequence[UnitYear]) -> list[CriterionYears]:
        """Return the criteria of one unit through the years, in the order of the latest scheme."""
        names: dict[str, str] = {}
        most: list[dict[str, Decimal]] = []
        for cell in cells:
            leaves = [row for row in cell.year.criteria if row.kind != Kind.GROUP.value]
            most.append({row.code: row.max_score or -row.min_score for row in leaves})
        for cell in reversed(cells):
            for row in cell.year.criteria:
                if row.kind != Kind.GROUP.value:
                    names.setdefault(row.code, row.name)
        # A year without a scheme says nothing of any criterion and is no change of it.
        known = [at for at, cell in enumerate(cells) if cell.year.criteria]
        return [
            CriterionYears(
                code,
                name,
                [Mark(most[at].get(code), (cells[at].points or {}).get(code)) for at in known],
            )
            for code, name in names.items()
        ]


def read(season: Season, user: User, at: datetime) -> Comparison:
    """Return up to five years of the cluster that end with `season`, as far as the user may see.

    Of a year whose order is not open to the reader only the lines of the own unit are here.
    """
    units = list(season.units())
    ancestors = lineage.ancestors_of(units)
    mine: frozenset[int] = frozenset().union(
        *(keys for key, keys in ancestors.items() if key in _own(user, season))
    )
    seasons = (
        Season.objects.visible_to(user)
        .filter(cluster=season.cluster_id, year__lte=season.year)
        .select_related("cluster", "scheme")
        .order_by("-year")[:YEARS]
    )
    years = [_year(row, user, at, mine) for row in seasons]
    return Comparison(years[::-1], units, ancestors)


def _own(user: User, season: Season) -> set[int]:
    return {unit.pk for unit in permissions.own_units(user, season)}


def _year(season: Season, user: User, at: datetime, mine: frozenset[int]) -> Year:
    is_open = is_administrator(user) or permissions.can_see_standings(user, season, at)
    if season.scheme is None:
        return Year(season, [], Decimal(0), {}, is_open)
    criteria = list(season.scheme.criteria.all())
    lines = {
        line.unit.pk: line
        for line in standings.for_season(season)
        if is_open or line.unit.pk in mine
    }
    return Year(season, criteria, standings.scheme_rules(season.scheme, criteria).base, lines,
                is_open)  # fmt: skip
