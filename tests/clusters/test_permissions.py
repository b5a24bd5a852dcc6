from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from clusters.models import Appointment, Role, Unit
from clusters.permissions import Standing, is_administrator, standing
from emulation.models import Season
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def test_standing_follows_from_appointments(world: w.World) -> None:
    near = world.season.cluster_id
    assert standing(world.an) == Standing(
        units=frozenset({world.a.pk}), home_units=frozenset({world.a.pk})
    )
    assert standing(world.anh).led_units == {world.a.pk}
    assert standing(world.thu) == Standing(
        secretary_of=frozenset({near}), home_units=frozenset({world.c.pk})
    )
    assert standing(world.lan).clusters == {near}


@pytest.mark.parametrize("who", ["khach", "quang"])
def test_no_appointment_no_standing(world: w.World, who: str) -> None:
    assert standing(getattr(world, who)) == Standing()


def test_nobody_and_the_disabled_hold_nothing(world: w.World) -> None:
    world.an.is_active = False
    assert standing(world.an) == standing(AnonymousUser()) == Standing()
    world.quang.is_active = False
    assert not is_administrator(world.quang)


def test_rights_begin_and_end_with_the_appointment(world: w.World) -> None:
    row = Appointment.objects.get(user=world.an)
    today = timezone.localdate()
    row.end = today
    row.save()
    assert standing(world.an, on=today).units
    assert not standing(world.an, on=today + timedelta(days=1)).units
    assert not standing(world.an, on=row.start - timedelta(days=1)).units


def test_seasons_visible_to_each(world: w.World) -> None:
    near, far = {world.season}, {world.far_season}
    seen = {
        name: set(Season.objects.visible_to(getattr(world, name)))
        for name in ("an", "anh", "binh", "thu", "lan", "quang", "khach", "far_secretary")
    }
    assert seen == {
        "an": near, "anh": near, "binh": near, "thu": near, "lan": near, "quang": near | far,
        "khach": set(), "far_secretary": far,
    }  # fmt: skip


def test_a_member_of_another_year_does_not_see_the_season(world: w.World) -> None:
    world.season.cluster.memberships.filter(unit=world.a).update(year=w.YEAR - 1)
    assert not Season.objects.visible_to(world.an).exists()


@pytest.mark.parametrize(
    "values",
    [
        {"role": Role.UNIT_STAFF},
        {"role": Role.SECRETARY},
        {"role": Role.LEADER},
    ],
)
def test_the_database_refuses_a_role_without_its_scope(
    world: w.World, values: dict[str, str]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(user=world.khach, start=date(2020, 1, 1), **values)


def test_the_database_refuses_the_same_code_twice(world: w.World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(code="A", name="Khác", short_name="Khác")


def test_head_and_deputy_are_two_units(world: w.World) -> None:
    term = world.season.term()
    assert term is not None
    term.deputy = term.head
    with pytest.raises(IntegrityError), transaction.atomic():
        term.save()
