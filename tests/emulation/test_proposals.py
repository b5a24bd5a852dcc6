"""Which target is proposed: the usual one, else one of the category's group; no foreign one."""

from typing import Any

import pytest

from emulation import proposals
from emulation.models import Category, Target, TargetGroup
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def target(world: w.World, text: str, *, unit: Any = None, **values: Any) -> Target:
    given = {"group": TargetGroup.COMMUNITY, "measure": "buổi", "planned": 1} | values
    order = Target.objects.count() + 1
    return Target.objects.create(pledge=world.pledge, unit=unit, text=text, order=order, **given)


def proposed(world: w.World, category: Category = Category.COMMUNITY) -> Target | None:
    return proposals.by_category(world.season, world.a).get(category)


def test_every_category_has_a_group() -> None:
    assert set(proposals.GROUPS) == set(Category)


def test_the_usual_target_of_the_category_comes_first(world: w.World) -> None:
    target(world, "Hoạt động vì cộng đồng", unit=world.a)
    usual = target(world, "Thứ khác hẳn", unit=world.a, group=TargetGroup.POLITICAL)
    for _ in range(2):
        w.draft(world, category=Category.COMMUNITY, target=usual, quantity=1)
    assert proposed(world) == usual
    # What another category counts towards says nothing of this one.
    assert proposed(world, Category.ADVISORY) in (world.target, usual)


def test_the_more_frequent_of_two_is_proposed(world: w.World) -> None:
    once, twice = target(world, "Một", unit=world.a), target(world, "Hai", unit=world.a)
    for served in (once, twice, twice):
        w.draft(world, category=Category.COMMUNITY, target=served, quantity=1)
    assert proposed(world) == twice


def test_without_a_habit_the_group_and_the_words_decide(world: w.World) -> None:
    target(world, "Tặng quà gia đình chính sách", unit=world.a)
    right = target(world, "Buổi tuyên truyền pháp luật", unit=world.a)
    row = w.draft(world, category=Category.COMMUNITY, title="Tuyên truyền pháp luật ở trường")
    assert proposals.for_achievement(row) == right


def test_an_own_target_comes_before_a_common_one(world: w.World) -> None:
    common = target(world, "Chung")
    assert proposed(world) == common
    own = target(world, "Riêng", unit=world.a)
    assert proposed(world) == own


def test_targets_of_others_are_never_proposed(world: w.World) -> None:
    target(world, "Của B", unit=world.b)
    assert proposed(world) is None
    foreign = target(world, "Của B nữa", unit=world.b, group=TargetGroup.POLITICAL)
    assert foreign not in proposals.by_category(world.season, world.a).values()
    assert not proposals.by_category(world.far_season, world.a)


def test_the_habit_of_another_unit_says_nothing(world: w.World) -> None:
    first, second = target(world, "Một"), target(world, "Hai")
    w.draft(world, by=world.binh, category=Category.COMMUNITY, target=second, quantity=1)
    assert proposed(world) == first


def test_nothing_is_proposed_where_a_target_is_chosen(world: w.World) -> None:
    row = w.draft(world, target=world.target, quantity=1)
    assert proposals.for_achievement(row) is None


def test_all_categories_cost_two_queries(world: w.World, django_assert_num_queries: Any) -> None:
    for number in range(30):
        served = target(world, f"Chỉ tiêu {number}", unit=world.a)
        w.draft(world, category=Category.COMMUNITY, target=served, quantity=1)
    with django_assert_num_queries(2):
        proposals.by_category(world.season, world.a)
