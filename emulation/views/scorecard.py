"""The score sheet of a unit as everybody reads it: what it amounts to, and why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from emulation import permissions, sheets, tags
from emulation.context import role_in
from emulation.models import SheetState
from emulation.standings import for_season
from emulation.views.request import UserRequest
from emulation.views.scoring import find_sheet, may_score
from journal.queries import history


def sheet_detail(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Show one unit's scores: first what they amount to, then each criterion."""
    season, member, sheet = find_sheet(request, slug, unit)
    at = timezone.now()
    is_own = permissions.is_of_unit(request.user, member)
    role = role_in(request.user, season)
    is_judge = role in {"secretary", "leader"}
    is_done = sheet is not None and sheet.state == SheetState.APPRAISED
    # What a unit has not sent and what is not appraised to the end is no other unit's business.
    shown = sheet if is_own or is_judge or is_done else None
    context: dict[str, Any] = {
        "season": season,
        "unit": member,
        "is_own": is_own,
        "sheet": shown,
        "content": sheets.read(shown) if shown else None,
        "shows_verified": is_done or is_judge,
        # Amber asks somebody to act; who only reads sees it as the leader does.
        "tag": tags.sheet_tag(
            sheet.state if sheet else "", role if is_own or is_judge else "leader"
        ),
        "events": history(shown) if shown else None,
        "may_score": may_score(request.user, season, member, at),
        "may_appraise": sheet and permissions.can_appraise(request.user, sheet, at),
    }
    if is_done and permissions.can_see_standings(request.user, season, at):
        context["place"] = sheets.place(for_season(season), member)
    return render(request, "emulation/sheet_detail.html", context)
