"""A return opens single parts: what is open, what stays locked, how often it may happen."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from emulation import returns
from emulation.models import (
    Achievement,
    Category,
    Lateness,
    PolicyDocument,
    Review,
    ReviewNote,
    State,
)
from emulation.services.achievement import change_achievement
from emulation.services.review import review_achievement, submit_achievement
from emulation.services.withdrawal import reopen_achievement, withdraw_achievement
from journal.models import Event
from tests import world as w

RETURNED, VERIFIED = Review.Decision.RETURNED, Review.Decision.VERIFIED


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def judge(world: w.World, row: Achievement, decision: Review.Decision, **values: Any) -> Review:
    given = {"by": world.thu, "revision": row.revision, "reason": w.RETURN_REASON}
    return review_achievement(achievement=row, decision=decision, **(given | values))


def change(world: w.World, row: Achievement, **values: Any) -> Achievement:
    row.refresh_from_db()
    return change_achievement(
        achievement=row, by=world.an, version=row.version, values=values, particulars={}
    )


def refused(act: Any) -> ValidationError:
    before = Event.objects.count(), Review.objects.count(), ReviewNote.objects.count()
    with pytest.raises(ValidationError) as caught:
        act()
    assert (Event.objects.count(), Review.objects.count(), ReviewNote.objects.count()) == before
    return caught.value


# What is open


def test_everything_is_open_in_a_draft_and_nothing_in_what_was_sent(world: w.World) -> None:
    assert returns.open_fields(w.draft(world)) is None
    row = w.sent(world)
    assert returns.open_fields(row) == frozenset()
    assert returns.notes_of(row) == {}
    assert returns.last_return(row) is None


@pytest.mark.parametrize(
    ("noted", "opened"),
    [
        ({"title"}, {"title"}),
        ({"description", "files"}, {"description", "files"}),
        ({"started_on"}, {"started_on", "ended_on"}),
        ({"quantity"}, {"quantity", "target", "files"}),
        ({"target"}, {"quantity", "target", "files"}),
        ({"number"}, {"number", "issuer", "issued_on", "status"}),
        ({"gifts"}, {"gifts", "families", "value"}),
    ],
)
def test_parts_open_with_those_they_are_checked_against(noted: set[str], opened: set[str]) -> None:
    assert returns.with_their_kind(noted) == opened


def test_a_return_opens_what_it_names(world: w.World) -> None:
    row = w.returned(world, title="Ghi rõ tên", started_on="Ngày nào?")
    assert returns.open_fields(row) == {"title", "started_on", "ended_on"}
    assert returns.notes_of(row) == {"title": "Ghi rõ tên", "started_on": "Ngày nào?"}
    review = returns.last_return(row)
    assert review
    assert (review.by, review.revision) == (world.thu, 1)


def test_the_last_return_counts(world: w.World) -> None:
    row = submit_achievement(achievement=w.returned(world), by=world.an)
    row = w.returned(world, row, description="Nói rõ cách làm")
    assert returns.open_fields(row) == {"description"}
    assert returns.times_returned(row) == 2


def test_what_was_returned_before_there_were_notes_is_open(world: w.World) -> None:
    row = w.returned(world)
    ReviewNote.objects.all().delete()
    assert returns.open_fields(row) is None
    assert change(world, row, description="Viết thêm").description == "Viết thêm"


def test_open_parts_change_and_the_others_stay(world: w.World) -> None:
    row = w.returned(world, title="Ghi rõ tên")
    assert change(world, row, title="Tên đủ").title == "Tên đủ"
    events = Event.objects.count()
    both = {"title": "Khác nữa", "description": "Lén sửa"}
    assert refused(lambda: change(world, row, **both)).code == "part_locked"
    row.refresh_from_db()
    assert (row.title, row.description) == ("Tên đủ", "")
    assert Event.objects.count() == events


def test_a_locked_part_may_be_sent_along_unchanged(world: w.World) -> None:
    row = w.returned(world, title="Ghi rõ tên")
    after = change(
        world, row, title="Tên đủ", started_on=w.DAY, description="", category="advisory"
    )
    assert after.title == "Tên đủ"
    assert refused(lambda: change(world, row, category="reform")).code == "part_locked"


def test_particulars_open_column_by_column(world: w.World) -> None:
    row = w.draft(world, category=Category.POLICY_DOCUMENT)
    PolicyDocument.objects.create(achievement=row, kind="plan", about="Kế hoạch", status="built")
    row = submit_achievement(achievement=row, by=world.an)
    row = w.returned(world, row, about="Ghi đủ trích yếu")

    def complete(**particulars: Any) -> None:
        row.refresh_from_db()
        change_achievement(
            achievement=row, by=world.an, version=row.version, values={}, particulars=particulars
        )

    complete(kind="plan", about="Kế hoạch năm", status="built")
    assert refused(lambda: complete(kind="report", about="Khác")).code == "part_locked"
    kept = PolicyDocument.objects.get()
    assert (kept.kind, kept.about) == ("plan", "Kế hoạch năm")


def test_what_is_sent_again_is_locked_again(world: w.World) -> None:
    row = w.returned(world)
    row = submit_achievement(achievement=row, by=world.an)
    with pytest.raises(PermissionDenied):
        change(world, row, title="Sửa sau khi gửi")


# What a return needs


def test_a_return_keeps_its_notes_in_the_order_of_the_page(world: w.World) -> None:
    row = w.sent(world)
    notes = {
        "files": "Thêm xác nhận",
        "description": "  Nói rõ  ",
        "title": "Rõ hơn",
        "target": " ",
    }
    review = judge(world, row, RETURNED, notes=notes)
    kept = list(review.notes.values_list("field", "text"))
    assert kept == [("title", "Rõ hơn"), ("description", "Nói rõ"), ("files", "Thêm xác nhận")]
    event = Event.objects.latest("number")
    assert event.verb == "achievement.returned"
    assert event.changes["notes"] == [None, [list(pair) for pair in kept]]
    assert event.changes["revision"] == [None, 1]


@pytest.mark.parametrize(
    "notes",
    [
        {}, {"title": "   "}, {"state": "Đổi đi"}, {"title": "Rõ hơn", "kind": "Loại gì?"},
        {"organization": "Tổ chức nào?"}, {"title": "x" * 501},
    ],
)  # fmt: skip
def test_a_return_needs_a_note_on_a_part_that_there_is(
    world: w.World, notes: dict[str, str]
) -> None:
    row = w.sent(world)
    assert refused(lambda: judge(world, row, RETURNED, notes=notes)).code == "notes"
    row.refresh_from_db()
    assert row.state == State.SUBMITTED


@pytest.mark.parametrize("decision", [VERIFIED, Review.Decision.REJECTED])
def test_only_a_return_takes_notes(world: w.World, decision: Review.Decision) -> None:
    row = w.sent(world)
    assert refused(lambda: judge(world, row, decision, notes={"title": "x"})).code == "notes"
    assert judge(world, row, decision, notes={"title": " "}).decision == decision


def test_a_season_says_how_often_something_returns(world: w.World) -> None:
    world.season.max_returns = 2
    world.season.save()
    row = w.sent(world)
    for _ in range(2):
        row = submit_achievement(achievement=w.returned(world, row), by=world.an)
    error = refused(lambda: judge(world, row, RETURNED, notes={"title": "Lần ba"}))
    assert error.code == "returns"
    assert "Đã trả lại 2 lần" in error.messages[0]
    assert judge(world, row, VERIFIED).revision == 3


def test_withdrawing_does_not_give_new_returns(world: w.World) -> None:
    world.season.max_returns = 1
    world.season.save()
    row = w.returned(world)
    withdraw_achievement(achievement=row, by=world.an, reason="Viết lại từ đầu")
    reopen_achievement(achievement=row, by=world.an)
    assert returns.open_fields(Achievement.objects.get()) is None
    row = submit_achievement(achievement=row, by=world.an)
    assert refused(lambda: judge(world, row, RETURNED, notes={"title": "x"})).code == "returns"


# Late


@pytest.fixture
def after_the_deadline(world: w.World) -> w.World:
    """Entering and sending ended an hour ago, with a day of grace; verifying goes on."""
    now = timezone.now()
    world.phase.enter = world.phase.submit = False
    world.phase.save()
    w.Phase.objects.create(
        season=world.season, name="Nhập", start=now - timedelta(days=30),
        end=now - timedelta(hours=1), grace_hours=24, enter=True, submit=True,
    )  # fmt: skip
    return world


def test_what_is_sent_in_the_hours_of_grace_is_late(after_the_deadline: w.World) -> None:
    row = w.sent(after_the_deadline)
    assert row.lateness == Lateness.GRACE
    row.refresh_from_db()
    assert row.lateness == Lateness.GRACE


def test_completing_a_return_makes_nothing_late_and_nothing_punctual(world: w.World) -> None:
    early = w.returned(world)
    assert submit_achievement(achievement=early, by=world.an).lateness == ""


def test_a_late_one_stays_late_after_its_return(after_the_deadline: w.World) -> None:
    world = after_the_deadline
    row = w.returned(world, w.sent(world))
    late = timezone.now() + timedelta(days=3)  # the hours of grace are over, verifying is not
    row = submit_achievement(achievement=row, by=world.an, at=late)
    assert (row.revision, row.lateness) == (2, Lateness.GRACE)


def test_in_time_then_returned_then_completed_after_the_deadline_is_not_late(
    world: w.World,
) -> None:
    row = w.returned(world)
    world.phase.enter = world.phase.submit = False
    world.phase.save()
    row = submit_achievement(achievement=row, by=world.an)
    assert (row.state, row.lateness) == (State.SUBMITTED, "")


def test_a_redeemed_late_code_is_told(world: w.World) -> None:
    now = timezone.now()
    row = w.draft(world)
    world.phase.enter = world.phase.submit = False
    world.phase.save()
    world.season.late_codes.create(
        unit=world.a, code="MUON", until=now + timedelta(days=1), reason="Mất điện", by=world.thu,
        at=now, redeemed_by=world.an, redeemed_at=now,
    )  # fmt: skip
    assert submit_achievement(achievement=row, by=world.an).lateness == Lateness.CODE
