"""Where a user lands: the newest season, and in it the desk of their role."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from clusters.permissions import is_administrator
from emulation import permissions
from emulation.context import role_in
from emulation.lines import filled
from emulation.models import Achievement, Season
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from reports import desks, system
from reports.inbox import Inbox
from reports.progress import by_unit
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
    is_filtered = late or unit is not None
    pages = Paginator(inbox.queue(late=late, unit=unit), PAGE)
    if not is_filtered:
        pages.count = inbox.counts["waiting"]
    page = pages.get_page(request.GET.get("page"))
    request.menu_waiting = {"home": inbox.counts["waiting"]}
    rows = inbox.waiting(cast("QuerySet[Achievement]", page.object_list))
    context = {
        "season": season,
        "inbox": inbox,
        "late": late,
        "is_filtered": is_filtered,
        "first": inbox.first(rows if not is_filtered and page.number == 1 else None),
        "page_obj": page,
        "rows": rows,
        "table": filled("reports/_queue_line.html", rows),
    }
    return render(request, "reports/secretary_home.html", context)


def unit_progress(request: UserRequest, slug: str) -> HttpResponse:
    """Show the secretary how far each unit has come; alone, or fetched by the desk."""
    season = get_season(request, slug)
    request.menu_place = "home"
    if not permissions.is_secretary(request.user, season):
        raise PermissionDenied
    context = {
        "season": season,
        "table": by_unit(season, queue_of=request.user),
        "is_whole": Achievement.objects.filter(season=season, unit=None).exists(),
    }
    is_part = request.headers.get("HX-Request") == "true"
    name = "reports/_progress.html" if is_part else "reports/unit_progress.html"
    return render(request, name, context)
