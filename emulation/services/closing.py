"""The end of a season: nothing of it changes any more; what was wrong is corrected beside it."""

import time
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import User
from emulation import permissions
from emulation.models import (
    AWAITING,
    Achievement,
    Correction,
    Season,
    State,
)
from emulation.models.sheet import UNFINISHED
from emulation.services.phases import locked_season
from journal.services import hold, record

# What is locked counts; what was not recognised stays so, and is kept by the database alone.
STAYS = (State.REJECTED, State.RETURNED, State.DRAFT, State.WITHDRAWN)
# The closing never waits for a lock while it holds others: it lets go and comes again.
TRIES, PAUSE = 60, 0.1


class _BusyError(Exception):
    """Somebody saved in between: everything is let go and looked at again."""


@transaction.atomic
def close_season(*, season: Season, by: User, at: datetime | None = None) -> Season:
    """Close the season for good: what is verified is locked, the rest stays as it lies.

    Raises ValidationError code="waiting" with what still waits for the secretariat, code="closed"
    on a second click, code="busy" where others save without a pause; PermissionDenied for anybody
    but the secretary and the leader in charge.
    """
    at = at or timezone.now()
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _close(season, by, at)
        except _BusyError:
            time.sleep(PAUSE)
        except OperationalError as error:
            if not _is_locked(error):
                raise
            time.sleep(PAUSE)
    raise ValidationError(_("Đang có người lưu trong kỳ này. Chờ một phút rồi chốt lại."), "busy")


def _is_locked(error: OperationalError) -> bool:
    """Tell whether a row was held by somebody (PostgreSQL's lock_not_available)."""
    return getattr(error.__cause__, "pgcode", "") == "55P03"


def _close(season: Season, by: User, at: datetime) -> Season:
    """Lock achievements, season and journal in the order of every other writer, without waiting.

    See `emulation.closing`: a writer that comes later waits for the season in its trigger, and
    finds it closed.
    """
    rows = Achievement.objects.filter(season=season.pk)
    verified = rows.filter(state=State.VERIFIED)
    keys = list(verified.select_for_update(nowait=True).values_list("pk", flat=True))
    row = (
        Season.objects.select_for_update(of=("self",), nowait=True)
        .select_related("cluster")
        .get(pk=season.pk)
    )
    if row.is_closed:
        raise ValidationError(_("Kỳ này đã chốt."), code="closed")
    if not permissions.can_close(by, row):
        raise PermissionDenied
    hold()
    if waiting := waits_for_review(row):
        text = _("Chưa chốt được: còn %(what)s.") % {"what": ", ".join(waiting)}
        raise ValidationError(text, code="waiting")
    if verified.exclude(pk__in=keys).exists():
        raise _BusyError
    counts = {state.value: rows.filter(state=state).count() for state in (State.VERIFIED, *STAYS)}
    verified.update(state=State.LOCKED)
    row.closed_at, row.closed_by = at, by
    row.save(update_fields=["closed_at", "closed_by"])
    changes = {"closed_at": [None, at]} | {name: [None, n] for name, n in counts.items() if n}
    record(verb="season.close", subject=row, by=by, at=at, changes=changes)
    return row


def waits_for_review(season: Season) -> list[str]:
    """Return in words what the secretariat has to conclude before the season can be closed."""
    achievements = season.achievements.filter(state__in=AWAITING).count()
    sheets = season.sheets.filter(state__in=UNFINISHED).count()
    found: list[str] = []
    if achievements:
        text = ngettext(
            "%(n)s thành tích chờ thẩm định", "%(n)s thành tích chờ thẩm định", achievements
        )
        found.append(text % {"n": achievements})
    if sheets:
        text = ngettext("%(n)s bảng điểm chờ thẩm định", "%(n)s bảng điểm chờ thẩm định", sheets)
        found.append(text % {"n": sheets})
    return found


@transaction.atomic
def correct(
    *,
    season: Season,
    by: User,
    about: str,
    was: str,
    becomes: str,
    reason: str,
    achievement: Achievement | None = None,
    at: datetime | None = None,
) -> Correction:
    """Write a correction beside what is closed; the same one sent twice is found, not doubled.

    Raises ValidationError at the field where a part is missing or the achievement is of another
    season; PermissionDenied for anybody but the secretary, and while the season is open.
    """
    row = locked_season(season)
    if not permissions.can_correct(by, row):
        raise PermissionDenied
    texts = {name: text.strip() for name, text in (("about", about), ("was", was))}
    texts |= {"becomes": becomes.strip(), "reason": reason.strip()}
    missing = {
        "about": _("Nêu nội dung được đính chính"),
        "becomes": _("Ghi nội dung đúng"),
        "reason": _("Nêu lý do đính chính"),
    }
    if empty := {name: [text] for name, text in missing.items() if not texts[name]}:
        raise ValidationError(empty)
    if achievement and achievement.season_id != row.pk:
        raise ValidationError({"achievement": [_("Chọn thành tích của kỳ này")]})
    same = Correction.objects.filter(season=row, achievement=achievement, by=by, **texts)
    if known := same.first():
        return known
    correction = Correction.objects.create(
        season=row, achievement=achievement, by=by, at=at or timezone.now(), **texts
    )
    record(
        verb="season.correct",
        subject=achievement or row,
        by=by,
        reason=texts["reason"],
        at=correction.at,
        changes={texts["about"]: [texts["was"], texts["becomes"]]},
    )
    return correction
