"""What `make run` starts: it prepares the site, then keeps web server and worker alive.

One process migrates, collects the static files and loads the sample; then it only watches. Both
children run in process groups of their own, so that nothing of them outlives this process.
"""

import contextlib
import hashlib
import http.client
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

HOST = "127.0.0.1"
READY_WITHIN = 60.0
# A long render is not waited for: its row is taken up again at the next start.
STOP_WITHIN = 8.0
TICK = 0.2
SHORT_LIFE = 10.0
LONGEST_PAUSE = 30.0


class StartError(Exception):
    """Says in one line why the site cannot be started."""


@dataclass
class Child:
    """A process that is started again when it dies; slower and slower if it keeps dying."""

    name: str
    command: list[str]
    pass_fds: tuple[int, ...] = ()
    clock: Callable[[], float] = time.monotonic
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    resume: float = field(default=0.0, init=False)
    short_lives: int = field(default=0, init=False)

    def start(self) -> None:
        self.started = self.clock()
        # Debian's setpriv has the kernel end the child with its parent, however that ends.
        bound = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        self.process = subprocess.Popen(
            [*bound, *self.command],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self.pass_fds,
        )

    def watch(self) -> None:
        """Start the child if it is due; after a death, kill what it left and set the next start."""
        if self.process is None:
            if self.clock() >= self.resume:
                self.start()
            return
        # WNOWAIT: while the dead leader is not reaped, its group's number cannot be given away.
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        if os.waitid(os.P_PID, self.process.pid, flags) is None:
            return
        self.signal_group(signal.SIGKILL)
        code = self.process.wait()
        pause = self.pause_after_death()
        print(f"{self.name} ended ({code}); starting it again", file=sys.stderr, flush=True)
        self.process, self.resume = None, self.clock() + pause

    def pause_after_death(self) -> float:
        """Return the seconds to wait: none at first, doubling while each life is short."""
        lived = self.clock() - self.started
        self.short_lives = self.short_lives + 1 if lived < SHORT_LIFE else 0
        if self.short_lives <= 1:
            return 0.0
        return min(LONGEST_PAUSE, 0.5 * 2.0 ** (self.short_lives - 2))

    def signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def ask_to_stop(self) -> None:
        """Ask the leader only: it knows how to end its own children."""
        if self.process is not None:
            self.process.terminate()

    def finish(self, deadline: float) -> None:
        """Wait until the deadline, then kill whatever is left of the group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, deadline - self.clock()))
        self.signal_group(signal.SIGKILL)
        self.process.wait()


def port_from(text: str) -> int:
    """Return the port number in the text; raise StartError if it is none."""
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise StartError(f"PORT={text!r} is no port number; try PORT=8123 make run")
    return int(text)


def listen(port: int) -> socket.socket:
    """Return a listening socket on loopback; raise StartError if the port is taken.

    It is held here and handed to the web server, so a request waits while that is restarted.
    TCP_DEFER_ACCEPT keeps connections away from the workers until they bring a request:
    browsers open some in advance, and an idle one would occupy a worker.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sys.platform == "linux":
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 60)
    try:
        found.bind((HOST, port))
    except OSError as error:
        found.close()
        raise StartError(
            f"Port {port} cannot be used ({error.strerror}); choose another: "
            f"PORT={port + 1 if port < 2**16 - 1 else 8123} make run"
        ) from error
    return found


def prepare() -> None:
    """Bring database and static files up to date and load the sample where it is allowed."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static(Path(settings.DATA_DIR) / "static-stamp")
    if not settings.PRODUCTION:
        call_command("load_sample")


def _static_facts() -> Iterator[str]:
    """Yield name, size and time of every static file of the project and its packages."""
    yield str(settings.STORAGES["staticfiles"])
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            yield f"{name} {status.st_size} {status.st_mtime_ns}"


def collect_static(stamp: Path) -> None:
    """Collect and compress the static files, unless none has changed since the last time."""
    seen = hashlib.sha256("\n".join(_static_facts()).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == seen:
        return
    print("Collecting static files", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen)


def children(port: int, listening: int) -> tuple[Child, Child]:
    """Return web server and worker. Names and schedule carry the port: two sites may share data."""
    web = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--preload"),
        *("--bind", f"fd://{listening}", "--workers", str(os.cpu_count() or 2)),
        *("--timeout", "60", "--graceful-timeout", "5", "--log-level", "warning"),
        "--no-control-socket",
    ]
    worker = [
        *(sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery"),
        *("-A", "config.celery", "--quiet", "worker", "--beat", "--loglevel", "WARNING"),
        *("--schedule", f"{settings.DATA_DIR}/beat-{port}", "--hostname", f"port-{port}@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    return Child("Web server", web, pass_fds=(listening,)), Child("Worker", worker)


def answers(port: int) -> bool:
    """Tell whether the web server answers a request, whatever it says."""
    link = http.client.HTTPConnection(HOST, port, timeout=READY_WITHIN)
    try:
        link.request("GET", "/")
        return link.getresponse().status > 0
    except OSError:
        return False
    finally:
        link.close()


def announce(port: int) -> None:
    """Print address and sample log-ins."""
    print(f"\nThi Đua answers at http://{HOST}:{port}/", flush=True)
    if not settings.PRODUCTION:
        call_command("sample_logins")
    print("Ctrl-C stops it.", flush=True)
    connections.close_all()


def supervise(both: tuple[Child, Child], stop: threading.Event) -> None:
    """Watch both children until told to stop, then end them and all their descendants.

    They are started in the main thread: the kernel ends them with the thread that made them.
    """
    try:
        while not stop.is_set():
            for child in both:
                child.watch()
            stop.wait(TICK)
    finally:
        for child in both:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN
        for child in both:
            child.finish(deadline)


def serve(port: int, listening: socket.socket) -> None:
    """Serve until told to stop; raise StartError if the first page does not come."""
    web, worker = children(port, listening.fileno())
    worker.resume = math.inf
    stop, silent = threading.Event(), threading.Event()

    def greet() -> None:
        if answers(port):
            # Only now: the worker's start would slow the first page down.
            worker.resume = 0.0
            announce(port)
        elif not stop.is_set():
            silent.set()
            stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    listening.listen()
    connections.close_all()
    threading.Thread(target=greet, daemon=True).start()
    supervise((web, worker), stop)
    if silent.is_set():
        raise StartError(f"The web server gave no answer within {READY_WITHIN:.0f} s")


def run() -> None:
    """Prepare and serve until told to stop; raise StartError with the reason if that fails."""
    port = port_from(os.environ.get("PORT", "8000"))
    with listen(port) as listening:
        try:
            django.setup()
            prepare()
        except ImproperlyConfigured as error:
            raise StartError(f"Settings: {error}") from error
        except OperationalError as error:
            reason = str(error).partition("\n")[0]
            raise StartError(f"The database does not answer: {reason}") from error
        serve(port, listening)


def main() -> int:
    """Run until Ctrl-C or SIGTERM; return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        run()
    except KeyboardInterrupt:  # while preparing
        print("Stopped.")
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
