"""The life of an import: a file is kept, checked by a worker, confirmed, and written whole.

The row is the truth and the queue only wakes a worker up, as with documents: a worker claims the
row by a conditional update, shows that it lives, and finds nothing to do where another was first.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions, uploads
from emulation.importing.reading import FORMATS
from emulation.importing.table import FILE, Problem
from emulation.models import Achievement, Import, ImportState, Season, State
from emulation.models.importing import AT_WORK, IMPORT_TRANSITIONS
from emulation.models.particulars import PARTICULARS
from emulation.services.achievement import index
from emulation.services.unclassified import check_unclassified
from journal.services import record

# A worker shows that it lives every few seconds; LEASE of silence frees its row.
LEASE = timedelta(seconds=20)
# A message that nobody took for so long is sent again; a second one does no harm.
RESEND = timedelta(seconds=15)
MAX_ATTEMPTS = 3

Enqueue = Callable[[int], None]
# A title as it is compared, the day, the category: what makes two entries the same.
Key = tuple[str, date | None, str]


class Claim(NamedTuple):
    """What a worker holds: the row, what is to be done, and the number of the attempt."""

    pk: int
    state: ImportState
    attempt: int


@dataclass(frozen=True)
class Entry:
    """One row that passed the forms, with the address of its title."""

    address: str
    values: dict[str, Any]
    particulars: dict[str, Any]

    @property
    def key(self) -> Key:
        """Return what makes another entry the same."""
        return key_of(self.values["title"], self.values["started_on"], self.values["category"])


def key_of(title: str, day: date | None, category: str) -> Key:
    """Return the key of an entry; case and spaces of the title do not count."""
    return " ".join(title.casefold().split()), day, category


def known_keys(season: Season, unit: Unit) -> dict[Key, str]:
    """Return the code of every achievement of the unit that was not withdrawn, by its key."""
    rows = Achievement.objects.filter(season=season, unit=unit).exclude(state=State.WITHDRAWN)
    found = rows.only("title", "started_on", "category", "number", "season")
    for row in found:
        row.season = season
    return {key_of(row.title, row.started_on, row.category): row.code for row in found}


def upload_import(
    *,
    season: Season,
    unit: Unit,
    by: User,
    key: uuid.UUID,
    name: str,
    file: BinaryIO,
    size: int,
    enqueue: Enqueue,
    at: datetime | None = None,
) -> Import:
    """Keep a file as it came and have it checked; the same `key` again returns the first row.

    Raises ValidationError with the reason where the file is refused, PermissionDenied where `by`
    may not enter for `unit` at that moment.
    """
    at = at or timezone.now()
    if not permissions.can_enter(by, season, unit, at):
        raise PermissionDenied
    clean = uploads.clean_name(name)
    try:
        accepted = uploads.check(clean, file, size)
    except uploads.Refused as refused:
        raise ValidationError(f"{clean}: {refused.message}", code=refused.code) from refused
    if accepted.extension not in FORMATS:
        wanted = _("%(name)s: chọn tệp Excel (.xlsx) hoặc Word (.docx)")
        raise ValidationError(wanted, code="extension", params={"name": clean})
    content = file.read()
    row = Import(
        season=season, unit=unit, key=key, name=clean, content_type=accepted.content_type,
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), by=by, at=at,
    )  # fmt: skip
    row.file.save(clean, ContentFile(content), save=False)
    try:
        kept = _keep(row, enqueue)
    except BaseException:
        row.file.delete(save=False)
        raise
    if kept.pk != row.pk:
        row.file.delete(save=False)
    return kept


@transaction.atomic
def _keep(row: Import, enqueue: Enqueue) -> Import:
    season = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=row.season_id)
    if known := Import.objects.filter(key=row.key).first():
        if (known.by_id, known.unit_id, known.season_id) != (row.by_id, row.unit_id, season.pk):
            raise PermissionDenied
        return known
    if not permissions.can_enter(row.by, season, row.unit, row.at):
        raise PermissionDenied
    row.save()
    changes = {"name": [None, row.name], "sha256": [None, row.sha256]}
    record(verb="import.upload", subject=row, by=row.by, at=row.at, changes=changes)
    transaction.on_commit(lambda: enqueue(row.pk), robust=True)
    return row


def locked(row: Import) -> Import:
    """Return the row with its season and unit, locked for the caller's transaction."""
    return (
        Import.objects.select_for_update(of=("self",))
        .select_related("season", "unit")
        .get(pk=row.pk)
    )


