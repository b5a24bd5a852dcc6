"""Entering: a draft of what is right, the quick form, and the page that asks once for the rest."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emulation.models import (
    Achievement,
    Autosave,
    Category,
    Drive,
    Review,
    ReviewNote,
    State,
    Target,
)
from emulation.services import autosave as scratch
from emulation.services.achievement import enter_achievement, missing_parts
from emulation.services.review import review_achievement
from journal.models import Event
from tests import world as w

LIST = "/ky/gan/thanh-tich/"
NEW = LIST + "moi/tham-muu/"
QUICK = LIST + "nhanh/"
TODAY = timezone.localdate()
SECRET = "Kế hoạch TUYỆT MẬT"
REASON = "Thiếu xác nhận của nhà trường ở trang hai"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def an(world: w.World) -> Client:
    return client_of(world.an)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**values: Any) -> dict[str, Any]:
    return {"title": "Báo cáo tháng", "version": "0", "entry_key": str(uuid4())} | values


def quick(**values: Any) -> dict[str, Any]:
    return typed(started_on=TODAY.isoformat(), category="advisory") | values


def png(name: str = "anh.png", colour: str = "white") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, w.picture(colour).read(), "image/png")


def one(**values: Any) -> Achievement:
    return Achievement.objects.get(**values)


def errors_of(page: Any, name: str) -> list[str]:
    forms = [page.context["form"]] if "form" in page.context else []
    found = [
        str(text)
        for form in [*forms, *page.context.get("forms", [])]
        if name in form.errors
        for text in form.errors[name]
    ]
    return list(dict.fromkeys(found))


# A draft of what is right


def test_a_refused_text_still_makes_the_draft_and_keeps_the_files(
    world: w.World, an: Client
) -> None:
    long = "Rất dài " * 100
    page = an.post(NEW, typed(title=long, description="còn đây", files=png()))
    row = one()
    assert (row.title, row.description, row.state) == ("", "còn đây", State.DRAFT)
    assert row.evidence.get().name == "anh.png"
    text = page.content.decode()
    assert errors_of(page, "title")
    assert long in text
    assert f'action="{LIST}{row.number}/sua/"' in text
    assert Event.objects.filter(verb="achievement.enter").count() == 1
    # Also if the page is closed now.
    again = an.get(f"{LIST}{row.number}/sua/")
    assert again.context["entry"].main["title"].value() == long
    assert "Lỗi:" not in again.content.decode()


def test_what_was_refused_is_completed_on_the_same_draft(world: w.World, an: Client) -> None:
    data = typed(title="x" * 301, started_on=w.DAY.isoformat())
    page = an.post(NEW, data)
    version = page.context["entry"].main["version"].value()
    address = f"{LIST}{one().number}/sua/"
    assert an.post(address, data | {"title": "Ngắn", "version": version}).status_code == 302
    assert one().title == "Ngắn"
    assert not Autosave.objects.unsaved().exists()


def test_a_refused_form_sent_twice_is_one_draft(world: w.World, an: Client) -> None:
    data = typed(title="x" * 301, description="một lần")
    for _ in range(2):
        assert an.post(NEW, data | {"files": png()}).status_code == 200
    assert one().evidence.count() == 1


def test_nothing_at_all_makes_no_draft(world: w.World, an: Client) -> None:
    page = an.post(NEW, typed(title=" "))
    assert errors_of(page, "title") == ["Nhập việc đã làm, hoặc chọn ảnh"]
    assert not Achievement.objects.exists()


def test_a_photo_alone_makes_a_draft(world: w.World, an: Client) -> None:
    an.post(NEW, typed(title="", files=png()))
    row = one()
    assert (row.title, row.evidence.count()) == ("", 1)
    for address in (LIST, f"{LIST}{row.number}/", f"{LIST}{row.number}/sua/", "/ky/gan/"):
        assert "(chưa đặt tên)" in an.get(address).content.decode(), address
    assert str(row) == f"{row.code} (chưa đặt tên)"
    assert missing_parts(row)["title"] == "Nhập việc đã làm"


def test_a_secrecy_mark_reaches_no_table(world: w.World, an: Client) -> None:
    page = an.post(NEW, typed(title=SECRET, description="thường", files=png()))
    row = one()
    assert (row.title, row.description) == ("", "thường")
    assert row.evidence.count() == 1
    assert errors_of(page, "title")
    assert not Autosave.objects.unsaved().exists()
    assert SECRET not in str(list(Event.objects.values_list("changes", flat=True)))


def test_the_text_belongs_to_the_draft_that_its_files_began(world: w.World, an: Client) -> None:
    data = typed(title="Chữ đến sau ảnh")
    begun = enter_achievement(
        season=world.season, unit=world.a, by=world.an, key=data["entry_key"],
        values={"category": Category.ADVISORY}, particulars={},
    )  # fmt: skip
    assert an.post(NEW, data)["Location"] == f"{LIST}{begun.number}/"
    assert one().title == "Chữ đến sau ảnh"


# What was typed comes back


def keep(world: w.World, key: str, **fields: str) -> None:
    scratch.keep(
        season=world.season, by=world.an, key=key, window="w", version=1,
        fields={name: [text] for name, text in fields.items()},
    )  # fmt: skip


def test_a_new_form_shows_what_was_typed_into_the_last_one(world: w.World, an: Client) -> None:
    key = str(uuid4())
    keep(world, f"{NEW}#{key}", title="Dở  dang ", entry_key=key, version="0", quantity="12,")
    page = an.get(NEW)
    main = page.context["entry"].main
    assert (main["title"].value(), main["quantity"].value()) == ("Dở  dang ", "12,")
    assert main["entry_key"].value() == key
    assert f'data-autosave="{NEW}#{key}"' in page.content.decode()
    assert "Đã khôi phục nội dung chưa lưu lúc" in page.content.decode()
    # Another category is another form.
    other = an.get(LIST + "moi/cong-dong/").content.decode()
    assert "Dở  dang" not in other
    an.post(NEW, {"title": "Dở dang", "entry_key": key, "version": "0"})
    assert not Autosave.objects.unsaved().exists()
    assert an.get(NEW).context["entry"].main["title"].value() is None


def test_a_draft_begun_by_its_files_is_gone_on_with(world: w.World, an: Client) -> None:
    key = uuid4()
    begun = enter_achievement(
        season=world.season, unit=world.a, by=world.an, key=key,
        values={"category": Category.ADVISORY}, particulars={},
    )  # fmt: skip
    keep(world, f"{NEW}#{key}", title="Gõ khi đang tải ảnh", version="0", entry_key=str(key))
    answer = an.get(NEW)
    assert answer["Location"] == f"{LIST}{begun.number}/sua/"
    page = an.get(answer["Location"])
    main = page.context["entry"].main
    assert main["title"].value() == "Gõ khi đang tải ảnh"
    data = {name: main[name].value() or "" for name in main.fields}
    assert an.post(answer["Location"], data)["Location"] == f"{LIST}{begun.number}/"
    assert one().title == "Gõ khi đang tải ảnh"


def test_what_somebody_else_saved_is_compared_with_what_comes_back(
    world: w.World, an: Client
) -> None:
    row = w.draft(world)
    address = f"{LIST}{row.number}/sua/"
    keep(world, address, title="Của An", version="1")
    client_of(world.anh).post(address, {"title": "Của Anh", "version": "1"})
    page = an.get(address)
    main = page.context["entry"].main
    assert main["title"].value() == "Của An"
    page = an.post(address, {"title": "Của An", "version": main["version"].value()})
    assert "Nội dung đã lưu khác" in page.content.decode()
    assert one().title == "Của Anh"


def test_nobody_gets_the_text_of_somebody_else(world: w.World, an: Client) -> None:
    row = w.draft(world)
    address = f"{LIST}{row.number}/sua/"
    keep(world, address, title="Của riêng An", version="1")
    page = client_of(world.anh).get(address).content.decode()
    assert "Của riêng An" not in page
    assert "Nguyễn Văn An đang sửa bản này" in page


def test_text_kept_in_a_new_form_costs_no_query_per_row(
    world: w.World, an: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    an.get(NEW)
    keep(world, f"{NEW}#{uuid4()}", title="một")
    with CaptureQueriesContext(connection) as few:
        an.get(NEW)
    for _ in range(30):
        keep(world, f"{NEW}#{uuid4()}", title="nhiều")
    with django_assert_num_queries(len(few)):
        an.get(NEW)


# The fields of the full form


def test_drive_internal_and_what_is_continued_are_stored(world: w.World, an: Client) -> None:
    drive = Drive.objects.create(
        season=world.season, kind="peak", name="Đợt cao điểm", starts_on=w.DAY, ends_on=w.DAY
    )
    first = w.draft(world, title="Đợt một")
    an.post(NEW, typed(title="Đợt hai", drive=drive.pk, is_internal="on", continues=first.pk))
    row = one(title="Đợt hai")
    assert (row.drive, row.is_internal, row.continues) == (drive, True, first)
    page = an.get(f"{LIST}{row.number}/").content.decode()
    for part in ("Đợt cao điểm", "Lưu hành nội bộ", "Đợt một"):
        assert part in page


def test_nothing_of_another_unit_or_category_is_continued(world: w.World, an: Client) -> None:
    w.draft(world, by=world.binh, title="Của B")
    w.draft(world, title="Loại khác", category=Category.COMMUNITY)
    assert "continues" not in an.get(NEW).context["entry"].main.fields
    own = w.draft(world, title="Cùng loại")
    foreign = one(title="Của B")
    page = an.post(NEW, typed(title="Thử", continues=foreign.pk))
    assert errors_of(page, "continues") == ["Chọn một mục có trong danh sách"]
    field = an.get(f"{LIST}{own.number}/sua/").context["entry"].main.fields["continues"]
    assert [row.title for row in field.queryset] == ["Thử"]


def returned(world: w.World, *notes: tuple[str, str]) -> Achievement:
    row = w.sent(world, description="Diễn giải cũ")
    review_achievement(
        achievement=row, by=world.thu, decision=Review.Decision.RETURNED, revision=1,
        reason=REASON, notes=dict(notes),
    )  # fmt: skip
    assert ReviewNote.objects.count() == len(notes)
    return one(pk=row.pk)


def test_only_the_parts_that_were_opened_are_inputs(world: w.World, an: Client) -> None:
    row = returned(world, ("description", "Nêu rõ kết quả đạt được"))
    page = an.get(f"{LIST}{row.number}/sua/")
    assert set(page.context["entry"].main.fields) == {"description", "version"}
    text = page.content.decode()
    assert "Các phần đang khóa" in text
    assert "Báo cáo tháng" in text
    assert "Nêu rõ kết quả đạt được" in text.split('id="id_description_note"')[1][:500]
    data = {"description": "Mới", "title": "Lén đổi", "version": str(row.version)}
    an.post(f"{LIST}{row.number}/sua/", data)
    assert (one().description, one().title) == ("Mới", "Báo cáo tháng")


def test_a_return_from_before_notes_opens_everything(world: w.World, an: Client) -> None:
    row = w.sent(world)
    Achievement.objects.update(state=State.RETURNED)
    page = an.get(f"{LIST}{row.number}/sua/")
    assert "title" in page.context["entry"].main.fields
    assert "Các phần đang khóa" not in page.content.decode()


# Thirty seconds


def test_five_answers_and_a_photo_make_a_draft(world: w.World, an: Client) -> None:
    photos = [png("mot.png"), png("hai.png", "red")]
    answer = an.post(QUICK, quick(quantity="3", photos=photos, files=png("ba.png", "blue")))
    row = one()
    assert answer["Location"] == f"{LIST}{row.number}/con-thieu/"
    assert (row.title, row.started_on, row.category) == ("Báo cáo tháng", TODAY, "advisory")
    assert (row.quantity, row.target, row.unit, row.state) == (
        Decimal(3), None, world.a, State.DRAFT,
    )  # fmt: skip
    assert row.evidence.count() == 3


def test_today_and_the_usual_kind_stand_there_already(world: w.World, an: Client) -> None:
    form = an.get(QUICK).context["form"]
    assert form["started_on"].value() == TODAY
    assert form["category"].value() == Category.values[0]
    w.draft(world, category=Category.COMMUNITY)
    w.draft(world, by=world.anh, category=Category.REFORM)
    assert an.get(QUICK).context["form"]["category"].value() == Category.COMMUNITY
    text = an.get(QUICK).content.decode()
    assert 'accept="image/*"' in text
    assert 'capture="environment"' in text
    assert "multiple" in text


def test_the_quick_form_sent_twice_is_one_draft(world: w.World, an: Client) -> None:
    data = quick()
    answers = [an.post(QUICK, data | {"photos": png()}) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert one().evidence.count() == 1


def test_what_is_wrong_on_the_quick_form_keeps_the_rest(world: w.World, an: Client) -> None:
    data = quick(started_on="31/02/2026", quantity="ba")
    page = an.post(QUICK, data | {"photos": png()})
    row = one()
    assert (row.title, row.started_on, row.quantity, row.evidence.count()) == (
        "Báo cáo tháng", None, None, 1,
    )  # fmt: skip
    assert errors_of(page, "started_on")
    assert errors_of(page, "quantity")
    text = page.content.decode()
    assert "31/02/2026" in text
    assert "anh.png" in text
    version = page.context["form"]["version"].value()
    again = data | {"started_on": TODAY.isoformat(), "quantity": "3", "version": version}
    assert an.post(QUICK, again)["Location"] == f"{LIST}{row.number}/con-thieu/"
    assert (one().started_on, one().quantity) == (TODAY, 3)


def test_a_refused_photo_is_named_and_the_draft_is_there(world: w.World, an: Client) -> None:
    bad = SimpleUploadedFile("anh.png", b"<html>")
    page = an.post(QUICK, quick(photos=[bad, png("tot.png")]))
    assert any("anh.png" in text for text in errors_of(page, "files"))
    assert one().evidence.get().name == "tot.png"


def test_an_empty_quick_form_makes_no_draft(world: w.World, an: Client) -> None:
    page = an.post(QUICK, quick(title=""))
    assert errors_of(page, "title") == ["Nhập việc đã làm, hoặc chọn ảnh"]
    assert not Achievement.objects.exists()
    assert an.post(QUICK, {}).status_code == 200
    assert an.post(QUICK, quick(category="không có")).status_code == 200
    assert not Achievement.objects.exists()


def test_changed_elsewhere_the_quick_form_overwrites_nothing(world: w.World, an: Client) -> None:
    data = quick(started_on="x")
    page = an.post(QUICK, data)
    row = one()
    client_of(world.anh).post(
        f"{LIST}{row.number}/sua/", {"title": "Của Anh", "version": str(row.version)}
    )
    version = page.context["form"]["version"].value()
    answer = an.post(QUICK, data | {"started_on": TODAY.isoformat(), "version": version})
    assert answer["Location"] == f"{LIST}{row.number}/sua/"
    assert one().title == "Của Anh"


def test_a_secret_text_never_leaves_the_quick_form(world: w.World, an: Client) -> None:
    page = an.post(QUICK, quick(title=SECRET, photos=png()))
    assert errors_of(page, "title")
    assert one().title == ""
    assert not Autosave.objects.unsaved().exists()


def test_the_quick_form_is_the_first_thing_a_unit_is_offered(world: w.World) -> None:
    for address in ("/ky/gan/", LIST):
        text = client_of(world.an).get(address).content.decode()
        assert f'class="btn btn-primary" href="{QUICK}"' in text, address
        assert QUICK in text.split('<nav class="low"')[1], address
        for other in (world.thu, world.lan):
            assert QUICK not in client_of(other).get(address).content.decode(), address


def test_after_the_phase_the_quick_form_says_since_when(world: w.World, an: Client) -> None:
    world.phase.end = timezone.now() - timezone.timedelta(seconds=1)
    world.phase.save()
    assert an.get(QUICK).status_code == 403
    page = an.post(QUICK, quick(title="Gõ đúng lúc hết hạn"))
    assert page.status_code == 200
    assert "Gõ đúng lúc hết hạn" in page.content.decode()
    assert "Đã hết hạn từ" in page.content.decode()
    assert not Achievement.objects.exists()


# What is missing is asked once


def test_the_target_is_proposed_and_confirmed_with_one_tap(world: w.World, an: Client) -> None:
    an.post(QUICK, quick(quantity="3", photos=png()))
    row = one()
    address = f"{LIST}{row.number}/con-thieu/"
    page = an.get(address)
    form = page.context["form"]
    assert form["target"].value() == world.target.pk
    data = {name: form[name].value() for name in form.fields}
    assert data["quantity"] == "3"
    assert an.post(address, data)["Location"] == address
    assert (one().target, one().quantity) == (world.target, 3)
    page = an.get(address)
    assert page.context["form"] is None
    assert not page.context["missing"]
    assert f"{LIST}{row.number}/gui/" in page.content.decode()


def test_a_result_may_serve_no_target(world: w.World, an: Client) -> None:
    an.post(QUICK, quick(quantity="3"))
    address = f"{LIST}{one().number}/con-thieu/"
    an.post(address, {"version": str(one().version), "then": "none"})
    assert (one().target, one().quantity) == (None, None)


def test_what_is_missing_is_listed_with_links(world: w.World, an: Client) -> None:
    an.post(QUICK, quick(title="", started_on="", category="community", photos=png()))
    row = one()
    page = an.get(f"{LIST}{row.number}/con-thieu/")
    assert list(page.context["missing"]) == ["title", "started_on", "details"]
    text = page.content.decode()
    for anchor in ("id_title", "id_started_on", "chi-tiet"):
        assert f'href="{LIST}{row.number}/sua/#{anchor}"' in text
        assert text.count(f"#{anchor}") == 1


def test_a_foreign_target_is_not_taken(world: w.World, an: Client) -> None:
    foreign = Target.objects.create(
        pledge=world.pledge, unit=world.b, order=1, group="political", text="Của B",
        measure="bản", planned=1,
    )  # fmt: skip
    an.post(QUICK, quick())
    data = {"target": foreign.pk, "quantity": "1", "version": str(one().version)}
    page = an.post(f"{LIST}{one().number}/con-thieu/", data)
    assert errors_of(page, "target") == ["Chọn một mục có trong danh sách"]
    assert one().target is None


def test_a_stale_confirmation_changes_nothing(world: w.World, an: Client) -> None:
    an.post(QUICK, quick(quantity="3"))
    address = f"{LIST}{one().number}/con-thieu/"
    data = {"target": world.target.pk, "quantity": "4", "version": "99"}
    page = an.post(address, data)
    assert page.status_code == 200
    assert "vừa được người khác lưu" in page.content.decode()
    assert one().target is None


def test_what_was_sent_has_no_page_of_missing_parts(world: w.World, an: Client) -> None:
    row = w.sent(world)
    assert an.get(f"{LIST}{row.number}/con-thieu/")["Location"] == f"{LIST}{row.number}/"
    assert reverse("achievement_missing", args=["gan", row.number]).endswith("/con-thieu/")


def test_what_was_left_in_another_form_is_found_again(world: w.World, an: Client) -> None:
    keep(world, f"{NEW}#{uuid4()}", title="Dở dang ở đây", version="0")
    keep(world, f"{QUICK}#{uuid4()}", version="0", title="Nhập nhanh dở")
    page = an.get(LIST + "moi/").content.decode()
    for words in (f'href="{NEW}"', "Dở dang ở đây", f'href="{QUICK}"', "Nhập nhanh dở"):
        assert words in page
    page = an.get(QUICK).content.decode()
    assert "Dở dang ở đây" in page
    assert page.count("Nhập nhanh dở") == 1
    assert "Dở dang" not in client_of(world.anh).get(LIST + "moi/").content.decode()
