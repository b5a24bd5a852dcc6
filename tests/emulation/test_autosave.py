"""The endpoint that keeps what is typed, the pages that show it again, and who may see it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from emulation.models import Assessment, AssessmentKind, Autosave, Season
from emulation.services import autosave as services
from journal.models import Event
from tests import world as w

KEY = "/ky/gan/danh-gia/"
URL = "/ky/gan/tu-luu/"
KIND = next(iter(AssessmentKind)).value


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def message(user: Any, **values: Any) -> dict[str, Any]:
    return {
        "user": str(user.pk), "key": KEY, "window": "w1", "version": 1, "opened": 0,
        "fields": {"general": ["Năm qua"]},
    } | values  # fmt: skip


def post(user: Any, client: Client | None = None, **values: Any) -> Any:
    client = client or client_of(user)
    return client.post(URL, json.dumps(message(user, **values)), content_type="application/json")


def kept(world: w.World, by: Any = None, **values: Any) -> Autosave:
    given: dict[str, Any] = {
        "key": KEY, "window": "w1", "version": 1, "fields": {"general": ["Năm qua"]},
    }  # fmt: skip
    return services.keep(season=world.season, by=by or world.thu, **given | values)


# The service


def test_what_is_typed_is_kept_without_a_journal_entry(world: w.World) -> None:
    before = Event.objects.count()
    at = timezone.now()
    row = kept(world, at=at)
    row.refresh_from_db()
    assert (row.fields, row.version, row.saved_at) == ({"general": ["Năm qua"]}, 1, at)
    assert row.is_unsaved
    assert Event.objects.count() == before


def test_a_newer_text_of_the_same_page_replaces_it(world: w.World) -> None:
    kept(world)
    kept(world, version=5, fields={"general": ["Năm qua, cụm"]})
    assert Autosave.objects.get().fields == {"general": ["Năm qua, cụm"]}


def test_what_comes_late_changes_nothing(world: w.World) -> None:
    kept(world, version=5, fields={"general": ["Mới"]})
    row = kept(world, version=4, fields={"general": ["Cũ"]})
    assert (row.version, row.fields) == (5, {"general": ["Mới"]})
    assert Autosave.objects.get().fields == {"general": ["Mới"]}


def test_another_page_goes_on_from_what_it_was_shown(world: w.World) -> None:
    kept(world, version=5)
    row = kept(world, window="w2", version=6, fields={"general": ["Sau khi mở lại"]})
    assert (row.window, row.version) == ("w2", 6)


@pytest.mark.parametrize("version", [1, 5, 7])
def test_another_page_of_the_same_person_is_stale(world: w.World, version: int) -> None:
    kept(world, version=5)
    with pytest.raises(ValidationError) as caught:
        kept(world, window="w2", version=version, fields={"general": ["Khác"]})
    assert caught.value.code == "stale"
    assert Autosave.objects.get().fields == {"general": ["Năm qua"]}


def test_the_same_text_from_another_page_is_no_quarrel(world: w.World) -> None:
    kept(world, version=5)
    assert kept(world, window="w2", version=9).window == "w2"


def test_two_people_have_a_row_each(world: w.World) -> None:
    kept(world)
    kept(world, by=world.an)
    assert Autosave.objects.count() == 2
    row = Autosave.objects.filter(user=world.an).get()
    row.pk, row.user = None, world.thu
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("text", ["TUYỆT MẬT", "Kế hoạch (tối mật)", "Độ mật: Mật"])
def test_a_secrecy_mark_is_refused_before_it_is_stored(world: w.World, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        kept(world, fields={"general": ["bình thường"], "title": [text]})
    assert caught.value.code == "secret"
    assert not Autosave.objects.exists()


def test_a_closed_season_takes_nothing(world: w.World) -> None:
    season = Season.objects.get(pk=world.season.pk)
    season.closed_at = timezone.now()
    with pytest.raises(PermissionDenied):
        services.keep(
            season=season, by=world.thu, key=KEY, window="w", version=1, fields={"a": ["b"]}
        )


@pytest.mark.parametrize("text", ["a\0b", "nửa \ud83d cặp", "\x07", "𠮷", "  \n\t "])
def test_what_no_database_takes_does_not_stop_the_rest(world: w.World, text: str) -> None:
    kept(world, fields={"general": [text, "còn nguyên"]})
    first, second = Autosave.objects.get().fields["general"]
    assert second == "còn nguyên"
    assert first == text.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")


def test_saving_wipes_and_what_is_under_way_comes_too_late(world: w.World) -> None:
    kept(world, version=3)
    services.wipe(season=world.season, by=world.thu, key=KEY, window="w1", version=4)
    row = kept(world, version=4, fields={"general": ["đang trên đường"]})
    assert not row.is_unsaved
    assert not Autosave.objects.unsaved().exists()
    # What is typed after going back is newer.
    assert kept(world, version=5).is_unsaved


def test_old_wiped_rows_go(world: w.World) -> None:
    at = timezone.now()
    old = at - services.WIPED_ROWS_STAY - timedelta(minutes=1)
    services.wipe(season=world.season, by=world.thu, key="/ky/gan/a/", at=old)
    kept(world, key="/ky/gan/b/", at=old)
    services.wipe(season=world.season, by=world.thu, key="/ky/gan/c/", at=at)
    assert set(Autosave.objects.values_list("key", flat=True)) == {"/ky/gan/b/", "/ky/gan/c/"}


# Who is told of whom


def test_colleagues_at_the_same_form_are_named(world: w.World) -> None:
    key = "/ky/gan/thanh-tich/1/sua/"
    now = timezone.now()
    kept(world, by=world.anh, key=key, at=now)
    assert [row.user for row in services.others_at(world.season, world.an, key, now, now)] == [
        world.anh
    ]
    for stranger in (world.binh, world.thu, world.khach, world.far_secretary):
        assert not services.others_at(world.season, stranger, key, now, now), stranger
    assert not services.others_at(world.season, world.an, key + "x", now, now)


def test_who_left_is_named_no_more_and_who_saved_is(world: w.World) -> None:
    key = "/ky/gan/thanh-tich/1/sua/"
    now = timezone.now()
    opened = now - timedelta(hours=1)
    kept(world, by=world.anh, key=key, at=now - services.FRESH - timedelta(seconds=1))
    assert not services.others_at(world.season, world.an, key, opened, now)
    saved = now - timedelta(minutes=30)
    services.wipe(season=world.season, by=world.anh, key=key, at=saved)
    assert services.others_at(world.season, world.an, key, opened, now)
    assert not services.others_at(world.season, world.an, key, saved, now)


# The endpoint


def test_the_script_is_told_when_it_was_kept(world: w.World) -> None:
    answer = post(world.thu)
    row = Autosave.objects.get()
    time = timezone.localtime(row.saved_at).strftime("%H:%M")
    assert answer.json() == {
        "kept": True, "version": 1, "done": False, "time": time, "others": [],
    }  # fmt: skip
    assert (row.user, row.season, row.key) == (world.thu, world.season, KEY)


def test_stale_says_who_saved_last_and_when(world: w.World) -> None:
    post(world.thu, version=4)
    answer = post(world.thu, window="w2", version=1, fields={"general": ["Khác"]})
    time = timezone.localtime(Autosave.objects.get().saved_at).strftime("%H:%M")
    assert answer.status_code == 409
    told = {name: answer.json()[name] for name in ("by", "time", "version", "fields", "done")}
    assert told == {
        "by": "Phạm Thị Thư", "time": time, "version": 4, "done": False,
        "fields": {"general": ["Năm qua"]},
    }  # fmt: skip


def test_a_second_editor_is_told_while_typing(world: w.World) -> None:
    key = "/ky/gan/thanh-tich/1/sua/"
    post(world.anh, key=key)
    [text] = post(world.an, key=key).json()["others"]
    assert "Lê Thị Anh đang sửa bản này, tự lưu lúc" in text
    assert "đồng chí" not in text.lower()
    opened = timezone.now().timestamp() - 60
    services.wipe(season=world.season, by=world.anh, key=key)
    [text] = post(world.an, key=key, version=2, opened=opened).json()["others"]
    assert "Lê Thị Anh đã lưu bản này lúc" in text


def test_an_expired_login_is_told_as_json(world: w.World) -> None:
    answer = post(world.thu, Client())
    assert (answer.status_code, answer.json()["error"]) == (401, "login")
    assert Client().get(URL).status_code == 401
    assert not Autosave.objects.exists()


def test_the_text_of_one_user_is_never_kept_for_another(world: w.World) -> None:
    """Somebody else signed in with the same browser while the page was open."""
    answer = post(world.an, client_of(world.thu))
    assert answer.status_code == 401
    assert not Autosave.objects.exists()


def test_a_fresh_token_is_given_to_whoever_is_signed_in(world: w.World) -> None:
    told = client_of(world.thu).get(URL).json()
    assert told["user"] == str(world.thu.pk)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.thu)
    token = strict.get(URL).json()["token"]
    data = json.dumps(message(world.thu))
    assert strict.post(URL, data, content_type="application/json").status_code == 403
    headers = {"X-CSRFToken": token}
    answer = strict.post(URL, data, content_type="application/json", headers=headers)
    assert answer.json()["kept"] is True


@pytest.mark.parametrize("name", ["khach", "far_secretary"])
def test_another_season_does_not_exist(world: w.World, name: str) -> None:
    user = getattr(world, name)
    assert post(user).status_code == 404
    assert client_of(user).get(URL).status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"key": "/ky/xa/danh-gia/"},
        {"key": "/dang-nhap/"},
        {"key": KEY + "x" * 200},
        {"key": KEY + "\0"},
        {"key": KEY + "ệ"},
        {"key": None},
        {"fields": {}},
        {"fields": []},
        {"fields": {"a": "b"}},
        {"fields": {"a": [1]}},
        {"fields": {f"a{i}": ["b"] for i in range(2001)}},
        {"version": 0},
        {"version": -1},
        {"version": True},
        {"version": 2**31},
        {"version": "1"},
        {"window": ""},
        {"window": "x" * 41},
        {"window": "\0"},
        {"window": 7},
        {"opened": "x"},
        {"opened": -1},
        {"opened": 1e300},
    ],
)
def test_what_has_another_shape_is_refused(world: w.World, values: dict[str, Any]) -> None:
    assert post(world.thu, **values).status_code == 400
    assert not Autosave.objects.exists()


@pytest.mark.parametrize("body", ["", "x", "[]", "null", '"a"', "[" * 100_000])
def test_what_is_no_message_is_refused(world: w.World, body: str) -> None:
    answer = client_of(world.thu).post(URL, body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("size", [1_100_000, 6_000_000])
def test_what_is_too_long_is_refused(world: w.World, size: int) -> None:
    assert post(world.thu, fields={"general": ["a" * size]}).status_code == 413
    assert not Autosave.objects.exists()


def test_a_secrecy_mark_is_explained_to_the_script(world: w.World) -> None:
    answer = post(world.thu, fields={"general": ["TUYỆT MẬT"]})
    assert (answer.status_code, answer.json()["error"]) == (422, "secret")
    assert "chỉ chứa nội dung không mật" in answer.json()["text"]
    assert not Autosave.objects.exists()


def test_other_methods_are_refused(world: w.World) -> None:
    assert client_of(world.thu).delete(URL).status_code == 405
    assert client_of(world.thu).get(URL + "bo/").status_code == 405


# The pages


def test_a_form_shows_what_was_typed_and_the_button_drops_it(world: w.World) -> None:
    thu = client_of(world.thu)
    before = thu.get(KEY).context["form"]["before"].value()
    post(world.thu, thu, fields={KIND: ["Chưa  xong\n"], "before": [before]})
    page = thu.get(KEY)
    text = page.content.decode()
    assert "Đã khôi phục nội dung chưa lưu lúc" in text
    assert "Lỗi:" not in text
    assert page.context["form"][KIND].value() == "Chưa  xong\n"
    answer = thu.post(URL + "bo/", {"key": KEY})
    assert answer["Location"] == KEY
    assert "Đã khôi phục nội dung chưa lưu" not in thu.get(KEY).content.decode()
    assert not Autosave.objects.exists()


def test_only_ones_own_text_comes_back(world: w.World) -> None:
    w.appoint(world.far_secretary, w.Role.SECRETARY, unit=world.c, cluster=world.season.cluster)
    post(world.thu, fields={KIND: ["Chữ của Thư"]})
    page = client_of(world.far_secretary).get(KEY).content.decode()
    assert "Chữ của Thư" not in page
    assert "Phạm Thị Thư đang sửa bản này" in page
    assert client_of(world.far_secretary).post(URL + "bo/", {"key": KEY}).status_code == 302
    assert Autosave.objects.filter(user=world.thu).exists()


def test_saving_the_form_wipes_it(world: w.World) -> None:
    thu = client_of(world.thu)
    form = thu.get(KEY).context["form"]
    post(world.thu, thu, fields={KIND: ["Năm qua"]})
    before = form["before"].value()
    data = {KIND: "Năm qua", "before": before, "_window": "w1", "_count": "3"}
    assert thu.post(KEY, data).status_code == 302
    assert Assessment.objects.exists()
    row = Autosave.objects.get()
    assert (row.is_unsaved, row.window, row.version) == (False, "w1", 3)
    assert "Đã khôi phục nội dung chưa lưu" not in thu.get(KEY).content.decode()


@pytest.mark.parametrize("count", ["x", "-1", "9" * 30, "", "٣"])
def test_a_broken_count_is_no_fault_of_the_server(world: w.World, count: str) -> None:
    thu = client_of(world.thu)
    form = thu.get(KEY).context["form"]
    data = {"before": form["before"].value(), "_window": "x" * 99, "_count": count}
    assert thu.post(KEY, data).status_code == 302


@pytest.mark.parametrize("key", ["", "//evil.example/", "https://evil.example/", "/ky/gan/\0", "x"])
def test_dropping_leads_nowhere_else(world: w.World, key: str) -> None:
    answer = client_of(world.thu).post(URL + "bo/", {"key": key})
    assert answer["Location"].startswith("/ky/gan/")


def test_the_self_score_comes_back_with_points_as_typed(world: w.World) -> None:
    address = f"/ky/gan/cham-diem/{world.a.pk}/tu-cham/"
    an = client_of(world.an)
    form = an.get(address).context["form"]
    name = next(name for name in form.fields if name.startswith("points-"))
    post(world.an, an, key=address, fields={name: ["13,7x"], "version": ["1"]})
    page = an.get(address)
    assert page.context["form"][name].value() == "13,7x"
    assert "Lỗi:" not in page.content.decode()


def test_the_page_tells_the_script_where_it_stands(world: w.World) -> None:
    thu = client_of(world.thu)
    text = thu.get(KEY).content.decode()
    for part in (
        f'data-autosave="{KEY}"', f'data-autosave-url="{URL}"', 'data-autosave-version="0"',
        'data-autosave-state="new"', f'data-user="{world.thu.pk}"', 'autocomplete="off"',
    ):  # fmt: skip
        assert part in text
    post(world.thu, thu, version=7)
    text = thu.get(KEY).content.decode()
    assert 'data-autosave-version="7"' in text
    assert 'data-autosave-state="unsaved"' in text
    assert 'data-autosave-window="w1"' in text
    assert 'data-autosave-state="refused"' in thu.post(KEY, {"before": ""}).content.decode()
