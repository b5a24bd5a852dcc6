"""The files of an achievement: handed out, described, taken from the store, stamped, removed."""

import logging
import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from emulation import ledger, permissions, store
from emulation.forms.evidence import EvidenceDetailsForm, StoreForm
from emulation.models import Achievement, Evidence
from emulation.services import evidence as services
from emulation.views.achievement import get_achievement
from emulation.views.entry import entry_of, save
from emulation.views.request import UserRequest

logger = logging.getLogger(__name__)
PER_PAGE = 20


def evidence_download(request: UserRequest, slug: str, number: int, pk: int) -> FileResponse:
    """Hand out one file to be saved, never to be opened inside the site.

    A file for internal circulation says so in its name, which travels with it.
    """
    achievement = get_achievement(request, slug, number)
    evidence = get_object_or_404(achievement.evidence, pk=pk)
    try:
        content = evidence.file.open("rb")
    except OSError as error:
        logger.exception("Evidence %s has no file", evidence.pk)
        raise Http404 from error
    internal = "Lưu hành nội bộ - " if achievement.is_internal else ""
    response = FileResponse(
        content,
        as_attachment=True,
        filename=internal + evidence.name,
        content_type=evidence.content_type,
    )
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def evidence_remove(request: UserRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Remove a file; the button stands in the form, so what was typed there is stored as well."""
    achievement = get_achievement(request, slug, number)
    evidence = get_object_or_404(achievement.evidence, pk=pk)
    at = timezone.now()
    if not permissions.can_edit(request.user, achievement, at):
        raise PermissionDenied
    try:
        services.remove_evidence(evidence=evidence, by=request.user, at=at)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Đã xóa tệp %(name)s.") % {"name": evidence.name})
    if "version" in request.POST:
        return save(request, achievement, entry_of(request, achievement, at), at)
    return _back_to_form(achievement)


def _back_to_form(achievement: Achievement) -> HttpResponse:
    edit = reverse("achievement_edit", args=[achievement.season.slug, achievement.number])
    return redirect(f"{edit}#minh-chung")


def evidence_edit(request: UserRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Say of one file what it proves and which document it is."""
    achievement = get_achievement(request, slug, number)
    evidence = get_object_or_404(achievement.evidence, pk=pk)
    evidence.achievement = achievement
    if not ledger.files_open(request.user, achievement, timezone.now()):
        raise PermissionDenied
    form = EvidenceDetailsForm(
        request.POST if request.method == "POST" else None, evidence=evidence
    )
    stored = None
    if request.method == "POST" and form.is_valid():
        try:
            services.describe_evidence(
                evidence=evidence, by=request.user, values=form.values,
                seen=form.cleaned_data["seen"], at=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
            if error.code == "stale":
                stored = Evidence.objects.get(pk=evidence.pk)
                form.rebase(stored)
        else:
            messages.success(request, _("Đã ghi thông tin tệp %(name)s.") % {"name": evidence.name})
            return _back_to_form(achievement)
    context = {
        "season": achievement.season, "achievement": achievement, "file": evidence, "form": form,
        "stored": stored,
    }  # fmt: skip
    return render(request, "emulation/evidence_edit.html", context)


@require_POST
def evidence_stamp(request: UserRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Note that the secretary saw the paper original."""
    achievement = get_achievement(request, slug, number)
    stamp(request, achievement, str(pk))
    here = reverse("achievement_detail", args=[slug, number])
    return redirect(f"{here}#minh-chung")


def stamp(request: UserRequest, achievement: Achievement, pk: str) -> None:
    """Stamp one file of the achievement and tell how that went; Http404 for any other file."""
    evidence = get_object_or_404(achievement.evidence, pk__in=_keys([pk]))
    try:
        services.stamp_original(evidence=evidence, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("Đã ghi “đã xem bản gốc” cho tệp %(name)s.") % {"name": evidence.name}
        )


def _keys(typed: list[str]) -> list[int]:
    """Return what of it can be keys of files, at most one page of them."""
    return [int(pk) for pk in typed[:PER_PAGE] if re.fullmatch(r"[0-9]{1,18}", pk, re.ASCII)]


def evidence_store(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Pick files that the unit has uploaded before."""
    achievement = get_achievement(request, slug, number)
    if not ledger.files_open(request.user, achievement, timezone.now()):
        raise PermissionDenied
    refused: list[str] = []
    if request.method == "POST":
        refused = _reuse(request, achievement)
        if not refused:
            return _back_to_form(achievement)
    form = StoreForm(request.GET)
    rows = store.to_pick_from(request.user, achievement, form.words())
    context: dict[str, Any] = {
        "season": achievement.season,
        "achievement": achievement,
        "filter": form,
        "words": form.words(),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "refused": refused,
        "left": services.MAX_FILES - achievement.evidence.count(),
        "picked": request.POST.getlist("evidence"),
    }
    return render(request, "emulation/evidence_store.html", context)


def _reuse(request: UserRequest, achievement: Achievement) -> list[str]:
    """Take every file that was picked; return why others were not."""
    keys = _keys(request.POST.getlist("evidence"))
    if not keys:
        return [_("Chọn ít nhất một tệp.")]
    own = store.of_unit(request.user, achievement).filter(pk__in=keys)
    refused, taken = [], 0
    for source in own.order_by("pk"):
        try:
            services.reuse_evidence(
                achievement=achievement, source=source, by=request.user, at=timezone.now()
            )
            taken += 1
        except ValidationError as error:
            # A second click: the file is there, which is what was wanted.
            if error.code != "doubled":
                refused += error.messages
    if taken:
        text = ngettext("Đã lấy %(n)s tệp từ kho.", "Đã lấy %(n)s tệp từ kho.", taken)
        messages.success(request, text % {"n": taken})
    return refused
