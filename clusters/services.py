"""Writes to users, units, clusters and appointments: each leaves one entry in the journal."""

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


def values_of(row: models.Model) -> dict[str, Any]:
    """Return the stored columns of `row` as JSON keeps them, without secrets."""
    return {
        field.name: plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in SECRET
    }
