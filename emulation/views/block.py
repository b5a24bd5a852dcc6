"""Disqualifying conditions of a season: what was found of whom, recording and lifting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation import blocks, permissions
from emulation.forms.block import BlockForm, LiftForm
from emulation.models import Block, Condition, Season
from emulation.services import block as services
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def _season(request: UserRequest, slug: str) -> Season:
    season = get_season(request, slug)
    request.menu_place = "standings"
    if season.scheme is None:
        raise Http404
    return season


def _season_to_run(request: UserRequest, slug: str) -> Season:
    season = _season(request, slug)
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    return season


def block_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show by unit what was found; what happened is for the unit itself and the cluster's roles."""
    season = _season(request, slug)
    user, at = request.user, timezone.now()
    sees_all = permissions.can_see_standings(user, season, at)
    is_judge = permissions.is_secretary(user, season) or permissions.is_leader(user, season)
    found = blocks.of_season(season)
    units = [unit for unit in season.units() if sees_all or permissions.is_of_unit(user, unit)]
    context = {
        "season": season,
        "sees_all": sees_all,
        "conditions": blocks.conditions(season),
        "rows": [
            {
                "unit": unit,
                "findings": found.get(unit.pk, []),
                "sees_detail": is_judge or permissions.is_of_unit(user, unit),
                "may_lift": permissions.can_record_block(user, season, unit),
            }
            for unit in units
            if unit.pk in found
        ],
        "units": len(units),
        "may_record": permissions.can_run(user, season),
    }
    return render(request, "emulation/block_list.html", context)


def block_new(request: UserRequest, slug: str) -> HttpResponse:
    """Let the secretary record a condition for a unit that is not the own one."""
    season = _season_to_run(request, slug)
    user = request.user
    units = [row for row in season.units() if permissions.can_record_block(user, season, row)]
    rules = blocks.conditions(season)
    form = BlockForm(request.POST or None, units=units, conditions=rules)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.record_block(season=season, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã ghi cho %(unit)s.") % {"unit": row.unit})
            return redirect("block_list", slug)
    return render(request, "emulation/block_new.html", {"season": season, "form": form})


def block_lift(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Let the secretary lift what was recorded, with a reason."""
    season = _season_to_run(request, slug)
    rows = Block.objects.select_related("unit", "condition")
    block = get_object_or_404(rows, season=season, pk=pk)
    if not permissions.can_record_block(request.user, season, block.unit):
        raise PermissionDenied
    block.season = season
    form = LiftForm(request.POST or None, binds=block.condition.blocks)
    if request.method == "POST" and form.is_valid():
        wrong = form.cleaned_data.get("proved_wrong", False)
        try:
            services.lift_block(block=block, by=request.user, proved_wrong=wrong, **form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã gỡ, lý do ghi trong nhật ký."))
            return redirect("block_list", slug)
    context = {
        "season": season, "unit": block.unit, "condition": block.condition,
        "detail": block.detail, "form": form,
    }  # fmt: skip
    return render(request, "emulation/block_lift.html", context)


def block_put_aside(request: UserRequest, slug: str, unit: int, condition: int) -> HttpResponse:
    """Let the secretary put aside a warning that the system found, with a reason."""
    season = _season_to_run(request, slug)
    member = get_object_or_404(season.units(), pk=unit)
    rule = get_object_or_404(Condition, scheme=season.scheme_id, pk=condition)
    if not permissions.can_record_block(request.user, season, member):
        raise PermissionDenied
    form = LiftForm(request.POST or None, binds=False)
    if request.method == "POST" and form.is_valid():
        try:
            services.put_aside(
                season=season, unit=member, condition=rule, by=request.user, **form.values()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã gỡ cảnh báo, lý do ghi trong nhật ký."))
            return redirect("block_list", slug)
    found = blocks.of_season(season).get(member.pk, [])
    context = {
        "season": season, "unit": member, "condition": rule, "form": form,
        "detail": next((row.detail for row in found if row.condition == rule), ""),
    }  # fmt: skip
    return render(request, "emulation/block_lift.html", context)
