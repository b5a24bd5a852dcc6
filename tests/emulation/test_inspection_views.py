from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Membership, Unit
from emulation.models import Finding, Inspection
from emulation.services.inspection import Member
from tests import world as w
from tests.emulation.test_inspection_services import agree, criterion, plan, visit
from tests.journeys.walker import Page

TODAY = timezone.localdate()


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(world: w.World, name: str, row: Inspection | None = None) -> str:
    return reverse(name, args=[world.season.slug, *([row.pk] if row else [])])


def shown(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200
    return response.content.decode()


def typed_plan(world: w.World, **values: Any) -> dict[str, Any]:
    return {
        "version": "0", "unit": world.a.pk, "planned_on": TODAY.isoformat(), "place": "Phòng họp",
        "plan": "Xem hồ sơ", "team-TOTAL_FORMS": "6", "team-INITIAL_FORMS": "6",
        "team-0-unit": world.b.pk, "team-0-name": "Trần Văn Bình", "team-0-position": "Đại úy",
        "team-2-unit": world.c.pk, "team-2-name": "Phạm Thị Thư",
    } | values  # fmt: skip


def typed_visit(world: w.World, row: Inspection, **values: Any) -> dict[str, Any]:
    a1 = criterion(world, "A1")
    return {
        "version": row.version, "visited_on": TODAY.isoformat(), "conclusion": "Thực hiện tốt",
        f"text-{a1}": "Đủ sổ sách", f"score-{a1}": "38,5", f"request-{a1}": "",
    } | values  # fmt: skip


def test_an_empty_list_says_who_fills_it(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    text = shown(client, address(world, "inspection_list"))
    assert "Thư ký cụm lập kế hoạch." in text
    assert reverse("inspection_new", args=[world.season.slug]) in text
    client.force_login(world.an)
    text = shown(client, address(world, "inspection_list"))
    assert "Chưa có cuộc kiểm tra nào ở đơn vị" in text
    assert reverse("inspection_new", args=[world.season.slug]) not in text


def test_the_secretary_plans_a_visit(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    response = client.post(address(world, "inspection_new"), typed_plan(world))
    row = Inspection.objects.get()
    assert response["Location"] == address(world, "inspection_detail", row)
    assert [(m.name, m.is_head) for m in row.team.order_by("pk")] == [
        ("Trần Văn Bình", True), ("Phạm Thị Thư", False),
    ]  # fmt: skip
    text = shown(client, response["Location"])
    assert "tổ trưởng" in text
    assert "Đã lên kế hoạch" in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"team-0-unit": "", "team-0-name": "", "team-0-position": "",
          "team-2-unit": "", "team-2-name": ""}, "Nhập ít nhất tổ trưởng."),
        ({"team-2-name": ""}, "Nhập họ và tên"),
        ({"team-2-unit": ""}, "Chọn đơn vị"),
        ({"plan": ""}, "Nhập nội dung kiểm tra"),
        ({"planned_on": f"{w.YEAR + 1}-05-01"}, "Chọn ngày trong năm"),
        ({"team-2-name": "Trần Văn Bình", "team-2-unit": None}, "Mỗi người ghi một lần"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, world: w.World, values: dict[str, Any], words: str
) -> None:
    client.force_login(world.thu)
    if values.get("team-2-unit", "") is None:
        values = values | {"team-2-unit": world.b.pk}
    response = client.post(address(world, "inspection_new"), typed_plan(world, **values))
    text = response.content.decode()
    assert response.status_code == 200
    assert words in text
    assert "Phòng họp" in text
    assert not Inspection.objects.exists()


def test_an_inspector_of_the_own_unit_is_named(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    values = typed_plan(world, **{"team-2-unit": world.a.pk, "team-2-name": "Nguyễn Văn An"})
    text = client.post(address(world, "inspection_new"), values).content.decode()
    assert "Nguyễn Văn An: người của đơn vị được kiểm tra" in text


def test_a_plan_is_edited_with_its_team(client: Client, world: w.World) -> None:
    row = plan(world)
    client.force_login(world.thu)
    where = address(world, "inspection_edit", row)
    [form] = [f for f in Page(shown(client, where)).forms if f.method == "post" and not f.action]
    assert form.values["team-0-name"] == ["Trần Văn Bình"]
    assert form.values["team-1-name"] == ["Tý"]
    values = typed_plan(world, version="1", **{"team-2-unit": "", "team-2-name": ""})
    client.post(where, values)
    assert [m.name for m in Inspection.objects.get().team.all()] == ["Trần Văn Bình"]


def test_an_old_page_of_the_plan_is_told(client: Client, world: w.World) -> None:
    row = plan(world)
    Inspection.objects.update(version=4)
    client.force_login(world.thu)
    where = address(world, "inspection_edit", row)
    response = client.post(where, typed_plan(world, version="1", plan="Cũ"))
    assert "vừa được người khác lưu" in response.content.decode()
    assert Inspection.objects.get().plan == "Xem hồ sơ"


def test_a_plan_is_dropped_with_a_reason(client: Client, world: w.World) -> None:
    row = plan(world)
    client.force_login(world.thu)
    where = address(world, "inspection_cancel", row)
    text = client.post(where, {"version": "1", "reason": " "}).content.decode()
    assert "Nêu lý do bỏ cuộc kiểm tra" in text
    response = client.post(where, {"version": "1", "reason": "Đơn vị bận"})
    assert response["Location"] == address(world, "inspection_list")
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("name", ["inspection_edit", "inspection_cancel"])
def test_after_the_visit_the_plan_only_shows(client: Client, world: w.World, name: str) -> None:
    row = visit(world, plan(world))
    client.force_login(world.thu)
    assert client.get(address(world, name, row))["Location"] == address(
        world, "inspection_detail", row
    )


def test_the_team_writes_down_what_it_found(client: Client, world: w.World) -> None:
    row = plan(world)
    client.force_login(world.binh)
    where = address(world, "inspection_record", row)
    assert "từ 0 đến 40 điểm" in shown(client, where)
    response = client.post(where, typed_visit(world, row))
    assert response["Location"] == address(world, "inspection_detail", row)
    found = Finding.objects.get()
    assert (found.text, found.score) == ("Đủ sổ sách", Decimal("38.50"))
    text = shown(client, response["Location"])
    assert "38,5" in text
    assert "Chờ hai bên thống nhất" in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"score": "40,01"}, "Điểm tối đa của A1 là 40"),
        ({"score": "abc"}, "bằng chữ số"),
        ({"text": ""}, "Nhập nhận xét cho A1"),
        ({"conclusion": ""}, "Nhập kết luận"),
        ({"visited_on": (TODAY + timedelta(days=1)).isoformat()}, "không sau hôm nay"),
    ],
)
def test_a_wrong_result_is_said_at_its_place(
    client: Client, world: w.World, values: dict[str, str], words: str
) -> None:
    row, a1 = plan(world), criterion(world, "A1")
    client.force_login(world.binh)
    given = {f"{k}-{a1}" if k in ("score", "text") else k: v for k, v in values.items()}
    where = address(world, "inspection_record", row)
    response = client.post(where, typed_visit(world, row, **given))
    assert words in response.content.decode()
    assert Inspection.objects.get().visited_on is None


