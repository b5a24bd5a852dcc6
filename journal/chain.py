"""How the hash of an event is computed and a chain of them checked. Pure: no database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

START = "0" * 64
# The fields of an event that its hash covers.
HASHED = (
    "number",
    "at",
    "actor_id",
    "actor_name",
    "verb",
    "subject_kind",
    "subject_id",
    "subject_name",
    "reason",
    "changes",
)


def canonical(event: Mapping[str, Any]) -> bytes:
    """Return the bytes of `event` that are hashed: JSON, keys sorted, times in UTC."""
    plain = {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in event.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(previous: str, event: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of the hash before and the event itself."""
    return hashlib.sha256(previous.encode() + canonical(event)).hexdigest()


def first_break(rows: Iterable[tuple[Mapping[str, Any], str, str]], head: tuple[int, str]) -> str:
    """Say where the chain breaks, or return "" where it holds.

    `rows` are (event, previous hash, hash) in the order of `event["number"]`; `head` is the number
    and hash that the last of them must have.
    """
    number, last = 0, START
    for event, previous, own in rows:
        number += 1
        if event["number"] != number:
            return f"{number}: missing, found {event['number']}"
        if previous != last:
            return f"{number}: does not follow the one before"
        if digest(previous, event) != own:
            return f"{number}: was changed"
        last = own
    if (number, last) != head:
        return f"{head[0]}: the end of the chain is missing"
    return ""
