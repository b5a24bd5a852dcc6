"""The windows of periodic reports and who has sent what: the secretary's side, and the overview."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from emulation import permissions, reporting
from emulation.context import role_in
from emulation.forms.periodic import PeriodForm, PeriodKindsForm
from emulation.models import Drive, Period, PeriodKind, Season
from emulation.periods import of_year
from emulation.services import periodic
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def get_period(request: UserRequest, slug: str, period: int) -> Period:
    """Return a period of a season that the user may see, or raise Http404."""
    season = get_season(request, slug)
    request.menu_place = "period_list"
    found = get_object_or_404(Period.objects.select_related("drive"), season=season, pk=period)
    found.season = season
    return found


def _may_run(request: UserRequest, season: Season) -> None:
    if not permissions.can_run(request.user, season):
        raise PermissionDenied


def period_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show a unit its periods, and cluster roles who has sent what."""
    season = get_season(request, slug)
    request.menu_place = "period_list"
    unit = permissions.own_unit(request.user, season)
    today = timezone.localdate()
    if permissions.can_see_pulse_of_all(request.user, season):
        return _table(request, season)
    assert unit is not None, "a season is visible to cluster roles and members alone"
    lines = reporting.of_unit(season, unit, today)
    context = {
        "season": season,
        "unit": unit,
        "lines": [(line, line.tag("unit")) for line in lines],
        "owed": [(line, line.tag("unit")) for line in lines if line.is_owed],
    }
    return render(request, "emulation/period_list.html", context)


def _table(request: UserRequest, season: Season) -> HttpResponse:
    given = request.GET.get("loai", "")
    kind = given if given in PeriodKind.values else ""
    known = set(season.periods.values_list("kind", flat=True))
    context = {
        "season": season,
        "table": reporting.table(season, timezone.localdate(), kind),
        "kind": kind,
        "kinds": [one for one in PeriodKind if one.value in known],
        "may_run": permissions.can_run(request.user, season),
    }
    return render(request, "emulation/period_table.html", context)


def period_detail(request: UserRequest, slug: str, period: int) -> HttpResponse:
    """Show who has sent the report of one period; a unit is led to its own report."""
    found = get_period(request, slug, period)
    season, user = found.season, request.user
    if not permissions.can_see_pulse_of_all(user, season):
        unit = permissions.own_unit(user, season)
        assert unit is not None, "a season is visible to cluster roles and members alone"
        return redirect("report_detail", slug=slug, period=found.pk, unit=unit.pk)
    lines = reporting.of_period(found, season.units(), timezone.localdate())
    role = role_in(user, season)
    context = {
        "season": season,
        "period": found,
        "summary": reporting.Summary(found, lines),
        "lines": [(line, line.tag(role)) for line in lines],
        "may_run": permissions.can_run(user, season),
    }
    return render(request, "emulation/period_detail.html", context)


def period_set(request: UserRequest, slug: str) -> HttpResponse:
    """Let the secretary take the usual windows of the year, by kind."""
    season = get_season(request, slug)
    request.menu_place = "period_list"
    _may_run(request, season)
    # Without a box ticked a browser may send next to nothing: that too is an answer.
    form = PeriodKindsForm(request.POST if request.method == "POST" else None, season=season)
    if request.method == "POST" and form.is_valid():
        new = periodic.set_periods(season=season, by=request.user, **form.cleaned_data)
        if new:
            text = ngettext("Đã thêm %(n)s kỳ báo cáo.", "Đã thêm %(n)s kỳ báo cáo.", len(new))
            messages.success(request, text % {"n": len(new)})
        else:
            messages.info(request, _("Các kỳ báo cáo đã chọn có sẵn từ trước."))
        return redirect("period_list", slug=slug)
    windows = of_year(season.year, season.counted_to)
    known = set(season.periods.values_list("name", flat=True))
    groups = [
        (kind, [(window, window.name in known) for window in windows if window.kind == kind.value])
        for kind in PeriodKind
        if kind != PeriodKind.DRIVE
    ]
    context = {"season": season, "form": form, "groups": groups}
    return render(request, "emulation/period_set.html", context)


def period_new(request: UserRequest, slug: str) -> HttpResponse:
    """Let the secretary add a period with dates of its own; `?dot=` fills in those of a drive."""
    season = get_season(request, slug)
    request.menu_place = "period_list"
    _may_run(request, season)
    given = request.GET.get("dot", "")
    drive = None
    if given.isdecimal() and len(given) < 10:
        drive = Drive.objects.filter(season=season, pk=int(given)).first()
    form = PeriodForm(request.POST or None, season=season, drive=drive)
    if request.method == "POST" and form.is_valid():
        try:
            made = periodic.add_period(season=season, by=request.user, values=form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Đã thêm kỳ báo cáo %(name)s.") % {"name": made})
            return redirect("period_detail", slug=slug, period=made.pk)
    return render(request, "emulation/period_form.html", {"season": season, "form": form})


def period_edit(request: UserRequest, slug: str, period: int) -> HttpResponse:
    """Let the secretary change name and days of a period."""
    found = get_period(request, slug, period)
    _may_run(request, found.season)
    form = PeriodForm(request.POST or None, season=found.season, period=found)
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            periodic.change_period(
                period=found, by=request.user, version=form.cleaned_data["version"],
                values=form.values(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
            if getattr(error, "code", "") == "stale":
                stored = Period.objects.get(pk=found.pk)
                form.rebase(stored.version)
        else:
            messages.success(request, _("Đã lưu kỳ báo cáo."))
            return redirect("period_detail", slug=slug, period=found.pk)
    context = {"season": found.season, "period": found, "form": form, "stored": stored}
    return render(request, "emulation/period_form.html", context)


def period_remove(request: UserRequest, slug: str, period: int) -> HttpResponse:
    """Let the secretary remove a period of which nothing was written."""
    found = get_period(request, slug, period)
    _may_run(request, found.season)
    refused: list[str] = []
    if request.method == "POST":
        try:
            periodic.remove_period(period=found, by=request.user)
        except ValidationError as error:
            refused = error.messages
        else:
            messages.success(request, _("Đã xóa kỳ báo cáo %(name)s.") % {"name": found})
            return redirect("period_list", slug=slug)
    elif found.reports.exists():
        refused = [
            _("Đã có đơn vị soạn hoặc được miễn báo cáo của kỳ này, không xóa được."),
        ]
    context = {"season": found.season, "period": found, "refused": refused}
    return render(request, "emulation/period_remove.html", context)


@require_POST
def period_remind(request: UserRequest, slug: str, period: int) -> HttpResponse:
    """Remind the units that have not sent; they read it on their desk and at the report."""
    found = get_period(request, slug, period)
    _may_run(request, found.season)
    try:
        units = periodic.remind(period=found, by=request.user)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        text = ngettext(
            "Đã nhắc %(n)s đơn vị: %(units)s.", "Đã nhắc %(n)s đơn vị: %(units)s.", len(units)
        )
        messages.success(request, text % {"n": len(units), "units": ", ".join(map(str, units))})
    return redirect("period_detail", slug=slug, period=found.pk)
