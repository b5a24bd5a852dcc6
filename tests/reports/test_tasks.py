"""The worker's side of a document: the queue, the render, faults in the middle of it."""

import hashlib
import os
import signal
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings as configured
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from config.celery import app
from journal.models import Event
from journal.queries import broken_at
from reports import pdf, services, tasks
from reports.models import Document, DocumentKind, DocumentState
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def asked(world: w.World, enqueue: Callable[[int], None] = lambda pk: None) -> Document:
    return services.request_document(
        season=world.season, kind=DocumentKind.FINAL_REPORT, by=world.lan, key=uuid.uuid4(),
        enqueue=enqueue,
    )  # fmt: skip


def state_of(document: Document) -> str:
    document.refresh_from_db()
    return document.state


# The queue


@pytest.fixture
def empty_queue() -> Iterator[None]:
    with app.connection_for_write() as link:
        app.control.purge(connection=link)
        yield
        app.control.purge(connection=link)


@pytest.mark.usefixtures("empty_queue")
def test_the_queue_takes_a_document_and_the_row_notes_it(world: w.World) -> None:
    document = asked(world)
    tasks.enqueue(document.pk)
    document.refresh_from_db()
    assert document.sent_at is not None
    with app.connection_for_write() as link:
        assert app.control.purge(connection=link) == 1


