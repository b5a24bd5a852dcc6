"""The life of an import: kept, claimed, checked, confirmed, written whole; once, whoever asks."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emulation import broker, tasks
from emulation.models import Achievement, Import, ImportState, State
from emulation.services import importing as services
from emulation.services.closing import close_season
from emulation.services.importing import Claim
from journal.models import Event
from tests import world as w
from tests.emulation import import_files as f

NOW = timezone.now()


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def upload(world: w.World, content: bytes | None = None, **values: Any) -> Import:
    content = f.workbook(f.good_rows(3)) if content is None else content
    known: dict[str, Any] = {
        "season": world.season, "unit": world.a, "by": world.an, "key": uuid4(),
        "name": "thang.xlsx", "file": BytesIO(content), "size": len(content),
        "enqueue": lambda pk: None,
    }  # fmt: skip
    return services.upload_import(**known | values)


def checked(world: w.World, content: bytes | None = None) -> Import:
    row = upload(world, content)
    tasks.run_import_task(row.pk)
    row.refresh_from_db()
    return row


def confirm(world: w.World, row: Import, **values: Any) -> Import:
    known: dict[str, Any] = {"row": row, "by": world.an, "enqueue": lambda pk: None}
    return services.confirm_import(**known | values)


def verbs(row: Import) -> list[str]:
    rows = Event.objects.filter(subject_kind="emulation.import", subject_id=str(row.pk))
    return list(rows.order_by("number").values_list("verb", flat=True))


def claim(row: Import, at: Any = None) -> Claim:
    held = services.claim(pk=row.pk, at=at)
    assert held is not None
    return held


# Uploading


def test_an_upload_keeps_the_file_and_its_fingerprint(world: w.World) -> None:
    content = f.workbook(f.good_rows(1))
    sent: list[int] = []
    row = upload(world, content, enqueue=sent.append)
    row.refresh_from_db()
    assert (row.state, row.name, row.size) == (ImportState.CHECKING, "thang.xlsx", len(content))
    assert row.file.read() == content
    assert "thang" not in row.file.name
    assert verbs(row) == ["import.upload"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_called_after_the_commit() -> None:
    world, sent = w.build(), []
    row = upload(world, enqueue=lambda pk: sent.append((pk, Import.objects.filter(pk=pk).exists())))
    assert sent == [(row.pk, True)]


def test_the_same_key_lands_on_the_same_row_and_leaves_no_second_file(world: w.World) -> None:
    key = uuid4()
    first, second = upload(world, key=key), upload(world, key=key)
    assert first.pk == second.pk
    assert Import.objects.count() == 1
    folder = first.file.storage.listdir(f"imports/{world.season.pk}")
    assert first.file.name.rpartition("/")[2] in folder[1]
    assert verbs(first) == ["import.upload"]


def test_a_key_of_somebody_else_is_refused(world: w.World) -> None:
    key = uuid4()
    upload(world, key=key)
    with pytest.raises(PermissionDenied):
        upload(world, key=key, by=world.binh, unit=world.b)
    assert Import.objects.count() == 1


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach", "far_secretary"])
def test_only_the_unit_uploads(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        upload(world, by=getattr(world, who))
    assert not Import.objects.exists()


def test_nothing_is_uploaded_once_entering_is_closed(world: w.World) -> None:
    with pytest.raises(PermissionDenied):
        upload(world, at=world.phase.end + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsm", b"PK", "macro"),
        ("a.docm", b"PK", "macro"),
        ("a.csv", b"a;b", "extension"),
        ("a.png", w.picture().getvalue(), "extension"),
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"PK\x03\x04 none", "unreadable"),
        ("MẬT a.xlsx", f.workbook(f.good_rows(1)), "secret_name"),
        ("a.docx", f.workbook(f.good_rows(1)), "mismatch"),
    ],
)
def test_other_files_are_refused(world: w.World, name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        upload(world, content, name=name)
    assert refused.value.code == code
    assert not Import.objects.exists()


# Checking


def test_a_second_delivery_of_the_check_finds_nothing_to_do(world: w.World) -> None:
    row = checked(world)
    tasks.run_import_task(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempt) == (ImportState.CHECKED, 1)
    assert verbs(row) == ["import.upload", "import.check"]


def test_two_workers_at_once_hold_one_claim(world: w.World) -> None:
    row = upload(world)
    assert claim(row).attempt == 1
    assert services.claim(pk=row.pk) is None


def test_a_silent_claim_may_be_taken_and_the_first_holder_changes_nothing(world: w.World) -> None:
    row = upload(world)
    first = claim(row, at=NOW)
    assert services.claim(pk=row.pk, at=NOW + services.LEASE) is None
    second = claim(row, at=NOW + services.LEASE + timedelta(seconds=1))
    assert second.attempt == 2
    assert not services.beat(held=first)
    assert not services.check_import(held=first, entries=[], problems=[("A1", "sai")])
    assert services.beat(held=second, rows=10, done=4)
    row.refresh_from_db()
    assert (row.state, row.rows, row.done) == (ImportState.CHECKING, 10, 4)


def test_a_beat_prolongs_the_claim(world: w.World) -> None:
    row = upload(world)
    held = claim(row, at=NOW)
    services.beat(held=held, at=NOW + services.LEASE)
    assert services.claim(pk=row.pk, at=NOW + services.LEASE + timedelta(seconds=5)) is None


def test_progress_is_shown_while_rows_are_judged(
    world: w.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int | None, int | None]] = []
    beat = services.beat

    def note(**values: Any) -> bool:
        seen.append((values.get("rows"), values.get("done")))
        return beat(**values)

    monkeypatch.setattr(services, "beat", note)
    checked(world, f.workbook(f.good_rows(120)))
    assert [pair for pair in seen if pair[0]] == [(120, 0), (120, 50), (120, 100)]


def test_the_check_costs_the_same_queries_for_one_row_and_for_many(world: w.World) -> None:
    counts = []
    checked(world)
    for number in (1, 45):
        with CaptureQueriesContext(connection) as queries:
            rows = [
                f.good(title=f"{number}-{n}", target="Báo cáo (bản)", quantity="1")
                for n in range(number)
            ]
            checked(world, f.workbook(rows))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_check_of_a_lost_claim_stops(world: w.World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = upload(world)
    monkeypatch.setattr(services, "beat", lambda **_values: False)
    tasks.run_import_task(row.pk)
    row.refresh_from_db()
    assert (row.state, row.problems) == (ImportState.CHECKING, [])


def test_an_unforeseen_error_is_said_to_the_reader(
    world: w.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks, "read", broken)
    row = checked(world)
    assert row.state == ImportState.REFUSED
    assert row.problems[0][0] == "Tệp"


# Confirming and writing


def test_a_confirmed_file_becomes_drafts_with_consecutive_numbers(world: w.World) -> None:
    before = w.draft(world)
    rows = [
        *f.good_rows(2),
        f.good(
            category="Vì cộng đồng", title="Tặng quà", community__kind="Thăm hỏi, tặng quà",
            community__gifts=12, community__value=6_000_000, organization="Đoàn Thanh niên",
        ),
        f.good(title="Có chỉ tiêu", target="Báo cáo (bản)", quantity=2.5, is_internal="có"),
    ]  # fmt: skip
    row = confirm(world, checked(world, f.workbook(rows)))
    assert row.state == ImportState.WRITING
    tasks.run_import_task(row.pk)
    row.refresh_from_db()
    assert (row.state, row.rows, row.done) == (ImportState.DONE, 4, 4)
    made = list(row.achievements.order_by("number"))
    assert [one.number - before.number for one in made] == [1, 2, 3, 4]
    assert {one.state for one in made} == {State.DRAFT}
    assert {(one.unit, one.created_by) for one in made} == {(world.a, world.an)}
    assert made[0].started_on == w.DAY
    assert "bao cao so 1" in made[0].search_key
    gift = made[2].community
    assert (gift.kind, gift.gifts, gift.value, gift.pupils) == ("gift", 12, 6_000_000, None)
    assert made[2].organization == "youth_union"
    assert (made[3].target, made[3].quantity) == (world.target, 2.5)
    assert made[3].is_internal
    assert len({one.entry_key for one in made}) == 4
    assert w.draft(world).number == made[-1].number + 1
    assert verbs(row) == ["import.upload", "import.check", "import.confirm", "import.write"]
    event = Event.objects.get(verb="import.write")
    assert event.actor_id == world.an.pk
    assert event.changes["achievements"][1] == f"{made[0].code} – {made[-1].code}"


def test_two_clicks_on_confirm_write_once(world: w.World) -> None:
    row = checked(world)
    confirm(world, row)
    confirm(world, row)
    tasks.run_import_task(row.pk)
    tasks.run_import_task(row.pk)
    confirm(world, row)
    tasks.run_import_task(row.pk)
    assert Achievement.objects.count() == 3
    assert verbs(row) == ["import.upload", "import.check", "import.confirm", "import.write"]


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach"])
def test_only_the_unit_confirms_and_dismisses(world: w.World, who: str) -> None:
    row = checked(world)
    with pytest.raises(PermissionDenied):
        confirm(world, row, by=getattr(world, who))
    with pytest.raises(PermissionDenied):
        services.dismiss_import(row=row, by=getattr(world, who))
    row.refresh_from_db()
    assert row.state == ImportState.CHECKED


def test_the_leader_of_the_unit_may_confirm(world: w.World) -> None:
    row = confirm(world, checked(world), by=world.anh)
    tasks.run_import_task(row.pk)
    assert {one.created_by for one in row.achievements.all()} == {world.anh}


def test_a_file_confirmed_in_time_is_written_after_the_deadline(world: w.World) -> None:
    row = confirm(world, checked(world))
    world.phase.end = timezone.now() + timedelta(milliseconds=1)
    world.phase.save()
    tasks.run_import_task(row.pk)
    assert row.achievements.count() == 3


def test_what_was_entered_meanwhile_stops_the_whole_file(world: w.World) -> None:
    row = confirm(world, checked(world))
    w.draft(world, title="Báo cáo số 2")
    tasks.run_import_task(row.pk)
    row.refresh_from_db()
    assert row.state == ImportState.REFUSED
    assert [address for address, _text in row.problems] == ["C3"]
    assert not row.achievements.exists()


def test_the_last_look_is_taken_under_the_lock(world: w.World) -> None:
    """Also what was entered after the rows were judged again."""
    row = confirm(world, checked(world))
    held = claim(row)
    entry = services.Entry("C2", {"title": "Một", "started_on": w.DAY, "category": "advisory"}, {})
    w.draft(world, title="MỘT")
    assert services.write_import(held=held, entries=[entry])[0][0] == "C2"
    assert not row.achievements.exists()


def test_a_lost_claim_writes_nothing(world: w.World) -> None:
    row = confirm(world, checked(world))
    lost = claim(row, at=NOW - timedelta(minutes=5))
    claim(row)
    entry = services.Entry("C2", {"title": "Một", "started_on": None, "category": "advisory"}, {})
    assert services.write_import(held=lost, entries=[entry]) == []
    assert not row.achievements.exists()


def test_a_fault_in_the_last_row_leaves_no_row(world: w.World) -> None:
    row = confirm(world, checked(world))
    good: dict[str, Any] = {"title": "Một", "started_on": w.DAY, "category": "advisory"}
    bad = good | {"title": "Hai", "quantity": -1}
    next_number = w.draft(world).number + 1
    entries = [services.Entry("C2", good, {}), services.Entry("C3", bad, {})]
    with pytest.raises(Exception, match="achievement_quantity_is_not_negative"):
        services.write_import(held=claim(row), entries=entries)
    assert not row.achievements.exists()
    assert w.draft(world).number == next_number


def test_refused_and_dismissed_files_are_not_confirmed(world: w.World) -> None:
    refused = checked(world, f.workbook([f.good(title="=1+1")]))
    dismissed = services.dismiss_import(row=checked(world), by=world.an)
    for row in (refused, dismissed):
        with pytest.raises(ValidationError) as stopped:
            confirm(world, row)
        assert stopped.value.code == "transition"
    assert not Achievement.objects.exists()


def test_a_dismissed_file_is_kept(world: w.World) -> None:
    row = services.dismiss_import(row=checked(world), by=world.an)
    services.dismiss_import(row=row, by=world.an)
    assert row.state == ImportState.DISMISSED
    assert row.file.size
    assert verbs(row) == ["import.upload", "import.check", "import.dismiss"]


def test_what_is_being_written_is_not_dismissed(world: w.World) -> None:
    row = confirm(world, checked(world))
    with pytest.raises(ValidationError) as stopped:
        services.dismiss_import(row=row, by=world.an)
    assert stopped.value.code == "transition"


def test_an_import_in_a_closed_season_is_left_alone(world: w.World) -> None:
    row = confirm(world, checked(world))
    close_season(season=world.season, by=world.thu)
    tasks.run_import_task(row.pk)
    assert services.left_behind() == []
    row.refresh_from_db()
    assert row.state == ImportState.WRITING
    assert not Achievement.objects.exists()


# The queue and the sweep


def test_the_sweep_finds_what_was_never_sent_or_fell_silent(world: w.World) -> None:
    row = upload(world)
    assert services.left_behind() == [row.pk]
    services.mark_sent(pk=row.pk, at=NOW)
    assert services.left_behind(at=NOW) == []
    assert services.left_behind(at=NOW + services.RESEND * 2) == [row.pk]
    claim(row, at=NOW)
    assert services.left_behind(at=NOW + timedelta(seconds=5)) == []
    assert services.left_behind(at=NOW + services.LEASE * 2) == [row.pk]


def test_a_file_that_kills_its_workers_is_given_up(world: w.World) -> None:
    row = upload(world)
    at = NOW
    for _attempt in range(services.MAX_ATTEMPTS):
        claim(row, at=at)
        assert services.give_up(at=at) == 0
        at += services.LEASE * 2
    assert services.claim(pk=row.pk, at=at) is None
    assert services.left_behind(at=at) == []
    assert services.give_up(at=at) == 1
    row.refresh_from_db()
    assert row.state == ImportState.REFUSED
    assert row.problems[0][0] == "Tệp"


def test_the_sweep_sends_again(world: w.World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []

    def send(_task: Any, pk: int) -> bool:
        sent.append(pk)
        return True

    monkeypatch.setattr(broker, "send", send)
    row = upload(world)
    tasks.sweep_imports_task()
    tasks.sweep_imports_task()
    assert sent == [row.pk]


def test_a_queue_that_is_down_strands_nothing(
    world: w.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "send", lambda _task, _pk: False)
    row = upload(world)
    tasks.enqueue(row.pk)
    row.refresh_from_db()
    assert row.sent_at is None
    assert services.left_behind() == [row.pk]


def test_a_day_and_a_category_make_two_titles_different() -> None:
    day = date(2026, 1, 2)
    assert services.key_of("Báo  cáo", day, "advisory") == services.key_of(
        "báo cáo", day, "advisory"
    )
    assert services.key_of("Báo cáo", None, "advisory") != services.key_of(
        "Báo cáo", day, "advisory"
    )
    assert services.key_of("Bao cáo", day, "advisory") != services.key_of(
        "Báo cáo", day, "advisory"
    )
