import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Membership
from emulation import goals
from emulation.models import (
    Direction,
    Launch,
    Registration,
    Review,
    Season,
    Signature,
    Source,
    Target,
    TargetGroup,
)
from emulation.services.movement import record_launch
from emulation.services.review import review_achievement
from emulation.standings import TargetProgress, targets
from journal.models import Event
from tests import world as w

SLOGAN = "Kỷ cương, trách nhiệm, gần dân"
OUTSIDE = f"Chọn ngày trong năm {w.YEAR}, không sau hôm nay"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def page(client: Client, name: str, season: Season) -> str:
    response = client.get(reverse(name, args=[season.slug]))
    assert response.status_code == 200
    return response.content.decode()


def typed(**changes: Any) -> dict[str, Any]:
    return {"slogan": SLOGAN, "launched_on": w.DAY.isoformat(), "plan": "", "version": 0} | changes


def post(client: Client, world: w.World, **changes: Any) -> Any:
    return client.post(reverse("launch_edit", args=[world.season.slug]), typed(**changes))


def launch(world: w.World, **changes: Any) -> Launch:
    values = {"slogan": SLOGAN, "launched_on": w.DAY, "version": 0} | changes
    return record_launch(season=world.season, unit=world.a, by=world.an, **values)


# The pledge


def test_pledge_tells_day_place_signatures_and_registrations(
    client: Client, world: w.World
) -> None:
    Signature.objects.create(
        pledge=world.pledge, unit=world.a, signer="Nguyễn Văn Ký", rank="Đại tá",
        signed_on=world.pledge.signed_on,
    )  # fmt: skip
    Registration.objects.create(pledge=world.pledge, unit=world.a, title="Đơn vị quyết thắng")
    client.force_login(world.binh)
    text = page(client, "pledge", world.season)
    assert world.pledge.signed_on
    assert f"{world.pledge.signed_on:%d/%m/%Y}" in text
    assert "Đại tá Nguyễn Văn Ký" in text
    assert "Đơn vị quyết thắng" in text
    assert text.count("chưa đăng ký") == 2  # the other units


def test_pledge_leads_from_what_was_reached_to_the_achievements(
    client: Client, world: w.World
) -> None:
    achievement = w.draft(world, target=world.target, quantity=Decimal(4))
    w.attach(world, achievement)
    sent = w.reviews.submit_achievement(achievement=achievement, by=world.an)
    review_achievement(
        achievement=sent, by=world.thu, decision=Review.Decision.VERIFIED, revision=1
    )
    client.force_login(world.an)
    text = page(client, "pledge", world.season)
    assert "4/10 bản" in text
    address = reverse("target_detail", args=[world.season.slug, world.target.pk])
    assert f'href="{address}"' in text
    assert sent.code in client.get(address).content.decode()


def test_pledge_hides_the_targets_of_other_units(client: Client, world: w.World) -> None:
    client.force_login(world.binh)
    text = page(client, "pledge", world.season)
    assert reverse("target_detail", args=[world.season.slug, world.target.pk]) not in text
    assert "Chưa có chỉ tiêu chung" in text


def test_pledge_that_is_missing_says_who_enters_it(client: Client, world: w.World) -> None:
    client.force_login(world.far_secretary)
    text = page(client, "pledge", world.far_season)
    assert f"Chưa có giao ước thi đua năm {w.YEAR}" in text


def test_pledge_without_day_place_or_signature_has_words_for_it(
    client: Client, world: w.World
) -> None:
    source = Source.objects.create(season=world.season, code="T01", quote="Ngay từ đầu năm")
    world.pledge.signed_on, world.pledge.place, world.pledge.source = None, "", source
    world.pledge.save()
    client.force_login(world.lan)
    text = page(client, "pledge", world.season)
    assert text.count("Chưa ghi") == 2
    assert "Chưa có chữ ký của đơn vị nào." in text
    assert "Chưa có danh hiệu nào được đăng ký." in text


# Goals


def progress(reached: int, direction: Direction = Direction.MORE) -> TargetProgress:
    target = Target(text="Báo cáo", measure="bản", planned=Decimal(10), direction=direction)
    return TargetProgress(target=target, reached=Decimal(reached), achievements=1)


@pytest.mark.parametrize(
    ("reached", "on", "kind", "word"),
    [
        (4, date(2026, 3, 1), "", "Đúng tiến độ"),
        (4, date(2026, 11, 1), "slow", "Chậm so với thời gian"),
        (10, date(2026, 11, 1), "ok", "Đạt"),
        (12, date(2026, 11, 1), "ok", "Vượt"),
        (9, date(2027, 1, 1), "slow", "Không đạt"),
        (0, date(2025, 12, 20), "", "Đúng tiến độ"),
    ],
)
def test_goal_is_judged_by_the_day(reached: int, on: date, kind: str, word: str) -> None:
    found = goals.goal(progress(reached), Season(year=2026), on)
    assert (found.kind, found.word) == (kind, word)
    assert found.percent == min(reached * 10, 100)


@pytest.mark.parametrize(("reached", "word"), [(10, "Trong mức"), (11, "Vượt mức")])
def test_goal_of_less_is_a_limit(reached: int, word: str) -> None:
    found = goals.goal(progress(reached, Direction.LESS), Season(year=2026), date(2026, 6, 1))
    assert found.word == word
    assert found.pace is None