def _check_move(row: Import, to: ImportState) -> None:
    if to not in IMPORT_TRANSITIONS[ImportState(row.state)]:
        text = _("Tệp đang ở trạng thái “%(state)s”, không chuyển được sang “%(to)s”.")
        names = {"state": row.get_state_display(), "to": to.label}
        raise ValidationError(text, code="transition", params=names)


@transaction.atomic
def confirm_import(
    *, row: Import, by: User, enqueue: Enqueue, at: datetime | None = None
) -> Import:
    """Have a checked file written; a second click finds that it is under way.

    Raises ValidationError(code="transition") where it was not checked or was dismissed,
    PermissionDenied where `by` may not enter for the unit at that moment.
    """
    at = at or timezone.now()
    row = locked(row)
    if not permissions.can_enter(by, row.season, row.unit, at):
        raise PermissionDenied
    if row.state in (ImportState.WRITING, ImportState.DONE):
        return row
    _check_move(row, ImportState.WRITING)
    row.state, row.attempt, row.done = ImportState.WRITING, 0, 0
    row.claimed_at = row.sent_at = None
    row.confirmed_by, row.confirmed_at = by, at
    row.save()
    record(verb="import.confirm", subject=row, by=by, at=at, changes={"rows": [None, row.rows]})
    transaction.on_commit(lambda: enqueue(row.pk), robust=True)
    return row


@transaction.atomic
def dismiss_import(*, row: Import, by: User, at: datetime | None = None) -> Import:
    """Put a file aside that is not to be entered; what was uploaded is kept.

    Raises ValidationError(code="transition") where it is being written or was, PermissionDenied
    for anyone but the unit in an open season.
    """
    row = locked(row)
    if not permissions.can_report(by, row.season, row.unit):
        raise PermissionDenied
    if row.state == ImportState.DISMISSED:
        return row
    _check_move(row, ImportState.DISMISSED)
    before, row.state = row.state, ImportState.DISMISSED
    row.save(update_fields=["state"])
    changes = {"state": [before, row.state]}
    record(verb="import.dismiss", subject=row, by=by, at=at, changes=changes)
    return row


# What workers do


def mark_sent(*, pk: int, at: datetime | None = None) -> None:
    """Note that the queue took the message; no act of a person, so no journal entry."""
    Import.objects.filter(pk=pk, state__in=AT_WORK).update(sent_at=at or timezone.now())


def _free(at: datetime) -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE)


def claim(*, pk: int, at: datetime | None = None) -> Claim | None:
    """Take the row for one worker, or return None where another has it or there is no work."""
    at = at or timezone.now()
    rows = Import.objects.filter(pk=pk, state__in=AT_WORK, attempt__lt=MAX_ATTEMPTS)
    seen = rows.filter(season__closed_at=None).values_list("state", "attempt").first()
    if seen is None:
        return None
    state, attempt = seen
    # Whoever counts the attempt up has the row: of two workers one finds another number.
    taken = rows.filter(_free(at), state=state, attempt=attempt).update(
        attempt=attempt + 1, claimed_at=at, done=0
    )
    return Claim(pk, ImportState(state), attempt + 1) if taken else None


def _held(held: Claim) -> models.QuerySet[Import]:
    return Import.objects.filter(pk=held.pk, state=held.state, attempt=held.attempt)


def beat(
    *, held: Claim, rows: int | None = None, done: int | None = None, at: datetime | None = None
) -> bool:
    """Show that the worker lives, with its progress; False once the row is no longer its own."""
    values: dict[str, Any] = {"claimed_at": at or timezone.now()}
    values |= {} if rows is None else {"rows": rows}
    values |= {} if done is None else {"done": done}
    return bool(_held(held).update(**values))


@transaction.atomic
def check_import(
    *,
    held: Claim,
    entries: list[dict[str, Any]],
    problems: Iterable[Problem],
    is_secret: bool = False,
    at: datetime | None = None,
) -> bool:
    """Keep what the check found: rows to be confirmed, or what is wrong and no row at all.

    Also says what stood in the way of writing. A file with a secrecy mark in it is not kept: its
    name and fingerprint alone are. Returns False where the claim was lost.
    """
    row = _held(held).select_for_update(of=("self",)).select_related("season").first()
    if row is None:
        return False
    found = [list(problem) for problem in problems]
    before = row.state
    row.state = ImportState.REFUSED if found else ImportState.CHECKED
    row.problems, row.entries = found, [] if found else entries
    row.rows = row.done = len(entries)
    row.claimed_at = None
    if is_secret and row.file:
        storage, path = row.file.storage, str(row.file.name)
        transaction.on_commit(lambda: storage.delete(path), robust=True)
        row.file = ""
    row.save()
    changes = {"state": [before, row.state], "problems": [None, len(found)]}
    record(verb="import.check", subject=row, by=None, at=at, changes=changes)
    return True


