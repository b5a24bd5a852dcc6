"""Which roles a user holds, for which unit or cluster. Closed unless an appointment says so."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import F, Q
from django.utils import timezone

from clusters.models import Appointment, Role, Unit, User


@dataclass(frozen=True)
class Standing:
    """What a user is on one day: sets of primary keys, empty for a stranger."""

    units: frozenset[int] = field(default_factory=frozenset)
    led_units: frozenset[int] = field(default_factory=frozenset)
    secretary_of: frozenset[int] = field(default_factory=frozenset)
    leader_of: frozenset[int] = field(default_factory=frozenset)
    home_units: frozenset[int] = field(default_factory=frozenset)

    @property
    def clusters(self) -> frozenset[int]:
        """Clusters for which the user holds a cluster role."""
        return self.secretary_of | self.leader_of


def of_appointments(appointments: Iterable[Appointment]) -> Standing:
    """Return the standing that follows from appointments in force."""
    rows = list(appointments)

    def units(*roles: Role) -> frozenset[int]:
        return frozenset(row.unit_id for row in rows if row.role in roles and row.unit_id)

    def clusters(role: Role) -> frozenset[int]:
        return frozenset(row.cluster_id for row in rows if row.role == role and row.cluster_id)

    return Standing(
        units=units(Role.UNIT_STAFF, Role.UNIT_LEADER),
        led_units=units(Role.UNIT_LEADER),
        secretary_of=clusters(Role.SECRETARY),
        leader_of=clusters(Role.LEADER),
        home_units=units(*Role),
    )


def standing(user: User | AbstractBaseUser | AnonymousUser, on: date | None = None) -> Standing:
    """Return what `user` is on a day (today by default); read once per user object and day."""
    if not isinstance(user, User) or not user.is_active:
        return Standing()
    day = on or timezone.localdate()
    known: dict[date, Standing] = user.__dict__.setdefault("_standing", {})
    if day not in known:
        found = of_appointments(Appointment.objects.filter(user=user).on(day))
        known[day] = with_predecessors(found, day)
    return known[day]


def with_predecessors(found: Standing, day: date) -> Standing:
    """Add the units whose record passed to those of `found`: renamed, merged or split before.

    A predecessor that still exists on `day` answers for itself; one that ended only after its
    successor had begun left its record to somebody else.
    """
    if not found.home_units:
        return found
    began_after = Q(from_unit__valid_from=None) | Q(
        from_unit__valid_from__gt=F("to_unit__valid_to")
    )
    links = Unit.predecessors.through.objects.filter(began_after, to_unit__valid_to__lt=day)
    older: dict[int, set[int]] = {}
    for newer, old in links.values_list("from_unit", "to_unit"):
        older.setdefault(newer, set()).add(old)

    def lineage(units: frozenset[int]) -> frozenset[int]:
        seen, waiting = set(units), list(units)
        while waiting:
            fresh = older.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting += fresh
        return frozenset(seen)

    return replace(
        found,
        units=lineage(found.units),
        led_units=lineage(found.led_units),
        home_units=lineage(found.home_units),
    )


def is_administrator(user: User | AbstractBaseUser | AnonymousUser) -> bool:
    """An administrator keeps users, units and clusters; the year's content is not theirs."""
    return isinstance(user, User) and user.is_active and user.is_superuser


def can_change_units(user: User | AbstractBaseUser | AnonymousUser) -> bool:
    """The administrator renames, merges, splits and moves units."""
    return is_administrator(user)
