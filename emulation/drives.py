"""How the drives of a season go: who reported which stage, and how much was achieved in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from clusters.models import Unit, User
from emulation.models import Achievement, Drive, DriveResult, DriveStage, Season
from emulation.models.achievement import AWAITING, COUNTED
from emulation.tags import Tag

# The words of an address for each stage.
SLUGS = {"so-ket": DriveStage.INTERIM, "tong-ket": DriveStage.FINAL}
WORDS = {stage: words for words, stage in SLUGS.items()}
TAKEN_OVER = 200


def stages(drive: Drive) -> list[DriveStage]:
    """Return the stages at which results of the drive are asked for."""
    return [DriveStage.INTERIM, DriveStage.FINAL] if drive.interim_on else [DriveStage.FINAL]


def due_on(drive: Drive, stage: str) -> date:
    """Return the day of the review at which the results of a stage are told."""
    if stage == DriveStage.INTERIM and drive.interim_on:
        return drive.interim_on
    return drive.ends_on


def tag(drive: Drive, on: date) -> Tag:
    """Return one word on where a drive is."""
    if on < drive.starts_on:
        return Tag(_("Sắp phát động"), "off")
    if on <= drive.ends_on:
        return Tag(_("Đang diễn ra"), "run")
    return Tag(_("Đã kết thúc"), "end")


@dataclass(frozen=True)
class Cell:
    """A unit's result of one stage, or that it is missing; `is_due` once the day has come."""

    stage: DriveStage
    result: DriveResult | None
    is_due: bool

    @property
    def tag(self) -> Tag:
        if self.result:
            return Tag(_("Đã báo"), "ok", "check2")
        return Tag(_("Chưa báo"), "do" if self.is_due else "off")


@dataclass(frozen=True)
class UnitDrive:
    """A line of the page of a drive: a unit with its results and the sum of its achievements."""

    unit: Unit
    cells: list[Cell]
    verified: int
    waiting: int


def units(drive: Drive, on: date) -> list[UnitDrive]:
    """Return a line per member unit of the season, in the official order."""
    results = {(row.unit_id, row.stage): row for row in drive.results.select_related("by")}
    counts = _counts(Achievement.objects.filter(drive=drive), "unit")
    return [
        UnitDrive(
            unit=unit,
            cells=[
                Cell(stage, results.get((unit.pk, stage)), due_on(drive, stage) <= on)
                for stage in stages(drive)
            ],
            verified=counts.get(unit.pk, (0, 0))[0],
            waiting=counts.get(unit.pk, (0, 0))[1],
        )
        for unit in drive.season.units()
    ]


def _counts(rows: Iterable[Achievement], by: str) -> dict[int, tuple[int, int]]:
    """Return (verified, waiting) by the key of a unit or drive, in one query."""
    found = (
        rows.values_list(by)  # type: ignore[attr-defined]
        .annotate(
            verified=Count("id", filter=Q(state__in=COUNTED)),
            waiting=Count("id", filter=Q(state__in=AWAITING)),
        )
        .order_by()
    )
    return {key: (verified, waiting) for key, verified, waiting in found}


@dataclass(frozen=True)
class Overview:
    """A line of the list of drives: how many units reported each stage, how much was achieved."""

    drive: Drive
    tag: Tag
    reported: list[tuple[DriveStage, int]]
    units: int
    verified: int
    waiting: int
    own: list[Cell] = field(default_factory=list)


def overview(season: Season, on: date, own: Unit | None = None) -> list[Overview]:
    """Return the drives of a season by their first day; `own` is the reader's unit."""
    drives = list(season.drives.all())
    results = list(DriveResult.objects.filter(drive__season=season).only("drive", "unit", "stage"))
    counts = _counts(Achievement.objects.filter(season=season).exclude(drive=None), "drive")
    number = len(season.units()) if drives else 0
    mine = {(row.drive_id, row.stage): row for row in results if own and row.unit_id == own.pk}
    return [
        Overview(
            drive=drive,
            tag=tag(drive, on),
            reported=[(stage, _number(results, drive, stage)) for stage in stages(drive)],
            units=number,
            verified=counts.get(drive.pk, (0, 0))[0],
            waiting=counts.get(drive.pk, (0, 0))[1],
            own=[
                Cell(stage, mine.get((drive.pk, stage)), due_on(drive, stage) <= on)
                for stage in (stages(drive) if own else ())
            ],
        )
        for drive in drives
    ]


def _number(results: list[DriveResult], drive: Drive, stage: str) -> int:
    return sum(row.drive_id == drive.pk and row.stage == stage for row in results)


def draft(drive: Drive, unit: Unit, user: User, until: date) -> str:
    """Return the text that a report begins with: what the unit achieved in the drive by a day."""
    rows = Achievement.objects.visible_to(user).filter(drive=drive, unit=unit)
    rows = rows.filter(state__in=(*AWAITING, *COUNTED), started_on__lte=until)
    titles = rows.order_by("started_on", "number").values_list("title", flat=True)[:TAKEN_OVER]
    return "\n".join(f"- {title.rstrip('.')}." for title in titles)
