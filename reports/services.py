"""The life of a document row: asked for, claimed by one worker, finished or failed.

The row is the truth and the queue only wakes a worker up: whatever becomes of a message, the
sweep finds rows that wait or whose worker fell silent.
"""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from emulation.models import Season
from journal.services import record
from reports import permissions
from reports.models import ACTIVE, Document, DocumentKind, DocumentState

# A worker shows that it lives every HEARTBEAT seconds; LEASE seconds of silence free its row.
HEARTBEAT = 3
LEASE = timedelta(seconds=20)
RESEND = timedelta(seconds=15)
MAX_ATTEMPTS = 3


@transaction.atomic
def request_document(
    *,
    season: Season,
    kind: DocumentKind,
    by: User,
    key: uuid.UUID,
    enqueue: Callable[[int], None],
    at: datetime | None = None,
) -> Document:
    """Ask for a document; the same `key` again returns the first row.

    `enqueue(pk)` is called after the commit and may fail: the row is kept, the sweep sends it
    again. Raises PermissionDenied for anyone but the cluster's secretary and leader.
    """
    at = at or timezone.now()
    if not permissions.can_request(by, season):
        raise PermissionDenied
    locked = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    if known := Document.objects.filter(request_key=key, requested_by=by).first():
        return known
    last = locked.documents.aggregate(last=Max("number"))["last"] or 0
    document = Document.objects.create(
        season=locked,
        kind=kind,
        number=last + 1,
        title=_("Báo cáo tổng kết phong trào thi đua “%(movement)s” năm %(year)s")
        % {"movement": locked.movement, "year": locked.year},
        request_key=key,
        requested_by=by,
        requested_at=at,
    )
    record(verb="document.request", subject=document, by=by, at=at)
    transaction.on_commit(lambda: enqueue(document.pk))
    return document


@transaction.atomic
def retry_document(*, document: Document, by: User, enqueue: Callable[[int], None]) -> Document:
    """Put a failed document back into the queue, with all its attempts again.

    Raises ValidationError(code="transition") where it did not fail.
    """
    if not permissions.can_request(by, document.season):
        raise PermissionDenied
    row = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if row.state != DocumentState.FAILED:
        raise ValidationError(_("Văn bản này không cần lập lại."), code="transition")
    row.state, row.error, row.attempt = DocumentState.QUEUED, "", 0
    row.percent, row.step, row.sent_at = 0, "", None
    row.save()
    record(verb="document.retry", subject=row, by=by)
    transaction.on_commit(lambda: enqueue(row.pk))
    return row


def mark_sent(*, pk: int, at: datetime | None = None) -> None:
    """Note that the queue took the message; no act of a person, so no journal entry."""
    Document.objects.filter(pk=pk, state=DocumentState.QUEUED).update(sent_at=at or timezone.now())


def claim(*, pk: int, at: datetime | None = None) -> uuid.UUID | None:
    """Take the row for one worker, or return None where another has it or it is done.

    One conditional update decides; a row is free while queued or after LEASE of silence.
    """
    at = at or timezone.now()
    token = uuid.uuid4()
    free = Q(state=DocumentState.QUEUED) | Q(
        state=DocumentState.RUNNING, heartbeat_at__lt=at - LEASE
    )
    taken = Document.objects.filter(free, pk=pk, attempt__lt=MAX_ATTEMPTS).update(
        state=DocumentState.RUNNING,
        claim=token,
        attempt=F("attempt") + 1,
        heartbeat_at=at,
        percent=0,
        step="",
    )
    return token if taken else None


def beat(
    *,
    pk: int,
    token: uuid.UUID,
    percent: int | None = None,
    step: str = "",
    at: datetime | None = None,
) -> bool:
    """Show that the worker lives, with its progress; False once the row is no longer its own."""
    values: dict[str, object] = {"heartbeat_at": at or timezone.now()}
    if percent is not None:
        values |= {"percent": min(percent, 99), "step": step[:120]}
    return bool(
        Document.objects.filter(pk=pk, claim=token, state=DocumentState.RUNNING).update(**values)
    )


def finish(
    *, pk: int, token: uuid.UUID, pdf: bytes, pages: int, at: datetime | None = None
) -> bool:
    """Store the file and make the row READY, for ever; False where the claim was lost.

    The file is written before the transaction and removed again if the row is not won.
    """
    at = at or timezone.now()
    document = Document.objects.select_related("season").get(pk=pk)
    document.file.save("report.pdf", ContentFile(pdf), save=False)
    try:
        with transaction.atomic():
            won = Document.objects.filter(pk=pk, claim=token, state=DocumentState.RUNNING).update(
                state=DocumentState.READY,
                percent=100,
                step="",
                error="",
                finished_at=at,
                heartbeat_at=at,
                file=document.file.name,
                pages=pages,
                size=len(pdf),
                sha256=hashlib.sha256(pdf).hexdigest(),
            )
            if won:
                record(
                    verb="document.ready",
                    subject=document,
                    by=None,
                    at=at,
                    changes={"sha256": [None, hashlib.sha256(pdf).hexdigest()]},
                )
    except BaseException:
        document.file.delete(save=False)
        raise
    if not won:
        document.file.delete(save=False)
    return bool(won)


@transaction.atomic
def fail(*, pk: int, token: uuid.UUID | None, error: str, at: datetime | None = None) -> bool:
    """Say why a document could not be made; `token` None is the sweep, after the last attempt."""
    at = at or timezone.now()
    rows = Document.objects.filter(pk=pk, state__in=ACTIVE)
    if token is not None:
        rows = rows.filter(claim=token)
    done = rows.update(state=DocumentState.FAILED, error=error, finished_at=at, step="")
    if done:
        document = Document.objects.select_related("season").get(pk=pk)
        record(verb="document.fail", subject=document, by=None, reason=error, at=at)
    return bool(done)


def waiting(*, at: datetime | None = None) -> list[int]:
    """Return the documents that must be sent to the queue again, oldest first.

    Rows that were never taken by the queue or wait too long, and rows whose worker fell silent.
    Rows without an attempt left are failed here.
    """
    at = at or timezone.now()
    silent = Q(state=DocumentState.RUNNING, heartbeat_at__lt=at - LEASE)
    unsent = Q(state=DocumentState.QUEUED) & (Q(sent_at=None) | Q(sent_at__lt=at - RESEND))
    for pk in Document.objects.filter(silent, attempt__gte=MAX_ATTEMPTS).values_list(
        "pk", flat=True
    ):
        fail(pk=pk, token=None, error=_("Lập văn bản bị ngắt quá nhiều lần."), at=at)
    rows = Document.objects.filter(silent | unsent, attempt__lt=MAX_ATTEMPTS)
    return list(rows.order_by("requested_at").values_list("pk", flat=True))
