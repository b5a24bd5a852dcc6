"""A unit checks an achievement once more, sends it, and is told what happens next."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from emulation import facts, permissions, windows
from emulation.models import EDITABLE, Achievement, State
from emulation.services import achievement as services
from emulation.views.achievement import get_achievement, own_tag
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
        services.submit_achievement(achievement=achievement, by=request.user, at=at)
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
    closed = windows.why_closed(achievement.season, switch, at)
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
        "can_edit": permissions.can_edit(request.user, achievement, at),
        "deadline": windows.deadline(achievement.season, switch, at),
    }
    return render(request, "emulation/achievement_submit.html", context)


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
        "secretaries": windows.secretaries(achievement.season),
        "answered_by": windows.deadline(achievement.season, "verify", timezone.now()),
    }
    return render(request, "emulation/achievement_sent.html", context)
