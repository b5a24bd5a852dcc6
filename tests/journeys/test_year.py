"""The year from pledge to PDF as the four personas walk it, by the forms on the pages.

Rendering happens in a real worker on the configured broker; the report is read from its PDF.
"""

import hashlib
import io
import time
from typing import Any

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from journal.queries import broken_at
from reports.models import Document
from reports.sample.accounts import PASSWORD
from tests import world as w
from tests.journeys.walker import Page, Walker, upload

SEASON = "/ky/mau-2026/"
TITLE = "Tuyên truyền phòng, chống lừa đảo qua mạng cho 6 tổ dân phố"
REASON = "Thiếu danh sách người dự có xác nhận của tổ dân phố số 4"
CONCLUSION = "Các đơn vị tiếp tục đoàn kết, khắc phục khó khăn, hoàn thành nhiệm vụ."


def sign_in(username: str) -> Walker:
    return Walker(username, PASSWORD)


def code_of(walker: Walker) -> str:
    return walker.address.split("/thanh-tich/")[1].split("/")[0]


def launch(unit: Walker) -> None:
    unit.open(SEASON).sees("Ghi việc phát động phong trào")
    unit.follow("Ghi việc phát động phong trào")
    unit.press("Lưu", slogan="Gần dân, sát việc, rõ kết quả", launched_on="2026-03-02")
    unit.open(SEASON + "phat-dong/").sees("Gần dân, sát việc, rõ kết quả")


def submit(unit: Walker) -> str:
    unit.open(SEASON + "thanh-tich/moi/cong-dong/")
    unit.press(
        "Gửi thư ký cụm", title=TITLE, started_on="2026-10-05", kind="legal_outreach",
        sessions="6", participants="412", files=upload("buoi-1.png", w.picture().read()),
    )  # fmt: skip
    unit.sees("Kiểm tra trước khi gửi", TITLE, "buoi-1.png", "412")
    unit.press("Gửi thư ký cụm").sees("Đã gửi thư ký cụm")
    return code_of(unit)


def complete(unit: Walker, number: str) -> None:
    unit.open(SEASON).sees(TITLE, REASON).follow(TITLE)
    if "/sua/" not in unit.address:
        unit.open(f"{SEASON}thanh-tich/{number}/sua/")
    unit.sees(REASON)
    unit.press(
        "Gửi lại", participants="398", files=upload("danh-sach.png", w.picture("red").read())
    )
    unit.sees("Kiểm tra trước khi gửi", "398").press("Gửi lại")
    unit.open(f"{SEASON}thanh-tich/{number}/").sees("Đã gửi", "danh-sach.png")


def fill_scores(walker: Walker, button: str, share: str) -> None:
    """Give every criterion its maximum, bonus and penalty nothing, and press the button."""
    form = next(f for f in walker.page.forms if button in f.buttons)
    points = sorted(name for name in form.names if name.startswith("points-"))
    assert len(points) > 10
    values = dict.fromkeys(points, share)
    notes = {name: "Theo minh chứng" for name in form.names if name.startswith("note-")}
    walker.press(button, **values, **notes)


def score(unit: Walker, secretary: Walker) -> None:
    unit.open(SEASON).follow("Tự chấm điểm năm")
    fill_scores(unit, "Gửi thư ký cụm", "0")
    unit.open(SEASON + "cham-diem/").sees("Đã gửi tự chấm")
    secretary.open(SEASON + "cham-diem/").sees("Đơn vị mẫu G").follow("Đơn vị mẫu G")
    secretary.open(secretary.address + "tham-dinh/")
    fill_scores(secretary, "Hoàn thành thẩm định", "0")
    unit.open(SEASON + "cham-diem/").sees("Yếu")


def confer(secretary: Walker) -> None:
    secretary.open(SEASON + "hoi-nghi/ghi/")
    secretary.press(
        "Lưu hội nghị", held_on="2026-11-20", place="Hội trường mẫu, Hà Nội",
        chair="Nguyễn Văn Chủ", chair_rank="Đại tá", chair_position="Cụm trưởng",
        secretary="Trần Thị Thư", conclusion=CONCLUSION,
    )  # fmt: skip
    secretary.open(SEASON + "hoi-nghi/y-kien/")
    form = next(f for f in secretary.page.forms if "Lưu ý kiến" in f.buttons)
    assert {"kind", "unit", "text", "achievement"} <= form.names
    secretary.press(
        "Lưu ý kiến", kind="addition", speaker="Đại diện Đơn vị mẫu G",
        text="Bổ sung kết quả tuyên truyền quý IV",
    )  # fmt: skip
    secretary.open(SEASON + "hoi-nghi/").sees("Bổ sung kết quả tuyên truyền quý IV", CONCLUSION)


