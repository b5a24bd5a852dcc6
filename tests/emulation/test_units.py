"""A unit that changed in the running year: its record is carried on, its drafts go along."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clusters.models import Appointment, Membership, Role, Unit
from clusters.services.lineage import UnitName
from emulation import permissions
from emulation.models import (
    Achievement,
    Launch,
    Pledge,
    Registration,
    Review,
    Season,
    State,
    Target,
    TargetGroup,
)
from emulation.services import achievement as achievements
from emulation.services import review as reviews
from emulation.services import units as services
from tests import world as w

TODAY = timezone.localdate()
NEXT = w.YEAR + 1


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def following(world: w.World) -> Season:
    """The season of next year, opened in advance, with members and drafted targets."""
    made = Season.objects.create(cluster=world.season.cluster, year=NEXT, slug="gan-sau")
    for order, unit in enumerate((world.a, world.b, world.c), 1):
        Membership.objects.create(cluster=made.cluster, unit=unit, year=NEXT, order=order)
    pledge = Pledge.objects.create(season=made)
    for unit in (world.a, world.b):
        for order in (1, 2):
            Target.objects.create(
                pledge=pledge, unit=unit, order=order, group=TargetGroup.POLITICAL,
                text=f"{unit.code}{order}", measure="bản", planned=Decimal(1), weight=50,
            )  # fmt: skip
        Registration.objects.create(pledge=pledge, unit=unit, title="Đơn vị quyết thắng")
    return made


def name(code: str) -> UnitName:
    return UnitName(name=f"Đơn vị {code}", short_name=f"Đơn vị {code}", code=code)


def rename(world: w.World, **values: Any) -> Unit:
    given = {"unit": world.a, "to": name("A9"), "day": TODAY, "by": world.quang} | values
    made = services.rename_unit(**given)
    for user in (world.an, world.anh, world.binh, world.thu):
        user.__dict__.pop("_standing", None)
    return made


def targets(season: Season) -> list[tuple[str, int, str]]:
    rows = Target.objects.filter(pledge__season=season).select_related("unit")
    return [(row.unit.code, row.order, row.text) for row in rows.order_by("unit", "order")]


def test_the_successor_reads_and_goes_on_with_the_record(world: w.World) -> None:
    row = w.draft(world)
    rename(world)
    assert permissions.own_unit(world.an, world.season) == world.a
    assert list(Achievement.objects.visible_to(world.an)) == [row]
    values = {"title": "Viết tiếp"}
    after = achievements.change_achievement(
        achievement=row, by=world.an, version=row.version, values=values, particulars={}
    )
    assert after.title == "Viết tiếp"
    sent = reviews.submit_achievement(achievement=after, by=world.an)
    assert (sent.state, sent.unit) == (State.SUBMITTED, world.a)


def test_new_results_of_the_running_year_belong_to_its_member(world: w.World) -> None:
    rename(world)
    client = Client()
    client.force_login(world.an)
    page = client.get(reverse("season_home", args=[world.season.slug]))
    assert page.status_code == 200
    assert "Đơn vị A" in page.content.decode()
    assert w.draft(world).unit == world.a


def test_who_left_before_the_change_gets_nothing(world: w.World) -> None:
    w.draft(world)
    Appointment.objects.filter(user=world.an).update(end=TODAY - timedelta(days=1))
    rename(world)
    assert not Achievement.objects.visible_to(world.an).exists()


def test_a_stranger_to_the_line_sees_nothing_of_it(world: w.World) -> None:
    w.draft(world)
    rename(world)
    assert not Achievement.objects.visible_to(world.binh).exists()


def test_nobody_judges_the_own_predecessor(world: w.World) -> None:
    """The secretary's own unit was renamed; its achievements stay somebody else's to judge."""
    w.appoint(world.khach, Role.UNIT_STAFF, unit=world.c)
    rename(world, unit=world.c, to=name("C9"))
    row = achievements.enter_achievement(
        season=world.season, unit=world.c, by=world.khach, key=w.uuid4(),
        values={"category": "advisory", "title": "Việc", "started_on": w.DAY}, particulars={},
    )  # fmt: skip
    row = reviews.submit_achievement(achievement=row, by=world.khach)
    with pytest.raises(PermissionDenied):
        reviews.review_achievement(
            achievement=row, by=world.thu, revision=row.revision,
            decision=Review.Decision.VERIFIED, reason="",
        )  # fmt: skip
    other = w.sent(world)
    done = reviews.review_achievement(
        achievement=other, by=world.thu, revision=other.revision,
        decision=Review.Decision.VERIFIED, reason="",
    )  # fmt: skip
    assert done is not None


def test_drafts_of_next_year_go_along(world: w.World, following: Season) -> None:
    new = rename(world)
    assert targets(following) == [("A9", 1, "A1"), ("A9", 2, "A2"), ("B", 1, "B1"), ("B", 2, "B2")]
    assert Registration.objects.filter(unit=new).count() == 1
    assert following.units()[0] == new


def test_drafts_of_merged_units_stand_one_after_the_other(
    world: w.World, following: Season
) -> None:
    new = services.merge_units(units=[world.b, world.a], to=name("AB"), day=TODAY, by=world.quang)
    assert targets(following) == [
        ("AB", 1, "B1"), ("AB", 2, "B2"), ("AB", 3, "A1"), ("AB", 4, "A2"),
    ]  # fmt: skip
    assert Registration.objects.filter(pledge__season=following).count() == 1
    assert list(following.units()) == [new, world.c]


def test_drafts_of_a_split_unit_go_to_the_first(world: w.World, following: Season) -> None:
    people = {row.pk: 1 for row in Appointment.objects.filter(unit=world.a)}
    first, second = services.split_unit(
        unit=world.a, into=[name("A1"), name("A2")], people=people, day=TODAY, by=world.quang
    )
    assert Target.objects.filter(unit=first).count() == 2
    assert list(following.units()) == [first, world.b, world.c, second]


def test_the_old_cluster_drops_what_it_drafted_for_a_unit_that_moves(
    world: w.World, following: Season
) -> None:
    services.move_unit(
        unit=world.a, origin=world.season.cluster, to=world.far_season.cluster, year=NEXT,
        by=world.quang,
    )  # fmt: skip
    assert targets(following) == [("B", 1, "B1"), ("B", 2, "B2")]
    assert world.target in Target.objects.all()


def test_a_year_for_which_the_unit_wrote_already_keeps_its_member(
    world: w.World, following: Season
) -> None:
    Achievement.objects.create(season=following, unit=world.a, number=1, category="advisory")
    rename(world)
    assert following.units()[0] == world.a
    assert services.first_year([world.a], TODAY) == NEXT + 1
    assert services.first_year([world.b], TODAY) == NEXT


def test_the_record_of_a_closed_year_stays(world: w.World) -> None:
    """A closed season keeps the old name; the unit may still end and go on under another."""
    rows = Season.objects.filter(pk=world.season.pk)
    rows.update(closed_at=timezone.now(), closed_by=world.lan)
    new = rename(world)
    world.season.refresh_from_db()
    assert [unit.name for unit in world.season.units()] == ["Đơn vị A", "Đơn vị B", "Đơn vị C"]
    assert new.name == "Đơn vị A9"
    assert Unit.objects.get(pk=world.a.pk).valid_to == TODAY - timedelta(days=1)


def test_a_day_long_ago_is_no_year_to_come(world: w.World) -> None:
    assert services.first_year([world.a], date(w.YEAR - 3, 5, 1)) == NEXT


def merged(world: w.World) -> Unit:
    """A and B became one unit today; An works in what follows both."""
    made = services.merge_units(units=[world.a, world.b], to=name("AB"), day=TODAY, by=world.quang)
    world.an.__dict__.pop("_standing", None)
    return made


def test_after_a_merger_staff_go_on_with_the_record_of_each_unit(world: w.World) -> None:
    merged(world)
    client = Client()
    client.force_login(world.an)
    home = reverse("season_home", args=[world.season.slug])
    text = client.get(home).content.decode()
    assert "Đang làm cho <strong>Đơn vị A</strong>" in text
    switch = reverse("unit_switch", args=[world.season.slug])
    assert client.post(switch, {"unit": world.b.pk})["Location"] == home
    text = client.get(home).content.decode()
    assert "Đang làm cho <strong>Đơn vị B</strong>" in text
    values = {"slogan": "Cùng tiến", "launched_on": w.DAY.isoformat(), "version": "0"}
    client.post(reverse("launch_edit", args=[world.season.slug]), values)
    assert [row.unit for row in Launch.objects.all()] == [world.b]


@pytest.mark.parametrize("strange", ["c", "d", "x", "9" * 400, ""])
def test_nobody_acts_for_a_unit_that_is_not_theirs(world: w.World, strange: str) -> None:
    merged(world)
    keys = {"c": world.c.pk, "d": Unit.objects.get(code="D").pk}
    client = Client()
    client.force_login(world.an)
    switch = reverse("unit_switch", args=[world.season.slug])
    client.post(switch, {"unit": keys.get(strange, strange)})
    text = client.get(reverse("season_home", args=[world.season.slug])).content.decode()
    assert "Đang làm cho <strong>Đơn vị A</strong>" in text


def test_a_choice_ends_with_the_right_to_it(world: w.World) -> None:
    merged(world)
    permissions.act_for(world.an, world.season, world.b.pk)
    assert permissions.own_unit(world.an, world.season) == world.b
    Appointment.objects.filter(user=world.an).delete()
    world.an.__dict__.pop("_standing", None)
    fresh = Season.objects.get(pk=world.season.pk)
    assert permissions.own_unit(world.an, fresh) is None


def test_who_has_one_unit_is_offered_no_other(world: w.World) -> None:
    client = Client()
    client.force_login(world.an)
    text = client.get(reverse("season_home", args=[world.season.slug])).content.decode()
    assert "Chuyển sang:" not in text
