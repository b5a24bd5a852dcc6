"""The consolidated score table, and the score sheet of a unit with its two lanes."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clusters.models import Unit, User
from emulation import permissions, sheets, tags, windows
from emulation.forms.scoring import AppraiseForm, ReturnSheetForm, SheetForm
from emulation.models import ScoreSheet, Season, SheetState
from emulation.models.sheet import WAITING
from emulation.services import scoring as services
from emulation.standings import Lane
from emulation.views.autosave import Typing, typing
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history

# What the secretary has to go on with; a sheet in between waits for the unit's explanation.


def may_score(user: User, season: Season, unit: Unit, at: datetime) -> bool:
    """Whether the unit's own lane is open: the phase allows it and the sheet was not sent."""
    if season.scheme is None or not permissions.can_self_score(user, season, unit, at):
        return False
    return not season.sheets.filter(unit=unit).exclude(state=SheetState.DRAFT).exists()


def next_to_appraise(
    user: User, season: Season, at: datetime, after: Unit | None = None
) -> ScoreSheet | None:
    """Return the next sheet that waits for the user, in the official order, from `after` on."""
    if not permissions.is_secretary(user, season):
        return None
    waiting = {}
    for row in season.sheets.filter(state__in=WAITING).select_related("unit"):
        row.season = season  # which has read its phases already
        if permissions.can_appraise(user, row, at):
            waiting[row.unit_id] = row
    order = [unit.pk for unit in season.units()]
    start = order.index(after.pk) + 1 if after else 0
    turn = [pk for pk in order[start:] + order[:start] if after is None or pk != after.pk]
    return next((waiting[pk] for pk in turn if pk in waiting), None)


def find_sheet(
    request: UserRequest, slug: str, unit: int
) -> tuple[Season, Unit, ScoreSheet | None]:
    """Return season, member unit and sheet, or raise Http404 where the user may not see it."""
    season = get_season(request, slug)
    request.menu_place = "standings"
    member = get_object_or_404(season.units(), pk=unit)
    is_visible = permissions.can_see_sheet(request.user, season, member, timezone.now())
    if season.scheme is None or not is_visible:
        raise Http404
    rows = ScoreSheet.objects.select_related("season__cluster", "season__scheme", "unit")
    return season, member, rows.filter(season=season, unit=member).first()


