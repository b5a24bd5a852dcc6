"""Units through time: who followed whom, what a change would carry over, who may look it up.

Reads only. A unit that is renamed, merged or split ends as a row, and rows that begin the day
after name it as their predecessor.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cached_property

from django.db.models import Q

from clusters.models import Appointment, Membership, Term, Unit, UnitQuerySet, User
from clusters.permissions import is_administrator, standing

Links = dict[int, list[int]]


def _links() -> tuple[Links, Links]:
    """Return the predecessors of each unit, and the successors of each."""
    older: Links = {}
    newer: Links = {}
    rows = Unit.predecessors.through.objects.order_by("pk")
    for after, before in rows.values_list("from_unit", "to_unit"):
        older.setdefault(after, []).append(before)
        newer.setdefault(before, []).append(after)
    return older, newer


def _reach(start: Iterable[int], *ways: Links) -> frozenset[int]:
    """Return `start` and all that is reached from it, in any number of steps."""
    seen = set(start)
    waiting = list(seen)
    while waiting:
        here = waiting.pop()
        fresh = {there for way in ways for there in way.get(here, ())} - seen
        seen |= fresh
        waiting += fresh
    return frozenset(seen)


def line_of(unit: Unit) -> frozenset[int]:
    """Return the keys of a unit, of all that came before it and of all that follow it."""
    older, newer = _links()
    return _reach([unit.pk], older) | _reach([unit.pk], newer)


def ancestors(unit: Unit) -> frozenset[int]:
    """Return the keys of a unit and of all whose record passed to it."""
    older, _newer = _links()
    return _reach([unit.pk], older)


def ancestors_of(units: Iterable[Unit]) -> dict[int, frozenset[int]]:
    """Return the same of several units, by key, in one query."""
    older, _newer = _links()
    return {unit.pk: _reach([unit.pk], older) for unit in units}


def lasting(units: Iterable[Unit], day: date) -> list[Unit]:
    """Return the units as they are on `day`: whoever ended gives way to those that follow."""
    _older, newer = _links()
    waiting = list(units)
    known = Unit.objects.in_bulk(_reach([unit.pk for unit in waiting], newer))
    seen: set[int] = set()
    found: list[Unit] = []
    while waiting:
        unit = waiting.pop(0)
        if unit.pk in seen:
            continue
        seen.add(unit.pk)
        if unit.valid_to is None or unit.valid_to >= day:
            found.append(unit)
        else:
            waiting = [known[pk] for pk in newer.get(unit.pk, ())] + waiting
    return found


def visible_to(user: User) -> UnitQuerySet:
    """Members, of any year, of the clusters in which the user or their unit has a place.

    What they were called before and after belongs to them. An administrator looks up every unit.
    """
    if is_administrator(user):
        return Unit.objects.all()
    who = standing(user)
    own = Membership.objects.filter(unit__in=who.home_units).values("cluster")
    members = Membership.objects.filter(Q(cluster__in=who.clusters) | Q(cluster__in=own))
    known = who.home_units | frozenset(members.values_list("unit", flat=True))
    return Unit.objects.filter(pk__in=_reach(known, *_links()) if known else ())


class Change(Enum):
    """What happened to units on one day."""

    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    SEPARATED = "separated"


@dataclass(frozen=True)
class Step:
    """On `day` the units `old` became `new`; a unit that was separated left `old` in being."""

    day: date | None
    change: Change
    old: tuple[Unit, ...]
    new: tuple[Unit, ...]


@dataclass(frozen=True)
class Family:
    """All units that are tied to one by any number of changes."""

    unit: Unit
    units: dict[int, Unit]
    older: Links

    @cached_property
    def steps(self) -> list[Step]:
        """The changes in the order of time."""
        found: dict[tuple[frozenset[int], date | None], list[Unit]] = {}
        for unit in self.units.values():
            if before := [self.units[pk] for pk in self.older.get(unit.pk, ())]:
                key = frozenset(row.pk for row in before), _began(unit, before)
                found.setdefault(key, []).append(unit)
        steps = [self._step(keys, day, new) for (keys, day), new in found.items()]
        return sorted(steps, key=lambda step: (step.day or date.min, step.new[0].sort_key))

    def _step(self, keys: frozenset[int], day: date | None, new: list[Unit]) -> Step:
        old = tuple(sorted((self.units[pk] for pk in keys), key=lambda row: row.sort_key))
        lives_on = day is not None and any(not row.valid_to or row.valid_to >= day for row in old)
        if lives_on:
            change = Change.SEPARATED
        elif len(old) > 1:
            change = Change.MERGED
        else:
            change = Change.SPLIT if len(new) > 1 else Change.RENAMED
        return Step(day, change, old, tuple(sorted(new, key=lambda row: row.sort_key)))

    @property
    def successors(self) -> list[Unit]:
        """The units that follow this one directly."""
        return [row for row in self.units.values() if self.unit.pk in self.older.get(row.pk, ())]


def _began(unit: Unit, before: Sequence[Unit]) -> date | None:
    if unit.valid_from:
        return unit.valid_from
    ends = [row.valid_to for row in before if row.valid_to]
    return max(ends) + timedelta(days=1) if ends else None


def family(unit: Unit) -> Family:
    """Return the units tied to one, in two queries."""
    older, newer = _links()
    keys = _reach([unit.pk], older, newer)
    return Family(unit, Unit.objects.in_bulk(keys), {k: v for k, v in older.items() if k in keys})


def first_year_after(day: date, today: date) -> int:
    """Return the first year that begins neither before `day` nor up to `today`."""
    begins_with_day = (day.month, day.day) == (1, 1)
    return max(today.year + 1, day.year if begins_with_day else day.year + 1)


@dataclass(frozen=True)
class Succession:
    """What passes from units that end: appointments, and their place in years to come."""

    appointments: list[Appointment]
    memberships: list[Membership]
    terms: list[Term]
    kept: list[Membership]

    @property
    def people(self) -> int:
        return len({row.user_id for row in self.appointments})


def succession(units: Collection[Unit], day: date, first_year: int) -> Succession:
    """Return what passes on `day`; `kept` are the memberships of the years that have begun."""
    keys = [unit.pk for unit in units]
    appointments = Appointment.objects.filter(unit__in=keys).filter(Q(end=None) | Q(end__gte=day))
    members = Membership.objects.filter(unit__in=keys).select_related("cluster", "unit")
    terms = Term.objects.filter(Q(head__in=keys) | Q(deputy__in=keys), year__gte=first_year)
    return Succession(
        appointments=list(
            appointments.select_related("user", "unit", "cluster").order_by("user", "start", "pk")
        ),
        memberships=list(members.filter(year__gte=first_year).order_by("year", "order")),
        terms=list(terms.select_related("cluster").order_by("year")),
        kept=list(members.filter(year=first_year - 1).order_by("order")),
    )
