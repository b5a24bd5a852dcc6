"""The pages of periodic reports: what each reader is shown and offered, and what it costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emulation.models import (
    Drive,
    Period,
    PeriodicReport,
    Reminder,
    ReportState,
    State,
)
from emulation.services import periodic
from tests import world as w

NOW = timezone.now()
TODAY = timezone.localdate()
REASON = "Bổ sung số liệu của hai chỉ tiêu đã ký"
TEXTS = {"results": "Bốn việc", "shortcomings": "Một hạn chế", "tasks": "Hai nhiệm vụ"}


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def period(world: w.World) -> Period:
    return w.period(world)


def words(html: str) -> str:
    """Return what a reader sees, without marks of the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def page(client: Client, user: Any, name: str, *args: Any, query: str = "") -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=["gan", *args]) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def post(client: Client, user: Any, name: str, /, *args: Any, **values: Any) -> Any:
    client.force_login(user)
    return client.post(reverse(name, args=["gan", *args]), values, follow=True)


def sent(world: w.World, period: Period, **values: Any) -> PeriodicReport:
    row = w.report(world, period, **values)
    return periodic.submit_report(report=row, by=world.an, version=row.version)


# The unit


def test_a_unit_sees_its_periods_and_what_is_due(client: Client, world: w.World) -> None:
    assert "Chưa có kỳ báo cáo nào" in page(client, world.an, "period_list")
    w.period(world)
    w.period(world, "Sắp tới", start=TODAY, end=TODAY, due_on=TODAY)
    seen = words(page(client, world.an, "period_list"))
    due, _all = seen.split("Mọi kỳ báo cáo")
    assert "Tháng 9" in due
    assert "Quá hạn 4 ngày" in due
    assert "Sắp tới" not in due
    assert "Đang trong kỳ" in seen


def test_the_first_page_is_written_from_the_achievements(
    client: Client, world: w.World, period: Period
) -> None:
    day = TODAY - timedelta(days=20)
    w.sent(world, title="Báo cáo chuyên đề", started_on=day)
    w.draft(world, title="Còn nháp", started_on=day)
    html = page(client, world.an, "report_edit", period.pk, world.a.pk)
    assert "- Báo cáo chuyên đề (" in html
    assert "- Còn nháp" not in html
    assert "1 thành tích của kỳ còn là bản nháp" in words(html)
    assert not PeriodicReport.objects.exists()


def test_saving_checking_and_sending(client: Client, world: w.World, period: Period) -> None:
    args = (period.pk, world.a.pk)
    response = post(client, world.an, "report_edit", *args, version="0", check="1", **TEXTS)
    assert response.resolver_match.url_name == "report_submit"
    seen = words(response.content.decode())
    assert "Đã quá hạn gửi" in seen
    for text in TEXTS.values():
        assert text in seen
    assert PeriodicReport.objects.get().state == "draft"
    response = post(client, world.an, "report_submit", *args, version="1")
    assert response.resolver_match.url_name == "report_detail"
    seen = words(response.content.decode())
    assert "Đã gửi thư ký cụm báo cáo Tháng 9." in seen
    assert "muộn 4 ngày" in seen
    assert "Sửa báo cáo" not in seen


def test_saving_alone_stays_a_draft(client: Client, world: w.World, period: Period) -> None:
    response = post(client, world.an, "report_edit", period.pk, world.a.pk, version="0", **TEXTS)
    assert "Đã lưu báo cáo, chưa gửi." in words(response.content.decode())
    row = PeriodicReport.objects.get()
    assert (row.state, row.results, row.tasks) == ("draft", "Bốn việc", "Hai nhiệm vụ")


