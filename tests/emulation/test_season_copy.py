from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clusters.models import Cluster, Membership, Unit
from emulation import permissions
from emulation.models import LateCode, Period, Phase, Pledge, Season, Signature, Target
from emulation.models.season import SWITCHES
from emulation.services.season_copy import PARTS, copy_season, heirs
from journal.queries import history
from tests import everything
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def copy(world: w.World, **more: Any) -> Season:
    return copy_season(**{"season": world.season, "by": world.thu} | more)


def end(unit: Unit, *followers: Unit) -> None:
    """Let a unit end with its year; others follow it."""
    unit.valid_to = date(w.YEAR, 12, 31)
    unit.save()
    for row in followers:
        row.predecessors.add(unit)


def test_a_new_season_has_what_is_the_same_every_year(world: w.World) -> None:
    Season.objects.filter(pk=world.season.pk).update(
        motto="Chủ động", max_returns=5, counted_to=date(w.YEAR, 12, 14), illustration="Minh họa"
    )
    new = copy(world)
    assert (new.cluster, new.year, new.movement) == (
        world.season.cluster, w.YEAR + 1, world.season.movement,
    )  # fmt: skip
    assert (new.motto, new.max_returns, new.illustration) == ("Chủ động", 5, "Minh họa")
    assert (new.scheme, new.counted_to) == (world.season.scheme, date(w.YEAR + 1, 12, 14))
    assert (new.next_number, new.closed_at) == (1, None)
    assert list(new.units()) == list(world.season.units())


def test_nothing_of_the_old_year_itself_comes_along(db: None) -> None:
    full = everything.build()
    world = full.world
    before = {table: type(row)._default_manager.count() for table, row in full.rows.items()}
    new = copy(world)
    after = {table: type(row)._default_manager.count() for table, row in full.rows.items()}
    grown = {table for table in after if after[table] != before[table]}
    assert grown == {
        "emulation_season", "emulation_phase", "emulation_period", "emulation_pledge",
        "emulation_target", "clusters_membership",
    }  # fmt: skip
    assert not LateCode.objects.filter(season=new).exists()
    assert not Signature.objects.filter(pledge__season=new).exists()


def test_phases_are_a_year_later_and_start_anew(world: w.World) -> None:
    Phase.objects.filter(pk=world.phase.pk).update(
        version=7, grace_hours=12, start=_at(2028, 2, 29, 8), end=_at(2028, 3, 1, 0), vote=False
    )
    row = copy(world).phases.get()
    assert (row.start, row.end) == (_at(2029, 2, 28, 8), _at(2029, 3, 1, 0))
    assert (row.version, row.grace_hours, row.name) == (1, 12, "Cả năm")
    assert {switch for switch in SWITCHES if not getattr(row, switch)} == {"vote"}


def _at(year: int, month: int, day: int, hour: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, hour))


def test_windows_of_reports_are_a_year_later(world: w.World) -> None:
    w.period(
        world, f"Tháng 1/{w.YEAR}", start=date(w.YEAR - 1, 12, 15), end=date(w.YEAR, 1, 14),
        due_on=date(w.YEAR, 1, 20),
    )  # fmt: skip
    row = Period.objects.get(season=copy(world))
    assert row.name == f"Tháng 1/{w.YEAR + 1}"
    assert (row.start, row.end, row.due_on) == (
        date(w.YEAR, 12, 15), date(w.YEAR + 1, 1, 14), date(w.YEAR + 1, 1, 20),
    )  # fmt: skip


def test_targets_come_as_a_draft_with_their_predecessors(world: w.World) -> None:
    whole = Target.objects.create(
        pledge=world.pledge, order=1, group="political", text="Báo cáo", measure="bản",
        planned=Decimal(30), weight=Decimal(20),
    )  # fmt: skip
    Target.objects.filter(pk=world.target.pk).update(part_of=whole, weight=Decimal("12.50"))
    Pledge.objects.filter(pk=world.pledge.pk).update(content="Giao ước", settled_at=timezone.now())
    pledge = copy(world).pledge
    assert (pledge.content, pledge.settled_at, pledge.signed_on) == ("Giao ước", None, None)
    first, own = (
        pledge.targets.order_by("unit_id").filter(unit=None).get(),
        pledge.targets.get(unit=world.a),
    )
    assert (first.previous, own.previous) == (whole, world.target)
    assert (own.part_of, own.weight, own.planned) == (first, Decimal("12.50"), Decimal(10))


def test_a_part_that_is_not_chosen_stays_behind(world: w.World) -> None:
    new = copy(world, parts=("members",))
    assert list(new.units()) == list(world.season.units())
    assert not new.phases.exists()
    assert not Pledge.objects.filter(season=new).exists()
    only = copy_season(season=world.far_season, by=world.far_secretary, parts=())
    assert not only.units().exists()


