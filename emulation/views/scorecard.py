"""The score sheet of a unit as everybody reads it: what it amounts to, and why."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clusters.models import User
from clusters.permissions import standing
from emulation import permissions, scorecard, tags
from emulation.context import role_in
from emulation.models import CrossState, ScoreSheet, Season, SheetState
from emulation.views.request import UserRequest
from emulation.views.scoring import find_sheet, may_score
from journal.queries import history


def sheet_detail(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Show one unit's scores: its place and why, then each criterion with its reasons."""
    season, member, sheet = find_sheet(request, slug, unit)
    user, at = request.user, timezone.now()
    is_own = permissions.is_of_unit(user, member)
    role = role_in(user, season)
    is_judge = role in {"secretary", "leader"}
    is_done = sheet is not None and sheet.state == SheetState.APPRAISED
    # What a unit has not sent and what is not appraised to the end is no other unit's business.
    shown = sheet if is_own or is_judge or is_done else None
    is_blind = shown is not None and not is_judge and _has_to_score(user, shown, season)
    shows_verified = (is_done or is_judge) and not is_blind
    may_see = permissions.can_see_standings(user, season, at)
    rights = scorecard.Rights(
        verified=shows_verified,
        place=shows_verified and is_done and may_see,
        evidence=is_own or is_judge,
        findings=is_own or may_see,
    )
    card = scorecard.read(shown, season, member, rights) if shown else None
    prints = "in" in request.GET
    context: dict[str, Any] = {
        "season": season,
        "unit": member,
        "is_own": is_own,
        "sheet": shown,
        "card": card,
        "place": card.place if card else None,
        "shows_verified": shows_verified,
        "shows_first": shown and shown.first_at and (is_own or shows_verified),
        "shows_evidence": rights.evidence,
        "is_blind": is_blind,
        "prints": prints,
        # Amber asks somebody to act; who only reads sees it as the leader does.
        "tag": tags.sheet_tag(
            sheet.state if sheet else "", role if is_own or is_judge else "leader"
        ),
        "events": history(shown) if shown else None,
        "may_score": may_score(user, season, member, at),
        "may_appraise": sheet and permissions.can_appraise(user, sheet, at),
        "may_object": permissions.can_object(user, season, member, at),
    }
    return render(request, "emulation/sheet_detail.html", context)


def _has_to_score(user: User, sheet: ScoreSheet, season: Season) -> bool:
    """The reader's unit is to cross-score this sheet: until it has, it sees no verified score."""
    if permissions.is_published(season):
        return False
    mine = sheet.cross_sheets.filter(scorer__in=standing(user).units)
    return mine.filter(state=CrossState.ASSIGNED).exists()