def test_goals_stand_in_the_order_of_their_groups(world: w.World) -> None:
    for order, group in ((2, TargetGroup.EMULATION), (3, TargetGroup.DISCIPLINE)):
        Target.objects.create(
            pledge=world.pledge, unit=world.a, order=order, group=group, text=str(order),
            measure="lần", planned=1,
        )  # fmt: skip
    found = goals.by_group(targets(world.season, world.a), world.season, w.DAY)
    assert [group["name"] for group in found] == [
        TargetGroup.POLITICAL.label, TargetGroup.DISCIPLINE.label, TargetGroup.EMULATION.label,
    ]  # fmt: skip


# Launches


def test_launch_list_names_every_unit(client: Client, world: w.World) -> None:
    launch(world, plan="Mục tiêu: một\nThời gian: cả năm")
    client.force_login(world.binh)
    text = page(client, "launch_list", world.season)
    assert SLOGAN in text
    assert "1/3 đơn vị đã phát động" in text
    assert text.count("Chưa phát động") == 2
    assert "Ghi việc phát động" in text


def test_launch_list_offers_nothing_to_the_secretary(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    assert "Ghi việc phát động" not in page(client, "launch_list", world.season)


def test_launch_list_tells_what_the_whole_cluster_did(client: Client, world: w.World) -> None:
    source = Source.objects.create(season=world.season, code="T02", quote="Các đơn vị đã phát động")
    Launch.objects.create(season=world.season, plan="Phát động từ đầu năm", source=source)
    client.force_login(world.lan)
    text = page(client, "launch_list", world.season)
    assert "Phát động từ đầu năm" in text
    assert "Tài liệu nguồn không nêu tên từng đơn vị." in text
    assert "Các đơn vị đã phát động" in text


def cost(client: Client, address: str) -> int:
    """Return how many queries a page takes, its session being there."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["launch_list", "pledge"])
def test_list_costs_the_same_with_many_units(client: Client, world: w.World, name: str) -> None:
    address = reverse(name, args=[world.season.slug])
    client.force_login(world.an)
    launch(world)
    before = cost(client, address)
    for number in range(40):
        unit = w.unit(f"U{number}", f"Đơn vị số {number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        Launch.objects.create(season=world.season, unit=unit, slogan=SLOGAN, launched_on=w.DAY)
        Signature.objects.create(pledge=world.pledge, unit=unit, signer="A", signed_on=w.DAY)
        Target.objects.create(
            pledge=world.pledge, order=number, group=TargetGroup.FORCE, text=f"Việc {number}",
            measure="lần", planned=1,
        )  # fmt: skip
    assert cost(client, address) == before


def test_launch_is_recorded_once(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    response = post(client, world, plan="Kế hoạch")
    assert response.status_code == 302
    assert response["Location"] == reverse("launch_list", args=[world.season.slug])
    row = Launch.objects.get(season=world.season, unit=world.a)
    assert (row.slogan, row.launched_on, row.plan) == (SLOGAN, w.DAY, "Kế hoạch")
    assert Event.objects.filter(verb="launch.record").count() == 1


def test_launch_of_another_unit_stays_as_it_is(client: Client, world: w.World) -> None:
    row = launch(world)
    client.force_login(world.binh)
    assert post(client, world, slogan="Khẩu hiệu của B").status_code == 302
    row.refresh_from_db()
    assert row.slogan == SLOGAN
    assert Launch.objects.get(unit=world.b).slogan == "Khẩu hiệu của B"


def test_launch_text_is_kept_in_nfc(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    post(client, world, slogan=unicodedata.normalize("NFD", SLOGAN))
    assert Launch.objects.get(unit=world.a).slogan == SLOGAN


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slogan": ""}, "Nhập khẩu hiệu hành động"),
        ({"slogan": "x" * 301}, "còn tối đa 300 ký tự"),
        ({"slogan": "a\x00b"}, "ký tự không đọc được"),
        ({"plan": "x" * 1_000_000}, "còn tối đa 5000 ký tự"),
        ({"launched_on": ""}, "Chọn ngày phát động"),
        ({"launched_on": "31/02/2026"}, "Nhập ngày theo dạng ngày/tháng/năm"),
        (
            {"launched_on": f"{w.YEAR - 2}-05-05"},
            OUTSIDE,
        ),
        (
            {"launched_on": (timezone.localdate() + timedelta(days=1)).isoformat()},
            OUTSIDE,
        ),
    ],
)
def test_launch_refuses_at_the_field_and_keeps_what_was_typed(
    client: Client, world: w.World, changes: dict[str, str], message: str
) -> None:
    client.force_login(world.an)
    response = post(client, world, **({"plan": "Giữ lại"} | changes))
    text = response.content.decode()
    assert response.status_code == 200
    assert message in text
    assert "<title>Lỗi:" in text.replace("\n", "").replace("  ", "")
    assert "plan" in changes or "Giữ lại" in text
    assert not Launch.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_launch_with_a_forged_version_is_refused(
    client: Client, world: w.World, version: str
) -> None:
    client.force_login(world.an)
    assert post(client, world, version=version).status_code == 200
    assert not Launch.objects.exists()


def test_stale_launch_shows_both_and_may_then_be_saved(client: Client, world: w.World) -> None:
    launch(world, slogan="Khẩu hiệu của đồng nghiệp")
    client.force_login(world.an)
    response = post(client, world)
    text = response.content.decode()
    assert response.status_code == 200
    assert "vừa được người khác lưu" in text
    assert "Khẩu hiệu của đồng nghiệp" in text
    assert SLOGAN in text
    assert 'name="version" value="1"' in text
    assert post(client, world, version=1).status_code == 302
    assert Launch.objects.get().slogan == SLOGAN


def test_launch_is_closed_outside_the_phase(client: Client, world: w.World) -> None:
    world.phase.enter = False
    world.phase.save()
    client.force_login(world.an)
    assert post(client, world).status_code == 403
    assert not Launch.objects.exists()
