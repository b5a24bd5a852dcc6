"""Achievements that continue each other over several periods, and what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from clusters.lineage import ancestors, line_of
from clusters.models import Unit, User
from emulation import permissions
from emulation.models import COUNTED, PRIVATE, Achievement, Season, State


@dataclass(frozen=True)
class Chain:
    """The links in the order of time; `total` and `counted` are in the measure of the target."""

    links: list[Achievement]
    measure: str
    total: Decimal
    counted: Decimal


def chain_keys(achievement: Achievement) -> list[int]:
    """Return the keys of what the achievement continues, itself, and what continues it."""
    if achievement.unit is None:
        return [achievement.pk]
    # The record follows a unit through time, so a link may stand in an older or newer name.
    rows = Achievement.objects.filter(unit__in=line_of(achievement.unit)).exclude(continues=None)
    pairs = dict(rows.order_by("pk").values_list("pk", "continues"))
    before, after = pairs, {old: new for new, old in pairs.items()}
    keys = [achievement.pk]
    while (older := before.get(keys[0])) and older not in keys:
        keys.insert(0, older)
    while (newer := after.get(keys[-1])) and newer not in keys:
        keys.append(newer)
    return keys


def chain_of(achievement: Achievement, user: User) -> Chain | None:
    """Return the chain as the user may see it, or None for an achievement that stands alone."""
    keys = chain_keys(achievement)
    if len(keys) < 2:
        return None
    rows = Achievement.objects.visible_to(user).select_related("season", "target")
    known = rows.in_bulk(keys)
    links = [known[key] for key in keys if key in known]
    if len(links) < 2:
        return None
    measure = achievement.target.measure if achievement.target else ""
    alike = [row for row in links if row.target is not None and row.target.measure == measure]
    return Chain(
        links=links,
        measure=measure,
        total=_sum(row for row in alike if row.state not in PRIVATE),
        counted=_sum(row for row in alike if row.state in COUNTED),
    )


def _sum(rows: Iterable[Achievement]) -> Decimal:
    return sum((row.quantity or Decimal(0) for row in rows), Decimal(0))


def can_be_continued(achievement: Achievement, season: Season) -> bool:
    """Tell whether an entry was sent, and is of this season or the year before."""
    sent = achievement.state not in (*PRIVATE, State.REJECTED)
    return sent and achievement.season.year in (season.year, season.year - 1)


def where_to_continue(
    achievement: Achievement, user: User, at: datetime
) -> tuple[Season, Unit] | None:
    """Return the season and unit in which the user may continue it now: its own, else the next."""
    if not permissions.is_of_unit(user, achievement.unit):
        return None
    if not can_be_continued(achievement, achievement.season):
        return None
    here = permissions.own_unit(user, achievement.season)
    if permissions.can_enter(user, achievement.season, here, at):
        assert here is not None
        return achievement.season, here
    later = Season.objects.visible_to(user).filter(year=achievement.season.year + 1)
    for season in later.select_related("cluster"):
        unit = permissions.own_unit(user, season)
        if unit is not None and achievement.unit_id in ancestors(unit):
            return (season, unit) if permissions.can_enter(user, season, unit, at) else None
    return None
