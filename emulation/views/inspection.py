"""Cross-inspection: the plan by date, one visit with what was found, and the two agreements."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clusters.models import User
from emulation import inspections, permissions
from emulation.context import role_in
from emulation.forms.inspection import CancelForm, PlanForm, VisitForm, team_form
from emulation.models import Inspection
from emulation.services import inspection as services
from emulation.tags import Tag
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history


def inspection_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the inspections that the reader may see, by their day."""
    season = get_season(request, slug)
    today = timezone.localdate()
    found = Inspection.objects.visible_to(request.user).filter(season=season)
    rows = list(
        found.select_related("season", "unit")
        .prefetch_related("team__unit")
        .order_by("planned_on", "pk")
    )
    context = {
        "season": season,
        "rows": [(row, _tag(request.user, row, today), _teams(row)) for row in rows],
        "agreed": sum(row.is_agreed for row in rows),
        "sees_all": role_in(request.user, season) != "unit",
        "may_plan": permissions.can_run(request.user, season),
    }
    return render(request, "emulation/inspection_list.html", context)


def _teams(row: Inspection) -> list[str]:
    """Return the units of the team, that of its head first, each once."""
    return list(dict.fromkeys(member.unit.short_name for member in row.team.all()))


def _tag(user: User, row: Inspection, today: date) -> Tag:
    acts = permissions.can_agree_for_team(user, row) or permissions.can_agree_for_unit(user, row)
    if row.visited_on is None:
        acts = permissions.can_record_inspection(user, row)
    return inspections.tag(row, today, acts=acts)


def _get(request: UserRequest, slug: str, pk: int) -> Inspection:
    """Return an inspection that the user may see or raise Http404."""
    season = get_season(request, slug)
    request.menu_place = "inspection_list"
    rows = Inspection.objects.visible_to(request.user).select_related(
        "season__cluster", "season__scheme", "unit", "team_agreed_by", "unit_agreed_by"
    )
    rows = rows.prefetch_related("team__unit", "findings__criterion")
    return get_object_or_404(rows, season=season, pk=pk)


