"""Writes to score sheets: the unit's self-score, then the secretariat's verified score."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import lanes, permissions
from emulation.models import Basis, Proof, Score, ScoreSheet, Season, SheetState
from emulation.scoring import ZERO, Kind, round_display
from emulation.services.cells import Entry, lock, may_write, move, put, reopen
from emulation.standings import Lane
from journal.services import record

# {criterion id: Entry, or (score or None, note)}
Lines = Mapping[int, tuple[Any, ...]]


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


def locked(sheet: ScoreSheet, version: int) -> ScoreSheet:
    """Return the sheet locked, or raise ValidationError code="stale"."""
    row = lock(sheet)
    if row.version != version:
        raise ValidationError(
            _("Bảng điểm này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
        )
    return row


def _write(sheet: ScoreSheet, lines: Lines, lane: Lane) -> dict[str, list[Any]]:
    """Write one lane of the sheet; return {criterion code: [before, after]}."""
    pairs: dict[str, list[Any]] = {}
    for row in sheet.scores.select_related("criterion"):
        given = lines.get(row.criterion_id)
        if given is None or lanes.is_computed(row.criterion):
            continue
        pair = put(row, lane, Entry(*given))
        if pair is not None:
            pairs[row.criterion.code] = pair
    return pairs


def _all_scored(sheet: ScoreSheet, lane: Lane) -> None:
    rows = sheet.scores.select_related("criterion")
    codes = [
        row.criterion.code
        for row in rows
        if not lanes.has_value(row.criterion, lanes.cell_of(row, lane))
    ]
    if codes:
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
    row = locked(sheet, version)
    may_write(row, Lane.OWN, by, at)
    pairs = _write(row, lines, Lane.OWN)
    if send:
        _all_scored(row, Lane.OWN)
        move(row, SheetState.SUBMITTED)
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

    A verified score that differs from the self-score by more than the scheme's limit needs a
    reason (code="reason") and what it rests on (code="basis"). Raises ValidationError code="stale"
    or "missing"; PermissionDenied for the own unit.
    """
    at = at or timezone.now()
    row = locked(sheet, version)
    may_write(row, Lane.VERIFIED, by, at)
    pairs = _write(row, lines, Lane.VERIFIED)
    if pairs and not finish:
        reopen(row)
    if finish:
        _all_scored(row, Lane.VERIFIED)
        _ground_gaps(row)
        move(row, SheetState.APPRAISED)
        row.appraised_at = at
    if pairs or finish:
        row.version += 1
        row.save()
        verb = "sheet.appraise" if finish else "sheet.verify"
        record(verb=verb, subject=row, by=by, changes=pairs, at=at)
    return row


def _ground_gaps(sheet: ScoreSheet) -> lanes.Count:
    """Refuse gaps above the limit without a reason, or whose basis the line contradicts.

    Where nobody chose a basis it follows from the line: evidence that stands, or none.
    """
    scheme = sheet.season.scheme
    assert scheme, "a sheet was made from a scheme"
    rows = list(sheet.scores.select_related("criterion"))
    counts = lanes.count(sheet, scores=rows)
    own, seen = counts[Lane.OWN].points, counts[Lane.VERIFIED].points
    proofs = Proof.objects.filter(score__sheet=sheet)
    named = set(proofs.values_list("score", flat=True))
    standing = set(proofs.filter(refusal="").values_list("score", flat=True))
    unexplained, ungrounded = [], []
    for row in rows:
        code = row.criterion.code
        gap = abs(seen.get(code, ZERO) - own.get(code, ZERO))
        if gap <= scheme.gap_limit or lanes.is_computed(row.criterion):
            continue
        if not row.verified_note:
            unexplained.append(code)
        if not row.verified_basis:
            row.verified_basis = (Basis.EVIDENCE if row.pk in standing else Basis.ABSENT).value
            row.save(update_fields=["verified_basis"])
        is_evidence = row.verified_basis == Basis.EVIDENCE
        if (is_evidence and row.pk not in named) or (not is_evidence and row.pk in standing):
            ungrounded.append(code)
    if unexplained:
        raise ValidationError(
            _("Nêu lý do vì điểm thẩm định khác điểm tự chấm: %(codes)s"),
            code="reason",
            params={"codes": ", ".join(unexplained)},
        )
    if ungrounded:
        raise ValidationError(
            _("Căn cứ không khớp với minh chứng đã nêu: %(codes)s"),
            code="basis",
            params={"codes": ", ".join(ungrounded)},
        )
    return counts[Lane.VERIFIED]


