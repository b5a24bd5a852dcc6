"""The head of the cluster hands over to the next one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from clusters.models import Appointment, Membership, Role, Term, TermState, Unit, User
from clusters.services.lineage import UnitName, rename_unit
from emulation.models import Season
from emulation.permissions import is_secretary
from emulation.services import handover as services
from journal.models import Event
from tests import world as w

TODAY = timezone.localdate()
NEXT = w.YEAR + 1
DAY = date(NEXT, 1, 1)


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def hand_over(world: w.World, **values: Any) -> Season:
    """The rotation's proposal: B heads, C is deputy; Bình becomes secretary."""
    given = {
        "season": world.season, "by": world.thu, "head": world.b, "deputy": world.c,
        "people": [world.binh], "day": DAY, "source": "Hội nghị tổng kết",
    } | values  # fmt: skip
    return services.hand_over(**given)


def refused(world: w.World, **values: Any) -> str | None:
    """Return why it was refused; nothing of it may have happened."""
    before = Event.objects.count()
    with pytest.raises(ValidationError) as found:
        hand_over(world, **values)
    assert Event.objects.count() == before
    assert not Term.objects.filter(year=NEXT, state=TermState.ACTIVE).exists()
    assert Appointment.objects.get(user=world.thu).end is None
    error = found.value
    return (
        next(iter(error.error_dict.values()))[0].code
        if hasattr(error, "error_dict")
        else error.code
    )


def secretaries(world: w.World, day: date) -> list[tuple[str, str]]:
    rows = Appointment.objects.on(day).filter(role=Role.SECRETARY, cluster=world.season.cluster)
    return [(row.user.username, row.unit.code if row.unit else "") for row in rows.order_by("pk")]


# What the rotation proposes


def test_the_deputy_is_proposed_as_head_and_the_next_as_deputy(world: w.World) -> None:
    found = services.rotation(world.season)
    assert (found.head, found.deputy) == (world.b, world.c)
    assert found.members == [world.a, world.b, world.c]


def test_after_the_last_comes_the_first(world: w.World) -> None:
    Term.objects.update(head=world.b, deputy=world.c)
    found = services.rotation(world.season)
    assert (found.head, found.deputy) == (world.c, world.a)


def test_without_a_deputy_the_next_in_order_is_proposed(world: w.World) -> None:
    Term.objects.update(deputy=None)
    found = services.rotation(world.season)
    assert (found.head, found.deputy) == (world.b, world.c)


def test_without_a_term_nothing_is_proposed(world: w.World) -> None:
    Term.objects.all().delete()
    found = services.rotation(world.season)
    assert (found.head, found.deputy) == (None, None)


def test_what_was_elected_already_is_proposed(world: w.World) -> None:
    Term.objects.create(cluster=world.season.cluster, year=NEXT, head=world.c, deputy=world.a)
    found = services.rotation(world.season)
    assert (found.head, found.deputy) == (world.c, world.a)


def test_a_deputy_that_was_renamed_is_proposed_under_its_new_name(world: w.World) -> None:
    new = rename_unit(unit=world.b, to=UnitName("Mới", "Mới", "B9"), day=TODAY, by=world.quang)
    found = services.rotation(world.season)
    assert (found.head, found.deputy) == (new, world.c)


# Handing over


def test_rights_pass_on_the_day(world: w.World) -> None:
    hand_over(world)
    assert secretaries(world, DAY - timedelta(days=1)) == [("thu", "C")]
    assert secretaries(world, DAY) == [("binh", "B")]


def test_terms_turn(world: w.World) -> None:
    hand_over(world)
    now, following = Term.objects.order_by("year")
    assert (now.state, now.head) == (TermState.HANDED_OVER, world.a)
    assert (following.state, following.head, following.deputy, following.source) == (
        TermState.ACTIVE, world.b, world.c, "Hội nghị tổng kết",
    )  # fmt: skip
    assert services.is_handed_over(world.season)


def test_the_next_season_is_opened(world: w.World) -> None:
    opened = hand_over(world)
    assert (opened.year, opened.cluster) == (NEXT, world.season.cluster)
    assert list(opened.units()) == [world.a, world.b, world.c]


