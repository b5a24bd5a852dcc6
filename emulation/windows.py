"""When something may be done in a season, and why it may not: sentences for the reader.

Reads the phases of the season (once, with `permissions.allows`) and who its secretaries are.
"""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from clusters.models import Appointment, Role, Unit
from emulation import permissions
from emulation.models import EDITABLE, Achievement, Phase, Review, Season, State
from emulation.models.achievement import AWAITING
from emulation.models.season import UNIT_SWITCHES


def moment(at: datetime) -> str:
    """Return hour and date of a deadline: "17 giờ, ngày 15/11/2026"; midnight is 24 giờ."""
    local = timezone.localtime(at)
    hour = local.hour
    if (local.hour, local.minute) == (0, 0):
        local, hour = local - timedelta(minutes=1), 24
    on_the_hour = hour == 24 or not local.minute
    text = _("%(hour)s giờ, ngày %(day)s")
    if not on_the_hour:
        text = _("%(hour)s giờ %(minutes)s, ngày %(day)s")
    day, minutes = local.strftime("%d/%m/%Y"), f"{local.minute:02}"
    return text % {"hour": hour, "minutes": minutes, "day": day}


def deadline(season: Season, switch: str, at: datetime, unit: Unit | None = None) -> str:
    """Return in words until when `switch` is open, for `unit` where it is a unit's act; or ""."""
    found = permissions.opening(season, switch, at, unit)
    if found is None:
        return ""
    until = moment(found.until)
    return _("%(until)s (gửi muộn)") % {"until": until} if found.lateness else until


def _phases(season: Season, switch: str) -> list[Phase]:
    return [phase for phase in season.phases.all() if getattr(phase, switch)]


def season_closed(season: Season) -> str:
    """Say since when nothing of the season changes any more, and what remains; "" while it does."""
    if not season.closed_at:
        return ""
    day = timezone.localtime(season.closed_at).strftime("%d/%m/%Y")
    return _("Kỳ đã chốt ngày %(day)s, không sửa được; cần sửa: ghi đính chính.") % {"day": day}


def why_closed(season: Season, switch: str, at: datetime, unit: Unit | None = None) -> str:
    """Say since when, or until when, `switch` is off for whoever asks; "" where it is on.

    Past the deadline of what units do, the sentence leads to where a late code is typed.
    """
    if season.is_closed:
        return season_closed(season)
    if permissions.allows(season, switch, at, unit):
        return ""
    phases = _phases(season, switch)
    if coming := [phase.start for phase in phases if phase.start > at]:
        return _("Chưa mở. Mở từ %(when)s.") % {"when": moment(min(coming))}
    if over := [phase.end for phase in phases if phase.end <= at]:
        text = _("Đã hết hạn từ %(when)s. Cần làm thêm: nhắn thư ký cụm.")
        text %= {"when": moment(max(over))}
        return _with_late_code(text, season) if switch in UNIT_SWITCHES else text
    return _("Kỳ này không mở phần này. Cần làm: nhắn thư ký cụm.")


def _with_late_code(text: str, season: Season) -> str:
    return format_html(
        '{} <a href="{}">{}</a>',
        text,
        reverse("late_code_redeem", args=[season.slug]),
        _("Nhập mã nộp muộn"),
    )


def why_locked(achievement: Achievement, at: datetime) -> str:
    """Say why the unit cannot change its achievement, since when, and whom to ask; "" if it can."""
    if achievement.state in EDITABLE:
        switch = "verify" if achievement.state == State.RETURNED else "enter"
        return why_closed(achievement.season, switch, at, achievement.unit)
    if achievement.season.is_closed:
        return season_closed(achievement.season)
    if achievement.state == State.WITHDRAWN:
        return _("Đã rút, không còn chờ thẩm định. Mở lại thành bản nháp để sửa và gửi.")
    if achievement.source_id:
        return _("Ghi theo tài liệu nguồn, không sửa ở đây.")
    if achievement.state in AWAITING and achievement.submitted_at:
        since, reason = achievement.submitted_at, _("đã gửi thư ký cụm")
    else:
        review = Review.objects.filter(achievement=achievement).first()
        since = review.at if review else achievement.created_at
        reason = _("thư ký cụm đã kết luận")
    return _("Khóa từ %(day)s vì %(reason)s. Cần sửa: nhắn thư ký cụm.") % {
        "day": timezone.localtime(since).strftime("%d/%m/%Y"),
        "reason": reason,
    }


def secretaries(season: Season) -> list[str]:
    """Return the names of those who answer: the secretaries of the season's cluster today."""
    rows = Appointment.objects.filter(cluster=season.cluster_id, role=Role.SECRETARY)
    found = rows.on(timezone.localdate()).select_related("user")
    return sorted({row.user.full_name for row in found})
