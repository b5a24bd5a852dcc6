"""The commands around the sample: what they print, what they refuse, what they leave behind."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.urls import reverse

from clusters.models import Role, User
from reports.sample.accounts import ACCOUNTS, PASSWORD


def said(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def logins(*args: str) -> dict[str, Any]:
    found = json.loads(said("sample_logins", "--json", *args))
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("sample")
def test_second_load_says_nothing() -> None:
    assert said("load_sample") == ""


@pytest.mark.usefixtures("sample")
def test_logins_for_machines() -> None:
    found = logins()
    assert list(found) == ["login_url", "user_field", "password_field", "accounts"]
    assert found["login_url"] == reverse("account_login")
    assert (found["user_field"], found["password_field"]) == ("login", "password")
    keys = {"username", "password", "role", "unit", "cluster"}
    assert all(set(row) == keys for row in found["accounts"])
    roles = {row["role"] for row in found["accounts"]}
    assert roles == {*Role.values, "administrator", "stranger"}
    rows = {row["username"]: row for row in found["accounts"]}
    assert rows["nhanvien.g"]["unit"] == "Đơn vị mẫu G"
    for name in ("thuky", "nhanvien.g"):
        assert rows[name]["cluster"] == "Cụm thi đua mẫu"
    assert rows["lanhdao"]["cluster"] == "Cụm thi đua mẫu, Cụm thi đua số 1"
    assert rows["khach"]["unit"] == rows["khach"]["cluster"] == ""


@pytest.mark.usefixtures("sample")
def test_logins_with_an_address_in_front() -> None:
    found = logins("--base", "http://127.0.0.1:8000/")
    assert found["login_url"] == f"http://127.0.0.1:8000{reverse('account_login')}"


@pytest.mark.usefixtures("sample")
def test_every_login_opens(rf: Any) -> None:
    for row in logins()["accounts"]:
        request = rf.post(reverse("account_login"))
        user = authenticate(request, username=row["username"], password=row["password"])
        assert user is not None, row
    assert User.objects.get(username="quantri").is_superuser
    assert User.objects.filter(is_superuser=True).count() == 1


@pytest.mark.usefixtures("sample")
def test_logins_for_people() -> None:
    lines = said("sample_logins").splitlines()
    assert PASSWORD in lines[0]
    assert len(lines) == 1 + sum(account.listed for account in ACCOUNTS)
    assert any("thuky" in line and "Thư ký cụm" in line for line in lines)


@pytest.mark.usefixtures("sample")
def test_report_from_the_shell(tmp_path: Path) -> None:
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    for file in (first, second):
        options = {"season": "cum-1-2017", "out": str(file), "created": "2017-12-31T08:00"}
        assert "5 trang" in said("render_report", **options)
    assert first.read_bytes().startswith(b"%PDF-")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"season": "khong-co"}, "cum-1-2017"),
        ({"season": "cum-1-2017", "created": "hôm qua"}, "ISO 8601"),
        ({"season": "cum-1-2017", "out": "/khong/co/thu-muc.pdf"}, "Không ghi được"),
    ],
)
def test_report_that_cannot_be_made(options: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=words):
        said("render_report", **({"out": str(tmp_path / "x.pdf")} | options))
