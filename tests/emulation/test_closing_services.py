from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from emulation import standings
from emulation.models import Achievement, Correction, Review, Season, State
from emulation.services.closing import close_season, correct
from emulation.services.review import review_achievement
from emulation.services.scoring import self_score
from journal.models import Event
from journal.queries import history
from tests import everything
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def verified(world: w.World) -> Achievement:
    row = w.sent(world)
    review_achievement(
        achievement=row, by=world.thu, decision=Review.Decision.VERIFIED, revision=row.revision
    )
    return row


def state(row: Achievement) -> str:
    return Achievement.objects.get(pk=row.pk).state


@pytest.mark.parametrize("who", ["thu", "lan"])
def test_what_is_concluded_is_locked(world: w.World, who: str) -> None:
    good, draft = verified(world), w.draft(world)
    by = getattr(world, who)
    season = close_season(season=world.season, by=by)
    assert (state(good), state(draft)) == (State.LOCKED, State.DRAFT)
    stored = Season.objects.get(pk=season.pk)
    assert stored.is_closed
    assert stored.closed_by == by
    (event,) = history(season)
    assert event.verb == "season.close"
    assert {"verified": [None, 1], "draft": [None, 1]}.items() <= event.changes.items()


def test_the_closing_changes_no_figure(world: w.World) -> None:
    """What was not recognised does not begin to count because it is locked."""
    verified(world)
    bad = w.sent(world)
    review_achievement(
        achievement=bad, by=world.thu, decision=Review.Decision.REJECTED, revision=1,
        reason="Không có minh chứng cho kết quả này",
    )  # fmt: skip

    def figures() -> tuple[Any, ...]:
        rows = Achievement.objects.filter(season=world.season)
        progress = [(row.verified, row.rejected) for row in standings.progress(world.season)]
        return (
            set(rows.counted().values_list("pk", flat=True)), progress,
            standings.by_month(world.season, world.a),
        )  # fmt: skip

    before = figures()
    close_season(season=world.season, by=world.thu)
    assert figures() == before
    assert state(bad) == State.REJECTED


def test_what_waits_for_the_secretariat_stands_in_the_way(world: w.World) -> None:
    w.sent(world)
    sheet = w.sheet(world)
    self_score(sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=True)
    with pytest.raises(ValidationError) as caught:
        close_season(season=world.season, by=world.thu)
    assert caught.value.code == "waiting"
    assert "1 thành tích chờ thẩm định, 1 bảng điểm chờ thẩm định" in caught.value.messages[0]
    assert not Season.objects.get(pk=world.season.pk).is_closed


def test_a_season_is_closed_once(world: w.World) -> None:
    close_season(season=world.season, by=world.thu)
    with pytest.raises(ValidationError) as caught:
        close_season(season=world.season, by=world.thu)
    assert caught.value.code == "closed"
    assert Event.objects.filter(verb="season.close").count() == 1


@pytest.mark.parametrize("who", ["an", "anh", "binh", "quang", "khach", "far_secretary"])
def test_only_secretary_and_leader_close(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        close_season(season=world.season, by=getattr(world, who))


# Corrections


def write(world: w.World, **more: Any) -> Correction:
    given = {
        "season": world.season, "by": world.thu, "about": "Số suất quà", "was": "30",
        "becomes": "50", "reason": "Chép thiếu một đợt",
    } | more  # fmt: skip
    return correct(**given)


def test_a_correction_stands_beside_what_is_closed(world: w.World) -> None:
    row = verified(world)
    everything.close(world)
    made = write(world, achievement=row)
    assert list(row.corrections.all()) == [made]
    event = history(row)[0]
    assert (event.verb, event.reason) == ("season.correct", "Chép thiếu một đợt")
    assert event.changes == {"Số suất quà": ["30", "50"]}


def test_the_same_correction_sent_twice_is_one(world: w.World) -> None:
    everything.close(world)
    assert write(world) == write(world)
    assert Event.objects.filter(verb="season.correct").count() == 1


def test_an_open_season_is_not_corrected(world: w.World) -> None:
    with pytest.raises(PermissionDenied):
        write(world)


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_secretary_corrects(world: w.World, who: str) -> None:
    everything.close(world)
    with pytest.raises(PermissionDenied):
        write(world, by=getattr(world, who))


@pytest.mark.parametrize("field", ["about", "becomes", "reason"])
def test_a_correction_without_a_part_is_refused(world: w.World, field: str) -> None:
    everything.close(world)
    with pytest.raises(ValidationError) as caught:
        write(world, **{field: "  "})
    assert list(caught.value.message_dict) == [field]


def test_an_achievement_of_another_season_is_refused(world: w.World) -> None:
    far = Achievement.objects.create(
        season=world.far_season, unit=world.far_season.units().get(), number=1, category="reform",
        title="Xa", started_on=w.DAY, submitted_at=timezone.now(), revision=1, state="verified",
    )  # fmt: skip
    everything.close(world)
    with pytest.raises(ValidationError) as caught:
        write(world, achievement=far)
    assert list(caught.value.message_dict) == ["achievement"]
