"""Writes to rows of the catalogues and to passwords: each leaves one entry in the journal."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from clusters.models import User
from journal.services import plain, record

# What is never written down, not even as "changed from … to …".
SECRET = frozenset({"password"})


@transaction.atomic
def change_password(*, user: User, password: str, by: User) -> None:
    """Give `user` a new password; all of their other sessions end with it."""
    row = User.objects.select_for_update().get(pk=user.pk)
    row.set_password(password)
    row.save(update_fields=["password"])
    user.password = row.password
    record(verb="password.change", subject=row, by=by)


@transaction.atomic
def record_password(*, user: User, by: User) -> None:
    """Write down that `by` gave `user` a new password; the caller has stored it."""
    record(verb="password.change", subject=user, by=by)


def values_of(row: models.Model) -> dict[str, Any]:
    """Return the columns of `row` that people fill in, as JSON keeps them, without secrets."""
    return {
        field.name: plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in SECRET
    }


def _links(row: models.Model, names: Iterable[str]) -> dict[str, list[Any]]:
    """Return the keys of the rows that `row` is linked to, by many-to-many field."""
    return {
        name: sorted(getattr(row, name).values_list("pk", flat=True)) if row.pk else []
        for name in names
    }


@transaction.atomic
def save_row(
    *, row: models.Model, by: User, links: Mapping[str, Iterable[models.Model]] | None = None
) -> None:
    """Add or change one row of a catalogue together with its many-to-many `links`.

    Leaves one entry with what differs from the stored row, and none where nothing does.
    """
    links = links or {}
    rows = type(row)._default_manager
    stored = rows.select_for_update().filter(pk=row.pk).first() if row.pk else None
    before = values_of(stored) | _links(stored, links) if stored else {}
    row.save()
    for name, linked in links.items():
        getattr(row, name).set(linked)
    # Read again: the database writes 110 as 110.00, which is no change.
    after = values_of(rows.get(pk=row.pk)) | _links(row, links)
    pairs = {
        name: [before.get(name), value]
        for name, value in after.items()
        if not stored or before[name] != value
    }
    if pairs:
        record(verb="row.change" if stored else "row.add", subject=row, by=by, changes=pairs)


@transaction.atomic
def delete_row(*, row: models.Model, by: User) -> None:
    """Delete one row of a catalogue; raises ProtectedError where others refer to it."""
    changes = {name: [value, None] for name, value in values_of(row).items()}
    record(verb="row.delete", subject=row, by=by, changes=changes)
    row.delete()
