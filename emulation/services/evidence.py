"""Writes to the ledger of evidence: attach, describe, reuse, stamp and remove."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import User
from clusters.vietnamese import search_key
from emulation import permissions, returns, store, uploads
from emulation.document_number import document_key
from emulation.models import Achievement, Evidence
from emulation.services.achievement import locked
from emulation.services.unclassified import check_unclassified
from journal.services import changed, record

MAX_FILES = 20
# What the unit tells of a file: which claim it proves, and where it comes from.
LEDGER = ("claim", "page", "issuer", "document_number", "issued_on")


def attach_evidence(
    *,
    achievement: Achievement,
    by: User,
    name: str,
    file: BinaryIO,
    size: int,
    details: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Evidence:
    """Check a file by opening it and keep it under a random name; `details` are of LEDGER.

    The check and the copy run before the transaction, which stays short. Raises ValidationError
    with the reason where the file is refused, is there already, where the achievement has
    MAX_FILES or its files are not open after a return; PermissionDenied where it may not be
    changed.
    """
    at = at or timezone.now()
    _check_open(achievement, by, at)
    check_unclassified(details or {})
    clean, content_type = examine(name, file, size)
    digest = _sha256(file)
    file.seek(0)
    evidence = Evidence(
        achievement=achievement,
        name=clean,
        content_type=content_type,
        size=size,
        sha256=digest,
        uploaded_by=by,
        **_ledger(details or {}),
    )
    evidence.file.save(clean, File(file), save=False)
    try:
        _keep_evidence(evidence, by, at)
    except BaseException:
        evidence.file.delete(save=False)
        raise
    return evidence


def examine(name: str, file: BinaryIO, size: int) -> tuple[str, str]:
    """Return the name under which a file is listed and its content type.

    Raises ValidationError with the reason where it is refused. The file is left at its start.
    """
    clean = uploads.clean_name(name)
    try:
        accepted = uploads.check(name, file, size)
    except uploads.Refused as refused:
        raise ValidationError(f"{clean}: {refused.message}", code=refused.code) from refused
    file.seek(0)
    return clean, accepted.content_type


def _sha256(file: BinaryIO) -> str:
    found = hashlib.sha256()
    while chunk := file.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()


def _ledger(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: details[name] for name in LEDGER if name in details}


def _check_open(achievement: Achievement, by: User, at: datetime) -> None:
    """Raise PermissionDenied unless `by` may change it, ValidationError if its files are locked."""
    if not permissions.can_edit(by, achievement, at):
        raise PermissionDenied
    returns.check_open(achievement, [returns.FILES])


def index(evidence: Evidence) -> None:
    """Set what a document and a file are found by."""
    evidence.document_key = document_key(evidence.document_number)
    words = f"{evidence.name} {evidence.issuer} {evidence.document_number}"
    evidence.search_key = search_key(words)[:400]


@transaction.atomic
def _keep_evidence(evidence: Evidence, by: User, at: datetime) -> None:
    row = locked(evidence.achievement)
    _check_open(row, by, at)
    _check_room(row, evidence)
    index(evidence)
    evidence.save()
    record(
        verb="evidence.attach",
        subject=row,
        by=by,
        at=at,
        changes={"evidence": [None, evidence.name], "sha256": [None, evidence.sha256]},
    )


def _check_room(achievement: Achievement, evidence: Evidence) -> None:
    """Raise ValidationError where the achievement is full or has this very file."""
    if achievement.evidence.filter(sha256=evidence.sha256).exists():
        raise ValidationError(
            _("%(name)s: tệp này đã có ở thành tích."),
            code="doubled",
            params={"name": evidence.name},
        )
    if achievement.evidence.count() >= MAX_FILES:
        raise ValidationError(
            _("Mỗi thành tích có tối đa %(n)s tệp. Xóa bớt tệp rồi tải lên."),
            code="too_many",
            params={"n": MAX_FILES},
        )


def _locked_evidence(evidence: Evidence) -> Evidence:
    """Return the row as it is now, locked together with all rows that share its stored file."""
    shared = Evidence.objects.select_for_update(of=("self",)).filter(
        sha256=evidence.sha256, file=str(evidence.file.name)
    )
    found = next((row for row in shared.order_by("pk") if row.pk == evidence.pk), None)
    if found is None:
        raise ValidationError(_("Tệp này vừa được xóa. Tải lại trang."), code="gone")
    return found


def ledger_state(evidence: Evidence) -> str:
    """Return a short mark of what the ledger says of a file: it tells whether that was changed."""
    values = [str(getattr(evidence, name) or "") for name in LEDGER]
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:16]


@transaction.atomic
def describe_evidence(
    *,
    evidence: Evidence,
    by: User,
    values: Mapping[str, Any],
    seen: str,
    at: datetime | None = None,
) -> Evidence:
    """Write down what a file proves and where it comes from: claim, page, issuer, number, date.

    `seen` is the `ledger_state` that was read. Raises ValidationError code="stale" where somebody
    wrote meanwhile, code="stamped" after the original was seen, code="gone" where the file was
    removed, code="secret" for a secrecy mark; PermissionDenied where it may not be changed.
    """
    at = at or timezone.now()
    row = locked(evidence.achievement)
    _check_open(row, by, at)
    found = _locked_evidence(evidence)
    found.achievement = row
    pairs = changed(found, _ledger(values))
    if not pairs:
        return found
    if found.original_seen_at:
        raise ValidationError(
            _("Thư ký đã xem bản gốc theo thông tin này. Cần sửa thì tải tệp khác lên."),
            code="stamped",
        )
    if ledger_state(found) != seen:
        raise ValidationError(
            _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
        )
    check_unclassified(_ledger(values))
    for name, value in _ledger(values).items():
        setattr(found, name, value)
    index(found)
    found.save()
    changes = {"evidence": [found.name, found.name], **pairs}
    record(verb="evidence.describe", subject=row, by=by, at=at, changes=changes)
    return found


@transaction.atomic
def reuse_evidence(
    *, achievement: Achievement, source: Evidence, by: User, at: datetime | None = None
) -> Evidence:
    """Let a file of the unit's own store prove this achievement too: a new row, no new file.

    What is known of the document comes along; that its original was seen does not. Raises
    ValidationError code="doubled", "too_many" or "gone"; PermissionDenied for a file that is not
    the unit's own, and where the achievement may not be changed.
    """
    at = at or timezone.now()
    row = locked(achievement)
    _check_open(row, by, at)
    if not store.of_unit(by, row).filter(pk=source.pk).exists():
        raise PermissionDenied
    found = _locked_evidence(source)
    _check_room(row, found)
    copied = ("name", "content_type", "size", "sha256", *LEDGER)
    made = Evidence(
        achievement=row,
        file=str(found.file.name),
        uploaded_by=by,
        **{name: getattr(found, name) for name in copied},
    )
    index(made)
    made.save()
    record(
        verb="evidence.reuse",
        subject=row,
        by=by,
        at=at,
        changes={
            "evidence": [None, made.name],
            "sha256": [None, made.sha256],
            "reused_from": [None, found.achievement.code],
        },
    )
    return made


@transaction.atomic
def stamp_original(*, evidence: Evidence, by: User, at: datetime | None = None) -> Evidence:
    """Write down that the secretary saw the paper original of a file.

    Raises ValidationError code="stamped" where somebody did before; PermissionDenied for the own
    unit and for anyone but the secretary.
    """
    at = at or timezone.now()
    row = locked(evidence.achievement)
    if not permissions.can_stamp(by, row):
        raise PermissionDenied
    found = _locked_evidence(evidence)
    if found.original_seen_at:
        raise ValidationError(_("Bản gốc của tệp này đã được xem trước đó."), code="stamped")
    found.original_seen_by, found.original_seen_at = by, at
    found.save()
    record(
        verb="evidence.stamp",
        subject=row,
        by=by,
        at=at,
        changes={"evidence": [found.name, found.name], "sha256": [found.sha256, found.sha256]},
    )
    return found


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User, at: datetime | None = None) -> None:
    """Remove a file from an achievement that is still open.

    The stored file goes after the commit, unless another row shows it as well. All rows of one
    stored file are locked, so that of two who remove at once the second one sees the first.
    """
    at = at or timezone.now()
    row = locked(evidence.achievement)
    _check_open(row, by, at)
    found = _locked_evidence(evidence)
    storage, path = found.file.storage, str(found.file.name)
    record(
        verb="evidence.remove",
        subject=row,
        by=by,
        at=at,
        changes={"evidence": [found.name, None], "sha256": [found.sha256, None]},
    )
    found.delete()
    if not Evidence.objects.filter(sha256=found.sha256, file=path).exists():
        transaction.on_commit(lambda: storage.delete(path))