def test_a_unit_gives_way_to_what_follows_it(world: w.World) -> None:
    """A is renamed twice, B and C merge, each in its place."""
    middle, newer, merged = (w.unit(code, f"Đơn vị {code}") for code in ("A1", "A2", "BC"))
    end(world.a, middle)
    end(middle, newer)
    end(world.b, merged)
    end(world.c, merged)
    new = copy(world)
    assert list(new.units()) == [newer, merged]
    assert new.pledge.targets.get().unit == newer


def test_a_unit_that_was_split_leaves_its_targets_to_all(world: w.World) -> None:
    one, two = w.unit("A1", "Đơn vị A1"), w.unit("A2", "Đơn vị A2")
    end(world.a, one, two)
    new = copy(world)
    assert list(new.units()) == [one, two, world.b, world.c]
    assert [row.unit for row in new.pledge.targets.order_by("unit__code")] == [one, two]


def test_targets_of_merged_units_get_places_of_their_own(world: w.World) -> None:
    Target.objects.create(
        pledge=world.pledge, unit=world.b, order=1, group="force", text="Lớp", measure="lớp",
        planned=1,
    )  # fmt: skip
    merged = w.unit("AB", "Đơn vị AB")
    end(world.a, merged)
    end(world.b, merged)
    rows = copy(world).pledge.targets.filter(unit=merged).order_by("order")
    assert [(row.order, row.text) for row in rows] == [(1, "Báo cáo"), (2, "Lớp")]


def test_a_unit_that_ended_or_moved_away_is_left_out(world: w.World) -> None:
    end(world.a)
    Membership.objects.create(
        cluster=world.far_season.cluster, unit=world.b, year=w.YEAR + 1, order=9
    )
    found = heirs(world.season)
    assert (found.order, found.gone) == ([world.c], [world.a, world.b])
    new = copy(world)
    assert list(new.units()) == [world.c]
    assert not new.pledge.targets.exists()


def test_members_that_are_set_already_stay(world: w.World) -> None:
    Membership.objects.create(cluster=world.season.cluster, unit=world.c, year=w.YEAR + 1, order=4)
    assert list(copy(world).units()) == [world.c]


def test_a_ring_of_successors_ends(world: w.World) -> None:
    other = w.unit("A1", "Đơn vị A1")
    end(world.a, other)
    end(other, world.a)
    assert world.a in heirs(world.season).gone


def test_a_second_copy_is_refused(world: w.World) -> None:
    copy(world)
    with pytest.raises(ValidationError) as caught:
        copy(world)
    assert caught.value.code == "exists"
    assert Season.objects.filter(year=w.YEAR + 1).count() == 1


def test_a_cluster_that_ends_has_no_next_season(world: w.World) -> None:
    Cluster.objects.filter(pk=world.season.cluster_id).update(year_to=w.YEAR)
    with pytest.raises(ValidationError) as caught:
        copy(world)
    assert caught.value.code == "over"


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_secretary_copies(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        copy(world, by=getattr(world, who))


def test_a_closed_season_is_copied_too(world: w.World) -> None:
    everything.close(world)
    assert copy(world).phases.count() == 1


def test_the_copy_has_one_entry_with_its_counts(world: w.World) -> None:
    (event,) = history(copy(world))
    assert (event.verb, event.actor) == ("season.copy", world.thu)
    assert {name: after for name, (_before, after) in event.changes.items()} == {
        "from": "gan", "members": 3, "phases": 1, "periods": 0, "targets": 1,
    }  # fmt: skip


def test_the_address_tells_the_year(world: w.World) -> None:
    assert copy(world).slug == f"gan-{w.YEAR + 1}"
    Season.objects.filter(pk=world.far_season.pk).update(slug=f"gan-{w.YEAR}")
    far = Season.objects.get(pk=world.far_season.pk)
    assert copy_season(season=far, by=world.far_secretary).slug == f"gan-{w.YEAR + 1}-2"


def test_copying_costs_the_same_however_much_there_is(world: w.World) -> None:
    def cost(act: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    permissions.can_copy(world.thu, world.season)  # what the user is, is read once
    few = cost(lambda: copy(world, parts=PARTS))
    Season.objects.filter(year=w.YEAR + 1).update(year=w.YEAR + 50)
    Membership.objects.filter(year=w.YEAR + 1).update(year=w.YEAR + 50)
    Target.objects.bulk_create(
        Target(
            pledge=world.pledge, unit=unit, order=order, group="force", text="Việc", measure="lần",
            planned=1,
        )
        for unit in (world.a, world.b, None)
        for order in range(10, 40)
    )  # fmt: skip
    for number in range(30):
        row = w.unit(f"X{number}", f"Đơn vị X{number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=row, year=w.YEAR, order=10 + number
        )
    Phase.objects.bulk_create(
        Phase(
            season=world.season, name=f"Pha {n}", start=world.phase.start,
            end=world.phase.end + timedelta(days=n),
        )
        for n in range(30)
    )  # fmt: skip
    # SQLite takes so many targets in two statements instead of one.
    assert cost(lambda: copy(world, parts=PARTS)) <= few + 1
