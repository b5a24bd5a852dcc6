from decimal import Decimal

import pytest

from emulation import standings
from emulation.models import Achievement, State, Target, TargetGroup
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def counted(world: w.World, target: Target, quantity: int) -> Achievement:
    row = w.sent(world, title=f"{target} {quantity}")
    Achievement.objects.filter(pk=row.pk).update(
        state=State.VERIFIED, target=target, quantity=quantity
    )
    return row


def target(world: w.World, order: int, **values: object) -> Target:
    return Target.objects.create(
        pledge=world.pledge, order=order, group=TargetGroup.POLITICAL, text=f"Chỉ tiêu {order}",
        measure="việc", **{"planned": Decimal(10)} | values,
    )  # fmt: skip


def test_only_verified_achievements_count(world: w.World) -> None:
    counted(world, world.target, 3)
    waiting = w.sent(world)
    Achievement.objects.filter(pk=waiting.pk).update(target=world.target, quantity=5)
    (row,) = standings.targets(world.season, world.a)
    assert (row.reached, row.achievements, row.percent) == (3, 1, 30)
    assert not row.is_met


def test_a_clusters_target_adds_up_its_parts(world: w.World) -> None:
    whole = target(world, 2)
    parts = [target(world, 3, unit=unit, part_of=whole) for unit in (world.a, world.b)]
    counted(world, whole, 1)
    counted(world, parts[0], 4)
    counted(world, parts[1], 6)
    (row,) = standings.targets(world.season)
    assert (row.reached, row.achievements) == (11, 3)
    assert row.is_met


def test_less_can_be_better(world: w.World) -> None:
    fewer = target(world, 2, direction="less", planned=Decimal(2))
    assert standings.targets(world.season)[0].is_met
    counted(world, fewer, 3)
    assert not standings.targets(world.season)[0].is_met


def test_a_target_of_nothing_has_no_percentage(world: w.World) -> None:
    target(world, 2, planned=Decimal(0))
    assert standings.targets(world.season)[0].percent is None


def test_progress_counts_states_by_unit(world: w.World) -> None:
    w.draft(world)
    w.sent(world)
    counted(world, world.target, 1)
    first, second, _third = standings.progress(world.season)
    assert (first.verified, first.awaiting, first.sent, first.percent) == (1, 1, 2, 50)
    assert (second.sent, second.percent) == (0, 0)


def test_by_month_counts_what_is_verified(world: w.World) -> None:
    counted(world, world.target, 1)
    w.sent(world)
    assert standings.by_month(world.season) == [1] + [0] * 11
    assert standings.by_month(world.season, world.b) == [0] * 12