def test_the_fresh_draft_stands_beside_what_was_typed(
    client: Client, world: w.World, period: Period
) -> None:
    w.report(world, period)
    w.sent(world, title="Việc mới", started_on=TODAY - timedelta(days=20))
    args = (period.pk, world.a.pk)
    values = {"version": "1", "redraft": "1", **TEXTS}
    html = post(client, world.an, "report_edit", *args, **values).content.decode()
    for text in TEXTS.values():
        assert re.search(rf"<textarea[^>]*>\s*{text}</textarea>", html), text
    aside = html.partition("<aside")[2]
    assert "- Việc mới (" in aside
    assert "Nội dung vừa được thay" not in aside
    row = PeriodicReport.objects.get()
    assert (row.results, row.version) == ("1. Tham mưu: 2 việc.", 1)


def test_one_part_of_the_fresh_draft_may_be_taken_and_given_back(
    client: Client, world: w.World, period: Period
) -> None:
    w.sent(world, title="Việc mới", started_on=TODAY - timedelta(days=20))
    args = (period.pk, world.a.pk)
    values = {"version": "0", "take": "results", **TEXTS}
    html = post(client, world.an, "report_edit", *args, **values).content.decode()
    results, shortcomings, _tasks = re.findall(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert "- Việc mới (" in results
    assert shortcomings.strip() == "Một hạn chế"
    assert re.search(r"Nội dung vừa được thay</summary>\s*<p>Bốn việc</p>", html)
    assert not PeriodicReport.objects.exists()


@pytest.mark.parametrize("take", ["", "state", "version", "<script>"])
def test_no_other_field_is_taken(client: Client, world: w.World, period: Period, take: str) -> None:
    values = {"version": "0", "take": take, **TEXTS}
    response = post(client, world.an, "report_edit", period.pk, world.a.pk, **values)
    assert response.status_code == 200
    assert "Bốn việc</textarea>" in response.content.decode()


def test_a_second_writer_loses_nothing(client: Client, world: w.World, period: Period) -> None:
    w.report(world, period, results="Bản của Anh")
    args = (period.pk, world.a.pk)
    response = post(client, world.an, "report_edit", *args, version="0", **TEXTS)
    html = response.content.decode()
    assert "Nội dung đã lưu khác" in html
    assert "Bản của Anh" in html
    assert "Bốn việc</textarea>" in html
    assert 'name="version" value="1"' in html
    assert PeriodicReport.objects.get().results == "Bản của Anh"
    post(client, world.an, "report_edit", *args, version="1", **TEXTS)
    assert PeriodicReport.objects.get().results == "Bốn việc"


def test_what_changed_after_the_check_is_shown_again(
    client: Client, world: w.World, period: Period
) -> None:
    w.report(world, period, results="Đã đổi")
    response = post(client, world.an, "report_submit", period.pk, world.a.pk, version="7")
    seen = words(response.content.decode())
    assert "Chưa gửi được" in seen
    assert "Đã đổi" in seen
    assert PeriodicReport.objects.get().state == "draft"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none_sends_nothing(
    client: Client, world: w.World, period: Period, version: str
) -> None:
    w.report(world, period)
    response = post(client, world.an, "report_submit", period.pk, world.a.pk, version=version)
    assert response.status_code == 200
    assert PeriodicReport.objects.get().state == "draft"


def test_an_empty_report_says_what_to_do(client: Client, world: w.World, period: Period) -> None:
    w.report(world, period, results="")
    html = page(client, world.an, "report_submit", period.pk, world.a.pk)
    assert "nhập kết quả thực hiện trước" in html
    assert 'name="version"' not in html.partition("<main")[2]


def test_a_sent_report_is_read_and_not_edited(
    client: Client, world: w.World, period: Period
) -> None:
    sent(world, period)
    for name in ("report_edit", "report_submit"):
        client.force_login(world.an)
        address = reverse(name, args=["gan", period.pk, world.a.pk])
        response = client.get(address, follow=True)
        assert response.resolver_match.url_name == "report_detail"
        assert "không sửa được" in response.content.decode()


def test_a_returned_report_tells_the_reason_where_it_is_needed(
    client: Client, world: w.World, period: Period
) -> None:
    row = sent(world, period)
    periodic.return_report(report=row, by=world.thu, version=2, reason=REASON)
    for name, args in (
        ("period_list", ()),
        ("report_detail", (period.pk, world.a.pk)),
        ("report_edit", (period.pk, world.a.pk)),
    ):
        assert REASON in page(client, world.an, name, *args), name
    seen = words(page(client, world.an, "report_detail", period.pk, world.a.pk))
    assert "Gửi lại" in seen


def test_a_period_that_has_not_begun_offers_nothing(client: Client, world: w.World) -> None:
    start = TODAY + timedelta(days=3)
    later = w.period(world, "Sau này", start=start, end=start, due_on=start)
    seen = words(page(client, world.an, "report_detail", later.pk, world.a.pk))
    assert "chưa bắt đầu" in seen
    assert "Soạn báo cáo" not in seen


def test_a_secret_mark_stops_the_report(client: Client, world: w.World, period: Period) -> None:
    values = {"version": "0", **TEXTS, "results": "TUYỆT MẬT: kế hoạch"}
    response = post(client, world.an, "report_edit", period.pk, world.a.pk, **values)
    assert "không mật" in response.content.decode()
    assert not PeriodicReport.objects.exists()


def test_markup_is_text(client: Client, world: w.World, period: Period) -> None:
    sent(world, period, results="<script>alert(1)</script>")
    for who in (world.an, world.thu):
        html = page(client, who, "report_detail", period.pk, world.a.pk)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html


# The secretariat


def test_the_table_tells_who_sent_what(client: Client, world: w.World, period: Period) -> None:
    sent(world, period)
    periodic.excuse_unit(period=period, unit=world.b, by=world.thu, reason=REASON)
    for who in (world.thu, world.lan, world.quang):
        seen = words(page(client, who, "period_list"))
        assert re.search(r"Tháng 9 \d\d/\d\d/\d{4} 1/3 1 1 1 1", seen)
        assert re.search(r"Đơn vị A Đã gửi, muộn .* Đơn vị B Miễn .* Đơn vị C Quá hạn", seen)
    assert "Đặt kỳ báo cáo" in page(client, world.thu, "period_list")
    assert "Đặt kỳ báo cáo" not in page(client, world.lan, "period_list")


def test_a_draft_is_nobody_elses(client: Client, world: w.World, period: Period) -> None:
    w.report(world, period, results="Chưa cho ai xem")
    for who in (world.thu, world.lan):
        assert "Chưa cho ai xem" not in page(client, who, "report_detail", period.pk, world.a.pk)
        assert "Quá hạn" in words(page(client, who, "period_list"))


def test_the_table_is_filtered_by_kind(client: Client, world: w.World, period: Period) -> None:
    w.period(world, "Quý III", kind="quarter")
    assert "Quý III" in words(page(client, world.thu, "period_list"))
    seen = words(page(client, world.thu, "period_list", query="?loai=month"))
    assert "Quý III" not in seen
    for given in ("x", "", "month'", "9" * 40):
        assert "Quý III" in words(page(client, world.thu, "period_list", query=f"?loai={given}"))


def test_one_button_reminds_those_who_have_not_sent(
    client: Client, world: w.World, period: Period
) -> None:
    sent(world, period)
    assert "Nhắc 2 đơn vị chưa gửi" in words(page(client, world.thu, "period_detail", period.pk))
    response = post(client, world.thu, "period_remind", period.pk)
    seen = words(response.content.decode())
    assert "Đã nhắc 2 đơn vị: Đơn vị B, Đơn vị C." in seen
    assert "Nhắc 2 đơn vị" not in seen
    assert "Hôm nay đã nhắc mọi đơn vị chưa gửi" in seen
    assert Reminder.objects.count() == 2
    response = post(client, world.thu, "period_remind", period.pk)
    assert "Hôm nay không còn đơn vị nào cần nhắc" in words(response.content.decode())
    assert Reminder.objects.count() == 2


def test_a_reminder_is_read_on_the_desk_and_at_the_report(
    client: Client, world: w.World, period: Period
) -> None:
    periodic.remind(period=period, by=world.thu)
    told = f"Thư ký cụm nhắc ngày {TODAY:%d/%m}"
    for name, args in (
        ("season_home", ()),
        ("period_list", ()),
        ("report_detail", (period.pk, world.b.pk)),
    ):
        assert told in page(client, world.binh, name, *args), name
    assert "thư điện tử" not in page(client, world.thu, "period_detail", period.pk)


def test_accepting_and_returning(client: Client, world: w.World, period: Period) -> None:
    sent(world, period)
    args = (period.pk, world.a.pk)
    html = page(client, world.thu, "report_detail", *args)
    assert "Tiếp nhận báo cáo" in html
    assert "Tiếp nhận báo cáo" not in page(client, world.lan, "report_detail", *args)
    response = post(client, world.thu, "report_return", *args, version="2", reason="ngắn")
    assert "ít nhất 20 ký tự" in words(response.content.decode())
    post(client, world.thu, "report_return", *args, version="2", reason=REASON)
    row = PeriodicReport.objects.get()
    assert (row.state, row.reason) == (ReportState.RETURNED, REASON)
    periodic.submit_report(report=row, by=world.an, version=3)
    stale = post(client, world.thu, "report_accept", *args, version="2")
    assert "vừa gửi lại" in words(stale.content.decode())
    post(client, world.thu, "report_accept", *args, version="4")
    row.refresh_from_db()
    assert row.state == ReportState.ACCEPTED


def test_excusing_and_not_excusing(client: Client, world: w.World, period: Period) -> None:
    args = (period.pk, world.a.pk)
    post(client, world.thu, "report_excuse", *args, reason=REASON)
    assert REASON in page(client, world.an, "report_detail", *args)
    assert "Soạn báo cáo" not in page(client, world.an, "report_detail", *args)
    post(client, world.thu, "report_unexcuse", *args)
    assert PeriodicReport.objects.get().state == ReportState.DRAFT
    assert "Soạn báo cáo" in page(client, world.an, "report_edit", *args)


def test_the_own_unit_is_left_to_others(client: Client, world: w.World, period: Period) -> None:
    html = page(client, world.thu, "report_detail", period.pk, world.c.pk)
    assert "Miễn gửi" not in html
    client.force_login(world.thu)
    address = reverse("report_excuse", args=["gan", period.pk, world.c.pk])
    assert client.get(address).status_code == 403


def test_the_desk_of_the_secretary_lists_what_waits(
    client: Client, world: w.World, period: Period
) -> None:
    assert "chờ tiếp nhận" not in page(client, world.thu, "season_home")
    sent(world, period)
    html = page(client, world.thu, "season_home")
    assert "Báo cáo Tháng 9 của Đơn vị A" in words(html)
    assert reverse("report_detail", args=["gan", period.pk, world.a.pk]) in html


# Windows


def test_windows_are_taken_by_kind(client: Client, world: w.World) -> None:
    html = page(client, world.thu, "period_set")
    assert f"15/12/{w.YEAR - 1} – 14/06/{w.YEAR}" in words(html)
    response = post(client, world.thu, "period_set", kinds=["half", "year"], cut="")
    assert "Đã thêm 2 kỳ báo cáo." in words(response.content.decode())
    response = post(client, world.thu, "period_set", kinds=["half"])
    assert "có sẵn từ trước" in words(response.content.decode())
    assert Period.objects.count() == 2


@pytest.mark.parametrize("kinds", [[], ["drive"], ["x"]])
def test_no_other_kind_is_taken(client: Client, world: w.World, kinds: list[str]) -> None:
    response = post(client, world.thu, "period_set", kinds=kinds)
    assert "Chọn" in words(response.content.decode()).partition("Loại kỳ")[0]
    assert not Period.objects.exists()


def test_a_period_of_a_drive_is_filled_in(client: Client, world: w.World) -> None:
    drive = Drive.objects.create(
        season=world.season, kind="peak", name="Cao điểm", starts_on=TODAY, ends_on=TODAY
    )
    html = page(client, world.thu, "period_new", query=f"?dot={drive.pk}")
    assert 'value="Cao điểm"' in html
    values = {
        "name": "Cao điểm", "kind": "drive", "drive": drive.pk, "start": TODAY.isoformat(),
        "end": TODAY.isoformat(), "due_on": TODAY.isoformat(), "version": "0",
    }  # fmt: skip
    post(client, world.thu, "period_new", **values)
    assert Period.objects.get().drive == drive


@pytest.mark.parametrize(
    ("field", "days", "text"),
    [
        ("end", -50, "không trước ngày bắt đầu"),
        ("due_on", -20, "từ ngày chốt số liệu trở đi"),
        ("start", -800, "Chọn ngày từ 15/12/"),
    ],
)
def test_days_out_of_order_are_said_at_the_field(
    client: Client, world: w.World, period: Period, field: str, days: int, text: str
) -> None:
    values = {
        "name": "Tháng 9", "kind": "month", "version": "1", "start": period.start.isoformat(),
        "end": period.end.isoformat(), "due_on": period.due_on.isoformat(),
        field: (TODAY + timedelta(days=days)).isoformat(),
    }  # fmt: skip
    response = post(client, world.thu, "period_edit", period.pk, **values)
    assert text in response.content.decode()
    period.refresh_from_db()
    assert period.version == 1


def test_a_name_that_is_taken_is_said(client: Client, world: w.World, period: Period) -> None:
    values = {
        "name": "Tháng 9", "kind": "month", "version": "0", "start": TODAY.isoformat(),
        "end": TODAY.isoformat(), "due_on": TODAY.isoformat(),
    }  # fmt: skip
    response = post(client, world.thu, "period_new", **values)
    assert "Đã có kỳ báo cáo tên như vậy." in response.content.decode()


def test_two_secretaries_changing_a_period_are_told(
    client: Client, world: w.World, period: Period
) -> None:
    new = {"due_on": period.due_on + timedelta(days=2)}
    periodic.change_period(period=period, by=world.thu, version=1, values=new)
    values = {
        "name": "Tháng Chín", "kind": "month", "version": "1", "start": period.start.isoformat(),
        "end": period.end.isoformat(), "due_on": period.due_on.isoformat(),
    }  # fmt: skip
    html = post(client, world.thu, "period_edit", period.pk, **values).content.decode()
    assert "Bản đang lưu" in html
    assert 'value="Tháng Chín"' in html
    post(client, world.thu, "period_edit", period.pk, **values | {"version": "2"})
    assert Period.objects.get().name == "Tháng Chín"


def test_removing_says_why_it_cannot(client: Client, world: w.World, period: Period) -> None:
    w.report(world, period)
    assert "không xóa được" in page(client, world.thu, "period_remove", period.pk)
    PeriodicReport.objects.all().delete()
    response = post(client, world.thu, "period_remove", period.pk)
    assert "Đã xóa kỳ báo cáo Tháng 9." in words(response.content.decode())
    assert not Period.objects.exists()


# What it costs


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("an", "period_list"),
        ("thu", "period_list"),
        ("lan", "period_list"),
        ("thu", "period_detail"),
        ("an", "report_edit"),
    ],
)
def test_a_page_costs_the_same_with_one_row_and_with_many(
    client: Client, world: w.World, period: Period, who: str, name: str
) -> None:
    def fill(number: int) -> None:
        first = Period.objects.count()
        for i in range(number):
            more = w.period(world, f"Kỳ {first + i}")
            PeriodicReport.objects.create(
                period=more, unit=world.b, state="submitted", results="X", sent_at=NOW
            )
            Reminder.objects.create(period=more, unit=world.a, day=TODAY, by=world.thu)
            w.draft(world, started_on=TODAY - timedelta(days=20), state=State.DRAFT)

    args = {"period_detail": [period.pk], "report_edit": [period.pk, world.a.pk]}.get(name, [])
    fill(1)
    client.force_login(getattr(world, who))
    address = reverse(name, args=["gan", *args])
    cost(client, address)
    one = cost(client, address)
    fill(35)
    assert cost(client, address) == one
    assert one <= 25
