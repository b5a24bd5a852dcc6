"""What the secretariat sets of a season: its phases and its own few facts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clusters.models import User
from emulation import permissions
from emulation.models import Phase, Season
from journal.services import changed, plain, record

SETTINGS = ("movement", "motto", "counted_to", "max_returns")


def locked_season(season: Season) -> Season:
    """Return the season's row, locked for the caller's transaction."""
    return (
        Season.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cluster")
        .get(pk=season.pk)
    )


def _to_run(season: Season, by: User) -> Season:
    row = locked_season(season)
    if not permissions.can_run(by, row):
        raise PermissionDenied
    return row


def _stale() -> ValidationError:
    return ValidationError(
        _("Nội dung này vừa được người khác lưu. So sánh rồi lưu lại."), code="stale"
    )


def _in_utc(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with every moment as the database gives it back, to be compared."""
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _kept(phase: Phase) -> None:
    """Write a phase; a name taken twice, or an end before the start, is told at its field."""
    try:
        phase.full_clean(exclude=["season"], validate_unique=False, validate_constraints=False)
        phase.validate_constraints()
    except ValidationError as error:
        raise _at_its_field(error) from error
    phase.save()


def _at_its_field(error: ValidationError) -> ValidationError:
    texts = {name: list(found) for name, found in error.message_dict.items()}
    if "__all__" not in texts:
        return error
    whole = " ".join(texts["__all__"])
    field = "end" if str(_("Pha phải kết thúc sau khi bắt đầu.")) in whole else "name"
    text = whole if field == "end" else _("Kỳ này đã có pha tên như vậy. Chọn tên khác.")
    return ValidationError({field: [text]})


@transaction.atomic
def add_phase(
    *, season: Season, by: User, values: Mapping[str, Any], at: datetime | None = None
) -> Phase:
    """Add a span of time with its switches; phases may lie over each other.

    The same phase sent twice is found, not doubled. Raises ValidationError at the field where the
    name is taken or the end stands before the start; PermissionDenied for anybody but the
    secretary, and in a closed season.
    """
    row, values = _to_run(season, by), _in_utc(values)
    phase = Phase(season=row, **values)
    known = row.phases.filter(name=phase.name).first()
    if known and not changed(known, values):
        return known
    _kept(phase)
    record(
        verb="phase.add",
        subject=phase,
        by=by,
        at=at,
        changes={name: [None, plain(value)] for name, value in values.items()},
    )
    return phase


@transaction.atomic
def change_phase(
    *,
    phase: Phase,
    by: User,
    version: int,
    values: Mapping[str, Any],
    at: datetime | None = None,
) -> Phase:
    """Change dates, switches or the hours of grace.

    Raises ValidationError(code="stale") where somebody saved after `version` was read.
    """
    row, values = _locked(phase, by, version), _in_utc(values)
    pairs = changed(row, values)
    if not pairs:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    _kept(row)
    record(verb="phase.change", subject=row, by=by, changes=pairs, at=at)
    return row


@transaction.atomic
def remove_phase(*, phase: Phase, by: User, version: int, at: datetime | None = None) -> None:
    """Take a phase away; what was done in it stays."""
    row = _locked(phase, by, version)
    gone = {"start": row.start, "end": row.end, "grace_hours": row.grace_hours}
    changes = {name: [plain(value), None] for name, value in gone.items()}
    record(verb="phase.remove", subject=row, by=by, changes=changes, at=at)
    row.delete()


def _locked(phase: Phase, by: User, version: int) -> Phase:
    season = _to_run(phase.season, by)
    row = Phase.objects.select_for_update(of=("self",)).filter(pk=phase.pk).first()
    if row is None:
        raise ValidationError(_("Pha này đã được xóa."), code="gone")
    row.season = season
    if row.version != version:
        raise _stale()
    return row


def settings_of(season: Season) -> dict[str, Any]:
    """Return what `set_season` may change, as it is stored."""
    return {name: getattr(season, name) for name in SETTINGS}


@transaction.atomic
def set_season(
    *,
    season: Season,
    by: User,
    values: Mapping[str, Any],
    before: Mapping[str, Any],
    at: datetime | None = None,
) -> Season:
    """Change movement, motto, the day of the figures or how often a result may come back.

    `before` is what the form showed: where the stored season differs from it, somebody else saved
    meanwhile and ValidationError(code="stale") is raised.
    """
    row = _to_run(season, by)
    if settings_of(row) != dict(before):
        raise _stale()
    pairs = changed(row, values)
    if not pairs:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    record(verb="season.set", subject=row, by=by, changes=pairs, at=at)
    return row