@transaction.atomic
def write_import(*, held: Claim, entries: list[Entry], at: datetime | None = None) -> list[Problem]:
    """Write all rows of a confirmed file as drafts, with consecutive numbers, or none.

    Returns what stands in the way: entries that are there by now. Raises PermissionDenied where
    whoever confirmed might not enter at that moment. Does nothing where the claim was lost.
    """
    at = at or timezone.now()
    pk = Import.objects.values_list("season", flat=True).get(pk=held.pk)
    season = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    row = _held(held).select_for_update(of=("self",)).select_related("unit", "confirmed_by").first()
    if row is None:
        return []
    assert row.confirmed_by is not None
    assert row.confirmed_at is not None
    if not permissions.can_enter(row.confirmed_by, season, row.unit, row.confirmed_at):
        raise PermissionDenied
    known = known_keys(season, row.unit)
    if found := [(e.address, same_entry(known[e.key])) for e in entries if e.key in known]:
        return found
    for entry in entries:
        check_unclassified({**entry.values, **entry.particulars})
    made = _create(row, season, entries)
    row.state, row.rows, row.done = ImportState.DONE, len(made), len(made)
    row.claimed_at = None
    row.save()
    changes = {"achievements": [None, f"{made[0].code} – {made[-1].code}"], "rows": [0, len(made)]}
    record(verb="import.write", subject=row, by=row.confirmed_by, at=at, changes=changes)
    return []


def same_entry(code: str) -> str:
    """Say that an entry is there already, under this code."""
    return _("Đã có thành tích cùng tên, ngày, loại: %(code)s. Xóa dòng, hoặc sửa tên") % {
        "code": code
    }


def _create(row: Import, season: Season, entries: list[Entry]) -> list[Achievement]:
    first = season.next_number
    made = [
        Achievement(
            season=season, unit=row.unit, number=number, created_by=row.confirmed_by,
            imported_from=row, **entry.values,
        )
        for number, entry in enumerate(entries, first)
    ]  # fmt: skip
    for achievement in made:
        index(achievement)
    Achievement.objects.bulk_create(made)
    Season.objects.filter(pk=season.pk).update(next_number=first + len(made))
    details: dict[type[models.Model], list[models.Model]] = {}
    for achievement, entry in zip(made, entries, strict=True):
        model = PARTICULARS.get(achievement.category)
        if model is not None and entry.particulars:
            detail = model(achievement=achievement, **entry.particulars)
            details.setdefault(model, []).append(detail)
    for model, rows in details.items():
        model._default_manager.bulk_create(rows)
    return made


def give_up(*, at: datetime | None = None) -> int:
    """Refuse the files whose last attempt fell silent; return how many."""
    at = at or timezone.now()
    spent = Import.objects.filter(_free(at), state__in=AT_WORK, attempt__gte=MAX_ATTEMPTS)
    said = _("Máy chủ bị ngắt %(n)s lần khi xử lý tệp. Tải lên lại; nếu vẫn lỗi, báo quản trị")
    return sum(
        check_import(
            held=Claim(pk, ImportState(state), attempt),
            entries=[],
            problems=[(FILE, said % {"n": MAX_ATTEMPTS})],
            at=at,
        )
        for pk, state, attempt in list(
            spent.filter(season__closed_at=None).values_list("pk", "state", "attempt")
        )
    )


def left_behind(*, at: datetime | None = None) -> list[int]:
    """Return the imports to send to the queue again, oldest first.

    Those that the queue never took, those that nobody took from it for RESEND, and those whose
    worker fell silent with an attempt left. In a closed season nothing is done any more.
    """
    at = at or timezone.now()
    waiting = Q(claimed_at=None) & (Q(sent_at=None) | Q(sent_at__lt=at - RESEND))
    silent = Q(claimed_at__lt=at - LEASE)
    rows = Import.objects.filter(
        waiting | silent,
        state__in=AT_WORK,
        attempt__lt=MAX_ATTEMPTS,
        season__closed_at=None,
    )
    return list(rows.order_by("at", "pk").values_list("pk", flat=True))
