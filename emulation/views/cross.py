"""Cross-scoring: who scores whom, and the sheet that one unit gives another."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from clusters.models import User
from emulation import cross as crosses
from emulation import permissions, sheets, tags
from emulation.forms.cross import AssignForm, CrossForm, given
from emulation.forms.recusal import AbstainForm
from emulation.forms.scoring import CellForm
from emulation.models import CrossSheet, Score, Season
from emulation.services import cross as services
from emulation.services.cells import Entry
from emulation.sheets import Line
from emulation.views.autosave import clock, typing
from emulation.views.cells import closed, invalid, stale, told
from emulation.views.request import UserRequest
from emulation.views.season import get_season


def cross_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show a unit what it scores; the cluster's roles who scores whom, and assign."""
    season = get_season(request, slug)
    request.menu_place = "standings"
    may_run = permissions.can_run(request.user, season) and season.scheme is not None
    may_assign = may_run and not permissions.is_published(season)
    form = AssignForm(_one(request), season=season)
    if request.method == "POST":
        if not may_assign:
            raise PermissionDenied
        if _assign(request, season, form):
            return redirect("cross_list", slug=slug)
    context: dict[str, Any] = {
        "season": season, "form": form, "may_assign": may_assign,
        "sees_all": permissions.can_see_pulse_of_all(request.user, season),
    }  # fmt: skip
    if context["sees_all"]:
        context["units"] = crosses.assignments(season)
    if may_assign:
        context["proposals"] = crosses.proposals(season)
    unit = permissions.own_unit(request.user, season)
    if unit is not None:
        rows = crosses.of_scorer(season, unit)
        context["mine"] = [
            (row, tags.cross_tag(row.state, "unit"), crosses.is_ready(row)) for row in rows
        ]
    return render(request, "emulation/cross_list.html", context)


def _one(request: UserRequest) -> Any:
    return request.POST if request.POST.get("action") == "assign" else None


def _assign(request: UserRequest, season: Season, form: AssignForm) -> bool:
    """Assign what was asked for: one pair, or all that is proposed."""
    if request.POST.get("action") == "proposed":
        pairs = crosses.proposals(season)
    elif form.is_bound and form.is_valid():
        pairs = [(form.cleaned_data["scored"], form.cleaned_data["scorer"])]
    else:
        return False
    made = services.assign(season=season, by=request.user, pairs=pairs)
    messages.success(request, _("Đã phân công %(n)s lượt chấm chéo.") % {"n": len(made)})
    return True


def _found(request: HttpRequest, slug: str, pk: int) -> CrossSheet:
    season = get_season(request, slug)
    assert isinstance(request.user, User)
    rows = CrossSheet.objects.visible_to(request.user).filter(sheet__season=season)
    rows = rows.select_related(
        "sheet__season__cluster", "sheet__season__scheme", "sheet__unit", "scorer", "scored"
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk if pk < 2**63 else 0)


