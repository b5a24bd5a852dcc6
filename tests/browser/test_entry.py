"""Not one character is lost: whatever happens to tab, connection, login or server.

And thirty seconds on a phone: an achievement with a photo in at most twelve interactions.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from playwright.sync_api import Error, Page, expect

from emulation.models import Achievement, Autosave, State
from tests import world as w

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUSE = Path(__file__).resolve().parents[2]
NEW = "/ky/gan/thanh-tich/moi/tham-muu/"
QUICK = "/ky/gan/thanh-tich/nhanh/"
PHONE = {"width": 360, "height": 740}
TEXT = "Tuyên truyền pháp luật tại Nghi Lộc, 3 buổi, 420 người dự"
MORE = " – bổ sung: “kết quả tốt” <ệẫợ>"
SAVED = re.compile(r"Đã lưu lúc \d\d:\d\d")
KEPT_HERE = re.compile(r"giữ trên máy này")


@pytest.fixture
def world(live_server: Any) -> w.World:
    return w.build()


def sign_in(context: Any, base: str, user: Any) -> None:
    """Put the session of a user into a browser."""
    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "url": base}])


class Desk:
    """Somebody with a browser in which they are signed in."""

    def __init__(self, context: Any, base: str, user: Any) -> None:
        self.context, self.base = context, base
        sign_in(context, base, user)

    def open(self, path: str, *, blank: bool = False) -> Page:
        page: Page = self.context.new_page()
        page.goto(self.base + path)
        if not blank:
            # The script has looked for what was kept.
            page.wait_for_timeout(400)
        return page


@pytest.fixture
def an(context: Any, live_server: Any, world: w.World) -> Desk:
    return Desk(context, live_server.url, world.an)


@pytest.fixture
def second(browser: Any, browser_context_args: Any, live_server: Any) -> Iterator[Any]:
    """Another computer."""
    context = browser.new_context(**browser_context_args)
    context.set_default_timeout(15_000)
    yield context
    context.close()


def title(page: Page) -> Any:
    return page.locator("[name=title]")


def status(page: Page) -> Any:
    return page.locator("[data-autosave-status]")


def write(page: Page, text: str) -> None:
    """Type at the end of the title, key by key."""
    title(page).focus()
    title(page).press("End")
    title(page).press_sequentially(text)


def leave(page: Page) -> None:
    title(page).blur()


def crash(page: Page) -> None:
    """Let the tab end without a word: no event of leaving, no last message."""
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash")


def kept(page: Page) -> list[str]:
    """What the browser itself keeps."""
    found: list[str] = page.evaluate("Object.values(localStorage)")
    return found


def stored(name: str = "title") -> str:
    """What the server keeps of the one text that is being typed."""
    [row] = Autosave.objects.unsaved()
    return str(row.fields[name][0])


def until(check: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


# Tab closed


def test_a_tab_closed_in_the_middle_of_a_word(an: Desk) -> None:
    page = an.open(NEW)
    write(page, TEXT)
    page.close()
    again = an.open(NEW)
    expect(title(again)).to_have_value(TEXT)
    write(again, MORE)
    leave(again)
    expect(status(again)).to_contain_text(SAVED)
    until(lambda: stored() == TEXT + MORE)
    assert kept(again) == []


def test_a_crashed_tab_that_could_not_say_good_bye(an: Desk) -> None:
    """Neither its last message nor an earlier one arrived; the browser has every character."""
    page = an.open(NEW)
    an.context.route("**/tu-luu/", lambda route: route.abort())
    write(page, TEXT)
    crash(page)
    assert not Autosave.objects.exists()
    an.context.unroute("**/tu-luu/")
    again = an.open(NEW)
    expect(title(again)).to_have_value(TEXT)
    expect(again.locator("[data-autosave-found]")).to_contain_text("Đã khôi phục nội dung còn giữ")
    expect(status(again)).to_contain_text(SAVED)
    until(lambda: stored() == TEXT)


def test_any_other_page_delivers_what_a_closed_tab_left(an: Desk) -> None:
    page = an.open(NEW)
    an.context.route("**/tu-luu/", lambda route: route.abort())
    write(page, TEXT)
    crash(page)
    an.context.unroute("**/tu-luu/")
    home = an.open("/ky/gan/")
    until(lambda: Autosave.objects.unsaved().exists())
    until(lambda: kept(home) == [])
    until(lambda: stored() == TEXT)


def test_another_computer_goes_on(an: Desk, second: Any, world: w.World) -> None:
    page = an.open(NEW)
    write(page, TEXT)
    leave(page)
    expect(status(page)).to_contain_text(SAVED)
    assert kept(page) == []
    page.close()
    other = Desk(second, an.base, world.an).open(NEW)
    expect(title(other)).to_have_value(TEXT)
    expect(other.locator("main")).to_contain_text("Đã khôi phục nội dung chưa lưu lúc")
    other.get_by_role("button", name="Bỏ nội dung chưa lưu").first.click()
    expect(title(other)).to_have_value("")


def test_every_kind_of_field_comes_back(an: Desk, world: w.World) -> None:
    page = an.open("/ky/gan/thanh-tich/moi/cong-dong/")
    an.context.route("**/tu-luu/", lambda route: route.abort())
    page.fill("[name=started_on]", w.DAY.isoformat())
    page.select_option("[name=target]", str(world.target.pk))
    page.fill("[name=quantity]", "12,")
    page.fill("[name=description]", "Dòng một\n\n  dòng ba ")
    page.check("[name=is_internal]")
    page.select_option("[name=kind]", "gift")
    page.close()
    again = an.open("/ky/gan/thanh-tich/moi/cong-dong/")
    expect(again.locator("[name=started_on]")).to_have_value(w.DAY.isoformat())
    expect(again.locator("[name=target]")).to_have_value(str(world.target.pk))
    expect(again.locator("[name=quantity]")).to_have_value("12,")
    expect(again.locator("[name=description]")).to_have_value("Dòng một\n\n  dòng ba ")
    expect(again.locator("[name=is_internal]")).to_be_checked()
    expect(again.locator("[name=kind]")).to_have_value("gift")


def test_a_tab_crashes_after_its_first_photo(an: Desk, tmp_path: Path) -> None:
    """The photo made the draft while the text was being typed: the text is found at the draft."""
    photo = tmp_path / "anh.png"
    photo.write_bytes(w.picture().read())
    page = an.open(NEW)
    write(page, TEXT)
    page.set_input_files("#id_files", str(photo))
    expect(page.locator("[data-ledger]")).to_contain_text("anh.png")
    row = Achievement.objects.get()
    an.context.route("**/tu-luu/", lambda route: route.abort())
    write(page, MORE)
    crash(page)
    an.context.unroute("**/tu-luu/")
    again = an.open(f"/ky/gan/thanh-tich/{row.number}/sua/")
    expect(title(again)).to_have_value(TEXT + MORE)
    again.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(again.locator("main")).to_contain_text("Đã lưu nháp lúc")
    row.refresh_from_db()
    assert (row.title, row.evidence.count()) == (TEXT + MORE, 1)
    assert not Autosave.objects.unsaved().exists()


def test_saving_ends_it_on_both_sides(an: Desk) -> None:
    page = an.open(NEW)
    write(page, TEXT)
    page.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("Đã lưu nháp lúc")
    assert Achievement.objects.get().title == TEXT
    until(lambda: kept(page) == [])
    assert not Autosave.objects.unsaved().exists()
    expect(title(an.open(NEW))).to_have_value("")
    edit = an.open(f"/ky/gan/thanh-tich/{Achievement.objects.get().number}/sua/")
    expect(edit.locator("main")).not_to_contain_text("Đã khôi phục nội dung chưa lưu")
    expect(edit.locator("[data-autosave-found]")).to_be_hidden()


def test_nothing_of_another_user_of_the_browser_is_shown(an: Desk, world: w.World) -> None:
    page = an.open(NEW)
    an.context.route("**/tu-luu/", lambda route: route.abort())
    write(page, TEXT)
    crash(page)
    an.context.unroute("**/tu-luu/")
    anh = Desk(an.context, an.base, world.anh).open(NEW)
    expect(title(anh)).to_have_value("")
    assert not Autosave.objects.exists()
    assert any(TEXT in text for text in kept(anh))
    # It waits for its writer.
    back = Desk(an.context, an.base, world.an).open(NEW)
    expect(title(back)).to_have_value(TEXT)


# Connection cut


def test_the_connection_is_cut_while_saving(an: Desk) -> None:
    page = an.open(NEW)
    write(page, TEXT)
    an.context.set_offline(True)
    leave(page)
    expect(status(page)).to_contain_text("Chưa gửi được, đang giữ trên máy này")
    write(page, MORE)
    assert any("ệẫợ" in text for text in kept(page))
    an.context.set_offline(False)
    expect(status(page)).to_contain_text(SAVED)
    until(lambda: stored() == TEXT + MORE)
    assert kept(page) == []


def test_the_answer_is_lost_on_its_way(an: Desk) -> None:
    """The server has the text, the browser does not know; what is typed on arrives as well."""
    page = an.open(NEW)

    def swallow(route: Any) -> None:
        route.fetch()
        route.abort()

    an.context.route("**/tu-luu/", swallow)
    write(page, TEXT)
    leave(page)
    expect(status(page)).to_contain_text(KEPT_HERE)
    until(lambda: stored() == TEXT)
    an.context.unroute("**/tu-luu/")
    write(page, MORE)
    leave(page)
    expect(status(page)).to_contain_text(SAVED)
    until(lambda: stored() == TEXT + MORE)


def test_the_form_is_sent_into_the_void(an: Desk) -> None:
    page = an.open(NEW)
    write(page, TEXT)
    an.context.route(re.compile("tu-luu|tham-muu"), lambda route: route.abort())
    page.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    page.wait_for_timeout(500)
    an.context.unroute(re.compile("tu-luu|tham-muu"))
    assert not Achievement.objects.exists()
    page.close()
    again = an.open(NEW)
    expect(title(again)).to_have_value(TEXT)
    again.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(again.locator("main")).to_contain_text("Đã lưu nháp lúc")
    assert Achievement.objects.get().title == TEXT


def test_offline_the_save_button_does_not_throw_the_page_away(an: Desk) -> None:
    page = an.open(NEW)
    write(page, TEXT)
    an.context.set_offline(True)
    page.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(status(page)).to_contain_text(KEPT_HERE)
    expect(title(page)).to_have_value(TEXT)
    an.context.set_offline(False)
    expect(status(page)).to_contain_text(SAVED)
    page.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("Đã lưu nháp lúc")


# Session expired


def log_in_at(page: Page, user: Any) -> None:
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", w.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("h1")).not_to_have_text("Đăng nhập")


def test_the_login_expires_while_typing(an: Desk, world: w.World) -> None:
    page = an.open(NEW)
    write(page, TEXT)
    Session.objects.all().delete()
    leave(page)
    expect(status(page)).to_contain_text("Phiên đăng nhập đã hết")
    write(page, MORE)
    with an.context.expect_page() as opened:
        status(page).get_by_role("link").click()
    log_in_at(opened.value, world.an)
    opened.value.close()
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(status(page)).to_contain_text(SAVED)
    until(lambda: stored() == TEXT + MORE)
    # The new session has another token: the form has it too.
    page.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("Đã lưu nháp lúc")
    assert Achievement.objects.get().title == TEXT + MORE


def test_the_form_is_sent_after_the_login_expired(an: Desk, world: w.World) -> None:
    page = an.open(NEW)
    Session.objects.all().delete()
    an.context.route("**/tu-luu/", lambda route: route.abort())
    write(page, TEXT)
    page.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    an.context.unroute("**/tu-luu/")
    log_in_at(page, world.an)
    expect(title(page)).to_have_value(TEXT)
    page.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("Đã lưu nháp lúc")
    assert Achievement.objects.get().title == TEXT


def test_somebody_else_signs_in_meanwhile(an: Desk, world: w.World) -> None:
    page = an.open(NEW)
    write(page, TEXT)
    sign_in(an.context, an.base, world.anh)
    leave(page)
    expect(status(page)).to_contain_text("đang đăng nhập tài khoản khác")
    expect(title(page)).to_have_value(TEXT)
    assert not Autosave.objects.exists()


# Server killed and restarted


class Server:
    """A server of its own on the database of the test, which can be killed."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        database = str(connection.settings_dict["NAME"])
        address = f"127.0.0.1:{self.port}"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "runserver", address, "--insecure", "--noreload"],
                cwd=HOUSE, stdout=out, stderr=subprocess.STDOUT,
                env=os.environ
                | {"TEST_DATABASE": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            )  # fmt: skip
        until(self._answers, 60)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            urllib.request.urlopen(f"{self.url}/dang-nhap/", timeout=2).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def server(tmp_path: Path, context: Any, world: w.World) -> Iterator[Server]:
    made = Server(tmp_path / "server.log")
    # The browser's context lets pages reach the live server alone.
    context.route(re.compile(f"^{re.escape(made.url)}/"), lambda route: route.continue_())
    made.start()
    yield made
    made.kill()


