"""The thread between a unit and the secretariat."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Appointment, Role
from emulation.models import Achievement, Message
from emulation.services.review import review_achievement
from emulation.services.thread import write_message
from emulation.services.withdrawal import reopen_achievement, withdraw_achievement
from emulation.talk import said_about
from journal.models import Event
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def say(
    world: w.World, row: Achievement, who: str = "an", text: str = "Trang nào?", **more: Any
) -> Message:
    return write_message(achievement=row, by=getattr(world, who), text=text, **more)


def address(row: Achievement) -> str:
    return reverse("achievement_message", args=[row.season.slug, row.number])


@pytest.mark.parametrize("who", ["an", "anh", "thu"])
def test_both_sides_write(world: w.World, who: str) -> None:
    row = w.sent(world)
    message = say(world, row, who, "  Trang hai  ")
    assert (message.text, message.by) == ("Trang hai", getattr(world, who))
    event = Event.objects.latest("number")
    assert (event.verb, event.subject_id) == ("achievement.message", str(row.pk))
    # What was said stands in the thread alone.
    assert "Trang hai" not in str(event.changes) + event.reason


@pytest.mark.parametrize("who", ["binh", "lan", "quang", "khach", "far_secretary"])
def test_nobody_else_writes(world: w.World, who: str) -> None:
    row = w.sent(world)
    with pytest.raises(PermissionDenied):
        say(world, row, who)
    assert not Message.objects.exists()


def test_the_talk_begins_with_the_first_sending(world: w.World) -> None:
    with pytest.raises(PermissionDenied):
        say(world, w.draft(world))


def test_what_was_taken_back_is_no_longer_talked_about(world: w.World) -> None:
    row = w.sent(world)
    withdraw_achievement(achievement=row, by=world.an, reason="Nhập nhầm đơn vị")
    with pytest.raises(PermissionDenied):
        say(world, row, "thu")
    reopen_achievement(achievement=row, by=world.an)
    with pytest.raises(PermissionDenied):
        say(world, row)


def test_after_the_conclusion_the_talk_goes_on(world: w.World) -> None:
    row = w.sent(world)
    review_achievement(
        achievement=row, by=world.thu, decision=w.Review.Decision.VERIFIED, revision=1
    )
    assert say(world, row).text == "Trang nào?"


def test_a_closed_season_is_silent(world: w.World) -> None:
    row = w.sent(world)
    world.season.closed_at, world.season.closed_by = timezone.now(), world.thu
    world.season.save()
    with pytest.raises(PermissionDenied):
        say(world, row)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), (" \n ", "empty"), ("x" * 2001, "long"), ("Kèm văn bản TỐI MẬT", "secret")],
)
def test_what_is_no_message_is_refused(world: w.World, text: str, code: str) -> None:
    row = w.sent(world)
    events = Event.objects.count()
    with pytest.raises(ValidationError) as caught:
        say(world, row, text=text)
    assert caught.value.error_dict["text"][0].code == code
    assert (Event.objects.count(), Message.objects.count()) == (events, 0)


def test_a_second_click_finds_the_first_message(world: w.World) -> None:
    row, now = w.sent(world), timezone.now()
    first = say(world, row, at=now)
    assert say(world, row, at=now + timedelta(seconds=5)) == first
    assert Event.objects.filter(verb="achievement.message").count() == 1
    # The same words of somebody else, after an answer, or another day are messages.
    assert say(world, row, "thu", at=now) != first
    assert say(world, row, at=now) != first
    assert say(world, row, at=now + timedelta(days=1)).pk
    assert Message.objects.count() == 4


def test_messages_are_read_oldest_first_with_their_side(world: w.World) -> None:
    row, now = w.sent(world), timezone.now()
    for minute, (who, text) in enumerate([("an", "Hỏi"), ("thu", "Đáp"), ("anh", "Rõ")]):
        say(world, row, who, text, at=now + timedelta(minutes=minute))
    assert [(said.text, said.side) for said in said_about(row)] == [
        ("Hỏi", "Đơn vị A"), ("Đáp", "thư ký cụm"), ("Rõ", "Đơn vị A"),
    ]  # fmt: skip


def test_a_former_secretary_was_one_at_the_time(world: w.World) -> None:
    row = w.sent(world)
    say(world, row, "thu")
    post = Appointment.objects.filter(user=world.thu, role=Role.SECRETARY)
    post.update(end=timezone.localdate())
    assert said_about(row)[0].side == "thư ký cụm"
    post.update(end=timezone.localdate() - timedelta(days=1))
    assert said_about(row)[0].side == "Đơn vị A"


def test_two_queries_however_many_messages(world: w.World) -> None:
    row, now = w.sent(world), timezone.now()
    costs = []
    for size in (1, 40):
        for n in range(size):
            say(world, row, text=f"Lần {size}/{n}", at=now)
        row = Achievement.objects.select_related("season", "unit").get(pk=row.pk)
        with CaptureQueriesContext(connection) as asked:
            assert len(said_about(row)) >= size
        costs.append(len(asked))
    assert costs == [2, 2]


# The pages


def test_the_thread_stands_on_the_page_of_the_achievement(client: Client, world: w.World) -> None:
    row = w.sent(world)
    say(world, row, "thu", "Thiếu trang hai")
    detail = reverse("achievement_detail", args=["gan", row.number])
    client.force_login(world.an)
    text = client.get(detail).content.decode()
    assert "Thiếu trang hai" in text
    assert f'action="{address(row)}"' in text
    client.force_login(world.lan)
    text = client.get(detail).content.decode()
    assert "Thiếu trang hai" in text
    assert f'action="{address(row)}"' not in text


def test_a_message_is_sent_and_shown(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.an)
    assert "Chưa có trao đổi nào" in client.get(address(row)).content.decode()
    response = client.post(address(row), {"text": "Đã bổ sung <b>"})
    assert response["Location"].endswith(f"/thanh-tich/{row.number}/#trao-doi")
    text = client.get(response["Location"].partition("#")[0]).content.decode()
    assert "Đã bổ sung &lt;b&gt;" in text
    assert "Đã gửi trao đổi" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Nhập nội dung trao đổi"),
        ("dài " * 600, "tối đa 2000 ký tự"),
        ("Bản có dấu TUYỆT MẬT", "TUYỆT MẬT"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, world: w.World, text: str, message: str
) -> None:
    row = w.sent(world)
    client.force_login(world.an)
    page = client.post(address(row), {"text": text}).content.decode()
    assert message in page
    assert text.strip()[:30] in page
    assert not Message.objects.exists()
