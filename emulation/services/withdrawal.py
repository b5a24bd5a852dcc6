"""A unit takes an achievement back, and takes it up again as a draft."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions
from emulation.models import Achievement, State
from emulation.services.achievement import check_move, locked
from emulation.services.unclassified import check_unclassified
from journal.services import record

REASON_LENGTH = 10


@transaction.atomic
def withdraw_achievement(
    *, achievement: Achievement, by: User, reason: str = "", at: datetime | None = None
) -> Achievement:
    """Take an achievement back before the secretariat has concluded on it.

    Raises ValidationError code="reason" where something that was sent is withdrawn without a
    reason of 10 characters, code="secret" for a secrecy mark, code="transition" after a conclusion
    and on a second click, code="closed" in a closed season; PermissionDenied for anybody else's.
    """
    at, reason = at or timezone.now(), reason.strip()
    row = locked(achievement)
    if not permissions.is_of_unit(by, row.unit):
        raise PermissionDenied
    check_move(row, State.WITHDRAWN)
    if not permissions.can_withdraw(by, row):
        raise ValidationError(_("Kỳ thi đua đã chốt, không rút được nữa."), code="closed")
    if row.state != State.DRAFT and len(reason) < REASON_LENGTH:
        text = _("Nêu lý do rút, ít nhất 10 ký tự, để thư ký cụm biết")
        raise ValidationError({"reason": ValidationError(text, code="reason")})
    check_unclassified({"reason": reason})
    changes = _move(row, State.WITHDRAWN)
    record(verb="achievement.withdraw", subject=row, by=by, reason=reason, at=at, changes=changes)
    return row


@transaction.atomic
def reopen_achievement(
    *, achievement: Achievement, by: User, at: datetime | None = None
) -> Achievement:
    """Take up as a draft what was withdrawn; all its parts are open again.

    Raises ValidationError code="transition" where it is not withdrawn, code="closed" where
    results may not be entered at that moment; PermissionDenied for anybody else's.
    """
    at = at or timezone.now()
    row = locked(achievement)
    if not permissions.is_of_unit(by, row.unit):
        raise PermissionDenied
    check_move(row, State.DRAFT)
    if not permissions.can_reopen(by, row, at):
        raise ValidationError(
            _("Đã hết hạn nhập thành tích. Cần mở lại: nhắn thư ký cụm."), code="closed"
        )
    changes = _move(row, State.DRAFT)
    record(verb="achievement.reopen", subject=row, by=by, at=at, changes=changes)
    return row


def _move(row: Achievement, to: State) -> dict[str, list[str]]:
    before, row.state = row.state, to
    row.version += 1
    row.save()
    return {"state": [before, to]}
