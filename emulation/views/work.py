"""All places of a season on one page: what the menu has no room for."""

from django.http import HttpResponse
from django.shortcuts import render

from emulation import places
from emulation.context import role_in
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def season_work(request: UserRequest, slug: str) -> HttpResponse:
    """List every place of the season that the user may open, with a line on each."""
    season = get_season(request, slug)
    groups = places.of_reader(request.user, season, role_in(request.user, season))
    return render(request, "emulation/season_work.html", {"season": season, "groups": groups})
