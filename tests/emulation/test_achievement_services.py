from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from emulation.models import Achievement, Category, Evidence, PolicyDocument, Review, State
from emulation.models.achievement import TRANSITIONS
from emulation.services.achievement import change_achievement, enter_achievement, particulars
from emulation.services.evidence import MAX_FILES, attach_evidence, remove_evidence
from emulation.services.review import review_achievement, start_review, submit_achievement
from emulation.services.withdrawal import reopen_achievement, withdraw_achievement
from journal.models import Event
from journal.queries import history
from tests import world as w

REASON = "Thiếu xác nhận của nhà trường ở trang hai"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def verbs(row: Achievement) -> list[str]:
    return [event.verb for event in history(row)][::-1]


def test_numbers_follow_within_the_season(world: w.World) -> None:
    assert [w.draft(world).number for _ in range(3)] == [1, 2, 3]
    assert w.draft(world).code == f"TT-{w.YEAR}-0004"


def test_a_second_click_on_save_finds_the_first_row(world: w.World) -> None:
    key, events = uuid4(), Event.objects.count()
    values = {"category": Category.ADVISORY, "title": "Một"}
    rows = [
        enter_achievement(
            season=world.season, unit=world.a, by=world.an, key=key, values=values, particulars={}
        )
        for _ in range(2)
    ]
    assert rows[0] == rows[1]
    assert Achievement.objects.count() == 1
    assert Event.objects.count() == events + 1


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach", "far_secretary"])
def test_only_the_units_staff_enters(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        enter_achievement(
            season=world.season, unit=world.a, by=getattr(world, who), key=uuid4(),
            values={"category": Category.ADVISORY, "title": "Một"}, particulars={},
        )  # fmt: skip
    assert not Achievement.objects.exists()


def test_a_change_is_recorded_with_before_and_after(world: w.World) -> None:
    row = w.draft(world)
    change_achievement(
        achievement=row, by=world.anh, version=1, values={"title": "Báo cáo quý"}, particulars={}
    )
    event = history(row)[0]
    assert event.changes == {"title": ["Báo cáo tháng", "Báo cáo quý"]}
    assert event.actor == world.anh


def test_a_stale_form_never_overwrites_a_newer_one(world: w.World) -> None:
    row = w.draft(world)
    args: dict[str, Any] = {"achievement": row, "version": 1, "particulars": {}}
    change_achievement(**args, by=world.an, values={"title": "Của An"})
    with pytest.raises(ValidationError) as caught:
        change_achievement(**args, by=world.anh, values={"title": "Của Anh"})
    assert caught.value.code == "stale"
    row.refresh_from_db()
    assert row.title == "Của An"


def test_particulars_live_beside_the_achievement(world: w.World) -> None:
    row = w.draft(world, category=Category.POLICY_DOCUMENT)
    change_achievement(
        achievement=row, by=world.an, version=1, values={},
        particulars={"kind": "scheme", "about": "Đề án mẫu", "status": "built"},
    )  # fmt: skip
    made = particulars(row)
    assert isinstance(made, PolicyDocument)
    assert made.about == "Đề án mẫu"


def test_submit_moves_and_counts_the_revision(world: w.World) -> None:
    row = w.sent(world)
    assert (row.state, row.revision) == (State.SUBMITTED, 1)
    assert verbs(row) == ["achievement.enter", "achievement.submit"]


def test_a_second_click_on_submit_changes_nothing(world: w.World) -> None:
    row = w.sent(world)
    with pytest.raises(ValidationError) as caught:
        submit_achievement(achievement=row, by=world.an)
    assert caught.value.code == "transition"
    row.refresh_from_db()
    assert row.revision == 1
    assert verbs(row).count("achievement.submit") == 1


def test_the_deadline_is_to_the_second(world: w.World) -> None:
    late, early = w.draft(world), w.draft(world)
    end = world.phase.end
    submit_achievement(achievement=early, by=world.an, at=end - timedelta(seconds=1))
    with pytest.raises(ValidationError) as caught:
        submit_achievement(achievement=late, by=world.an, at=end)
    assert caught.value.code == "closed"
    late.refresh_from_db()
    assert late.state == State.DRAFT


def test_submit_names_what_is_missing(world: w.World) -> None:
    row = w.draft(world, started_on=None, quantity=Decimal(2), target=world.target)
    with pytest.raises(ValidationError) as caught:
        submit_achievement(achievement=row, by=world.an)
    assert set(caught.value.message_dict) == {"started_on", "files"}
    w.attach(world, row)
    row.started_on = w.DAY
    row.save()
    assert submit_achievement(achievement=row, by=world.an).state == State.SUBMITTED


def test_evidence_is_kept_under_a_random_name(world: w.World) -> None:
    row = w.draft(world)
    made = w.attach(world, row)
    assert made.name == "anh.png"
    assert "anh" not in made.file.name
    assert made.file.read() == w.picture().read()
    assert verbs(row) == ["achievement.enter", "evidence.attach"]


def test_the_same_file_twice_is_refused_and_leaves_no_file(world: w.World) -> None:
    row = w.draft(world)
    made = w.attach(world, row)
    with pytest.raises(ValidationError) as caught:
        w.attach(world, row)
    assert caught.value.code == "doubled"
    folder = made.file.storage.listdir(made.file.name.rsplit("/", 1)[0])
    assert made.file.name.rsplit("/", 1)[1] in folder[1]
    assert Evidence.objects.count() == 1


def test_a_disguised_file_is_refused(world: w.World) -> None:
    row = w.draft(world)
    with pytest.raises(ValidationError, match=r"bao-cao\.pdf"):
        attach_evidence(
            achievement=row, by=world.an, name="bao-cao.pdf", file=BytesIO(b"<html>"), size=6
        )
    assert not Evidence.objects.exists()


def test_too_many_files_are_refused(world: w.World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_FILES == 20
    monkeypatch.setattr("emulation.services.evidence.MAX_FILES", 1)
    row = w.draft(world)
    w.attach(world, row)
    file = w.picture("red")
    with pytest.raises(ValidationError) as caught:
        attach_evidence(
            achievement=row, by=world.an, name="b.png", file=file, size=len(file.getvalue())
        )
    assert caught.value.code == "too_many"


@pytest.mark.django_db(transaction=True)
def test_removed_evidence_is_gone_after_the_commit() -> None:
    world = w.build()
    row = w.draft(world)
    made = w.attach(world, row)
    storage, path = made.file.storage, made.file.name
    remove_evidence(evidence=made, by=world.an)
    assert not storage.exists(path)
    assert verbs(row)[-1] == "evidence.remove"


def test_what_was_sent_is_closed_to_the_unit(world: w.World) -> None:
    row = w.sent(world)
    for act in (
        lambda: change_achievement(
            achievement=row, by=world.an, version=row.version, values={"title": "x"}, particulars={}
        ),
        lambda: w.attach(world, row),
    ):
        with pytest.raises(PermissionDenied):
            act()


def judge(world: w.World, row: Achievement, decision: str = "verified", **values: Any) -> Review:
    values = {"by": world.thu, "revision": row.revision, "reason": ""} | values
    if decision == "returned":
        values.setdefault("notes", {"title": "Ghi rõ việc đã làm"})
    return review_achievement(achievement=row, decision=Review.Decision(decision), **values)


def test_return_complete_send_again_verify(world: w.World) -> None:
    row = w.sent(world)
    start_review(achievement=row, by=world.thu)
    judge(world, row, "returned", reason=REASON, deadline=timezone.localdate())
    row.refresh_from_db()
    assert row.state == State.RETURNED
    change_achievement(
        achievement=row, by=world.an, version=row.version, values={"title": "Đủ"}, particulars={}
    )
    row = submit_achievement(achievement=row, by=world.an)
    assert row.revision == 2
    judge(world, row)
    row.refresh_from_db()
    assert row.state == State.VERIFIED
    assert [review.decision for review in row.reviews.all()] == ["verified", "returned"]
    assert verbs(row) == [
        "achievement.enter", "achievement.submit", "achievement.start_review",
        "achievement.returned", "achievement.change", "achievement.submit", "achievement.verified",
    ]  # fmt: skip


@pytest.mark.parametrize("decision", ["returned", "rejected"])
@pytest.mark.parametrize("reason", ["", "ngắn", " " * 40])
def test_a_refusal_needs_a_reason(world: w.World, decision: str, reason: str) -> None:
    row = w.sent(world)
    with pytest.raises(ValidationError) as caught:
        judge(world, row, decision, reason=reason)
    assert "reason" in caught.value.message_dict
    row.refresh_from_db()
    assert row.state == State.SUBMITTED


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_clusters_secretary_judges(world: w.World, who: str) -> None:
    row = w.sent(world)
    with pytest.raises(PermissionDenied):
        judge(world, row, by=getattr(world, who))


def test_nobody_judges_their_own_unit(world: w.World) -> None:
    w.appoint(world.an, w.Role.SECRETARY, cluster=world.season.cluster)
    row = w.sent(world)
    with pytest.raises(PermissionDenied):
        judge(world, row, by=world.an)


def test_judging_a_revision_that_was_replaced_is_refused(world: w.World) -> None:
    row = w.sent(world)
    judge(world, row, "returned", reason=REASON)
    row = submit_achievement(achievement=row, by=world.an)
    with pytest.raises(ValidationError) as caught:
        judge(world, row, revision=1)
    assert caught.value.code == "stale"


def test_judging_twice_is_refused(world: w.World) -> None:
    row = w.sent(world)
    judge(world, row)
    with pytest.raises(ValidationError) as caught:
        judge(world, row, "rejected", reason=REASON)
    assert caught.value.code == "transition"


def acts(world: w.World, row: Achievement) -> dict[State, Callable[[], Any]]:
    return {
        State.SUBMITTED: lambda: submit_achievement(achievement=row, by=world.an),
        State.UNDER_REVIEW: lambda: start_review(achievement=row, by=world.thu),
        State.VERIFIED: lambda: judge(world, row),
        State.RETURNED: lambda: judge(world, row, "returned", reason=REASON),
        State.REJECTED: lambda: judge(world, row, "rejected", reason=REASON),
        State.WITHDRAWN: lambda: withdraw_achievement(
            achievement=row, by=world.an, reason="Nhập nhầm đơn vị"
        ),
        State.DRAFT: lambda: reopen_achievement(achievement=row, by=world.an),
    }


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", [state for state in State if state != State.LOCKED])
def test_only_listed_transitions_happen(world: w.World, before: State, after: State) -> None:
    row = w.draft(world)
    Achievement.objects.filter(pk=row.pk).update(
        state=before, revision=0 if before == State.DRAFT else 1, submitted_at=timezone.now()
    )
    row.refresh_from_db()
    act = acts(world, row)[after]
    if after in TRANSITIONS[before]:
        act()
        row.refresh_from_db()
        assert row.state == after
    else:
        with pytest.raises((ValidationError, PermissionDenied)):
            act()
        row.refresh_from_db()
        assert row.state == before


@pytest.mark.parametrize(
    "values",
    [
        {"unit": None},
        {"quantity": Decimal(-1)},
        {"state": State.SUBMITTED, "submitted_at": None},
        {"ended_on": w.DAY - timedelta(days=1)},
    ],
)
def test_the_database_refuses_nonsense(world: w.World, values: dict[str, Any]) -> None:
    row = w.draft(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Achievement.objects.filter(pk=row.pk).update(**values)


def test_a_refusal_without_reason_does_not_enter_the_database(world: w.World) -> None:
    row = w.sent(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.create(
            achievement=row, revision=1, decision="rejected", at=timezone.now(), by=world.thu
        )


def test_visible_to_each(world: w.World) -> None:
    mine = w.draft(world)
    out = w.sent(world)
    seen = {
        name: set(Achievement.objects.visible_to(getattr(world, name)))
        for name in ("an", "anh", "binh", "thu", "lan", "quang", "khach", "far_secretary")
    }
    assert seen == {
        "an": {mine, out}, "anh": {mine, out}, "binh": set(), "thu": {out}, "lan": {out},
        "quang": {mine, out}, "khach": set(), "far_secretary": set(),
    }  # fmt: skip