@transaction.atomic
def put_to_unit(
    *,
    sheet: ScoreSheet,
    by: User,
    version: int,
    lines: Lines | None = None,
    at: datetime | None = None,
) -> ScoreSheet:
    """Close the first appraisal and put it to the unit, which may explain line by line.

    Its points and remarks stay as they were put, whatever the second appraisal says.
    """
    at = at or timezone.now()
    row = locked(sheet, version)
    may_write(row, Lane.VERIFIED, by, at)
    pairs = _write(row, lines or {}, Lane.VERIFIED)
    _all_scored(row, Lane.VERIFIED)
    points = _ground_gaps(row).points
    move(row, SheetState.FIRST)
    held = list(row.scores.select_related("criterion"))
    for line in held:
        line.first_score = points.get(line.criterion.code)
        line.first_note = line.verified_note
    Score.objects.bulk_update(held, ["first_score", "first_note"])
    row.first_at = at
    row.version += 1
    row.save()
    record(verb="sheet.first", subject=row, by=by, changes=pairs, at=at)
    return row


@transaction.atomic
def explain(
    *,
    sheet: ScoreSheet,
    by: User,
    version: int,
    texts: Mapping[int, str],
    at: datetime | None = None,
) -> ScoreSheet:
    """Answer the first appraisal: {criterion: text}; without a text the unit agrees to the line."""
    at = at or timezone.now()
    row = locked(sheet, version)
    if not permissions.can_explain(by, row, at):
        raise PermissionDenied
    held = [line for line in row.scores.select_related("criterion") if line.criterion_id in texts]
    pairs = {}
    for line in held:
        if line.explanation != texts[line.criterion_id]:
            pairs[line.criterion.code] = [line.explanation, texts[line.criterion_id]]
            line.explanation = texts[line.criterion_id]
    Score.objects.bulk_update(held, ["explanation"])
    move(row, SheetState.EXPLAINED)
    row.explained_at = at
    row.version += 1
    row.save()
    record(verb="sheet.explain", subject=row, by=by, changes=pairs, at=at)
    return row


@transaction.atomic
def take_over(
    *,
    sheet: ScoreSheet,
    by: User,
    version: int,
    source: str,
    criterion: int | None = None,
    at: datetime | None = None,
) -> ScoreSheet:
    """Copy the cross mean ("cross") or the unit's own values ("self") into the verified lane.

    Of one line, or of all lines that nobody has verified yet. A mean is of points: a line whose
    points follow from an actual value keeps what it has.
    """
    means = lanes.cross_means(sheet) if source == "cross" else {}
    lines: dict[int, tuple[Any, ...]] = {}
    for row in sheet.scores.select_related("criterion"):
        kept = lanes.cell_of(row, Lane.VERIFIED)
        is_wanted = row.criterion_id == criterion if criterion else not any(
            value is not None for value in (kept.score, kept.actual)
        )  # fmt: skip
        if not is_wanted or lanes.is_computed(row.criterion):
            continue
        note, basis = row.verified_note, row.verified_basis
        if source == "self":
            lines[row.criterion_id] = Entry(
                row.self_score, note, row.self_actual, row.self_target, basis
            )
        elif row.criterion_id in means and not row.criterion.method:
            mean = round_display(means[row.criterion_id])
            lines[row.criterion_id] = Entry(mean, note, basis=basis)
    return appraise(sheet=sheet, by=by, version=version, lines=lines, finish=False, at=at)


@transaction.atomic
def return_sheet(
    *, sheet: ScoreSheet, by: User, version: int, reason: str, at: datetime | None = None
) -> ScoreSheet:
    """Give a sent sheet back to the unit, with a reason."""
    at = at or timezone.now()
    row = locked(sheet, version)
    if not permissions.can_appraise(by, row, at):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": [_("Nêu lý do trả lại bảng điểm")]})
    move(row, SheetState.DRAFT)
    row.version += 1
    row.save()
    record(verb="sheet.return", subject=row, by=by, reason=reason.strip(), at=at)
    return row
