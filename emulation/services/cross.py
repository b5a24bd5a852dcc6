"""Cross-scoring: who scores whom, the scores as they are typed, sending them, or abstaining."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import lanes, permissions
from emulation.models import (
    Criterion,
    CrossScore,
    CrossSheet,
    CrossState,
    Relation,
    Season,
    SheetState,
)
from emulation.scoring import Kind
from emulation.services.cells import Entry, check
from emulation.services.scoring import open_sheet
from journal.services import record


def _may_assign(season: Season, by: User) -> None:
    if not permissions.can_run(by, season) or permissions.is_published(season):
        raise PermissionDenied


@transaction.atomic
def assign(
    *, season: Season, by: User, pairs: Iterable[tuple[Unit, Unit]], at: datetime | None = None
) -> list[CrossSheet]:
    """Let units score others: pairs of (scored, scorer). Pairs that stand already stay as they are.

    Raises ValidationError code="own" for a unit that would score itself, "foreign" for a unit
    that is no member of the season.
    """
    at = at or timezone.now()
    held = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    _may_assign(held, by)
    if held.scheme is None:
        raise ValidationError(_("Kỳ này chưa có thang điểm."), code="scheme")
    members = {unit.pk for unit in held.units()}
    made, changes = [], {}
    for scored, scorer in pairs:
        if scored == scorer:
            raise ValidationError(_("Đơn vị không tự chấm chéo chính mình."), code="own")
        if not {scored.pk, scorer.pk} <= members:
            raise ValidationError(_("Chọn đơn vị của cụm."), code="foreign")
        sheet = open_sheet(season=held, unit=scored)
        row, is_new = CrossSheet.objects.get_or_create(
            sheet=sheet, scorer=scorer, defaults={"scored": scored}
        )
        if is_new:
            made.append(row)
            changes[f"{scorer} → {scored}"] = [None, "assigned"]
    if made:
        record(verb="cross.assign", subject=held, by=by, changes=changes, at=at)
    return made


@transaction.atomic
def unassign(*, cross: CrossSheet, by: User, at: datetime | None = None) -> None:
    """Take an assignment back, unless the scores were sent or the unit abstained."""
    at = at or timezone.now()
    row = _locked(cross)
    _may_assign(row.sheet.season, by)
    if row.state != CrossState.ASSIGNED:
        raise ValidationError(_("Đơn vị đã trả lời phân công này."), code="transition")
    changes = {str(row): ["assigned", None]}
    row.delete()
    record(verb="cross.unassign", subject=cross.sheet.season, by=by, changes=changes, at=at)


def _locked(cross: CrossSheet, version: int | None = None) -> CrossSheet:
    row = (
        CrossSheet.objects.select_for_update(of=("self",))
        .select_related("sheet__season__cluster", "sheet__season__scheme", "scorer", "scored")
        .filter(pk=cross.pk)
        .first()
    )
    if row is None:
        raise ValidationError(_("Phân công này vừa được thôi."), code="stale")
    if version is not None and row.version != version:
        raise ValidationError(
            _("Bảng chấm chéo này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
        )
    return row


def _may_score(row: CrossSheet, by: User, at: datetime) -> None:
    if row.state != CrossState.ASSIGNED and permissions.is_of_unit(by, row.scorer):
        raise ValidationError(_("Bảng chấm chéo đã trả lời."), code="transition")
    if not permissions.can_cross_score(by, row, at):
        raise PermissionDenied
    if row.sheet.state == SheetState.APPRAISED:
        # Its verified scores may be read by now: no more opinion that knows them.
        raise ValidationError(_("Bảng điểm đã thẩm định xong."), code="transition")


def token(score: Decimal | None, note: str) -> str:
    """Return the short name of what a cross sheet holds of one criterion."""
    return Entry(score, note).token


def _put(
    row: CrossSheet, criterion: Criterion, score: Decimal | None, note: str
) -> list[Any] | None:
    held = CrossScore.objects.filter(cross_sheet=row, criterion=criterion).first()
    line = held or CrossScore(
        cross_sheet=row, criterion=criterion, min_score=criterion.min_score,
        max_score=criterion.max_score,
    )  # fmt: skip
    if (line.score, line.note) == (score, note):
        return None
    check(line, Entry(score, note))
    pair = [[line.score, line.note], [score, note]]
    line.score, line.note = score, note
    line.save()
    return pair


@transaction.atomic
def write_cross_cell(
    *,
    cross: CrossSheet,
    criterion: Criterion,
    score: Decimal | None,
    note: str,
    was: str,
    by: User,
    at: datetime | None = None,
) -> CrossSheet:
    """Save one line of a cross sheet; what a colleague changed meanwhile is told (code="stale")."""
    at = at or timezone.now()
    row = _locked(cross)
    _may_score(row, by, at)
    held = CrossScore.objects.filter(cross_sheet=row, criterion=criterion).first()
    stored = (held.score, held.note) if held else (None, "")
    if stored != (score, note) and token(*stored) != was:
        raise ValidationError(_("Dòng này vừa được người khác lưu."), code="stale")
    pair = _put(row, criterion, score, note)
    if pair:
        row.version += 1
        row.save(update_fields=["version"])
        record(verb="cross.cell", subject=row, by=by, changes={criterion.code: pair}, at=at)
    return row


@transaction.atomic
def keep_cross(
    *,
    cross: CrossSheet,
    by: User,
    version: int,
    lines: dict[int, tuple[Decimal | None, str]],
    send: bool,
    at: datetime | None = None,
) -> CrossSheet:
    """Keep the whole cross sheet; with `send` every criterion needs a score, and it is final."""
    at = at or timezone.now()
    row = _locked(cross, version)
    _may_score(row, by, at)
    scheme = row.sheet.season.scheme
    assert scheme, "a sheet was made from a scheme"
    leaves = [one for one in scheme.criteria.exclude(kind=Kind.GROUP.value)
              if not lanes.is_computed(one)]  # fmt: skip
    changes = {}
    for leaf in leaves:
        pair = _put(row, leaf, *lines[leaf.pk]) if leaf.pk in lines else None
        if pair:
            changes[leaf.code] = pair
    if send:
        given = set(row.scores.exclude(score=None).values_list("criterion", flat=True))
        if codes := [leaf.code for leaf in leaves if leaf.pk not in given]:
            raise ValidationError(
                _("Nhập điểm cho: %(codes)s"), code="missing", params={"codes": ", ".join(codes)}
            )
        row.state, row.by, row.submitted_at = CrossState.SUBMITTED, by, at
    if changes or send:
        row.version += 1
        row.save()
        verb = "cross.submit" if send else "cross.cell"
        record(verb=verb, subject=row, by=by, changes=changes, at=at)
    return row


@transaction.atomic
def abstain(
    *, cross: CrossSheet, by: User, relation: str, reason: str, at: datetime | None = None
) -> CrossSheet:
    """Say that the unit does not score another, naming the relation and why.

    What was typed before does not count and is wiped.
    """
    at = at or timezone.now()
    row = _locked(cross)
    _may_score(row, by, at)
    if relation not in Relation.values:
        raise ValidationError({"relation": [_("Chọn quan hệ")]})
    if not reason.strip():
        raise ValidationError({"reason": [_("Nêu lý do không chấm")]})
    row.scores.all().delete()
    row.state, row.by = CrossState.ABSTAINED, by
    row.relation, row.reason = relation, reason.strip()
    row.version += 1
    row.save()
    told = f"{row.get_relation_display()}. {row.reason}"
    record(verb="cross.abstain", subject=row, by=by, reason=told, at=at)
    return row
