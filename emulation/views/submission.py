"""A unit checks an achievement once more, sends it, and is told what happens next."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from emulation import facts, permissions, returns, revisions, tags, windows
from emulation.models import EDITABLE, Achievement, Lateness, State
from emulation.services import achievement as services
from emulation.services import review as reviews
from emulation.views.achievement import get_achievement, own_tag
from emulation.views.claims import changes_since_sent
from emulation.views.request import UserRequest


def achievement_submit(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Show all answers before sending; send on POST. A second click finds it sent."""
    achievement = get_achievement(request, slug, number)
    if not permissions.is_of_unit(request.user, achievement.unit):
        raise PermissionDenied
    if achievement.state not in EDITABLE:
        return redirect("achievement_sent", slug, number)
    at = timezone.now()
    if request.method != "POST":
        return _check(request, achievement, at)
    try:
        reviews.submit_achievement(achievement=achievement, by=request.user, at=at)
    except ValidationError as error:
        if getattr(error, "code", "") != "transition":
            # Missing parts are listed by the page itself.
            texts = [] if hasattr(error, "error_dict") else error.messages
            return _check(request, achievement, at, refused=texts)
    return redirect("achievement_sent", slug, number)


def _check(
    request: UserRequest, achievement: Achievement, at: datetime, refused: list[str] | None = None
) -> HttpResponse:
    switch = "verify" if achievement.state == State.RETURNED else "submit"
    closed = windows.why_closed(achievement.season, switch, at, achievement.unit)
    context: dict[str, Any] = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "facts": facts.of_achievement(achievement),
        "particulars": facts.of_particulars(services.particulars(achievement)),
        "has_particulars": achievement.category in services.PARTICULARS,
        "evidence": list(achievement.evidence.all()),
        "missing": services.missing_parts(achievement),
        "refused": refused or [],
        "closed": closed,
        "can_edit": (can_edit := permissions.can_edit(request.user, achievement, at)),
        # Empty: all that may be edited at all.
        "opened": returns.open_fields(achievement) or () if can_edit else (),
        "unanswered": _unanswered(achievement),
        "late": _late(achievement, at),
        "deadline": windows.deadline(achievement.season, switch, at, achievement.unit),
    }
    return render(request, "emulation/achievement_submit.html", context)


def _unanswered(achievement: Achievement) -> list[revisions.Note]:
    """Return the notes of the last return on parts that are as they were when it was sent."""
    changed = {line.name for line in changes_since_sent(achievement)}
    notes: list[revisions.Note] = revisions.returned(achievement).get("noted", [])
    return [note for note in notes if note[0] not in changed]


def _late(achievement: Achievement, at: datetime) -> str:
    """Say beforehand that what is sent now will be marked as late; "" where it will not."""
    if achievement.state == State.RETURNED:
        return ""
    opening = permissions.opening(achievement.season, "submit", at, achievement.unit)
    return str(Lateness(opening.lateness).label) if opening and opening.lateness else ""


def achievement_sent(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Say that it was sent, under which code, who answers and what comes next."""
    achievement = get_achievement(request, slug, number)
    if not permissions.is_of_unit(request.user, achievement.unit):
        raise PermissionDenied
    if achievement.submitted_at is None or achievement.state in EDITABLE:
        return redirect("achievement_detail", slug, number)
    context = {
        "season": achievement.season,
        "achievement": achievement,
        "tag": own_tag(request, achievement),
        "late": tags.late_tag(achievement.lateness),
        "secretaries": windows.secretaries(achievement.season),
        "answered_by": windows.deadline(achievement.season, "verify", timezone.now()),
    }
    return render(request, "emulation/achievement_sent.html", context)
