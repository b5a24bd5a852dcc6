"""How every view finds its season: by the address, among those the user may see."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from clusters.models import User
from emulation import permissions
from emulation.models import Season


def get_season(request: HttpRequest, slug: str) -> Season:
    """Return the season of the address or raise Http404; the page's head then shows it."""
    assert isinstance(request.user, User)
    seasons = Season.objects.visible_to(request.user).select_related("cluster", "scheme")
    season = get_object_or_404(seasons, slug=slug)
    request.season = season  # type: ignore[attr-defined]
    permissions.act_for(request.user, season, request.session.get(chosen_unit(season)))
    return season


def chosen_unit(season: Season) -> str:
    """Return under which name the session keeps for which unit a reader acts in a season."""
    return f"unit-{season.pk}"
