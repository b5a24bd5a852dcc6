"""The desk of the secretary: what waits for a conclusion, and how far each unit has come."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from clusters.permissions import standing
from emulation import permissions, windows
from emulation.models import (
    Achievement,
    PeriodicReport,
    ReportState,
    Season,
    State,
)
from emulation.models.achievement import AWAITING, COUNTED
from emulation.models.sheet import WAITING
from emulation.tags import report_tag, sheet_tag
from reports import desks
from reports.desks import SHOWN, Todo
from reports.queue import Waiting, late_before, waiting


@dataclass(frozen=True)
class Inbox:
    """All that the secretary's desk shows at one moment; every part is read once."""

    season: Season
    user: User
    at: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    def queue(self, *, late: bool = False, unit: int | None = None) -> QuerySet[Achievement]:
        """Return what waits for this secretary, oldest first; never the own unit's."""
        rows = Achievement.objects.filter(season=self.season).awaiting_review()
        rows = rows.exclude(unit__in=standing(self.user).home_units)
        if late:
            rows = rows.filter(submitted_at__lt=late_before(self.at))
        if unit is not None:
            rows = rows.filter(unit=unit)
        return rows.order_by("submitted_at", "pk")

    def waiting(self, rows: QuerySet[Achievement]) -> list[Waiting]:
        """Return a page of the queue as it is shown."""
        may = bool(self.review_until)
        return waiting(self.season, rows, today=self.today, may_review=may)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many wait, are late, came back to their unit, are verified, are at home."""
        home = Q(unit__in=standing(self.user).home_units)
        waits = Q(state__in=AWAITING)
        return Achievement.objects.filter(season=self.season).aggregate(
            waiting=Count("pk", filter=waits & ~home),
            late=Count("pk", filter=waits & ~home & Q(submitted_at__lt=late_before(self.at))),
            returned=Count("pk", filter=Q(state=State.RETURNED)),
            verified=Count("pk", filter=Q(state__in=COUNTED)),
            home=Count("pk", filter=waits & home),
        )

    def first(self, shown: list[Waiting] | None) -> str:
        """Return the address at which the round of reviews begins, "" where nothing is to do.

        `shown` is the beginning of the whole queue, where the page has it.
        """
        if shown is not None:
            return shown[0].url if shown and self.review_until else ""
        number = self.queue().values_list("number", flat=True).first()
        if number is None or not self.review_until:
            return ""
        return reverse("achievement_review", args=[self.season.slug, number])

    @cached_property
    def sheets(self) -> list[Todo]:
        """Return the score sheets that were sent and are not appraised to the end."""
        rows = self.season.sheets.filter(state__in=WAITING).select_related("unit")
        may = permissions.allows(self.season, "appraise", self.at)
        place = "sheet_appraise" if may else "sheet_detail"
        return [
            Todo(
                text=_("Bảng điểm %(unit)s") % {"unit": row.unit},
                note=_("Gửi tự chấm ngày %(day)s") % {"day": _day(row.submitted_at)},
                tag=sheet_tag(row.state, "secretary"),
                url=reverse(place, args=[self.season.slug, row.unit_id]),
            )
            for row in rows.exclude(unit__in=standing(self.user).home_units)
        ]

    @cached_property
    def reports(self) -> list[Todo]:
        """Return the periodic reports that were sent and not answered, the oldest first."""
        rows = PeriodicReport.objects.filter(
            period__season=self.season, state=ReportState.SUBMITTED
        ).select_related("period", "unit")
        mine = rows.exclude(unit__in=standing(self.user).home_units).order_by("sent_at", "pk")
        return [
            Todo(
                text=_("Báo cáo %(period)s của %(unit)s")
                % {"period": row.period, "unit": row.unit},
                note=_("Gửi ngày %(day)s") % {"day": _day(row.sent_at)},
                tag=report_tag(row.state, "secretary"),
                url=reverse("report_detail", args=[self.season.slug, row.period_id, row.unit_id]),
            )
            for row in mine[:SHOWN]
        ]

    @cached_property
    def review_until(self) -> str:
        """Return the hour and day until which the secretariat concludes, "" outside the phase."""
        return windows.deadline(self.season, "verify", self.at)

    @property
    def day(self) -> str:
        return desks.day_in_words(self.today)


def _day(moment: datetime | None) -> str:
    return f"{timezone.localdate(moment):%d/%m/%Y}" if moment else ""
