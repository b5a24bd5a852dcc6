"""Writes to score sheets: the unit's self-score, then the secretariat's verified score."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions
from emulation.models import Score, ScoreSheet, Season, SheetState
from emulation.models.sheet import SHEET_TRANSITIONS
from emulation.scoring import Kind
from journal.services import record

# {criterion id: (score or None, note)}
Lines = Mapping[int, tuple[Decimal | None, str]]


@transaction.atomic
def open_sheet(*, season: Season, unit: Unit) -> ScoreSheet:
    """Return the unit's sheet, made with one line a criterion where there is none yet.

    Making it empty is no act of a person and leaves no entry: the first score does.
    """
    assert season.scheme, "a season without a scheme has no sheets"
    Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    sheet, is_new = ScoreSheet.objects.get_or_create(season=season, unit=unit)
    if is_new:
        leaves = season.scheme.criteria.exclude(kind=Kind.GROUP.value)
        Score.objects.bulk_create(
            Score(sheet=sheet, criterion=leaf, min_score=leaf.min_score, max_score=leaf.max_score)
            for leaf in leaves
        )
    return sheet


def _locked(sheet: ScoreSheet, version: int) -> ScoreSheet:
    row = (
        ScoreSheet.objects.select_for_update(of=("self",))
        .select_related("season__cluster", "unit")
        .get(pk=sheet.pk)
    )
    if row.version != version:
        raise ValidationError(
            _("Bảng điểm này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
        )
    return row


def _move(sheet: ScoreSheet, to: SheetState) -> None:
    if sheet.state != to and to not in SHEET_TRANSITIONS[SheetState(sheet.state)]:
        raise ValidationError(
            _("Bảng điểm đang ở trạng thái “%(state)s”."),
            code="transition",
            params={"state": sheet.get_state_display()},
        )
    sheet.state = to


def _write(sheet: ScoreSheet, lines: Lines, score: str, note: str) -> dict[str, list[Any]]:
    """Write one lane of the sheet; return {criterion code: [before, after]}."""
    pairs: dict[str, list[Any]] = {}
    for row in sheet.scores.select_related("criterion"):
        if row.criterion_id not in lines:
            continue
        before = [getattr(row, score), getattr(row, note)]
        after = list(lines[row.criterion_id])
        if before != after:
            setattr(row, score, after[0])
            setattr(row, note, after[1])
            row.save(update_fields=[score, note])
            pairs[row.criterion.code] = [before, after]
    return pairs


def _all_scored(sheet: ScoreSheet, field: str) -> None:
    empty = sheet.scores.filter(**{field: None}).select_related("criterion")
    if codes := [row.criterion.code for row in empty]:
        raise ValidationError(
            _("Nhập điểm cho: %(codes)s"), code="missing", params={"codes": ", ".join(codes)}
        )


def _mark_lateness(sheet: ScoreSheet, at: datetime) -> None:
    """Say how late a sheet is sent; one that came in time stays so when it is sent again."""
    found = permissions.opening(sheet.season, "self_score", at, sheet.unit)
    if sheet.submitted_at is None and found:
        sheet.lateness = found.lateness


@transaction.atomic
def self_score(
    *,
    sheet: ScoreSheet,
    by: User,
    version: int,
    lines: Lines,
    send: bool,
    at: datetime | None = None,
) -> ScoreSheet:
    """Keep the unit's own scores; with `send`, hand the sheet to the secretariat.

    Raises ValidationError code="stale", "transition" or, on sending, "missing"; PermissionDenied
    for another unit or outside the phase.
    """
    at = at or timezone.now()
    row = _locked(sheet, version)
    if not permissions.can_self_score(by, row.season, row.unit, at):
        raise PermissionDenied
    if row.state != SheetState.DRAFT:
        raise ValidationError(_("Bảng tự chấm đã gửi."), code="transition")
    pairs = _write(row, lines, "self_score", "self_note")
    if send:
        _all_scored(row, "self_score")
        _move(row, SheetState.SUBMITTED)
        _mark_lateness(row, at)
        row.submitted_at = at
    if pairs or send:
        row.version += 1
        row.save()
        verb = "sheet.submit" if send else "sheet.self_score"
        record(verb=verb, subject=row, by=by, changes=pairs, at=at)
    return row


@transaction.atomic
def appraise(
    *,
    sheet: ScoreSheet,
    by: User,
    version: int,
    lines: Lines,
    finish: bool,
    at: datetime | None = None,
) -> ScoreSheet:
    """Keep verified scores; with `finish`, every criterion must have one and the sheet counts.

    A verified score that differs from the self-score needs a reason (code="reason"). Raises
    ValidationError code="stale" or "missing"; PermissionDenied for the own unit.
    """
    at = at or timezone.now()
    row = _locked(sheet, version)
    if not permissions.can_appraise(by, row, at):
        raise PermissionDenied
    pairs = _write(row, lines, "verified_score", "verified_note")
    if pairs and row.state == SheetState.APPRAISED and not finish:
        _move(row, SheetState.SUBMITTED)
    if finish:
        _all_scored(row, "verified_score")
        _gaps_have_reasons(row)
        _move(row, SheetState.APPRAISED)
        row.appraised_at = at
    if pairs or finish:
        row.version += 1
        row.save()
        verb = "sheet.appraise" if finish else "sheet.verify"
        record(verb=verb, subject=row, by=by, changes=pairs, at=at)
    return row


def _gaps_have_reasons(sheet: ScoreSheet) -> None:
    rows = sheet.scores.select_related("criterion")
    codes = [
        row.criterion.code
        for row in rows
        if row.verified_score != row.self_score and not row.verified_note
    ]
    if codes:
        raise ValidationError(
            _("Nêu lý do vì điểm thẩm định khác điểm tự chấm: %(codes)s"),
            code="reason",
            params={"codes": ", ".join(codes)},
        )


@transaction.atomic
def return_sheet(
    *, sheet: ScoreSheet, by: User, version: int, reason: str, at: datetime | None = None
) -> ScoreSheet:
    """Give a sent sheet back to the unit, with a reason."""
    at = at or timezone.now()
    row = _locked(sheet, version)
    if not permissions.can_appraise(by, row, at):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": [_("Nêu lý do trả lại bảng điểm")]})
    _move(row, SheetState.DRAFT)
    row.version += 1
    row.save()
    record(verb="sheet.return", subject=row, by=by, reason=reason.strip(), at=at)
    return row
