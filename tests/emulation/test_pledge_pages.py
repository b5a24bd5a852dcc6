"""The pages on which the pledge is written, set, settled and signed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation import attainment, pledges, standings
from emulation.models import Pledge, Registration, Review, Signature, Target
from emulation.services.pledge import settle_pledge, write_pledge
from emulation.services.review import review_achievement, submit_achievement
from emulation.services.targets import Line, set_targets
from tests import world as w
from tests.test_hostile import HOSTILE

REASON = "Bộ giao thêm nhiệm vụ từ quý II"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(world: w.World, name: str, *args: Any) -> str:
    return reverse(name, args=[world.season.slug, *args])


def page(client: Client, world: w.World, name: str, *args: Any) -> str:
    response = client.get(address(world, name, *args))
    assert response.status_code == 200
    return response.content.decode()


def table(world: w.World, unit: Any, *rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the browser sends of a table of targets: the rows, then an empty one."""
    seen = pledges.fingerprint(world.pledge.targets.filter(unit=unit))
    data: dict[str, Any] = {
        "seen": seen, "ct-TOTAL_FORMS": len(rows) + 1, "ct-INITIAL_FORMS": 0,
    }  # fmt: skip
    usual = {
        "group": "political", "measure": "bản", "planned": "10", "direction": "more",
        "weight": "100", "order": "", "note": "", "part_of": "", "pk": "",
    }  # fmt: skip
    for number, row in enumerate([*rows, {"text": "", "measure": "", "planned": "", "weight": ""}]):
        data |= {f"ct-{number}-{name}": value for name, value in (usual | row).items()}
    return data | changes


def settled(world: w.World) -> None:
    for unit in (world.a, world.b, world.c):
        lines = [Line(None, "political", "Báo cáo", "bản", Decimal(10), weight=Decimal(100))]
        seen = pledges.fingerprint(world.pledge.targets.filter(unit=unit))
        set_targets(pledge=world.pledge, unit=unit, by=world.thu, seen=seen, lines=lines)
    row = write_pledge(season=world.season, by=world.thu, version=1, values={"content": "Thi đua"})
    seen = pledges.fingerprint(row.targets.all())
    settle_pledge(pledge=row, by=world.thu, version=row.version, seen=seen)


# The table of targets


