"""Good practice: cards of what was verified, and units that apply what others found."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Membership, Role, Unit
from emulation import practices
from emulation.models import (
    Achievement,
    Adoption,
    AdvancedModel,
    Category,
    Phase,
    Season,
    State,
)
from emulation.services import practice as services
from journal.models import Event
from tests import world as w

TODAY = timezone.localdate()


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def card(world: w.World, name: str = "Tổ dân phố không tiếng ồn", **values: Any) -> AdvancedModel:
    """A verified model of unit A in the season of this year."""
    given = {
        "season": world.season, "unit": world.a, "state": State.VERIFIED,
        "number": Achievement.objects.count() + 500,
    } | {key: values.pop(key) for key in ("season", "unit", "state") if key in values}  # fmt: skip
    source = Achievement.objects.create(
        category=Category.ADVANCED_MODEL, title=f"Nhân rộng {name}", started_on=w.DAY,
        submitted_at=timezone.now(), revision=1, **given,
    )  # fmt: skip
    made = {"kind": "practice", "problem": "Ồn ào", "steps": "Vận động", "result": "Yên tĩnh"}
    return AdvancedModel.objects.create(achievement=source, name=name, **made | values)


def adopt(world: w.World, model: AdvancedModel, **values: Any) -> Adoption:
    given = {
        "season": world.season, "unit": world.b, "by": world.binh, "since": TODAY, "note": "Ở cơ sở"
    }  # fmt: skip
    return services.adopt(model=model, **given | values)


def address(world: w.World, name: str, model: AdvancedModel | None = None) -> str:
    return reverse(name, args=[world.season.slug, *([model.pk] if model else [])])


def shown(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200
    return response.content.decode()


def earlier(world: w.World) -> Season:
    """The cluster's season of last year, in which B and A were members."""
    for order, unit in enumerate((world.a, world.b), 1):
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR - 1, order=order
        )
    return Season.objects.create(cluster=world.season.cluster, year=w.YEAR - 1, slug="gan-truoc")


def close(season: Season, world: w.World) -> None:
    Season.objects.filter(pk=season.pk).update(closed_at=timezone.now(), closed_by=world.lan)


# The services


def test_another_unit_marks_that_it_applies_a_practice(world: w.World) -> None:
    model = card(world)
    row = adopt(world, model)
    assert (row.unit, row.since, row.season, row.by) == (
        world.b, TODAY, world.season, world.binh,
    )  # fmt: skip
    [event] = Event.objects.filter(verb="practice.adopt")
    assert event.subject_id == str(model.pk)
    assert event.changes["since"] == [None, TODAY.isoformat()]
    assert AdvancedModel.objects.get().is_replicated


def test_a_second_click_marks_nothing_more(world: w.World) -> None:
    model = card(world)
    first, second = adopt(world, model), adopt(world, model)
    assert first == second
    assert Event.objects.filter(verb="practice.adopt").count() == 1


def test_what_was_marked_may_change(world: w.World) -> None:
    model = card(world)
    adopt(world, model)
    row = adopt(world, model, since=TODAY - timedelta(days=3), note="Ở ba cơ sở")
    assert Adoption.objects.get() == row
    event = Event.objects.order_by("-number")[0]
    assert event.changes["note"] == ["Ở cơ sở", "Ở ba cơ sở"]


def test_the_database_takes_one_mark_a_unit(world: w.World) -> None:
    row = adopt(world, card(world))
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(
            model=row.model, unit=row.unit, season=row.season, since=TODAY, by=world.binh
        )


@pytest.mark.parametrize("who", ["an", "thu", "lan", "quang", "khach", "far_secretary"])
def test_only_staff_of_the_unit_mark_for_it(world: w.World, who: str) -> None:
    model = card(world)
    with pytest.raises(PermissionDenied):
        adopt(world, model, by=getattr(world, who))
    row = adopt(world, model)
    with pytest.raises(PermissionDenied):
        services.leave(adoption=row, by=getattr(world, who))
    assert Adoption.objects.count() == 1