def test_an_old_page_of_the_result_shows_what_is_stored(client: Client, world: w.World) -> None:
    row = plan(world)
    visit(world, row, conclusion="Bản của người khác")
    client.force_login(world.binh)
    where = address(world, "inspection_record", row)
    text = client.post(where, typed_visit(world, row, conclusion="Bản của tôi")).content.decode()
    assert "Bản của người khác" in text
    assert "Bản của tôi" in text
    assert Inspection.objects.get().conclusion == "Bản của người khác"


def press(client: Client, world: w.World, row: Inspection, side: str, version: int) -> Any:
    return client.post(address(world, "inspection_agree", row), {"side": side, "version": version})


def test_both_sides_press_their_button(client: Client, world: w.World) -> None:
    row = visit(world, plan(world))
    client.force_login(world.binh)
    where = address(world, "inspection_detail", row)
    assert "Thống nhất thay mặt tổ kiểm tra" in shown(client, where)
    press(client, world, row, "team", row.version)
    client.force_login(world.anh)
    text = shown(client, where)
    assert "Thống nhất thay mặt đơn vị" in text
    assert "Chờ đơn vị thống nhất" in text
    press(client, world, row, "unit", row.version + 1)
    assert Inspection.objects.get().is_agreed
    text = shown(client, where)
    assert "Hai bên đã thống nhất" in text
    assert "Thống nhất thay mặt" not in text


