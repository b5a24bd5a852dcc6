"""The life of a document row: asked for, claimed by one worker, finished or failed.

The row is the truth and the queue only wakes a worker up: whatever becomes of a message, the
sweep finds rows that wait or whose worker fell silent.
"""

import hashlib
import os
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clusters.models import User
from emulation.models import Season
from journal.services import record
from reports import permissions
from reports.models import Document, DocumentKind, DocumentState, document_path

# A worker shows that it lives every HEARTBEAT seconds; LEASE of silence frees its row.
HEARTBEAT = 3
LEASE = timedelta(seconds=20)
# A message that nobody took for so long is sent again; a second one does no harm.
RESEND = timedelta(seconds=15)
MAX_ATTEMPTS = 3

Enqueue = Callable[[int], None]


@transaction.atomic
def request_document(
    *,
    season: Season,
    kind: DocumentKind,
    by: User,
    key: uuid.UUID,
    enqueue: Enqueue,
    at: datetime | None = None,
) -> Document:
    """Ask for a document; the same `key` again returns the first row.

    `enqueue(pk)` is called after the commit and may fail: the row is kept, the sweep sends it
    again. Raises PermissionDenied for anyone but the cluster's secretary and leader, and for a
    key that somebody else used.
    """
    at = at or timezone.now()
    if not permissions.can_request(by, season):
        raise PermissionDenied
    locked = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    if known := Document.objects.filter(request_key=key).first():
        if (known.requested_by_id, known.season_id) != (by.pk, season.pk):
            raise PermissionDenied
        return known
    last = locked.documents.aggregate(last=Max("number"))["last"] or 0
    document = Document.objects.create(
        season=locked,
        kind=kind,
        number=last + 1,
        title=_title(locked),
        request_key=key,
        requested_by=by,
        requested_at=at,
    )
    record(verb="document.request", subject=document, by=by, at=at)
    transaction.on_commit(lambda: enqueue(document.pk), robust=True)
    return document


def _title(season: Season) -> str:
    """Return the title as printed: in Vietnamese, whatever language the reader has chosen."""
    with translation.override("vi"):
        return _("Báo cáo tổng kết phong trào thi đua “%(movement)s” năm %(year)s") % {
            "movement": season.movement,
            "year": season.year,
        }


@transaction.atomic
def retry_document(
    *, document: Document, by: User, enqueue: Enqueue, at: datetime | None = None
) -> Document:
    """Put a failed document back into the queue, with all its attempts again.

    Raises ValidationError(code="transition") where it did not fail, PermissionDenied for anyone
    but the cluster's secretary and leader.
    """
    if not permissions.can_request(by, document.season):
        raise PermissionDenied
    row = (
        Document.objects.select_for_update(of=("self",))
        .select_related("season")
        .get(pk=document.pk)
    )
    if row.state != DocumentState.FAILED:
        raise ValidationError(_("Văn bản này không cần lập lại."), code="transition")
    row.state, row.error, row.attempt = DocumentState.QUEUED, "", 0
    row.percent, row.step, row.claim = 0, "", None
    row.sent_at = row.finished_at = None
    row.save()
    record(verb="document.retry", subject=row, by=by, at=at)
    transaction.on_commit(lambda: enqueue(row.pk), robust=True)
    return row


def mark_sent(*, pk: int, at: datetime | None = None) -> None:
    """Note that the queue took the message; no act of a person, so no journal entry."""
    Document.objects.filter(pk=pk, state=DocumentState.QUEUED).update(sent_at=at or timezone.now())


def _silent(at: datetime) -> Q:
    """Match rows whose worker has shown no sign of life for LEASE."""
    return Q(state=DocumentState.RUNNING, heartbeat_at__lt=at - LEASE)


def claim(*, pk: int, at: datetime | None = None) -> uuid.UUID | None:
    """Take the row for one worker, or return None where another has it or it is done.

    One conditional update decides; a row is free while queued or after LEASE of silence.
    """
    at = at or timezone.now()
    token = uuid.uuid4()
    free = Q(state=DocumentState.QUEUED) | _silent(at)
    taken = Document.objects.filter(free, pk=pk, attempt__lt=MAX_ATTEMPTS).update(
        state=DocumentState.RUNNING,
        claim=token,
        attempt=F("attempt") + 1,
        heartbeat_at=at,
        percent=0,
        step="",
    )
    return token if taken else None


