"""The thread between a unit and the secretariat about one achievement."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions
from emulation.models import Achievement, Message
from emulation.services.achievement import locked
from emulation.services.unclassified import check_unclassified
from journal.services import record

TEXT_LENGTH = 2000
SECOND_CLICK = timedelta(minutes=10)


@transaction.atomic
def write_message(
    *, achievement: Achievement, by: User, text: str, at: datetime | None = None
) -> Message:
    """Add a message to the thread; a second click on the same words finds the first one.

    Raises ValidationError code="empty", "long" or "secret"; PermissionDenied for those who have
    no part in the talk, before anything was sent, and in a closed season.
    """
    at, text = at or timezone.now(), text.strip()
    row = locked(achievement)
    if not permissions.can_talk(by, row):
        raise PermissionDenied
    if not text:
        raise ValidationError({"text": ValidationError(_("Nhập nội dung trao đổi"), code="empty")})
    if len(text) > TEXT_LENGTH:
        long = _("Rút gọn nội dung trao đổi còn tối đa %(n)s ký tự")
        raise ValidationError(
            {"text": ValidationError(long, code="long", params={"n": TEXT_LENGTH})}
        )
    check_unclassified({"text": text})
    last = row.messages.order_by("id").last()
    if last and (last.by_id, last.text) == (by.pk, text) and abs(at - last.at) < SECOND_CLICK:
        return last
    message = Message.objects.create(achievement=row, text=text, by=by, at=at)
    record(
        verb="achievement.message",
        subject=row,
        by=by,
        at=at,
        changes={"message": [None, message.pk]},
    )
    return message
