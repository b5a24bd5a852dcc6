"""The movements and peak drives of a season, and what each unit reports of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation import drives, permissions
from emulation.context import role_in
from emulation.forms.movement import DriveForm, DriveRemoveForm, DriveReportForm
from emulation.models import Drive, DriveResult, DriveStage, Season
from emulation.services import movement as services
from emulation.views.autosave import typing
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history


def _get_drive(request: UserRequest, slug: str, pk: int) -> Drive:
    season = get_season(request, slug)
    request.menu_place = "pledge"
    found = get_object_or_404(Drive, season=season, pk=pk)
    found.season = season
    return found


def drive_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the drives by their first day, with how many units reported."""
    season = get_season(request, slug)
    request.menu_place = "pledge"
    unit = permissions.own_unit(request.user, season)
    context = {
        "season": season,
        "rows": drives.overview(season, timezone.localdate(), unit),
        "unit": unit,
        "may_run": permissions.can_run(request.user, season),
    }
    return render(request, "emulation/drive_list.html", context)


def drive_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show a drive with the results of all units side by side, and who has not reported."""
    drive = _get_drive(request, slug, pk)
    season, user = drive.season, request.user
    unit = permissions.own_unit(user, season)
    today = timezone.localdate()
    rows = drives.units(drive, today)
    own = next((row for row in rows if row.unit == unit), None)
    context = {
        "season": season,
        "drive": drive,
        "tag": drives.tag(drive, today),
        "rows": rows,
        "stages": [(stage, drives.due_on(drive, stage)) for stage in drives.stages(drive)],
        "unit": unit,
        "own": [(cell, drives.WORDS[cell.stage]) for cell in own.cells] if own else [],
        "may_report": permissions.can_report(user, season, unit) and today >= drive.starts_on,
        "sees_all": role_in(user, season) != "unit",
        "verified": sum(row.verified for row in rows),
        "waiting": sum(row.waiting for row in rows),
        "missing": [
            (stage, [str(row.unit) for row in rows if row.cells[at].result is None])
            for at, stage in enumerate(drives.stages(drive))
            if drives.due_on(drive, stage) <= today
        ],
        "may_run": permissions.can_run(user, season),
        "events": history(drive)[:20],
    }
    return render(request, "emulation/drive_detail.html", context)


def _season_to_run(request: UserRequest, slug: str) -> Season:
    season = get_season(request, slug)
    request.menu_place = "pledge"
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    return season


def drive_new(request: UserRequest, slug: str) -> HttpResponse:
    """Let the secretary add a drive."""
    season = _season_to_run(request, slug)
    autosave = typing(request, season)
    form = DriveForm(autosave.data, season=season)
    if request.method == "POST" and form.is_valid():
        try:
            drive = services.add_drive(season=season, by=request.user, values=form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            autosave.saved()
            messages.success(request, _("Đã thêm “%(drive)s”.") % {"drive": drive})
            return redirect("drive_detail", slug, drive.pk)
    context = {"season": season, "form": form, "autosave": autosave}
    return render(request, "emulation/drive_edit.html", context)


def drive_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Let the secretary change a drive."""
    season = _season_to_run(request, slug)
    drive = _get_drive(request, slug, pk)
    autosave = typing(request, season)
    form = DriveForm(autosave.data, season=season, drive=drive)
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_drive(
                drive=drive, by=request.user, version=form.cleaned_data["version"],
                values=form.values(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
            if getattr(error, "code", "") == "stale":
                stored = _get_drive(request, slug, pk)
                form.rebase(stored.version)
        else:
            autosave.saved()
            messages.success(request, _("Đã lưu đợt thi đua."))
            return redirect("drive_detail", slug, pk)
    context = {
        "season": season, "drive": drive, "form": form, "stored": stored, "autosave": autosave,
    }  # fmt: skip
    return render(request, "emulation/drive_edit.html", context)


def drive_remove(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Let the secretary remove a drive for which nothing was done yet."""
    season = _season_to_run(request, slug)
    drive = _get_drive(request, slug, pk)
    form = DriveRemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_drive(drive=drive, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã xóa “%(drive)s”.") % {"drive": drive})
            return redirect("drive_list", slug)
    context = {"season": season, "drive": drive, "form": form}
    return render(request, "emulation/drive_remove.html", context)


def drive_report(request: UserRequest, slug: str, pk: int, stage: str) -> HttpResponse:
    """Let a unit report what it did in a drive, beginning with its achievements."""
    drive = _get_drive(request, slug, pk)
    if stage not in drives.SLUGS or drives.SLUGS[stage] not in drives.stages(drive):
        raise Http404
    which = drives.SLUGS[stage]
    unit = permissions.own_unit(request.user, drive.season)
    if unit is None or not permissions.can_report(request.user, drive.season, unit):
        raise PermissionDenied
    result = DriveResult.objects.filter(drive=drive, unit=unit, stage=which).first()
    until = drives.due_on(drive, which)
    draft = "" if result else drives.draft(drive, unit, request.user, until)
    autosave = typing(request, drive.season)
    form = DriveReportForm(autosave.data, result=result, draft=draft)
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            services.report_drive(
                drive=drive, unit=unit, by=request.user, stage=which, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
            stored = DriveResult.objects.filter(drive=drive, unit=unit, stage=which).first()
            form.rebase(stored.version if stored else 0)
        else:
            autosave.saved()
            messages.success(request, _("Đã ghi kết quả của đơn vị."))
            return redirect("drive_detail", slug, pk)
    context = {
        "season": drive.season, "drive": drive, "unit": unit, "form": form, "stored": stored,
        "stage": DriveStage(which), "until": until, "autosave": autosave,
        "drafted": bool(draft) and not form.is_bound,
    }  # fmt: skip
    return render(request, "emulation/drive_report.html", context)
