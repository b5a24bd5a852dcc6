"""The way of an achievement between unit and secretariat: send, take up, conclude."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions, returns, revisions
from emulation.models import Achievement, Review, ReviewNote, Revision, State
from emulation.services.achievement import check_move, locked, missing_parts, particulars
from emulation.services.unclassified import check_unclassified
from journal.services import record

REASON_LENGTH = 20
NOTE_LENGTH = 500


@transaction.atomic
def submit_achievement(
    *, achievement: Achievement, by: User, at: datetime | None = None
) -> Achievement:
    """Send an achievement to the secretariat; the deadline is judged inside the transaction.

    What it says is kept as a revision. What comes after the deadline, by grace or by code, is
    late; what was returned keeps the mark of its first sending. Raises ValidationError
    code="transition" on a second click, code="closed" after the deadline, one message a field
    where parts are missing; PermissionDenied for anybody else's.
    """
    at = at or timezone.now()
    row = locked(achievement)
    if not permissions.is_of_unit(by, row.unit):
        raise PermissionDenied
    check_move(row, State.SUBMITTED)
    if not permissions.can_submit(by, row, at):
        raise ValidationError(
            _("Đã hết hạn gửi thành tích. Bản nháp giữ nguyên; cần gửi thì liên hệ thư ký cụm."),
            code="closed",
        )
    if missing := missing_parts(row):
        raise ValidationError({name: [text] for name, text in missing.items()})
    before = row.state
    if before != State.RETURNED:
        row.lateness = _lateness(row, at)
    row.state, row.submitted_at = State.SUBMITTED, at
    row.revision += 1
    row.version += 1
    row.save()
    content = revisions.content(row, particulars(row))
    Revision.objects.create(achievement=row, number=row.revision, content=content, by=by, at=at)
    record(
        verb="achievement.submit",
        subject=row,
        by=by,
        at=at,
        changes={"state": [before, row.state], "revision": [row.revision - 1, row.revision]},
    )
    return row


def _lateness(achievement: Achievement, at: datetime) -> str:
    opening = permissions.opening(achievement.season, "submit", at, achievement.unit)
    return opening.lateness if opening else ""


@transaction.atomic
def start_review(*, achievement: Achievement, by: User, at: datetime | None = None) -> Achievement:
    """Take an achievement from the queue, so that the unit sees that work on it began."""
    at = at or timezone.now()
    row = locked(achievement)
    if not permissions.can_review(by, row, at):
        raise PermissionDenied
    check_move(row, State.UNDER_REVIEW)
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
    notes: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Review:
    """Verify, return or reject the revision that was read; `notes` say what to complete where.

    Raises ValidationError code="stale" where a newer revision lies there or somebody judged
    first, code="reason" where returning or rejecting lacks a reason of 20 characters,
    code="notes" where a return names no part, or another decision names one, code="returns"
    after the last return that the season allows, code="secret" for a secrecy mark;
    PermissionDenied for the own unit and for anyone but the secretary.
    """
    at, reason = at or timezone.now(), reason.strip()
    row = locked(achievement)
    if not permissions.is_secretary(by, row.season) or permissions.is_at_home(by, row.unit):
        raise PermissionDenied
    check_move(row, State(decision.value))
    if row.revision != revision:
        raise ValidationError(_("Đơn vị vừa gửi bản sửa mới. Xem lại bản mới."), code="stale")
    if not permissions.can_review(by, row, at):
        raise ValidationError(_("Đã hết hạn thẩm định."), code="closed")
    if decision != Review.Decision.VERIFIED and len(reason) < REASON_LENGTH:
        text = _("Nêu lý do, ít nhất 20 ký tự, để đơn vị biết cần bổ sung gì")
        raise ValidationError({"reason": ValidationError(text, code="reason")})
    pinned = _pinned(row, decision, notes or {})
    check_unclassified({"reason": "\n".join((reason, *pinned.values()))})
    due = deadline if decision == Review.Decision.RETURNED else None
    review = Review(decision=decision, reason=reason, deadline=due, by=by, at=at)
    return _conclude(row, review, pinned)


def _pinned(
    achievement: Achievement, decision: Review.Decision, notes: Mapping[str, str]
) -> dict[str, str]:
    """Return the notes of a return, or raise why there must be others, or none."""
    pinned = {name: text.strip() for name, text in notes.items() if text.strip()}
    if decision != Review.Decision.RETURNED:
        if pinned:
            raise ValidationError(
                _("Ý kiến tại từng phần chỉ gửi khi trả lại bổ sung. Xóa ý kiến, hoặc trả lại."),
                code="notes",
            )
        return {}
    limit = achievement.season.max_returns
    if returns.times_returned(achievement) >= limit:
        raise ValidationError(
            _(
                "Đã trả lại %(n)s lần, là số lần tối đa của kỳ. Lần này công nhận hoặc không công "
                "nhận; cần hỏi thêm thì nhắn đơn vị."
            ),
            code="returns",
            params={"n": limit},
        )
    if not pinned:
        raise ValidationError(
            _("Ghi ý kiến tại ít nhất một phần: chỉ phần có ý kiến mở lại cho đơn vị sửa."),
            code="notes",
        )
    parts = revisions.part_names(achievement.category)
    if not set(pinned) <= set(parts) or max(map(len, pinned.values())) > NOTE_LENGTH:
        raise ValidationError(_("Có ý kiến quá dài, hoặc tại phần không có."), code="notes")
    return {name: pinned[name] for name in parts if name in pinned}


def _conclude(achievement: Achievement, review: Review, notes: Mapping[str, str]) -> Review:
    """Write the conclusion down with its notes and the state it leads to."""
    before, achievement.state = achievement.state, State(review.decision)
    achievement.version += 1
    achievement.save()
    review.achievement, review.revision = achievement, achievement.revision
    review.save()
    ReviewNote.objects.bulk_create(
        ReviewNote(review=review, field=name, text=text) for name, text in notes.items()
    )
    changes = {"state": [before, achievement.state], "revision": [None, achievement.revision]}
    record(
        verb=f"achievement.{review.decision}",
        subject=achievement,
        by=review.by,
        reason=review.reason,
        at=review.at,
        changes=changes | ({"notes": [None, [*map(list, notes.items())]]} if notes else {}),
    )
    return review
