"""Writes to disqualifying conditions: a person records one, and one is lifted with a reason."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import blocks, permissions
from emulation.findings import is_valid
from emulation.models import Block, Condition, Finder, Season
from emulation.models.season import days_of
from emulation.services.phases import locked_season
from journal.services import record

RECORDED = ("condition", "found_on", "detail", "source")


def _to_record(season: Season, unit: Unit, by: User) -> Season:
    row = locked_season(season)
    if not permissions.can_record_block(by, row, unit):
        raise PermissionDenied
    return row


def _at(name: str, text: str, code: str) -> ValidationError:
    return ValidationError({name: ValidationError(text, code=code)})


def _reason(text: str) -> str:
    if not text.strip():
        raise _at("reason", _("Nêu lý do gỡ"), "reason")
    return text.strip()


@transaction.atomic
def record_block(
    *,
    season: Season,
    unit: Unit,
    condition: Condition,
    by: User,
    found_on: date,
    detail: str,
    source: str,
    at: datetime | None = None,
) -> Block:
    """Record that a condition which people find holds for a unit since a day.

    Raises ValidationError code="condition" for one of another scheme, off or found by the system,
    "day" outside the season or the condition's validity, "detail", or "exists" for the same unit,
    condition and day; PermissionDenied for the own unit and anybody but the secretary.
    """
    row = _to_record(season, unit, by)
    if not row.units().filter(pk=unit.pk).exists():
        raise _at("unit", _("Chọn đơn vị thành viên của cụm"), "unit")
    is_ours = condition.scheme_id == row.scheme_id and condition.is_on
    if not is_ours or condition.finder != Finder.PERSON:
        raise _at("condition", _("Chọn điều kiện do thư ký ghi nhận"), "condition")
    first, last = days_of(row)
    if not first <= found_on <= min(last, timezone.localdate()):
        text = _("Chọn ngày trong năm %(year)s, không sau hôm nay") % {"year": row.year}
        raise _at("found_on", text, "day")
    if not is_valid(condition.valid_from, condition.valid_to, found_on, found_on):
        raise _at("found_on", _("Điều kiện này không có hiệu lực vào ngày đã chọn"), "day")
    if not detail.strip():
        raise _at("detail", _("Nêu sự việc"), "detail")
    if row.blocks.filter(unit=unit, condition=condition, found_on=found_on).exists():
        raise _at("found_on", _("Điều kiện này đã được ghi cho đơn vị vào ngày này"), "exists")
    values: Mapping[str, Any] = {
        "condition": condition, "found_on": found_on, "detail": detail.strip(),
        "source": source.strip(),
    }  # fmt: skip
    block = Block.objects.create(season=row, unit=unit, by=by, at=at or timezone.now(), **values)
    pairs = {name: [None, str(values[name])] for name in RECORDED}
    record(verb="block.record", subject=block, by=by, changes=pairs, at=at)
    return block


@transaction.atomic
def lift_block(
    *, block: Block, by: User, reason: str, proved_wrong: bool, at: datetime | None = None
) -> Block:
    """Lift what was recorded, with a reason. What binds is lifted only if it proved wrong.

    Raises ValidationError code="lifted", "reason" or "wrong"; PermissionDenied for the own unit and
    anybody but the secretary.
    """
    at = at or timezone.now()
    _to_record(block.season, block.unit, by)
    row = (
        Block.objects.select_for_update(of=("self",))
        .select_related("condition", "unit", "season__cluster")
        .get(pk=block.pk)
    )
    if row.lifted_at is not None:
        raise ValidationError(_("Trường hợp này đã được gỡ."), code="lifted")
    why = _reason(reason)
    if row.condition.blocks and not proved_wrong:
        text = _("Điều kiện có căn cứ chỉ gỡ được khi việc ghi nhận là sai: đánh dấu ở đây")
        raise _at("proved_wrong", text, "wrong")
    row.lifted_by, row.lifted_at, row.lifted_reason = by, at, why
    row.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    record(verb="block.lift", subject=row, by=by, reason=why, at=at)
    return row


@transaction.atomic
def put_aside(
    *,
    season: Season,
    unit: Unit,
    condition: Condition,
    by: User,
    reason: str,
    at: datetime | None = None,
) -> Block:
    """Put a warning of the system aside for a unit, with a reason.

    Raises ValidationError code="gone" where the system does not find it (any more), "wrong" for
    one that binds, which goes with its cause alone; PermissionDenied as `lift_block`.
    """
    at = at or timezone.now()
    row = _to_record(season, unit, by)
    found = next(
        (
            finding
            for finding in blocks.of_season(row).get(unit.pk, [])
            if finding.is_system and finding.condition == condition and not finding.is_lifted
        ),
        None,
    )
    if found is None:
        raise ValidationError(_("Hệ thống không còn thấy điều kiện này."), code="gone")
    if found.blocks:
        raise ValidationError(
            _("Điều kiện có căn cứ mất đi khi nguyên nhân không còn, không gỡ được."), code="wrong"
        )
    why = _reason(reason)
    block = Block.objects.create(
        season=row, unit=unit, condition=condition, found_on=timezone.localdate(at),
        detail=found.detail[:500], by=by, at=at, lifted_by=by, lifted_at=at, lifted_reason=why,
    )  # fmt: skip
    record(verb="block.lift", subject=block, by=by, reason=why, at=at)
    return block
