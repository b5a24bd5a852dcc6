from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emulation import timeline
from emulation.models import Achievement, LateCode, Phase, Season
from emulation.models.season import SWITCHES
from emulation.services import late_codes
from tests import world as w
from tests.journeys.walker import Page

NOW = timezone.now()


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(name: str, *args: Any) -> str:
    return reverse(name, args=["gan", *args])


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    assert response.status_code in (200, 403), response.status_code
    return Page(response.content.decode()).text


def typed(**more: Any) -> dict[str, Any]:
    given = {
        "name": "Bình xét", "start": "2026-11-01T08:00", "end": "2026-11-15T17:00",
        "grace_hours": "12", "switches": ["nominate"], "version": "0",
    }  # fmt: skip
    return given | {"start": f"{w.YEAR}-11-01T08:00", "end": f"{w.YEAR}-11-15T17:00"} | more


# Phases


def test_the_phases_are_told_in_words(world: w.World) -> None:
    Phase.objects.filter(pk=world.phase.pk).update(grace_hours=24, objection=False)
    seen = text(signed_in(world.an).get(address("phase_list")))
    assert "Cả năm" in seen
    assert "gia hạn 24 giờ" in seen
    assert "Nhập thành tích, gửi thành tích" in seen
    assert "Chưa có tác dụng: phần này chưa có trên hệ thống." in seen
    assert "không có pha nào mở" in seen
    assert "Thêm pha" not in seen
    assert "Thêm pha" in text(signed_in(world.thu).get(address("phase_list")))


def test_every_switch_says_who_uses_it() -> None:
    assert set(timeline.WHO) == set(SWITCHES)
    assert set(timeline.WITHOUT_EFFECT) <= set(SWITCHES)


def test_phases_that_overlap_are_named(world: w.World) -> None:
    thu = signed_in(world.thu)
    assert "Các pha chồng nhau" not in text(thu.get(address("phase_list")))
    Phase.objects.create(
        season=world.season, name="Thêm", start=NOW, end=NOW + timedelta(days=3), vote=True
    )
    assert "“Cả năm” và “Thêm” cùng mở: bỏ phiếu." in text(thu.get(address("phase_list")))


def test_a_phase_is_added_changed_and_removed_in_the_browser(world: w.World) -> None:
    thu = signed_in(world.thu)
    assert thu.post(address("phase_new"), typed()).status_code == 302
    phase = Phase.objects.get(name="Bình xét")
    assert (phase.grace_hours, phase.nominate, phase.enter) == (12, True, False)
    assert timezone.localtime(phase.end).strftime("%H:%M %d/%m") == "17:00 15/11"
    page = Page(thu.get(address("phase_edit", phase.pk)).content.decode())
    form = next(form for form in page.forms if "name" in form.names)
    assert form.values["end"] == [f"{w.YEAR}-11-15T17:00"]
    edited = form.values | {"name": "Suy tôn", "switches": ["nominate", "confer"]}
    assert thu.post(address("phase_edit", phase.pk), edited).status_code == 302
    phase.refresh_from_db()
    assert (phase.name, phase.confer, phase.version) == ("Suy tôn", True, 2)
    assert thu.post(address("phase_remove", phase.pk), {"version": "2"}).status_code == 302
    assert not Phase.objects.filter(pk=phase.pk).exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"end": f"{w.YEAR}-10-01T08:00"}, "Pha phải kết thúc sau khi bắt đầu."),
        ({"switches": []}, "Chọn ít nhất một việc được làm trong pha này"),
        ({"name": "Cả năm"}, "Kỳ này đã có pha tên như vậy. Chọn tên khác."),
        ({"start": "mai"}, "Nhập ngày, giờ theo dạng"),
        ({"start": "1900-01-01T00:00"}, "Chọn thời điểm gần năm"),
        ({"grace_hours": "9999"}, "Nhập gia hạn (giờ) từ 0 đến 1.440"),
        ({"switches": ["delete"]}, "Chọn một mục có trong danh sách"),
    ],
)
def test_a_wrong_phase_is_told_at_its_field(
    world: w.World, more: dict[str, Any], says: str
) -> None:
    response = signed_in(world.thu).post(address("phase_new"), typed(**more))
    assert says in text(response)
    assert typed(**more)["name"] in response.content.decode()
    assert Phase.objects.count() == 1


def test_a_day_is_typed_by_hand_too(world: w.World) -> None:
    values = typed(start=f"01/11/{w.YEAR} 08:00")
    assert signed_in(world.thu).post(address("phase_new"), values).status_code == 302


