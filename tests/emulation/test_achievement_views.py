"""A unit's pages: entering, completing and sending achievements, and all that may go wrong."""

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emulation.models import Achievement, Category, Evidence, Review, Season, State, Target
from emulation.services.achievement import change_achievement
from emulation.services.review import review_achievement, submit_achievement
from journal.models import Event
from tests import world as w

LIST = "/ky/gan/thanh-tich/"
NEW = LIST + "moi/tham-muu/"
REASON = "Thiếu xác nhận của nhà trường ở trang hai"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def an(world: w.World) -> Client:
    return signed_in(world.an)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**values: Any) -> dict[str, Any]:
    """What the form of a new achievement posts."""
    return {"title": "Báo cáo tháng", "version": "0", "entry_key": str(uuid4())} | values


def png(name: str = "anh.png", colour: str = "white") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, w.picture(colour).read(), "image/png")


def one(**values: Any) -> Achievement:
    return Achievement.objects.get(**values)


def errors_of(page: Any, name: str) -> list[str]:
    """Return the messages at a field, in whichever form of the page it is."""
    return [
        str(text)
        for form in page.context["forms"]
        if name in form.errors
        for text in form.errors[name]
    ]


def closed(world: w.World, **switches: bool) -> None:
    """Let the phase that allows everything end a second ago."""
    world.phase.end = timezone.now() - timedelta(seconds=1)
    world.phase.save()


# Entering


def test_each_kind_of_result_has_its_page(world: w.World, an: Client) -> None:
    page = an.get(LIST + "moi/")
    for words in ("tham-muu", "quoc-hoi", "dien-hinh"):
        assert f"{LIST}moi/{words}/" in page.content.decode()
        assert an.get(f"{LIST}moi/{words}/").status_code == 200
    assert an.get(LIST + "moi/khong-co/").status_code == 404


def test_a_draft_needs_next_to_nothing(world: w.World, an: Client) -> None:
    page = an.post(NEW, typed(title="  Báo cáo quý  "), follow=True)
    row = one()
    assert (row.title, row.state, row.unit, row.category) == (
        "Báo cáo quý", State.DRAFT, world.a, Category.ADVISORY,
    )  # fmt: skip
    assert page.redirect_chain == [(f"{LIST}{row.number}/", 302)]
    assert "Đã lưu nháp lúc" in page.content.decode()


def test_everything_typed_is_stored(world: w.World, an: Client) -> None:
    an.post(
        LIST + "moi/cong-dong/",
        typed(
            started_on=w.DAY.isoformat(), ended_on=f"{w.DAY:%d/%m/%Y}", organization="youth_union",
            target=world.target.pk, quantity="1.234,5", description="Hai dòng\nchữ",
            kind="legal_outreach", sessions="6", participants="2.310", value="12.000.000",
        ),
    )  # fmt: skip
    row = one()
    assert (row.started_on, row.ended_on, row.organization) == (w.DAY, w.DAY, "youth_union")
    assert (row.target, row.quantity) == (world.target, Decimal("1234.5"))
    assert (row.community.sessions, row.community.participants) == (6, 2310)
    assert row.community.value == 12_000_000


def test_text_is_stored_in_nfc(world: w.World, an: Client) -> None:
    title = "Tuyên truyền pháp luật ở Đắk Lắk"
    an.post(NEW, typed(title=unicodedata.normalize("NFD", title)))
    assert one().title == title


