"""What a period holds for the report of one unit. Reads only; the words are in `report_text`."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Case, Count, F, Q, Sum, When
from django.db.models.functions import Coalesce
from django.utils import translation

from clusters.models import Unit
from clusters.vietnamese import format_number
from emulation import goals
from emulation.models import (
    Achievement,
    Category,
    CommunityActivity,
    Direction,
    Drive,
    DriveResult,
    Period,
    State,
    Target,
)
from emulation.models.particulars import COMMUNITY_FIGURES
from emulation.report_text import Draft, Group, Material, Progress, Push, Result, compose

# What the unit sent and nobody refused; what was not sent yet is not reported.
TOLD = (
    State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED, State.VERIFIED, State.LOCKED,
)  # fmt: skip
# When something happened that took several days: when it was finished.
DAY = Coalesce("ended_on", "started_on")


def of_period(period: Period, unit: Unit) -> "AchievementsOfPeriod":
    """Return the unit's achievements that happened within the period."""
    return AchievementsOfPeriod(period, unit)


class AchievementsOfPeriod:
    """The achievements that a report of a period is drafted from, and those it leaves out."""

    def __init__(self, period: Period, unit: Unit) -> None:
        rows = Achievement.objects.filter(season=period.season_id, unit=unit)
        if period.drive_id:
            rows = rows.filter(drive=period.drive_id)
        self.within = rows.annotate(day=DAY).filter(day__gte=period.start, day__lte=period.end)
        self.told = self.within.filter(state__in=TOLD)

    def drafts(self) -> int:
        """Return how many of the period were not sent yet."""
        return self.within.filter(state=State.DRAFT).count()


def draft(period: Period, unit: Unit) -> Draft:
    """Return a report of the period as its achievements tell it; a fixed number of queries."""
    # A document is Vietnamese whatever language its writer reads the pages in.
    with translation.override("vi"):
        return compose(material(period, unit))


def material(period: Period, unit: Unit) -> Material:
    """Return the facts of the period: achievements, sums, targets, drives."""
    rows = list(of_period(period, unit).told.select_related("target").order_by("day", "number"))
    running, coming = _drives(period, unit)
    return Material(
        groups=_groups(rows, _sums(rows)),
        targets=_targets(period, unit),
        drives=running,
        coming=coming,
        returned=sum(row.state == State.RETURNED for row in rows),
    )


def _sums(rows: Sequence[Achievement]) -> dict[str, dict[str, int]]:
    """Return the sums of the community figures by category."""
    counted = CommunityActivity.objects.filter(achievement__in=[row.pk for row in rows])
    sums = counted.values_list("achievement__category").annotate(
        *(Sum(name) for name in COMMUNITY_FIGURES)
    )
    return {
        category: dict(zip(COMMUNITY_FIGURES, (number or 0 for number in numbers), strict=True))
        for category, *numbers in sums.order_by()
    }


def _result(row: Achievement) -> Result:
    quantity = ""
    if row.target and row.quantity is not None:
        quantity = f"{format_number(row.quantity)} {row.target.measure}"
    return Result(row.title, row.ended_on or row.started_on, quantity)


def _groups(rows: Sequence[Achievement], sums: dict[str, dict[str, int]]) -> list[Group]:
    """Return the achievements by category, in the order of the report."""
    found: dict[str, list[Result]] = defaultdict(list)
    for row in rows:
        found[row.category].append(_result(row))
    return [
        Group(str(category.label), found[category], sums.get(category, {}))
        for category in Category
        if category in found
    ]


def _targets(period: Period, unit: Unit) -> list[Progress]:
    """Return the unit's targets with what was reached in the window and by its end."""
    told = Q(achievements__state__in=TOLD)
    day = Coalesce("achievements__ended_on", "achievements__started_on")
    amount = F("achievements__quantity")
    by_end = told & Q(day__lte=period.end)
    rows = (
        Target.objects.filter(pledge__season=period.season_id, unit=unit)
        .annotate(day=day)
        .values("pk", "text", "measure", "planned", "direction", "order")
        .annotate(
            within=Sum(Case(When(by_end & Q(day__gte=period.start), then=amount))),
            so_far=Sum(Case(When(by_end, then=amount))),
        )
        .order_by("order", "pk")
    )
    gone = goals.pace(period.season, period.end)
    return [
        Progress(
            text=row["text"],
            measure=row["measure"],
            planned=row["planned"],
            within=row["within"] or Decimal(0),
            so_far=row["so_far"] or Decimal(0),
            is_less=row["direction"] == Direction.LESS,
            gone=gone,
        )
        for row in rows
    ]


def _drives(period: Period, unit: Unit) -> tuple[list[Push], list[Push]]:
    """Return the drives that ran within the period, and those that begin after it."""
    rows = Drive.objects.filter(season=period.season_id, ends_on__gte=period.start)
    if period.drive_id:
        rows = rows.filter(pk=period.drive_id)
    mine = Q(achievements__unit=unit, achievements__state__in=TOLD)
    counted = list(rows.annotate(number=Count("achievements", filter=mine)))
    results = DriveResult.objects.filter(drive__in=counted, unit=unit)
    # Downwards by letters: the interim result first, the final one has the last word.
    told = dict(results.order_by("-stage").values_list("drive", "text"))
    pushes = [
        Push(row.name, row.starts_on, row.ends_on, row.number, told.get(row.pk, ""))
        for row in counted
    ]
    running = [push for push in pushes if push.starts_on <= period.end]
    return running, [push for push in pushes if push.starts_on > period.end]