def test_a_season_that_is_open_already_stays(world: w.World) -> None:
    known = Season.objects.create(cluster=world.season.cluster, year=NEXT, slug="san-co")
    for order, unit in enumerate((world.b, world.c), 1):
        Membership.objects.create(cluster=known.cluster, unit=unit, year=NEXT, order=order)
    assert hand_over(world) == known
    assert Season.objects.filter(year=NEXT).count() == 1
    assert list(known.units()) == [world.b, world.c]


def test_a_planned_term_becomes_active(world: w.World) -> None:
    planned = Term.objects.create(
        cluster=world.season.cluster, year=NEXT, head=world.c, source="Bầu tại hội nghị"
    )
    hand_over(world, source="")
    planned.refresh_from_db()
    assert (planned.head, planned.state, planned.source) == (
        world.b, TermState.ACTIVE, "Bầu tại hội nghị",
    )  # fmt: skip


def test_who_goes_on_as_secretary_has_one_running_role(world: w.World) -> None:
    """Thư works in C, the new deputy; she stays secretary, under the new term."""
    hand_over(world, people=[world.binh, world.thu])
    assert secretaries(world, DAY) == [("binh", "B"), ("thu", "C")]
    assert Appointment.objects.filter(user=world.thu).count() == 2


def test_a_hand_over_leaves_one_entry_of_its_own(world: w.World) -> None:
    opened = hand_over(world)
    [event] = Event.objects.filter(verb="season.hand_over")
    assert (event.subject_id, event.actor_id) == (str(world.season.pk), world.thu.pk)
    assert event.changes == {
        "head": [world.a.pk, world.b.pk],
        "deputy": [world.b.pk, world.c.pk],
        "secretaries": [[world.thu.pk], [world.binh.pk]],
        "day": [None, DAY.isoformat()],
        "season": [None, opened.slug],
    }


def test_a_second_click_hands_nothing_over_again(world: w.World) -> None:
    hand_over(world)
    events = Event.objects.count()
    with pytest.raises(ValidationError) as found:
        hand_over(world, head=world.c, deputy=world.a)
    assert found.value.code == "done"
    assert Event.objects.count() == events
    assert Term.objects.get(year=NEXT).head == world.b


def test_on_the_same_day_the_old_secretary_has_no_more_rights(world: w.World) -> None:
    hand_over(world, day=TODAY)
    thu, binh = User.objects.get(pk=world.thu.pk), User.objects.get(pk=world.binh.pk)
    assert not is_secretary(thu, world.season)
    assert is_secretary(binh, world.season)
    assert is_secretary(binh, Season.objects.get(year=NEXT))


def test_a_closed_season_is_handed_over_too(world: w.World) -> None:
    rows = Season.objects.filter(pk=world.season.pk)
    rows.update(closed_at=timezone.now(), closed_by=world.lan)
    assert hand_over(world).year == NEXT


def test_a_secretary_who_begins_later_is_left_alone(world: w.World) -> None:
    later = Appointment.objects.create(
        user=world.khach, role=Role.SECRETARY, unit=world.a, cluster=world.season.cluster,
        start=DAY + timedelta(days=30),
    )  # fmt: skip
    hand_over(world)
    later.refresh_from_db()
    assert later.end is None


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_secretary_hands_over(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        hand_over(world, by=getattr(world, who))
    assert not Season.objects.filter(year=NEXT, cluster=world.season.cluster).exists()


def test_what_makes_no_sense_is_refused(world: w.World) -> None:
    far = Unit.objects.get(code="D")
    assert refused(world, head=world.b, deputy=world.b) == "same"
    assert refused(world, head=far) == "member"
    assert refused(world, people=[]) == "nobody"
    assert refused(world, people=[world.an]) == "people"
    assert refused(world, people=[world.binh, world.khach]) == "people"
    assert refused(world, day=TODAY - timedelta(days=1)) == "day"
    assert refused(world, day=date(NEXT + 1, 1, 1)) == "day"


def test_who_has_left_by_that_day_takes_nothing_over(world: w.World) -> None:
    Appointment.objects.filter(user=world.binh).update(end=DAY - timedelta(days=1))
    assert refused(world) == "people"


def test_a_user_that_is_shut_out_takes_nothing_over(world: w.World) -> None:
    User.objects.filter(pk=world.binh.pk).update(is_active=False)
    assert refused(world) == "people"


def test_a_cluster_that_ends_with_the_year_has_nobody_to_hand_over_to(world: w.World) -> None:
    cluster = world.season.cluster
    cluster.year_to = w.YEAR
    cluster.save()
    assert refused(world) == "over"
