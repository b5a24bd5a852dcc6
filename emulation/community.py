"""What was done for the community, in quantities that add up by unit, by kind and for the cluster.

One rule for the page and the report: a quantity that nobody counted is no zero, and what waits for
the secretariat is added up beside what was verified, never into it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from emulation import facts
from emulation.models import Achievement, Category, CommunityActivity, CommunityKind, Season
from emulation.models.achievement import AWAITING, COUNTED
from emulation.models.particulars import COMMUNITY_FIGURES

Figures = Mapping[str, int | None]
NO_FILTERS: Mapping[str, int | str] = MappingProxyType({})


def figures_of(row: CommunityActivity) -> Figures:
    """Return the quantities of one activity."""
    return {name: getattr(row, name) for name in COMMUNITY_FIGURES}


def has_figures(figures: Figures) -> bool:
    """Tell whether anything was counted in an activity."""
    return any(number is not None for number in figures.values())


def sums(rows: Iterable[Figures]) -> dict[str, int | None]:
    """Return the sum of each quantity; None for one that nobody counted."""
    given = list(rows)
    found: dict[str, int | None] = {}
    for name in COMMUNITY_FIGURES:
        counted = [number for row in given if (number := row[name]) is not None]
        found[name] = sum(counted) if counted else None
    return found


def label(name: str) -> str:
    """Return the name of a quantity as a heading."""
    return capfirst(facts.named(CommunityActivity, name))


@dataclass(frozen=True)
class Activity:
    """One activity as it is added up."""

    unit_id: int | None
    kind: str
    is_verified: bool
    figures: Figures


@dataclass(frozen=True)
class Cell:
    """A quantity of a line: what was verified, and what waits."""

    name: str
    label: str
    verified: int | None
    waiting: int | None


@dataclass(frozen=True)
class Line:
    """The sums over some activities; `filters` name them to the list of achievements, if it can."""

    name: str
    verified: int
    waiting: int
    cells: list[Cell]
    filters: str | None

    @property
    def is_empty(self) -> bool:
        return not self.verified and not self.waiting


def read(season: Season) -> list[Activity]:
    """Return the activities of a season that were verified or wait for it, in one query."""
    rows = Achievement.objects.filter(
        season=season, category=Category.COMMUNITY, community__isnull=False,
        state__in=(*COUNTED, *AWAITING),
    )  # fmt: skip
    names = [f"community__{name}" for name in COMMUNITY_FIGURES]
    found = rows.order_by("pk").values_list("unit", "state", "community__kind", *names)
    return [
        Activity(unit, kind, state in COUNTED, dict(zip(COMMUNITY_FIGURES, numbers, strict=True)))
        for unit, state, kind, *numbers in found
    ]


def line(
    name: str,
    rows: Iterable[Activity],
    filters: Mapping[str, int | str] | None = NO_FILTERS,
) -> Line:
    """Return the sums over `rows` under a name; without `filters` its figures open nothing."""
    given = list(rows)
    verified = [row for row in given if row.is_verified]
    waiting = [row for row in given if not row.is_verified]
    done, coming = (sums(row.figures for row in some) for some in (verified, waiting))
    return Line(
        name=name,
        verified=len(verified),
        waiting=len(waiting),
        cells=[Cell(each, label(each), done[each], coming[each]) for each in COMMUNITY_FIGURES],
        filters=_address(filters),
    )


def _address(filters: Mapping[str, int | str] | None) -> str | None:
    if filters is None:
        return None
    return "".join(f"&{key}={value}" for key, value in filters.items())


def by_unit(season: Season, rows: list[Activity]) -> list[Line]:
    """Return a line per member unit in the official order, then what names no unit, if any."""
    found = [
        line(str(unit), (row for row in rows if row.unit_id == unit.pk), {"unit": unit.pk})
        for unit in season.units()
    ]
    whole = [row for row in rows if row.unit_id is None]
    return [*found, line(_("Cả cụm"), whole, None)] if whole else found


def by_kind(
    rows: list[Activity], filters: Mapping[str, int | str] | None = NO_FILTERS
) -> list[Line]:
    """Return a line per kind of activity."""
    return [
        line(
            str(kind.label),
            (row for row in rows if row.kind == kind),
            {"activity": kind.value, **(filters or {})},
        )
        for kind in CommunityKind
    ]
