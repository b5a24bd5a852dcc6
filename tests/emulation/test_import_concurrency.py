"""Two clicks, two tabs and two workers at once write a file once: real connections, real threads.

On SQLite the same is asked: there the writers take turns instead of meeting.
"""

import threading
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from emulation import tasks
from emulation.models import Achievement, Import
from emulation.services import copying
from emulation.services import importing as services
from journal.models import Event
from tests import world as w
from tests.emulation import import_files as f

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> w.World:
    return w.build()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts in threads that start together; return their results, or raise what one raised."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)
    faults: list[BaseException] = []

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait()
            results[place] = act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return results


def upload(world: w.World, key: UUID | None = None, number: int = 20) -> Import:
    content = f.workbook(f.good_rows(number))
    return services.upload_import(
        season=world.season, unit=world.a, by=world.an, key=key or uuid4(), name="a.xlsx",
        file=BytesIO(content), size=len(content), enqueue=lambda _pk: None,
    )  # fmt: skip


def checked(world: w.World) -> Import:
    row = upload(world)
    tasks.run_import_task(row.pk)
    return row


def confirm(world: w.World, row: Import) -> Import:
    return services.confirm_import(row=row, by=world.an, enqueue=lambda _pk: None)


def count(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_two_clicks_upload_once(world: w.World) -> None:
    key = uuid4()
    rows = at_once(*[lambda: upload(world, key)] * 4)
    assert len({row.pk for row in rows}) == 1
    assert count("import.upload") == 1
    assert len(rows[0].file.storage.listdir(f"imports/{world.season.pk}")[1]) >= 1


def test_two_clicks_and_two_workers_write_once(world: w.World) -> None:
    row = checked(world)
    at_once(*[lambda: confirm(world, row)] * 4)
    assert count("import.confirm") == 1
    at_once(*[lambda: tasks.run_import_task(row.pk)] * 4)
    row.refresh_from_db()
    assert (row.state, row.attempt) == ("done", 1)
    numbers = sorted(Achievement.objects.values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + 20))
    assert count("import.write") == 1


def test_confirmed_and_dismissed_at_once_is_one_of_both(world: w.World) -> None:
    row = checked(world)

    def attempt(act: Callable[[], Any]) -> str:
        try:
            return str(act().state)
        except services.ValidationError:
            return "refused"

    answers = at_once(
        lambda: attempt(lambda: confirm(world, row)),
        lambda: attempt(lambda: services.dismiss_import(row=row, by=world.an)),
    )
    assert sorted(answers) in (["refused", "writing"], ["dismissed", "refused"])
    row.refresh_from_db()
    assert row.state in answers


def test_the_same_file_in_two_tabs_is_written_once(world: w.World) -> None:
    """Both were checked before either was written; the second finds the entries there."""
    rows = [checked(world), checked(world)]
    for row in rows:
        confirm(world, row)
    at_once(*[lambda pk=row.pk: tasks.run_import_task(pk) for row in rows])
    states = sorted(Import.objects.values_list("state", flat=True))
    assert states == ["done", "refused"]
    assert Achievement.objects.count() == 20


def test_entries_typed_beside_an_import_keep_their_numbers_apart(world: w.World) -> None:
    row = checked(world)
    confirm(world, row)
    typed = [lambda n=n: w.draft(world, title=f"Gõ tay {n}") for n in range(6)]
    at_once(lambda: tasks.run_import_task(row.pk), *typed)
    row.refresh_from_db()
    assert row.state == "done"
    numbers = sorted(Achievement.objects.values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + 26))
    mine = sorted(row.achievements.values_list("number", flat=True))
    assert mine == list(range(mine[0], mine[0] + 20))


def test_two_clicks_copy_and_continue_once(world: w.World) -> None:
    source, first = w.last_year(world), w.sent(world)
    where: dict[str, Any] = {"season": world.season, "unit": world.a, "by": world.an}
    copies = at_once(*[lambda: copying.copy_achievement(source=source, **where)] * 4)
    assert len({row.pk for row in copies}) == 1
    nexts = at_once(*[lambda: copying.continue_achievement(source=first, **where)] * 4)
    assert len({row.pk for row in nexts}) == 1
    assert count("achievement.copy") == 1


@pytest.mark.worker
def test_a_real_worker_checks_and_writes(live_worker: Any) -> None:
    world = w.build()
    content = f.workbook(f.good_rows(200))
    row = services.upload_import(
        season=world.season, unit=world.a, by=world.an, key=uuid4(), name="a.xlsx",
        file=BytesIO(content), size=len(content), enqueue=tasks.enqueue,
    )  # fmt: skip
    wait_for(row, "checked")
    services.confirm_import(row=row, by=world.an, enqueue=tasks.enqueue)
    wait_for(row, "done")
    assert row.achievements.count() == 200


@pytest.mark.worker
@pytest.mark.slow
def test_a_killed_worker_strands_nothing(live_worker: Any) -> None:
    """Whatever it was doing when it was killed, the next one brings the file to its end, once."""
    world = w.build()
    row = upload(world, number=1500)
    tasks.enqueue(row.pk)
    until_claimed(row)
    live_worker.kill()
    # As if the silence had lasted long enough.
    Import.objects.filter(pk=row.pk, state="checking").update(claimed_at=None, sent_at=None)
    live_worker.start()
    wait_for(row, "checked")
    services.confirm_import(row=row, by=world.an, enqueue=tasks.enqueue)
    until_claimed(row)
    live_worker.kill()
    Import.objects.filter(pk=row.pk, state="writing").update(claimed_at=None, sent_at=None)
    live_worker.start()
    wait_for(row, "done")
    assert row.achievements.count() == 1500
    assert count("import.write") == 1


# A worker warms up before it takes work, and other tests may run beside it.
PATIENCE = 90.0


def until_claimed(row: Import) -> None:
    _wait(row, lambda: bool(row.claimed_at) or row.state in ("checked", "done"))


def wait_for(row: Import, state: str) -> None:
    _wait(row, lambda: row.state == state or row.state in ("refused", "dismissed"))
    assert row.state == state, row.problems


def _wait(row: Import, is_there: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    row.refresh_from_db()
    while not is_there():
        assert time.monotonic() < until, row.state
        time.sleep(0.02)
        row.refresh_from_db()
