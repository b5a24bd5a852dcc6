"""A whole installation for one benchmark: folder, database, broker and worker of its own.

Importing this module sets Django up on a new folder, so it is imported before any model.
`DATABASE_URL` and `REDIS_URL` of the environment are used as they are for products: give a
database that may be filled and a Redis that may be emptied.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.mkdtemp(prefix="thidua-benchmark-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ |= {
    "DATA_DIR": str(FOLDER),
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LOG_LEVEL": "ERROR",
}
django.setup()


def install_empty() -> None:
    """Make the tables."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def install() -> None:
    """Make the tables and load the sample."""
    install_empty()
    call_command("load_sample", verbosity=0)


class Worker:
    """The worker as `make run` starts it, in a process group of its own."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        """Start it; with `wait`, return when it takes tasks."""
        log = FOLDER / "worker.log"
        command = [
            *(sys.executable, "-W", "ignore::UserWarning", "-m", "celery", "-A", "config.celery"),
            *("worker", "--beat", "--loglevel", "INFO", "--schedule", str(FOLDER / "beat")),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        until = time.monotonic() + 60
        while wait and " ready." not in log.read_text(errors="replace"):
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit(log.read_text(errors="replace"))
            time.sleep(0.05)

    def pool(self) -> list[int]:
        """Return the processes that render: all children but the schedule, the smallest."""
        assert self.process is not None
        family = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = [int(pid) for pid in family.read_text().split()]

        def size(pid: int) -> int:
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1])

        return sorted(children, key=size)[1:]

    def keep(self) -> None:
        """Start it again where it ended, as whoever runs it in earnest does."""
        if self.process is not None and self.process.poll() is not None:
            self.start(wait=False)

    def kill(self) -> None:
        """End it and its children by SIGKILL."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
