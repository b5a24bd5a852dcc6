"""The pages of an import: template, upload, what was found, confirmation, the kept file."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation import tasks
from emulation.models import Achievement, Import
from emulation.views import importing as views
from tests import world as w
from tests.emulation import import_files as f


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was put into the queue, in place of a queue."""
    found: list[int] = []
    monkeypatch.setattr(views, "enqueue", found.append)
    return found


@pytest.fixture
def an(client: Client, world: w.World) -> Client:
    client.force_login(world.an)
    return client


def url(world: w.World, name: str, *args: Any) -> str:
    return reverse(name, args=[world.season.slug, *args])


def post(an: Client, world: w.World, content: bytes, **values: Any) -> Any:
    file = SimpleUploadedFile(values.pop("name", "thang.xlsx"), content)
    return an.post(url(world, "import_list"), {"file": file, "key": str(uuid4())} | values)


def checked(an: Client, world: w.World, content: bytes) -> Import:
    post(an, world, content)
    row = Import.objects.latest("pk")
    tasks.run_import_task(row.pk)
    row.refresh_from_db()
    return row


@pytest.mark.usefixtures("sent")
def test_the_whole_way_of_a_file(an: Client, world: w.World) -> None:
    answer = post(an, world, f.workbook(f.good_rows(3)))
    row = Import.objects.get()
    assert answer["Location"] == url(world, "import_detail", row.pk)
    page = an.get(answer["Location"]).content.decode()
    assert "Đang kiểm tra từng ô" in page
    assert 'http-equiv="refresh"' in page
    progress = an.get(url(world, "import_progress", row.pk))
    assert progress.status_code == 200
    tasks.run_import_task(row.pk)
    news = an.get(url(world, "import_progress", row.pk))
    assert news.status_code == 286
    assert "Xác nhận nhập 3 thành tích" in news.content.decode()
    assert "Báo cáo số 2" in news.content.decode()
    assert not Achievement.objects.exists()
    for _click in range(2):
        an.post(url(world, "import_confirm", row.pk))
    tasks.run_import_task(row.pk)
    page = an.get(answer["Location"]).content.decode()
    assert "Đã nhập 3 thành tích" in page
    assert Achievement.objects.count() == 3
    made = Achievement.objects.first()
    assert made is not None
    detail = an.get(url(world, "achievement_detail", made.number)).content.decode()
    assert url(world, "import_detail", row.pk) in detail


