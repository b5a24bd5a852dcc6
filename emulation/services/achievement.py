"""Every write to an achievement: enter, change, attach, send, review."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from clusters.vietnamese import search_key
from emulation import permissions, uploads
from emulation.models import (
    Achievement,
    AdvancedModel,
    Category,
    CommunityActivity,
    Evidence,
    ParliamentaryService,
    PolicyDocument,
    Review,
    Season,
    State,
)
from emulation.models.achievement import TRANSITIONS
from journal.services import changed, record

MAX_FILES = 20
REASON_LENGTH = 20
# Which table holds the particulars of a category; the others have none.
PARTICULARS: dict[str, type[models.Model]] = {
    Category.POLICY_DOCUMENT: PolicyDocument,
    Category.PARLIAMENT: ParliamentaryService,
    Category.COMMUNITY: CommunityActivity,
    Category.ADVANCED_MODEL: AdvancedModel,
}


def particulars(achievement: Achievement) -> models.Model | None:
    """Return the row with the particulars of the achievement's category, or None."""
    model = PARTICULARS.get(achievement.category)
    return model._default_manager.filter(achievement=achievement).first() if model else None


def _locked(achievement: Achievement) -> Achievement:
    return (
        Achievement.objects.select_for_update(of=("self",))
        .select_related("season__cluster", "unit")
        .get(pk=achievement.pk)
    )


def _check_move(achievement: Achievement, to: State) -> None:
    if to not in TRANSITIONS[State(achievement.state)]:
        raise ValidationError(
            _("Thành tích đang ở trạng thái “%(state)s”, không chuyển được sang “%(to)s”."),
            code="transition",
            params={"state": achievement.get_state_display(), "to": to.label},
        )


