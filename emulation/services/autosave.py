"""What somebody is typing is kept outside the records: scratch paper, without a journal entry."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Appointment, Role, User
from clusters.permissions import standing
from clusters.secrecy import EXPLANATION, marked
from emulation.models import Autosave, Season

FRESH = timedelta(minutes=15)
WIPED_ROWS_STAY = timedelta(days=30)
# No database stores these two: NUL (PostgreSQL) and half a surrogate pair (UTF-8).
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

Fields = Mapping[str, Sequence[str]]


def _storable(fields: Fields) -> dict[str, list[str]]:
    """Return the fields with U+FFFD for the characters that no database takes."""
    return {
        _UNSTORABLE.sub("\ufffd", name): [_UNSTORABLE.sub("\ufffd", text) for text in texts]
        for name, texts in fields.items()
    }


@transaction.atomic
def keep(
    *,
    season: Season,
    by: User,
    key: str,
    window: str,
    version: int,
    fields: Fields,
    at: datetime | None = None,
) -> Autosave:
    """Keep what `by` has typed into the form `key`, raw, and return the row as it is now.

    `window` is one opened page and `version` counts what it sends. What comes after something
    newer of the same page changes nothing: the row then has another version. Raises
    ValidationError code="stale" where another page of the same person wrote in between,
    code="secret" where a text carries a secrecy mark; PermissionDenied in a closed season.
    """
    at = at or timezone.now()
    if season.is_closed:
        raise PermissionDenied
    for mark in marked(fields).values():
        raise ValidationError(EXPLANATION, code="secret", params={"mark": mark})
    given = {"fields": _storable(fields), "window": window, "version": version, "saved_at": at}
    row, is_new = Autosave.objects.select_for_update().get_or_create(
        user=by, key=key, defaults=given | {"season": season}
    )
    is_late = row.window == window and version <= row.version
    if is_new or is_late:
        return row
    if row.window != window and version != row.version + 1 and row.fields != given["fields"]:
        raise ValidationError(
            _("Biểu mẫu này cũng mở ở cửa sổ khác và được lưu sau."), code="stale"
        )
    for name, value in given.items():
        setattr(row, name, value)
    row.save()
    return row


@transaction.atomic
def wipe(
    *,
    season: Season,
    by: User,
    key: str,
    window: str = "",
    version: int = 0,
    at: datetime | None = None,
) -> None:
    """Empty what was kept of a form that is saved now; what is still under way comes too late.

    The empty row tells other pages who saved and when. Older empty rows of the person go.
    """
    at = at or timezone.now()
    row = Autosave.objects.select_for_update().filter(user=by, key=key).first()
    row = row or Autosave(season=season, user=by, key=key, version=0)
    row.fields, row.saved_at = {}, at
    row.window = window or row.window
    row.version = max(row.version, version)
    row.save()
    Autosave.objects.filter(user=by, fields={}, saved_at__lt=at - WIPED_ROWS_STAY).delete()


@transaction.atomic
def move(*, by: User, key: str, to: str) -> None:
    """Let what was typed under `key` belong to the form `to`, unless that has something itself."""
    mine = Autosave.objects.filter(user=by)
    found = mine.unsaved().filter(key=key).first()
    if found and not mine.unsaved().filter(key=to).exists():
        mine.filter(key=to).delete()
        mine.filter(pk=found.pk).update(key=to)


def discard(*, by: User, key: str) -> None:
    """Throw away what `by` typed into the form `key` and did not save."""
    Autosave.objects.filter(user=by, key=key).delete()


def of_form(user: User, key: str) -> Autosave | None:
    """Return the row of the form `key`; a key that ends in # is that of the newest new row."""
    rows = Autosave.objects.filter(user=user)
    if key.endswith("#"):
        return rows.unsaved().filter(key__startswith=key).first()
    return rows.filter(key=key).first()


def unsaved_of(user: User, season: Season) -> list[Autosave]:
    """Return what the user typed in the season and never saved, the newest first."""
    return list(Autosave.objects.filter(user=user, season=season).unsaved()[:20])


def others_at(
    season: Season, user: User, key: str, opened: datetime, at: datetime
) -> list[Autosave]:
    """Return the rows of colleagues who work at the same form now, or saved it since `opened`.

    Colleagues act for one of the user's units or keep the same cluster: nobody else has this
    form, and nobody else's name is told.
    """
    who = standing(user)
    offices = Appointment.objects.on(timezone.localdate(at)).filter(
        Q(unit__in=who.units, role__in=[Role.UNIT_STAFF, Role.UNIT_LEADER])
        | Q(cluster__in=who.secretary_of, role=Role.SECRETARY)
    )
    rows = Autosave.objects.filter(season=season, key=key, user__in=offices.values("user"))
    recent = rows.exclude(user=user).filter(saved_at__gt=min(opened, at - FRESH))
    found = recent.select_related("user")
    return [row for row in found if row.saved_at > (at - FRESH if row.is_unsaved else opened)]