def test_the_server_is_killed_and_started_again(
    context: Any, server: Server, world: w.World
) -> None:
    desk = Desk(context, server.url, world.an)
    page = desk.open(NEW)
    write(page, TEXT)
    leave(page)
    expect(status(page)).to_contain_text(SAVED)
    server.kill()
    write(page, MORE)
    leave(page)
    expect(status(page)).to_contain_text("Chưa gửi được, đang giữ trên máy này")
    write(page, " và nữa")
    server.start()
    # It tries again by itself.
    expect(status(page)).to_contain_text(SAVED, timeout=30_000)
    until(lambda: stored() == TEXT + MORE + " và nữa")
    page.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("Đã lưu nháp lúc")
    assert Achievement.objects.get().title == TEXT + MORE + " và nữa"


def test_the_server_dies_and_the_tab_is_closed_too(
    context: Any, server: Server, world: w.World
) -> None:
    desk = Desk(context, server.url, world.an)
    page = desk.open(NEW)
    server.kill()
    write(page, TEXT)
    page.close()
    server.start()
    expect(title(desk.open(NEW))).to_have_value(TEXT)


# Two editors


def test_two_editors_of_one_draft(an: Desk, second: Any, world: w.World) -> None:
    row = w.draft(world, title="Báo cáo")
    edit = f"/ky/gan/thanh-tich/{row.number}/sua/"
    hers = Desk(second, an.base, world.anh).open(edit)
    write(hers, " của Anh")
    leave(hers)
    expect(status(hers)).to_contain_text(SAVED)
    his = an.open(edit)
    others = his.locator("[data-autosave-others]")
    expect(others).to_contain_text("Lê Thị Anh đang sửa bản này, tự lưu lúc")
    expect(title(his)).to_have_value("Báo cáo")
    # She is warned too, while typing.
    write(his, " của An")
    leave(his)
    expect(status(his)).to_contain_text(SAVED)
    write(hers, ", thêm")
    leave(hers)
    expect(hers.locator("[data-autosave-others]")).to_contain_text("Nguyễn Văn An đang sửa bản này")
    hers.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    expect(hers.locator("main")).to_contain_text("Đã lưu nháp lúc")
    write(his, " gõ tiếp")
    leave(his)
    expect(others).to_contain_text("Lê Thị Anh đã lưu bản này lúc")
    his.get_by_role("button", name="Lưu nháp", exact=True).last.click()
    for text in ("Nội dung đã lưu khác", "Báo cáo của Anh, thêm", "Báo cáo của An gõ tiếp"):
        expect(his.locator("main")).to_contain_text(text)
    row.refresh_from_db()
    assert row.title == "Báo cáo của Anh, thêm"
    expect(title(his)).to_have_value("Báo cáo của An gõ tiếp")
    # Closed now, the comparison is lost, the text is not.
    until(lambda: Autosave.objects.unsaved().filter(user=world.an).exists())
    his.close()
    expect(title(an.open(edit))).to_have_value("Báo cáo của An gõ tiếp")


