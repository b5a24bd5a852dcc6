from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Membership
from emulation import blocks
from emulation.models import Block, Effect, Finder, Pledge, Registration, Signature
from emulation.services import block as services
from journal.models import Event
from tests import world as w

REASON = "Kết luận mới: không có việc đó"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def settle(world: w.World) -> None:
    Pledge.objects.filter(pk=world.pledge.pk).update(settled_at=timezone.now())


def record(world: w.World, **values: Any) -> Block:
    rule = values.pop("condition", None) or w.condition(world, finder=Finder.PERSON)
    given: dict[str, Any] = {
        "season": world.season, "unit": world.a, "condition": rule, "by": world.thu,
        "found_on": w.DAY, "detail": "Sự việc ngày hai", "source": "Quyết định 12",
    } | values  # fmt: skip
    return services.record_block(**given)


def found(world: w.World, unit: Any = None) -> list[blocks.Finding]:
    return blocks.of_season(world.season).get((unit or world.a).pk, [])


def shown(client: Client, world: w.World, name: str = "block_list", *args: int) -> str:
    response = client.get(reverse(name, args=[world.season.slug, *args]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# What the system finds


def test_unsigned_is_found_once_the_pledge_is_settled(world: w.World) -> None:
    w.condition(world)
    assert found(world) == []  # of a pledge that is only told nothing is known
    settle(world)
    (finding,) = found(world)
    assert (finding.warns, finding.blocks, finding.effect) == (True, False, Effect.NO_FLAG)
    assert finding.detail == "chưa ký giao ước thi đua, chưa đăng ký danh hiệu"
    Registration.objects.create(pledge=world.pledge, unit=world.a, title="Cờ")
    assert found(world)[0].detail == "chưa ký giao ước thi đua"
    Signature.objects.create(
        pledge=world.pledge, unit=world.a, signer="Lê Thị Anh", signed_on=w.DAY
    )
    assert found(world) == []
    assert not Block.objects.exists()


def test_unreported_is_found_past_its_limit(world: w.World) -> None:
    w.condition(world, finder=Finder.UNREPORTED, limit=1)
    w.period(world, "Tháng 7")
    assert found(world) == []
    w.period(world, "Tháng 8")
    w.period(world, "Tháng 9", due_on=timezone.localdate())  # due today, not missing yet
    assert found(world)[0].detail == "thiếu 2 báo cáo đã quá hạn, ngưỡng 1"


def test_overrated_is_found_of_the_totals(world: w.World) -> None:
    w.condition(world, finder=Finder.OVERRATED, limit=10, basis="Điều 4", source="Quy chế")
    (finding,) = blocks.of_season(world.season, {world.a.pk: (90, 80)})[world.a.pk]  # type: ignore[dict-item]
    assert finding.blocks
    assert finding.detail == "tổng tự chấm cao hơn thẩm định 12,50%, ngưỡng 10%"
    assert found(world) == []  # nobody is appraised


@pytest.mark.parametrize(
    "values",
    [
        {"is_on": False},
        {"valid_from": date(w.YEAR + 1, 1, 1)},
        {"valid_to": date(w.YEAR - 1, 6, 30)},
    ],
)
def test_condition_off_or_not_in_force_finds_nothing(
    world: w.World, values: dict[str, Any]
) -> None:
    settle(world)
    w.condition(world, **values)
    assert found(world) == []
    assert blocks.conditions(world.season) == []


def test_only_a_sourced_condition_lowers_the_grade(world: w.World) -> None:
    settle(world)
    w.condition(world, effect=Effect.GRADE_DOWN)
    assert blocks.shown_grade(blocks.Grade.GOOD, found(world)) == ("GOOD", "")
    w.block(world, effect=Effect.GRADE_DOWN)
    grade, reason = blocks.shown_grade(blocks.Grade.GOOD, found(world))
    assert (grade, reason) == ("FAIR", "Có cán bộ bị kỷ luật cảnh cáo")


# What a person records and lifts


def test_recording_leaves_one_entry(world: w.World) -> None:
    row = record(world)
    assert (row.by, row.source, row.lifted_at) == (world.thu, "Quyết định 12", None)
    (event,) = Event.objects.filter(verb="block.record")
    assert event.actor_name == world.thu.full_name
    assert found(world)[0].since == w.DAY


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"found_on": date(w.YEAR - 1, 5, 5)}, "day"),
        ({"found_on": timezone.localdate() + timedelta(days=1)}, "day"),
        ({"detail": "  "}, "detail"),
    ],
)
def test_recording_refuses_what_makes_no_sense(
    world: w.World, values: dict[str, Any], code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        record(world, **values)
    assert [error.code for errors in refused.value.error_dict.values() for error in errors] == [
        code
    ]


def test_recording_refuses_a_condition_that_is_not_for_people_or_not_in_force(
    world: w.World,
) -> None:
    for rule in (
        w.condition(world),
        w.condition(world, finder=Finder.PERSON, is_on=False),
        w.condition(world, finder=Finder.PERSON, valid_from=w.DAY + timedelta(days=9)),
    ):
        with pytest.raises(ValidationError):
            record(world, condition=rule)
    rule = record(world).condition
    with pytest.raises(ValidationError):
        record(world, condition=rule)
    assert Block.objects.count() == 1


def test_nobody_else_records_and_the_secretary_not_of_the_own_unit(world: w.World) -> None:
    rule = w.condition(world, finder=Finder.PERSON)
    for by in (world.an, world.binh, world.lan, world.quang, world.far_secretary):
        with pytest.raises(PermissionDenied):
            record(world, condition=rule, by=by)
    with pytest.raises(PermissionDenied):
        record(world, condition=rule, unit=world.c)  # where Thư works
    assert not Block.objects.exists()


def test_warning_is_lifted_with_a_reason(world: w.World) -> None:
    row = record(world)
    with pytest.raises(ValidationError):
        services.lift_block(block=row, by=world.thu, reason=" ", proved_wrong=False)
    row = services.lift_block(block=row, by=world.thu, reason=REASON, proved_wrong=False)
    assert (row.lifted_by, row.lifted_reason) == (world.thu, REASON)
    assert Event.objects.get(verb="block.lift").reason == REASON
    (finding,) = found(world)
    assert (finding.is_lifted, finding.warns, finding.blocks) == (True, False, False)
    with pytest.raises(ValidationError):
        services.lift_block(block=row, by=world.thu, reason=REASON, proved_wrong=False)


def test_binding_condition_is_lifted_only_if_it_proved_wrong(world: w.World) -> None:
    row = w.block(world)
    with pytest.raises(ValidationError) as refused:
        services.lift_block(block=row, by=world.thu, reason=REASON, proved_wrong=False)
    assert "proved_wrong" in refused.value.error_dict
    assert found(world)[0].blocks
    with pytest.raises(PermissionDenied):
        services.lift_block(block=row, by=world.lan, reason=REASON, proved_wrong=True)
    services.lift_block(block=row, by=world.thu, reason=REASON, proved_wrong=True)
    assert not found(world)[0].blocks


def put_aside(world: w.World, rule: Any, **values: Any) -> Block:
    given: dict[str, Any] = {
        "season": world.season, "unit": world.a, "condition": rule, "by": world.thu,
        "reason": REASON,
    } | values  # fmt: skip
    return services.put_aside(**given)


def test_warning_of_the_system_is_put_aside_for_one_unit(world: w.World) -> None:
    settle(world)
    rule = w.condition(world)
    with pytest.raises(ValidationError):
        put_aside(world, rule, reason="")
    with pytest.raises(PermissionDenied):
        put_aside(world, rule, unit=world.c)
    with pytest.raises(PermissionDenied):
        put_aside(world, rule, by=world.an)
    put_aside(world, rule)
    assert found(world)[0].is_lifted
    assert found(world, world.b)[0].warns
    assert Event.objects.filter(verb="block.lift").count() == 1
    with pytest.raises(ValidationError):
        put_aside(world, rule)


def test_binding_finding_of_the_system_goes_with_its_cause_alone(world: w.World) -> None:
    settle(world)
    rule = w.condition(world, basis="Điều 3", source="Luật mẫu")
    with pytest.raises(ValidationError) as refused:
        put_aside(world, rule)
    assert refused.value.code == "wrong"
    assert found(world)[0].blocks


def test_what_is_not_found_is_not_put_aside(world: w.World) -> None:
    with pytest.raises(ValidationError) as refused:
        put_aside(world, w.condition(world))
    assert refused.value.code == "gone"


# The pages


def test_what_happened_is_for_the_unit_and_the_clusters_roles(
    client: Client, world: w.World
) -> None:
    w.block(world)
    for person in (world.an, world.thu, world.lan):
        client.force_login(person)
        text = shown(client, world)
        assert "Quyết định kỷ luật một người" in text
        assert "Không đề nghị tặng cờ: Có cán bộ bị kỷ luật cảnh cáo, Điều 28" in text
        assert "Nguồn: Luật mẫu." in text
    for person in (world.binh, world.quang):
        client.force_login(person)
        text = shown(client, world)
        assert "Có cán bộ bị kỷ luật cảnh cáo" in text
        assert "Quyết định kỷ luật một người" not in text


def test_standings_name_what_bars_a_unit(client: Client, world: w.World) -> None:
    row = w.block(world)
    client.force_login(world.binh)
    words = "Không đề nghị tặng cờ: Có cán bộ bị kỷ luật cảnh cáo, Điều 28"
    text = shown(client, world, "standings")
    assert words in text
    assert "Quyết định kỷ luật một người" not in text
    services.lift_block(block=row, by=world.thu, reason=REASON, proved_wrong=True)
    assert words not in shown(client, world, "standings")


def test_before_the_standings_a_unit_sees_its_own_alone(client: Client, world: w.World) -> None:
    w.block(world)
    world.phase.see_standings = False
    world.phase.save()
    client.force_login(world.an)
    assert "Quyết định kỷ luật một người" in shown(client, world)
    client.force_login(world.binh)
    text = shown(client, world)
    assert "Đơn vị A" not in text
    assert "Đơn vị không thuộc điều kiện loại trừ nào." in text


def test_secretary_records_and_lifts_on_the_pages(client: Client, world: w.World) -> None:
    rule = w.condition(world, finder=Finder.PERSON, basis="Điều 28", source="Luật mẫu")
    client.force_login(world.thu)
    values = {
        "unit": world.a.pk, "condition": rule.pk, "found_on": w.DAY.isoformat(),
        "detail": "Có quyết định", "source": "",
    }  # fmt: skip
    where = reverse("block_new", args=[world.season.slug])
    assert f'value="{world.c.pk}"' not in shown(client, world, "block_new")  # the own unit
    assert client.post(where, values | {"unit": world.c.pk}).status_code == 200
    assert client.post(where, values).status_code == 302
    row = Block.objects.get()
    where = reverse("block_lift", args=[world.season.slug, row.pk])
    assert "đánh dấu ở đây" in client.post(where, {"reason": REASON}).content.decode()
    assert client.post(where, {"reason": REASON, "proved_wrong": "on"}).status_code == 302
    text = shown(client, world)
    assert "Đã gỡ" in text
    assert REASON in text


def test_own_unit_of_the_secretary_has_no_door(client: Client, world: w.World) -> None:
    row = w.block(world, unit=world.c)
    client.force_login(world.thu)
    where = reverse("block_lift", args=[world.season.slug, row.pk])
    assert where not in shown(client, world)
    assert client.get(where).status_code == 403
    where = reverse("block_put_aside", args=[world.season.slug, world.c.pk, row.condition_id])
    assert client.post(where, {"reason": REASON}).status_code == 403


def test_list_costs_the_same_with_many_units(client: Client, world: w.World) -> None:
    settle(world)
    for finder in (Finder.UNSIGNED, Finder.UNREPORTED, Finder.OVERRATED):
        w.condition(world, finder=finder, limit=0)
    w.period(world)
    w.block(world)
    client.force_login(world.thu)

    def cost() -> int:
        shown(client, world)
        with CaptureQueriesContext(connection) as queries:
            shown(client, world)
        return len(queries)

    before = cost()
    for number in range(20):
        unit = w.unit(f"U{number}", f"Đơn vị số {number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        w.block(world, unit=unit)
    assert cost() == before