def _held(pk: int, token: uuid.UUID) -> QuerySet[Document]:
    """Return the row as long as the worker with this token holds it, else nothing."""
    return Document.objects.filter(pk=pk, claim=token, state=DocumentState.RUNNING)


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
    return bool(_held(pk, token).update(**values))


def finish(
    *, pk: int, token: uuid.UUID, pdf: bytes, pages: int, at: datetime | None = None
) -> bool:
    """Store the file and make the row READY, for ever; False where the claim was lost.

    The row names the file before it is written, so that whatever a killed worker left behind is
    found and removed by the next one.
    """
    at = at or timezone.now()
    document = _held(pk, token).select_related("season").first()
    if document is None:
        return False
    storage, abandoned = document.file.storage, document.file.name
    name = document_path(document, "")
    if not _held(pk, token).update(file=name):
        return False
    if abandoned:
        storage.delete(abandoned)
    made = {"file": name, "pages": pages, "size": len(pdf)}
    made |= {"sha256": hashlib.sha256(pdf).hexdigest(), "finished_at": at, "heartbeat_at": at}
    try:
        _write(storage, name, pdf)
        won = _make_ready(document, token, made)
    except BaseException:
        storage.delete(name)
        raise
    if not won:
        storage.delete(name)
    return won


def _write(storage: Storage, name: str, pdf: bytes) -> None:
    """Store the bytes and wait until the disk has them: READY outlives a power cut."""
    storage.save(name, ContentFile(pdf))
    with storage.open(name) as stored:
        os.fsync(stored.fileno())


@transaction.atomic
def _make_ready(document: Document, token: uuid.UUID, made: dict[str, Any]) -> bool:
    """Turn the row READY if it is still held, with its entry in the journal."""
    won = _held(document.pk, token).update(
        state=DocumentState.READY, percent=100, step="", error="", **made
    )
    if won:
        record(
            verb="document.ready",
            subject=document,
            by=None,
            at=made["finished_at"],
            changes={"sha256": [None, made["sha256"]]},
        )
    return bool(won)


def fail(*, pk: int, token: uuid.UUID, error: str, at: datetime | None = None) -> bool:
    """Say why a document could not be made; False where the claim was lost."""
    return _fail(_held(pk, token), pk, error, at or timezone.now())


@transaction.atomic
def _fail(rows: QuerySet[Document], pk: int, error: str, at: datetime) -> bool:
    """Turn the row FAILED if it is still among `rows`, with its entry in the journal."""
    done = rows.update(state=DocumentState.FAILED, error=error, finished_at=at, step="")
    if done:
        document = Document.objects.select_related("season").get(pk=pk)
        record(verb="document.fail", subject=document, by=None, reason=error, at=at)
    return bool(done)


def give_up(*, at: datetime | None = None) -> int:
    """Fail the documents whose last attempt fell silent; return how many."""
    at = at or timezone.now()
    spent = Document.objects.filter(_silent(at), attempt__gte=MAX_ATTEMPTS)
    error = _("Lập văn bản bị ngắt %(times)s lần. Bấm “Lập lại” khi máy chủ đã ổn định.")
    return sum(
        _fail(spent.filter(pk=pk), pk, error % {"times": MAX_ATTEMPTS}, at)
        for pk in list(spent.values_list("pk", flat=True))
    )


def left_behind(*, at: datetime | None = None) -> list[int]:
    """Return the documents to send to the queue again, oldest first.

    Those that the queue never took, those that nobody took from it for RESEND, and those whose
    worker fell silent with an attempt left.
    """
    at = at or timezone.now()
    unsent = Q(state=DocumentState.QUEUED) & (Q(sent_at=None) | Q(sent_at__lt=at - RESEND))
    rows = Document.objects.filter(_silent(at) | unsent, attempt__lt=MAX_ATTEMPTS)
    return list(rows.order_by("requested_at", "pk").values_list("pk", flat=True))