def test_two_windows_of_one_person(an: Desk, world: w.World) -> None:
    row = w.draft(world, title="Báo cáo")
    edit = f"/ky/gan/thanh-tich/{row.number}/sua/"
    first, other = an.open(edit), an.open(edit)
    write(first, " một")
    leave(first)
    expect(status(first)).to_contain_text(SAVED)
    write(other, " hai")
    leave(other)
    box = other.locator("[data-autosave-conflict]")
    expect(box).to_contain_text("cũng mở ở cửa sổ khác")
    expect(title(other)).to_have_value("Báo cáo hai")
    until(lambda: stored() == "Báo cáo một")
    # What was typed there survives the closing of both windows, and the choice stays open.
    other.close()
    first.close()
    again = an.open(edit)
    expect(title(again)).to_have_value("Báo cáo một")
    again.get_by_role("button", name="Dùng nội dung giữ trên máy này").click()
    expect(title(again)).to_have_value("Báo cáo hai")
    leave(again)
    until(lambda: stored() == "Báo cáo hai")


# What must not be kept


def test_a_secret_text_stays_on_the_screen_alone(an: Desk) -> None:
    page = an.open(NEW)
    title(page).fill("Kế hoạch TUYỆT MẬT")
    leave(page)
    expect(status(page)).to_contain_text("TUYỆT MẬT")
    assert kept(page) == []
    assert not Autosave.objects.exists()
    title(page).fill("Kế hoạch tháng")
    leave(page)
    expect(status(page)).to_contain_text(SAVED)
    until(lambda: stored() == "Kế hoạch tháng")


