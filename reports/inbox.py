"""The desk of the secretary: what waits for a conclusion, and how far each unit has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import User
from clusters.permissions import standing
from emulation import permissions, windows
from emulation.models import Achievement, Season, SheetState, State
from emulation.models.achievement import AWAITING, COUNTED
from emulation.tags import Tag, achievement_tag, sheet_tag
from reports import desks
from reports.desks import Todo
from reports.progress import Progress, by_unit

# A unit hears from the secretariat within a week; what waits longer is late.
REVIEW_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """An achievement in the queue, for how many days, and how that looks."""

    achievement: Achievement
    days: int
    tag: Tag


@dataclass(frozen=True)
class Inbox:
    """All that the secretary's desk shows at one moment; every part is read once."""

    season: Season
    user: User
    at: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    @property
    def _late_before(self) -> datetime:
        """Return the midnight before which a late achievement was sent."""
        day = timezone.localtime(self.at) - REVIEW_WITHIN
        return day.replace(hour=0, minute=0, second=0, microsecond=0)

    def queue(self, *, late: bool = False, unit: int | None = None) -> QuerySet[Achievement]:
        """Return what waits for this secretary, oldest first; never the own unit's."""
        rows = Achievement.objects.filter(season=self.season).awaiting_review()
        rows = rows.exclude(unit__in=standing(self.user).home_units)
        if late:
            rows = rows.filter(submitted_at__lt=self._late_before)
        if unit is not None:
            rows = rows.filter(unit=unit)
        return rows.select_related("unit", "season").order_by("submitted_at", "pk")

    def waiting(self, rows: Sequence[Achievement]) -> list[Waiting]:
        """Return a page of the queue as it is shown."""
        return [self._waiting(row) for row in rows]

    def _waiting(self, row: Achievement) -> Waiting:
        sent = timezone.localdate(row.submitted_at) if row.submitted_at else self.today
        days = (self.today - sent).days
        over = days - REVIEW_WITHIN.days
        if over > 0:
            late = ngettext(
                "Quá hạn thẩm định %(days)s ngày", "Quá hạn thẩm định %(days)s ngày", over
            )
            tag = Tag(late % {"days": over}, "late")
        else:
            tag = achievement_tag(row.state, "secretary")
            if row.revision > 1 and row.state == State.SUBMITTED:
                word = _("Đã gửi lại, bản sửa %(n)s") % {"n": row.revision}
                tag = Tag(word, tag.family)
        return Waiting(row, days, tag)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many wait, are late, came back to their unit, are verified, are at home."""
        home = Q(unit__in=standing(self.user).home_units)
        waits = Q(state__in=AWAITING)
        return Achievement.objects.filter(season=self.season).aggregate(
            waiting=Count("pk", filter=waits & ~home),
            late=Count("pk", filter=waits & ~home & Q(submitted_at__lt=self._late_before)),
            returned=Count("pk", filter=Q(state=State.RETURNED)),
            verified=Count("pk", filter=Q(state__in=COUNTED)),
            home=Count("pk", filter=waits & home),
        )

    @cached_property
    def first(self) -> Achievement | None:
        """Return the achievement with which the round of reviews begins."""
        row = self.queue().first()
        return row if row and permissions.can_review(self.user, row, self.at) else None

    @cached_property
    def sheets(self) -> list[Todo]:
        """Return the score sheets that were sent and are not appraised to the end."""
        rows = self.season.sheets.filter(state=SheetState.SUBMITTED).select_related("unit")
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
    def progress(self) -> Progress | None:
        return by_unit(self.season, queue_of=self.user)

    @property
    def review_until(self) -> str:
        """Return the hour and day until which the secretariat concludes, "" outside the phase."""
        return windows.deadline(self.season, "verify", self.at)

    @property
    def day(self) -> str:
        return desks.day_in_words(self.today)


def _day(moment: datetime | None) -> str:
    return f"{timezone.localdate(moment):%d/%m/%Y}" if moment else ""
