"""Several at once at the pledge and the drives: one row, and one record of each act."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from emulation import pledges
from emulation.models import Drive, DriveResult, DriveStage, Launch, Pledge, Signature, Target
from emulation.services import movement
from emulation.services import pledge as services
from emulation.services.targets import Line, set_targets
from tests import world as w
from tests.emulation.test_periodic_at_once import at_once, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
]


@pytest.fixture
def world(transactional_db: None) -> w.World:
    return w.build()


def settle(world: w.World) -> None:
    Pledge.objects.filter(pk=world.pledge.pk).update(settled_at=timezone.now(), content="Thi đua")


def test_signatures_at_once_are_one(world: w.World) -> None:
    settle(world)

    def sign(by: Any) -> Any:
        return lambda: services.sign_pledge(
            pledge=world.pledge, unit=world.a, by=by, signer=by.full_name
        )

    assert at_once(sign(world.anh), sign(world.thu), sign(world.anh)) == ["done"] * 3
    assert (Signature.objects.count(), events("pledge.sign")) == (1, 1)


def test_first_texts_at_once_make_one_pledge(world: w.World) -> None:
    world.pledge.targets.all().delete()
    world.pledge.delete()

    def write(text: str) -> Any:
        return lambda: services.write_pledge(
            season=world.season, by=world.thu, version=0, values={"content": text}
        )

    assert at_once(write("Một"), write("Một"), write("Hai")).count("stale") in (1, 2)
    assert (Pledge.objects.count(), events("pledge.write")) == (1, 1)


def test_tables_at_once_are_one_of_them(world: w.World) -> None:
    seen = pledges.fingerprint(world.pledge.targets.filter(unit=world.a))

    def put(text: str, by: Any) -> Any:
        lines = [Line(None, "political", text, "bản", Decimal(1))]
        return lambda: set_targets(pledge=world.pledge, unit=world.a, by=by, seen=seen, lines=lines)

    assert at_once(put("Một", world.an), put("Hai", world.anh)) == ["done", "stale"]
    assert (Target.objects.filter(unit=world.a).count(), events("pledge.targets")) == (1, 1)


def test_a_table_set_while_the_pledge_settles_is_in_it_or_refused(world: w.World) -> None:
    for unit in (world.a, world.b, world.c):
        set_targets(
            pledge=world.pledge, unit=unit, by=world.thu,
            seen=pledges.fingerprint(world.pledge.targets.filter(unit=unit)),
            lines=[Line(None, "political", "Việc", "bản", Decimal(1), weight=Decimal(100))],
        )  # fmt: skip
    Pledge.objects.update(content="Thi đua")
    every = pledges.fingerprint(world.pledge.targets.all())
    own = pledges.fingerprint(world.pledge.targets.filter(unit=world.a))
    row = Pledge.objects.get()

    def put() -> None:
        lines = [Line(None, "political", "Khác", "bản", Decimal(1), weight=Decimal(1))]
        set_targets(pledge=row, unit=world.a, by=world.thu, seen=own, lines=lines)

    def close() -> None:
        services.settle_pledge(pledge=row, by=world.thu, version=row.version, seen=every)

    # Whoever comes second is refused: the settling as stale, the table as incomplete.
    assert at_once(put, close) in (["done", "weights"], ["done", "stale"])
    settled = Pledge.objects.get().settled_at is not None
    assert settled == (not Target.objects.filter(text="Khác").exists())


def test_drives_launches_and_results_at_once_are_one(world: w.World) -> None:
    days = {"starts_on": w.DAY, "interim_on": None, "ends_on": timezone.localdate()}
    values = {"kind": "peak", "name": "Cao điểm", "aim": "", "slogan": "", **days}

    def add() -> None:
        movement.add_drive(season=world.season, by=world.thu, values=values)

    assert at_once(add, add, add) == ["done"] * 3
    drive = Drive.objects.get()

    def report() -> None:
        movement.report_drive(
            drive=drive, unit=world.a, by=world.an, stage=DriveStage.FINAL, version=0, text="Tốt"
        )

    def launch() -> None:
        movement.record_launch(
            season=world.season, unit=world.a, by=world.an, version=0, slogan="Gần dân",
            launched_on=w.DAY,
        )  # fmt: skip

    assert at_once(report, report, launch, launch) == ["done"] * 4
    assert (DriveResult.objects.count(), Launch.objects.count()) == (1, 1)
    assert [events(f"drive.{act}") for act in ("add", "report")] == [1, 1]
    assert events("launch.record") == 1
