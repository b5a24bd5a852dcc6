"""The pledge with its targets, and how each unit launched the movement."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit
from emulation import goals, permissions, standings
from emulation.context import role_in
from emulation.forms.pledge import LaunchForm
from emulation.models import Launch, Pledge, Season
from emulation.services.season import record_launch
from emulation.tags import Tag
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def pledge(request: UserRequest, slug: str) -> HttpResponse:
    """Show what the cluster pledged, how far each target is reached, and who signed."""
    season = get_season(request, slug)
    unit = permissions.own_unit(request.user, season)
    today = timezone.localdate()
    own = standings.targets(season, unit) if unit else []
    found = Pledge.objects.filter(season=season).select_related("source").first()
    context = {
        "season": season,
        "pledge": found,
        "unit": unit,
        # Another unit's achievements do not exist for a unit: its figures lead nowhere.
        "sees_all": role_in(request.user, season) != "unit",
        "groups": goals.by_group(standings.targets(season), season, today),
        "own_groups": goals.by_group(own, season, today),
        "registrations": _registrations(season, found),
        "signatures": list(found.signatures.select_related("unit")) if found else [],
    }
    return render(request, "emulation/pledge.html", context)


def _registrations(season: Season, pledge: Pledge | None) -> list[tuple[Unit, list[str]]]:
    """Return each member unit with the titles it registered, in the official order."""
    titles: dict[int, list[str]] = {}
    if pledge:
        for row in pledge.registrations.all():
            titles.setdefault(row.unit_id, []).append(row.title)
    return [(unit, titles.get(unit.pk, [])) for unit in season.units()] if titles else []


def launch_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show slogan, day and plan of every unit, and what is told of the cluster as a whole."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    unit = permissions.own_unit(request.user, season)
    found = {row.unit_id: row for row in season.launches.select_related("source")}
    rows = [
        (member, found.get(member.pk), Tag(_("Chưa phát động"), "do" if member == unit else "off"))
        for member in season.units()
    ]
    context = {
        "season": season,
        "rows": rows,
        "whole": found.get(None),
        "done": sum(member.pk in found for member, _launch, _tag in rows),
        "own": found.get(unit.pk) if unit else None,
        "unit": unit,
        "may_write": unit is not None
        and permissions.can_launch(request.user, season, unit, timezone.now()),
    }
    return render(request, "emulation/launch_list.html", context)


def launch_edit(request: UserRequest, slug: str) -> HttpResponse:
    """Let a unit record its launch, or correct what it recorded."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    unit = permissions.own_unit(request.user, season)
    if unit is None or not permissions.can_launch(request.user, season, unit, timezone.now()):
        raise PermissionDenied
    launch = Launch.objects.filter(season=season, unit=unit).first()
    form = LaunchForm(request.POST or None, season=season, launch=launch)
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            record_launch(season=season, unit=unit, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            stored = Launch.objects.filter(season=season, unit=unit).first()
            form.rebase(stored.version if stored else 0)
        else:
            messages.success(request, _("Đã ghi việc phát động của đơn vị."))
            return redirect("launch_list", slug=slug)
    context: dict[str, Any] = {"season": season, "unit": unit, "form": form, "stored": stored}
    return render(request, "emulation/launch_edit.html", context)
