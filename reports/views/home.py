"""Where a user lands: the newest season, and in it the desk of their role."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clusters.permissions import is_administrator
from emulation import permissions
from emulation.context import role_in
from emulation.models import Season
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from reports import desks, system
from reports.inbox import Inbox
from reports.views.year import overview

PAGE = 50


def home(request: UserRequest) -> HttpResponse:
    """Lead to the newest season; where there is none, say whom to ask."""
    if season := desks.newest_season(request.user):
        return redirect("season_home", slug=season.slug)
    if is_administrator(request.user):
        return _system(request)
    return render(request, "reports/no_season.html")


def season_choice(request: UserRequest) -> HttpResponse:
    """List the seasons that the user may see, the newest first."""
    seasons = Season.objects.visible_to(request.user).select_related("cluster")
    page = Paginator(seasons.order_by("-year", "cluster", "pk"), PAGE)
    rows = page.get_page(request.GET.get("page"))
    return render(request, "reports/season_choice.html", {"page_obj": rows})


def season_home(request: UserRequest, slug: str) -> HttpResponse:
    """Show what waits for the user in this season."""
    season = get_season(request, slug)
    request.menu_place = "home"
    role = role_in(request.user, season)
    if role == "administrator":
        return _system(request)
    if role == "leader":
        return overview(request, season)
    return _inbox(request, season) if role == "secretary" else _unit_desk(request, season)


def _system(request: UserRequest) -> HttpResponse:
    return render(request, "reports/system.html", {"system": system.read()})


def _unit_desk(request: UserRequest, season: Season) -> HttpResponse:
    unit = permissions.own_unit(request.user, season)
    assert unit is not None, "a season is visible to cluster roles and members alone"
    desk = desks.UnitDesk(season, unit, request.user, timezone.now())
    return render(request, "reports/unit_home.html", {"season": season, "own": desk})


def _inbox(request: UserRequest, season: Season) -> HttpResponse:
    inbox = Inbox(season, request.user, timezone.now())
    late, given = request.GET.get("muon") == "1", request.GET.get("unit", "")
    unit = int(given) if given.isdecimal() and len(given) < 10 else None
    page = Paginator(inbox.queue(late=late, unit=unit), PAGE).get_page(request.GET.get("page"))
    context = {
        "season": season,
        "inbox": inbox,
        "late": late,
        "is_filtered": late or unit is not None,
        "page_obj": page,
        "rows": inbox.waiting(list(page)),
    }
    return render(request, "reports/secretary_home.html", context)
