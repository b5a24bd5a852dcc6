"""The pulse of the year: of one unit, and of all units in one table."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from clusters.models import Unit
from emulation import permissions
from emulation import pulse as pulses
from emulation.models import Season
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def pulse(request: UserRequest, slug: str) -> HttpResponse:
    """Show a unit its own year, and cluster roles all units in one table."""
    season = get_season(request, slug)
    request.menu_place = "pulse"
    if not permissions.can_see_pulse_of_all(request.user, season):
        unit = permissions.own_unit(request.user, season)
        assert unit is not None, "a season is visible to cluster roles and members alone"
        return _one(request, season, unit)
    rows = pulses.of_season(season, request.user, timezone.now())
    context = {
        "season": season,
        "rows": rows,
        "groups": pulses.GROUPS.values(),
        "today": timezone.localdate(),
    }
    return render(request, "emulation/pulse_table.html", context)


def pulse_unit(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Show the year of one unit to itself and to cluster roles."""
    season = get_season(request, slug)
    request.menu_place = "pulse"
    found = get_object_or_404(season.units(), pk=unit)
    is_own = permissions.is_of_unit(request.user, found)
    if not is_own and not permissions.can_see_pulse_of_all(request.user, season):
        raise PermissionDenied
    return _one(request, season, found)


def _one(request: UserRequest, season: Season, unit: Unit) -> HttpResponse:
    context = {
        "season": season,
        "unit": unit,
        "pulse": pulses.of_unit(season, unit, request.user, timezone.now()),
        "sees_all": permissions.can_see_pulse_of_all(request.user, season),
        "today": timezone.localdate(),
    }
    return render(request, "emulation/pulse_unit.html", context)


def pulse_summary(request: UserRequest, slug: str) -> HttpResponse:
    """Answer with the units and their per cent alone: the desks fetch it once they are shown."""
    season = get_season(request, slug)
    if not permissions.can_see_pulse_of_all(request.user, season):
        raise PermissionDenied
    rows = pulses.of_season(season, request.user, timezone.now())
    return render(request, "emulation/_pulses.html", {"season": season, "pulses": rows})