@require_POST
def cross_unassign(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Take an assignment back."""
    row = _found(request, slug, pk)
    try:
        services.unassign(cross=row, by=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, _("Đã thôi phân công."))
    return redirect("cross_list", slug=slug)


def _to_score(request: UserRequest, slug: str, pk: int) -> CrossSheet:
    row = _found(request, slug, pk)
    request.menu_place = "standings"
    may = permissions.can_cross_score(request.user, row, timezone.now())
    if not may or not crosses.is_ready(row):
        raise PermissionDenied
    return row


def cross_score(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Let the scoring unit fill its sheet, send it once, or go on to the next unit."""
    row = _to_score(request, slug, pk)
    send = request.POST.get("action") == "send"
    season = row.sheet.season
    autosave = typing(request, season)
    form = CrossForm(autosave.data, sheet=row, content=_content(row), is_final=send)
    if request.method == "POST" and form.is_valid() and _keep(request, row, form, send):
        autosave.saved()
        return _after(request, row)
    context = {
        "season": season, "unit": row.scored, "cross": row, "sheet": row.sheet, "form": form,
        "autosave": autosave, "content": form.content, "abstain_form": AbstainForm(),
    }  # fmt: skip
    return render(request, "emulation/cross_score.html", context)


def _content(row: CrossSheet) -> sheets.Sheet:
    return sheets.read(row.sheet, with_proofs=True)


def _keep(request: UserRequest, row: CrossSheet, form: CrossForm, send: bool) -> bool:
    try:
        services.keep_cross(
            cross=row, by=request.user, version=form.cleaned_data["version"], lines=form.scores(),
            send=send,
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error)
        fresh = CrossSheet.objects.filter(pk=row.pk).first()
        if error.code == "stale" and fresh:
            form.given = given(fresh)
            form.show_stored(_content(row), fresh.version)
        return False
    text = _("Đã gửi điểm chấm chéo %(unit)s.") if send else _("Đã lưu điểm chấm chéo %(unit)s.")
    messages.success(request, text % {"unit": row.scored})
    return True


def _after(request: UserRequest, row: CrossSheet) -> HttpResponse:
    """Go on to the next unit that this one has to score, where that was asked."""
    season, at = row.sheet.season, timezone.now()
    if request.POST.get("action") == "save":
        return redirect("cross_score", slug=season.slug, pk=row.pk)
    rows = crosses.of_scorer(season, row.scorer)
    place = next((turn for turn, one in enumerate(rows) if one.pk == row.pk), 0)
    for one in rows[place + 1 :] + rows[:place]:
        one.sheet.season = season
        one.scorer = row.scorer
        if crosses.is_ready(one) and permissions.can_cross_score(request.user, one, at):
            return redirect("cross_score", slug=season.slug, pk=one.pk)
    messages.info(request, _("Không còn đơn vị nào chờ chấm chéo."))
    return redirect("cross_list", slug=season.slug)


@require_POST
def cross_abstain(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Say that the unit does not score this one, and why."""
    row = _to_score(request, slug, pk)
    form = AbstainForm(request.POST)
    if not form.is_valid():
        season = row.sheet.season
        context = {"season": season, "unit": row.scored, "cross": row, "form": form}
        return render(request, "emulation/cross_abstain.html", context)
    services.abstain(cross=row, by=request.user, **form.cleaned_data)
    messages.success(request, _("Đã ghi không chấm %(unit)s.") % {"unit": row.scored})
    return redirect("cross_list", slug=slug)


@never_cache
@login_not_required
@require_POST
def cross_cell_save(request: HttpRequest, slug: str, pk: int) -> JsonResponse:
    """Save one line of a cross sheet as it is typed."""
    if not isinstance(request.user, User):
        return JsonResponse({"error": "login"}, status=401)
    row = _found(request, slug, pk)
    key = request.POST.get("criterion", "")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return JsonResponse({"error": "broken"}, status=400)
    line = row.sheet.scores.select_related("criterion").filter(criterion=int(key)).first()
    if line is None:
        raise Http404
    kept = given(row).get(line.criterion_id, Entry())
    form = CellForm(request.POST, line=Line(line, None), kept=kept, lane="cross")
    if not form.is_valid():
        return invalid(form)
    return _write(row, line, form, request.user)


def _write(row: CrossSheet, line: Score, form: CellForm, by: User) -> JsonResponse:
    entry = form.entry()
    try:
        saved = services.write_cross_cell(
            cross=row, criterion=line.criterion, score=entry.score, note=entry.note,
            was=form.cleaned_data["was"], by=by,
        )  # fmt: skip
    except PermissionDenied:
        return JsonResponse({"error": "closed", "text": closed()}, status=403)
    except ValidationError as error:
        if error.code == "stale":
            return stale(line, given(row).get(line.criterion_id, Entry()))
        return JsonResponse({"error": error.code, "text": error.messages[0]}, status=422)
    return JsonResponse(
        {
            "time": clock(timezone.now()), "version": saved.version, "points": told(entry.score),
            "was": services.token(entry.score, entry.note),
        }
    )  # fmt: skip