def test_a_stale_phase_shows_what_is_stored(world: w.World) -> None:
    thu = signed_in(world.thu)
    Phase.objects.filter(pk=world.phase.pk).update(name="Tên của người khác", version=2)
    values = typed(name="Tên vừa gõ", version="1")
    response = thu.post(address("phase_edit", world.phase.pk), values)
    seen = response.content.decode()
    assert "Tên của người khác" in seen
    assert "Tên vừa gõ" in seen
    again = next(form for form in Page(seen).forms if "name" in form.names)
    assert again.values["version"] == ["2"]
    assert thu.post(address("phase_edit", world.phase.pk), again.values).status_code == 302
    assert Phase.objects.get(pk=world.phase.pk).name == "Tên vừa gõ"


def test_a_stale_removal_is_refused_in_words(world: w.World) -> None:
    response = signed_in(world.thu).post(address("phase_remove", world.phase.pk), {"version": "9"})
    assert "vừa được người khác lưu" in text(response)
    assert Phase.objects.filter(pk=world.phase.pk).exists()


def test_the_settings_of_the_season_are_kept_from_two_editors(world: w.World) -> None:
    thu = signed_in(world.thu)
    form = next(
        form for form in Page(thu.get(address("season_edit")).content.decode()).forms
        if "motto" in form.names
    )  # fmt: skip
    Season.objects.filter(pk=world.season.pk).update(motto="Của người khác")
    response = thu.post(address("season_edit"), form.values | {"motto": "Vừa gõ"})
    assert "Của người khác" in response.content.decode()
    again = next(f for f in Page(response.content.decode()).forms if "motto" in f.names)
    assert again.values["motto"] == ["Vừa gõ"]
    assert thu.post(address("season_edit"), again.values).status_code == 302
    assert Season.objects.get(pk=world.season.pk).motto == "Vừa gõ"


def test_the_page_costs_the_same_with_many_phases(world: w.World) -> None:
    thu = signed_in(world.thu)

    def cost() -> int:
        thu.get(address("phase_list"))
        with CaptureQueriesContext(connection) as queries:
            assert thu.get(address("phase_list")).status_code == 200
        return len(queries)

    few = cost()
    Phase.objects.bulk_create(
        Phase(
            season=world.season, name=f"Pha {n}", start=NOW + timedelta(days=n),
            end=NOW + timedelta(days=n + 5), submit=True,
        )
        for n in range(30)
    )  # fmt: skip
    assert cost() == few


# Late codes


def close_entering(world: w.World) -> None:
    Phase.objects.filter(pk=world.phase.pk).update(
        end=NOW - timedelta(days=1), start=NOW - timedelta(days=300)
    )


def issue(world: w.World, **more: Any) -> LateCode:
    given = {
        "season": world.season, "unit": world.a, "reason": "Mất điện", "by": world.thu,
        "until": NOW + timedelta(days=2),
    } | more  # fmt: skip
    return late_codes.issue_late_code(**given)


