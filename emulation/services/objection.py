"""Objections to published scores: once a criterion, answered in public with reasons."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions, published
from emulation.models import ActualSource, Objection, ObjectionFile, ObjectionState, Score, Season
from emulation.services.evidence import examine
from emulation.services.unclassified import check_unclassified
from journal.services import record

MAX_FILES = 5
# A file as it was sent: its name, what is in it, how long it is.
Upload = tuple[str, BinaryIO, int]


def _locked(score: Score) -> tuple[Score, Season]:
    """Return the line of the sheet, locked, and its season as it is now."""
    rows = Score.objects.select_related("criterion", "sheet__unit", "sheet__season__cluster")
    row = rows.select_for_update(of=("self",)).get(pk=score.pk)
    return row, row.sheet.season


def object_to(
    *,
    score: Score,
    by: User,
    text: str,
    wanted: Decimal | None = None,
    files: Sequence[Upload] = (),
    at: datetime | None = None,
) -> Objection:
    """Object to a published score, with new evidence.

    Raises ValidationError code="text", "doubled", "range", "too_many" or that of a refused file;
    PermissionDenied for another unit, without a publication or outside the window.
    """
    at = at or timezone.now()
    if not permissions.can_object(by, score.sheet.season, score.sheet.unit, at):
        raise PermissionDenied
    check_unclassified({"text": text})
    if not text.strip():
        raise ValidationError({"text": _("Nêu nội dung kiến nghị.")}, code="text")
    if len(files) > MAX_FILES:
        raise ValidationError(_("Gửi nhiều nhất 5 tệp."), code="too_many")
    kept: list[ObjectionFile] = []
    checked = [(*examine(name, file, size), file, size) for name, file, size in files]
    try:
        with transaction.atomic():
            made = _write(score, by, text, wanted, at)
            for name, content_type, file, size in checked:
                digest = hashlib.sha256(file.read()).hexdigest()
                file.seek(0)
                if any(row.sha256 == digest for row in kept):
                    continue
                row = ObjectionFile(
                    objection=made, name=name, content_type=content_type, size=size, sha256=digest
                )
                row.file.save(name, File(file), save=False)
                kept.append(row)
                row.save()
            record(
                verb="objection.write", subject=made.score.sheet, by=by, at=at,
                changes={
                    "criterion": [None, made.score.criterion.code],
                    "wanted": [None, wanted], "evidence": [None, [row.sha256 for row in kept]],
                },
            )  # fmt: skip
    except BaseException:
        for row in kept:
            row.file.delete(save=False)
        raise
    return made


def _write(score: Score, by: User, text: str, wanted: Decimal | None, at: datetime) -> Objection:
    row, season = _locked(score)
    if not permissions.can_object(by, season, row.sheet.unit, at):
        raise PermissionDenied
    if Objection.objects.filter(score=row).exists():
        raise ValidationError(_("Tiêu chí này đã có kiến nghị."), code="doubled")
    if wanted is not None and not row.min_score <= wanted <= row.max_score:
        raise ValidationError({"wanted": _("Điểm đề nghị ngoài khung điểm.")}, code="range")
    last = published.latest(season)
    assert last, "can_object asks for a publication"
    return Objection.objects.create(
        season=season, standing=last, score=row, text=text, wanted=wanted, by=by, at=at,
        before=_points(row, season),
    )  # fmt: skip


def _points(score: Score, season: Season) -> Decimal | None:
    """Return what the verified value of the line amounts to now."""
    last = published.latest(season)
    excused = published.labels(last)["left_out"] if last else {}
    _inputs, result = published.freeze(season, {int(pk): why for pk, why in excused.items()})
    rows = {row["key"]: row["points"] for row in json.loads(result)}
    given = rows.get(str(score.sheet.unit_id), {}).get(score.criterion.code)
    return None if given is None else Decimal(given).quantize(Decimal("0.0001"))


@transaction.atomic
def answer_objection(
    *,
    objection: Objection,
    by: User,
    is_accepted: bool,
    answer: str,
    value: Decimal | None = None,
    at: datetime | None = None,
) -> Objection:
    """Answer with reasons; accepting writes `value`, points or the actual value of the criterion.

    The order changes with the next publication. Raises ValidationError code="answered", "answer",
    "value" or "computed", or what is wrong with the value; PermissionDenied for the own unit.
    """
    at = at or timezone.now()
    score, season = _locked(objection.score)
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    row.score = score
    if not permissions.can_answer_objection(by, season, score.sheet.unit) or row.by_id == by.pk:
        raise PermissionDenied
    if row.state != ObjectionState.OPEN:
        raise ValidationError(_("Kiến nghị này đã được trả lời."), code="answered")
    check_unclassified({"answer": answer})
    if not answer.strip():
        raise ValidationError({"answer": _("Nêu lý do của trả lời.")}, code="answer")
    row.before = _points(score, season)
    changes = _accept(score, value) if is_accepted else {}
    row.after = _points(score, season)
    row.state = ObjectionState.ACCEPTED if is_accepted else ObjectionState.REFUSED
    row.answer, row.answered_by, row.answered_at = answer, by, at
    row.save()
    record(
        verb="objection.answer", subject=score.sheet, by=by, reason=answer, at=at,
        changes={"criterion": [None, score.criterion.code], "state": ["open", row.state]} | changes,
    )  # fmt: skip
    return row


def _accept(score: Score, value: Decimal | None) -> dict[str, list[object]]:
    """Write the new verified value; return {column: [before, after]}."""
    if score.criterion.actual_source != ActualSource.TYPED:
        raise ValidationError(
            _("Điểm tiêu chí này tính từ thành tích, chỉ tiêu; thẩm định lại ở đó."),
            code="computed",
        )
    if value is None:
        raise ValidationError({"value": _("Nhập kết quả mới.")}, code="value")
    name = "verified_actual" if score.criterion.method else "verified_score"
    before = getattr(score, name)
    setattr(score, name, value)
    try:
        score.full_clean()
    except ValidationError as error:
        raise ValidationError({"value": error.messages}, code="range") from error
    score.save(update_fields=[name])
    return {name: [before, value]}
