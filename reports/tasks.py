"""Background work: make one document, and find those that were left behind."""

import logging
import threading
import uuid
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init, worker_ready
from django.db import connection
from django.utils.translation import gettext as _

from reports import pdf, services
from reports.models import Document
from reports.summary import summary_report

logger = logging.getLogger(__name__)


def enqueue(pk: int) -> None:
    """Send a document to the queue. A broker that is down is no error: the sweep sends again."""
    try:
        render_document_task.apply_async(args=[pk], retry=False)
    except Exception:  # every transport raises its own
        logger.warning("the queue did not take document %s; it will be sent again", pk)
    else:
        services.mark_sent(pk=pk)


class Pulse(threading.Thread):
    """Shows every few seconds that the worker lives, also while a long layout runs."""

    def __init__(self, pk: int, token: uuid.UUID) -> None:
        super().__init__(daemon=True)
        self.pk, self.token = pk, token
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(services.HEARTBEAT):
            services.beat(pk=self.pk, token=self.token)
        connection.close()

    def __enter__(self) -> "Pulse":
        self.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.stopped.set()
        self.join()


@shared_task
def render_document_task(pk: int) -> None:
    """Make the document if nobody else does; a second delivery finds nothing to do."""
    token = services.claim(pk=pk)
    if token is None:
        return
    try:
        with Pulse(pk, token):
            made, pages = _render(pk, token)
    except pdf.PdfUnavailable as missing:
        services.fail(pk=pk, token=token, error=str(missing))
    except Exception:
        logger.exception("document %s", pk)
        services.fail(
            pk=pk, token=token, error=_("Không lập được văn bản; đã ghi lỗi vào nhật ký máy chủ.")
        )
    else:
        services.finish(pk=pk, token=token, pdf=made, pages=pages)


def _render(pk: int, token: uuid.UUID) -> tuple[bytes, int]:
    document = Document.objects.select_related("season__cluster", "season__scheme").get(pk=pk)

    def progress(percent: int, step: str) -> None:
        services.beat(pk=pk, token=token, percent=percent, step=step)

    progress(5, _("Tổng hợp số liệu"))
    report = summary_report(document.season, created=document.requested_at)
    return pdf.make(report, progress=progress)


@shared_task
def sweep_documents_task() -> None:
    """Send documents again whose message was lost or whose worker was killed."""
    for pk in services.waiting():
        enqueue(pk)


@worker_ready.connect
def sweep_at_start(**kwargs: Any) -> None:
    """A worker that comes back looks at once for what was left behind."""
    sweep_documents_task.apply_async(retry=False)


@worker_process_init.connect
def warm_up(**kwargs: Any) -> None:
    """Load the layout engine before the first document asks for it."""
    pdf.warm_up()
