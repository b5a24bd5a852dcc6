"""The editor of a scheme that nobody rests on yet, and its Excel file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from emulation import permissions, schemes
from emulation.forms.scheme_editor import FrameForm, row_set
from emulation.models import Scheme
from emulation.scheme_check import check, difference
from emulation.scheme_file import scheme_workbook
from emulation.services import scheme as services
from emulation.views.request import UserRequest
from emulation.views.scheme import get_scheme, season_of

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def scheme_export(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Send the scheme as an Excel file."""
    season = season_of(request, slug)
    scheme = get_scheme(request, season, pk)
    answer = HttpResponse(scheme_workbook(schemes.plan_of(scheme)), content_type=EXCEL)
    name = f"thang-diem-{scheme.code}-v{scheme.version}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def scheme_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Let the secretary edit a version; what was typed stays whatever is wrong with it."""
    season = season_of(request, slug)
    scheme = get_scheme(request, season, pk)
    if not permissions.can_edit_scheme(request.user, scheme) or season.is_closed:
        raise PermissionDenied
    plan = schemes.plan_of(scheme)
    data = request.POST if request.method == "POST" else None
    frame, rows = FrameForm(data, scheme=scheme, plan=plan), row_set(plan, data)
    stored: list[str] = []
    if request.method == "POST":
        are_valid = [frame.is_valid(), rows.is_valid()]
        for text in rows.non_form_errors():
            frame.add_error(None, text)
        if all(are_valid) and _save(request, scheme, frame, rows):
            messages.success(request, _("Đã lưu thang điểm."))
            return redirect("scheme_detail", slug=slug, pk=pk)
        now = Scheme.objects.get(pk=scheme.pk)
        if all(are_valid) and str(now.edits) != request.POST.get("edits"):
            kept = frame.made([row.line() for row in rows.kept()])
            found = difference(schemes.plan_of(now), kept)
            stored = sorted({*found.added, *found.removed, *found.changed})
            typed = request.POST.copy()
            typed["edits"] = str(now.edits)
            frame.data = typed
    context = {
        "season": season, "scheme": scheme, "plan": plan, "frame": frame, "rows": rows,
        "faulty": [frame, *rows.forms] if data else [], "stored": stored,
    }  # fmt: skip
    return render(request, "emulation/scheme_edit.html", context)


def _save(request: UserRequest, scheme: Scheme, frame: FrameForm, rows: Any) -> bool:
    """Store what was typed; where it does not add up, say so at the field."""
    kept = rows.kept()
    plan = frame.made([row.line() for row in kept])
    if faults := check(plan):
        frame.add_faults(faults, kept)
        return False
    try:
        services.change(
            scheme=scheme, by=request.user, edits=frame.cleaned_data["edits"], plan=plan
        )
    except ValidationError as error:
        frame.add_error(None, error.messages)
        return False
    return True