def test_a_unit_sets_its_targets(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    where = address(world, "target_edit", world.a.pk)
    rows = ({"text": "Hai", "weight": "40", "order": "2"}, {"text": "Một", "weight": "60,5"})
    response = client.post(where, table(world, world.a, *rows))
    assert response["Location"] == address(world, "pledge_unit", world.a.pk)
    found = world.pledge.targets.filter(unit=world.a).values_list("order", "text", "weight")
    assert list(found) == [(1, "Hai", 40), (2, "Một", Decimal("60.50"))]
    assert "Tổng trọng số 100,5 – thừa 0,5" in page(client, world, "pledge_unit", world.a.pk)


def test_the_table_says_what_is_missing_without_a_script(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    where = address(world, "target_edit", world.a.pk)
    rows = table(world, world.a, {"text": "Một", "weight": "85"})
    response = client.post(where, rows | {"action": "more"}, follow=True)
    assert "Tổng trọng số 85 – còn thiếu 15" in response.content.decode()


def test_a_faulty_row_is_told_and_everything_typed_stays(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    where = address(world, "target_edit", world.a.pk)
    rows = ({"text": "Việc mới", "planned": "mười"}, {"text": "Việc khác", "weight": "101"})
    text = client.post(where, table(world, world.a, *rows)).content.decode()
    assert "Nhập giao ước bằng chữ số" in text
    assert "Nhập trọng số từ 0 đến 100" in text
    assert "Việc mới" in text
    assert "mười" in text
    assert not Target.objects.filter(text__startswith="Việc").exists()


def test_a_row_to_delete_is_not_judged(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    where = address(world, "target_edit", world.a.pk)
    rows = (
        {"text": "", "planned": "x", "pk": world.target.pk, "DELETE": "on"},
        {"text": "Việc mới"},
    )
    assert client.post(where, table(world, world.a, *rows)).status_code == 302
    assert [row.text for row in world.pledge.targets.all()] == ["Việc mới"]


def test_a_stale_table_shows_both_and_may_then_be_saved(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    where = address(world, "target_edit", world.a.pk)
    typed = table(world, world.a, {"text": "Của tôi", "pk": world.target.pk})
    set_targets(
        pledge=world.pledge, unit=world.a, by=world.anh, seen=typed["seen"],
        lines=[Line(None, "political", "Của người khác", "bản", Decimal(1))],
    )  # fmt: skip
    text = client.post(where, typed).content.decode()
    assert "Bản đang lưu" in text
    assert "Của người khác" in text
    assert "Của tôi" in text
    again = table(world, world.a, {"text": "Của tôi"})
    assert again["seen"] in text
    assert client.post(where, again).status_code == 302
    assert world.pledge.targets.get().text == "Của tôi"


def test_a_settled_table_asks_the_secretary_for_a_reason(client: Client, world: w.World) -> None:
    settled(world)
    client.force_login(world.thu)
    where = address(world, "target_edit", world.a.pk)
    row = world.pledge.targets.get(unit=world.a)
    typed = table(world, world.a, {"text": "Đổi", "pk": row.pk})
    assert "Nhập lý do điều chỉnh" in client.post(where, typed).content.decode()
    text = client.post(where, typed | {"reason": "ngắn"}).content.decode()
    assert "Nêu lý do điều chỉnh, ít nhất 20 ký tự" in text
    assert client.post(where, typed | {"reason": REASON}).status_code == 302
    client.force_login(world.binh)
    assert f"lý do: {REASON}" in page(client, world, "pledge")


def test_a_unit_begins_with_the_targets_of_the_cluster(client: Client, world: w.World) -> None:
    set_targets(
        pledge=world.pledge, unit=None, by=world.thu, seen=pledges.fingerprint([]),
        lines=[Line(None, "political", "Việc chung", "bản", Decimal(70))],
    )  # fmt: skip
    client.force_login(world.binh)
    where = address(world, "target_edit", world.b.pk)
    assert "?mau=chung" in client.get(where).content.decode()
    text = client.get(where, {"mau": "chung"}).content.decode()
    whole = world.pledge.targets.get(unit=None)
    assert ">\nViệc chung</textarea>" in text
    assert f'<option value="{whole.pk}" selected>Việc chung</option>' in text


def test_the_table_costs_the_same_with_many_rows(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    where = address(world, "target_edit", world.a.pk)

    def cost() -> int:
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            client.get(where)
        return len(queries)

    before = cost()
    for unit in (None, world.a):
        lines = [Line(None, "political", f"Việc {n}", "bản", Decimal(1)) for n in range(40)]
        seen = pledges.fingerprint(world.pledge.targets.filter(unit=unit))
        set_targets(pledge=world.pledge, unit=unit, by=world.thu, seen=seen, lines=lines)
    assert cost() == before


@pytest.mark.parametrize("unit", ["khong-co", "0", "9" * 30, "xem"])
def test_no_table_of_nobody(client: Client, world: w.World, unit: str) -> None:
    client.force_login(world.thu)
    assert client.get(address(world, "target_edit", unit)).status_code == 404


# The text, titles, settling, signing


def test_the_secretary_writes_the_parts(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    values = {
        "version": 1, "basis": "Luật", "content": "Thi đua", "measures": "Sơ kết tháng 7",
        "signed_on": f"{w.YEAR}-02-27", "place": "Hà Nội", "witness": "Đại diện X03",
    }  # fmt: skip
    assert client.post(address(world, "pledge_write"), values).status_code == 302
    text = page(client, world, "pledge")
    for word in ("Luật", "Thi đua", "Sơ kết tháng 7", "Đại diện X03"):
        assert word in text
    text = client.post(address(world, "pledge_write"), values | {"content": "Cũ"}).content.decode()
    assert "Bản đang lưu" in text
    assert Pledge.objects.get(pk=world.pledge.pk).content == "Thi đua"


def test_an_empty_season_says_who_writes_the_pledge(client: Client, world: w.World) -> None:
    client.force_login(world.far_secretary)
    text = client.get(reverse("pledge", args=[world.far_season.slug])).content.decode()
    assert reverse("pledge_write", args=[world.far_season.slug]) in text
    assert "Thư ký cụm soạn nội dung" in text


def test_titles_are_ticked_and_written(client: Client, world: w.World) -> None:
    Registration.objects.create(pledge=world.pledge, unit=world.b, title="Đơn vị quyết thắng")
    client.force_login(world.an)
    where = address(world, "title_register", world.a.pk)
    values = {"titles": ["Đơn vị quyết thắng"], "more": "Cờ thi đua\n\nCờ thi đua", "before": ""}
    assert client.post(where, values).status_code == 302
    rows = Registration.objects.filter(unit=world.a).values_list("title", flat=True)
    assert list(rows) == ["Đơn vị quyết thắng", "Cờ thi đua"]
    text = client.post(where, values | {"more": "Khác"}).content.decode()
    assert "vừa được người khác lưu" in text
    text = client.post(where, values | {"more": "x" * 201}).content.decode()
    assert "tối đa 200 ký tự" in text


def test_settling_shows_what_is_missing_then_settles(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    text = page(client, world, "pledge_settle")
    assert "Cần có nội dung trước khi chốt" in text
    assert "Tổng trọng số 0 – còn thiếu 100" in text
    values = {"version": 1, "seen": pledges.fingerprint(world.pledge.targets.all())}
    text = client.post(address(world, "pledge_settle"), values).content.decode()
    assert "Soạn nội dung giao ước trước khi chốt." in text
    settled(world)
    assert client.get(address(world, "pledge_settle")).status_code == 302


def test_the_leader_signs_with_the_own_account(client: Client, world: w.World) -> None:
    world.anh.rank, world.anh.position = "Đại tá", "Cục trưởng"
    world.anh.save()
    settled(world)
    client.force_login(world.anh)
    assert "Ký giao ước" in page(client, world, "pledge")
    text = page(client, world, "pledge_sign", world.a.pk)
    for value in (world.anh.full_name, "Đại tá", "Cục trưởng"):
        assert f'value="{value}"' in text
    values = {"signer": "Lê Thị Anh", "rank": "Đại tá", "position": "Cục trưởng"}
    for _click in range(2):
        assert client.post(address(world, "pledge_sign", world.a.pk), values).status_code == 302
    assert Signature.objects.get().by == world.anh
    text = page(client, world, "pledge")
    assert "1/3 đơn vị đã ký" in text
    assert text.count("Chưa ký") == 2


def test_the_secretary_records_a_late_signature(client: Client, world: w.World) -> None:
    settled(world)
    client.force_login(world.thu)
    where = address(world, "pledge_sign", world.b.pk)
    values = {"signer": "Trần B", "rank": "", "position": "Cục trưởng"}
    assert "Chọn ngày ký trên bản giấy" in client.post(where, values).content.decode()
    day = date(w.YEAR, 2, 28)
    Pledge.objects.update(signed_on=date(w.YEAR, 1, 1))
    assert client.post(where, values | {"signed_on": day.isoformat()}).status_code == 302
    text = page(client, world, "pledge_unit", world.b.pk)
    assert "ký chậm" in text
    assert "Ghi theo bản giấy" in text


def test_other_units_targets_are_not_there(client: Client, world: w.World) -> None:
    client.force_login(world.binh)
    assert client.get(address(world, "pledge_unit", world.a.pk)).status_code == 404
    assert client.get(address(world, "target_detail", world.target.pk)).status_code == 404


# One target


def verified(world: w.World, by: Any, target: Target, quantity: int, **values: Any) -> Any:
    row = w.draft(world, by=by, target=target, quantity=Decimal(quantity), **values)
    w.attach(world, row, by=by)
    row = submit_achievement(achievement=row, by=by)
    review_achievement(achievement=row, by=world.thu, decision=Review.Decision.VERIFIED, revision=1)
    return row


def test_a_target_shows_what_it_is_the_sum_of(client: Client, world: w.World) -> None:
    whole = Target.objects.create(
        pledge=world.pledge, order=1, group="political", text="Chung", measure="bản", planned=20
    )
    world.target.part_of = whole
    world.target.save()
    own = verified(world, world.an, world.target, 4)
    other = verified(world, world.binh, whole, 3)
    client.force_login(world.an)
    text = page(client, world, "target_detail", whole.pk)
    assert own.code in text
    assert other.code not in text
    assert "1 thành tích của các đơn vị khác" in text
    assert '<span class="big">7</span> / 20 bản' in text
    client.force_login(world.thu)
    text = page(client, world, "target_detail", whole.pk)
    assert own.code in text
    assert other.code in text
    assert "của các đơn vị khác" not in text


def test_a_target_adds_up_month_by_month(world: w.World) -> None:
    for day, quantity in ((date(w.YEAR - 1, 12, 20), 1), (date(w.YEAR, 1, 5), 2)):
        verified(world, world.an, world.target, quantity, started_on=day)
    found = attainment.of(world.target, world.season, world.an, date(w.YEAR, 3, 1))
    assert [(row.number, row.added, row.total) for row in found.months] == [
        (1, 3, 3), (2, 0, 3), (3, 0, 3),
    ]  # fmt: skip
    assert found.months[-1].total == standings.targets(world.season, world.a)[0].reached


def test_a_target_stands_beside_that_of_last_year(client: Client, world: w.World) -> None:
    before = Pledge.objects.create(season=world.far_season)
    then = Target.objects.create(
        pledge=before, order=1, group="political", text="Báo cáo", measure="bản", planned=10
    )
    world.target.previous = then
    world.target.save()
    client.force_login(world.an)
    for name, args in (("pledge", ()), ("target_detail", (world.target.pk,))):
        assert "Giữ như năm trước" in page(client, world, name, *args)
    assert "năm trước: 0/10" in page(client, world, "pledge")
    world.target.planned = Decimal(12)
    world.target.save()
    assert "Giữ như năm trước" not in page(client, world, "pledge")


@pytest.mark.parametrize("name", ["target_detail", "pledge_unit", "pledge_settle"])
def test_pages_cost_the_same_with_many_rows(client: Client, world: w.World, name: str) -> None:
    args = {"target_detail": (world.target.pk,), "pledge_unit": (world.a.pk,)}.get(name, ())
    where = address(world, name, *args)
    client.force_login(world.thu)

    def cost() -> int:
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        return len(queries)

    verified(world, world.an, world.target, 1)
    before = cost()
    for number in range(12):
        verified(world, world.an, world.target, 1, title=f"Việc {number}")
        Target.objects.create(
            pledge=world.pledge, unit=world.a, order=number + 2, group="political", text="x",
            measure="bản", planned=1,
        )  # fmt: skip
    assert cost() == before


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_no_signature_breaks(client: Client, world: w.World, what: str) -> None:
    settled(world)
    client.force_login(world.thu)
    where = address(world, "pledge_sign", world.a.pk)
    names = ("signer", "rank", "position", "signed_on")
    response = client.post(where, dict.fromkeys(names, HOSTILE[what]))
    assert response.status_code == 200
    assert not Signature.objects.exists()
