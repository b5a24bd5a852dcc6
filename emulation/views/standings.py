"""The consolidated score table: the order of the units, or when it opens."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clusters.models import Unit
from emulation import permissions, ranking, windows
from emulation.context import role_in
from emulation.models import Season
from emulation.standings import for_season
from emulation.views.request import UserRequest
from emulation.views.scoring import may_score, next_to_appraise
from emulation.views.season import get_season


def standings(request: UserRequest, slug: str) -> HttpResponse:
    """Show the order of the units, or when it opens."""
    season = get_season(request, slug)
    at = timezone.now()
    unit = permissions.own_unit(request.user, season)
    opening = season.phases.filter(see_standings=True, start__gt=at).order_by("start").first()
    context = {
        "season": season,
        "unit": unit,
        "is_open": permissions.can_see_standings(request.user, season, at),
        "opens": windows.moment(opening.start) if opening else "",
        "may_score": unit and may_score(request.user, season, unit, at),
        "next": next_to_appraise(request.user, season, at),
    }
    if context["is_open"] and season.scheme:
        context |= _table(season, unit, role_in(request.user, season))
    return render(request, "emulation/standings.html", context)


def _table(season: Season, unit: Unit | None, role: str) -> dict[str, Any]:
    assert season.scheme
    columns = ranking.columns(season.scheme, list(season.scheme.criteria.all()))
    lines = for_season(season)
    return {
        "columns": columns,
        "rows": ranking.rows(lines, columns, unit, role),
        "ranked": sum(line.rank is not None for line in lines),
        "ties": ranking.tie_breaks(lines),
    }