def test_the_way_of_a_late_code(world: w.World) -> None:
    """Closed, told where to type a code, given one, let in, and marked as late."""
    close_entering(world)
    an, thu = signed_in(world.an), signed_in(world.thu)
    closed = an.get(address("achievement_category"))
    assert closed.status_code == 403
    assert address("late_code_redeem") in closed.content.decode()
    until = timezone.localtime(NOW + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    values = {"unit": world.a.pk, "until": until, "reason": "Mất điện"}
    given = thu.post(address("late_code_list"), values, follow=True)
    code = late_codes.shown(LateCode.objects.get().code)
    assert code in text(given)
    assert "Chưa dùng" in text(given)
    redeemed = an.post(address("late_code_redeem"), {"code": code.lower()}, follow=True)
    assert "Đã mở cho Đơn vị A đến" in text(redeemed)
    assert an.get(address("achievement_category")).status_code == 200
    binh = signed_in(world.binh).get(address("achievement_category"))
    assert binh.status_code == 403
    listed = text(thu.get(address("late_code_list")))
    assert "Đã dùng" in listed
    assert world.an.full_name in listed


@pytest.mark.parametrize(
    ("typed", "says"),
    [("ABCD-EFGH", "Không có mã này."), ("", "Nhập mã nộp muộn"), ("x" * 50, "Rút gọn")],
)
def test_a_wrong_code_is_told_at_the_field(world: w.World, typed: str, says: str) -> None:
    issue(world)
    response = signed_in(world.an).post(address("late_code_redeem"), {"code": typed})
    assert says in text(response)
    assert "id_code_error" in response.content.decode()


def test_a_code_of_another_unit_does_not_exist(world: w.World) -> None:
    code = issue(world, unit=world.b)
    response = signed_in(world.an).post(address("late_code_redeem"), {"code": code.code})
    assert "Không có mã này." in text(response)


def test_a_code_that_is_over_or_used_says_so(world: w.World) -> None:
    code, an = issue(world), signed_in(world.an)
    late_codes.redeem_late_code(season=world.season, unit=world.a, code=code.code, by=world.anh)
    response = an.post(address("late_code_redeem"), {"code": code.code})
    assert "Lê Thị Anh đã dùng mã này" in text(response)
    assert "Đơn vị đang được nộp muộn đến" in text(response)
    LateCode.objects.filter(pk=code.pk).update(
        at=NOW - timedelta(days=5), until=NOW - timedelta(days=1)
    )
    response = an.post(address("late_code_redeem"), {"code": code.code})
    assert "Mã đã hết hạn lúc" in text(response)


# The closing and the next year


def test_what_waits_keeps_the_season_open(world: w.World) -> None:
    w.sent(world)
    seen = text(signed_in(world.thu).get(address("season_close")))
    assert "1 thành tích chờ thẩm định" in seen
    assert "Gõ “" not in seen
    confirmation = {"confirmation": f"chốt kỳ {w.YEAR}"}
    response = signed_in(world.thu).post(address("season_close"), confirmation)
    assert "Chưa chốt được: còn 1 thành tích chờ thẩm định." in text(response)
    assert not Season.objects.get(pk=world.season.pk).is_closed


def test_the_closing_is_typed(world: w.World) -> None:
    lan = signed_in(world.lan)
    w.draft(world)
    response = lan.post(address("season_close"), {"confirmation": "chốt"})
    assert f"Gõ đúng “chốt kỳ {w.YEAR}”" in text(response)
    response = lan.post(
        address("season_close"), {"confirmation": f"  Chốt  Kỳ {w.YEAR} "}, follow=True
    )
    assert f"Đã chốt kỳ thi đua năm {w.YEAR}." in text(response)
    assert "Kỳ đã chốt ngày" in text(response)
    again = lan.post(address("season_close"), {"confirmation": "x"}, follow=True)
    assert "Kỳ này đã chốt." in text(again)


def test_a_unit_is_told_that_the_season_is_closed(world: w.World) -> None:
    row = w.draft(world)
    Season.objects.filter(pk=world.season.pk).update(closed_at=NOW, closed_by=world.thu)
    seen = text(signed_in(world.an).get(address("achievement_detail", row.number)))
    assert seen.count("Kỳ đã chốt ngày") == 1
    assert "Sửa" not in [word.strip() for word in seen.split("·")]
    values = {"title": "X", "version": "1"}
    response = signed_in(world.an).post(address("achievement_edit", row.number), values)
    assert response.status_code in (200, 403)
    assert "Kỳ đã chốt ngày" in text(response)
    assert Achievement.objects.get(pk=row.pk).title == row.title


def test_the_next_season_takes_three_clicks(world: w.World) -> None:
    """From the page of the phases: the link, the button; then the new season is there."""
    thu = signed_in(world.thu)
    first = Page(thu.get(address("phase_list")).content.decode())
    href = first.links["Mở kỳ mới từ kỳ này"]
    page = Page(thu.get(href).content.decode())
    form = next(form for form in page.forms if "parts" in form.names)
    assert len(form.values["parts"]) == 5
    made = thu.post(href, form.values, follow=True)
    assert f"Đã mở kỳ năm {w.YEAR + 1}." in text(made)
    new = Season.objects.get(year=w.YEAR + 1)
    assert made.redirect_chain[-1][0] == reverse("phase_list", args=[new.slug])
    again = thu.post(href, form.values, follow=True)
    assert again.redirect_chain[-1][0] == reverse("phase_list", args=[new.slug])
    assert Season.objects.filter(year=w.YEAR + 1).count() == 1


def test_the_check_list_names_what_changes(world: w.World) -> None:
    newer = w.unit("A1", "Đơn vị A1")
    newer.predecessors.add(world.a)
    for unit in (world.a, world.b):
        unit.valid_to = timezone.datetime(w.YEAR, 12, 31).date()
        unit.save()
    seen = text(signed_in(world.thu).get(address("season_new")))
    assert "Đơn vị A → Đơn vị A1" in seen
    assert "Đơn vị B: không còn trong cụm năm sau" in seen


def test_the_next_year_does_not_take_the_desk_before_its_day(world: w.World) -> None:
    thu = signed_in(world.thu)
    thu.post(address("season_new"), {"parts": ["members", "phases"]})
    for user in (world.thu, world.an):
        assert signed_in(user).get("/")["Location"] == reverse("season_home", args=["gan"])