# Thirty seconds on a phone


class Thumb:
    """A finger on a phone that counts what it does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, words: str, within: str = "main") -> None:
        self.count += 1
        place = self.page.locator(within)
        found = place.get_by_role("link", name=words).or_(
            place.get_by_role("button", name=words, exact=True)
        )
        found.first.click()
        self.page.wait_for_load_state()
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(wide), f"{self.page.url} scrolls sideways"

    def type(self, name: str, text: str) -> None:
        self.count += 2  # into the field, and the words
        self.page.fill(f"[name={name}]", text)

    def choose(self, name: str, value: str) -> None:
        self.count += 2  # opens the list, and takes an entry
        self.page.select_option(f"[name={name}]", value)

    def photograph(self, name: str, path: Path) -> None:
        self.count += 1
        self.page.set_input_files(f"[name={name}]", str(path))


def test_an_achievement_with_a_photo_in_twelve_interactions(
    an: Desk, world: w.World, tmp_path: Path
) -> None:
    photo = tmp_path / "anh.png"
    photo.write_bytes(w.picture().read())
    page = an.open("/ky/gan/")
    page.set_viewport_size(PHONE)
    thumb = Thumb(page)
    thumb.tap("Nhập nhanh", "nav.low")
    thumb.type("title", TEXT)
    thumb.choose("category", "advisory")
    thumb.type("quantity", "3")
    expect(page.locator("[data-proposal]")).to_contain_text("Báo cáo (bản)")
    thumb.photograph("photos", photo)
    thumb.tap("Lưu nháp")
    expect(page.locator("main")).to_contain_text("Đủ các phần để gửi")
    draft = Achievement.objects.get()
    assert (draft.state, draft.evidence.count(), draft.target) == (State.DRAFT, 1, world.target)
    thumb.tap("Kiểm tra rồi gửi")
    thumb.tap("Gửi thư ký cụm")
    expect(page.locator("main")).to_contain_text("Đã gửi thư ký cụm")
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
    assert thumb.count <= 12


def test_without_script_the_next_page_proposes(
    browser: Any, browser_context_args: Any, live_server: Any, world: w.World
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = Desk(context, live_server.url, world.an).open(QUICK, blank=True)
    page.fill("[name=title]", TEXT)
    page.fill("[name=quantity]", "3")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator("[name=target]")).to_have_value(str(world.target.pk))
    page.get_by_role("button", name="Tính vào chỉ tiêu này").click()
    row = Achievement.objects.get()
    assert (row.title, row.target, row.quantity) == (TEXT, world.target, 3)
    context.close()
