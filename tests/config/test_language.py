import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["en-US,en;q=0.9", "fr", "vi", ""])
def test_the_browsers_wish_is_not_asked(client: Client, wanted: str) -> None:
    html = client.get("/dang-nhap/", headers={"accept-language": wanted}).content.decode()
    assert '<html lang="vi"' in html
    assert "Đăng nhập" in html


@pytest.mark.django_db
@pytest.mark.parametrize(("chosen", "language"), [("en", "en"), ("vi", "vi"), ("xx", "vi")])
def test_the_readers_choice_holds(client: Client, chosen: str, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = chosen
    assert f'<html lang="{language}"' in client.get("/dang-nhap/").content.decode()


@pytest.mark.django_db
def test_the_switch_at_the_foot_is_remembered(client: Client) -> None:
    client.post("/ngon-ngu/", {"language": "en", "next": "/dang-nhap/"})
    assert '<html lang="en"' in client.get("/dang-nhap/").content.decode()
