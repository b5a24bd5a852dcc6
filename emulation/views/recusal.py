"""Of which units a secretary does not judge, and the unit's explanation of its scores."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emulation import permissions, sheets, tags, windows
from emulation.forms.recusal import RecusalForm
from emulation.forms.scoring import ExplainForm
from emulation.services import recusal as services
from emulation.services import scoring
from emulation.views.autosave import typing
from emulation.views.request import UserRequest
from emulation.views.scoring import find_sheet
from emulation.views.season import get_season


def recusal_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show who declared a relation to which unit; a secretary declares the own."""
    season = get_season(request, slug)
    request.menu_place = "standings"
    if not permissions.can_see_pulse_of_all(request.user, season):
        raise PermissionDenied
    may = permissions.can_run(request.user, season) and not permissions.is_published(season)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = RecusalForm(request.POST or None, season=season) if may else None
    if request.method == "POST" and form and form.is_valid():
        try:
            services.declare_recusal(season=season, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Đã khai báo không chấm %(unit)s.") % form.cleaned_data)
            return redirect("recusal_list", slug=slug)
    rows = season.recusals.select_related("unit", "user")
    context = {"season": season, "rows": rows, "form": form}
    return render(request, "emulation/recusal_list.html", context)


@require_POST
def recusal_withdraw(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Take the own declaration back."""
    season = get_season(request, slug)
    if not permissions.can_run(request.user, season):
        raise PermissionDenied
    row = get_object_or_404(season.recusals, pk=pk if pk < 2**63 else 0)
    services.withdraw_recusal(recusal=row, by=request.user)
    messages.success(request, _("Đã rút khai báo."))
    return redirect("recusal_list", slug=slug)


def sheet_explain(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Let the unit answer the first appraisal, line by line, and send it once."""
    season, member, sheet = find_sheet(request, slug, unit)
    if sheet is None or not permissions.can_explain(request.user, sheet, timezone.now()):
        raise PermissionDenied
    autosave = typing(request, season)
    content = sheets.read(sheet, with_cross=True, with_proofs=True)
    form = ExplainForm(autosave.data, sheet=sheet, content=content)
    if request.method == "POST" and form.is_valid():
        try:
            scoring.explain(
                sheet=sheet, by=request.user, version=form.cleaned_data["version"],
                texts=form.texts(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
            sheet.refresh_from_db(fields=["version", "state"])
            form.rebase(sheet.version)
        else:
            autosave.saved()
            messages.success(request, _("Đã gửi giải trình cho thư ký cụm."))
            return redirect("sheet_detail", slug=slug, unit=unit)
    context = {
        "season": season, "unit": member, "sheet": sheet, "form": form, "autosave": autosave,
        "tag": tags.sheet_tag(sheet.state, "unit"),
        "until": windows.deadline(season, "appraise", timezone.now(), member),
    }  # fmt: skip
    return render(request, "emulation/sheet_explain.html", context)
