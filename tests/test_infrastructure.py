"""The tests' own footing: nobody reaches another host, and transactional tests leave no trace."""

import socket
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from config.celery import app as celery_app
from journal.models import Event, Head
from journal.services import record
from tests import world as w


def test_no_test_reaches_another_host() -> None:
    with socket.socket() as outward, pytest.raises(AssertionError, match="tried to reach"):
        outward.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="tried to look up"):
        socket.getaddrinfo("example.org", 443)


def test_the_own_machine_can_be_reached() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    with server, socket.create_connection(server.getsockname()) as link:
        assert link.getpeername() == server.getsockname()


def test_emptying_leaves_what_the_migrations_made(transactional_db: None) -> None:
    permissions = Permission.objects.count()
    unit = w.unit("A", "Đơn vị A")
    with transaction.atomic():
        record(verb="row.change", subject=unit, by=None, changes={})
    call_command("flush", interactive=False, verbosity=0)
    assert not Event.objects.exists()
    assert Head.objects.count() == 1
    assert Permission.objects.count() == permissions > 0


def test_emptying_keeps_the_triggers(transactional_db: None) -> None:
    call_command("flush", interactive=False, verbosity=0)
    with transaction.atomic():
        event = record(verb="row.change", subject=w.unit("A", "Đơn vị A"), by=None, changes={})
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_event WHERE number = %s", [event.number])


@pytest.mark.browser
def test_emptying_works_beside_a_browser(page: Any, transactional_db: None) -> None:
    with transaction.atomic():
        record(verb="row.change", subject=w.unit("A", "Đơn vị A"), by=None, changes={})
    call_command("flush", interactive=False, verbosity=0)
    assert (Event.objects.count(), Head.objects.count()) == (0, 1)


@pytest.mark.browser
def test_the_browser_reaches_our_server_alone(
    page: Any, live_server: Any, strays: list[str]
) -> None:
    page.goto(live_server.url)
    assert page.title() == "Đăng nhập · Thi Đua"
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.size)") > 0
    assert strays == []
    with pytest.raises(Exception, match="ERR_FAILED"):
        page.goto("http://example.org/")
    assert strays == ["http://example.org/"]
    strays.clear()


@pytest.mark.worker
def test_a_real_worker_takes_tasks(live_worker: Any) -> None:
    taken = []
    for _ in range(2):
        sent = celery_app.send_task("reports.tasks.sweep_documents_task")
        live_worker.wait_for(f"sweep_documents_task[{sent.id}] succeeded")
        taken.append(sent.id)
        live_worker.kill()
        live_worker.start()
    assert len(set(taken)) == 2