def test_the_same_form_sent_twice_is_one_draft(world: w.World, an: Client) -> None:
    data = typed()
    answers = [an.post(NEW, data | {"files": png()}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert one().evidence.count() == 1


def test_a_second_click_after_sending_finds_the_sent_page(world: w.World, an: Client) -> None:
    data = typed(started_on=w.DAY.isoformat(), then="send")
    an.post(NEW, data)
    submit_achievement(achievement=one(), by=world.an)
    assert an.post(NEW, data)["Location"] == f"{LIST}{one().number}/da-gui/"


def test_going_back_and_typing_on_overwrites_nothing_unseen(world: w.World, an: Client) -> None:
    data = typed(title="Bản đầu")
    an.post(NEW, data)
    page = an.post(NEW, data | {"title": "Bản gõ lại"})
    text = page.content.decode()
    assert "Nội dung đã lưu khác" in text
    assert "Bản đầu" in text
    assert "Bản gõ lại" in text
    assert one().title == "Bản đầu"
    assert f'action="{LIST}{one().number}/sua/"' in text


def test_a_unit_cannot_enter_for_another_or_with_its_targets(world: w.World, an: Client) -> None:
    foreign = Target.objects.create(
        pledge=world.pledge, unit=world.b, order=1, group="political", text="Của B",
        measure="bản", planned=1,
    )  # fmt: skip
    page = an.post(NEW, typed(target=foreign.pk, unit=world.b.pk, state="verified"))
    assert errors_of(page, "target") == ["Chọn một mục có trong danh sách"]
    an.post(NEW, typed(unit=world.b.pk, state="verified"))
    rows = Achievement.objects.values_list("unit", "state", "target")
    assert set(rows) == {(world.a.pk, State.DRAFT, None)}


# What is refused at its field, with all that was typed still there


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "a" * 301, "Rút gọn việc đã làm còn tối đa 300 ký tự; đang có 301"),
        ("title", "Báo\0cáo", "ký tự không đọc được"),
        ("title", "Báo\x1bcáo", "ký tự không đọc được"),
        ("description", "a" * 1_000_000, "Rút gọn diễn giải còn tối đa 5000 ký tự"),
        ("started_on", "31/02/2026", "Nhập ngày theo dạng ngày/tháng/năm"),
        ("started_on", "hôm qua", "Nhập ngày theo dạng ngày/tháng/năm"),
        ("started_on", "0001-01-01", f"Chọn ngày trong năm {w.YEAR}, không sau hôm nay"),
        ("started_on", "9999-12-31", f"Chọn ngày trong năm {w.YEAR}, không sau hôm nay"),
        ("ended_on", "1900-01-01", f"Chọn ngày trong năm {w.YEAR}, không sau hôm nay"),
        ("quantity", "hơn 2 nghìn", "Nhập kết quả tính vào chỉ tiêu bằng chữ số, ví dụ 2310"),
        ("quantity", "1.5", "Nhập kết quả tính vào chỉ tiêu bằng chữ số, ví dụ 2310 hoặc 12,5"),
        ("quantity", "1e309", "bằng chữ số"),
        ("quantity", "NaN", "bằng chữ số"),
        ("quantity", "٣", "bằng chữ số"),
        ("quantity", "-1", "từ 0 đến 100.000.000.000"),
        ("quantity", "9" * 25, "từ 0 đến 100.000.000.000"),
        ("quantity", "9" * 1_000_000, "bằng chữ số"),
        ("quantity", "1,234", "tối đa 2 chữ số sau dấu phẩy"),
        ("target", "9" * 30, "Chọn một mục có trong danh sách"),
        ("target", "\0", "Chọn một mục có trong danh sách"),
    ],
)
def test_bad_input_is_told_at_the_field(
    world: w.World, an: Client, field: str, value: str, says: str
) -> None:
    page = an.post(NEW, typed(description="vẫn còn đây") | {field: value})
    assert page.status_code == 200
    assert any(says in text for text in errors_of(page, field)), errors_of(page, field)
    text = page.content.decode()
    assert "<title>Lỗi:" in text
    assert f'href="#id_{field}"' in text
    assert field == "description" or "vẫn còn đây" in text
    # What is right is a draft already; what is refused is in the page and kept beside it.
    row = one()
    assert not getattr(row, field)
    assert row.description == ("" if field == "description" else "vẫn còn đây")
    assert f'action="{LIST}{row.number}/sua/"' in text


