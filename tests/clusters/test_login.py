"""Signing in and out, the own account and password, and the pages of errors."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from clusters.models import User
from config import urls
from journal.models import Event
from reports.views import errors
from tests import world as w

LOGIN = "/dang-nhap/"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra rồi nhập lại."


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def sign_in(client: Client, login: str, password: str = w.PASSWORD, **extra: str) -> Any:
    return client.post(LOGIN, {"login": login, "password": password} | extra)


def test_the_page_is_vietnamese_and_warns_of_secrets(db: None) -> None:
    text = Client().get(LOGIN).content.decode()
    for part in (
        '<html lang="vi">', "<title>Đăng nhập · Thi Đua</title>", "Tên đăng nhập", "Mật khẩu",
        "Quên mật khẩu? Thư ký cụm hoặc quản trị đặt lại.", "TUYỆT MẬT", "Chỉ dùng cho",
    ):  # fmt: skip
        assert part in text
    assert "csrfmiddlewaretoken" in text
    assert not re.search(r"\sstyle=|<script>|javascript:", text)


def test_the_right_password_opens_the_page_that_was_asked_for(world: w.World) -> None:
    client = Client()
    assert client.get("/tai-khoan/")["Location"] == "/dang-nhap/?next=/tai-khoan/"
    assert sign_in(client, "an", next="/tai-khoan/")["Location"] == "/tai-khoan/"
    text = client.get("/tai-khoan/").content.decode()
    for part in ("Nguyễn Văn An", "Nhân viên đơn vị", "Đơn vị A"):
        assert part in text
    assert "Mở trang quản trị" not in text
    assert sign_in(Client(), "an")["Location"] == "/"


def test_nobody_is_led_to_another_host(world: w.World) -> None:
    for next_url in ("https://example.org/", "//example.org", "javascript:alert(1)"):
        assert sign_in(Client(), "an", next=next_url)["Location"] == "/"


def test_unknown_name_wrong_password_and_closed_account_read_the_same(world: w.World) -> None:
    world.binh.is_active = False
    world.binh.save()
    pages = [
        sign_in(Client(), login, password)
        for login, password in (("an", "sai"), ("khong-co", "sai"), ("binh", w.PASSWORD))
    ]
    texts = [re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages]
    assert texts[0] == texts[1] == texts[2]
    assert WRONG in texts[0]
    assert all(page.status_code == 200 for page in pages)


@pytest.mark.parametrize("login", ["", "a\0b", "a" * 1_000_000, "an@example.org", "' or 1=1"])
def test_odd_names_are_refused_in_words(world: w.World, login: str) -> None:
    page = Client().post(LOGIN, {"login": login, "password": "x"})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_wrong_passwords_are_braked_for_that_name_alone(world: w.World) -> None:
    client = Client()
    for _ in range(5):
        assert WRONG in sign_in(client, "an", "sai").content.decode()
    text = sign_in(client, "an").content.decode()
    assert "Đã nhập sai nhiều lần. Chờ 5 phút rồi đăng nhập lại." in text
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), "binh").status_code == 302


def test_sample_accounts_stay_outside_where_real_work_is_done(
    world: w.World, settings: Any
) -> None:
    User.objects.filter(pk=world.an.pk).update(is_sample=True)
    client = Client()
    assert sign_in(client, "an").status_code == 302
    settings.SAMPLE_LOGINS_ALLOWED = False
    assert client.get("/tai-khoan/").status_code == 302
    assert WRONG in sign_in(Client(), "an").content.decode()


def test_signing_out_is_a_post_and_ends_the_session(world: w.World) -> None:
    client = Client()
    sign_in(client, "an")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert "Đăng xuất" in client.get("/dang-xuat/").content.decode()
    assert client.get("/tai-khoan/").status_code == 200
    assert client.post("/dang-xuat/")["Location"] == LOGIN
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/tai-khoan/").status_code == 302


def test_only_the_mounted_parts_of_the_login_library_exist(world: w.World) -> None:
    for name in ("account_signup", "account_reset_password", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert Client().get("/accounts/signup/").status_code == 404


def test_the_password_is_changed_and_written_down_without_it(world: w.World) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, "an")
    new = "mot-mat-khau-khac-han"
    data = {"old": w.PASSWORD, "new": new, "again": new}
    page = here.post("/doi-mat-khau/", data, follow=True)
    assert "Đã đổi mật khẩu" in page.content.decode()
    assert here.get("/tai-khoan/").status_code == 200
    assert there.get("/tai-khoan/").status_code == 302
    assert sign_in(Client(), "an", new).status_code == 302
    event = Event.objects.get(verb="password.change")
    assert (event.actor, event.subject_id, event.changes) == (world.an, str(world.an.pk), {})


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"old": "sai"}, "old"),
        ({"new": "ngan", "again": "ngan"}, "new"),
        ({"new": "123456789012345", "again": "123456789012345"}, "new"),
        ({"again": "khac"}, "again"),
        ({"new": "", "again": ""}, "new"),
        ({"new": "co\0nul-trong-mat-khau", "again": "co\0nul-trong-mat-khau"}, "new"),
    ],
)
def test_a_password_is_refused_with_a_reason(
    world: w.World, data: dict[str, str], field: str
) -> None:
    client = Client()
    sign_in(client, "an")
    good = {"old": w.PASSWORD, "new": "mot-mat-khau-khac-han", "again": "mot-mat-khau-khac-han"}
    page = client.post("/doi-mat-khau/", good | data)
    assert field in page.context["form"].errors
    assert "<title>Lỗi:" in page.content.decode()
    assert not Event.objects.filter(verb="password.change").exists()
    assert w.PASSWORD not in page.content.decode()


def test_the_language_is_switched_by_a_button(world: w.World) -> None:
    client = Client()
    client.post("/ngon-ngu/", {"language": "en", "next": LOGIN})
    text = client.get(LOGIN).content.decode()
    assert '<html lang="en">' in text
    assert "Tiếng Việt" in text
    answer = client.post("/ngon-ngu/", {"language": "xx", "next": "https://example.org/"})
    assert answer["Location"] == "/"


def test_years_are_no_thousands_in_english(world: w.World) -> None:
    client = Client()
    client.force_login(world.an)
    client.post("/ngon-ngu/", {"language": "en"})
    text = client.get("/ky/gan/thanh-tich/").content.decode()
    assert f"{w.YEAR:,}" not in text


# Errors


@pytest.mark.parametrize(
    ("call", "status", "says"),
    [
        (lambda r: errors.bad_request(r, ValueError()), 400, "Không đọc được nội dung vừa gửi"),
        (lambda r: errors.forbidden(r, ValueError()), 403, "Vai trò hiện tại không làm được"),
        (lambda r: errors.not_found(r, ValueError()), 404, "Không có trang này"),
        (errors.server_error, 500, "Hệ thống gặp lỗi"),
        (errors.csrf_failure, 403, "Trang đã để quá lâu"),
        (errors.too_many_requests, 429, "Gửi quá nhiều lần"),
    ],
)
def test_error_pages_ask_the_database_nothing(
    call: Any, status: int, says: str, rf: RequestFactory
) -> None:
    # No database fixture: a query would raise.
    page = call(rf.get("/"))
    text = page.content.decode()
    assert page.status_code == status
    assert f"<h1>{says}" in text
    assert "Traceback" not in text
    assert '<html lang="vi">' in text


def test_every_handler_is_one_of_them() -> None:
    for number in (400, 403, 404, 429, 500):
        module, _, name = getattr(urls, f"handler{number}").rpartition(".")
        assert module == "reports.views.errors"
        assert hasattr(errors, name)
    assert settings.CSRF_FAILURE_VIEW == "reports.views.errors.csrf_failure"


def test_a_page_that_fails_says_so_and_gives_a_code(
    world: w.World, monkeypatch: Any, caplog: Any
) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("clusters.views.Appointment", broken)
    client = Client(raise_request_exception=False)
    client.force_login(world.an)
    page = client.get("/tai-khoan/")
    assert page.status_code == 500
    code = re.search(r'class="code">([0-9a-f]{8})<', page.content.decode())
    assert code
    assert code[1] in caplog.text


def test_a_form_older_than_the_session_says_what_to_do(world: w.World) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post(LOGIN, {"login": "an", "password": w.PASSWORD})
    assert page.status_code == 403
    assert "tải lại trang rồi gửi lại" in page.content.decode()


def test_the_frame_costs_no_query_more_than_needed(world: w.World) -> None:
    client = Client()
    client.force_login(world.an)
    with CaptureQueriesContext(connection) as found:
        client.get("/doi-mat-khau/")
    # Session and user; no season is asked for where none is shown.
    assert len(found) == 2
