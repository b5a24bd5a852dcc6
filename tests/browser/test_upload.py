"""Files go up while the form is filled in, each with its own fate; or with it, without script."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect

from emulation.models import Achievement, Evidence, State
from tests import world as w

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/ky/gan/thanh-tich/moi/tham-muu/"
UPLOADS = re.compile(r"/minh-chung/$")


@pytest.fixture
def world(live_server: Any, settings: Any, tmp_path: Path) -> w.World:
    settings.MEDIA_ROOT = tmp_path
    return w.build()


@pytest.fixture
def desk(world: w.World, context: Any, live_server: Any) -> Any:
    """An's browser, signed in."""
    client = Client()
    client.force_login(world.an)
    value = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    return context


def photo(name: str, colour: Any = "white") -> dict[str, Any]:
    return {"name": name, "mimeType": "image/png", "buffer": w.picture(colour).read()}


def opened(desk: Any, live_server: Any, path: str) -> Page:
    page: Page = desk.new_page()
    page.goto(live_server.url + path)
    return page


def hold_the_first(page: Page) -> list[Route]:
    """Let the first upload stay on its way until the test lets it go on."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(UPLOADS, hold)
    return held


def listed(page: Page) -> Any:
    return page.locator("[data-ledger] li")


def waiting(page: Page) -> Any:
    return page.locator("[data-queue] li")


def test_many_files_at_once_into_something_new(world: w.World, desk: Any, live_server: Any) -> None:
    page = opened(desk, live_server, NEW)
    page.fill("[name=title]", "Gõ trước khi tải tệp")
    page.set_input_files(
        "#id_files",
        [
            photo("một.png"),
            photo("KẾ HOẠCH (MẬT).png"),
            {"name": "hỏng.pdf", "mimeType": "application/pdf", "buffer": b"x"},
            {"name": "rỗng.pdf", "mimeType": "application/pdf", "buffer": b""},
            photo("hai.png", "red"),
        ],
    )
    expect(listed(page)).to_have_count(2)
    expect(waiting(page)).to_have_count(3)
    for name, why in (
        ("KẾ HOẠCH (MẬT).png", "Tên tệp có dấu MẬT"),
        ("hỏng.pdf", "Nội dung tệp không phải PDF"),
        ("rỗng.pdf", "Tệp rỗng"),
    ):
        row = waiting(page).filter(has_text=name)
        expect(row.get_by_role("alert")).to_contain_text(why)
        row.get_by_role("button", name=f"Bỏ {name}").click()
    expect(waiting(page)).to_have_count(0)
    row = Achievement.objects.get(unit=world.a)
    # The page is that of the draft by now, and what was typed is still there.
    assert page.url.endswith(f"/thanh-tich/{row.number}/sua/")
    expect(page.locator("[name=title]")).to_have_value("Gõ trước khi tải tệp")
    page.get_by_role("button", name="Lưu nháp").last.click()
    page.wait_for_url("**/thanh-tich/*/")
    row.refresh_from_db()
    assert (row.title, row.state) == ("Gõ trước khi tải tệp", State.DRAFT)
    assert sorted(row.evidence.values_list("name", flat=True)) == ["hai.png", "một.png"]
    assert Achievement.objects.filter(unit=world.a).count() == 1


def test_a_cut_connection_keeps_the_file_until_it_is_sent(
    world: w.World, desk: Any, live_server: Any
) -> None:
    achievement = w.draft(world)
    page = opened(desk, live_server, f"/ky/gan/thanh-tich/{achievement.number}/sua/")
    page.route(UPLOADS, lambda route: route.abort())
    page.set_input_files("#id_files", photo("ảnh.png"))
    row = waiting(page).filter(has_text="ảnh.png")
    expect(row.get_by_role("alert")).to_contain_text("Mất kết nối")
    # The form is not sent over the head of a file that is still on the phone.
    page.get_by_role("button", name="Lưu nháp").last.click()
    expect(page.locator("[data-hold]")).to_contain_text("Có tệp chưa tải lên được")
    assert page.url.endswith("/sua/")
    page.unroute(UPLOADS)
    row.get_by_role("button", name="Thử lại ảnh.png").click()
    expect(listed(page)).to_have_count(1)
    expect(waiting(page)).to_have_count(0)
    assert Evidence.objects.get().name == "ảnh.png"


def test_an_answer_lost_on_the_way_does_no_harm(
    world: w.World, desk: Any, live_server: Any
) -> None:
    achievement = w.draft(world)
    page = opened(desk, live_server, f"/ky/gan/thanh-tich/{achievement.number}/sua/")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(UPLOADS, lose)
    page.set_input_files("#id_files", photo("ảnh.png"))
    retry = page.get_by_role("button", name="Thử lại ảnh.png")
    expect(retry).to_be_visible()
    assert Evidence.objects.count() == 1
    page.unroute(UPLOADS)
    retry.click()
    expect(listed(page)).to_have_count(1)
    assert Evidence.objects.count() == 1


def test_an_expired_session_is_told_and_the_file_waits(
    world: w.World, desk: Any, live_server: Any
) -> None:
    achievement = w.draft(world)
    page = opened(desk, live_server, f"/ky/gan/thanh-tich/{achievement.number}/sua/")
    kept = desk.cookies()
    desk.clear_cookies(name="sessionid")
    page.set_input_files("#id_files", photo("ảnh.png"))
    row = waiting(page).filter(has_text="ảnh.png")
    expect(row.get_by_role("alert")).to_contain_text("Phiên đăng nhập đã hết")
    desk.add_cookies(kept)
    row.get_by_role("button", name="Thử lại ảnh.png").click()
    expect(listed(page)).to_have_count(1)


def test_the_form_waits_for_its_files(world: w.World, desk: Any, live_server: Any) -> None:
    achievement = w.draft(world)
    page = opened(desk, live_server, f"/ky/gan/thanh-tich/{achievement.number}/sua/")
    first = hold_the_first(page)
    page.set_input_files("#id_files", [photo("một.png"), photo("hai.png", "red")])
    expect(page.get_by_role("progressbar", name="một.png")).to_be_visible()
    page.get_by_role("button", name="Lưu nháp").last.click()
    expect(page.locator("[data-hold]")).to_contain_text("trang sẽ tự gửi khi tải xong")
    first[0].continue_()
    page.wait_for_url(f"**/thanh-tich/{achievement.number}/")
    assert achievement.evidence.count() == 2


def test_a_file_on_its_way_can_be_stopped(world: w.World, desk: Any, live_server: Any) -> None:
    achievement = w.draft(world)
    page = opened(desk, live_server, f"/ky/gan/thanh-tich/{achievement.number}/sua/")
    first = hold_the_first(page)
    page.set_input_files("#id_files", [photo("một.png"), photo("hai.png", "red")])
    page.get_by_role("button", name="Hủy hai.png").click()
    expect(waiting(page)).to_have_count(1)
    first[0].continue_()
    expect(listed(page)).to_have_count(1)
    assert [row.name for row in achievement.evidence.all()] == ["một.png"]


def test_without_script_the_form_sends_them(
    world: w.World, browser: Any, browser_context_args: Any, live_server: Any
) -> None:
    plain = browser.new_context(**browser_context_args, java_script_enabled=False)
    client = Client()
    client.force_login(world.an)
    value = client.cookies["sessionid"].value
    plain.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page = opened(plain, live_server, NEW)
    page.fill("[name=title]", "Không có JavaScript")
    expect(page.locator("#id_files")).to_be_visible()
    expect(page.locator("[data-camera]")).to_be_hidden()
    page.set_input_files("#id_files", [photo("một.png"), photo("hai.png", "red")])
    page.get_by_role("button", name="Lưu nháp").last.click()
    page.wait_for_url("**/thanh-tich/*/")
    assert Achievement.objects.get(title="Không có JavaScript").evidence.count() == 2
    plain.close()


def test_a_phone_has_its_camera(
    world: w.World, browser: Any, browser_context_args: Any, live_server: Any
) -> None:
    phone = browser.new_context(
        **browser_context_args | {"viewport": {"width": 360, "height": 740}},
        has_touch=True, is_mobile=True,
    )  # fmt: skip
    client = Client()
    client.force_login(world.an)
    value = client.cookies["sessionid"].value
    phone.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page = opened(phone, live_server, NEW)
    expect(page.get_by_text("Chụp ảnh")).to_be_visible()
    page.set_input_files("[data-camera]", photo("chụp.png"))
    expect(listed(page)).to_have_count(1)
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 360
    phone.close()
