"""Asking for a document, watching it, downloading it, finding it again."""

import hashlib
import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports import services
from reports.models import Document, DocumentKind, DocumentState
from reports.watch import STEPS, Watch
from tests import world as w

PDF = b"%PDF-1.7 a whole report"
NOW = timezone.now()


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was put into the queue, in place of a queue."""
    taken: list[int] = []
    monkeypatch.setattr("reports.views.document.enqueue", taken.append)
    return taken


def asked(world: w.World, **values: Any) -> Document:
    document = services.request_document(
        season=world.season, kind=DocumentKind.FINAL_REPORT, by=world.lan, key=uuid.uuid4(),
        enqueue=lambda pk: None, at=NOW,
    )  # fmt: skip
    Document.objects.filter(pk=document.pk).update(**values)
    document.refresh_from_db()
    return document


def ready(world: w.World) -> Document:
    document = asked(world)
    token = services.claim(pk=document.pk)
    assert token
    assert services.finish(pk=document.pk, token=token, pdf=PDF, pages=7)
    document.refresh_from_db()
    return document


def failed(world: w.World, error: str = "Quá thời gian cho phép. Lập lại sau.") -> Document:
    document = asked(world)
    token = services.claim(pk=document.pk)
    assert token
    assert services.fail(pk=document.pk, token=token, error=error)
    document.refresh_from_db()
    return document


def to(name: str, document: Document) -> str:
    return reverse(name, args=["gan", document.number])


ASK = "/ky/gan/van-ban/lap/"
LIST = "/ky/gan/van-ban/"


# Asking


def test_asking_leads_to_the_page_that_watches(
    client: Client, world: w.World, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(world.lan)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(ASK, {"key": uuid.uuid4()})
    document = Document.objects.get()
    assert response["Location"] == to("document_detail", document)
    assert document.requested_by == world.lan
    assert sent == [document.pk]


def test_two_clicks_on_one_button_are_one_request(
    client: Client, world: w.World, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(world.thu)
    key = re.findall(r'name="key" value="([^"]+)"', client.get(LIST).content.decode())[0]
    with django_capture_on_commit_callbacks(execute=True):
        places = {client.post(ASK, {"key": key})["Location"] for _click in range(2)}
    assert len(places) == Document.objects.count() == len(sent) == 1


@pytest.mark.parametrize("key", [None, "", "x", "0" * 500, "\0", "' or 1=1"])
def test_a_key_that_is_none_asks_for_nothing(
    client: Client, world: w.World, key: str | None
) -> None:
    client.force_login(world.lan)
    response = client.post(ASK, {} if key is None else {"key": key}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "Chưa gửi được yêu cầu" in response.content.decode()
    assert not Document.objects.exists()


def test_the_key_of_somebody_else_is_refused(client: Client, world: w.World) -> None:
    key = asked(world).request_key
    client.force_login(world.thu)
    assert client.post(ASK, {"key": key}).status_code == 403
    assert Document.objects.count() == 1


@pytest.mark.parametrize("who", ["an", "anh", "binh", "quang"])
def test_others_cannot_ask(client: Client, world: w.World, who: str) -> None:
    client.force_login(getattr(world, who))
    assert client.post(ASK, {"key": uuid.uuid4()}).status_code == 403
    assert ASK not in client.get(LIST).content.decode()


@pytest.mark.parametrize("address", [ASK, f"{LIST}1/lap-lai/"])
def test_asking_takes_a_post(client: Client, world: w.World, address: str) -> None:
    failed(world)
    client.force_login(world.lan)
    assert client.get(address).status_code == 405


# Watching


def watch(client: Client, document: Document, step: object = "", **headers: str) -> Any:
    address = f"{to('document_progress', document)}?buoc={step}"
    return client.get(address, headers={"HX-Request": "true", **headers})


def test_the_page_watches_by_itself(client: Client, world: w.World) -> None:
    document = asked(world, state="running", percent=40, claim=uuid.uuid4(), sent_at=NOW)
    client.force_login(world.lan)
    html = client.get(to("document_detail", document)).content.decode()
    assert f'hx-get="{to("document_progress", document)}?buoc=3" hx-trigger="every 1s"' in html
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in html
    assert "django_htmx/htmx" in html
    assert "Có thể rời trang này" in html
    assert f"Đang lập Báo cáo tổng kết năm {w.YEAR}" in html


def test_a_fragment_tells_step_and_percentage(client: Client, world: w.World) -> None:
    document = asked(world, state="running", percent=40, claim=uuid.uuid4())
    client.force_login(world.lan)
    response = watch(client, document, 2)
    html = response.content.decode()
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "<html" not in html
    assert "Bước 3/6: Dàn trang" in html
    assert "40%" in html
    assert html.count('class="done"') == 2
    assert html.count('aria-current="step"') == 1


def test_a_step_is_read_out_once(client: Client, world: w.World) -> None:
    document = asked(world, state="running", percent=40, claim=uuid.uuid4())
    client.force_login(world.lan)
    assert 'role="status"' in watch(client, document, 2).content.decode()
    assert 'role="status"' not in watch(client, document, 3).content.decode()


@pytest.mark.parametrize("make", [ready, failed])
def test_the_end_takes_the_place_of_the_page_and_stops_the_asking(
    client: Client, world: w.World, make: Any
) -> None:
    document = make(world)
    client.force_login(world.lan)
    response = watch(client, document)
    assert response.status_code == 286
    assert response["HX-Retarget"] == response["HX-Reselect"] == "#noidung"
    html = response.content.decode()
    assert 'id="noidung"' in html
    assert "hx-get" not in html
    assert "autofocus" in html
    assert "autofocus" not in client.get(to("document_detail", document)).content.decode()
    assert to("document_progress", document) not in html


@pytest.mark.parametrize("step", ["", "x", "-1", "9" * 40, "<script>"])
def test_a_step_that_is_none_does_no_harm(client: Client, world: w.World, step: str) -> None:
    document = asked(world)
    client.force_login(world.lan)
    response = watch(client, document, step)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize(
    ("sent_at", "is_kept"),
    [(None, True), (timedelta(seconds=1), False), (timedelta(seconds=6), True)],
)
def test_a_queue_that_does_not_take_the_request_is_told(
    client: Client, world: w.World, sent_at: timedelta | None, is_kept: bool
) -> None:
    document = asked(world, sent_at=sent_at and timezone.now() - sent_at)
    client.force_login(world.lan)
    for html in (
        client.get(to("document_detail", document)).content.decode(),
        watch(client, document).content.decode(),
    ):
        assert ("Yêu cầu đã được giữ và sẽ được làm khi hàng đợi hoạt động lại" in html) is is_kept
        assert "Đang chờ tới lượt" in html


def test_steps_follow_the_percentage() -> None:
    def now(percent: int) -> int:
        row = Document(state=DocumentState.RUNNING, percent=percent)
        return Watch(row, NOW).now

    assert [now(percent) for percent in (0, 4, 5, 14, 15, 84, 85, 90, 99)] == [
        1, 1, 2, 2, 3, 3, 4, 5, 6,
    ]  # fmt: skip
    assert Watch(Document(state=DocumentState.QUEUED), NOW).now == 0
    assert len(STEPS) == 6


def test_a_second_attempt_is_told(client: Client, world: w.World) -> None:
    document = asked(world, state="running", percent=5, attempt=2, claim=uuid.uuid4())
    client.force_login(world.lan)
    assert "Lần thử 2: lần trước bị ngắt" in watch(client, document).content.decode()


# The end


def test_a_ready_document_tells_all_about_its_file(client: Client, world: w.World) -> None:
    document = ready(world)
    client.force_login(world.an)
    html = client.get(to("document_detail", document)).content.decode()
    for text in (document.code, document.sha256, "<dd>7</dd>", "23\xa0byte", "Hoàng Thị Lan"):
        assert text in html
    assert to("document_download", document) in html
    assert "hx-get" not in html
    assert ASK not in html


def test_a_failure_tells_cause_and_cure(
    client: Client, world: w.World, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    document = failed(world)
    client.force_login(world.thu)
    html = client.get(to("document_detail", document)).content.decode()
    assert "Quá thời gian cho phép. Lập lại sau." in html
    assert to("document_retry", document) in html
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(to("document_retry", document))
    assert response["Location"] == to("document_detail", document)
    document.refresh_from_db()
    assert (document.state, document.error) == ("queued", "")
    assert sent == [document.pk]


def test_a_second_click_on_retry_is_told_without_fault(
    client: Client, world: w.World, sent: list[int]
) -> None:
    document = failed(world)
    client.force_login(world.thu)
    client.post(to("document_retry", document))
    response = client.post(to("document_retry", document), follow=True)
    assert "Văn bản này không cần lập lại." in response.content.decode()
    assert Document.objects.get().state == "queued"


def test_the_cause_of_a_failure_is_text(client: Client, world: w.World) -> None:
    document = failed(world, "<img src=x onerror=alert(1)>")
    client.force_login(world.lan)
    assert "<img" not in client.get(to("document_detail", document)).content.decode()


def test_earlier_versions_are_listed(client: Client, world: w.World) -> None:
    first, second, third = ready(world), failed(world), asked(world)
    client.force_login(world.lan)
    html = client.get(to("document_detail", third)).content.decode()
    earlier = html.partition("Các bản trước")[2]
    assert earlier.index(second.code) < earlier.index(first.code)
    assert second.error in earlier
    assert "Các bản trước" not in client.get(to("document_detail", first)).content.decode()


def test_a_unit_sees_ready_documents_alone(client: Client, world: w.World) -> None:
    rows = [ready(world), failed(world), asked(world)]
    client.force_login(world.an)
    html = client.get(LIST).content.decode()
    assert [row.code in html for row in rows] == [True, False, False]
    codes = [client.get(to("document_detail", row)).status_code for row in rows]
    assert codes == [200, 404, 404]
    assert client.get(to("document_progress", rows[2])).status_code == 404


def test_a_unit_reads_the_report_once_the_standings_are_open(
    client: Client, world: w.World
) -> None:
    document = ready(world)
    client.force_login(world.an)
    world.phase.see_standings = False
    world.phase.save()
    assert document.code not in client.get(LIST).content.decode()
    assert client.get(to("document_download", document)).status_code == 404
    client.force_login(world.lan)
    assert client.get(to("document_download", document)).status_code == 200


# The file


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_file_comes_as_it_was_made(client: Client, world: w.World) -> None:
    document = ready(world)
    client.force_login(world.an)
    response = client.get(to("document_download", document))
    assert response.streaming
    assert hashlib.sha256(body(response)).hexdigest() == document.sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(PDF))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith(
        f"attachment; filename=\"{document.code}.pdf\"; filename*=UTF-8''BC-{w.YEAR}-001%20B%C3%A1o"
    )
    response["Content-Disposition"].encode("ascii")


def test_no_title_breaks_out_of_the_header(client: Client, world: w.World) -> None:
    world.season.movement = 'x"\r\nSet-Cookie: a=b; filename=evil.exe\\'
    world.season.save()
    document = ready(world)
    client.force_login(world.an)
    response = client.get(to("document_download", document))
    assert response["Content-Disposition"].count('"') == 2
    assert "evil.exe\\" not in response["Content-Disposition"]
    assert "Set-Cookie: a" not in response["Content-Disposition"]
    assert body(response) == PDF


@pytest.mark.parametrize("make", [failed, asked])
def test_what_is_not_ready_has_no_file(client: Client, world: w.World, make: Any) -> None:
    document = make(world)
    client.force_login(world.lan)
    assert client.get(to("document_download", document)).status_code == 404


def test_the_file_of_another_worker_that_is_not_done_is_no_file(
    client: Client, world: w.World, tmp_path: Path
) -> None:
    (tmp_path / "half.pdf").write_bytes(b"%PDF half")
    document = asked(world, state="running", claim=uuid.uuid4(), file="half.pdf")
    client.force_login(world.lan)
    assert client.get(to("document_download", document)).status_code == 404


@pytest.mark.parametrize("who", ["khach", "far_secretary"])
def test_nobody_else_gets_it(client: Client, world: w.World, who: str) -> None:
    document = ready(world)
    client.force_login(getattr(world, who))
    for name in ("document_detail", "document_progress", "document_download"):
        assert client.get(to(name, document)).status_code == 404
    assert client.get(LIST).status_code == 404


def test_a_number_under_another_season_is_not_found(client: Client, world: w.World) -> None:
    ready(world)
    client.force_login(world.quang)
    assert client.get("/ky/xa/van-ban/1/tai-ve/").status_code == 404


@pytest.mark.parametrize("number", ["0", "999", "9" * 25])
def test_a_number_that_is_none_is_not_found(client: Client, world: w.World, number: str) -> None:
    client.force_login(world.lan)
    for end in ("", "tien-do/", "tai-ve/"):
        assert client.get(f"{LIST}{number}/{end}").status_code == 404


def test_a_file_that_is_gone_is_not_found_and_logged(
    client: Client, world: w.World, caplog: pytest.LogCaptureFixture
) -> None:
    document = ready(world)
    Path(document.file.path).unlink()
    client.force_login(world.an)
    assert client.get(to("document_download", document)).status_code == 404
    assert "is gone" in caplog.text


# What it costs


def test_the_list_costs_the_same_with_one_row_and_with_three_hundred(
    client: Client, world: w.World
) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    first = ready(world)
    client.force_login(world.lan)
    places = [LIST, to("document_detail", first)]
    before = [cost(place) for place in places]
    Document.objects.bulk_create(
        Document(
            season=world.season, kind="final_report", number=10 + i, title="B", requested_at=NOW,
            requested_by=world.lan,
        )
        for i in range(300)
    )  # fmt: skip
    assert [cost(place) for place in places] == before
    last = Document.objects.get(number=309)
    assert cost(to("document_detail", last)) <= before[1] + 1
    assert 'rel="next"' in client.get(LIST).content.decode()


def test_watching_is_cheap(client: Client, world: w.World) -> None:
    document = asked(world)
    client.force_login(world.lan)
    watch(client, document)
    with CaptureQueriesContext(connection) as queries:
        watch(client, document)
    assert len(queries) <= 5
