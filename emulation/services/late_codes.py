"""Late codes: the secretariat gives one, the unit redeems it and may then still enter and send."""

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions
from emulation.models import LateCode, Season
from emulation.services.phases import locked_season
from journal.services import record

# Without letters and digits that are taken for each other when read out or copied by hand.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 8
LONGEST = timedelta(days=60)


def typed(code: str) -> str:
    """Return a code as it is stored, however it was typed: "abcd-efgh" is "ABCDEFGH"."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def shown(code: str) -> str:
    """Return a code as it is read out: in two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def _new_code(season: Season) -> str:
    known = set(season.late_codes.values_list("code", flat=True))
    while True:
        code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
        if code not in known:
            return code


@transaction.atomic
def issue_late_code(
    *,
    season: Season,
    unit: Unit,
    until: datetime,
    reason: str,
    by: User,
    at: datetime | None = None,
) -> LateCode:
    """Give a member unit a code that opens entering, sending and self-scoring until a moment.

    A unit has one unredeemed code of one end at a time: a second click finds the first code.
    Raises ValidationError at the field; PermissionDenied for anybody but the secretary.
    """
    at = at or timezone.now()
    row = locked_season(season)
    if not permissions.can_run(by, row):
        raise PermissionDenied
    if not row.units().filter(pk=unit.pk).exists():
        raise ValidationError({"unit": [_("Chọn đơn vị thành viên của cụm trong năm")]})
    if not at < until <= at + LONGEST:
        raise ValidationError(
            {"until": [_("Chọn thời điểm sau lúc này, trong %(n)s ngày") % {"n": LONGEST.days}]}
        )
    if not reason.strip():
        raise ValidationError({"reason": [_("Nêu lý do cho nộp muộn")]})
    same = row.late_codes.filter(unit=unit, until=until, reason=reason.strip(), redeemed_at=None)
    if known := same.first():
        return known
    code = LateCode.objects.create(
        season=row, unit=unit, code=_new_code(row), until=until, reason=reason.strip(), by=by, at=at
    )
    # The code itself is left out: whoever reads the history is not whom it was given to.
    changes = {"unit": [None, unit.name], "until": [None, until]}
    record(verb="late_code.issue", subject=code, by=by, reason=code.reason, changes=changes, at=at)
    return code


@transaction.atomic
def redeem_late_code(
    *, season: Season, unit: Unit, code: str, by: User, at: datetime | None = None
) -> LateCode:
    """Open the season for a unit by its code; a second click by the same person changes nothing.

    Raises ValidationError at the field "code": "unknown" (a code of another unit is unknown too),
    "over" past its end, "used" where a colleague redeemed it; PermissionDenied for other units.
    """
    at = at or timezone.now()
    if not permissions.can_redeem(by, season, unit):
        raise PermissionDenied
    mine = LateCode.objects.select_for_update(of=("self",)).filter(season=season, unit=unit)
    row = mine.filter(code=typed(code)[:LENGTH] if code else "").first()
    if row is None or typed(code) != row.code:
        raise _refused(_("Không có mã này. Xem lại mã thư ký cụm đã cấp cho đơn vị."), "unknown")
    if at >= row.until:
        day = timezone.localtime(row.until).strftime("%H:%M %d/%m/%Y")
        raise _refused(_("Mã đã hết hạn lúc %(day)s. Nhắn thư ký cụm.") % {"day": day}, "over")
    if row.redeemed_by == by:
        return row
    if row.redeemed_at and row.redeemed_by:
        raise _refused(
            _("%(name)s đã dùng mã này lúc %(day)s; đơn vị nhập và gửi được rồi.")
            % {
                "name": row.redeemed_by,
                "day": timezone.localtime(row.redeemed_at).strftime("%H:%M %d/%m/%Y"),
            },
            "used",
        )
    row.redeemed_by, row.redeemed_at = by, at
    row.save(update_fields=["redeemed_by", "redeemed_at"])
    record(verb="late_code.redeem", subject=row, by=by, at=at)
    return row


def _refused(text: str, code: str) -> ValidationError:
    return ValidationError({"code": ValidationError(text, code=code)})
