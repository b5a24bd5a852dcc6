from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from awards.models import Conference, Nomination, NominationState, Remark
from awards.services import (
    add_remark,
    conclude_conference,
    nominate,
    record_conference,
    withdraw_nomination,
)
from emulation.models import Achievement, State
from journal.queries import history
from tests import world as w

OTHERS = ["an", "binh", "lan", "quang", "khach", "far_secretary"]


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def confer(world: w.World, **values: Any) -> Conference:
    facts = {"held_on": w.DAY, "place": "Hà Nội", "chair": "Lê Văn C", "conclusion": "Đoàn kết"}
    args = {"season": world.season, "by": world.thu, "version": 0, "values": facts} | values
    return record_conference(**args)


def propose(world: w.World, **values: Any) -> Nomination:
    args = {
        "season": world.season, "unit": world.a, "award": world.flag, "merit": "Dẫn đầu",
        "by": world.thu,
    } | values  # fmt: skip
    return nominate(**args)


def test_a_conference_is_recorded_changed_and_concluded(world: w.World) -> None:
    row = confer(world)
    row = confer(world, version=row.version, values={"place": "Hải Phòng"})
    conclude_conference(season=world.season, by=world.thu)
    row.refresh_from_db()
    assert (row.place, row.state) == ("Hải Phòng", "concluded")
    assert [event.verb for event in history(row)] == [
        "conference.conclude", "conference.record", "conference.record",
    ]  # fmt: skip


def test_a_concluded_conference_is_closed(world: w.World) -> None:
    row = confer(world)
    conclude_conference(season=world.season, by=world.thu)
    row.refresh_from_db()
    for act in (
        lambda: confer(world, version=row.version, values={"place": "Khác"}),
        lambda: remark(world),
        lambda: conclude_conference(season=world.season, by=world.thu),
    ):
        with pytest.raises(ValidationError) as caught:
            act()
        assert caught.value.code == "concluded"


def test_concluding_names_what_is_missing(world: w.World) -> None:
    confer(world, values={"place": "Hà Nội"})
    with pytest.raises(ValidationError, match="ngày tổ chức, chủ trì, kết luận"):
        conclude_conference(season=world.season, by=world.thu)


def test_a_stale_conference_form_is_refused(world: w.World) -> None:
    confer(world)
    with pytest.raises(ValidationError) as caught:
        confer(world)
    assert caught.value.code == "stale"


def remark(world: w.World, **values: Any) -> Remark:
    args = {
        "season": world.season, "by": world.thu, "kind": Remark.Kind.ADDITION, "unit": world.a,
        "text": "Bổ sung một kết quả",
    } | values  # fmt: skip
    return add_remark(**args)


def test_a_result_added_in_the_discussion_is_marked(world: w.World) -> None:
    row = w.sent(world)
    Achievement.objects.filter(pk=row.pk).update(state=State.VERIFIED)
    row.refresh_from_db()
    remark(world, achievement=row)
    row.refresh_from_db()
    assert row.added_at_conference


def test_only_the_units_own_verified_result_is_added(world: w.World) -> None:
    row = w.sent(world)
    for values in ({"achievement": row}, {"achievement": row, "unit": world.b}):
        with pytest.raises(ValidationError):
            remark(world, **values)
    assert not Remark.objects.exists()


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_secretary_records(world: w.World, who: str) -> None:
    by = getattr(world, who)
    for act in (
        lambda: confer(world, by=by),
        lambda: remark(world, by=by),
        lambda: conclude_conference(season=world.season, by=by),
        lambda: propose(world, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not Conference.objects.exists()


def test_a_unit_is_nominated_once_for_an_award(world: w.World) -> None:
    row = propose(world)
    assert row.state == NominationState.PROPOSED
    with pytest.raises(ValidationError) as caught:
        propose(world)
    assert "unit" in caught.value.message_dict
    assert history(row)[0].verb == "nomination.propose"


def test_a_strange_unit_is_not_nominated(world: w.World) -> None:
    with pytest.raises(ValidationError):
        propose(world, unit=world.far_season.units().get())


def test_a_withdrawn_nomination_keeps_its_reason_and_frees_the_place(world: w.World) -> None:
    row = propose(world)
    with pytest.raises(ValidationError):
        withdraw_nomination(nomination=row, by=world.thu, reason=" ")
    withdraw_nomination(nomination=row, by=world.thu, reason="Đơn vị xin rút")
    with pytest.raises(ValidationError):
        withdraw_nomination(nomination=row, by=world.thu, reason="Lần nữa")
    assert propose(world).pk != row.pk
    assert list(Nomination.objects.standing()) != [row]


def test_the_database_refuses_a_second_standing_nomination(world: w.World) -> None:
    propose(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.create(
            season=world.season, unit=world.a, award=world.flag, state=NominationState.PROPOSED
        )


def test_nominations_visible_to_each(world: w.World) -> None:
    out = propose(world)
    hidden = Nomination.objects.create(season=world.season, unit=world.b, award=world.flag)
    seen = {
        name: set(Nomination.objects.visible_to(getattr(world, name)))
        for name in ("an", "binh", "thu", "lan", "quang", "khach", "far_secretary")
    }
    assert seen == {
        "an": {out}, "binh": {out}, "thu": {out, hidden}, "lan": {out, hidden},
        "quang": {out, hidden}, "khach": set(), "far_secretary": set(),
    }  # fmt: skip


def test_nominating_ends_with_the_phase(world: w.World) -> None:
    assert timezone.now() < world.phase.end
    with pytest.raises(PermissionDenied):
        propose(world, at=world.phase.end)
