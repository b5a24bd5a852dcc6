"""What a unit writes of an achievement: enter a draft, change it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from clusters.vietnamese import search_key
from emulation import permissions, returns
from emulation.models import Achievement, Season, State
from emulation.models.achievement import TRANSITIONS
from emulation.models.particulars import PARTICULARS
from emulation.services.unclassified import check_unclassified
from journal.services import changed, record


def particulars(achievement: Achievement) -> models.Model | None:
    """Return the row with the particulars of the achievement's category, or None."""
    model = PARTICULARS.get(achievement.category)
    return model._default_manager.filter(achievement=achievement).first() if model else None


def locked(achievement: Achievement) -> Achievement:
    """Return the row with its season and unit, locked for the caller's transaction."""
    return (
        Achievement.objects.select_for_update(of=("self",))
        .select_related("season__cluster", "unit")
        .get(pk=achievement.pk)
    )


def check_move(achievement: Achievement, to: State) -> None:
    """Raise ValidationError(code="transition") where `to` may not follow the state."""
    if to not in TRANSITIONS[State(achievement.state)]:
        raise ValidationError(
            _("Thành tích đang ở trạng thái “%(state)s”, không chuyển được sang “%(to)s”."),
            code="transition",
            params={"state": achievement.get_state_display(), "to": to.label},
        )


def index(achievement: Achievement) -> None:
    """Set the words by which a search finds the achievement, from its code and title."""
    achievement.search_key = search_key(f"{achievement.code} {achievement.title}")[:700]


def _keep_particulars(achievement: Achievement, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    model = PARTICULARS.get(achievement.category)
    if model is None or not values:
        return {}
    row = particulars(achievement) or model(achievement=achievement)
    pairs = changed(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return pairs


@transaction.atomic
def enter_achievement(
    *,
    season: Season,
    unit: Unit,
    by: User,
    key: UUID,
    values: Mapping[str, Any],
    particulars: Mapping[str, Any],
    at: datetime | None = None,
) -> Achievement:
    """Enter a draft, numbered within the season; the same `key` again returns the first row.

    Raises PermissionDenied where `by` may not enter for `unit` at that moment, ValidationError
    with the field, code="secret", where a text carries a secrecy mark.
    """
    at = at or timezone.now()
    season = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    if known := Achievement.objects.filter(entry_key=key).first():
        if known.created_by_id != by.pk:
            raise PermissionDenied
        return known
    if not permissions.can_enter(by, season, unit, at):
        raise PermissionDenied
    check_unclassified({**values, **particulars})
    achievement = Achievement(
        season=season, unit=unit, number=season.next_number, entry_key=key, created_by=by, **values
    )
    index(achievement)
    achievement.save()
    Season.objects.filter(pk=season.pk).update(next_number=season.next_number + 1)
    _keep_particulars(achievement, particulars)
    record(verb="achievement.enter", subject=achievement, by=by, at=at)
    return achievement


@transaction.atomic
def change_achievement(
    *,
    achievement: Achievement,
    by: User,
    version: int,
    values: Mapping[str, Any],
    particulars: Mapping[str, Any],
    at: datetime | None = None,
) -> Achievement:
    """Change a draft, or of a returned achievement the parts that the return opened.

    Raises ValidationError code="stale" where somebody saved after `version` was read,
    code="part_locked" where another part would change, one message a field where a returned one
    would lose its title or its day; PermissionDenied where it may not be changed.
    """
    at = at or timezone.now()
    row = locked(achievement)
    if not permissions.can_edit(by, row, at):
        raise PermissionDenied
    if row.version != version:
        raise ValidationError(
            _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
        )
    pairs = changed(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    pairs |= _keep_particulars(row, particulars)
    returns.check_open(row, pairs)
    _check_still_complete(row)
    check_unclassified({name: after for name, (_before, after) in pairs.items()})
    if pairs:
        row.version += 1
        index(row)
        row.save()
        record(verb="achievement.change", subject=row, by=by, changes=pairs, at=at)
    return row


def _check_still_complete(achievement: Achievement) -> None:
    """What was returned keeps what it could not have been sent without."""
    if achievement.state == State.RETURNED and not (achievement.title and achievement.started_on):
        missing = missing_parts(achievement)
        raise ValidationError({name: [text] for name, text in missing.items()})


def missing_parts(achievement: Achievement) -> dict[str, str]:
    """Return {field: what to do} for what must be there before an achievement is sent."""
    missing: dict[str, str] = {}
    if not achievement.title:
        missing["title"] = _("Nhập việc đã làm")
    if not achievement.started_on:
        missing["started_on"] = _("Chọn ngày")
    if achievement.quantity is None and achievement.target_id:
        missing["quantity"] = _("Nhập kết quả tính vào chỉ tiêu")
    if achievement.quantity is not None and not achievement.target_id:
        missing["target"] = _("Chọn chỉ tiêu mà kết quả tính vào")
    if achievement.category in PARTICULARS and particulars(achievement) is None:
        missing["details"] = _("Nhập phần chi tiết của loại thành tích")
    if achievement.quantity and not achievement.evidence.exists():
        missing["files"] = _("Đính kèm minh chứng cho kết quả đã nhập")
    return missing
