"""What a unit and the secretariat have written to each other about one achievement."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Appointment, Role
from emulation.models import Achievement, Message


@dataclass(frozen=True)
class Said:
    """One message: who wrote it, for which side, when."""

    text: str
    name: str
    side: str
    at: datetime


def said_about(achievement: Achievement) -> list[Said]:
    """Return the messages of the thread, the oldest first; two queries however many there are."""
    rows = list(achievement.messages.select_related("by"))
    if not rows:
        return []
    posts = list(
        Appointment.objects.filter(cluster=achievement.season.cluster_id, role=Role.SECRETARY)
    )
    unit = achievement.unit.short_name if achievement.unit else ""
    return [
        Said(
            text=row.text,
            name=str(row.by),
            side=_("thư ký cụm") if _was_secretary(row, posts) else unit,
            at=row.at,
        )
        for row in rows
    ]


def _was_secretary(message: Message, posts: list[Appointment]) -> bool:
    """Tell whether the author was a secretary of the cluster on the day of the message."""
    day = timezone.localdate(message.at)
    return any(
        post.user_id == message.by_id and post.start <= day and (not post.end or post.end >= day)
        for post in posts
    )
