"""What all tests share: a database that can be emptied, no network, a worker, a browser."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import OperationalError, connection, transaction

from config.celery import app as celery_app

hypothesis.settings.register_profile("thidua", deadline=None, derandomize=True)
hypothesis.settings.load_profile("thidua")
# Playwright runs an event loop in the thread of the test; Django's queries there are all right.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
CHROMIUM = "/usr/bin/chromium"
REDIS_MARK = "thidua-tests"


# The database


@contextmanager
def _triggers_off(database: Any) -> Iterator[None]:
    """Take the triggers away that refuse deletion, and put them back."""
    with database.cursor() as cursor:
        if database.vendor != "sqlite":
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
            )
            tables = [table for (table,) in cursor.fetchall()]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After a transactional test, leave the database as the migrations left it.

    The class is patched, not the connection: beside the event loop of the browser tests Django
    opens another one.
    """
    operations = type(connection.ops)
    flush = operations.execute_sql_flush
    with django_db_blocker.unblock():
        migrated = connection.creation.serialize_db_to_string()

    def flush_and_restore(self: Any, sql_list: list[str]) -> None:
        for is_last in (False, False, True):
            try:
                with transaction.atomic(), _triggers_off(self.connection):
                    flush(self, sql_list)
                break
            except OperationalError:  # a page that closed may still be sending what was typed
                if is_last:
                    raise
        cache.clear()
        self.connection.creation.deserialize_db_from_string(migrated)
        # What was restored with its keys has not moved the sequences, where the flush reset them.
        with self.connection.cursor() as cursor:
            for statement in self.sequence_reset_sql(no_style(), apps.get_models()):
                cursor.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_and_restore)
        yield


# The network


def _is_local(address: Any) -> bool:
    """Tell whether a socket address stays on this machine or is a server named for the tests."""
    if not isinstance(address, tuple):
        return True  # a path of the file system
    host = str(address[0])
    named = {urlsplit(os.environ.get(name, "")).hostname for name in ("DATABASE_URL", "REDIS_URL")}
    if host in {"", "localhost"} | named:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """No test reaches another host: connecting and looking up a name raise."""

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if not _is_local(address):
                raise AssertionError(f"a test tried to reach {address}")
            return original(self, address)

        return connect

    lookup = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not _is_local((host,)):
            raise AssertionError(f"a test tried to look up {host}")
        return lookup(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


# Broker and worker


@pytest.fixture(scope="session", autouse=True)
def _own_redis() -> None:
    """Use a Redis database only if it is empty or was used by these tests before."""
    if not settings.REDIS_URL:
        return
    with celery_app.connection_for_write() as link:
        client = link.default_channel.client
        if client.dbsize() and not client.exists(REDIS_MARK):
            pytest.exit(f"{settings.REDIS_URL} is in use; set TEST_REDIS_URL to another", 1)
        client.flushdb()
        client.set(REDIS_MARK, 1)


class Worker:
    """A real Celery worker with its schedule, in a process group of its own."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes tasks."""
        celery = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--beat"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        schedule = ["--schedule", str(self.log.with_suffix(".beat")), "--loglevel", "INFO"]
        database = str(connection.settings_dict["NAME"])
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [*celery, *quiet, *schedule],
                env=os.environ
                | {"TEST_DATABASE": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_for(" ready.")

    def wait_for(self, text: str, seconds: float = 30) -> None:
        """Wait until the log says it; raise with the log if it does not in time."""
        until = time.monotonic() + seconds
        while text not in self.log.read_text(errors="replace"):
            assert self.process is not None
            if time.monotonic() > until or self.process.poll() is not None:
                raise AssertionError(f"worker: no {text!r} in\n{self.log.read_text()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it and its children by SIGKILL, in the middle of whatever they do."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def live_worker(transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """A running worker on the configured broker; the queue is empty at the start."""
    with celery_app.connection_for_write() as link:
        celery_app.control.purge(connection=link)
    worker = Worker(tmp_path / "worker.log")
    worker.start()
    yield worker
    worker.kill()


# The browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = ("background-networking", "component-update", "default-apps", "sync", "gpu")
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
            *(f"--disable-{name}" for name in quiet),
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture
def strays() -> list[str]:
    """The addresses elsewhere that a page asked for."""
    return []


@pytest.fixture
def context(context: Any, live_server: Any, strays: list[str]) -> Iterator[Any]:
    """A browser context that reaches the live server alone; the test fails if it tried more."""

    def refuse(route: Any) -> None:
        strays.append(route.request.url)
        route.abort()

    context.set_default_timeout(15_000)
    context.route(re.compile(f"^(?!{re.escape(live_server.url)}/)"), refuse)
    yield context
    assert not strays, f"the page asked for {strays}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say once, instead of failing everywhere, that no browser is installed; never in CI."""
    if Path(CHROMIUM).exists() or os.environ.get("CI") == "true":
        return
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=f"{CHROMIUM} is not installed"))