def inspection_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show plan, team, findings, conclusion, and how far both sides agree."""
    row = _get(request, slug, pk)
    user = request.user
    context = {
        "season": row.season,
        "inspection": row,
        "tag": _tag(user, row, timezone.localdate()),
        "findings": row.findings.all(),
        "may_plan": permissions.can_run(user, row.season) and row.visited_on is None,
        "may_record": permissions.can_record_inspection(user, row),
        "may_agree_for_team": permissions.can_agree_for_team(user, row),
        "may_agree_for_unit": permissions.can_agree_for_unit(user, row),
        "events": history(row),
    }
    return render(request, "emulation/inspection_detail.html", context)


def inspection_new(request: UserRequest, slug: str) -> HttpResponse:
    """Plan an inspection."""
    season = get_season(request, slug)
    request.menu_place = "inspection_list"
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    form = PlanForm(request.POST or None, season=season, inspection=None)
    team = team_form(request.POST or None, season, None)
    if request.method == "POST" and form.is_valid() and team.is_valid():
        try:
            row = services.plan_inspection(
                season=season, by=request.user, values=form.values(), team=team.team()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã lập kế hoạch kiểm tra chéo."))
            return redirect("inspection_detail", slug=slug, pk=row.pk)
    context = {"season": season, "form": form, "team": team, "inspection": None}
    return render(request, "emulation/inspection_edit.html", context)


def _to_plan(request: UserRequest, slug: str, pk: int) -> Inspection:
    row = _get(request, slug, pk)
    if not permissions.can_run(request.user, row.season):
        raise PermissionDenied
    return row


def _fixed(request: UserRequest, row: Inspection, text: str) -> HttpResponse:
    messages.info(request, text)
    return redirect("inspection_detail", slug=row.season.slug, pk=row.pk)


def inspection_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a plan before the visit."""
    row = _to_plan(request, slug, pk)
    if row.visited_on:
        return _fixed(request, row, _("Đã ghi kết quả kiểm tra; kế hoạch không đổi nữa."))
    form = PlanForm(request.POST or None, season=row.season, inspection=row)
    team = team_form(request.POST or None, row.season, row)
    if request.method == "POST" and form.is_valid() and team.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.change_plan(
                inspection=row, by=request.user, version=version, values=form.values(),
                team=team.team(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
            form.rebase(Inspection.objects.get(pk=row.pk).version)
        else:
            messages.success(request, _("Đã lưu kế hoạch kiểm tra."))
            return redirect("inspection_detail", slug=slug, pk=pk)
    context = {"season": row.season, "form": form, "team": team, "inspection": row}
    return render(request, "emulation/inspection_edit.html", context)


def inspection_cancel(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Drop a plan before the visit, with a reason."""
    row = _to_plan(request, slug, pk)
    if row.visited_on:
        return _fixed(request, row, _("Đã ghi kết quả kiểm tra; không bỏ được nữa."))
    form = CancelForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_inspection(inspection=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            form.rebase(row.version)
        else:
            messages.success(request, _("Đã bỏ cuộc kiểm tra."))
            return redirect("inspection_list", slug=slug)
    context = {"season": row.season, "inspection": row, "form": form}
    return render(request, "emulation/inspection_cancel.html", context)


def inspection_record(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Write down the visit and what was found by criterion."""
    row = _get(request, slug, pk)
    if row.is_agreed:
        return _fixed(request, row, _("Hai bên đã thống nhất; kết quả không đổi nữa."))
    if not permissions.can_record_inspection(request.user, row):
        raise PermissionDenied
    form = VisitForm(request.POST or None, inspection=row)
    stored: Inspection | None = None
    if request.method == "POST" and form.is_valid():
        stored = _record(request, row, form)
        if stored is None:
            messages.success(request, _("Đã ghi kết quả kiểm tra. Hai bên đọc và thống nhất."))
            return redirect("inspection_detail", slug=slug, pk=pk)
    context: dict[str, Any] = {
        "season": row.season, "inspection": row, "form": form, "stored": stored,
    }  # fmt: skip
    return render(request, "emulation/inspection_record.html", context)


def _record(request: UserRequest, row: Inspection, form: VisitForm) -> Inspection | None:
    """Store the visit; where the service refuses, say so and return what is stored."""
    try:
        services.record_visit(
            inspection=row,
            by=request.user,
            version=form.cleaned_data["version"],
            visited_on=form.cleaned_data["visited_on"],
            conclusion=form.cleaned_data["conclusion"],
            findings=form.findings(),
        )
    except ValidationError as error:
        form.add_error(None, error)
        stored = Inspection.objects.prefetch_related("findings__criterion").get(pk=row.pk)
        form.rebase(stored.version)
        return stored
    return None


@require_POST
def inspection_agree(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Stand by the result for one side, as it was read."""
    row = _get(request, slug, pk)
    side, given = request.POST.get("side", ""), request.POST.get("version", "")
    may = {
        services.TEAM: permissions.can_agree_for_team,
        services.UNIT: permissions.can_agree_for_unit,
    }.get(side)
    if may is not None and getattr(row, f"{side}_agreed_at"):
        return _fixed(request, row, _("Bên này đã thống nhất."))
    if may is None or not may(request.user, row):
        raise PermissionDenied
    version = int(given) if given.isdecimal() and len(given) < 10 else -1
    try:
        services.agree(inspection=row, by=request.user, version=version, side=side)
    except ValidationError:
        messages.warning(request, _("Kết quả vừa được sửa. Đọc lại rồi thống nhất."))
    else:
        messages.success(request, _("Đã ghi việc thống nhất kết quả kiểm tra."))
    return redirect("inspection_detail", slug=slug, pk=pk)
