"""A new season from the last one: what is the same every year is not typed again."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clusters.models import Membership, Unit, User
from emulation import permissions
from emulation.calendar import end_next_year, last_next_year, start_next_year
from emulation.models import Period, Phase, Pledge, Season, Target
from emulation.models.season import SWITCHES
from emulation.services.phases import locked_season
from journal.services import record

# What may come along. Scheme, movement, motto and the number of returns always do.
PARTS = ("members", "phases", "pledge", "targets", "periods")
YEAR = re.compile(r"\b(?:19|20|21)\d\d\b")
PLEDGE_TEXTS = ("basis", "content", "measures", "witness", "place")


@dataclass(frozen=True)
class Heirs:
    """The members of the new year in order, and what became of each unit of the old one."""

    order: list[Unit]
    of: dict[int, list[Unit]]
    gone: list[Unit]


def heirs(season: Season) -> Heirs:
    """Return who is a member next year: units that ended give way to those that follow them.

    Where members of the next year are stored already, they stay as they are. A unit that is a
    member of another cluster then, or ended without a successor, is left out.
    """
    year = season.year + 1
    day = date(year, 1, 1)
    stored = list(
        Unit.objects.filter(memberships__cluster=season.cluster_id, memberships__year=year)
        .order_by("memberships__order")
        .distinct()
    )
    elsewhere = set(
        Membership.objects.filter(year=year)
        .exclude(cluster=season.cluster_id)
        .values_list("unit_id", flat=True)
    )
    found: dict[int, list[Unit]] = {}
    members = list(season.units())
    followers = _followers()
    for unit in members:
        lasting = [row for row in _lasting(unit, followers, day) if row.pk not in elsewhere]
        found[unit.pk] = [row for row in lasting if not stored or row in stored]
    order = stored or list(dict.fromkeys(row for unit in members for row in found[unit.pk]))
    return Heirs(order, found, [unit for unit in members if not found[unit.pk]])


def _followers() -> dict[int, list[Unit]]:
    """Return the successors of every unit that has any."""
    links = Unit.predecessors.through.objects.order_by("from_unit__code", "from_unit")
    newer = Unit.objects.in_bulk(links.values_list("from_unit", flat=True))
    found: dict[int, list[Unit]] = {}
    for new, old in links.values_list("from_unit", "to_unit"):
        found.setdefault(old, []).append(newer[new])
    return found


def _lasting(unit: Unit, followers: dict[int, list[Unit]], day: date) -> Iterable[Unit]:
    """Return the unit, or whoever follows it by `day`, through any number of steps."""
    seen, waiting, lasting = {unit.pk}, [unit], []
    while waiting:
        row = waiting.pop(0)
        if row.valid_to is None or row.valid_to >= day:
            lasting.append(row)
            continue
        fresh = [after for after in followers.get(row.pk, []) if after.pk not in seen]
        seen |= {after.pk for after in fresh}
        waiting += fresh
    return lasting


def next_season(season: Season) -> Season | None:
    """Return the season of the next year, or None while nobody has opened it."""
    rows = Season.objects.filter(cluster=season.cluster_id, year=season.year + 1)
    return rows.select_related("cluster").first()


@transaction.atomic
def copy_season(
    *,
    season: Season,
    by: User,
    parts: Collection[str] = PARTS,
    at: datetime | None = None,
) -> Season:
    """Open the season of the next year with what is chosen to come along.

    Targets come as a draft: the pledge is neither settled nor signed. Late codes, achievements
    and scores stay where they are. Raises ValidationError code="exists" where the next season is
    there already, code="over" where the cluster ends with this year; PermissionDenied for anybody
    but the secretary.
    """
    assert set(parts) <= set(PARTS), parts
    old = locked_season(season)
    if not permissions.can_copy(by, old):
        raise PermissionDenied
    if old.cluster.year_to is not None and old.cluster.year_to <= old.year:
        raise ValidationError(
            _("Cụm kết thúc với năm %(year)s, không mở kỳ sau.") % {"year": old.year}, code="over"
        )
    if next_season(old):
        raise _exists(old)
    try:
        with transaction.atomic():
            new = _opened(old)
    except IntegrityError as error:
        raise _exists(old) from error
    counts = _bring_along(old, new, parts)
    changes = {"from": [None, old.slug]} | {name: [None, n] for name, n in counts.items()}
    record(verb="season.copy", subject=new, by=by, at=at or timezone.now(), changes=changes)
    return new


def _exists(season: Season) -> ValidationError:
    text = _("Kỳ năm %(year)s đã mở.") % {"year": season.year + 1}
    return ValidationError(text, code="exists")


def _opened(old: Season) -> Season:
    """Store the new season with what is the same every year."""
    return Season.objects.create(
        cluster=old.cluster,
        year=old.year + 1,
        slug=_slug(old),
        movement=old.movement,
        motto=old.motto,
        scheme=old.scheme,
        counted_to=start_next_year(old.counted_to) if old.counted_to else None,
        illustration=old.illustration,
        max_returns=old.max_returns,
    )


def _slug(old: Season) -> str:
    """Return an address that is still free: "cum-1-2026" gives "cum-1-2027"."""
    before, after = str(old.year), str(old.year + 1)
    base = old.slug.replace(before, after) if before in old.slug else f"{old.slug}-{after}"
    base = slugify(base)[:50]
    known = set(Season.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (name for name in (base, *(f"{base}-{n}" for n in range(2, 100))) if name not in known)
    return next(free)


def _bring_along(old: Season, new: Season, parts: Collection[str]) -> dict[str, int]:
    """Copy the chosen parts; return how many rows each of them has."""
    members = heirs(old)
    counts: dict[str, int] = {}
    if "members" in parts:
        counts["members"] = _members(new, members)
    if "phases" in parts:
        counts["phases"] = _phases(old, new)
    if "periods" in parts:
        counts["periods"] = _periods(old, new)
    pledge = Pledge.objects.filter(season=old).first()
    if pledge and {"pledge", "targets"} & set(parts):
        texts = {name: getattr(pledge, name) for name in PLEDGE_TEXTS if "pledge" in parts}
        made = Pledge.objects.create(season=new, **texts)
        if "targets" in parts:
            counts["targets"] = _targets(pledge, made, members)
    return counts


def _members(new: Season, members: Heirs) -> int:
    known = Membership.objects.filter(cluster=new.cluster_id, year=new.year)
    if not known.exists():
        Membership.objects.bulk_create(
            Membership(cluster=new.cluster, unit=unit, year=new.year, order=order)
            for order, unit in enumerate(members.order, 1)
        )
    return len(members.order)


def _phases(old: Season, new: Season) -> int:
    rows = list(old.phases.all())
    Phase.objects.bulk_create(
        Phase(
            season=new,
            name=row.name,
            start=_start(row.start),
            end=end_next_year(timezone.localtime(row.end)),
            grace_hours=row.grace_hours,
            **{switch: getattr(row, switch) for switch in SWITCHES},
        )
        for row in rows
    )
    return len(rows)


def _start(at: datetime) -> datetime:
    local = timezone.localtime(at)
    day = start_next_year(local.date())
    return local.replace(year=day.year, month=day.month, day=day.day)


def _periods(old: Season, new: Season) -> int:
    """Copy the windows of reports; those of a drive belong to its year alone."""
    rows = list(old.periods.filter(drive=None))
    Period.objects.bulk_create(
        Period(
            season=new,
            kind=row.kind,
            name=_year_later(row.name),
            start=start_next_year(row.start),
            end=last_next_year(row.end),
            due_on=last_next_year(row.due_on),
        )
        for row in rows
    )
    return len(rows)


def _year_later(name: str) -> str:
    """Return a name with every year in it one later: "Tháng 12/2025" gives "Tháng 12/2026"."""
    return YEAR.sub(lambda found: str(int(found[0]) + 1), name)


def _targets(pledge: Pledge, made: Pledge, members: Heirs) -> int:
    """Copy the targets of the cluster and of the units that go on, each with its predecessor."""
    rows = list(pledge.targets.all())
    pairs: list[tuple[Target, Target]] = []
    for row in rows:
        units = [None] if row.unit_id is None else members.of.get(row.unit_id, [])
        pairs += [(row, _target(row, made, unit)) for unit in units]
    _number(pairs)
    copies = Target.objects.bulk_create(copy for _old, copy in pairs)
    shared = {row.pk: copy for row, copy in pairs if row.unit_id is None}
    linked = [copy for row, copy in pairs if row.part_of_id in shared and row.part_of_id]
    for row, copy in pairs:
        if row.part_of_id in shared:
            copy.part_of = shared[row.part_of_id]
    Target.objects.bulk_update(linked, ["part_of"], batch_size=500)
    return len(copies)


def _target(row: Target, pledge: Pledge, unit: Unit | None) -> Target:
    return Target(
        pledge=pledge,
        unit=unit,
        order=row.order,
        group=row.group,
        text=row.text,
        measure=row.measure,
        planned=row.planned,
        direction=row.direction,
        weight=row.weight,
        note=row.note,
        previous=row,
    )


def _number(pairs: list[tuple[Target, Target]]) -> None:
    """Number anew the targets of a unit that follows several: their places would meet."""
    taken: dict[int | None, set[int]] = {}
    for _row, copy in pairs:
        mine = taken.setdefault(copy.unit_id, set())
        if copy.order in mine:
            copy.order = max(mine) + 1
        mine.add(copy.order)
