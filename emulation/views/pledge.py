"""The pledge as it is read: the whole, what one unit pledged, and one target through the year."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from clusters.models import Unit, User
from emulation import attainment, drives, goals, permissions, pledges, standings
from emulation.context import role_in
from emulation.models import Pledge, Season, Target
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history

EVENTS = 30


def pledge_of(season: Season) -> Pledge | None:
    """Return the pledge of a season that was read already, or None."""
    found = Pledge.objects.filter(season=season).select_related("source").first()
    if found:
        found.season = season
    return found


def get_pledge(request: UserRequest, slug: str) -> Pledge:
    """Return the pledge of the address or raise Http404; the menu then shows where it is."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    found = pledge_of(season)
    if found is None:
        raise Http404
    return found


def pledge(request: UserRequest, slug: str) -> HttpResponse:
    """Show what the cluster pledged, how far each target is reached, and who signed."""
    season = get_season(request, slug)
    unit = permissions.own_unit(request.user, season)
    today = timezone.localdate()
    own = standings.targets(season, unit) if unit else []
    found = pledge_of(season)
    lines = pledges.state(season, found, unit)
    context = {
        "season": season,
        "pledge": found,
        "unit": unit,
        "sees_all": role_in(request.user, season) != "unit",
        "groups": goals.by_group(standings.targets(season), season, today),
        "own_groups": goals.by_group(own, season, today),
        "lines": lines,
        "own_line": next((line for line in lines if line.unit == unit), None),
        "signed": sum(line.signature is not None for line in lines),
        # Of a pledge that a text tells, only what the text says.
        "told_units": any(line.signature or line.titles for line in lines),
        "drives": drives.overview(season, today) if found else [],
        "amendments": pledges.amendments(found) if found else [],
        "events": history(found)[:EVENTS] if found else [],
        **_may(request.user, season, found, unit),
    }
    return render(request, "emulation/pledge.html", context)


def _may(user: User, season: Season, pledge: Pledge | None, unit: Unit | None) -> dict[str, bool]:
    """Return which buttons the page of the pledge shows."""
    is_writer = permissions.can_run(user, season)
    found = {"may_write": is_writer}
    if pledge:
        found["may_settle"] = is_writer and pledge.settled_at is None
        found["may_record"] = permissions.can_record_signature(user, pledge)
    if pledge and unit:
        found["may_sign"] = permissions.can_sign(user, pledge, unit)
        found["may_set_own"] = permissions.can_set_targets(user, pledge, unit)
    return found


def pledge_unit(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Show what one unit pledged: its targets with what was reached, its titles, its signature."""
    found = get_pledge(request, slug)
    season = found.season
    member = get_object_or_404(season.units(), pk=unit)
    if not permissions.can_see_targets(request.user, season, member):
        raise Http404
    today = timezone.localdate()
    line = next(line for line in pledges.state(season, found) if line.unit == member)
    context = {
        "season": season,
        "pledge": found,
        "unit": member,
        "line": line,
        "groups": goals.by_group(standings.targets(season, member), season, today),
        "may_set": permissions.can_set_targets(request.user, found, member),
        "may_record": permissions.can_record_signature(request.user, found),
        "may_sign": permissions.can_sign(request.user, found, member),
    }
    return render(request, "emulation/pledge_unit.html", context)


def target_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show one target: planned, reached so far month by month, and by which achievements."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    rows = Target.objects.filter(pledge__season=season).select_related("unit", "part_of")
    target = get_object_or_404(rows, pk=pk)
    if not permissions.can_see_targets(request.user, season, target.unit):
        raise Http404
    today = timezone.localdate()
    progress = next(
        row for row in standings.targets(season, target.unit) if row.target.pk == target.pk
    )
    found = attainment.of(target, season, request.user, today)
    context = {
        "season": season,
        "target": target,
        "goal": goals.with_last_year([progress], season, today)[0],
        "found": found,
        "more": max(0, found.shown_count - len(found.rows)),
        "sees_all": role_in(request.user, season) != "unit",
    }
    return render(request, "emulation/target_detail.html", context)