@pytest.mark.parametrize(
    ("kind", "data", "field", "says"),
    [
        ("cong-dong", {"kind": "gift", "gifts": "-3"}, "gifts", "từ 0 đến 2.147.483.647"),
        ("cong-dong", {"kind": "gift", "gifts": "2,5"}, "gifts", "bằng số nguyên"),
        ("cong-dong", {"kind": "gift", "value": "1" + "0" * 13}, "value", "từ 0 đến"),
        ("cong-dong", {"participants": "6"}, "kind", "Chọn hoạt động"),
        ("cong-dong", {"kind": "gì đó"}, "kind", "Chọn một mục có trong danh sách"),
        ("quoc-hoi", {"term": "0", "sessions": "3"}, "term", "từ 1 đến 99"),
        ("quoc-hoi", {"term": "XIV", "sessions": "3"}, "term", "bằng chữ số, ví dụ 2310"),
        ("van-ban", {"kind": "plan", "about": ""}, "about", "Nhập trích yếu"),
        ("van-ban", {"issued_on": "1999-01-01"}, "issued_on", "Chọn ngày trong năm"),
        ("dien-hinh", {"kind": "practice", "name": "a" * 201}, "name", "tối đa 200 ký tự"),
    ],
)
def test_particulars_are_checked_once_begun(
    world: w.World, an: Client, kind: str, data: dict[str, str], field: str, says: str
) -> None:
    page = an.post(f"{LIST}moi/{kind}/", typed(**data))
    assert any(says in text for text in errors_of(page, field)), errors_of(page, field)


def test_a_result_belongs_to_a_target(world: w.World, an: Client) -> None:
    page = an.post(NEW, typed(quantity="3"))
    assert "Chọn chỉ tiêu mà kết quả tính vào" in errors_of(page, "target")[0]
    Target.objects.all().delete()
    assert "quantity" not in an.get(NEW).context["entry"].main.fields


def test_days_must_follow_each_other(world: w.World, an: Client) -> None:
    later = w.DAY + timedelta(days=1)
    page = an.post(NEW, typed(started_on=later.isoformat(), ended_on=w.DAY.isoformat()))
    assert errors_of(page, "ended_on") == ["Chọn ngày kết thúc không trước ngày bắt đầu"]
    page = an.post(NEW, typed(ended_on=w.DAY.isoformat()))
    assert errors_of(page, "started_on")


def test_the_year_of_a_cluster_begins_on_15_december(world: w.World, an: Client) -> None:
    an.post(NEW, typed(started_on=date(w.YEAR - 1, 12, 15).isoformat()))
    assert one().started_on == date(w.YEAR - 1, 12, 15)
    page = an.post(NEW, typed(started_on=date(w.YEAR - 1, 12, 14).isoformat()))
    assert errors_of(page, "started_on")


def test_broken_hidden_fields_are_no_fault_of_the_server(world: w.World, an: Client) -> None:
    for data in ({"entry_key": "x"}, {"version": "x"}, {"entry_key": "", "version": "-1"}):
        assert an.post(NEW, typed(**data)).status_code == 200
    assert not Achievement.objects.exists()


def test_a_body_beyond_five_megabytes_is_refused_in_vietnamese(world: w.World, an: Client) -> None:
    page = an.post(NEW, typed(description="a" * 5_300_000))
    assert page.status_code == 400
    assert "Không đọc được nội dung vừa gửi" in page.content.decode()


# Files


def test_refused_files_are_all_named_and_the_text_is_kept(world: w.World, an: Client) -> None:
    bad = SimpleUploadedFile("ke-hoach.pdf", b"<html><script>alert(1)</script></html>")
    empty = SimpleUploadedFile("rong.png", b"")
    secret = SimpleUploadedFile("TUYET MAT ke hoach.pdf", b"%PDF-1.4")
    page = an.post(NEW, typed(title="Có tệp hỏng", files=[bad, png(), empty, secret]))
    row = one()
    assert row.title == "Có tệp hỏng"
    assert [file.name for file in row.evidence.all()] == ["anh.png"]
    texts = errors_of(page, "files")
    assert len(texts) == 3
    assert any("ke-hoach.pdf" in text for text in texts)
    assert any("Tệp rỗng" in text for text in texts)
    assert any("dấu MẬT" in text for text in texts)
    text = page.content.decode()
    assert f'action="{LIST}{row.number}/sua/"' in text
    assert 'href="#id_files"' in text
    # The version in the page is the stored one: saving again is not stale.
    assert page.context["entry"].main["version"].value() == str(row.version)


