"""When something may be done in a season, and why it may not: sentences for the reader.

Reads the phases of the season (once, with `permissions.allows`) and who its secretaries are.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Appointment, Role
from emulation import permissions
from emulation.models import EDITABLE, Achievement, Phase, Review, Season, State
from emulation.models.achievement import AWAITING


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


def deadline(season: Season, switch: str, at: datetime) -> str:
    """Return in words until when `switch` is open, "" where it is closed."""
    end = permissions.deadline(season, switch, at)
    return moment(end) if end else ""


def _phases(season: Season, switch: str) -> list[Phase]:
    return [phase for phase in season.phases.all() if getattr(phase, switch)]


def why_closed(season: Season, switch: str, at: datetime) -> str:
    """Say since when, or until when, a season does not allow `switch`; "" where it does."""
    if permissions.allows(season, switch, at):
        return ""
    phases = _phases(season, switch)
    if coming := [phase.start for phase in phases if phase.start > at]:
        return _("Chưa mở. Mở từ %(when)s.") % {"when": moment(min(coming))}
    if over := [phase.end for phase in phases if phase.end <= at]:
        return _("Đã hết hạn từ %(when)s. Cần làm thêm: nhắn thư ký cụm.") % {
            "when": moment(max(over))
        }
    return _("Kỳ này không mở phần này. Cần làm: nhắn thư ký cụm.")


def why_locked(achievement: Achievement, at: datetime) -> str:
    """Say why the unit cannot change its achievement, since when, and whom to ask; "" if it can."""
    if achievement.state in EDITABLE:
        switch = "verify" if achievement.state == State.RETURNED else "enter"
        return why_closed(achievement.season, switch, at)
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
