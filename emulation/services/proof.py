"""Which achievements a unit names as evidence for a score, and which the secretary refuses."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions
from emulation.models import PRIVATE, Achievement, Proof, ScoreSheet, SheetState
from emulation.services.cells import lock
from journal.services import record


def _may_name(sheet: ScoreSheet, by: User, at: datetime) -> None:
    """Raise where the unit's lane is closed: it names evidence while scoring or explaining."""
    if permissions.can_explain(by, sheet, at):
        return
    if not permissions.can_self_score(by, sheet.season, sheet.unit, at):
        raise PermissionDenied
    if sheet.state != SheetState.DRAFT:
        raise ValidationError(_("Bảng tự chấm đã gửi."), code="transition")


@transaction.atomic
def name_proof(
    *,
    sheet: ScoreSheet,
    criterion: int,
    achievement: Achievement,
    by: User,
    at: datetime | None = None,
) -> Proof:
    """Name an achievement of the unit as evidence for a line; naming it twice changes nothing.

    Raises ValidationError code="foreign" for another unit's or season's, "unsent" for one that the
    unit keeps to itself.
    """
    at = at or timezone.now()
    row = lock(sheet)
    _may_name(row, by, at)
    if achievement.unit_id != row.unit_id or achievement.season_id != row.season_id:
        raise ValidationError(_("Chọn thành tích của đơn vị trong kỳ này."), code="foreign")
    if achievement.state in PRIVATE:
        raise ValidationError(_("Gửi thành tích trước khi nêu làm minh chứng."), code="unsent")
    line = row.scores.select_related("criterion").get(criterion=criterion)
    proof, is_new = Proof.objects.get_or_create(score=line, achievement=achievement)
    if is_new:
        changes = {line.criterion.code: [None, str(achievement)]}
        record(verb="proof.name", subject=row, by=by, changes=changes, at=at)
    return proof


@transaction.atomic
def drop_proof(*, proof: Proof, by: User, at: datetime | None = None) -> None:
    """Take a named achievement back, while the unit's lane is open; a refused one stays."""
    at = at or timezone.now()
    row = lock(proof.score.sheet)
    _may_name(row, by, at)
    found = _fresh(proof)
    if found.refusal:
        raise ValidationError(_("Minh chứng đã bị từ chối, không bỏ được."), code="refused")
    changes = {found.score.criterion.code: [str(found.achievement), None]}
    found.delete()
    record(verb="proof.drop", subject=row, by=by, changes=changes, at=at)


@transaction.atomic
def refuse_proof(*, proof: Proof, by: User, reason: str, at: datetime | None = None) -> Proof:
    """Refuse an achievement as evidence of a line, with the reason that the unit reads."""
    at = at or timezone.now()
    row = lock(proof.score.sheet)
    if not permissions.can_appraise(by, row, at):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": [_("Nêu lý do không chấp nhận minh chứng")]})
    found = _fresh(proof)
    found.refusal, found.refused_by = reason.strip(), by
    found.save(update_fields=["refusal", "refused_by"])
    changes = {found.score.criterion.code: [str(found.achievement), str(found.achievement)]}
    record(
        verb="proof.refuse", subject=row, by=by, reason=found.refusal, changes=changes, at=at
    )  # fmt: skip
    return found


@transaction.atomic
def accept_proof(*, proof: Proof, by: User, at: datetime | None = None) -> Proof:
    """Take a refusal back."""
    at = at or timezone.now()
    row = lock(proof.score.sheet)
    if not permissions.can_appraise(by, row, at):
        raise PermissionDenied
    found = _fresh(proof)
    if found.refusal:
        changes = {found.score.criterion.code: [found.refusal, ""]}
        found.refusal, found.refused_by = "", None
        found.save(update_fields=["refusal", "refused_by"])
        record(verb="proof.accept", subject=row, by=by, changes=changes, at=at)
    return found


def _fresh(proof: Proof) -> Proof:
    """Return the row as it is now; ValidationError code="stale" where a colleague dropped it."""
    row = Proof.objects.select_related("score__criterion", "achievement").filter(pk=proof.pk)
    found = row.first()
    if found is None:
        raise ValidationError(_("Minh chứng này vừa được bỏ."), code="stale")
    return found
