"""Several at once at a unit, a hand-over, an inspection, a practice: it happens once."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from clusters.models import Appointment, Role, Term, Unit
from emulation.models import Adoption, Inspection, Season
from emulation.services import inspection as inspections
from emulation.services import practice
from emulation.services import units as services
from journal.models import Event
from journal.queries import broken_at
from tests import world as w
from tests.emulation.test_handover import NEXT, hand_over
from tests.emulation.test_periodic_at_once import at_once, events
from tests.emulation.test_units import name

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
]
TODAY = timezone.localdate()


@pytest.fixture
def world(transactional_db: None) -> w.World:
    return w.build()


def test_a_unit_is_renamed_or_merged_once(world: w.World) -> None:
    def rename() -> None:
        services.rename_unit(unit=world.a, to=name("A9"), day=TODAY, by=world.quang)

    def merge() -> None:
        services.merge_units(units=[world.b, world.a], to=name("AB"), day=TODAY, by=world.quang)

    def merge_too() -> None:
        services.merge_units(units=[world.a, world.b], to=name("BA"), day=TODAY, by=world.quang)

    assert at_once(rename, rename, merge, merge_too) == ["done", "ended", "ended", "ended"]
    world.a.refresh_from_db()
    assert world.a.successors.count() == 1
    running = Appointment.objects.on(TODAY).filter(user=world.an)
    assert [row.unit for row in running] == list(world.a.successors.all())
    assert events("unit.rename") + events("unit.merge") == 1


def test_two_units_do_not_take_one_code(world: w.World) -> None:
    def rename(unit: Unit) -> Any:
        return lambda: services.rename_unit(unit=unit, to=name("X"), day=TODAY, by=world.quang)

    assert at_once(rename(world.a), rename(world.b)) == ["code", "done"]
    assert Unit.objects.filter(code="X").count() == 1


def test_the_cluster_is_handed_over_once(world: w.World) -> None:
    def act() -> None:
        hand_over(world)

    # The refusals have the code "done": it was handed over before.
    assert at_once(act, act, act) == ["done", "done", "done"]
    assert Season.objects.filter(cluster=world.season.cluster, year=NEXT).count() == 1
    assert Term.objects.filter(year=NEXT).count() == 1
    assert Appointment.objects.filter(user=world.binh, role=Role.SECRETARY).count() == 1
    assert events("season.hand_over") == 1


def test_an_inspection_is_planned_and_agreed_once(world: w.World) -> None:
    def plan() -> None:
        w.inspection(world)

    # The refusals stand at a field, so they have no code of their own.
    assert at_once(plan, plan, plan) == ["", "", "done"]
    assert (Inspection.objects.count(), events("inspection.plan")) == (1, 1)
    w.inspection(world, visited=True)
    row = Inspection.objects.exclude(visited_on=None).get()

    def agree() -> None:
        inspections.agree(inspection=row, by=world.anh, version=row.version, side="unit")

    def change() -> None:
        inspections.record_visit(
            inspection=row, by=world.binh, version=row.version, visited_on=TODAY,
            conclusion="Khác", findings={},
        )  # fmt: skip

    assert at_once(agree, agree, change) == ["done", "stale", "stale"]
    row.refresh_from_db()
    assert (row.unit_agreed_at is None) == (row.conclusion == "Khác")


def test_a_practice_is_marked_and_left_once(world: w.World) -> None:
    model = w.card(world)

    def adopt() -> None:
        practice.adopt(model=model, season=world.season, unit=world.b, by=world.binh, since=TODAY)

    assert at_once(adopt, adopt, adopt) == ["done", "done", "done"]
    row = Adoption.objects.get()
    assert events("practice.adopt") == 1

    def leave() -> None:
        practice.leave(adoption=row, by=world.binh)

    assert at_once(leave, leave) == ["done", "done"]
    assert (Adoption.objects.count(), events("practice.leave")) == (0, 1)
    assert (broken_at(), Event.objects.count() > 0) == ("", True)