def test_nobody_applies_the_own_practice(world: w.World) -> None:
    with pytest.raises(PermissionDenied):
        adopt(world, card(world), by=world.an, unit=world.a)


def test_neither_does_a_unit_of_its_line(world: w.World) -> None:
    """B follows A: what A found is B's own."""
    world.b.predecessors.add(world.a)
    with pytest.raises(ValidationError) as refused:
        adopt(world, card(world))
    assert refused.value.code == "own"


def test_who_works_in_both_units_does_not_mark_the_own(world: w.World) -> None:
    w.appoint(world.binh, Role.UNIT_STAFF, unit=world.a)
    with pytest.raises(PermissionDenied):
        adopt(world, card(world))


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.REJECTED, State.RETURNED])
def test_only_what_was_verified_is_a_card(world: w.World, state: State) -> None:
    model = card(world, state=state)
    with pytest.raises(PermissionDenied):
        adopt(world, model)
    assert practices.cards(world.thu) == []


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), w.DAY - timedelta(days=1)])
def test_the_day_makes_sense(world: w.World, day: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        adopt(world, card(world), since=day)
    assert list(refused.value.message_dict) == ["since"]


def test_a_card_of_a_closed_year_is_applied_in_this_one(world: w.World) -> None:
    old = earlier(world)
    model = card(world, season=old)
    close(old, world)
    assert adopt(world, model).season == world.season


def test_in_a_closed_season_nobody_marks(world: w.World) -> None:
    model = card(world)
    close(world.season, world)
    with pytest.raises(PermissionDenied):
        adopt(world, model)


def test_a_mark_of_a_closed_year_stays(world: w.World) -> None:
    old = earlier(world)
    model = card(world, season=old)
    row = adopt(world, model, season=old)
    close(old, world)
    with pytest.raises(ValidationError) as refused:
        adopt(world, model, note="Khác")
    assert refused.value.code == "closed"
    with pytest.raises(ValidationError) as refused:
        services.leave(adoption=row, by=world.binh)
    assert refused.value.code == "closed"
    assert Adoption.objects.get().note == "Ở cơ sở"


def test_a_unit_takes_its_mark_back_once(world: w.World) -> None:
    row = adopt(world, card(world))
    services.leave(adoption=row, by=world.binh)
    services.leave(adoption=row, by=world.binh)
    assert not Adoption.objects.exists()
    [event] = Event.objects.filter(verb="practice.leave")
    assert event.changes["unit"] == [world.b.pk, None]


def test_a_card_of_another_cluster_is_nobody_elses(world: w.World) -> None:
    far = Unit.objects.get(code="D")
    model = card(world, season=world.far_season, unit=far)
    with pytest.raises(PermissionDenied):
        adopt(world, model)
    assert practices.cards(world.an) == []
    assert practices.cards(world.far_secretary) == [model.pk]


# The pages


def test_everybody_of_the_cluster_reads_the_cards(client: Client, world: w.World) -> None:
    model = card(world, contact="Đội tham mưu, máy 123")
    for who in ("an", "binh", "thu", "lan", "quang"):
        client.force_login(getattr(world, who))
        assert "Tổ dân phố không tiếng ồn" in shown(client, address(world, "practice_list"))
        text = shown(client, address(world, "practice_detail", model))
        for words in ("Ồn ào", "Vận động", "Yên tĩnh", "Đội tham mưu, máy 123"):
            assert words in text


def test_only_who_may_open_the_achievement_gets_the_link(client: Client, world: w.World) -> None:
    model = card(world)
    link = reverse("achievement_detail", args=[world.season.slug, model.achievement.number])
    for who, expected in (("an", True), ("binh", False), ("thu", True)):
        client.force_login(getattr(world, who))
        assert (link in shown(client, address(world, "practice_detail", model))) is expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=to+dan+pho", ["Tổ dân phố"]),
        ("q=VAN+DONG", ["Tổ dân phố", "Một cửa số"]),
        ("q=don+vi+b", ["Một cửa số"]),
        ("kind=individual", ["Một cửa số"]),
        ("kind=lạ", ["Tổ dân phố", "Một cửa số", "Năm ngoái"]),
        (f"year={w.YEAR}", ["Tổ dân phố", "Một cửa số"]),
        (f"year={w.YEAR - 1}", ["Năm ngoái"]),
        ("year=x", ["Tổ dân phố", "Một cửa số", "Năm ngoái"]),
        ("q=khong+co+gi", []),
    ],
)
def test_cards_are_found_without_accents_by_kind_and_year(
    client: Client, world: w.World, query: str, found: list[str]
) -> None:
    card(world, "Tổ dân phố")
    card(world, "Một cửa số", unit=world.b, kind="individual")
    card(world, "Năm ngoái", season=earlier(world), steps="Khác")
    client.force_login(world.an)
    text = shown(client, f"{address(world, 'practice_list')}?{query}")
    for name in ("Tổ dân phố", "Một cửa số", "Năm ngoái"):
        assert (f">{name}</a>" in text) is (name in found)


