"""Units change through time; what is drafted for years that have not begun goes to the successor.

The change itself is written, with its one entry in the journal, by `clusters.services.lineage`.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from clusters.lineage import first_year_after
from clusters.models import Cluster, Unit, User
from clusters.services import lineage
from clusters.services.lineage import UnitName
from emulation.models import (
    Achievement,
    DriveResult,
    LateCode,
    Launch,
    PeriodicReport,
    Registration,
    ScoreSheet,
    Signature,
    Target,
)

# Where a unit has written something of a year, and the way from there to the year.
BEGUN: Sequence[tuple[type[models.Model], str]] = (
    (Achievement, "season"),
    (Launch, "season"),
    (ScoreSheet, "season"),
    (Signature, "pledge__season"),
    (DriveResult, "drive__season"),
    (PeriodicReport, "period__season"),
)


def first_year(units: Sequence[Unit], day: date) -> int:
    """Return the first year whose place passes to the successors.

    It has begun neither by the calendar nor by what one of the units wrote for it.
    """
    year = first_year_after(day, timezone.localdate())
    written = [
        rows.filter(unit__in=units).aggregate(last=Max(f"{way}__year"))["last"]
        for model, way in BEGUN
        if (rows := model._default_manager)
    ]
    return max([year, *(last + 1 for last in written if last)])


@transaction.atomic
def rename_unit(*, unit: Unit, to: UnitName, day: date, by: User, basis: str = "") -> Unit:
    """Rename a unit; its drafts of years to come go along."""
    year = first_year([unit], day)
    new = lineage.rename_unit(unit=unit, to=to, day=day, by=by, basis=basis, first_year=year)
    _pass_drafts([unit], new, year)
    return new


@transaction.atomic
def merge_units(
    *, units: Sequence[Unit], to: UnitName, day: date, by: User, basis: str = ""
) -> Unit:
    """Merge units; the drafts of all of them for years to come go along."""
    year = first_year(units, day)
    new = lineage.merge_units(units=units, to=to, day=day, by=by, basis=basis, first_year=year)
    _pass_drafts(units, new, year)
    return new


@transaction.atomic
def split_unit(
    *,
    unit: Unit,
    into: Sequence[UnitName],
    people: Mapping[int, int],
    day: date,
    by: User,
    basis: str = "",
) -> list[Unit]:
    """Split a unit; its drafts of years to come go to the first of the new ones."""
    year = first_year([unit], day)
    new = lineage.split_unit(
        unit=unit, into=into, people=people, day=day, by=by, basis=basis, first_year=year
    )
    _pass_drafts([unit], new[0], year)
    return new


@transaction.atomic
def move_unit(
    *, unit: Unit, origin: Cluster, to: Cluster, year: int, by: User, basis: str = ""
) -> None:
    """Move a unit to another cluster; what the old cluster drafted for it is dropped."""
    lineage.move_unit(unit=unit, origin=origin, to=to, year=year, by=by, basis=basis)
    drafts(unit, origin, year).delete()


def drafts(unit: Unit, cluster: Cluster, year: int) -> models.QuerySet[Target]:
    """Return the targets of a unit in pledges of a cluster that nobody has settled yet."""
    return Target.objects.filter(
        unit=unit,
        pledge__season__cluster=cluster,
        pledge__season__year__gte=year,
        pledge__settled_at=None,
    )


def _pass_drafts(old: Sequence[Unit], new: Unit, year: int) -> None:
    LateCode.objects.filter(unit__in=old, season__year__gte=year).update(unit=new)
    titles: set[tuple[int, str]] = set()
    for row in Registration.objects.filter(unit__in=old, pledge__season__year__gte=year):
        key = row.pledge_id, row.title
        if key in titles:
            row.delete()
            continue
        titles.add(key)
        row.unit = new
        row.save()
    taken: dict[int, int] = {}
    rows = Target.objects.filter(unit__in=old, pledge__season__year__gte=year)
    place = {unit.pk: number for number, unit in enumerate(old)}
    for target in sorted(rows, key=lambda row: (place[row.unit_id or 0], row.order)):
        # Numbered anew: those of two units would meet.
        taken[target.pledge_id] = taken.get(target.pledge_id, 0) + 1
        target.unit, target.order = new, taken[target.pledge_id]
        target.save()
