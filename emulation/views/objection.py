"""Objections to published scores: those of the cluster, a new one, its answer, its files."""

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation import permissions
from emulation.forms.objection import AnswerForm, ObjectionForm
from emulation.models import Objection, ObjectionFile, ObjectionState, Score, Season
from emulation.services import objection as services
from emulation.views.request import UserRequest
from emulation.views.season import get_season

logger = logging.getLogger(__name__)


def objection_list(request: UserRequest, slug: str) -> HttpResponse:
    """Show the own objections, and those of the cluster that are answered."""
    season = get_season(request, slug)
    unit = permissions.own_unit(request.user, season)
    rows = (
        Objection.objects.visible_to(request.user)
        .filter(season=season)
        .select_related("score__criterion", "score__sheet__unit", "standing", "answered_by")
        .prefetch_related("files")
        .distinct()
    )
    at = timezone.now()
    context = {
        "season": season,
        "rows": [
            (row, row.state == ObjectionState.OPEN and _may_answer(request, season, row))
            for row in rows
        ],
        "may_object": unit and permissions.can_object(request.user, season, unit, at),
    }
    return render(request, "emulation/objection_list.html", context)


def _may_answer(request: UserRequest, season: Season, row: Objection) -> bool:
    allowed = permissions.can_answer_objection(request.user, season, row.score.sheet.unit)
    return allowed and row.by_id != request.user.pk


def objection_new(request: UserRequest, slug: str) -> HttpResponse:
    """Object to one line of the own sheet."""
    season = get_season(request, slug)
    unit = permissions.own_unit(request.user, season)
    at = timezone.now()
    if unit is None or not permissions.can_object(request.user, season, unit, at):
        raise PermissionDenied
    lines = list(Score.objects.filter(sheet__season=season, sheet__unit=unit, objection=None))
    posted: tuple[Any, ...] = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ObjectionForm(*posted, lines=lines)
    if posted and form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        try:
            services.object_to(
                score=given["score"], by=request.user, text=given["text"], wanted=given["wanted"],
                files=[(file.name, file, file.size)] if file else [], at=at,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("Đã gửi kiến nghị. Trả lời công khai trong cụm."))
            return redirect("objection_list", slug)
    return render(request, "emulation/objection_new.html", {"season": season, "form": form})


def _get(request: UserRequest, season: Season, pk: int) -> Objection:
    rows = Objection.objects.visible_to(request.user).filter(season=season).distinct()
    return get_object_or_404(
        rows.select_related("score__criterion", "score__sheet__unit").prefetch_related("files"),
        pk=pk,
    )


def objection_answer(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Answer an objection of another unit."""
    season = get_season(request, slug)
    row = _get(request, season, pk)
    if not _may_answer(request, season, row):
        raise PermissionDenied
    if row.state != ObjectionState.OPEN:
        messages.info(request, _("Kiến nghị này đã được trả lời."))
        return redirect("objection_list", slug)
    form = AnswerForm(request.POST if request.method == "POST" else None, objection=row)
    if request.method == "POST" and form.is_valid():
        accepted = form.cleaned_data["decision"] == ObjectionState.ACCEPTED
        try:
            services.answer_objection(
                objection=row, by=request.user, is_accepted=accepted, at=timezone.now(),
                answer=form.cleaned_data["answer"], value=form.cleaned_data["value"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            told = _("Đã trả lời; điểm mới có hiệu lực khi công bố lại xếp hạng.")
            messages.success(request, told if accepted else _("Đã trả lời kiến nghị."))
            return redirect("objection_list", slug)
    context = {"season": season, "objection": row, "form": form}
    return render(request, "emulation/objection_answer.html", context)


def objection_download(request: UserRequest, slug: str, pk: int, file: int) -> FileResponse:
    """Hand out a file of an objection that the reader may see, never to be opened in the site."""
    season = get_season(request, slug)
    row = get_object_or_404(ObjectionFile, objection=_get(request, season, pk), pk=file)
    try:
        content = row.file.open("rb")
    except OSError as error:
        logger.exception("Objection file %s has no file", row.pk)
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=row.name, content_type=row.content_type
    )
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
