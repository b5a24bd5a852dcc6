"""A unit takes an achievement back, and takes it up again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emulation.models import Achievement, State
from emulation.services.review import review_achievement, start_review, submit_achievement
from emulation.services.withdrawal import reopen_achievement, withdraw_achievement
from journal.models import Event
from tests import world as w

REASON = "Nhập nhầm đơn vị"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def withdrawn(world: w.World, row: Achievement | None = None, **values: Any) -> Achievement:
    given = {"by": world.an, "reason": REASON} | values
    return withdraw_achievement(achievement=row or w.sent(world), **given)


def code_of(act: Any) -> str:
    before = Event.objects.count()
    with pytest.raises(ValidationError) as caught:
        act()
    assert Event.objects.count() == before
    error = caught.value
    return error.error_dict["reason"][0].code if hasattr(error, "error_dict") else error.code


def test_a_draft_needs_no_reason(world: w.World) -> None:
    row = withdrawn(world, w.draft(world), reason="")
    assert (row.state, row.version) == (State.WITHDRAWN, 2)
    event = Event.objects.latest("number")
    assert (event.verb, event.reason) == ("achievement.withdraw", "")
    assert event.changes == {"state": ["draft", "withdrawn"]}


@pytest.mark.parametrize("state", ["submitted", "under_review", "returned"])
@pytest.mark.parametrize("reason", ["", "nhầm", " " * 30])
def test_what_was_sent_needs_one(world: w.World, state: str, reason: str) -> None:
    row = w.sent(world)
    if state == "under_review":
        start_review(achievement=row, by=world.thu)
    if state == "returned":
        w.returned(world, row)
    assert code_of(lambda: withdrawn(world, row, reason=reason)) == "reason"
    assert withdrawn(world, row).state == State.WITHDRAWN
    assert Event.objects.latest("number").reason == REASON


def test_what_was_concluded_stays(world: w.World) -> None:
    row = w.sent(world)
    review_achievement(
        achievement=row, by=world.thu, decision=w.Review.Decision.VERIFIED, revision=1
    )
    assert code_of(lambda: withdrawn(world, row)) == "transition"


def test_twice_is_told(world: w.World) -> None:
    row = withdrawn(world)
    assert code_of(lambda: withdrawn(world, row)) == "transition"
    reopen_achievement(achievement=row, by=world.an)
    assert code_of(lambda: reopen_achievement(achievement=row, by=world.an)) == "transition"


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach", "far_secretary"])
def test_only_the_own_unit_withdraws_and_reopens(world: w.World, who: str) -> None:
    row = w.sent(world)
    for act in (withdraw_achievement, reopen_achievement):
        with pytest.raises(PermissionDenied):
            act(achievement=row, by=getattr(world, who))


def test_nobody_else_sees_what_was_withdrawn(world: w.World) -> None:
    row = withdrawn(world)
    seen = {
        name: Achievement.objects.visible_to(getattr(world, name)).filter(pk=row.pk).exists()
        for name in ("an", "anh", "binh", "thu", "lan", "quang")
    }
    assert seen == {
        "an": True, "anh": True, "binh": False, "thu": False, "lan": False, "quang": True
    }  # fmt: skip


def test_a_reopened_one_is_a_draft_that_is_sent_as_the_next_revision(world: w.World) -> None:
    row = reopen_achievement(achievement=withdrawn(world), by=world.anh)
    assert row.state == State.DRAFT
    assert Event.objects.latest("number").verb == "achievement.reopen"
    row = submit_achievement(achievement=row, by=world.an)
    assert (row.revision, row.state) == (2, State.SUBMITTED)
    assert list(row.revisions.values_list("number", flat=True)) == [2, 1]


def test_reopening_needs_an_open_phase(world: w.World) -> None:
    row = withdrawn(world)
    late = timezone.now() + timedelta(days=100)
    assert code_of(lambda: reopen_achievement(achievement=row, by=world.an, at=late)) == "closed"


def test_a_closed_season_keeps_it(world: w.World) -> None:
    row = w.sent(world)
    world.season.closed_at, world.season.closed_by = timezone.now(), world.thu
    world.season.save()
    assert code_of(lambda: withdrawn(world, row)) == "closed"


# The pages


def address(row: Achievement, name: str) -> str:
    return reverse(name, args=[row.season.slug, row.number])


def test_the_page_asks_why_and_keeps_what_was_typed(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.an)
    page = address(row, "achievement_withdraw")
    assert page in client.get(address(row, "achievement_detail")).content.decode()
    text = client.post(page, {"reason": "nhầm"}).content.decode()
    assert "Nêu lý do rút, ít nhất 10 ký tự" in text
    assert "nhầm</textarea>" in text
    response = client.post(page, {"reason": REASON}, follow=True)
    assert "Đã rút" in response.content.decode()
    assert REASON in response.content.decode()  # in the history
    assert client.post(page, {"reason": REASON})["Location"] == address(row, "achievement_detail")
    assert Event.objects.filter(verb="achievement.withdraw").count() == 1


def test_the_button_opens_the_draft_again(client: Client, world: w.World) -> None:
    row = withdrawn(world)
    client.force_login(world.an)
    button = address(row, "achievement_reopen")
    assert button in client.get(address(row, "achievement_detail")).content.decode()
    assert client.get(button).status_code == 405
    assert client.post(button)["Location"] == address(row, "achievement_edit")
    assert client.post(button)["Location"] == address(row, "achievement_detail")
    assert Event.objects.filter(verb="achievement.reopen").count() == 1


def test_after_the_deadline_there_is_no_button(client: Client, world: w.World) -> None:
    row = withdrawn(world)
    world.phase.enter = False
    world.phase.save()
    client.force_login(world.an)
    button = address(row, "achievement_reopen")
    assert button not in client.get(address(row, "achievement_detail")).content.decode()
    text = client.post(button, follow=True).content.decode()
    assert "Đã hết hạn nhập thành tích" in text
    row.refresh_from_db()
    assert row.state == State.WITHDRAWN