def sheet_self_score(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Let a unit score itself; the sheet comes into being with its first visit."""
    season, member, sheet = find_sheet(request, slug, unit)
    if not permissions.can_self_score(request.user, season, member, timezone.now()):
        raise PermissionDenied
    sheet = sheet or services.open_sheet(season=season, unit=member)
    if permissions.can_explain(request.user, sheet, timezone.now()):
        return redirect("sheet_explain", slug=slug, unit=unit)
    if sheet.state != SheetState.DRAFT:
        messages.info(request, _("Bảng tự chấm đã gửi, không sửa được nữa."))
        return redirect("sheet_detail", slug=slug, unit=unit)
    content = sheets.read(sheet, with_proofs=True)
    send = request.POST.get("action") == "send"
    autosave = typing(request, season)
    form = SheetForm(autosave.data, sheet=sheet, content=content, is_final=send)
    if request.method == "POST" and form.is_valid() and _keep_own(request, sheet, form, send):
        autosave.saved()
        return redirect("sheet_detail" if send else "sheet_self_score", slug=slug, unit=unit)
    returned = history(sheet).filter(verb="sheet.return").first()
    context = {
        "season": season, "unit": member, "sheet": sheet, "form": form, "content": form.content,
        "returned": returned, "autosave": autosave,
        "until": windows.deadline(season, "self_score", timezone.now(), member),
    }  # fmt: skip
    return render(request, "emulation/sheet_self_score.html", context)


def _keep_own(request: UserRequest, sheet: ScoreSheet, form: SheetForm, send: bool) -> bool:
    """Keep the unit's scores; where the service refuses, say so on the form."""
    version = form.cleaned_data["version"]
    try:
        services.self_score(
            sheet=sheet, by=request.user, version=version, lines=form.values(), send=send,
            at=timezone.now(),
        )  # fmt: skip
    except ValidationError as error:
        _refuse(form, sheet, error)
        return False
    messages.success(
        request,
        _("Đã gửi bảng tự chấm cho thư ký cụm.") if send else _("Đã lưu nháp bảng tự chấm."),
    )
    return True


def _refuse(form: SheetForm, sheet: ScoreSheet, error: ValidationError) -> None:
    form.add_error(None, error)
    sheet.refresh_from_db(fields=["version", "state"])
    if error.code == "stale":
        form.show_stored(_content(sheet), sheet.version)


def sheet_appraise(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Let the secretary enter verified scores beside the unit's own."""
    sheet = _to_appraise(request, slug, unit)
    action = request.POST.get("action", "")
    if action.startswith("take-"):
        return _take_over(request, sheet, action)
    autosave = typing(request, sheet.season)
    form = _appraise_form(autosave.data, sheet, is_final=action in {"finish", "first"})
    if request.method == "POST" and form.is_valid() and _keep_verified(request, sheet, form):
        autosave.saved()
        return _after_appraisal(request, sheet)
    return_form = ReturnSheetForm(auto_id="return_%s", initial={"version": sheet.version})
    return _appraisal_page(request, sheet, form, return_form, autosave)


def _content(sheet: ScoreSheet) -> sheets.Sheet:
    return sheets.read(sheet, with_cross=True, with_proofs=True, lane=Lane.VERIFIED)


def _appraise_form(data: Any, sheet: ScoreSheet, *, is_final: bool = False) -> AppraiseForm:
    assert sheet.season.scheme, "a sheet was made from a scheme"
    return AppraiseForm(
        data, sheet=sheet, content=_content(sheet), is_final=is_final,
        gap_limit=sheet.season.scheme.gap_limit,
    )  # fmt: skip


def _take_over(request: UserRequest, sheet: ScoreSheet, action: str) -> HttpResponse:
    """Copy another lane into the verified one: "take-cross", or of one line "take-self-17"."""
    source, _dash, key = action.removeprefix("take-").partition("-")
    version = request.POST.get("version", "")
    is_key = key == "" or (key.isascii() and key.isdigit() and len(key) < 18)
    if source in {"cross", "self"} and is_key and version.isascii() and version.isdigit():
        try:
            services.take_over(
                sheet=sheet, by=request.user, version=int(version), source=source,
                criterion=int(key) if key else None,
            )  # fmt: skip
        except ValidationError as error:
            messages.warning(request, error.messages[0])
    return redirect("sheet_appraise", slug=sheet.season.slug, unit=sheet.unit_id)


def _to_appraise(request: UserRequest, slug: str, unit: int) -> ScoreSheet:
    _season, _unit, sheet = find_sheet(request, slug, unit)
    if sheet is None or not permissions.can_appraise(request.user, sheet, timezone.now()):
        raise PermissionDenied
    return sheet


def _keep_verified(request: UserRequest, sheet: ScoreSheet, form: SheetForm) -> bool:
    """Keep the verified scores; where the service refuses, say so on the form."""
    try:
        is_first = request.POST.get("action") == "first"
        given: dict[str, Any] = {
            "sheet": sheet, "by": request.user, "version": form.cleaned_data["version"],
            "lines": form.values(), "at": timezone.now(),
        }  # fmt: skip
        if is_first:
            services.put_to_unit(**given)
        else:
            services.appraise(**given, finish=form.is_final)
    except ValidationError as error:
        _refuse(form, sheet, error)
        return False
    if is_first:
        text = _("Đã gửi %(unit)s giải trình.")
    elif form.is_final:
        text = _("Đã hoàn thành thẩm định %(unit)s.")
    else:
        text = _("Đã lưu điểm %(unit)s.")
    messages.success(request, text % {"unit": sheet.unit})
    return True


def _after_appraisal(request: UserRequest, sheet: ScoreSheet) -> HttpResponse:
    """Go on to the next unit where that was asked or this one is done, else stay."""
    slug, action = sheet.season.slug, request.POST.get("action")
    if action not in {"next", "finish", "first"}:
        return redirect("sheet_appraise", slug=slug, unit=sheet.unit_id)
    following = next_to_appraise(request.user, sheet.season, timezone.now(), after=sheet.unit)
    if following is None:
        messages.info(request, _("Không còn bảng điểm nào chờ thẩm định."))
        return redirect("standings", slug=slug)
    return redirect("sheet_appraise", slug=slug, unit=following.unit_id)


def _appraisal_page(
    request: UserRequest,
    sheet: ScoreSheet,
    form: SheetForm,
    return_form: ReturnSheetForm,
    autosave: Typing | None = None,
) -> HttpResponse:
    context = {
        "season": sheet.season, "unit": sheet.unit, "sheet": sheet, "content": form.content,
        "form": form, "return_form": return_form, "forms": [return_form], "autosave": autosave,
        "tag": tags.sheet_tag(sheet.state, "secretary"),
    }  # fmt: skip
    return render(request, "emulation/sheet_appraise.html", context)


@require_POST
def sheet_return(request: UserRequest, slug: str, unit: int) -> HttpResponse:
    """Give a sheet back to its unit, with the reason."""
    sheet = _to_appraise(request, slug, unit)
    return_form = ReturnSheetForm(request.POST, auto_id="return_%s")
    if return_form.is_valid():
        try:
            services.return_sheet(sheet=sheet, by=request.user, **return_form.cleaned_data)
        except ValidationError as error:
            return_form.add_error(None, error)
            sheet.refresh_from_db(fields=["version", "state"])
            return_form.rebase(sheet.version)
        else:
            messages.success(
                request, _("Đã trả lại bảng điểm cho %(unit)s.") % {"unit": sheet.unit}
            )
            return redirect("standings", slug=slug)
    form = _appraise_form(None, sheet)
    return _appraisal_page(request, sheet, form, return_form)
