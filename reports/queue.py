"""The queue of the secretary as it is printed: rows read as values, the oldest first."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emulation.lines import Printer, printed
from emulation.models import Season, State
from emulation.tags import Tag, achievement_tag, late_tag

# A unit hears from the secretariat within a week; what waits longer is late.
REVIEW_WITHIN = timedelta(days=7)
FIELDS = (
    "number", "title", "category", "submitted_at", "state", "revision", "lateness", "is_internal",
    "unit__short_name",
)  # fmt: skip


class Waiting(NamedTuple):
    """One achievement of the queue; `tags` is markup."""

    url: str
    title: str
    code: str
    unit: str
    category: str
    sent: str
    day: str
    waited: str
    tags: str


def waiting(season: Season, rows: QuerySet, *, today: date, may_review: bool) -> list[Waiting]:
    """Return a page of the queue; a title leads to the review while reviews are open."""
    printer = Printer(season, "secretary")
    # The address of the review of number 0, to take every other number in its place.
    place = reverse("achievement_review", args=[season.slug, 0]).rpartition("0")
    found = []
    for number, title, category, sent, *rest in rows.values_list(*FIELDS):
        day = timezone.localdate(sent) if sent else today
        url = f"{place[0]}{number}{place[2]}" if may_review else printer.url(number)
        found.append(
            Waiting(
                url=url,
                title=title,
                code=printer.code(number),
                unit=rest[-1] or _("Cả cụm"),
                category=printer.categories[category],
                sent=f"{day:%Y-%m-%d}",
                day=f"{day:%d/%m/%Y}",
                waited=_days(max(0, (today - day).days)),
                tags=_tags((today - day).days, *rest[:-1]),
            )
        )
    return found


def _days(days: int) -> str:
    return ngettext("%(n)s ngày", "%(n)s ngày", days) % {"n": days}


def _tags(days: int, state: str, revision: int, lateness: str, is_internal: bool) -> str:
    tags: list[Tag | None] = [_tag(days - REVIEW_WITHIN.days, state, revision), late_tag(lateness)]
    if is_internal:
        tags.append(Tag(_("Lưu hành nội bộ"), "off", "lock"))
    return SafeString(" ".join(printed(tag) for tag in tags if tag))


def _tag(over: int, state: str, revision: int) -> Tag:
    """Return how one in the queue looks: late, sent again, or by its state."""
    if over > 0:
        late = ngettext("Quá hạn thẩm định %(days)s ngày", "Quá hạn thẩm định %(days)s ngày", over)
        return Tag(late % {"days": over}, "late")
    tag = achievement_tag(state, "secretary")
    if revision > 1 and state == State.SUBMITTED:
        return Tag(_("Đã gửi lại, bản sửa %(n)s") % {"n": revision}, tag.family)
    return tag


def late_before(at: datetime) -> datetime:
    """Return the midnight before which a late achievement was sent."""
    day = timezone.localtime(at) - REVIEW_WITHIN
    return day.replace(hour=0, minute=0, second=0, microsecond=0)
