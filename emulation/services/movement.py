"""Writes to the movement: how each unit launched it, the drives of the cluster, their results."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation import permissions
from emulation.models import Drive, DriveResult, DriveStage, Launch, Season
from emulation.services.phases import locked_season
from emulation.services.pledge import stale
from journal.services import changed, record


@transaction.atomic
def record_launch(
    *,
    season: Season,
    unit: Unit,
    by: User,
    version: int,
    slogan: str,
    launched_on: date,
    at: datetime | None = None,
    **parts: Any,
) -> Launch:
    """Record that the unit launched the movement, or change what was recorded.

    `parts` are those of the plan (domain.md 5.4): theme, purpose, plan, measures, interim_on,
    final_on, rewards; one that is not given stays. `version` is 0 for a first record. Raises
    ValidationError(code="stale") where somebody saved in between; PermissionDenied for another
    unit or outside the phase.
    """
    at = at or timezone.now()
    locked = locked_season(season)
    if not permissions.can_launch(by, locked, unit, at):
        raise PermissionDenied
    launch = Launch.objects.filter(season=locked, unit=unit).first()
    launch = launch or Launch(season=locked, unit=unit, version=0)
    values = {"slogan": slogan, "launched_on": launched_on} | parts
    pairs = changed(launch, values)
    if not pairs:
        return launch
    if version != launch.version:
        raise stale()
    _keep(launch, values)
    record(verb="launch.record", subject=launch, by=by, changes=pairs, at=at)
    return launch


def _keep(row: Launch | Drive | DriveResult, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()


def _to_run(season: Season, by: User) -> Season:
    row = locked_season(season)
    if not permissions.can_run(by, row):
        raise PermissionDenied
    return row


def _check(drive: Drive) -> None:
    """Tell at its field what the database would refuse."""
    if drive.ends_on < drive.starts_on:
        text = _("Chọn ngày tổng kết không trước ngày phát động")
        raise ValidationError({"ends_on": ValidationError(text, code="days")})
    if drive.interim_on and not drive.starts_on <= drive.interim_on <= drive.ends_on:
        text = _("Chọn ngày sơ kết từ ngày phát động đến ngày tổng kết")
        raise ValidationError({"interim_on": ValidationError(text, code="days")})
    others = Drive.objects.filter(season=drive.season_id, name=drive.name).exclude(pk=drive.pk)
    if others.exists():
        text = _("Kỳ này đã có đợt thi đua tên như vậy. Chọn tên khác.")
        raise ValidationError({"name": ValidationError(text, code="name")})


@transaction.atomic
def add_drive(
    *, season: Season, by: User, values: Mapping[str, Any], at: datetime | None = None
) -> Drive:
    """Add a movement or a peak drive of the cluster; the same one sent twice is found.

    Raises ValidationError at the field where the name is taken or the days stand in no order;
    PermissionDenied for anybody but the secretary.
    """
    row = _to_run(season, by)
    known = Drive.objects.filter(season=row, name=values["name"]).first()
    if known and not changed(known, values):
        return known
    drive = Drive(season=row, version=0, **values)
    _check(drive)
    _keep(drive, {})
    record(verb="drive.add", subject=drive, by=by, changes=dict(values), at=at)
    return drive


@transaction.atomic
def change_drive(
    *, drive: Drive, by: User, version: int, values: Mapping[str, Any], at: datetime | None = None
) -> Drive:
    """Change a drive; raises like `add_drive`, and code="stale" where somebody saved in between."""
    season = _to_run(drive.season, by)
    row = Drive.objects.select_for_update().get(pk=drive.pk)
    row.season = season
    pairs = changed(row, values)
    if not pairs:
        return row
    if version != row.version:
        raise stale()
    for name, value in values.items():
        setattr(row, name, value)
    _check(row)
    _keep(row, {})
    record(verb="drive.change", subject=row, by=by, changes=pairs, at=at)
    return row


@transaction.atomic
def remove_drive(*, drive: Drive, by: User, reason: str, at: datetime | None = None) -> None:
    """Remove a drive for which nothing was done yet; a second click finds it gone.

    Raises ValidationError(code="used") once a unit reported or has achievements of it.
    """
    _to_run(drive.season, by)
    row = Drive.objects.select_for_update().filter(pk=drive.pk).first()
    if row is None:
        return
    if row.results.exists() or row.achievements.exists():
        text = _("Đợt thi đua này đã có kết quả hoặc thành tích của đơn vị, không xóa được.")
        raise ValidationError(text, code="used")
    record(verb="drive.remove", subject=row, by=by, reason=reason, at=at)
    row.delete()


@transaction.atomic
def report_drive(
    *,
    drive: Drive,
    unit: Unit,
    by: User,
    stage: DriveStage,
    version: int,
    text: str,
    at: datetime | None = None,
) -> DriveResult:
    """Record what a unit reports of a drive at its interim or final review, late ones too.

    `version` is 0 for a first record. Raises ValidationError: "stale" where somebody saved in
    between, "early" before the drive began, "stage" for an interim that is not held;
    PermissionDenied for another unit.
    """
    at = at or timezone.now()
    row = Drive.objects.select_for_update(of=("self",)).select_related("season__cluster")
    locked = row.get(pk=drive.pk)
    member = locked.season.units().filter(pk=unit.pk).exists()
    if not member or not permissions.can_report(by, locked.season, unit):
        raise PermissionDenied
    _check_stage(locked, stage, timezone.localdate(at))
    made = DriveResult.objects.filter(drive=locked, unit=unit, stage=stage).first()
    made = made or DriveResult(drive=locked, unit=unit, stage=stage, version=0)
    pairs = changed(made, {"text": text})
    if not pairs:
        return made
    if version != made.version:
        raise stale()
    _keep(made, {"text": text, "by": by, "at": at})
    changes = {"unit": str(unit), "stage": str(stage), **pairs}
    record(verb="drive.report", subject=locked, by=by, changes=changes, at=at)
    return made


def _check_stage(drive: Drive, stage: DriveStage, on: date) -> None:
    if on < drive.starts_on:
        text = _("Đợt thi đua bắt đầu từ ngày %(day)s")
        raise ValidationError(text, code="early", params={"day": f"{drive.starts_on:%d/%m/%Y}"})
    if stage == DriveStage.INTERIM and drive.interim_on is None:
        raise ValidationError(_("Đợt thi đua này không sơ kết"), code="stage")
