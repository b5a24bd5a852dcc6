"""The years of one unit side by side, whatever it was called in them. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from clusters.lineage import ancestors
from clusters.models import Cluster, Membership, Unit, User
from clusters.permissions import is_administrator, standing
from emulation import permissions, standings
from emulation.models import Achievement, Season
from emulation.standings import UnitTotals

YEARS = 5


@dataclass(frozen=True)
class UnitYear:
    """One year of a unit: what it was called and where it was a member.

    Figures are None where the reader may not see them, or where there are none.
    """

    year: int
    cluster: Cluster
    unit: Unit
    season: Season | None
    verified: int | None
    met: int | None
    targets: int | None
    line: UnitTotals | None
    ranked: int


def years(unit: Unit, user: User, at: datetime) -> list[UnitYear]:
    """Return the latest years of a unit and of all that came before it, the oldest first.

    A fixed number of queries a year, and at most five years.
    """
    rows = Membership.objects.filter(unit__in=ancestors(unit)).select_related("cluster", "unit")
    members = list(rows.order_by("-year", "order", "pk"))
    latest = sorted({row.year for row in members}, reverse=True)[:YEARS]
    members = [row for row in members if row.year in latest]
    seasons = {
        (season.cluster_id, season.year): season
        for season in Season.objects.visible_to(user)
        .filter(cluster__in={row.cluster_id for row in members}, year__in=latest)
        .select_related("cluster", "scheme")
    }
    verified = _verified(members)
    found = [
        _year(row, seasons.get((row.cluster_id, row.year)), verified, user, at) for row in members
    ]
    return found[::-1]


def _verified(members: list[Membership]) -> dict[tuple[int, int, int], int]:
    """Return how many achievements count, by cluster, year and unit."""
    rows = Achievement.objects.filter(unit__in={row.unit_id for row in members}).counted()
    grouped = rows.values_list("season__cluster", "season__year", "unit").order_by()
    return {
        (cluster, year, unit): number
        for cluster, year, unit, number in grouped.annotate(number=Count("pk"))
    }


def _year(
    row: Membership,
    season: Season | None,
    verified: dict[tuple[int, int, int], int],
    user: User,
    at: datetime,
) -> UnitYear:
    is_own = season is not None and (
        is_administrator(user)
        or permissions.is_of_unit(user, row.unit)
        or season.cluster_id in standing(user).clusters
    )
    targets = standings.targets(season, row.unit) if season and is_own else []
    shows_rank = season is not None and (
        is_administrator(user) or permissions.can_see_standings(user, season, at)
    )
    lines = standings.for_season(season) if season and shows_rank and season.scheme else []
    line = next((line for line in lines if line.unit == row.unit and line.rank), None)
    return UnitYear(
        year=row.year,
        cluster=row.cluster,
        unit=row.unit,
        season=season,
        verified=verified.get((row.cluster_id, row.year, row.unit_id), 0) if is_own else None,
        met=sum(target.is_met for target in targets) if targets else None,
        targets=len(targets) or None,
        line=line,
        ranked=sum(one.rank is not None for one in lines),
    )