def _index(achievement: Achievement) -> None:
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

    Raises PermissionDenied where `by` may not enter for `unit` at that moment.
    """
    at = at or timezone.now()
    locked = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    if known := Achievement.objects.filter(entry_key=key, created_by=by).first():
        return known
    if not permissions.can_enter(by, locked, unit, at):
        raise PermissionDenied
    achievement = Achievement(
        season=locked, unit=unit, number=locked.next_number, entry_key=key, created_by=by, **values
    )
    _index(achievement)
    achievement.save()
    Season.objects.filter(pk=locked.pk).update(next_number=locked.next_number + 1)
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
    """Change a draft or a returned achievement.

    Raises ValidationError(code="stale") where somebody saved after `version` was read, and
    PermissionDenied where it may not be changed.
    """
    at = at or timezone.now()
    row = _locked(achievement)
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
    if pairs:
        row.version += 1
        _index(row)
        row.save()
        record(verb="achievement.change", subject=row, by=by, changes=pairs, at=at)
    return row


def attach_evidence(
    *,
    achievement: Achievement,
    by: User,
    name: str,
    file: BinaryIO,
    size: int,
    at: datetime | None = None,
) -> Evidence:
    """Check a file by opening it and keep it under a random name.

    The check and the copy run before the transaction, which stays short. Raises ValidationError
    with the reason where the file is refused, is there already, or where the achievement has
    MAX_FILES; PermissionDenied where it may not be changed.
    """
    at = at or timezone.now()
    if not permissions.can_edit(by, achievement, at):
        raise PermissionDenied
    clean = uploads.clean_name(name)
    try:
        accepted = uploads.check(clean, file, size)
    except uploads.Refused as refused:
        raise ValidationError(f"{clean}: {refused.message}", code=refused.code) from refused
    file.seek(0)
    digest = _sha256(file)
    file.seek(0)
    evidence = Evidence(
        achievement=achievement,
        name=clean,
        content_type=accepted.content_type,
        size=size,
        sha256=digest,
        uploaded_by=by,
    )
    evidence.file.save(clean, File(file), save=False)
    try:
        _keep_evidence(evidence, by, at)
    except BaseException:
        evidence.file.delete(save=False)
        raise
    return evidence


def _sha256(file: BinaryIO) -> str:
    found = hashlib.sha256()
    while chunk := file.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()


@transaction.atomic
def _keep_evidence(evidence: Evidence, by: User, at: datetime) -> None:
    row = _locked(evidence.achievement)
    if not permissions.can_edit(by, row, at):
        raise PermissionDenied
    if row.evidence.count() >= MAX_FILES:
        raise ValidationError(
            _("Mỗi thành tích có tối đa %(n)s tệp. Xóa bớt tệp rồi tải lên."),
            code="too_many",
            params={"n": MAX_FILES},
        )
    if row.evidence.filter(sha256=evidence.sha256).exists():
        raise ValidationError(
            _("%(name)s: tệp này đã có ở thành tích."),
            code="doubled",
            params={"name": evidence.name},
        )
    evidence.save()
    record(
        verb="evidence.attach",
        subject=row,
        by=by,
        at=at,
        changes={"evidence": [None, evidence.name], "sha256": [None, evidence.sha256]},
    )


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User, at: datetime | None = None) -> None:
    """Remove a file from an achievement that is still open; the file goes after the commit."""
    at = at or timezone.now()
    row = _locked(evidence.achievement)
    if not permissions.can_edit(by, row, at):
        raise PermissionDenied
    storage, path = evidence.file.storage, str(evidence.file.name)
    record(
        verb="evidence.remove",
        subject=row,
        by=by,
        at=at,
        changes={"evidence": [evidence.name, None], "sha256": [evidence.sha256, None]},
    )
    evidence.delete()
    transaction.on_commit(lambda: storage.delete(path))


def missing_parts(achievement: Achievement) -> dict[str, str]:
    """Return {field: what to do} for what must be there before an achievement is sent."""
    missing: dict[str, str] = {}
    if not achievement.started_on:
        missing["started_on"] = _("Chọn ngày")
    if achievement.quantity is None and achievement.target_id:
        missing["quantity"] = _("Nhập kết quả tính vào chỉ tiêu")
    if achievement.category in PARTICULARS and particulars(achievement) is None:
        missing["title"] = _("Nhập phần chi tiết của loại thành tích")
    if achievement.quantity and not achievement.evidence.exists():
        missing["files"] = _("Đính kèm minh chứng cho kết quả đã nhập")
    return missing


@transaction.atomic
def submit_achievement(
    *, achievement: Achievement, by: User, at: datetime | None = None
) -> Achievement:
    """Send an achievement to the secretariat; the deadline is judged inside the transaction.

    Raises ValidationError(code="transition") on a second click, code="closed" after the deadline,
    one message a field where parts are missing; PermissionDenied for anybody else's.
    """
    at = at or timezone.now()
    row = _locked(achievement)
    if not permissions.is_of_unit(by, row.unit):
        raise PermissionDenied
    _check_move(row, State.SUBMITTED)
    if not permissions.can_submit(by, row, at):
        raise ValidationError(
            _("Đã hết hạn gửi thành tích. Bản nháp giữ nguyên; cần gửi thì liên hệ thư ký cụm."),
            code="closed",
        )
    if missing := missing_parts(row):
        raise ValidationError({name: [text] for name, text in missing.items()})
    before = row.state
    row.state, row.submitted_at = State.SUBMITTED, at
    row.revision += 1
    row.version += 1
    row.save()
    record(
        verb="achievement.submit",
        subject=row,
        by=by,
        at=at,
        changes={"state": [before, row.state], "revision": [row.revision - 1, row.revision]},
    )
    return row


@transaction.atomic
def start_review(*, achievement: Achievement, by: User, at: datetime | None = None) -> Achievement:
    """Take an achievement from the queue, so that the unit sees that work on it began."""
    at = at or timezone.now()
    row = _locked(achievement)
    if not permissions.can_review(by, row, at):
        raise PermissionDenied
    _check_move(row, State.UNDER_REVIEW)
    row.state = State.UNDER_REVIEW
    row.save()
    record(verb="achievement.start_review", subject=row, by=by, at=at)
    return row


@transaction.atomic
def review_achievement(
    *,
    achievement: Achievement,
    by: User,
    decision: Review.Decision,
    revision: int,
    reason: str = "",
    deadline: date | None = None,
    at: datetime | None = None,
) -> Review:
    """Verify, return or reject the revision that was read.

    Raises ValidationError code="stale" where a newer revision lies there or somebody judged
    first, code="reason" where returning or rejecting lacks a reason of 20 characters;
    PermissionDenied for the own unit and for anyone but the secretary.
    """
    at, reason = at or timezone.now(), reason.strip()
    row = _locked(achievement)
    if not permissions.is_secretary(by, row.season) or permissions.is_at_home(by, row.unit):
        raise PermissionDenied
    _check_move(row, State(decision.value))
    if row.revision != revision:
        raise ValidationError(_("Đơn vị vừa gửi bản sửa mới. Xem lại bản mới."), code="stale")
    if not permissions.can_review(by, row, at):
        raise ValidationError(_("Đã hết hạn thẩm định."), code="closed")
    if decision != Review.Decision.VERIFIED and len(reason) < REASON_LENGTH:
        raise ValidationError(
            {"reason": [_("Nêu lý do, ít nhất 20 ký tự, để đơn vị biết cần bổ sung gì")]}
        )
    due = deadline if decision == Review.Decision.RETURNED else None
    return _conclude(row, Review(decision=decision, reason=reason, deadline=due, by=by, at=at))


def _conclude(achievement: Achievement, review: Review) -> Review:
    """Write the conclusion down with the state it leads to."""
    before, achievement.state = achievement.state, State(review.decision)
    achievement.version += 1
    achievement.save()
    review.achievement, review.revision = achievement, achievement.revision
    review.save()
    record(
        verb=f"achievement.{review.decision}",
        subject=achievement,
        by=review.by,
        reason=review.reason,
        at=review.at,
        changes={"state": [before, achievement.state]},
    )
    return review