def nominate(secretary: Walker) -> None:
    secretary.open(SEASON + "de-nghi/moi/")
    award = option(secretary, "Cờ thi đua của Bộ Công an")
    unit = option(secretary, "Đơn vị mẫu E")
    secretary.press("Đề nghị đơn vị", award=award, unit=unit, merit="Dẫn đầu phong trào của cụm")
    secretary.open(SEASON + "de-nghi/").sees("Dẫn đầu phong trào của cụm")


def option(walker: Walker, words: str) -> str:
    """Return the value of the option of a list that contains the words."""
    html = walker.response.content.decode()
    for piece in html.split("<option")[1:]:
        head, _, rest = piece.partition(">")
        if words in rest.partition("</option>")[0]:
            return head.split('value="')[1].split('"')[0]
    raise AssertionError(f"no option {words!r}")


def conclude(secretary: Walker) -> None:
    secretary.open(SEASON + "hoi-nghi/ket-luan/").press("Kết luận hội nghị")
    secretary.open(SEASON + "hoi-nghi/").sees("Đã kết luận")


def ask_for_report(leader: Walker, seconds: float = 60) -> Document:
    leader.open(SEASON + "van-ban/").press("Lập báo cáo tổng kết")
    page = leader.address
    until = time.monotonic() + seconds
    while "Tải PDF" not in leader.open(page).page.text:
        assert time.monotonic() < until, leader.page.text
        time.sleep(0.3)
    return Document.objects.order_by("-number")[0]


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def download(leader: Walker, document: Document) -> bytes:
    response = leader.client.get(f"{SEASON}van-ban/{document.number}/tai-ve/")
    assert response["Content-Type"] == "application/pdf"
    return b"".join(response.streaming_content)


@pytest.mark.django_db(transaction=True)
def test_a_year_from_pledge_to_pdf(live_worker: Any) -> None:
    call_command("load_sample", verbosity=0)
    unit, secretary, leader = sign_in("nhanvien.g"), sign_in("thuky"), sign_in("lanhdao")

    unit.open(SEASON + "giao-uoc/").sees("Giao ước thi đua", "27/02/2026", "Đơn vị mẫu G")
    launch(unit)
    number = submit(unit)

    secretary.open(SEASON).sees("Chờ tôi xử lý", TITLE)
    review = f"{SEASON}thanh-tich/{number}/ket-luan/"
    secretary.open(review).sees(TITLE, "buoi-1.png")
    notes = {"note-participants": "Danh sách ghi số khác", "note-files": "Kèm danh sách"}
    secretary.press("Trả lại bổ sung", reason=REASON, deadline="", **notes)
    complete(unit, number)
    secretary.open(review).sees("danh-sach.png").press("Công nhận và sang mục tiếp theo")
    unit.open(f"{SEASON}thanh-tich/{number}/").sees("Đã thẩm định")

    score(unit, secretary)
    confer(secretary)
    nominate(secretary)
    conclude(secretary)

    leader.open(SEASON).sees("Đơn vị mẫu A", "Cờ thi đua")
    document = ask_for_report(leader)
    pdf = download(leader, document)
    assert hashlib.sha256(pdf).hexdigest() == document.sha256
    text = text_of(pdf)
    for words in (
        "BÁO CÁO", "Gần dân, sát việc, rõ kết quả", "Cờ thi đua của Bộ Công an", "Đơn vị mẫu E",
        "Dữ liệu minh họa", "CỤM TRƯỞNG", "Nơi nhận",
    ):  # fmt: skip
        assert words in text, words

    again = sign_in("lanhdao")
    assert download(again, document) == pdf
    assert broken_at() == ""

    administrator = sign_in("quantri")
    administrator.open("/quan-tri/")
    assert "Phân công" in administrator.page.text or "phân công" in administrator.page.text
    stranger = sign_in("khach")
    assert stranger.client.get(f"{SEASON}van-ban/{document.number}/tai-ve/").status_code == 404


def test_the_walker_sees_a_missing_field() -> None:
    """The tests above fail where a form lacks what they fill in."""
    page = Page('<form method="post"><input name="a"><button>Lưu</button></form>')
    assert page.forms[0].names == {"a"}
    assert page.forms[0].buttons == {"Lưu": ("", "")}
