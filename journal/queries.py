"""Reading the journal: the history of one thing, and the state of the chain."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import models

from journal.chain import HASHED, first_break
from journal.models import Event, Head


def history(subject: models.Model) -> models.QuerySet[Event]:
    """Return the events about `subject`, newest first."""
    return Event.objects.filter(
        subject_kind=subject._meta.label_lower, subject_id=str(subject.pk)
    ).order_by("-number")


def rows() -> Iterator[tuple[dict[str, Any], str, str]]:
    """Yield every event as (hashed values, previous hash, hash) in order of number."""
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        values = {name: getattr(event, name) for name in HASHED}
        values["at"] = event.at.astimezone(UTC)
        yield values, event.previous_hash, event.hash


def broken_at() -> str:
    """Say where the stored chain breaks, or return "" where it holds."""
    head = Head.objects.filter(pk=1).first() or Head()
    return first_break(rows(), (head.number, head.hash))
