"""How each unit launched the movement, with the plan in its parts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation import goals, permissions, standings
from emulation.forms.movement import LaunchForm
from emulation.models import Launch
from emulation.services.movement import record_launch
from emulation.tags import Tag
from emulation.views.autosave import typing
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history


def launch_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show slogan and day of every unit, and what is told of the cluster as a whole."""
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


def launch_detail(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Show the plan of one unit in the order of the paper; targets come from the pledge."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    member = get_object_or_404(season.units(), pk=unit)
    launch = get_object_or_404(season.launches.select_related("source"), unit=member)
    at = timezone.now()
    shows_targets = permissions.can_see_targets(request.user, season, member)
    rows = standings.targets(season, member) if shows_targets else []
    context = {
        "season": season,
        "unit": member,
        "launch": launch,
        "groups": goals.by_group(rows, season, timezone.localdate(at)),
        "may_write": permissions.can_launch(request.user, season, member, at),
        "events": history(launch) if shows_targets else [],
    }
    return render(request, "emulation/launch_detail.html", context)


def launch_edit(request: UserRequest, slug: str) -> HttpResponse:
    """Let a unit record its launch, or correct what it recorded."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    unit = permissions.own_unit(request.user, season)
    if unit is None or not permissions.can_launch(request.user, season, unit, timezone.now()):
        raise PermissionDenied
    launch = Launch.objects.filter(season=season, unit=unit).first()
    autosave = typing(request, season)
    form = LaunchForm(autosave.data, season=season, launch=launch)
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            record_launch(season=season, unit=unit, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            stored = Launch.objects.filter(season=season, unit=unit).first()
            form.rebase(stored.version if stored else 0)
        else:
            autosave.saved()
            messages.success(request, _("Đã ghi việc phát động của đơn vị."))
            return redirect("launch_list", slug=slug)
    context: dict[str, Any] = {
        "season": season, "unit": unit, "form": form, "stored": stored, "autosave": autosave,
    }  # fmt: skip
    return render(request, "emulation/launch_edit.html", context)
