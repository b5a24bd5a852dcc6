"""A secretary says of which unit not to be the judge, and why."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions
from emulation.models import Recusal, Season
from journal.services import record


def _may_declare(season: Season, by: User) -> None:
    if not permissions.can_run(by, season) or permissions.is_published(season):
        raise PermissionDenied


@transaction.atomic
def declare_recusal(
    *,
    season: Season,
    unit: Unit,
    by: User,
    relation: str,
    note: str = "",
    at: datetime | None = None,
) -> Recusal:
    """Declare a relation to a unit: from then on `by` does not appraise it.

    Raises ValidationError code="twice" where it is declared already, or of the row itself.
    """
    at = at or timezone.now()
    held = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=season.pk)
    _may_declare(held, by)
    if Recusal.objects.filter(season=held, unit=unit, user=by).exists():
        raise ValidationError(_("Đã khai báo không chấm đơn vị này."), code="twice")
    row = Recusal(season=held, unit=unit, user=by, relation=relation, note=note.strip(), at=at)
    row.full_clean()
    row.save()
    season.__dict__.pop("_recusals", None)
    reason = f"{row.get_relation_display()}. {row.note}".rstrip(". ")
    record(verb="recusal.declare", subject=row, by=by, reason=reason, at=at)
    return row


@transaction.atomic
def withdraw_recusal(*, recusal: Recusal, by: User, at: datetime | None = None) -> None:
    """Take the own declaration back, while nothing is published."""
    at = at or timezone.now()
    season = Season.objects.select_for_update(of=("self",), no_key=True).get(pk=recusal.season_id)
    _may_declare(season, by)
    found = Recusal.objects.filter(pk=recusal.pk, user=by).select_related("unit", "user").first()
    if found is None:
        raise PermissionDenied
    record(verb="recusal.withdraw", subject=found, by=by, at=at)
    found.delete()
