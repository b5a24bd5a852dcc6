"""How a target of the pledge stands on a day: what the bar shows, and one word of judgement."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from emulation.models import Direction, Season, Target, TargetGroup
from emulation.standings import TargetProgress, last_year


@dataclass(frozen=True)
class Goal:
    """A target as a page shows it; `percent` and `pace` run from 0 to 100, for the bar.

    `previous` is the target of last year that it continues, with what was reached then.
    """

    progress: TargetProgress
    percent: int
    pace: int | None
    kind: str
    word: str
    previous: TargetProgress | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the words and the number are those of last year (domain.md 7.1, first)."""
        if self.previous is None:
            return False
        now, then = self.target, self.previous.target
        return (now.text, now.planned) == (then.text, then.planned)

    @property
    def target(self) -> Target:
        return self.progress.target


def pace(season: Season, on: date) -> int | None:
    """Return the per cent of the year gone by on a day, or None outside the year."""
    if on.year != season.year:
        return None
    days = (date(season.year, 12, 31) - date(season.year, 1, 1)).days + 1
    return on.timetuple().tm_yday * 100 // days


def goal(progress: TargetProgress, season: Season, on: date) -> Goal:
    """Judge a target: a year that is over is met or missed, one that runs is on time or late."""
    share = progress.percent
    percent = min(int(share), 100) if share is not None else 100 * bool(progress.reached)
    gone = pace(season, on)
    if progress.target.direction == Direction.LESS:
        kind, word = ("ok", _("Trong mức")) if progress.is_met else ("slow", _("Vượt mức"))
        return Goal(progress, percent, None, kind, word)
    if progress.is_met:
        word = _("Vượt") if progress.reached > progress.target.planned else _("Đạt")
        return Goal(progress, percent, gone, "ok", word)
    if on > date(season.year, 12, 31):
        return Goal(progress, percent, None, "slow", _("Không đạt"))
    late = gone is not None and percent < gone
    word = _("Chậm so với thời gian") if late else _("Đúng tiến độ")
    return Goal(progress, percent, gone, "slow" if late else "", word)


def with_last_year(rows: list[TargetProgress], season: Season, on: date) -> list[Goal]:
    """Judge targets, each with the one of last year that it continues."""
    then = last_year(rows)
    return [replace(goal(row, season, on), previous=then.get(row.target.pk)) for row in rows]


def by_group(rows: list[TargetProgress], season: Season, on: date) -> list[dict[str, Any]]:
    """Return {"name", "goals"} for each group of targets that has any, in the order of groups."""
    order = list(TargetGroup.values)
    inside = sorted(rows, key=lambda row: order.index(row.target.group))
    judged = with_last_year(inside, season, on)
    return [
        {"name": TargetGroup(name).label, "goals": list(found)}
        for name, found in groupby(judged, key=lambda goal: goal.target.group)
    ]
