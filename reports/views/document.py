"""Documents: asked for, watched, downloaded, found again."""

import logging
import uuid
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HTMX_STOP_POLLING, reselect, reswap, retarget

from emulation.models import Season
from emulation.permissions import can_assess
from emulation.views.request import UserRequest
from emulation.views.season import get_season
from reports import services
from reports.forms import RequestForm
from reports.models import Document, DocumentKind, DocumentState
from reports.permissions import can_request
from reports.tasks import enqueue
from reports.watch import Watch, document_tag

logger = logging.getLogger(__name__)
PAGE = 50
EARLIER = 10


def _documents(request: UserRequest, season: Season) -> QuerySet[Document]:
    rows = Document.objects.visible_to(request.user).filter(season=season)
    return rows.select_related("season", "requested_by")


def _get(request: UserRequest, slug: str, number: int) -> Document:
    """Return the document of the address or raise Http404."""
    season = get_season(request, slug)
    request.menu_place = "document_list"
    return get_object_or_404(_documents(request, season), number=number)


def document_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the documents of the season, the newest first."""
    season = get_season(request, slug)
    page = Paginator(_documents(request, season), PAGE).get_page(request.GET.get("page"))
    may_request = can_request(request.user, season)
    context = {
        "season": season,
        "page_obj": page,
        "rows": [(row, document_tag(row.state, may_act=may_request)) for row in page],
        "may_request": may_request,
        "may_assess": can_assess(request.user, season),
        "request_key": uuid.uuid4(),
    }
    return render(request, "reports/document_list.html", context)


@require_POST
def document_request(request: UserRequest, slug: str) -> HttpResponse:
    """Ask for the summary report and lead to the page that shows its progress."""
    season = get_season(request, slug)
    if not can_request(request.user, season):
        raise PermissionDenied
    form = RequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Chưa gửi được yêu cầu. Bấm “Lập báo cáo tổng kết” lần nữa."))
        return redirect("document_list", slug=slug)
    document = services.request_document(
        season=season,
        kind=_kind(form),
        by=request.user,
        key=form.cleaned_data["key"],
        enqueue=enqueue,
        at=timezone.now(),
    )
    return redirect("document_detail", slug=slug, number=document.number)


def _kind(form: RequestForm) -> DocumentKind:
    is_fair = form.cleaned_data["fairness"]
    return DocumentKind.FAIR_REPORT if is_fair else DocumentKind.FINAL_REPORT


@never_cache
def document_detail(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Show where a document stands: in the making, ready or failed."""
    return _detail(request, _get(request, slug, number))


def _detail(request: UserRequest, document: Document, *, is_news: bool = False) -> HttpResponse:
    """Render the page; news (the end, for whoever watched) takes the focus."""
    may_request = can_request(request.user, document.season)
    earlier = _documents(request, document.season).filter(
        kind=document.kind, number__lt=document.number
    )
    context = {
        "season": document.season,
        "document": document,
        "is_news": is_news,
        "tag": document_tag(document.state, may_act=may_request),
        "watch": Watch(document, timezone.now()),
        "earlier": [
            (row, document_tag(row.state, may_act=may_request)) for row in earlier[:EARLIER]
        ],
        "may_request": may_request,
        "request_key": uuid.uuid4(),
    }
    return render(request, "reports/document_detail.html", context)


@never_cache
def document_progress(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Answer the page that watches; with the whole page once there is nothing to wait for.

    `buoc` is the step that the page shows: only a new one is read out.
    """
    document = _get(request, slug, number)
    if document.is_final:
        # The form that changes the language comes back to the address in this request.
        request.path = reverse("document_detail", args=[slug, number])
        request.META["QUERY_STRING"] = ""
        page = _detail(request, document, is_news=True)
        page.status_code = HTMX_STOP_POLLING
        return reselect(reswap(retarget(page, "#noidung"), "outerHTML"), "#noidung")
    watch = Watch(document, timezone.now())
    is_new = request.GET.get("buoc") != str(watch.now)
    context = {"season": document.season, "watch": watch, "is_new": is_new}
    return render(request, "reports/_document_progress.html", context)


def document_download(request: UserRequest, slug: str, number: int) -> FileResponse:
    """Send the file as it was made."""
    document = _get(request, slug, number)
    if document.state != DocumentState.READY:
        raise Http404
    try:
        file = document.file.open()
    except FileNotFoundError as error:
        logger.error("the file of document %s is gone", document.pk)
        raise Http404 from error
    response = FileResponse(file, content_type="application/pdf")
    response["Content-Length"] = str(document.size)
    response["Content-Disposition"] = disposition(document)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(document: Document) -> str:
    """Return the header that names the file: in ASCII, and in Vietnamese as RFC 5987 has it."""
    name = quote(f"{document.code} {document.title}.pdf", safe="")
    return f"attachment; filename=\"{document.code}.pdf\"; filename*=UTF-8''{name}"


@require_POST
def document_retry(request: UserRequest, slug: str, number: int) -> HttpResponse:
    """Ask again for a document that could not be made."""
    document = _get(request, slug, number)
    try:
        services.retry_document(
            document=document, by=request.user, enqueue=enqueue, at=timezone.now()
        )
    except ValidationError as error:
        messages.info(request, error.messages[0])
    return redirect("document_detail", slug=slug, number=number)
