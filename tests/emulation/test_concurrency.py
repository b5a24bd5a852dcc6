"""Several people at the same moment, each with a connection of their own.

On PostgreSQL the acts really run beside each other; on SQLite one waits for the other, and the
outcome has to be the same.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from awards.services import add_remark
from emulation.closing import MESSAGE
from emulation.models import (
    AWAITING,
    Achievement,
    Correction,
    Import,
    LateCode,
    Launch,
    PeriodicReport,
    Phase,
    Pledge,
    Review,
    Season,
    Signature,
    State,
)
from emulation.services import achievement as achievements
from emulation.services import importing, late_codes, movement, periodic, phases
from emulation.services import review as reviews
from emulation.services.closing import close_season, correct
from emulation.services.pledge import sign_pledge
from emulation.services.season_copy import copy_season
from journal.models import Event
from journal.queries import broken_at
from tests import everything
from tests import world as w

Act = Callable[[], Any]
WAIT = 60


@pytest.fixture
def world(transactional_db: None) -> w.World:
    return w.build()


def together(*acts: Act) -> list[Any]:
    """Run the acts at one moment in threads; return what each returned or raised, in order."""
    gate = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(place: int, act: Act) -> None:
        try:
            gate.wait(WAIT)
            found[place] = act()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert not any(thread.is_alive() for thread in threads), "somebody still waits"
    return found


def fresh(season: Season) -> Season:
    return Season.objects.select_related("cluster", "scheme").get(pk=season.pk)


def codes(found: list[Any]) -> list[str]:
    """Return the code of every refusal; an unexpected error fails the test."""
    refusals = [item for item in found if isinstance(item, Exception)]
    for item in refusals:
        assert isinstance(item, ValidationError), repr(item)
    return [
        str(item.code) if hasattr(item, "code") else
        ",".join(str(error.code) for errors in item.error_dict.values() for error in errors)
        for item in refusals
    ]  # fmt: skip


def once(verb: str) -> bool:
    return Event.objects.filter(verb=verb).count() == 1


def test_two_clicks_enter_one_draft(world: w.World) -> None:
    key = uuid4()
    values = {"category": "reform", "title": "Một cửa", "started_on": w.DAY}

    def enter() -> Any:
        return achievements.enter_achievement(
            season=world.season, unit=world.a, by=world.an, key=key, values=values, particulars={}
        )

    found = together(enter, enter, enter, enter)
    assert len({row.pk for row in found}) == 1
    assert Achievement.objects.filter(entry_key=key).count() == 1
    assert once("achievement.enter")


def test_drafts_entered_at_once_have_numbers_of_their_own(world: w.World) -> None:
    values = {"category": "reform", "title": "Một cửa", "started_on": w.DAY}

    def enter(by: Any, unit: Any) -> Act:
        return lambda: achievements.enter_achievement(
            season=world.season, unit=unit, by=by, key=uuid4(), values=values, particulars={}
        )

    pairs = [(world.an, world.a), (world.binh, world.b), (world.anh, world.a)]
    found = together(*(enter(*pair) for pair in pairs * 2))
    assert sorted(row.number for row in found) == [1, 2, 3, 4, 5, 6]
    assert broken_at() == ""


def test_a_late_code_is_redeemed_once(world: w.World) -> None:
    code = late_codes.issue_late_code(
        season=world.season, unit=world.a, until=timezone.now() + timedelta(days=2), reason="Ốm",
        by=world.thu,
    )  # fmt: skip

    def redeem(by: Any) -> Act:
        return lambda: late_codes.redeem_late_code(
            season=fresh(world.season), unit=world.a, code=code.code, by=by
        )

    assert codes(together(redeem(world.an), redeem(world.anh))) == ["used"]
    assert LateCode.objects.get().redeemed_by in (world.an, world.anh)
    assert once("late_code.redeem")


def test_a_late_code_is_issued_once(world: w.World) -> None:
    until = timezone.now() + timedelta(days=2)

    def issue() -> Any:
        return late_codes.issue_late_code(
            season=world.season, unit=world.a, until=until, reason="Ốm", by=world.thu
        )

    assert codes(together(issue, issue, issue)) == []
    assert LateCode.objects.count() == 1
    assert once("late_code.issue")


def test_a_phase_is_added_once(world: w.World) -> None:
    now = timezone.now()
    values = {"name": "Bình xét", "start": now, "end": now + timedelta(days=1), "vote": True}

    def add() -> Any:
        return phases.add_phase(season=world.season, by=world.thu, values=values)

    assert codes(together(add, add)) == []
    assert Phase.objects.filter(name="Bình xét").count() == 1
    assert once("phase.add")


def test_the_next_season_is_opened_once(world: w.World) -> None:
    def copy() -> Any:
        return copy_season(season=world.season, by=world.thu)

    assert codes(together(copy, copy, copy)) == ["exists", "exists"]
    assert Season.objects.filter(year=w.YEAR + 1).count() == 1
    assert once("season.copy")


def test_a_launch_is_recorded_once(world: w.World) -> None:
    def launch(slogan: str) -> Act:
        return lambda: movement.record_launch(
            season=world.season, unit=world.a, by=world.an, version=0, slogan=slogan,
            launched_on=w.DAY,
        )  # fmt: skip

    assert codes(together(launch("Một"), launch("Hai"))) == ["stale"]
    assert Launch.objects.count() == 1
    assert once("launch.record")


def test_a_periodic_report_is_begun_once(world: w.World) -> None:
    period = w.period(world)

    def write(text: str) -> Act:
        values = {"results": text, "shortcomings": "", "tasks": ""}
        return lambda: periodic.write_report(
            period=period, unit=world.a, by=world.an, version=0, values=values
        )

    assert codes(together(write("Một"), write("Hai"))) == ["stale"]
    assert PeriodicReport.objects.count() == 1
    assert once("report.write")


def test_a_unit_signs_once(world: w.World) -> None:
    Pledge.objects.filter(pk=world.pledge.pk).update(settled_at=timezone.now())
    day = timezone.localdate()

    def sign() -> Any:
        return sign_pledge(
            pledge=world.pledge, unit=world.a, by=world.anh, signer="Lê Thị Anh", signed_on=day
        )

    together(sign, sign, sign)
    assert Signature.objects.filter(unit=world.a).count() == 1
    assert once("pledge.sign")


def test_an_import_is_confirmed_once_and_taken_by_one_worker(world: w.World) -> None:
    row = w.imported(world)
    queued: list[Any] = []

    def confirm() -> Any:
        return importing.confirm_import(
            row=Import.objects.get(pk=row.pk), by=world.an, enqueue=queued.append
        )

    together(confirm, confirm)
    assert once("import.confirm")
    assert len(queued) == 1
    claims = together(*[lambda: importing.claim(pk=row.pk)] * 4)
    assert sum(item is not None for item in claims) == 1


def test_an_achievement_is_sent_and_judged_once(world: w.World) -> None:
    row = w.draft(world)

    def send() -> Any:
        return reviews.submit_achievement(achievement=row, by=world.an)

    assert codes(together(send, send, send)) == ["transition", "transition"]
    assert Achievement.objects.get(pk=row.pk).revision == 1

    def judge() -> Any:
        return reviews.review_achievement(
            achievement=row, by=world.thu, decision=Review.Decision.VERIFIED, revision=1
        )

    assert codes(together(judge, judge)) == ["transition"]
    assert Review.objects.count() == 1
    assert once("achievement.submit")
    assert once("achievement.verified")


def test_a_correction_is_written_once(world: w.World) -> None:
    everything.close(world)

    def write() -> Any:
        return correct(
            season=world.season, by=world.thu, about="Số", was="1", becomes="2", reason="Nhầm"
        )

    assert codes(together(write, write, write)) == []
    assert Correction.objects.count() == 1
    assert once("season.correct")


# The closing, against everybody who is just saving


def refused_or_done(found: list[Any]) -> int:
    """Return how many were refused; any other error than a kind one fails the test."""
    refusals = [item for item in found if isinstance(item, Exception)]
    for item in refusals:
        kind = isinstance(item, PermissionDenied | ValidationError)
        assert kind or (isinstance(item, IntegrityError) and MESSAGE in str(item)), repr(item)
    return len(refusals)


@pytest.mark.parametrize("turn", range(4))
def test_nothing_is_sent_into_a_season_that_closes(world: w.World, turn: int) -> None:
    """Either the closing finds what was sent and refuses, or whoever sends finds it closed."""
    rows = [w.draft(world, title=f"Việc {n}") for n in range(4)]
    done = w.sent(world)
    reviews.review_achievement(
        achievement=done, by=world.thu, decision=Review.Decision.VERIFIED, revision=1
    )

    def send(row: Achievement) -> Act:
        return lambda: reviews.submit_achievement(
            achievement=Achievement.objects.get(pk=row.pk), by=world.an
        )

    def close() -> Any:
        return close_season(season=world.season, by=world.thu)

    acts = [send(row) for row in rows]
    acts.insert(turn % 5, close)
    found = together(*acts)
    closing = found.pop(turn % 5)
    refused = refused_or_done([*found, closing])
    season = fresh(world.season)
    waiting = Achievement.objects.filter(season=season, state__in=AWAITING).count()
    if season.is_closed:
        assert (waiting, refused) == (0, len(rows))
        assert Achievement.objects.get(pk=done.pk).state == State.LOCKED
    else:
        assert waiting == len(rows) - refused + 1
        assert isinstance(closing, ValidationError)
    assert broken_at() == ""


@pytest.mark.parametrize("turn", range(2))
def test_the_closing_waits_for_nobody_who_waits_for_it(world: w.World, turn: int) -> None:
    """Acts that lock the season first and acts that lock an achievement first, all at once."""
    verified = []
    for number in range(3):
        row = w.sent(world, title=f"Việc {number}")
        reviews.review_achievement(
            achievement=row, by=world.thu, decision=Review.Decision.VERIFIED, revision=1
        )
        verified.append(row)
    own = w.draft(world, title="Sửa")

    def remark(row: Achievement) -> Act:
        return lambda: add_remark(
            season=fresh(world.season), by=world.thu, kind="addition", text="Bổ sung",
            unit=world.a, achievement=Achievement.objects.get(pk=row.pk),
        )  # fmt: skip

    def change() -> Any:
        return achievements.change_achievement(
            achievement=own, by=world.an, version=own.version, values={"title": "Đã sửa"},
            particulars={},
        )  # fmt: skip

    def enter() -> Any:
        return achievements.enter_achievement(
            season=fresh(world.season), unit=world.b, by=world.binh, key=uuid4(),
            values={"category": "reform", "title": "Mới", "started_on": w.DAY}, particulars={},
        )  # fmt: skip

    def close() -> Any:
        return close_season(season=world.season, by=world.lan)

    acts = [*(remark(row) for row in verified), change, enter]
    acts.insert(turn, close)
    found = together(*acts)
    closing = found.pop(turn)
    refused_or_done(found)
    assert not isinstance(closing, Exception), repr(closing)
    states = set(
        Achievement.objects.filter(pk__in=[row.pk for row in verified]).values_list(
            "state", flat=True
        )
    )
    assert states == {State.LOCKED}
    assert broken_at() == ""
