"""The year walked in a real browser: the unit on a phone, secretariat and leader at a desk.

Every page opened is also looked at: no sideways scrolling, no error in the console, nothing asked
of another host (the fixture `context` sees to the last).
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from reports.models import Document
from reports.sample.accounts import PASSWORD
from tests import world as w

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1366, "height": 768}
TITLE = "Dạy bơi cho con cán bộ, chiến sĩ trong hè"
REASON = "Ảnh chưa rõ số cháu dự; bổ sung danh sách có xác nhận"
SEASON = "/ky/mau-2026/"


class Person:
    """Somebody at a browser window of their own."""

    def __init__(self, context: Any, base: str, username: str, size: dict[str, int]) -> None:
        context.clear_cookies()
        self.base, self.page = base, context.new_page()
        self.page.set_viewport_size(size)
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.open("/dang-nhap/")
        self.fill("login", username)
        self.fill("password", PASSWORD)
        self.press("Đăng nhập")
        expect(self.page.locator("h1")).not_to_have_text("Đăng nhập")

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.look()

    def look(self) -> Page:
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not self.page.evaluate(wide), f"{self.page.url} scrolls sideways"
        assert not self.complaints, self.complaints
        return self.page

    def fill(self, name: str, text: str) -> None:
        self.page.locator(f"[name='{name}']:visible").first.fill(text)

    def press(self, words: str) -> Page:
        name = re.compile(f"^{re.escape(words)}$")
        self.page.locator("main").get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lop-boi.png").write_bytes(w.picture().read())
    (tmp_path / "danh-sach.png").write_bytes(w.picture("red").read())
    return tmp_path


def enter_and_send(unit: Person, folder: Path) -> str:
    unit.open(SEASON + "thanh-tich/moi/cong-dong/")
    unit.fill("title", TITLE)
    unit.fill("started_on", "2026-07-06")
    unit.page.select_option("[name=kind]", "honour_children")
    unit.fill("pupils", "36")
    unit.page.set_input_files("[name=files]", str(folder / "lop-boi.png"))
    unit.press("Gửi thư ký cụm")
    unit.sees("Kiểm tra trước khi gửi")
    unit.press("Gửi thư ký cụm")
    unit.sees("Đã gửi thư ký cụm")
    return unit.page.url.split("/thanh-tich/")[1].split("/")[0]


def send_back(secretary: Person, number: str) -> None:
    secretary.open(f"{SEASON}thanh-tich/{number}/ket-luan/")
    secretary.page.get_by_text("Trả lại bổ sung…").click()
    secretary.fill("reason", "Ngắn")
    secretary.press("Trả lại bổ sung")
    secretary.sees("ít nhất 20 ký tự")
    secretary.fill("reason", REASON)
    secretary.page.get_by_text("Ghi ý kiến tại phần Minh chứng").click()
    secretary.fill("note-files", "Thêm danh sách người dự")
    secretary.press("Trả lại bổ sung")


def complete_and_send(unit: Person, number: str, folder: Path) -> None:
    unit.open(f"{SEASON}thanh-tich/{number}/sua/")
    unit.sees(REASON)
    unit.page.set_input_files("[name=files]", str(folder / "danh-sach.png"))
    unit.press("Gửi lại")
    unit.press("Gửi lại")


def score(person: Person, button: str) -> None:
    """Type points into every line; the total follows while typing."""
    for field in person.page.locator("input[name^='points-']").all():
        field.fill("0")
    for field in person.page.locator("input[name^='note-']").all():
        field.fill("Theo minh chứng")
    # What is still being saved line by line goes first: the page leaves a moment later.
    with person.page.expect_navigation():
        person.press(button)
    person.look()


def confer_and_nominate(secretary: Person) -> None:
    secretary.open(SEASON + "hoi-nghi/ghi/")
    secretary.fill("held_on", "2026-11-20")
    for name, text in {
        "place": "Hội trường mẫu", "chair": "Nguyễn Văn Chủ", "conclusion": "Đoàn kết, sáng tạo."
    }.items():  # fmt: skip
        secretary.fill(name, text)
    secretary.press("Lưu hội nghị")
    secretary.open(SEASON + "de-nghi/moi/")
    award = secretary.page.locator("[name=award] option", has_text="Cờ thi đua của Bộ Công an")
    secretary.page.select_option("[name=award]", award.first.get_attribute("value"))
    unit = secretary.page.locator("[name=unit] option", has_text="Đơn vị mẫu D")
    secretary.page.select_option("[name=unit]", unit.first.get_attribute("value"))
    secretary.fill("merit", "Dẫn đầu phong trào của cụm")
    secretary.press("Đề nghị đơn vị")
    secretary.open(SEASON + "hoi-nghi/ket-luan/")
    secretary.press("Kết luận hội nghị")
    secretary.sees("Đã kết luận")


def report(leader: Person) -> None:
    """Ask, watch the progress come without a reload, download, find it again."""
    leader.open(SEASON + "van-ban/")
    leader.page.evaluate("window.loads = 0")
    leader.press("Lập báo cáo tổng kết")
    leader.page.evaluate("window.kept = true")
    expect(leader.page.get_by_text("Tải PDF").first).to_be_visible(timeout=60_000)
    assert leader.page.evaluate("window.kept"), "the page was loaded again"
    with leader.page.expect_download() as download:
        leader.page.get_by_text("Tải PDF").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-1.7")
    leader.open(SEASON + "van-ban/")
    leader.sees("Báo cáo tổng kết")


def test_a_year_in_the_browser(
    context: Any, live_server: Any, live_worker: Any, folder: Path
) -> None:
    call_command("load_sample", verbosity=0)

    def person(username: str, size: dict[str, int]) -> Person:
        return Person(context, live_server.url, username, size)

    unit = person("nhanvien.g", PHONE)
    unit.open(SEASON)
    unit.open(SEASON + "giao-uoc/")
    unit.sees("27/02/2026")
    unit.open(SEASON + "phat-dong/ghi/")
    unit.fill("slogan", "Gần dân, sát việc")
    unit.fill("launched_on", "2026-03-02")
    unit.press("Lưu")
    number = enter_and_send(unit, folder)

    send_back(person("thuky", DESK), number)
    unit = person("nhanvien.g", PHONE)
    complete_and_send(unit, number, folder)
    unit.open(SEASON).get_by_role("link", name="Tự chấm điểm năm").click()
    unit.page.wait_for_load_state()
    score(unit, "Gửi thư ký cụm")

    secretary = person("thuky", DESK)
    secretary.open(f"{SEASON}thanh-tich/{number}/ket-luan/")
    secretary.press("Công nhận và sang mục tiếp theo")
    secretary.open(SEASON + "cham-diem/").get_by_role("link", name="Đơn vị mẫu G").click()
    secretary.open(secretary.page.url.removeprefix(live_server.url) + "tham-dinh/")
    score(secretary, "Hoàn thành thẩm định")
    confer_and_nominate(secretary)

    leader = person("lanhdao", DESK)
    leader.open(SEASON)
    report(leader)
    assert Document.objects.get().state == "ready"
    administrator = person("quantri", DESK)
    administrator.open("/quan-tri/")
    expect(administrator.page.locator("body")).to_contain_text("Phân công")