def test_an_empty_list_says_where_cards_come_from(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    assert "đã được thư ký cụm công nhận" in shown(client, address(world, "practice_list"))


def test_a_unit_marks_changes_and_leaves(client: Client, world: w.World) -> None:
    model = card(world)
    client.force_login(world.binh)
    where = address(world, "practice_detail", model)
    assert "Đánh dấu đang áp dụng" in shown(client, where)
    values = {"since": w.DAY.isoformat(), "note": "Ở ba phường"}
    response = client.post(address(world, "practice_adopt", model), values)
    assert response["Location"] == where
    text = shown(client, where)
    assert "từ ngày " + f"{w.DAY:%d/%m/%Y}" in text
    assert "1 đơn vị đang áp dụng" in text
    assert "Ở ba phường" in shown(client, address(world, "practice_adopt", model))
    client.post(address(world, "practice_leave", model))
    assert not Adoption.objects.exists()
    assert "Chưa đơn vị nào đánh dấu" in shown(client, where)


def test_a_wrong_day_is_said_at_its_field(client: Client, world: w.World) -> None:
    model = card(world)
    client.force_login(world.binh)
    where = address(world, "practice_adopt", model)
    values = {"since": (TODAY + timedelta(days=1)).isoformat(), "note": "Giữ lại"}
    text = client.post(where, values).content.decode()
    assert "không trước khi có điển hình" in text
    assert "Giữ lại" in text


@pytest.mark.parametrize("who", ["an", "thu", "lan", "quang"])
def test_the_button_is_for_other_units(client: Client, world: w.World, who: str) -> None:
    model = card(world)
    client.force_login(getattr(world, who))
    assert "Đánh dấu đang áp dụng" not in shown(client, address(world, "practice_detail", model))
    assert client.get(address(world, "practice_adopt", model)).status_code == 403
    assert client.post(address(world, "practice_leave", model)).status_code == 403


def test_marking_needs_no_open_phase(client: Client, world: w.World) -> None:
    """A practice is applied all year, also between the phases."""
    Phase.objects.all().delete()
    assert adopt(world, card(world)).pk


def test_what_waits_is_no_card(client: Client, world: w.World) -> None:
    model = card(world, state=State.SUBMITTED)
    client.force_login(world.thu)
    assert client.get(address(world, "practice_detail", model)).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_thirty(client: Client, world: w.World) -> None:
    adopt(world, card(world))
    client.force_login(world.binh)
    where = address(world, "practice_list")
    shown(client, where)
    with CaptureQueriesContext(connection) as few:
        shown(client, where)
    for number in range(30):
        model = card(world, f"Mô hình {number}")
        if number % 2:
            adopt(world, model)
    with CaptureQueriesContext(connection) as many:
        shown(client, where)
    assert len(few) == len(many)
