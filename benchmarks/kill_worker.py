"""Kill the worker in the middle of a render, again and again: is every report delivered, once?

    .venv/bin/python -m benchmarks.kill_worker [--rounds 20]

Odd rounds kill the whole process group and start another worker, even rounds the children alone.
The moment is drawn anew each time, from the first sign of work to the last step. A round
passes if the report is READY within 90 s, with one file, one journal entry and no other trace.
"""

import argparse
import hashlib
import os
import random
import signal
import time
import uuid
from collections import Counter
from pathlib import Path

from django.test import Client

from benchmarks.site import FOLDER, Worker, install
from clusters.models import User
from journal.models import Event
from reports.models import Document

LIMIT = 90.0


def ask(client: Client) -> Document:
    """Ask for the report of the sample; return its row."""
    response = client.post("/ky/mau-2026/van-ban/lap/", {"key": str(uuid.uuid4())})
    assert response.status_code == 302, response
    return Document.objects.latest("pk")


def wait(document: Document, until: float, worker: Worker, *, percent: int | None = None) -> None:
    """Wait for READY, or for so many per cent, or until the time is up."""
    while time.monotonic() < until:
        document.refresh_from_db()
        if document.state in ("ready", "failed"):
            return
        if percent is not None and document.percent >= percent:
            return
        worker.keep()
        time.sleep(0.005)


def faults(document: Document) -> list[str]:
    """Return what is wrong with a document that should be READY."""
    found = [] if document.state == "ready" else [f"state {document.state}"]
    files = {path.name: path for path in (FOLDER / "media" / "documents").rglob("*.pdf")}
    named = set(Document.objects.exclude(file="").values_list("file", flat=True))
    if {Path(name).name for name in named} != set(files):
        found.append(f"{len(files)} files for {len(named)} rows")
    if document.state == "ready":
        made = Path(document.file.path).read_bytes()
        if hashlib.sha256(made).hexdigest() != document.sha256:
            found.append("the file is another")
    told = Event.objects.filter(verb="document.ready", subject_id=str(document.pk)).count()
    return found + ([f"{told} entries in the journal"] if told != 1 else [])


def one_round(client: Client, worker: Worker, *, whole: bool) -> tuple[float, str]:
    """Kill the worker once; return the seconds to READY and what was wrong."""
    at = random.choice([0, 5, 15, 40, 60, 85, 90, 99])
    began = time.monotonic()
    document = ask(client)
    while document.state == "queued" and time.monotonic() < began + LIMIT:
        document.refresh_from_db()
    wait(document, began + LIMIT, worker, percent=at)
    killed_at = f"{document.state} {document.percent}%"
    if whole:
        worker.kill()
        worker.start(wait=False)
    else:
        for pid in worker.pool():
            os.kill(pid, signal.SIGKILL)
    wait(document, began + LIMIT, worker)
    took = time.monotonic() - began
    words = ", ".join(faults(document)) or "delivered once"
    what = "group" if whole else "child"
    print(f"{what} killed at {killed_at:12} {took:5.1f} s, attempt {document.attempt}: {words}")
    return took, words


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    install()
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="lanhdao"))
    worker = Worker()
    worker.start()
    try:
        results = [one_round(client, worker, whole=i % 2 == 0) for i in range(options.rounds)]
    finally:
        worker.kill()
    print(f"slowest {max(took for took, _words in results):.1f} s (limit {LIMIT:.0f} s)")
    print(dict(Counter(words for _took, words in results)))
    return 0 if {words for _took, words in results} == {"delivered once"} else 1


if __name__ == "__main__":
    raise SystemExit(main())
