"""Background work: make one document, and find those that were left behind."""

import logging
import os
import signal
import threading
import uuid
from typing import Any

from billiard import active_children
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_process_init, worker_ready
from django.db import Error, connection
from django.utils.translation import gettext as _

from emulation import broker
from reports import pdf, services
from reports.models import Document, DocumentKind
from reports.summary import summary_report

logger = logging.getLogger(__name__)


class ClaimLost(Exception):  # noqa: N818 - named after what happened
    """Another worker took the row: this one stops and leaves no trace."""


def enqueue(pk: int) -> None:
    """Send a document to the queue; where it is not taken, the sweep sends it again."""
    if broker.send(render_document_task, pk):
        services.mark_sent(pk=pk)


class Pulse(threading.Thread):
    """Shows every few seconds that the worker lives, also while a long layout runs."""

    def __init__(self, pk: int, token: uuid.UUID) -> None:
        super().__init__(daemon=True)
        self.pk, self.token = pk, token
        self.stopped = threading.Event()

    def run(self) -> None:
        """Beat until told to stop; a database that is away for a moment does not end it."""
        while not self.stopped.wait(services.HEARTBEAT):
            try:
                services.beat(pk=self.pk, token=self.token)
            except Error:
                logger.warning("no sign of life for document %s", self.pk, exc_info=True)
                connection.close()
        # The thread has a connection of its own, which nobody else would close.
        connection.close()

    def __enter__(self) -> "Pulse":
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stopped.set()
        self.join()


@shared_task
def render_document_task(pk: int) -> None:
    """Make the document if nobody else does; a second delivery finds nothing to do."""
    token = services.claim(pk=pk)
    if token is not None:
        with Pulse(pk, token):
            _make(pk, token)


def _make(pk: int, token: uuid.UUID) -> None:
    """Bring the claimed row to its end: READY, or FAILED with the cause and what to do."""
    try:
        made, pages = _render(pk, token)
        services.finish(pk=pk, token=token, pdf=made, pages=pages)
    except ClaimLost:
        logger.warning("document %s was taken over", pk)
    except pdf.PdfUnavailable as missing:
        error = _("Máy chủ thiếu thư viện lập PDF. Nhờ quản trị chạy: %s")
        services.fail(pk=pk, token=token, error=error % missing)
    except SoftTimeLimitExceeded:
        error = _("Quá thời gian cho phép. Lập lại khi máy chủ bớt việc.")
        services.fail(pk=pk, token=token, error=error)
    except Error:
        # The database was away: the row falls silent and is taken up again.
        logger.exception("document %s", pk)
    except Exception:
        logger.exception("document %s", pk)
        error = _("Lỗi khi lập văn bản, máy chủ đã ghi lại. Lập lại; nếu vẫn lỗi, báo quản trị.")
        services.fail(pk=pk, token=token, error=error)


def _render(pk: int, token: uuid.UUID) -> tuple[bytes, int]:
    """Return the PDF and its number of pages; raise ClaimLost once another worker has the row."""
    document = Document.objects.select_related("season__cluster", "season__scheme").get(pk=pk)

    def progress(percent: int, step: str) -> None:
        if not services.beat(pk=pk, token=token, percent=percent, step=step):
            raise ClaimLost

    progress(1, _("Tổng hợp số liệu"))
    report = summary_report(
        document.season,
        created=document.requested_at,
        with_fairness=document.kind == DocumentKind.FAIR_REPORT,
    )
    return pdf.make(report, progress=progress)


@shared_task
def sweep_documents_task() -> None:
    """Send documents again whose message was lost or whose worker was killed."""
    services.give_up()
    for pk in services.left_behind():
        enqueue(pk)


@worker_ready.connect
def sweep_at_start(**kwargs: Any) -> None:
    """A worker that comes back looks at once for what was left behind."""
    sweep_documents_task.apply_async(retry=False)


@worker_ready.connect
def leave_with_a_killed_child(sender: Any, **kwargs: Any) -> None:
    """End the worker when somebody kills one of its children, so that it is started anew.

    On the folder broker the children take turns at one pipe: the one that waits holds its lock,
    and killed, it holds it for ever. Over Redis each has a pipe of its own and is replaced.
    """
    pool = sender.pool._pool if sender.app.conf.broker_url.startswith("filesystem") else None
    if pool is not None:
        pool.on_process_down = _leave


def _leave(child: Any) -> None:
    """Go at once, and take the other children along: an orderly end would wait for the lock."""
    if child.exitcode != -signal.SIGKILL or getattr(child, "_controlled_termination", False):
        return
    logger.error("a child of the worker was killed; the worker ends and is started again")
    for other in active_children():
        os.kill(other.pid, signal.SIGKILL)
    os._exit(1)


@worker_process_init.connect
def warm_up(**kwargs: Any) -> None:
    """Load the layout engine before the first document asks for it."""
    try:
        pdf.warm_up()
    except pdf.PdfUnavailable as missing:
        logger.error("no PDF can be made here: %s", missing)