def test_a_second_click_on_agree_changes_nothing(client: Client, world: w.World) -> None:
    row = agree(visit(world, plan(world)), world.anh, "unit")
    client.force_login(world.anh)
    response = press(client, world, row, "unit", row.version)
    assert response["Location"] == address(world, "inspection_detail", row)
    assert Inspection.objects.get().version == row.version


def test_agreeing_to_an_old_page_is_refused(client: Client, world: w.World) -> None:
    row = visit(world, plan(world))
    client.force_login(world.anh)
    for version in (row.version - 1, "x", "9" * 40):
        response = client.post(
            address(world, "inspection_agree", row), {"side": "unit", "version": version},
            follow=True,
        )  # fmt: skip
        assert "Đọc lại rồi thống nhất" in response.content.decode()
    assert Inspection.objects.get().unit_agreed_at is None


@pytest.mark.parametrize(("who", "side"), [("an", "unit"), ("anh", "team"), ("binh", "x")])
def test_nobody_agrees_for_others(client: Client, world: w.World, who: str, side: str) -> None:
    row = visit(world, plan(world))
    client.force_login(getattr(world, who))
    assert press(client, world, row, side, row.version).status_code == 403


def test_a_change_after_an_agreement_is_announced_and_told(client: Client, world: w.World) -> None:
    row = agree(visit(world, plan(world)), world.anh, "unit")
    client.force_login(world.binh)
    where = address(world, "inspection_record", row)
    assert "bên đó phải thống nhất lại" in shown(client, where)
    client.post(where, typed_visit(world, row))
    text = shown(client, address(world, "inspection_detail", row))
    assert "Nội dung đổi sau khi đơn vị thống nhất" in text


def test_after_both_agreed_the_form_is_closed(client: Client, world: w.World) -> None:
    row = agree(agree(visit(world, plan(world)), world.anh, "unit"), world.binh, "team")
    client.force_login(world.binh)
    where = address(world, "inspection_record", row)
    assert client.get(where)["Location"] == address(world, "inspection_detail", row)
    assert client.post(where, typed_visit(world, row)).status_code == 302
    assert Inspection.objects.get().conclusion == "Tốt"


def test_others_do_not_know_of_an_inspection(client: Client, world: w.World) -> None:
    row = plan(world, unit=world.c, team=[Member(world.b, "Bình")])
    client.force_login(world.an)
    assert client.get(address(world, "inspection_detail", row)).status_code == 404
    assert "Đơn vị C" not in shown(client, address(world, "inspection_list"))


def test_the_list_costs_the_same_for_one_and_for_thirty(client: Client, world: w.World) -> None:
    plan(world)
    client.force_login(world.thu)
    where = address(world, "inspection_list")
    shown(client, where)
    with CaptureQueriesContext(
        connection,
    ) as few:
        shown(client, where)
    for number in range(30):
        unit = Unit.objects.create(code=f"U{number}", name=f"U{number}", short_name=f"U{number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        row = plan(world, unit=unit, planned_on=TODAY - timedelta(days=number))
        if number % 2:
            visit(world, row)
    with CaptureQueriesContext(connection) as many:
        text = shown(client, where)
    assert "Quá ngày dự kiến" in text
    assert len(few) == len(many)