def test_too_many_files_are_told(world: w.World, an: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("emulation.services.evidence.MAX_FILES", 2)
    files = [png(f"{name}.png", name) for name in ("red", "green", "blue")]
    page = an.post(NEW, typed(files=files))
    assert one().evidence.count() == 2
    assert any("tối đa 2 tệp" in text for text in errors_of(page, "files"))


def test_files_of_a_draft_are_kept_even_if_the_text_is_refused(world: w.World, an: Client) -> None:
    row = w.draft(world)
    data = {"title": "A" * 301, "version": "1", "files": png()}
    page = an.post(f"{LIST}{row.number}/sua/", data)
    assert errors_of(page, "title")
    assert "anh.png" in page.content.decode()
    assert row.evidence.count() == 1


def test_a_file_is_handed_out_as_an_attachment(world: w.World, an: Client) -> None:
    row = w.draft(world)
    an.post(
        f"{LIST}{row.number}/sua/", {"title": "A", "version": "1", "files": png("ảnh số 1.png")}
    )
    file = row.evidence.get()
    answer = an.get(f"{LIST}{row.number}/minh-chung/{file.pk}/")
    assert b"".join(answer.streaming_content) == w.picture().read()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "image/png"


def test_a_file_whose_content_is_gone_is_not_found(world: w.World, an: Client) -> None:
    row = w.draft(world)
    file = w.attach(world, row)
    file.file.storage.delete(file.file.name)
    assert an.get(f"{LIST}{row.number}/minh-chung/{file.pk}/").status_code == 404


def test_files_are_seen_by_those_who_see_the_achievement(world: w.World) -> None:
    row = w.draft(world)
    file = w.attach(world, row)
    address = f"{LIST}{row.number}/minh-chung/{file.pk}/"
    seen = {"anh": 200, "binh": 404, "thu": 404, "khach": 404, "far_secretary": 404, "quang": 200}
    for name, status in seen.items():
        assert signed_in(getattr(world, name)).get(address).status_code == status, name
    submit_achievement(achievement=row, by=world.an)
    assert signed_in(world.thu).get(address).status_code == 200
    assert Client().get(address).status_code == 302
    other = w.draft(world)
    assert signed_in(world.an).get(f"{LIST}{other.number}/minh-chung/{file.pk}/").status_code == 404


def test_removing_a_file_stores_what_was_typed(world: w.World, an: Client) -> None:
    row = w.draft(world)
    file = w.attach(world, row)
    address = f"{LIST}{row.number}/minh-chung/{file.pk}/xoa/"
    assert an.get(address).status_code == 405
    data = {"title": "Gõ dở", "version": "1", "then": "stay"}
    assert an.post(address, data)["Location"].endswith("/sua/#minh-chung")
    row.refresh_from_db()
    assert (row.title, row.evidence.count()) == ("Gõ dở", 0)
    again = w.attach(world, row)
    an.post(f"{LIST}{row.number}/minh-chung/{again.pk}/xoa/")
    assert not Evidence.objects.exists()


def test_no_file_is_removed_from_what_was_sent(world: w.World, an: Client) -> None:
    row = w.draft(world)
    file = w.attach(world, row)
    submit_achievement(achievement=row, by=world.an)
    assert an.post(f"{LIST}{row.number}/minh-chung/{file.pk}/xoa/").status_code == 403
    assert (
        signed_in(world.thu).post(f"{LIST}{row.number}/minh-chung/{file.pk}/xoa/").status_code
        == 403
    )
    assert Evidence.objects.exists()


# Changing


def test_a_stale_form_shows_both_and_wins_only_knowingly(world: w.World, an: Client) -> None:
    row = w.draft(world, title="Bản cũ")
    change_achievement(
        achievement=row, by=world.anh, version=1, values={"title": "Của chị Anh"}, particulars={}
    )
    address = f"{LIST}{row.number}/sua/"
    page = an.post(address, {"title": "Của anh An", "version": "1"})
    text = page.content.decode()
    assert "Nội dung đã lưu khác" in text
    assert "Lê Thị Anh" in text
    assert one().title == "Của chị Anh"
    assert [(d.label, d.stored, d.typed) for d in page.context["different"]][:1] == [
        ("Việc đã làm", "Của chị Anh", "Của anh An")
    ]
    version = page.context["entry"].main["version"].value()
    assert version == "2"
    an.post(address, {"title": "Của anh An", "version": version})
    assert one().title == "Của anh An"


def test_a_second_click_on_save_is_not_stale(world: w.World, an: Client) -> None:
    row = w.draft(world)
    data = {"title": "Mới", "version": "1"}
    answers = [an.post(f"{LIST}{row.number}/sua/", data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert one().version == 2


def test_saving_without_a_change_leaves_no_trace(world: w.World, an: Client) -> None:
    row = w.draft(world, quantity=Decimal("12.50"), target=world.target)
    page = an.get(f"{LIST}{row.number}/sua/")
    fields = page.context["entry"].main
    data = {name: fields[name].value() or "" for name in fields.fields}
    assert data["quantity"] == "12,5"
    before = Event.objects.count()
    an.post(f"{LIST}{row.number}/sua/", data)
    assert (one().version, Event.objects.count()) == (1, before)


def test_what_was_typed_survives_that_it_was_sent_meanwhile(world: w.World, an: Client) -> None:
    row = w.sent(world)
    page = an.post(f"{LIST}{row.number}/sua/", {"title": "Gõ muộn", "version": "1"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Gõ muộn" in text
    assert "đã gửi thư ký cụm" in text
    assert one().title == "Báo cáo tháng"
    assert an.get(f"{LIST}{row.number}/sua/").status_code == 302


def test_nobody_else_edits(world: w.World) -> None:
    row = w.draft(world)
    for name, status in {"binh": 404, "thu": 404, "lan": 404, "quang": 403, "khach": 404}.items():
        client = signed_in(getattr(world, name))
        for address in ("sua/", "gui/"):
            assert client.get(f"{LIST}{row.number}/{address}").status_code == status, name
            assert client.post(f"{LIST}{row.number}/{address}").status_code == status, name


# Sending


def test_the_check_page_lists_what_is_missing(world: w.World, an: Client) -> None:
    row = w.draft(world, started_on=None, category=Category.COMMUNITY, target=world.target)
    page = an.get(f"{LIST}{row.number}/gui/").content.decode()
    assert "Còn thiếu 3 phần" in page
    for anchor in ("id_started_on", "id_quantity", "chi-tiet"):
        assert f"{LIST}{row.number}/sua/#{anchor}" in page
    assert "<form class" not in page.split("<main")[1].split("</dl>")[1].split("<nav")[0]
    answer = an.post(f"{LIST}{row.number}/gui/")
    assert answer.status_code == 200
    assert one().state == State.DRAFT


def test_sending_shows_code_and_who_answers(world: w.World, an: Client) -> None:
    data = typed(started_on=w.DAY.isoformat(), then="send")
    page = an.post(NEW, data, follow=True)
    assert "Kiểm tra trước khi gửi" in page.content.decode()
    page = an.post(f"{LIST}{one().number}/gui/", follow=True)
    text = page.content.decode()
    assert one().state == State.SUBMITTED
    for part in (one().code, "Phạm Thị Thư", "Đã gửi thư ký cụm"):
        assert part in text
    again = an.post(f"{LIST}{one().number}/gui/")
    assert again["Location"] == f"{LIST}{one().number}/da-gui/"
    assert one().revision == 1


def test_a_draft_has_no_page_of_having_been_sent(world: w.World, an: Client) -> None:
    row = w.draft(world)
    assert an.get(f"{LIST}{row.number}/da-gui/")["Location"] == f"{LIST}{row.number}/"


def test_a_second_after_the_deadline_the_draft_stays(world: w.World, an: Client) -> None:
    row = w.draft(world)
    closed(world)
    page = an.post(f"{LIST}{row.number}/gui/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Đã hết hạn gửi thành tích" in text
    assert "Bản nháp giữ nguyên" in text
    assert one().state == State.DRAFT
    assert "Đã hết hạn từ" in an.get(f"{LIST}{row.number}/gui/").content.decode()


def test_after_the_phase_the_pages_say_since_when(world: w.World, an: Client) -> None:
    row = w.draft(world)
    closed(world)
    for address in (LIST + "moi/", NEW):
        page = an.get(address)
        assert page.status_code == 403
        assert "Đã hết hạn từ" in page.content.decode()
    page = an.post(NEW, typed(title="Gõ đúng lúc hết hạn"))
    assert page.status_code == 200
    assert "Gõ đúng lúc hết hạn" in page.content.decode()
    assert "Đã hết hạn từ" in page.content.decode()
    page = an.get(f"{LIST}{row.number}/").content.decode()
    assert "Đã hết hạn từ" in page
    assert f"{LIST}{row.number}/sua/" not in page


def test_what_was_returned_says_why_and_is_sent_again(world: w.World, an: Client) -> None:
    row = w.sent(world)
    until = timezone.localdate() + timedelta(days=3)
    review_achievement(
        achievement=row, by=world.thu, decision=Review.Decision.RETURNED, revision=1,
        reason=REASON, deadline=until, notes={"title": "Ghi rõ việc đã làm"},
    )  # fmt: skip
    text = an.get(f"{LIST}{row.number}/sua/").content.decode()
    for part in (REASON, f"Bổ sung đến hết ngày {until:%d/%m/%Y}", "Phạm Thị Thư", "Gửi lại"):
        assert part in text
    data = {"title": "Đã bổ sung", "started_on": w.DAY.isoformat(), "then": "send"}
    answer = an.post(f"{LIST}{row.number}/sua/", data | {"version": str(one().version)})
    assert answer["Location"] == f"{LIST}{row.number}/gui/"
    an.post(answer["Location"])
    assert (one().state, one().revision, one().title) == (State.SUBMITTED, 2, "Đã bổ sung")


# Reading


def test_a_page_shows_facts_particulars_reviews_and_history(world: w.World, an: Client) -> None:
    an.post(
        LIST + "moi/cong-dong/",
        typed(started_on=w.DAY.isoformat(), kind="gift", gifts="1.200", files=png()),
    )
    row = one()
    submit_achievement(achievement=row, by=world.an)
    review_achievement(
        achievement=row, by=world.thu, decision=Review.Decision.REJECTED, revision=1, reason=REASON
    )
    text = an.get(f"{LIST}{row.number}/").content.decode()
    for part in (
        row.code, "02/01/", "Thăm hỏi, tặng quà", "1.200", "anh.png", "Không công nhận", REASON,
        "Nhập bản nháp", "Khóa từ", "Lịch sử",
    ):  # fmt: skip
        assert part in text
    assert "/sua/" not in text


def test_the_secretary_is_offered_the_review(world: w.World) -> None:
    row = w.sent(world)
    review = f"{LIST}{row.number}/ket-luan/"
    assert review in signed_in(world.thu).get(f"{LIST}{row.number}/").content.decode()
    assert review not in signed_in(world.lan).get(f"{LIST}{row.number}/").content.decode()


def test_each_reader_lists_what_is_theirs(world: w.World) -> None:
    w.draft(world, title="Bản nháp của A")
    w.sent(world, title="Đã gửi của A")
    w.draft(world, by=world.binh, title="Bản nháp của B")
    seen = {
        "an": {"Bản nháp của A", "Đã gửi của A"},
        "binh": {"Bản nháp của B"},
        "thu": {"Đã gửi của A"},
        "lan": {"Đã gửi của A"},
        "quang": {"Bản nháp của A", "Đã gửi của A", "Bản nháp của B"},
    }
    for name, titles in seen.items():
        page = signed_in(getattr(world, name)).get(LIST)
        assert {row.title for row in page.context["rows"]} == titles, name
        assert page.context["total"] == len(titles)
    assert signed_in(world.khach).get(LIST).status_code == 404
    assert signed_in(world.far_secretary).get(LIST).status_code == 404


def test_filters_stand_in_the_address(world: w.World, an: Client) -> None:
    w.draft(world, title="Tuyên truyền ở Nghi Lộc", category=Category.COMMUNITY)
    w.sent(world, title="Báo cáo quý II")

    def found(query: str) -> list[str]:
        return [row.title for row in an.get(LIST + query).context["rows"]]

    assert found("?q=nghi+loc") == ["Tuyên truyền ở Nghi Lộc"]
    assert found("?q=bao+QUÝ") == ["Báo cáo quý II"]
    assert found(f"?q=TT-{w.YEAR}-0002") == ["Báo cáo quý II"]
    assert found("?state=submitted") == ["Báo cáo quý II"]
    assert found("?category=community") == ["Tuyên truyền ở Nghi Lộc"]
    assert "Không tìm thấy “không có gì”" in an.get(LIST + "?q=không+có+gì").content.decode()
    # The counts keep the other filters, and each is a link.
    page = an.get(LIST + "?q=bao").content.decode()
    assert "?q=bao&amp;state=submitted" in page


def test_the_figure_of_a_target_opens_what_it_is_made_of(world: w.World, an: Client) -> None:
    whole = Target.objects.create(
        pledge=world.pledge, order=2, group="political", text="Chung", measure="bản", planned=9
    )
    Target.objects.filter(pk=world.target.pk).update(part_of=whole)
    w.draft(world, title="Tính vào", target=world.target, quantity=1)
    w.draft(world, title="Không tính")
    for target in (world.target, whole):
        page = an.get(f"{LIST}?target={target.pk}")
        assert [row.title for row in page.context["rows"]] == ["Tính vào"]
        assert f"tính vào chỉ tiêu “{target}”" in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?state=x",
        "?target=x",
        "?target=0",
        "?category=x",
        "?unit=x",
        "?page=x",
        "?page=999",
        "?q=%00",
        "?unit=%00",
    ],
)
def test_filters_that_make_no_sense_filter_nothing(world: w.World, query: str) -> None:
    w.sent(world)
    page = signed_in(world.thu).get(LIST + query)
    assert page.status_code == 200
    assert len(page.context["rows"]) == 1


def test_the_secretary_filters_by_unit(world: w.World) -> None:
    w.sent(world)
    thu = signed_in(world.thu)
    assert len(thu.get(f"{LIST}?unit={world.a.pk}").context["rows"]) == 1
    assert not thu.get(f"{LIST}?unit={world.b.pk}").context["rows"]


def test_an_empty_year_says_what_will_be_here(world: w.World, an: Client) -> None:
    text = an.get(LIST).content.decode()
    assert f"Chưa có thành tích nào trong năm {w.YEAR}" in text
    assert LIST + "nhanh/" in text
    assert LIST + "nhanh/" not in signed_in(world.lan).get(LIST).content.decode()


def _many(world: w.World, number: int) -> None:
    first = Season.objects.get(pk=world.season.pk).next_number
    Achievement.objects.bulk_create(
        Achievement(
            season=world.season,
            unit=world.a,
            number=first + i,
            category=Category.ADVISORY,
            title=f"Việc {i}",
            state=State.SUBMITTED,
            submitted_at=timezone.now(),
            revision=1,
            started_on=w.DAY,
        )
        for i in range(number)
    )
    Season.objects.filter(pk=world.season.pk).update(next_number=first + number)


@pytest.mark.parametrize("name", ["an", "thu"])
def test_the_list_costs_the_same_with_1_and_with_300_rows(
    world: w.World, name: str, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = signed_in(getattr(world, name))
    client.get(LIST)
    _many(world, 1)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(LIST)
    _many(world, 299)
    with django_assert_num_queries(len(few)):
        page = client.get(LIST)
    assert page.context["page_obj"].paginator.count == 300
    assert len(page.context["rows"]) == 50
