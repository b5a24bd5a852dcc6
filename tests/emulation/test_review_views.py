import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Role
from emulation.models import Achievement, Category, Message, Review, State
from emulation.services import review as services
from emulation.services.achievement import change_achievement
from emulation.services.thread import write_message
from journal.models import Event
from tests import world as w
from tests.journeys.walker import Page

REASON = "Thiếu xác nhận của nhà trường ở trang hai"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(row: Achievement, name: str = "achievement_review") -> str:
    return reverse(name, args=[row.season.slug, row.number])


def decide(client: Client, row: Achievement, decision: str, **changes: Any) -> Any:
    typed = {
        "decision": decision, "revision": row.revision, "reason": "", "deadline": "", "refusal": "",
    }  # fmt: skip
    return client.post(address(row), typed | changes)


def shown(client: Client, row: Achievement) -> str:
    response = client.get(address(row))
    assert response.status_code == 200
    return response.content.decode()


def test_page_shows_claim_evidence_and_history(client: Client, world: w.World) -> None:
    draft = w.draft(world, title="Tham mưu kế hoạch quý", description="Hai bản kế hoạch")
    file = w.attach(world, draft)
    sent = services.submit_achievement(achievement=draft, by=world.an)
    client.force_login(world.thu)
    text = shown(client, sent)
    assert "Tham mưu kế hoạch quý" in text
    assert "Hai bản kế hoạch" in text
    assert str(Category.ADVISORY.label) in text
    assert reverse("evidence_download", args=["gan", sent.number, file.pk]) in text
    assert "Gửi thư ký cụm" in text  # the history
    assert "Mục 1/1" in text


