"""The page of the hand-over: what is open, the people, and what happened."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from awards.services import nominate
from clusters.models import Membership, Role, Term, Unit
from emulation.models import Season, Signature
from reports import matters
from tests import world as w
from tests.emulation.test_handover import DAY, NEXT, hand_over
from tests.emulation.test_inspection_services import agree, plan, visit
from tests.journeys.walker import Page

TODAY = timezone.localdate()


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(world: w.World) -> str:
    return reverse("handover", args=[world.season.slug])


def shown(client: Client, world: w.World, user: Any, query: str = "") -> str:
    client.force_login(user)
    response = client.get(address(world) + query)
    assert response.status_code == 200
    return response.content.decode()


def typed(world: w.World, **values: Any) -> dict[str, Any]:
    return {
        "head": world.b.pk, "deputy": world.c.pk, "day": DAY.isoformat(),
        "people": [world.binh.pk], "source": "Hội nghị tổng kết",
    } | values  # fmt: skip


def open_matters(world: w.World) -> dict[str, tuple[int, str]]:
    return {row.text: (row.number, row.note) for row in matters.of_season(world.season, TODAY)}


# What is open


def test_open_matters_are_counted_and_named(world: w.World) -> None:
    w.sent(world)
    w.returned(world)
    w.period(world)
    plan(world)
    nominate(season=world.season, unit=world.a, award=world.flag, merit="Tốt", by=world.thu)
    assert open_matters(world) == {
        "Đơn vị chưa ký giao ước": (3, "Đơn vị A, Đơn vị B, Đơn vị C"),
        "Báo cáo định kỳ chưa gửi": (3, "Đơn vị A, Đơn vị B, Đơn vị C"),
        "Thành tích chờ thẩm định": (1, "Đơn vị A"),
        "Thành tích trả lại, đơn vị chưa bổ sung": (1, "Đơn vị A"),
        "Cuộc kiểm tra chéo chưa được hai bên thống nhất": (1, "Đơn vị A"),
        "Bảng điểm chưa thẩm định xong": (3, "Đơn vị A, Đơn vị B, Đơn vị C"),
        "Chưa ghi hội nghị tổng kết": (1, ""),
        "Đề nghị khen thưởng chưa có kết quả": (1, "Đơn vị A"),
        "Kỳ thi đua chưa chốt": (
            1, "Sau khi bàn giao, thư ký mới hoặc lãnh đạo phụ trách vẫn chốt được",
        ),
    }  # fmt: skip


def test_what_is_settled_is_no_open_matter(world: w.World) -> None:
    for unit in (world.a, world.b):
        Signature.objects.create(pledge=world.pledge, unit=unit, signer="Người ký", signed_on=w.DAY)
    agree(agree(visit(world, plan(world)), world.anh, "unit"), world.binh, "team")
    found = open_matters(world)
    assert found["Đơn vị chưa ký giao ước"] == (1, "Đơn vị C")
    assert "Cuộc kiểm tra chéo chưa được hai bên thống nhất" not in found
    Season.objects.filter(pk=world.season.pk).update(closed_at=timezone.now(), closed_by=world.lan)
    world.season.refresh_from_db()
    assert "Kỳ thi đua chưa chốt" not in open_matters(world)


def test_a_season_without_a_pledge_says_so(world: w.World) -> None:
    world.target.delete()
    world.pledge.delete()
    assert "Cụm chưa ghi giao ước" in open_matters(world)


def test_every_open_matter_leads_somewhere(client: Client, world: w.World) -> None:
    w.sent(world)
    plan(world)
    client.force_login(world.thu)
    for row in matters.of_season(world.season, TODAY):
        assert client.get(row.url).status_code == 200, row.url


def test_the_page_costs_the_same_for_few_and_many(client: Client, world: w.World) -> None:
    w.sent(world)
    plan(world)
    nominate(season=world.season, unit=world.a, award=world.flag, merit="Tốt", by=world.thu)
    shown(client, world, world.thu)
    with CaptureQueriesContext(connection) as few:
        client.get(address(world))
    for number in range(20):
        unit = Unit.objects.create(code=f"U{number}", name=f"U{number}", short_name=f"U{number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        plan(world, unit=unit, planned_on=TODAY - timedelta(days=number))
        w.sent(world)
        w.appoint(w.person(f"nguoi{number}", f"Người {number}"), Role.UNIT_STAFF, unit=world.b)
    with CaptureQueriesContext(connection) as many:
        text = client.get(address(world)).content.decode()
    assert "Người 19" in text
    assert len(few) == len(many)


# Who may come


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("thu", 200), ("lan", 200), ("quang", 200), ("an", 403), ("binh", 403),
        ("khach", 404), ("far_secretary", 404),
    ],
)  # fmt: skip
def test_who_opens_the_page(client: Client, world: w.World, who: str, code: int) -> None:
    client.force_login(getattr(world, who))
    assert client.get(address(world)).status_code == code


@pytest.mark.parametrize("who", ["lan", "quang"])
def test_only_the_secretary_gets_the_form(client: Client, world: w.World, who: str) -> None:
    text = shown(client, world, getattr(world, who))
    assert "Việc còn mở" in text
    assert "Xem người có thể nhận" not in text
    assert client.post(address(world), typed(world)).status_code == 403


# The form


def test_the_rotation_is_proposed(client: Client, world: w.World) -> None:
    page = Page(shown(client, world, world.thu))
    [form] = [form for form in page.forms if "people" in form.names]
    assert form.values["head"] == [str(world.b.pk)]
    assert form.values["deputy"] == [str(world.c.pk)]
    assert "Trần Văn Bình · Đơn vị B" in page.text
    assert "Nguyễn Văn An" not in page.text


def test_other_units_and_a_search_change_who_is_offered(client: Client, world: w.World) -> None:
    query = f"?head={world.a.pk}&deputy={world.b.pk}&day={DAY}"
    text = shown(client, world, world.thu, query)
    assert "Nguyễn Văn An" in text
    assert "Trần Văn Bình" in text
    text = shown(client, world, world.thu, f"{query}&q=nguyen")
    assert "Nguyễn Văn An" in text
    assert "Trần Văn Bình" not in text
    assert "Không tìm thấy" in shown(client, world, world.thu, f"{query}&q=khong+ai")


def test_people_of_one_unit_alone_are_a_warning(client: Client, world: w.World) -> None:
    query = f"?head={world.b.pk}&deputy={world.c.pk}&day={DAY}&q=binh"
    assert "cần thêm thư ký ở đơn vị khác" in shown(client, world, world.thu, query)
    assert "cần thêm thư ký ở đơn vị khác" not in shown(client, world, world.thu)


def test_handing_over_tells_what_happened(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    response = client.post(address(world), typed(world))
    assert response["Location"] == address(world)
    text = shown(client, world, world.thu)
    for words in ("Đã bàn giao cụm trưởng", "Phạm Thị Thư", "Trần Văn Bình", f"{DAY:%d/%m/%Y}"):
        assert words in text
    assert Term.objects.get(year=NEXT).head == world.b


def test_a_second_click_is_told(client: Client, world: w.World) -> None:
    hand_over(world)
    client.force_login(world.thu)
    response = client.post(address(world), typed(world), follow=True)
    assert "Đã bàn giao trước đó." in response.content.decode()


def test_the_former_secretary_still_reads_what_happened(client: Client, world: w.World) -> None:
    hand_over(world, day=TODAY)
    text = shown(client, world, world.thu)
    assert "Thư ký nhận" in text
    assert "Việc còn mở hôm nay" not in text
    assert client.get(reverse("season_home", args=[world.season.slug])).status_code == 404
    assert "Việc còn mở hôm nay" in shown(client, world, world.binh)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"people": []}, "Chọn ít nhất một người nhận vai trò thư ký"),
        ({"day": (TODAY - timedelta(days=1)).isoformat()}, "Chọn ngày từ hôm nay"),
        ({"day": "xx"}, "Nhập ngày theo dạng"),
        ({"head": ""}, "Chọn cụm trưởng năm sau"),
        ({"deputy": "b"}, "Chọn một mục có trong danh sách"),
    ],
)
def test_what_is_wrong_is_said(
    client: Client, world: w.World, values: dict[str, Any], words: str
) -> None:
    client.force_login(world.thu)
    text = client.post(address(world), typed(world, **values)).content.decode()
    assert words in text
    assert not Season.objects.filter(year=NEXT, cluster=world.season.cluster).exists()


def test_somebody_of_another_unit_is_not_in_the_list(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    for strange in (world.an.pk, "9" * 400, "x", "-1"):
        text = client.post(address(world), typed(world, people=[strange])).content.decode()
        assert "Chọn một mục có trong danh sách" in text
    assert not Term.objects.filter(year=NEXT).exists()


def test_head_and_deputy_are_two(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    text = client.post(address(world), typed(world, deputy=world.b.pk)).content.decode()
    assert "Cụm trưởng và cụm phó phải là hai đơn vị." in text


def test_the_default_day_is_the_new_year(client: Client, world: w.World) -> None:
    assert date(NEXT, 1, 1).isoformat() in shown(client, world, world.thu)
