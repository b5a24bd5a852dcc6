"""The one door through which an act is written down."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone, translation

from journal.chain import digest
from journal.models import Event, Head


def plain(value: Any) -> Any:
    """Return `value` as JSON keeps it: dates and decimals as text, rows as their key."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def changed(row: models.Model, new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [before, after]} for the fields of `new` that differ from `row`."""
    pairs = {name: [plain(getattr(row, name)), plain(value)] for name, value in new.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def hold() -> None:
    """Take the journal for the caller's transaction, or raise OperationalError at once.

    For an act that holds so much else that it must not wait for whoever is writing.
    """
    Head.objects.select_for_update(nowait=True).get_or_create(pk=1)


def record(
    *,
    verb: str,
    subject: models.Model,
    by: AbstractBaseUser | None,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Append one event within the caller's transaction; `by` is None for the system itself.

    Raises TransactionManagementError outside a transaction: an act and its record stand or fall
    together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("journal.record needs a transaction")
    # A record reads the same whatever language its actor has chosen.
    with translation.override("vi"):
        subject_name = str(subject)[:300]
    head, _is_first = Head.objects.select_for_update().get_or_create(pk=1)
    values: dict[str, Any] = {
        "number": head.number + 1,
        "at": (at or timezone.now()).astimezone(UTC),
        "actor_id": by.pk if by else None,
        "actor_name": str(by) if by else "",
        "verb": verb,
        "subject_kind": subject._meta.label_lower,
        "subject_id": str(subject.pk),
        "subject_name": subject_name,
        "reason": reason,
        "changes": {key: plain(value) for key, value in (changes or {}).items()},
    }
    own = digest(head.hash, values)
    event = Event.objects.create(**values, previous_hash=head.hash, hash=own)
    Head.objects.filter(pk=1).update(number=event.number, hash=own)
    return event
