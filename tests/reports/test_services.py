"""The life of a document row, without a queue and without a renderer."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from journal.models import Event
from journal.queries import broken_at
from reports import services
from reports.models import Document, DocumentKind, DocumentState
from tests import world as w

PDF = b"%PDF-1.7 made"
NOW = timezone.now()
LATER = NOW + services.LEASE + timedelta(seconds=1)


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def asked(
    world: w.World, key: uuid.UUID | None = None, at: datetime = NOW, **values: Any
) -> Document:
    wanted = {"by": world.lan, "enqueue": lambda pk: None} | values
    return services.request_document(
        season=world.season, kind=DocumentKind.FINAL_REPORT, key=key or uuid.uuid4(), at=at,
        **wanted,
    )  # fmt: skip


def claimed(document: Document, at: datetime = NOW) -> uuid.UUID:
    token = services.claim(pk=document.pk, at=at)
    assert token is not None
    return token


def finished(document: Document, at: datetime = NOW) -> Document:
    assert services.finish(pk=document.pk, token=claimed(document, at), pdf=PDF, pages=3, at=at)
    document.refresh_from_db()
    return document


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# Asking


def test_a_request_is_a_numbered_row_with_who_and_when(world: w.World) -> None:
    first, second = asked(world), asked(world, by=world.thu)
    assert (first.number, second.number) == (1, 2)
    assert first.code == f"BC-{w.YEAR}-001"
    assert (first.state, first.requested_by, first.requested_at) == ("queued", world.lan, NOW)
    event = Event.objects.get(verb="document.request", subject_id=str(first.pk))
    assert (event.actor_id, event.at) == (world.lan.pk, NOW)
    assert broken_at() == ""


def test_the_second_click_finds_the_row_of_the_first(
    world: w.World, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    sent: list[int] = []
    key = uuid.uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        first, again = (asked(world, key, enqueue=sent.append) for _ in range(2))
    assert first == again
    assert Document.objects.count() == 1
    assert sent == [first.pk]
    assert Event.objects.filter(verb="document.request").count() == 1


def test_the_key_of_somebody_else_is_refused(world: w.World) -> None:
    key = asked(world).request_key
    with pytest.raises(PermissionDenied):
        asked(world, key, by=world.thu)
    assert Document.objects.count() == 1


@pytest.mark.parametrize("who", ["an", "anh", "binh", "quang", "khach", "far_secretary"])
def test_only_the_roles_of_the_cluster_ask(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        asked(world, by=getattr(world, who))
    assert not Document.objects.exists()


def test_the_title_is_vietnamese_for_an_english_reader_too(world: w.World) -> None:
    with translation.override("en"):
        document = asked(world)
    assert document.title == (
        f"Báo cáo tổng kết phong trào thi đua “Vì an ninh Tổ quốc” năm {w.YEAR}"
    )


def test_a_queue_that_fails_takes_nothing_back(
    world: w.World, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    def broken(pk: int) -> None:
        raise OSError("the broker is down")

    with django_capture_on_commit_callbacks() as callbacks:
        document = asked(world, enqueue=broken)
    assert len(callbacks) == 1
    document.refresh_from_db()
    assert document.sent_at is None
    assert services.left_behind(at=NOW) == [document.pk]


# Claiming


def test_one_worker_gets_the_row(world: w.World) -> None:
    document = asked(world)
    token = claimed(document)
    assert services.claim(pk=document.pk, at=NOW) is None
    document.refresh_from_db()
    assert (document.state, document.claim, document.attempt) == ("running", token, 1)


def test_a_worker_that_shows_life_keeps_its_row(world: w.World) -> None:
    document = asked(world)
    token = claimed(document)
    half = NOW + services.LEASE / 2
    assert services.beat(pk=document.pk, token=token, percent=40, step="Dàn trang", at=half)
    assert services.claim(pk=document.pk, at=LATER) is None
    document.refresh_from_db()
    assert (document.percent, document.step, document.heartbeat_at) == (40, "Dàn trang", half)


def test_a_sign_of_life_alone_leaves_the_progress(world: w.World) -> None:
    document = asked(world)
    token = claimed(document)
    services.beat(pk=document.pk, token=token, percent=40, step="Dàn trang", at=NOW)
    assert services.beat(pk=document.pk, token=token, at=NOW + timedelta(seconds=3))
    document.refresh_from_db()
    assert (document.percent, document.step) == (40, "Dàn trang")


def test_only_a_stored_file_is_a_hundred_per_cent(world: w.World) -> None:
    document = asked(world)
    services.beat(pk=document.pk, token=claimed(document), percent=100, step="Hoàn thành")
    document.refresh_from_db()
    assert document.percent == 99


def test_a_silent_row_is_taken_over_and_the_first_worker_learns_it(world: w.World) -> None:
    document = asked(world)
    first = claimed(document)
    second = claimed(document, at=LATER)
    assert second != first
    assert not services.beat(pk=document.pk, token=first, percent=90, step="Ghi tệp")
    document.refresh_from_db()
    assert (document.claim, document.attempt, document.percent) == (second, 2, 0)


def test_no_worker_gets_a_fourth_attempt(world: w.World) -> None:
    document = asked(world)
    at = NOW
    for _attempt in range(services.MAX_ATTEMPTS):
        claimed(document, at=at)
        at += services.LEASE + timedelta(seconds=1)
    assert services.claim(pk=document.pk, at=at) is None
    assert services.left_behind(at=at) == []
    assert services.give_up(at=at) == 1
    document.refresh_from_db()
    assert (document.state, document.finished_at) == ("failed", at)
    assert "3 lần" in document.error
    assert Event.objects.get(verb="document.fail").reason == document.error


def test_giving_up_spares_whoever_still_works(world: w.World) -> None:
    document = asked(world)
    for turn in range(services.MAX_ATTEMPTS):
        token = claimed(document, at=NOW + turn * (services.LEASE + timedelta(seconds=1)))
    late = NOW + 9 * services.LEASE
    services.beat(pk=document.pk, token=token, at=late)
    assert services.give_up(at=late) == 0
    assert services.finish(pk=document.pk, token=token, pdf=PDF, pages=1, at=late)


# Finishing


def test_a_finished_document_says_all_about_its_file(world: w.World, tmp_path: Path) -> None:
    document = finished(asked(world))
    assert document.state == DocumentState.READY
    assert (document.percent, document.pages, document.size) == (100, 3, len(PDF))
    assert document.finished_at == NOW
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert document.file.read() == PDF
    assert document.code not in document.file.name
    event = Event.objects.get(verb="document.ready")
    assert event.changes == {"sha256": [None, document.sha256]}
    assert event.actor_id is None


def test_without_a_given_time_the_clock_is_read(world: w.World) -> None:
    document = asked(world)
    before = timezone.now()
    token = services.claim(pk=document.pk)
    assert token is not None
    assert services.finish(pk=document.pk, token=token, pdf=PDF, pages=1)
    document.refresh_from_db()
    assert document.finished_at is not None
    assert before <= document.finished_at <= timezone.now()


def test_who_lost_the_claim_leaves_no_file(world: w.World, tmp_path: Path) -> None:
    document = asked(world)
    first = claimed(document)
    second = claimed(document, at=LATER)
    assert not services.finish(pk=document.pk, token=first, pdf=b"%PDF of the first", pages=1)
    assert files(tmp_path) == []
    assert services.finish(pk=document.pk, token=second, pdf=PDF, pages=1)
    assert [path.read_bytes() for path in files(tmp_path)] == [PDF]


def test_a_claim_lost_while_the_file_is_written_leaves_no_file(
    world: w.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = asked(world)
    first = claimed(document)
    write = services._write

    def slowly(*args: Any) -> None:
        write(*args)
        claimed(document, at=LATER)

    monkeypatch.setattr(services, "_write", slowly)
    assert not services.finish(pk=document.pk, token=first, pdf=PDF, pages=1)
    assert files(tmp_path) == []
    document.refresh_from_db()
    assert document.state == DocumentState.RUNNING


def test_a_disk_that_is_full_leaves_no_file_and_the_row_as_it_was(
    world: w.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = asked(world)
    token = claimed(document)
    write = services._write

    def full(*args: Any) -> None:
        write(*args)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(services, "_write", full)
    with pytest.raises(OSError, match="No space"):
        services.finish(pk=document.pk, token=token, pdf=PDF, pages=1)
    assert files(tmp_path) == []
    document.refresh_from_db()
    assert document.state == DocumentState.RUNNING


def test_the_next_worker_removes_what_a_killed_one_wrote(
    world: w.World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = asked(world)
    first = claimed(document)
    monkeypatch.setattr(services, "_make_ready", lambda *args: (_ for _ in ()).throw(Killed))
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.delete", lambda *args: None)
    with pytest.raises(Killed):
        services.finish(pk=document.pk, token=first, pdf=b"%PDF orphan", pages=1)
    assert [path.read_bytes() for path in files(tmp_path)] == [b"%PDF orphan"]
    monkeypatch.undo()
    second = claimed(document, at=LATER)
    assert services.finish(pk=document.pk, token=second, pdf=PDF, pages=1)
    assert [path.read_bytes() for path in files(tmp_path)] == [PDF]


class Killed(BaseException):
    """What no code gets to see of a SIGKILL."""


def test_a_second_delivery_of_a_finished_document_changes_nothing(world: w.World) -> None:
    document = finished(asked(world))
    before = Document.objects.values().get()
    assert services.claim(pk=document.pk, at=LATER) is None
    assert not services.fail(pk=document.pk, token=uuid.uuid4(), error="nie")
    assert Document.objects.values().get() == before


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Tên khác"},
        {"state": "queued"},
        {"sha256": "0" * 64},
        {"file": "documents/1/khac.pdf"},
        {"percent": 99},
    ],
)
def test_the_database_refuses_to_change_a_ready_document(
    world: w.World, change: dict[str, Any]
) -> None:
    document = finished(asked(world))
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Document.objects.filter(pk=document.pk)._raw_delete(Document.objects.db)
    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE reports_document SET title = 'x' WHERE id = %s", [document.pk])


# Failing and trying again


def test_a_failed_document_says_why_and_can_be_asked_for_again(world: w.World) -> None:
    document = asked(world)
    token = claimed(document)
    assert services.fail(pk=document.pk, token=token, error="Thiếu thư viện", at=NOW)
    document.refresh_from_db()
    assert (document.state, document.error, document.finished_at) == (
        "failed", "Thiếu thư viện", NOW,
    )  # fmt: skip
    assert services.claim(pk=document.pk, at=LATER) is None
    sent: list[int] = []
    again = services.retry_document(document=document, by=world.thu, enqueue=sent.append)
    assert (again.state, again.error, again.attempt, again.sent_at) == ("queued", "", 0, None)
    assert again.number == document.number
    assert not services.finish(pk=document.pk, token=token, pdf=PDF, pages=1)
    assert finished(again, at=LATER).state == DocumentState.READY
    verbs = Event.objects.filter(subject_id=str(document.pk)).order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == [
        "document.request", "document.fail", "document.retry", "document.ready",
    ]  # fmt: skip


def test_who_lost_the_claim_cannot_fail_the_row(world: w.World) -> None:
    document = asked(world)
    first = claimed(document)
    claimed(document, at=LATER)
    assert not services.fail(pk=document.pk, token=first, error="của người trước")
    document.refresh_from_db()
    assert (document.state, document.error) == ("running", "")


@pytest.mark.parametrize("state", ["queued", "running", "ready"])
def test_only_a_failed_document_is_tried_again(world: w.World, state: str) -> None:
    document = asked(world)
    if state == "running":
        claimed(document)
    if state == "ready":
        finished(document)
    with pytest.raises(ValidationError) as refused:
        services.retry_document(document=document, by=world.lan, enqueue=lambda pk: None)
    assert refused.value.code == "transition"


def test_a_unit_cannot_try_again(world: w.World) -> None:
    document = asked(world)
    services.fail(pk=document.pk, token=claimed(document), error="Lỗi")
    with pytest.raises(PermissionDenied):
        services.retry_document(document=document, by=world.an, enqueue=lambda pk: None)


# The sweep


def test_the_sweep_sends_what_the_queue_never_took_or_forgot(world: w.World) -> None:
    never, fresh, forgotten = (asked(world, at=NOW + timedelta(seconds=i)) for i in range(3))
    services.mark_sent(pk=fresh.pk, at=NOW)
    services.mark_sent(pk=forgotten.pk, at=NOW - services.RESEND - timedelta(seconds=1))
    assert services.left_behind(at=NOW) == [never.pk, forgotten.pk]


def test_the_sweep_sends_what_a_killed_worker_left(world: w.World) -> None:
    document = asked(world)
    claimed(document)
    assert services.left_behind(at=NOW + services.LEASE) == []
    assert services.left_behind(at=LATER) == [document.pk]


def test_the_sweep_leaves_what_is_done(world: w.World) -> None:
    finished(asked(world))
    failed = asked(world)
    services.fail(pk=failed.pk, token=claimed(failed), error="Lỗi")
    assert services.left_behind(at=NOW + timedelta(days=1)) == []
    assert services.give_up(at=NOW + timedelta(days=1)) == 0


def test_a_document_that_runs_is_not_marked_as_waiting_in_the_queue(world: w.World) -> None:
    document = asked(world)
    claimed(document)
    services.mark_sent(pk=document.pk, at=NOW)
    document.refresh_from_db()
    assert document.sent_at is None


# Two at once


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_workers_at_once_make_one_claim(self) -> None:
        document = asked(w.build())
        tokens = at_once(6, lambda: services.claim(pk=document.pk, at=NOW))
        assert sum(token is not None for token in tokens) == 1
        document.refresh_from_db()
        assert document.attempt == 1

    def test_clicks_at_once_make_one_row(self) -> None:
        world, key = w.build(), uuid.uuid4()
        rows = at_once(4, lambda: asked(world, key).pk)
        assert len(set(rows)) == 1
        assert Document.objects.count() == 1

    def test_requests_at_once_get_numbers_of_their_own(self) -> None:
        world = w.build()
        numbers = at_once(4, lambda: asked(world).number)
        assert sorted(numbers) == [1, 2, 3, 4]

    def test_two_workers_at_the_end_at_once_leave_one_file(self, tmp_path: Path) -> None:
        document = asked(w.build())
        tokens = [claimed(document), claimed(document, at=LATER)]
        done = at_once(
            2, lambda: services.finish(pk=document.pk, token=tokens.pop(), pdf=PDF, pages=1)
        )
        assert sorted(done) == [False, True]
        assert len(files(tmp_path)) == 1


def at_once(number: int, act: Callable[[], Any]) -> list[Any]:
    """Run `act` in so many threads that begin together; return what they return."""
    found: list[Any] = []
    gate = Barrier(number)

    def run() -> None:
        try:
            gate.wait()
            found.append(act())
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == number
    return found
