from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from emulation import drives
from emulation.models import Category, Drive, DriveResult, DriveStage, Launch
from emulation.services import movement as services
from emulation.services import review as reviews
from journal.models import Event
from tests import world as w

TODAY = timezone.localdate()
DAYS = {
    "starts_on": max(w.DAY, TODAY - timedelta(days=100)),
    "interim_on": TODAY,
    "ends_on": date(w.YEAR, 12, 31),
}
DRIVE = {"kind": "peak", "name": "Chào mừng 19/8", "aim": "Việc tốt", "slogan": "", **DAYS}


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def add(world: w.World, **changes: Any) -> Drive:
    by = changes.pop("by", world.thu)
    return services.add_drive(season=world.season, by=by, values=DRIVE | changes)


def report(world: w.World, drive: Drive, **changes: Any) -> DriveResult:
    values: dict[str, Any] = {
        "drive": drive, "unit": world.a, "by": world.an, "stage": DriveStage.INTERIM,
        "version": 0, "text": "Ba việc tốt",
    }  # fmt: skip
    return services.report_drive(**(values | changes))


def launch(world: w.World, **changes: Any) -> Launch:
    values: dict[str, Any] = {
        "season": world.season, "unit": world.a, "by": world.an, "version": 0,
        "slogan": "Gần dân", "launched_on": w.DAY,
    }  # fmt: skip
    return services.record_launch(**(values | changes))


def verbs() -> list[str]:
    return list(Event.objects.order_by("number").values_list("verb", flat=True))


def refused(code: str, act: Any, *args: Any, **kwargs: Any) -> ValidationError:
    with pytest.raises(ValidationError) as found:
        act(*args, **kwargs)
    by_field = getattr(found.value, "error_dict", None)
    errors = [e for some in by_field.values() for e in some] if by_field else found.value.error_list
    assert {error.code for error in errors} == {code}
    return found.value


# Launches


def test_launch_keeps_the_parts_of_its_plan(world: w.World) -> None:
    parts = {
        "purpose": "Nâng chất lượng", "theme": "Số hóa", "plan": "Ba việc", "measures": "Hằng tuần",
        "interim_on": date(w.YEAR, 7, 1), "final_on": date(w.YEAR, 11, 30),
        "rewards": "5 giấy khen",
    }  # fmt: skip
    launch(world, **parts)
    row = Launch.objects.get()
    assert {name: getattr(row, name) for name in parts} == parts
    launch(world, version=1, slogan="Khác")
    row.refresh_from_db()
    assert (row.slogan, row.purpose) == ("Khác", "Nâng chất lượng")


def test_launch_sent_twice_is_recorded_once(world: w.World) -> None:
    launch(world)
    launch(world)
    assert Launch.objects.get().version == 1
    assert verbs() == ["launch.record"]


# Drives


def test_drive_is_added_once_however_often_it_is_sent(world: w.World) -> None:
    assert add(world) == add(world)
    assert Drive.objects.get().version == 1
    assert verbs() == ["drive.add"]


def test_drive_of_the_same_name_is_refused_at_the_name(world: w.World) -> None:
    add(world)
    error = refused("name", add, world, aim="Khác")
    assert set(error.message_dict) == {"name"}
    other = add(world, name="Khác")
    error = refused(
        "name", services.change_drive, drive=other, by=world.thu, version=1, values=DRIVE
    )
    assert set(error.message_dict) == {"name"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": date(w.YEAR, 8, 1), "ends_on": date(w.YEAR, 7, 1)}, "ends_on"),
        ({"interim_on": date(w.YEAR - 1, 12, 20)}, "interim_on"),
        ({"ends_on": TODAY, "interim_on": TODAY + timedelta(days=1)}, "interim_on"),
    ],
)
def test_days_of_a_drive_stand_in_order(
    world: w.World, changes: dict[str, date], field: str
) -> None:
    error = refused("days", add, world, **changes)
    assert set(error.message_dict) == {field}
    drive = add(world)
    refused(
        "days", services.change_drive, drive=drive, by=world.thu, version=1, values=DRIVE | changes
    )


def test_drive_changed_meanwhile_is_stale(world: w.World) -> None:
    drive = add(world)
    services.change_drive(drive=drive, by=world.thu, version=1, values={"aim": "Một"})
    refused(
        "stale", services.change_drive, drive=drive, by=world.thu, version=1, values={"aim": "Hai"}
    )
    again = services.change_drive(drive=drive, by=world.thu, version=1, values={"aim": "Một"})
    assert again.version == 2
    assert verbs() == ["drive.add", "drive.change"]


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_drives_are_the_secretarys(world: w.World, who: str) -> None:
    drive, by = add(world), getattr(world, who)
    with pytest.raises(PermissionDenied):
        add(world, by=by, name="Khác")
    with pytest.raises(PermissionDenied):
        services.change_drive(drive=drive, by=by, version=1, values={"aim": "Khác"})
    with pytest.raises(PermissionDenied):
        services.remove_drive(drive=drive, by=by, reason="Không cần nữa")
    assert verbs() == ["drive.add"]


