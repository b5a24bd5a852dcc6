"""Writes of the conference and the nominations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from awards import permissions
from awards.models import (
    NOMINATION_TRANSITIONS,
    Award,
    Conference,
    ConferenceState,
    Nomination,
    NominationState,
    Remark,
)
from clusters.models import Unit, User
from emulation.models import Achievement, Season
from emulation.models.achievement import COUNTED
from journal.services import changed, record


def _season(season: Season) -> Season:
    return Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)


def _stale() -> ValidationError:
    return ValidationError(
        _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
    )


def _conference(season: Season) -> Conference:
    conference, _is_new = Conference.objects.get_or_create(season=season)
    if conference.state == ConferenceState.CONCLUDED:
        raise ValidationError(_("Hội nghị đã kết luận, không sửa được nữa."), code="concluded")
    return conference


@transaction.atomic
def record_conference(
    *,
    season: Season,
    by: User,
    version: int,
    values: Mapping[str, Any],
    at: datetime | None = None,
) -> Conference:
    """Keep date, place, chair and conclusion; `version` is 0 where nothing was recorded yet.

    Raises ValidationError code="stale" or "concluded"; PermissionDenied for anybody but the
    secretary in the phase.
    """
    at = at or timezone.now()
    locked = _season(season)
    if not permissions.may_confer(by, locked, at):
        raise PermissionDenied
    known = Conference.objects.filter(season=locked).first()
    if version != (known.version if known else 0):
        raise _stale()
    conference = _conference(locked)
    pairs = changed(conference, values)
    for name, value in values.items():
        setattr(conference, name, value)
    conference.version += 1
    conference.save()
    record(verb="conference.record", subject=conference, by=by, changes=pairs, at=at)
    return conference


@transaction.atomic
def conclude_conference(*, season: Season, by: User, at: datetime | None = None) -> Conference:
    """Close the record of the conference.

    Raises ValidationError code="missing" without date, place, chair or conclusion.
    """
    at = at or timezone.now()
    locked = _season(season)
    if not permissions.may_confer(by, locked, at):
        raise PermissionDenied
    conference = _conference(locked)
    needed = ("held_on", "place", "chair", "conclusion")
    if empty := [
        str(conference._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in needed
        if not getattr(conference, name)
    ]:
        raise ValidationError(
            _("Chưa kết luận được: còn thiếu %(parts)s."),
            code="missing",
            params={"parts": ", ".join(empty)},
        )
    conference.state = ConferenceState.CONCLUDED
    conference.version += 1
    conference.save()
    record(verb="conference.conclude", subject=conference, by=by, at=at)
    return conference


@transaction.atomic
def add_remark(
    *,
    season: Season,
    by: User,
    kind: Remark.Kind,
    text: str,
    unit: Unit | None = None,
    speaker: str = "",
    achievement: Achievement | None = None,
    at: datetime | None = None,
) -> Remark:
    """Record what was said; a result added in the discussion marks the achievement it names.

    Raises ValidationError where the achievement is another unit's or was not verified;
    PermissionDenied for anybody but the secretary in the phase.
    """
    at = at or timezone.now()
    locked = _season(season)
    if not permissions.may_confer(by, locked, at):
        raise PermissionDenied
    conference = _conference(locked)
    if achievement and (achievement.unit != unit or achievement.state not in COUNTED):
        raise ValidationError(
            {"achievement": [_("Chọn thành tích đã thẩm định của đúng đơn vị này")]}
        )
    remark = Remark.objects.create(
        conference=conference,
        kind=kind,
        unit=unit,
        speaker=speaker,
        text=text,
        achievement=achievement,
        created_by=by,
    )
    if achievement and kind == Remark.Kind.ADDITION:
        Achievement.objects.filter(pk=achievement.pk).update(added_at_conference=True)
    record(
        verb="conference.remark",
        subject=conference,
        by=by,
        at=at,
        changes={"remark": [None, f"{remark.kind}: {text[:200]}"]},
    )
    return remark


@transaction.atomic
def nominate(
    *,
    season: Season,
    unit: Unit,
    award: Award,
    merit: str,
    by: User,
    at: datetime | None = None,
) -> Nomination:
    """Propose a member unit for an award; the authority named in the award decides.

    Raises ValidationError where the unit is no member or stands nominated for it already;
    PermissionDenied for anybody but the secretary in the phase.
    """
    at = at or timezone.now()
    locked = _season(season)
    if not permissions.can_nominate(by, locked, at):
        raise PermissionDenied
    if not locked.units().filter(pk=unit.pk).exists():
        raise ValidationError({"unit": [_("Chọn đơn vị thành viên của cụm trong năm")]})
    if locked.nominations.standing().filter(unit=unit, award=award).exists():
        raise ValidationError(
            {"unit": [_("Đơn vị này đã được đề nghị hình thức này")]}, code="doubled"
        )
    nomination = Nomination.objects.create(
        season=locked,
        unit=unit,
        award=award,
        merit=merit,
        created_by=by,
        state=NominationState.PROPOSED,
    )
    record(
        verb="nomination.propose",
        subject=nomination,
        by=by,
        at=at,
        changes={"award": [None, award.name], "unit": [None, unit.name]},
    )
    return nomination


@transaction.atomic
def withdraw_nomination(
    *, nomination: Nomination, by: User, reason: str, at: datetime | None = None
) -> Nomination:
    """Withdraw a nomination, with a reason that stays."""
    at = at or timezone.now()
    row = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
    if not permissions.can_nominate(by, row.season, at):
        raise PermissionDenied
    if NominationState.WITHDRAWN not in NOMINATION_TRANSITIONS[NominationState(row.state)]:
        raise ValidationError(_("Đề nghị này đã rút."), code="transition")
    if not reason.strip():
        raise ValidationError({"reason": [_("Nêu lý do rút đề nghị")]})
    before, row.state = row.state, NominationState.WITHDRAWN
    row.withdrawn_reason = reason.strip()
    row.version += 1
    row.save()
    record(
        verb="nomination.withdraw",
        subject=row,
        by=by,
        reason=reason.strip(),
        at=at,
        changes={"state": [before, row.state]},
    )
    return row