def test_page_without_evidence_says_what_to_do(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    assert "Đơn vị không đính kèm tệp nào" in shown(client, w.sent(world))


def test_page_warns_of_a_file_that_proves_something_else_too(
    client: Client, world: w.World
) -> None:
    first, second = w.draft(world), w.draft(world, by=world.binh)
    w.attach(world, first)
    w.attach(world, second, by=world.binh)
    first = services.submit_achievement(achievement=first, by=world.an)
    client.force_login(world.thu)
    assert "Trùng tệp" not in shown(client, first)  # the other is a draft still
    second = services.submit_achievement(achievement=second, by=world.binh)
    text = shown(client, first)
    assert "1 tệp minh chứng dùng ở nơi khác" in text
    assert "Trùng tệp" in text
    assert second.code in text


def test_page_walks_the_queue_by_time_of_sending(client: Client, world: w.World) -> None:
    first, second, third = (w.sent(world, title=f"Việc {n}") for n in (1, 2, 3))
    client.force_login(world.thu)
    text = shown(client, second)
    assert "Mục 2/3" in text
    assert address(first) in text
    assert address(third) in text


def test_verified_goes_on_to_the_next_and_round_to_the_first(
    client: Client, world: w.World
) -> None:
    first, second, third = (w.sent(world) for _ in range(3))
    client.force_login(world.thu)
    assert decide(client, second, "verified")["Location"] == address(third)
    assert decide(client, third, "verified")["Location"] == address(first)
    last = decide(client, first, "verified")
    assert last["Location"] == reverse("season_home", args=["gan"])
    assert set(Achievement.objects.values_list("state", flat=True)) == {State.VERIFIED}
    assert Event.objects.filter(verb="achievement.verified").count() == 3


def test_nothing_left_is_told(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.thu)
    response = client.post(
        address(row), {"decision": "verified", "revision": row.revision}, follow=True
    )
    assert "Không còn mục nào chờ xử lý" in response.content.decode()


def test_returned_keeps_reason_and_deadline(client: Client, world: w.World) -> None:
    row = w.sent(world)
    day = timezone.localdate() + timedelta(days=5)
    client.force_login(world.thu)
    typed = {"reason": REASON, "deadline": day.isoformat(), "note-title": "Ghi tên trường"}
    response = decide(client, row, "returned", **typed)
    assert response.status_code == 302
    review = Review.objects.get()
    assert (review.decision, review.reason, review.deadline) == ("returned", REASON, day)
    assert list(review.notes.values_list("field", "text")) == [("title", "Ghi tên trường")]
    row.refresh_from_db()
    assert row.state == State.RETURNED


def test_rejected_keeps_its_reason(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.thu)
    decide(client, row, "rejected", refusal=REASON)
    assert Review.objects.get().reason == REASON


@pytest.mark.parametrize(
    ("decision", "changes", "message"),
    [
        ("returned", {"reason": "ngắn"}, "Nêu lý do trả lại, ít nhất 20 ký tự"),
        ("rejected", {"refusal": "ngắn"}, "Nêu lý do không công nhận, ít nhất 20 ký tự"),
        ("returned", {"reason": " " * 40}, "Nêu lý do trả lại, ít nhất 20 ký tự"),
        ("returned", {"reason": REASON, "deadline": "2020-01-01"}, "từ hôm nay trở đi"),
        ("returned", {"reason": REASON, "deadline": "2999-01-01"}, "ngày cuối của kỳ thẩm định"),
        ("returned", {"reason": REASON, "deadline": "mai"}, "Nhập ngày theo dạng"),
        ("returned", {"reason": "x" * 2001}, "còn tối đa 2000 ký tự"),
        ("returned", {"reason": REASON + "\x00"}, "ký tự không đọc được"),
        ("returned", {"reason": REASON}, "Ghi ý kiến tại ít nhất một phần"),
        ("returned", {"reason": REASON, "note-title": "x" * 501}, "còn tối đa 500 ký tự"),
        ("verified", {"note-title": "Ghi rõ"}, "Ý kiến tại từng phần chỉ gửi khi trả lại"),
        ("rejected", {"refusal": REASON, "note-files": "Mờ"}, "chỉ gửi khi trả lại bổ sung"),
        ("locked", {}, "Chọn một mục có trong danh sách"),
        ("verified", {"revision": ""}, "Nhập bản sửa"),
    ],
)
def test_decision_that_lacks_something_keeps_what_was_typed(
    client: Client, world: w.World, decision: str, changes: dict[str, str], message: str
) -> None:
    row = w.sent(world)
    client.force_login(world.thu)
    response = decide(client, row, decision, **changes)
    text = response.content.decode()
    assert response.status_code == 200
    assert message in text
    assert ("<details open>" in text) == (decision in {"returned", "rejected"})
    for typed in changes.values():
        assert typed.strip()[:20] in text
    row.refresh_from_db()
    assert row.state == State.SUBMITTED


def test_a_newer_revision_is_shown_before_it_is_judged(client: Client, world: w.World) -> None:
    row = w.returned(world)
    change_achievement(
        achievement=row, by=world.an, version=3, values={"title": "Tên mới"}, particulars={}
    )
    services.submit_achievement(achievement=row, by=world.an)
    client.force_login(world.thu)
    response = decide(client, row, "verified", revision=1)
    text = response.content.decode()
    assert "Đơn vị vừa gửi bản sửa mới" in text
    assert marked(text, "del") == ["Báo cáo tháng"]
    assert marked(text, "ins") == ["Tên mới"]
    assert 'name="revision" value="2"' in text
    row.refresh_from_db()
    assert row.state == State.SUBMITTED
    assert decide(client, row, "verified", revision=2).status_code == 302


def marked(text: str, tag: str) -> list[str]:
    """The runs of words marked as gone (del) or new (ins), without the word for listeners."""
    label = {"del": "bỏ:", "ins": "thêm:"}[tag]
    pattern = rf'<{tag}><span class="visually-hidden">{label} </span>(.*?)</{tag}>'
    return [found.strip() for found in re.findall(pattern, text)]


def test_page_shows_what_changed_after_a_return(client: Client, world: w.World) -> None:
    row = w.returned(world, title="Tên?", started_on="Ngày?", quantity="Bao nhiêu?", files="Đâu?")
    other_day = w.DAY + timedelta(days=1)
    for values in (
        {"started_on": other_day},
        {"quantity": 3, "target": world.target, "title": "Một"},
        {"title": "Hai"},
    ):
        row = change_achievement(
            achievement=row, by=world.an, version=row.version, values=values, particulars={}
        )
    w.attach(world, row)
    services.submit_achievement(achievement=row, by=world.an)
    client.force_login(world.thu)
    text = shown(client, row)
    assert "Sửa sau khi gửi lần trước: 5 phần" in text
    assert marked(text, "del") == ["Báo cáo tháng", f"{w.DAY:%d/%m/%Y}"]
    assert marked(text, "ins") == ["Hai", f"{other_day:%d/%m/%Y}", "Báo cáo", "3 bản", "anh.png"]
    assert "Lần trước yêu cầu: Bao nhiêu?" in text
    assert reverse("achievement_revisions", args=["gan", row.number]) in text


def test_each_part_has_a_note_what_is_empty_too(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.thu)
    form = next(f for f in Page(shown(client, row)).forms if f.key == "ket-luan")
    parts = ["title", "started_on", "ended_on", "target", "quantity", "description", "files"]
    assert {f"note-{part}" for part in parts} <= form.names
    assert "note-organization" not in form.names
    assert list(form.buttons) == [
        "Trả lại bổ sung", "Gửi trao đổi", "Công nhận và sang mục tiếp theo", "Không công nhận"
    ]  # fmt: skip


def test_after_the_last_return_there_is_no_other(client: Client, world: w.World) -> None:
    world.season.max_returns = 1
    world.season.save()
    row = services.submit_achievement(achievement=w.returned(world), by=world.an)
    client.force_login(world.thu)
    text = shown(client, row)
    assert "Đã trả lại 1 lần, là số lần tối đa của kỳ" in text
    assert "Trả lại bổ sung…" not in text
    assert "note-title" not in text
    response = decide(client, row, "returned", reason=REASON, **{"note-title": "Nữa"})
    assert response.status_code == 200
    assert "Đã trả lại 1 lần, là số lần tối đa của kỳ" in response.content.decode()
    assert Review.objects.count() == 1
    assert decide(client, row, "verified").status_code == 302


def test_a_message_leaves_what_was_typed(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.thu)
    typed = {"then": "message", "text": "Trang hai ở đâu?", "reason": "Chưa rõ", "note-files": "Mờ"}
    text = client.post(address(row), typed | {"revision": row.revision}).content.decode()
    assert Message.objects.get().text == "Trang hai ở đâu?"
    form = next(f for f in Page(text).forms if f.key == "ket-luan")
    assert form.values["reason"] == ["Chưa rõ"]
    assert form.values["note-files"] == ["Mờ"]
    assert form.values["text"] == [""]
    assert "Trang hai ở đâu?" in text
    assert not Review.objects.exists()
    empty = client.post(address(row), typed | {"text": " "}).content.decode()
    assert "Nhập nội dung trao đổi" in empty
    assert Message.objects.count() == 1


def test_late_is_told(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.thu)
    pages = [address(row), address(row, "achievement_detail")]
    pages += [reverse("achievement_list", args=["gan"]), reverse("season_home", args=["gan"])]
    for page in pages:
        assert "Gửi muộn" not in client.get(page).content.decode(), page
    Achievement.objects.update(lateness="grace")
    for page in pages:
        assert "Gửi muộn" in client.get(page).content.decode(), page


def test_the_page_costs_the_same_whatever_lies_on_it(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    bare, full = w.sent(world), w.sent(world)
    for _ in range(3):
        full = w.returned(world, full, title="Rõ hơn", files="Thêm", description="Nữa")
        for n in range(4):
            write_message(achievement=full, by=world.an, text=f"Trang {n}")
            write_message(achievement=full, by=world.thu, text=f"Trang {n}?")
        full = services.submit_achievement(achievement=full, by=world.an)
    counts = []
    for row in (full, bare, full):
        with CaptureQueriesContext(connection) as asked:
            shown(client, row)
        counts.append(len(asked))
    # The bare one has no thread (who is a secretary) and no earlier notes.
    assert counts[0] == counts[2]
    assert counts[1] <= counts[2] <= counts[1] + 3


def test_what_was_judged_meanwhile_is_told_and_stays(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.thu)
    decide(client, row, "verified")
    for response in (client.get(address(row)), decide(client, row, "rejected", refusal=REASON)):
        assert response.status_code == 302
        assert response["Location"] == address(row, "achievement_detail")
    row.refresh_from_db()
    assert row.state == State.VERIFIED


def test_taking_it_up_is_told_once(client: Client, world: w.World) -> None:
    row = w.sent(world)
    client.force_login(world.thu)
    for _ in range(2):
        response = client.post(address(row, "achievement_start_review"))
        assert response["Location"] == address(row)
    row.refresh_from_db()
    assert row.state == State.UNDER_REVIEW
    assert Event.objects.filter(verb="achievement.start_review").count() == 1
    assert client.get(address(row, "achievement_start_review")).status_code == 405
    decide(client, row, "verified")
    response = client.post(address(row, "achievement_start_review"))
    assert response["Location"] == address(row, "achievement_detail")


@pytest.mark.parametrize(
    ("person", "code"),
    [("an", 403), ("binh", 404), ("lan", 403), ("quang", 403), ("far_secretary", 404)],
)
def test_only_the_secretary_judges(client: Client, world: w.World, person: str, code: int) -> None:
    row = w.sent(world)
    client.force_login(getattr(world, person))
    assert client.get(address(row)).status_code == code
    assert decide(client, row, "verified").status_code == code
    row.refresh_from_db()
    assert row.state == State.SUBMITTED


def test_the_own_unit_is_judged_by_somebody_else(client: Client, world: w.World) -> None:
    row = w.sent(world)
    w.appoint(world.thu, Role.UNIT_STAFF, unit=world.a)
    client.force_login(world.thu)
    assert client.get(address(row)).status_code == 403
    assert decide(client, row, "verified").status_code == 403


def test_drafts_do_not_exist_for_the_secretary(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    assert client.get(address(w.draft(world))).status_code == 404


def test_nothing_is_judged_outside_the_phase(client: Client, world: w.World) -> None:
    row = w.sent(world)
    world.phase.verify = False
    world.phase.save()
    client.force_login(world.thu)
    assert decide(client, row, "verified").status_code == 403