def test_the_worker_is_asked_once_for_a_double_click(
    an: Client, world: w.World, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    key = str(uuid4())
    with django_capture_on_commit_callbacks(execute=True):
        for _click in range(2):
            post(an, world, f.workbook(f.good_rows(1)), key=key)
    assert sent == [Import.objects.get().pk]


@pytest.mark.usefixtures("sent")
def test_bad_cells_are_listed_with_what_to_do(an: Client, world: w.World) -> None:
    row = checked(an, world, f.workbook([f.good(title="=1+1"), f.good(category="Việc lạ")]))
    page = an.get(url(world, "import_detail", row.pk)).content.decode()
    assert "Có 2 chỗ sai; chưa dòng nào được nhập" in page
    for address, text in (("C2", "Ô có công thức"), ("B3", "Không có trong danh sách")):
        assert address in page
        assert text in page
    assert "Xác nhận nhập" not in page


@pytest.mark.usefixtures("sent")
def test_a_title_with_markup_is_shown_as_text(an: Client, world: w.World) -> None:
    row = checked(an, world, f.workbook([f.good(title="<script>alert(1)</script>")]))
    page = an.get(url(world, "import_detail", row.pk)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.usefixtures("sent")
def test_a_file_that_is_not_taken_is_explained_at_its_field(an: Client, world: w.World) -> None:
    answer = post(an, world, b"PK", name="thang.xlsm")
    assert answer.status_code == 200
    assert "macro" in answer.content.decode()
    assert not Import.objects.exists()
    answer = an.post(url(world, "import_list"), {"key": str(uuid4())})
    assert "Chọn tệp" in answer.content.decode()


def test_closed_entry_closes_the_upload_but_not_the_list(an: Client, world: w.World) -> None:
    row = w.imported(world)
    world.phase.enter = False
    world.phase.save()
    page = an.get(url(world, "import_list")).content.decode()
    assert "Không nhập được lúc này" in page
    assert row.name in page
    answer = post(an, world, f.workbook(f.good_rows(1)))
    assert answer.status_code == 200
    assert Import.objects.count() == 1
    detail = an.get(url(world, "import_detail", row.pk)).content.decode()
    assert "Xác nhận nhập 1" not in detail


def test_the_kept_file_is_handed_out_to_be_saved(an: Client, world: w.World) -> None:
    row = w.imported(world, name='thắng "lợi".xlsx')
    answer = an.get(url(world, "import_download", row.pk))
    assert b"".join(answer) == b"PK"  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    row.file = ""
    row.save()
    assert an.get(url(world, "import_download", row.pk)).status_code == 404


def test_another_unit_and_the_secretary_do_not_see_an_import(world: w.World) -> None:
    row = w.imported(world)
    for user in (world.binh, world.thu, world.lan, world.far_secretary):
        client = Client()
        client.force_login(user)
        for name in ("import_detail", "import_download", "import_progress"):
            assert client.get(url(world, name, row.pk)).status_code == 404
        assert client.post(url(world, "import_confirm", row.pk)).status_code == 404


def test_an_import_of_another_season_is_not_at_this_address(an: Client, world: w.World) -> None:
    row = w.imported(world)
    old = w.last_year(world)
    address = reverse("import_detail", args=[old.season.slug, row.pk])
    assert an.get(address).status_code == 404


def test_dismissing_puts_the_file_aside(an: Client, world: w.World) -> None:
    row = w.imported(world)
    answer = an.post(url(world, "import_dismiss", row.pk), follow=True)
    assert "Không dòng nào được nhập" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "dismissed"
    answer = an.post(url(world, "import_confirm", row.pk), follow=True)
    assert "không chuyển được" in answer.content.decode()


def test_dismissing_what_is_being_written_is_refused_kindly(an: Client, world: w.World) -> None:
    row = w.imported(world)
    an.post(url(world, "import_confirm", row.pk))
    answer = an.post(url(world, "import_dismiss", row.pk), follow=True)
    assert "không chuyển được" in answer.content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_templates_are_handed_out(an: Client, world: w.World, kind: str) -> None:
    answer = an.get(url(world, "import_template", kind))
    assert answer["Content-Disposition"].endswith(f'-a.{kind}"')
    assert answer.content.startswith(b"PK")


def test_the_template_is_vietnamese_in_every_language(an: Client, world: w.World) -> None:
    an.post(reverse("set_language"), {"language": "en"})
    answer = an.get(url(world, "import_template", "xlsx"))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book["Danh mục"]["A2"].value == "Tham mưu, báo cáo"
    assert an.get(url(world, "import_template", "exe")).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(an: Client, world: w.World) -> None:
    counts = []
    for number in (1, 30):
        for _more in range(number):
            w.imported(world)
        an.get(url(world, "import_list"))
        with CaptureQueriesContext(connection) as queries:
            an.get(url(world, "import_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_long_file_is_looked_over_page_by_page(an: Client, world: w.World) -> None:
    kept = w.imported(world).entries[0]
    lines = []
    for n in range(120):
        cells = {"title": [f"C{n}", f"Việc thứ {n:03}"], "category": ["B2", "Vì cộng đồng"]}
        lines.append(kept | {"cells": cells})
    row = w.imported(world, entries=lines, rows=120, done=120)
    first = an.get(url(world, "import_detail", row.pk)).content.decode()
    third = an.get(url(world, "import_detail", row.pk) + "?page=3").content.decode()
    assert "Việc thứ 049" in first
    assert "Việc thứ 050" not in first
    assert "Việc thứ 119" in third
