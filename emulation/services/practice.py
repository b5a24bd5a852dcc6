"""A unit marks that it applies the good practice of another one, and since when."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.lineage import line_of
from clusters.models import Unit, User
from emulation import permissions
from emulation.models import Adoption, AdvancedModel, Season
from emulation.models.achievement import COUNTED
from emulation.services.phases import locked_season
from journal.services import changed, record


@transaction.atomic
def adopt(
    *,
    model: AdvancedModel,
    season: Season,
    unit: Unit,
    by: User,
    since: date,
    note: str = "",
    at: datetime | None = None,
) -> Adoption:
    """Mark that `unit` applies a verified model since a day, or change what was marked.

    Raises ValidationError code="own" for what the unit or its line found itself, "day", "closed"
    where it was marked in a season that is closed; PermissionDenied for another unit, in a closed
    season, or where the model is not `by`'s to read.
    """
    row = locked_season(season)
    found = _to_read(model, by)
    if not permissions.can_adopt(by, row, unit, found) or unit not in row.units():
        raise PermissionDenied
    _check(found, unit, since, timezone.localdate(at))
    stored = Adoption.objects.filter(model=found, unit=unit).select_related("season").first()
    if stored and stored.season.is_closed:
        raise _closed(stored)
    adoption = stored or Adoption(model=found, season=row, unit=unit, by=by)
    values = {"since": since, "note": note}
    if not (pairs := changed(adoption, values)):
        return adoption
    adoption.since, adoption.note = since, note
    adoption.save()
    record(
        verb="practice.adopt", subject=found, by=by, at=at, changes={"unit": [None, unit]} | pairs
    )
    return adoption


@transaction.atomic
def leave(*, adoption: Adoption, by: User, at: datetime | None = None) -> None:
    """Take the mark back. Raises ValidationError code="closed" after the closing of its season.

    PermissionDenied for another unit; a second click finds nothing to do.
    """
    locked_season(adoption.season)
    row = Adoption.objects.filter(pk=adoption.pk).select_related("season", "unit", "model").first()
    if row is None:
        return
    if not permissions.is_of_unit(by, row.unit):
        raise PermissionDenied
    if row.season.is_closed:
        raise _closed(row)
    changes = {"unit": [row.unit, None], "since": [row.since, None], "note": [row.note, None]}
    record(verb="practice.leave", subject=row.model, by=by, changes=changes, at=at)
    row.delete()


def _to_read(model: AdvancedModel, by: User) -> AdvancedModel:
    rows = AdvancedModel.objects.cards_for(by).select_related("achievement__unit")
    found = rows.filter(pk=model.pk).first()
    if found is None or found.achievement.state not in COUNTED:
        raise PermissionDenied
    return found


def _check(model: AdvancedModel, unit: Unit, since: date, today: date) -> None:
    source = model.achievement
    if source.unit_id in line_of(unit):
        text = _("Điển hình của chính đơn vị; chỉ đơn vị khác đánh dấu đang áp dụng.")
        raise ValidationError(text, code="own")
    if since > today or (source.started_on and since < source.started_on):
        text = _("Chọn ngày không sau hôm nay và không trước khi có điển hình")
        raise ValidationError({"since": ValidationError(text, code="day")})


def _closed(row: Adoption) -> ValidationError:
    text = _("Đã đánh dấu trong kỳ năm %(year)s, kỳ đó đã chốt nên không đổi nữa.")
    return ValidationError(text % {"year": row.season.year}, code="closed")
