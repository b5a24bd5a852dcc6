"""`make run` prepares, serves, keeps both children alive and leaves nothing behind."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.serve import Child, StartError, collect_static, listen, port_from

HOUSE = Path(__file__).resolve().parent.parent.parent
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = [
    *(sys.executable, "-c"),
    f"import subprocess; subprocess.run({SLEEPER!r})",
]


def until(true: Callable[[], object], seconds: float = 10.0) -> float:
    """Wait until something is true and return how long that took; fail if it takes too long."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it never became true"
        time.sleep(0.02)
    return time.monotonic() - began


def group_of(leader: int) -> list[int]:
    """Return the numbers of the living processes of a group."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, group, stat in rows if int(group) == leader and stat[0] != "Z"]


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child("Child", PARENT)
    yield made
    made.finish(0.0)


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "80a", "8 0", "８０００．"])
def test_nonsense_is_no_port(text: str) -> None:
    with pytest.raises(StartError, match="no port number"):
        port_from(text)


def test_a_port_is_taken_from_its_text() -> None:
    assert port_from("8123") == 8123


def test_a_taken_port_is_refused_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StartError) as refused:
            listen(port)
    assert f"Port {port} cannot be used" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_idle_connections_do_not_reach_the_workers() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with listen(port) as listening:
        listening.listen()
        listening.settimeout(0.3)
        with socket.create_connection(("127.0.0.1", port)) as browser:
            with pytest.raises(TimeoutError):
                listening.accept()
            browser.sendall(b"GET / HTTP/1.1\r\n")
            listening.accept()[0].close()


def test_a_killed_child_comes_back_and_its_orphans_do_not_stay(child: Child) -> None:
    child.watch()
    assert child.process is not None
    leader = child.process.pid
    until(lambda: len(group_of(leader)) == 2)
    os.kill(leader, signal.SIGKILL)

    def back() -> bool:
        child.watch()
        return child.process is not None and child.process.pid != leader

    assert until(back) < 1
    until(lambda: not group_of(leader))


def test_finishing_ends_the_whole_group(child: Child) -> None:
    child.watch()
    assert child.process is not None
    leader = child.process.pid
    until(lambda: len(group_of(leader)) == 2)
    child.ask_to_stop()
    child.finish(time.monotonic() + 5)
    until(lambda: not group_of(leader))


def test_a_child_that_keeps_dying_is_started_more_and_more_slowly() -> None:
    clock = iter(range(1000))
    made = Child("Child", SLEEPER, clock=lambda: float(next(clock)))
    pauses = [made.pause_after_death() for _ in range(9)]
    assert pauses == [0, 0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_lived_long_starts_afresh() -> None:
    made = Child("Child", SLEEPER, clock=lambda: 100.0)
    made.short_lives, made.started = 5, 0.0
    assert made.pause_after_death() == 0
    assert made.short_lives == 0


def test_static_files_are_collected_again_only_after_a_change(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected: list[str] = []
    monkeypatch.setattr("config.serve.call_command", lambda name, **_: collected.append(name))
    settings.STATICFILES_DIRS = [tmp_path / "mine"]
    stamp, style = tmp_path / "stamp", tmp_path / "mine" / "style.css"
    style.parent.mkdir()
    style.write_text("a {}")
    collect_static(stamp)
    collect_static(stamp)
    assert collected == ["collectstatic"]
    style.write_text("a { color: red }")
    collect_static(stamp)
    assert collected == ["collectstatic"] * 2


def django_alone() -> float:
    """Return the seconds of computing that it takes to read our settings and models."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = "import django; django.setup()"
    subprocess.run([sys.executable, "-c", code], cwd=HOUSE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Site:
    """The product as `make run` starts it, in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.log = folder / "log"

    def start(self) -> float:
        """Start it; return the seconds until it says that it answers."""
        unset = ("DATABASE_URL", "REDIS_URL", "TEST_DATABASE", "SECRET_KEY", "PRODUCTION")
        inherited = {name: value for name, value in os.environ.items() if name not in unset}
        ours = {"DATA_DIR": str(self.folder / "var"), "PORT": str(self.port)}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.serve"],
                cwd=HOUSE,
                env=inherited | ours | {"DJANGO_SETTINGS_MODULE": "config.settings"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        return until(lambda: "answers at" in self.said() or self.process.poll() is not None, 120)

    def said(self) -> str:
        return self.log.read_text()

    def login_page(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=20) as answer:
            return answer.read().decode()

    def leaders(self, word: str) -> list[int]:
        """Return the children of the site whose command holds the word."""
        listed = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid=,args="],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if word in line]

    def worked(self, web: int) -> float:
        """Return the seconds that site and web server have computed so far."""
        parts = [Path(f"/proc/{pid}/stat") for pid in [self.process.pid, *group_of(web)]]
        ticks = [int(n) for part in parts for n in part.read_text().split()[13:15]]
        return sum(ticks) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Site(tmp_path, probe.getsockname()[1])
    yield made
    if made.process.poll() is None:
        made.stop()


@pytest.mark.worker
@pytest.mark.slow
def test_the_site_starts_survives_and_ends(site: Site) -> None:
    site.start()
    assert "Đăng nhập" in site.login_page()
    until(lambda: site.leaders("celery"))
    worker, web = site.leaders("celery")[0], site.leaders("gunicorn")[0]
    until(lambda: len(group_of(worker)) > 2)
    os.kill(worker, signal.SIGKILL)
    assert until(lambda: site.leaders("celery") not in ([], [worker])) < 1
    os.kill(web, signal.SIGKILL)
    assert until(lambda: site.leaders("gunicorn") not in ([], [web])) < 1
    assert "Đăng nhập" in site.login_page()
    groups = [worker, web, *site.leaders("celery"), *site.leaders("gunicorn")]
    assert site.stop() == 0
    assert not [pid for leader in groups for pid in group_of(leader)]
    site.start()
    assert "Đăng nhập" in site.login_page()
    # Django alone takes a second, more on a busy machine; collecting once more takes twenty.
    assert site.worked(site.leaders("gunicorn")[0]) < 8 * django_alone()


@pytest.mark.worker
def test_a_taken_port_stops_the_start_before_any_work(site: Site) -> None:
    with socket.create_server(("127.0.0.1", site.port)):
        site.start()
    assert site.process.wait(timeout=20) == 1
    assert site.said().splitlines() == [
        f"Port {site.port} cannot be used (Address already in use); "
        f"choose another: PORT={site.port + 1} make run"
    ]
    assert not (site.folder / "var").exists()


@pytest.mark.worker
def test_settings_that_make_no_sense_are_told_in_one_line(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBUG", "perhaps")
    site.start()
    assert site.process.wait(timeout=20) == 1
    assert site.said() == "Settings: DEBUG: write true or false.\n"
