"""Achievements from a file: the template, the upload, what was found, and the confirmation."""

import logging
import uuid
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HTMX_STOP_POLLING, reselect, reswap, retarget

from clusters.models import Unit
from emulation import permissions, windows
from emulation.forms.importing import RowForms, UploadForm, sample_row
from emulation.importing.excel_template import excel_template
from emulation.importing.preview import line_of
from emulation.importing.table import row_of
from emulation.importing.word_template import word_template
from emulation.models import Import, Season
from emulation.services import importing as services
from emulation.tags import import_tag
from emulation.tasks import enqueue
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from journal.queries import history

logger = logging.getLogger(__name__)
PER_PAGE = 50
_OFFICE = "application/vnd.openxmlformats-officedocument."
TEMPLATES = {
    "xlsx": (excel_template, _OFFICE + "spreadsheetml.sheet"),
    "docx": (word_template, _OFFICE + "wordprocessingml.document"),
}


def _own_unit(request: UserRequest, season: Season) -> Unit:
    request.menu_place = "achievement_list"
    unit = permissions.own_unit(request.user, season)
    if unit is None:
        raise PermissionDenied
    return unit


def _imports(request: UserRequest, season: Season) -> QuerySet[Import]:
    rows = Import.objects.visible_to(request.user).filter(season=season)
    return rows.select_related("unit", "by", "confirmed_by")


def _get(request: UserRequest, slug: str, pk: int) -> Import:
    """Return the import of the address or raise Http404."""
    season = get_season(request, slug)
    request.menu_place = "achievement_list"
    row = get_object_or_404(_imports(request, season), pk=pk)
    row.season = season
    return row


def import_list(request: UserRequest, slug: str) -> HttpResponse:
    """Take a file of achievements, offer the templates, list what came before."""
    season = get_season(request, slug)
    unit, at = _own_unit(request, season), timezone.now()
    closed = "" if permissions.can_enter(request.user, season, unit, at) else _closed(season, at)
    if request.method == "POST" and not closed:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid() and (row := _upload(request, season, unit, form)):
            return redirect("import_detail", slug, row.pk)
    else:
        form = UploadForm(initial={"key": uuid.uuid4()})
    former = _imports(request, season).defer("entries", "problems")
    page = Paginator(former, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "season": season,
        "form": form,
        "closed": closed,
        "page_obj": page,
        "rows": [(row, import_tag(row.state)) for row in page],
    }
    return render(request, "emulation/import_list.html", context)


def _closed(season: Season, at: Any) -> str:
    return windows.why_closed(season, "enter", at) or _("Kỳ này đã chốt.")


def _upload(request: UserRequest, season: Season, unit: Unit, form: UploadForm) -> Import | None:
    """Keep the file, or say at its field why it is not taken."""
    file = form.cleaned_data["file"]
    try:
        return services.upload_import(
            season=season, unit=unit, by=request.user, key=form.cleaned_data["key"],
            name=file.name or "", file=cast(BinaryIO, file), size=file.size or 0,
            enqueue=enqueue, at=timezone.now(),
        )  # fmt: skip
    except ValidationError as error:
        form.add_error("file", error)
        return None


def import_template(request: UserRequest, slug: str, kind: str) -> HttpResponse:
    """Hand out the file to be filled in, with the lists of this season and unit."""
    season = get_season(request, slug)
    if kind not in TEMPLATES:
        raise Http404
    unit = _own_unit(request, season)
    make, content_type = TEMPLATES[kind]
    # The heads and lists are read back in Vietnamese.
    with translation.override("vi"):
        choices = RowForms(season=season, unit=unit, today=timezone.localdate()).choices()
        title = f"Thành tích năm {season.year} – {unit.name} – {season.cluster}"
        content = make(title=title, choices=choices, sample=sample_row(season))
    response = HttpResponse(content, content_type=content_type)
    name = f"thanh-tich-{season.year}-{unit.code.lower()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
def import_detail(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show where an import stands: at work, what is wrong, what will be entered, what was."""
    return _detail(request, _get(request, slug, pk))


def _detail(request: UserRequest, row: Import, *, is_news: bool = False) -> HttpResponse:
    at = timezone.now()
    page = Paginator(row.entries, PER_PAGE).get_page(request.GET.get("page"))
    may_enter = permissions.can_enter(request.user, row.season, row.unit, at)
    is_own = permissions.is_of_unit(request.user, row.unit)
    context = {
        "season": row.season,
        "row": row,
        "tag": import_tag(row.state),
        "is_news": is_news,
        "percent": percent_of(row),
        "page_obj": page,
        "lines": [line_of(row_of(kept)) for kept in page],
        "may_confirm": row.state == "checked" and may_enter,
        "may_dismiss": row.state in ("checked", "refused") and is_own and not row.season.is_closed,
        "closed": _closed(row.season, at) if row.state == "checked" and not may_enter else "",
        "made": list(row.achievements.order_by("number").only("number", "season")[:1]),
        "events": list(history(row)),
    }
    return render(request, "emulation/import_detail.html", context)


def percent_of(row: Import) -> int:
    """Return how far the work has come."""
    return 100 * row.done // row.rows if row.rows else 0


@never_cache
def import_progress(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Answer the page that watches; with the whole page once there is nothing to wait for."""
    row = _get(request, slug, pk)
    if not row.is_at_work:
        # The form that changes the language comes back to the address in this request.
        request.path = reverse("import_detail", args=[slug, pk])
        request.META["QUERY_STRING"] = ""
        page = _detail(request, row, is_news=True)
        page.status_code = HTMX_STOP_POLLING
        return reselect(reswap(retarget(page, "#noidung"), "outerHTML"), "#noidung")
    context = {"season": row.season, "row": row, "percent": percent_of(row)}
    return render(request, "emulation/_import_progress.html", context)


def import_download(request: UserRequest, slug: str, pk: int) -> FileResponse:
    """Hand out the file as it was uploaded, to be saved, never to be opened inside the site."""
    row = _get(request, slug, pk)
    if not row.file:
        raise Http404
    try:
        content = row.file.open("rb")
    except OSError as error:
        logger.exception("Import %s has no file", row.pk)
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=row.name, content_type=row.content_type
    )
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def import_confirm(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Have the rows written; a second click lands on the same page."""
    row = _get(request, slug, pk)
    try:
        services.confirm_import(row=row, by=request.user, enqueue=enqueue, at=timezone.now())
    except ValidationError as error:
        messages.info(request, error.messages[0])
    return redirect("import_detail", slug, pk)


@require_POST
def import_dismiss(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Put the file aside."""
    row = _get(request, slug, pk)
    try:
        services.dismiss_import(row=row, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.info(request, error.messages[0])
        return redirect("import_detail", slug, pk)
    messages.success(
        request, _("Đã bỏ tệp %(name)s. Không dòng nào được nhập.") % {"name": row.name}
    )
    return redirect("import_list", slug)