def test_drive_is_removed_with_a_reason_and_once(world: w.World) -> None:
    drive = add(world)
    services.remove_drive(drive=drive, by=world.thu, reason="Không cần nữa")
    services.remove_drive(drive=drive, by=world.thu, reason="Không cần nữa")
    assert not Drive.objects.exists()
    assert verbs() == ["drive.add", "drive.remove"]
    assert Event.objects.get(verb="drive.remove").reason == "Không cần nữa"


@pytest.mark.parametrize("by_what", ["result", "achievement"])
def test_drive_that_was_used_stays(world: w.World, by_what: str) -> None:
    drive = add(world)
    if by_what == "result":
        report(world, drive)
    else:
        w.draft(world, drive=drive)
    refused("used", services.remove_drive, drive=drive, by=world.thu, reason="Không cần nữa")
    assert Drive.objects.exists()


# Results


def test_result_is_recorded_once_however_often_it_is_sent(world: w.World) -> None:
    drive = add(world)
    assert report(world, drive) == report(world, drive)
    row = DriveResult.objects.get()
    assert (row.text, row.by, row.version) == ("Ba việc tốt", world.an, 1)
    assert verbs() == ["drive.add", "drive.report"]


def test_result_written_meanwhile_is_stale(world: w.World) -> None:
    drive = add(world)
    report(world, drive)
    refused("stale", report, world, drive, text="Khác", by=world.anh)
    assert report(world, drive, text="Khác", by=world.anh, version=1).version == 2


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach", "far_secretary"])
def test_result_is_the_units_own(world: w.World, who: str) -> None:
    drive = add(world)
    with pytest.raises(PermissionDenied):
        report(world, drive, by=getattr(world, who))
    assert not DriveResult.objects.exists()


def test_result_belongs_to_a_stage_that_is_held(world: w.World) -> None:
    refused("stage", report, world, add(world, interim_on=None))
    early = w.moment(w.YEAR - 1, 12, 1)
    refused("early", report, world, add(world, name="Khác"), at=early)


def test_result_of_a_closed_season_is_refused(world: w.World) -> None:
    drive = add(world)
    world.season.closed_at, world.season.closed_by = timezone.now(), world.thu
    world.season.save()
    with pytest.raises(PermissionDenied):
        report(world, drive)
    with pytest.raises(PermissionDenied):
        add(world, name="Khác")


# Reading


def test_results_are_due_from_the_day_of_their_review(world: w.World) -> None:
    drive = add(world)
    report(world, drive)
    day_before = TODAY - timedelta(days=1)
    found = drives.units(drive, day_before)
    assert [row.cells[0].is_due for row in found] == [False] * 3
    found = drives.units(drive, TODAY)
    assert [(row.cells[0].tag.word, row.cells[0].tag.family) for row in found] == [
        ("Đã báo", "ok"), ("Chưa báo", "do"), ("Chưa báo", "do"),
    ]  # fmt: skip
    assert not any(row.cells[1].is_due for row in found)


def test_result_begins_with_what_was_sent_of_the_drive(world: w.World) -> None:
    drive = add(world)
    for title, sends in (("Thăm gia đình", True), ("Nháp", False)):
        row = w.draft(world, title=title, drive=drive)
        w.attach(world, row)
        if sends:
            reviews.submit_achievement(achievement=row, by=world.an)
    w.sent(world, title="Ngoài đợt")
    assert drives.draft(drive, world.a, world.an, TODAY) == "- Thăm gia đình."


def test_overview_counts_reports_and_achievements(world: w.World) -> None:
    drive = add(world)
    report(world, drive)
    row = w.draft(world, drive=drive, category=Category.EMULATION_WORK)
    w.attach(world, row)
    reviews.submit_achievement(achievement=row, by=world.an)
    found = drives.overview(world.season, TODAY, world.a)[0]
    assert found.reported == [(DriveStage.INTERIM, 1), (DriveStage.FINAL, 0)]
    assert (found.verified, found.waiting, found.units) == (0, 1, 3)
    assert [cell.tag.word for cell in found.own] == ["Đã báo", "Chưa báo"]
