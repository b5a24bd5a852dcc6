"""One periodic report: the unit writes, checks and sends it; the secretary answers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clusters.vietnamese import nfc
from emulation import drafting, permissions, reporting
from emulation.context import role_in
from emulation.facts import Difference
from emulation.forms.periodic import ExcuseForm, ReportForm, ReturnForm
from emulation.forms.versioned import VersionedForm
from emulation.models import Period, PeriodicReport, ReportState
from emulation.periods import ahead
from emulation.reporting import Line
from emulation.services import periodic
from emulation.services.periodic import PARTS
from emulation.views.autosave import typing
from emulation.views.period import get_period
from emulation.views.request import UserRequest
from journal.queries import history


def _line(request: UserRequest, slug: str, period: int, unit: int) -> Line:
    """Return how the unit stands with the period; Http404 where the user may not know."""
    found = get_period(request, slug, period)
    member = get_object_or_404(found.season.units(), pk=unit)
    own = permissions.is_of_unit(request.user, member)
    if not own and not permissions.can_see_pulse_of_all(request.user, found.season):
        raise Http404
    today = timezone.localdate()
    return reporting.lines([found], [member], today, with_drafts=own)[0]


def _sections(period: Period, report: PeriodicReport | None) -> list[tuple[str, str, str]]:
    """Return (name, heading, text) of the parts of a report."""
    headings = {
        "results": _("Kết quả thực hiện"),
        "shortcomings": _("Tồn tại, hạn chế"),
        "tasks": ahead(period.kind, period.season.year),
    }
    return [(name, headings[name], getattr(report, name, "")) for name in PARTS]


def _back(line: Line) -> HttpResponse:
    return redirect(
        "report_detail", slug=line.period.season.slug, period=line.period.pk, unit=line.unit.pk
    )


def _page(request: UserRequest, line: Line) -> dict[str, Any]:
    """Return what every page of a report shows."""
    season = line.period.season
    return {
        "season": season,
        "period": line.period,
        "unit": line.unit,
        "line": line,
        "report": line.report,
        "tag": line.tag(role_in(request.user, season)),
        "may_write": permissions.can_report(request.user, season, line.unit) and line.is_open,
        "may_answer": permissions.can_answer_report(request.user, season, line.unit),
    }


def report_detail(request: UserRequest, slug: str, period: int, unit: int) -> HttpResponse:
    """Show the report of one unit, with what may be done about it."""
    line = _line(request, slug, period, unit)
    report = line.report
    context = _page(request, line) | {
        "sections": _sections(line.period, report) if report else [],
        "events": history(report) if report else [],
        "is_sent": report is not None and report.state == ReportState.SUBMITTED,
        "is_excused": report is not None and report.state == ReportState.EXCUSED,
        "is_returned": report is not None and report.state == ReportState.RETURNED,
    }
    return render(request, "emulation/report_detail.html", context)


def _to_write(request: UserRequest, slug: str, period: int, unit: int) -> Line:
    line = _line(request, slug, period, unit)
    if not permissions.can_report(request.user, line.period.season, line.unit):
        raise PermissionDenied
    return line


def _locked(request: UserRequest, line: Line) -> HttpResponse:
    """Lead to the report with a word on why it cannot be written or sent now."""
    if line.is_with_unit:
        messages.info(request, _("Kỳ báo cáo này chưa bắt đầu."))
    else:
        text = _("Báo cáo đang ở trạng thái “%(state)s”, không sửa được.")
        state = line.report.get_state_display() if line.report else ""
        messages.info(request, text % {"state": state})
    return _back(line)


def report_edit(request: UserRequest, slug: str, period: int, unit: int) -> HttpResponse:
    """Let the unit write its report over what its achievements tell."""
    line = _to_write(request, slug, period, unit)
    if not line.is_open:
        return _locked(request, line)
    context = _page(request, line)
    fresh = drafting.draft(line.period, line.unit)
    proposal = {name: getattr(fresh, name) for name in PARTS}
    autosave = typing(request, line.period.season)
    form = ReportForm(autosave.data, period=line.period, report=line.report, proposal=proposal)
    if "redraft" in request.POST or "take" in request.POST:
        form, context["fresh"] = _beside(request, line, proposal)
    elif request.method == "POST" and form.is_valid():
        different = _write(request, line, form)
        if different is None:
            autosave.saved()
            return _onward(request, line)
        context["different"] = different
    context |= {
        "form": form,
        "autosave": autosave,
        "drafts": drafting.of_period(line.period, line.unit).drafts(),
        "is_first": line.report is None and request.method == "GET",
    }
    return render(request, "emulation/report_edit.html", context)


def _beside(
    request: UserRequest, line: Line, proposal: dict[str, str]
) -> tuple[ReportForm, list[dict[str, str]]]:
    """Return the form as it was typed, and the fresh draft to stand beside it.

    Nothing is stored. A part of the draft that was asked for takes the place of what was typed;
    that text is shown too, so that it can be taken back.
    """
    typed = {name: nfc(request.POST.get(name, "")) for name in (*PARTS, "version")}
    taken, before = request.POST.get("take", ""), ""
    if taken in PARTS:
        before, typed[taken] = typed[taken], proposal[taken]
    form = ReportForm(period=line.period, report=line.report, proposal=typed, shows=typed)
    return form, [
        {
            "name": name,
            "label": str(form.fields[name].label),
            "text": proposal[name],
            "before": before if name == taken and before != proposal[name] else "",
        }
        for name in PARTS
    ]


def _write(request: UserRequest, line: Line, form: ReportForm) -> list[Difference] | None:
    """Save what was typed; where it cannot be, return how the stored text differs."""
    try:
        periodic.write_report(
            period=line.period, unit=line.unit, by=request.user,
            version=form.cleaned_data["version"], values=form.texts(),
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error)
        stored = PeriodicReport.objects.filter(period=line.period, unit=line.unit).first()
        form.rebase(stored.version if stored else 0)
        typed = form.texts()
        return [
            Difference(heading, text, typed[name])
            for name, heading, text in _sections(line.period, stored)
            if stored and text != typed[name]
        ]
    return None


def _onward(request: UserRequest, line: Line) -> HttpResponse:
    """Go on to the check before sending, or stay with a word that it is saved."""
    if "check" in request.POST:
        slug = line.period.season.slug
        return redirect("report_submit", slug=slug, period=line.period.pk, unit=line.unit.pk)
    messages.success(request, _("Đã lưu báo cáo, chưa gửi."))
    return _back(line)


def report_submit(request: UserRequest, slug: str, period: int, unit: int) -> HttpResponse:
    """Show the report once more before it is sent, and send it."""
    line = _to_write(request, slug, period, unit)
    report = line.report
    if report is None or not line.is_with_unit:
        return _locked(request, line) if report else _back(line)
    refused: list[str] = []
    if request.method == "POST":
        form = VersionedForm(request.POST)
        version = form.cleaned_data["version"] if form.is_valid() else -1
        try:
            periodic.submit_report(report=report, by=request.user, version=version)
        except ValidationError as error:
            refused = error.messages
            report.refresh_from_db()
        else:
            text = _("Đã gửi thư ký cụm báo cáo %(name)s.") % {"name": line.period}
            messages.success(request, text)
            return _back(line)
    context = _page(request, line) | {
        "sections": _sections(line.period, report),
        "refused": refused,
        "is_empty": not report.results.strip(),
    }
    return render(request, "emulation/report_submit.html", context)


def _to_answer(request: UserRequest, slug: str, period: int, unit: int) -> Line:
    line = _line(request, slug, period, unit)
    if not permissions.can_answer_report(request.user, line.period.season, line.unit):
        raise PermissionDenied
    return line


@require_POST
def report_accept(request: UserRequest, slug: str, period: int, unit: int) -> HttpResponse:
    """Let the secretary take a report as complete."""
    line = _to_answer(request, slug, period, unit)
    form = VersionedForm(request.POST)
    if line.report is None or not form.is_valid():
        return _back(line)
    try:
        periodic.accept_report(
            report=line.report, by=request.user, version=form.cleaned_data["version"]
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Đã tiếp nhận báo cáo của %(unit)s.") % {"unit": line.unit})
    return _back(line)


def report_return(request: UserRequest, slug: str, period: int, unit: int) -> HttpResponse:
    """Let the secretary give a report back, with the reason."""
    line = _to_answer(request, slug, period, unit)
    report = line.report
    if report is None or report.state != ReportState.SUBMITTED:
        messages.info(request, _("Báo cáo này không chờ tiếp nhận."))
        return _back(line)
    form = ReturnForm(request.POST or None, initial={"version": report.version})
    if request.method == "POST" and form.is_valid():
        try:
            periodic.return_report(report=report, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            report.refresh_from_db()
            form.rebase(report.version)
        else:
            text = _("Đã trả lại báo cáo để %(unit)s bổ sung.") % {"unit": line.unit}
            messages.success(request, text)
            return _back(line)
    context = _page(request, line) | {"form": form, "sections": _sections(line.period, report)}
    return render(request, "emulation/report_return.html", context)


def report_excuse(request: UserRequest, slug: str, period: int, unit: int) -> HttpResponse:
    """Let the secretary excuse a unit from a report, with the reason."""
    line = _to_answer(request, slug, period, unit)
    if not line.is_with_unit:
        messages.info(request, _("Đơn vị đã gửi hoặc đã được miễn báo cáo này."))
        return _back(line)
    form = ExcuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            periodic.excuse_unit(
                period=line.period, unit=line.unit, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            text = _("Đã miễn gửi báo cáo này cho %(unit)s.") % {"unit": line.unit}
            messages.success(request, text)
            return _back(line)
    return render(request, "emulation/report_excuse.html", _page(request, line) | {"form": form})


@require_POST
def report_unexcuse(request: UserRequest, slug: str, period: int, unit: int) -> HttpResponse:
    """Let the secretary ask for the report after all."""
    line = _to_answer(request, slug, period, unit)
    if line.report is None:
        return _back(line)
    try:
        periodic.unexcuse_unit(report=line.report, by=request.user)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        text = _("%(unit)s lại cần gửi báo cáo này.") % {"unit": line.unit}
        messages.success(request, text)
    return _back(line)
