"""One target through the year: planned, reached so far, month by month, by which achievements."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from clusters.models import User
from emulation.models import Achievement, Season, Target
from emulation.models.achievement import AWAITING

SHOWN = 200


@dataclass(frozen=True)
class Month:
    """What a month added, and the sum from the start of the year."""

    number: int
    added: Decimal
    total: Decimal
    percent: int


@dataclass(frozen=True)
class Attainment:
    """How a figure came about. What the reader may not see is told as a sum, `others`.

    `months` add up to what was reached on days of the season; `rows` are the newest first.
    """

    months: list[Month]
    rows: list[Achievement]
    shown: Decimal
    shown_count: int
    others: Decimal
    others_count: int
    waiting: Decimal


def of(target: Target, season: Season, user: User, on: date) -> Attainment:
    """Return how the figure of a target came about, as `user` may see it, in three queries."""
    every = Achievement.objects.filter(season=season).filter(
        Q(target=target) | Q(target__part_of=target)
    )
    told = list(every.counted().values_list("pk", "started_on", "quantity"))
    visible = every.counted().visible_to(user)
    rows = list(
        visible.select_related("season", "unit")
        .defer("description")
        .order_by("-started_on", "-number")
    )
    seen = {row.pk for row in rows}
    hidden = [(quantity or Decimal(0)) for pk, _day, quantity in told if pk not in seen]
    waiting = every.filter(state__in=AWAITING).values_list("quantity", flat=True)
    return Attainment(
        months=_months([(day, quantity) for _pk, day, quantity in told], target, season, on),
        rows=rows[:SHOWN],
        shown=sum((row.quantity or Decimal(0) for row in rows), Decimal(0)),
        shown_count=len(rows),
        others=sum(hidden, Decimal(0)),
        others_count=len(hidden),
        waiting=sum((quantity or Decimal(0) for quantity in waiting), Decimal(0)),
    )


def _months(
    told: list[tuple[date | None, Decimal | None]], target: Target, season: Season, on: date
) -> list[Month]:
    """Return the months until `on`; days of the December before count for January."""
    added = [Decimal(0)] * 12
    for day, quantity in told:
        month = day.month if day and day.year == season.year else 1
        added[month - 1] += quantity or Decimal(0)
    last = 12 if on.year > season.year else on.month if on.year == season.year else 0
    # A result may be entered for a day to come in no way; whatever is there is shown.
    last = max([last, *(number for number, value in enumerate(added, 1) if value)])
    most = max(target.planned, sum(added, Decimal(0)), Decimal(1))
    found, total = [], Decimal(0)
    for number, value in enumerate(added[:last], 1):
        total += value
        found.append(Month(number, value, total, int(total * 100 / most)))
    return found