@pytest.fixture
def hung() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def closed() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.mark.parametrize("fault", ["closed", "hung"])
def test_a_broker_that_is_away_costs_less_than_two_seconds(
    world: w.World, client: Client, fault: str, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(app.conf, "broker_write_url", request.getfixturevalue(fault))
    client.force_login(world.lan)
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/ky/gan/van-ban/lap/", {"key": uuid.uuid4()})
    took = time.monotonic() - began
    document = Document.objects.get()
    assert took < 2
    assert (document.state, document.sent_at) == ("queued", None)
    assert "Yêu cầu đã được giữ" in client.get(response["Location"]).content.decode()
    assert services.left_behind() == [document.pk]


# The render


def test_a_document_is_made(world: w.World, media: Path) -> None:
    document = asked(world)
    tasks.render_document_task(document.pk)
    assert state_of(document) == DocumentState.READY
    made = document.file.read()
    assert made.startswith(b"%PDF-1.7")
    assert document.sha256 == hashlib.sha256(made).hexdigest()
    assert document.pages
    assert document.attempt == 1
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_a_second_delivery_finds_nothing_to_do(
    world: w.World, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = asked(world)
    tasks.render_document_task(document.pk)
    before = Document.objects.values().get()
    monkeypatch.setattr(pdf, "make", lambda *args, **kwargs: pytest.fail("made twice"))
    tasks.render_document_task(document.pk)
    tasks.render_document_task(document.pk + 1)
    assert Document.objects.values().get() == before
    assert Event.objects.filter(verb="document.ready").count() == 1


def test_progress_is_written_while_the_work_goes_on(
    world: w.World, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, str]] = []

    def make(report: Any, *, progress: pdf.Progress) -> tuple[bytes, int]:
        for percent in (5, 40, 100):
            progress(percent, "Dàn trang")
            seen.append(Document.objects.values_list("percent", "step").get())
        return b"%PDF", 1

    monkeypatch.setattr(pdf, "make", make)
    document = asked(world)
    tasks.render_document_task(document.pk)
    assert seen == [(5, "Dàn trang"), (40, "Dàn trang"), (99, "Dàn trang")]
    assert state_of(document) == DocumentState.READY


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (pdf.PdfUnavailable(pdf.APT_LINE), "sudo apt-get install -y libpango"),
        (SoftTimeLimitExceeded(), "Quá thời gian cho phép"),
        (ValueError("in the content"), "Lỗi khi lập văn bản"),
        (pdf.LayoutFailed("a picture"), "Lỗi khi lập văn bản"),
        (OSError(28, "No space left on device"), "Lỗi khi lập văn bản"),
    ],
)
def test_a_fault_says_what_to_do(
    world: w.World, media: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    def make(*args: Any, **kwargs: Any) -> Any:
        raise fault

    monkeypatch.setattr(pdf, "make", make)
    document = asked(world)
    tasks.render_document_task(document.pk)
    assert state_of(document) == DocumentState.FAILED
    assert words in document.error
    assert "in the content" not in document.error
    assert not media.exists()


def test_a_disk_that_is_full_is_told(
    world: w.World, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pdf, "make", lambda *args, **kwargs: (b"%PDF", 1))
    monkeypatch.setattr(services, "_write", full)
    document = asked(world)
    tasks.render_document_task(document.pk)
    assert state_of(document) == DocumentState.FAILED


def test_a_database_that_is_away_for_a_moment_is_no_failure(
    world: w.World, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as patch:
        patch.setattr(pdf, "make", make)
        document = asked(world)
        tasks.render_document_task(document.pk)
    assert state_of(document) == DocumentState.RUNNING
    later = timezone.now() + services.LEASE + timedelta(seconds=1)
    assert services.left_behind(at=later) == [document.pk]
    monkeypatch.setattr(timezone, "now", lambda: later)
    tasks.render_document_task(document.pk)
    assert state_of(document) == DocumentState.READY
    assert document.attempt == 2


def test_a_worker_that_lost_its_row_stops_and_leaves_nothing(
    world: w.World, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = asked(world)
    later = timezone.now() + services.LEASE + timedelta(seconds=1)
    second: list[Any] = []

    def make(report: Any, *, progress: pdf.Progress) -> tuple[bytes, int]:
        second.append(services.claim(pk=document.pk, at=later))
        progress(50, "Dàn trang")
        raise AssertionError("it went on")

    monkeypatch.setattr(pdf, "make", make)
    tasks.render_document_task(document.pk)
    assert state_of(document) == DocumentState.RUNNING
    assert document.claim == second[0]
    assert not media.exists()


# Signs of life


@pytest.mark.django_db(transaction=True)
def test_the_pulse_beats_while_the_layout_says_nothing(
    monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    document = asked(w.build())
    monkeypatch.setattr(services, "HEARTBEAT", 0.02)
    beats: list[Any] = []

    def make(report: Any, *, progress: pdf.Progress) -> tuple[bytes, int]:
        for _look in range(4):
            time.sleep(0.1)
            beats.append(Document.objects.values_list("heartbeat_at", flat=True).get())
        return b"%PDF", 1

    monkeypatch.setattr(pdf, "make", make)
    tasks.render_document_task(document.pk)
    assert len(set(beats)) == 4
    assert state_of(document) == DocumentState.READY


@pytest.mark.django_db(transaction=True)
def test_the_pulse_outlives_a_moment_without_database_and_closes_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = asked(w.build())
    token = services.claim(pk=document.pk)
    assert token
    turns = [0]
    own: list[Any] = []
    beat = services.beat

    def sometimes(**values: Any) -> bool:
        turns[0] += 1
        if turns[0] == 1:
            raise OperationalError("away")
        done = beat(**values)
        own.append(connection.connection)
        return done

    monkeypatch.setattr(services, "HEARTBEAT", 0.02)
    monkeypatch.setattr(services, "beat", sometimes)
    before = Document.objects.get().heartbeat_at
    with tasks.Pulse(document.pk, token) as pulse:
        time.sleep(0.3)
    assert not pulse.is_alive()
    with pytest.raises(Exception, match="closed"):
        own[-1].cursor()
    assert turns[0] > 2
    after = Document.objects.get().heartbeat_at
    assert before
    assert after
    assert after > before


# A child of the worker that somebody kills


@pytest.mark.parametrize(
    ("code", "is_wanted", "leaves"),
    [(-9, False, True), (-9, True, False), (-15, False, False), (0, False, False)],
)
def test_the_worker_leaves_with_a_killed_child_alone(
    monkeypatch: pytest.MonkeyPatch, code: int, is_wanted: bool, leaves: bool
) -> None:
    done: list[tuple[int, ...]] = []
    monkeypatch.setattr(tasks, "active_children", lambda: [SimpleNamespace(pid=42)])
    monkeypatch.setattr(os, "kill", lambda pid, number: done.append((pid, number)))
    monkeypatch.setattr(os, "_exit", lambda number: done.append((number,)))
    tasks._leave(SimpleNamespace(exitcode=code, _controlled_termination=is_wanted))
    assert done == ([(42, signal.SIGKILL), (1,)] if leaves else [])


# The sweep


def test_the_sweep_sends_again_and_gives_up(
    world: w.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, spent = asked(world), asked(world)
    long_ago = timezone.now() - services.LEASE * 2
    Document.objects.filter(pk=spent.pk).update(
        state="running", attempt=services.MAX_ATTEMPTS, heartbeat_at=long_ago, claim=uuid.uuid4()
    )
    sent: list[int] = []
    monkeypatch.setattr(tasks, "enqueue", sent.append)
    tasks.sweep_documents_task()
    assert sent == [waits.pk]
    assert state_of(spent) == DocumentState.FAILED


# A real worker


def wait_for(document: Document, state: str, seconds: float = 60) -> Document:
    until = time.monotonic() + seconds
    while state_of(document) != state:
        assert time.monotonic() < until, (document.state, document.step, document.error)
        time.sleep(0.02)
    return document


def stored() -> list[Path]:
    folder = Path(configured.MEDIA_ROOT) / "documents"
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def no_documents() -> Iterator[None]:
    """The worker is another process and writes where the settings say."""
    for path in stored():
        path.unlink()
    yield
    for path in stored():
        path.unlink()


@pytest.mark.worker
@pytest.mark.usefixtures("no_documents")
def test_a_request_goes_through_the_queue_to_a_file(client: Client, live_worker: Any) -> None:
    world = w.build()
    client.force_login(world.lan)
    place = client.post("/ky/gan/van-ban/lap/", {"key": uuid.uuid4()})["Location"]
    document = wait_for(Document.objects.get(), "ready")
    response = client.get(f"{place}tai-ve/")
    made = b"".join(response.streaming_content)
    assert hashlib.sha256(made).hexdigest() == document.sha256
    assert len(stored()) == 1


@pytest.mark.worker
@pytest.mark.usefixtures("no_documents")
def test_what_was_asked_for_while_the_broker_was_down_is_made_when_it_is_back(
    client: Client, live_worker: Any, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    world = w.build()
    client.force_login(world.lan)
    with monkeypatch.context() as patch:
        patch.setattr(app.conf, "broker_write_url", closed)
        place = client.post("/ky/gan/van-ban/lap/", {"key": uuid.uuid4()})["Location"]
        assert "Yêu cầu đã được giữ" in client.get(place).content.decode()
    assert wait_for(Document.objects.get(), "ready", 30).attempt == 1


def children_of(process: Any) -> list[int]:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in found.split()]


@pytest.mark.worker
@pytest.mark.usefixtures("no_documents")
def test_killed_children_do_not_leave_a_worker_that_takes_nothing_more(live_worker: Any) -> None:
    """The one that waits holds the lock of the pipe on the folder broker, and would for ever."""
    document = asked(w.build())
    process = live_worker.process
    for pid in children_of(process):
        os.kill(pid, signal.SIGKILL)
    if not configured.REDIS_URL:
        assert process.wait(timeout=20) == 1
        live_worker.start()
    tasks.enqueue(document.pk)
    assert wait_for(document, "ready").attempt == 1


@pytest.mark.worker
@pytest.mark.slow
@pytest.mark.usefixtures("no_documents")
def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    live_worker: Any, client: Client
) -> None:
    world = w.build()
    client.force_login(world.lan)
    began = time.monotonic()
    client.post("/ky/gan/van-ban/lap/", {"key": uuid.uuid4()})
    document = Document.objects.get()
    until = time.monotonic() + 60
    while not (state_of(document) == "running" and document.percent >= 5):
        assert time.monotonic() < until
        time.sleep(0.005)
    live_worker.kill()
    assert state_of(document) == "running"
    assert stored() == []
    live_worker.start()
    wait_for(document, "ready", 90 - (time.monotonic() - began))
    assert document.attempt == 2
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in stored()] == [document.sha256]
    assert Event.objects.filter(verb="document.ready").count() == 1
    assert Document.objects.count() == 1
    assert broken_at() == ""
    assert os.path.basename(document.file.name) == stored()[0].name
