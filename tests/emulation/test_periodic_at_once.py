"""Several at once at the same report: one row, one reminder a day, one record of each act."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from emulation.models import Period, PeriodicReport, Reminder
from emulation.services import periodic
from journal.models import Event
from tests import world as w

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
]
ROUNDS = 5
REASON = "Bổ sung số liệu của hai chỉ tiêu đã ký"


@pytest.fixture
def world(transactional_db: None) -> w.World:
    return w.build()


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts in threads that begin together; return "done" or the code of each refusal."""
    found = [""] * len(acts)
    gate = Barrier(len(acts))

    def run(place: int) -> None:
        try:
            gate.wait()
            acts[place]()
            found[place] = "done"
        except ValidationError as error:
            found[place] = str(getattr(error, "code", ""))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def events(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_first_savings_at_once_make_one_report(world: w.World) -> None:
    for number in range(ROUNDS):
        period = w.period(world, f"Kỳ {number}")

        def act(period: Period = period) -> None:
            w.report(world, period)

        assert at_once(act, act, act) == ["done", "stale", "stale"]
        assert (period.reports.count(), events("report.write")) == (1, number + 1)


def test_a_report_sent_and_answered_twice_moves_once(world: w.World) -> None:
    for number in range(ROUNDS):
        row = w.report(world, w.period(world, f"Kỳ {number}"))

        def send(row: PeriodicReport = row) -> None:
            periodic.submit_report(report=row, by=world.an, version=1)

        def accept(row: PeriodicReport = row) -> None:
            periodic.accept_report(report=row, by=world.thu, version=2)

        def give_back(row: PeriodicReport = row) -> None:
            periodic.return_report(report=row, by=world.thu, version=2, reason=REASON)

        assert at_once(send, send, send) == ["done", "transition", "transition"]
        assert at_once(accept, give_back) == ["done", "transition"]
        row.refresh_from_db()
        assert (row.version, row.state in ("accepted", "returned")) == (3, True)
        assert events("report.submit") == number + 1
        assert events("report.accept") + events("report.return") == number + 1


def test_reminding_at_once_reminds_once(world: w.World) -> None:
    for number in range(ROUNDS):
        period = w.period(world, f"Kỳ {number}")

        def act(period: Period = period) -> None:
            periodic.remind(period=period, by=world.thu)

        assert at_once(act, act, act) == ["done", "nobody", "nobody"]
        assert Reminder.objects.filter(period=period).count() == 3
        assert events("report.remind") == number + 1


def test_writing_and_excusing_at_once_leave_one_report(world: w.World) -> None:
    for number in range(ROUNDS):
        period = w.period(world, f"Kỳ {number}")

        def write(period: Period = period) -> None:
            w.report(world, period)

        def excuse(period: Period = period) -> None:
            periodic.excuse_unit(period=period, unit=world.a, by=world.thu, reason=REASON)

        # Whoever comes first: an excused unit cannot write, a draft can still be excused.
        assert at_once(write, excuse) in (["done", "done"], ["done", "locked"])
        assert period.reports.get().state == "excused"


def test_windows_taken_twice_at_once_are_there_once(world: w.World) -> None:
    def act() -> None:
        periodic.set_periods(season=world.season, by=world.thu, kinds=["month", "quarter"])

    assert at_once(act, act, act) == ["done", "done", "done"]
    assert (Period.objects.count(), events("period.set")) == (16, 1)
