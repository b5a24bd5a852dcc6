"""The secretariat runs the season: its phases, its own facts, late codes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation import permissions, timeline, windows
from emulation.forms.phases import LateCodeForm, PhaseForm, RedeemForm, SeasonForm, digest
from emulation.models import LateCode, Phase, Season
from emulation.services import late_codes, phases
from emulation.services.season_copy import next_season
from emulation.tags import Tag
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history


def phase_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show the phases, what each allows, and what is open at this moment; all members may read."""
    season = get_season(request, slug)
    at = timezone.now()
    prefetch_related_objects([season], "phases")
    context: dict[str, Any] = {
        "season": season,
        "timeline": timeline.read(season, at),
        "rights": timeline.rights(season, at),
        "late": timeline.has_late_codes(season, at),
        "may_run": permissions.can_run(request.user, season),
        "may_close": permissions.can_close(request.user, season),
        "may_copy": permissions.can_copy(request.user, season),
        "may_redeem": permissions.can_redeem(
            request.user, season, permissions.own_unit(request.user, season)
        ),
        "next": next_season(season),
        "corrections": season.corrections.count() if season.is_closed else 0,
    }
    return render(request, "emulation/phase_list.html", context)


def _to_run(request: UserRequest, slug: str) -> Season:
    """Return the season that the user may run, or raise PermissionDenied."""
    season = get_season(request, slug)
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    return season


def phase_new(request: UserRequest, slug: str) -> HttpResponse:
    """Add a phase."""
    season = _to_run(request, slug)
    form = PhaseForm(request.POST or None, season=season, phase=None)
    if request.method == "POST" and form.is_valid():
        try:
            phases.add_phase(season=season, by=request.user, values=form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã thêm pha."))
            return redirect("phase_list", slug=slug)
    return render(request, "emulation/phase_edit.html", {"season": season, "form": form})


def phase_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a phase; whoever saved meanwhile is shown beside what was typed."""
    season = _to_run(request, slug)
    phase = get_object_or_404(season.phases, pk=pk)
    form = PhaseForm(request.POST or None, season=season, phase=phase)
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            phases.change_phase(
                phase=phase, by=request.user, version=form.cleaned_data["version"],
                values=form.values(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
            if getattr(error, "code", "") == "stale":
                stored = get_object_or_404(season.phases, pk=pk)
                form.rebase(stored.version)
        else:
            messages.success(request, _("Đã lưu pha."))
            return redirect("phase_list", slug=slug)
    context = {
        "season": season, "form": form, "phase": phase, "events": list(history(phase)),
        "stored": stored, "stored_words": timeline.sentence(stored) if stored else "",
    }  # fmt: skip
    return render(request, "emulation/phase_edit.html", context)


def phase_remove(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once, then take a phase away."""
    season = _to_run(request, slug)
    phase: Phase = get_object_or_404(season.phases, pk=pk)
    error = ""
    if request.method == "POST":
        given = request.POST.get("version", "")
        version = int(given) if given.isdecimal() and len(given) < 10 else 0
        try:
            phases.remove_phase(phase=phase, by=request.user, version=version)
        except ValidationError as refused:
            error = refused.messages[0]
        else:
            messages.success(request, _("Đã xóa pha “%(name)s”.") % {"name": phase.name})
            return redirect("phase_list", slug=slug)
    context = {
        "season": season, "phase": phase, "allows": timeline.sentence(phase), "error": error,
        "begins": windows.moment(phase.start), "ends": windows.moment(phase.end),
    }  # fmt: skip
    return render(request, "emulation/phase_remove.html", context)


def season_edit(request: UserRequest, slug: str) -> HttpResponse:
    """Change movement, motto, the day of the figures, the number of returns."""
    season = _to_run(request, slug)
    form = SeasonForm(request.POST or None, season=season)
    stored = None
    if request.method == "POST" and form.is_valid():
        before = phases.settings_of(season)
        try:
            if form.cleaned_data["before"] != digest(before):
                raise ValidationError(
                    _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
                )
            phases.set_season(season=season, by=request.user, values=form.values(), before=before)
        except ValidationError as error:
            form.add_error(None, error)
            stored = Season.objects.get(pk=season.pk)
            form.rebase(stored)
        else:
            messages.success(request, _("Đã lưu thông tin kỳ."))
            return redirect("phase_list", slug=slug)
    context = {"season": season, "form": form, "stored": stored}
    return render(request, "emulation/season_edit.html", context)


def late_code_list(request: UserRequest, slug: str) -> HttpResponse:
    """Give a unit a late code, and show which were given, who used them and when."""
    season = _to_run(request, slug)
    form = LateCodeForm(request.POST or None, season=season)
    if request.method == "POST" and form.is_valid():
        try:
            code = late_codes.issue_late_code(season=season, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("Đã cấp mã %(code)s cho %(unit)s. Đọc hoặc gửi mã này cho đơn vị.")
                % {"code": late_codes.shown(code.code), "unit": code.unit},
            )
            return redirect("late_code_list", slug=slug)
    at = timezone.now()
    rows = season.late_codes.select_related("unit", "by", "redeemed_by")
    codes = [(row, late_codes.shown(row.code), _code_tag(row, at)) for row in rows]
    context = {"season": season, "form": form, "codes": codes}
    return render(request, "emulation/late_code_list.html", context)


def _code_tag(code: LateCode, at: Any) -> Tag:
    if code.redeemed_at:
        return Tag(_("Đã dùng"), "ok", "check2") if at < code.until else Tag(_("Đã hết hạn"), "off")
    return Tag(_("Chưa dùng"), "run") if at < code.until else Tag(_("Đã hết hạn"), "off")


def late_code_redeem(request: UserRequest, slug: str) -> HttpResponse:
    """Let a unit type its code; from then on it may enter, send and score itself."""
    season = get_season(request, slug)
    request.menu_place = "achievement_list"
    unit = permissions.own_unit(request.user, season)
    if unit is None or not permissions.can_redeem(request.user, season, unit):
        raise PermissionDenied
    form = RedeemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = late_codes.redeem_late_code(
                season=season, unit=unit, code=form.cleaned_data["code"], by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            text = _("Đã mở cho %(unit)s đến %(until)s. Thành tích gửi từ lúc này ghi là gửi muộn.")
            values = {"unit": unit, "until": windows.moment(code.until)}
            messages.success(request, text % values)
            return redirect("achievement_list", slug=slug)
    now = timezone.now()
    mine = season.late_codes.filter(unit=unit, redeemed_at__isnull=False, until__gt=now)
    context = {
        "season": season, "unit": unit, "form": form,
        "open": [(row, windows.moment(row.until)) for row in mine.select_related("redeemed_by")],
    }  # fmt: skip
    return render(request, "emulation/late_code_redeem.html", context)
