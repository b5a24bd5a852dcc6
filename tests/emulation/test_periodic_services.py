"""Windows, and the way of a report between unit and secretariat: who may, when, and what stays."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from emulation.models import (
    Drive,
    Period,
    PeriodicReport,
    Reminder,
    ReportState,
    Season,
)
from emulation.models.periodic import REPORT_TRANSITIONS
from emulation.services import periodic
from journal.models import Event
from journal.queries import history
from tests import world as w

NOW = timezone.now()
TODAY = timezone.localdate()
REASON = "Bổ sung số liệu của hai chỉ tiêu đã ký"
NOT_SECRETARIES = ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"]
NOT_OF_A = ["binh", "thu", "lan", "quang", "khach", "far_secretary"]


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def period(world: w.World) -> Period:
    return w.period(world)


def code(caught: Any) -> str:
    return str(getattr(caught.value, "code", ""))


def sent(world: w.World, period: Period) -> PeriodicReport:
    row = w.report(world, period)
    return periodic.submit_report(report=row, by=world.an, version=row.version)


def in_state(world: w.World, period: Period, state: str) -> PeriodicReport:
    """A report of unit A that got into `state` by its services."""
    if state == "excused":
        return periodic.excuse_unit(period=period, unit=world.a, by=world.thu, reason=REASON)
    if state == "draft":
        return w.report(world, period)
    row = sent(world, period)
    if state == "accepted":
        return periodic.accept_report(report=row, by=world.thu, version=row.version)
    if state == "returned":
        return periodic.return_report(report=row, by=world.thu, version=2, reason=REASON)
    return row


def close(season: Season, by: Any) -> None:
    Season.objects.filter(pk=season.pk).update(closed_at=NOW, closed_by=by)


# Windows


def test_the_secretary_takes_the_usual_windows_by_kind(world: w.World) -> None:
    new = periodic.set_periods(season=world.season, by=world.thu, kinds=["quarter", "half"])
    assert [row.name for row in new] == ["Quý I", "Quý II", "6 tháng đầu năm", "Quý III", "Quý IV"]
    stored = Period.objects.get(name="6 tháng đầu năm")
    assert (stored.kind, stored.start, stored.end, stored.due_on) == (
        "half", date(w.YEAR - 1, 12, 15), date(w.YEAR, 6, 14), date(w.YEAR, 6, 20),
    )  # fmt: skip
    event = history(world.season)[0]
    assert (event.verb, event.changes["periods"][1][0]) == ("period.set", "Quý I")


def test_taking_them_twice_adds_nothing_and_keeps_what_was_changed(world: w.World) -> None:
    periodic.set_periods(season=world.season, by=world.thu, kinds=["half"])
    row = Period.objects.get()
    day = row.due_on + timedelta(days=9)
    periodic.change_period(period=row, by=world.thu, version=1, values={"due_on": day})
    before = Event.objects.count()
    assert periodic.set_periods(season=world.season, by=world.thu, kinds=["half"]) == []
    assert Event.objects.count() == before
    assert Period.objects.get().due_on == day


def test_the_year_may_be_cut_earlier(world: w.World) -> None:
    cut = date(w.YEAR, 11, 10)
    periodic.set_periods(season=world.season, by=world.thu, kinds=["year"], cut=cut)
    assert Period.objects.get().end == cut


def test_a_window_of_a_drive(world: w.World) -> None:
    drive = Drive.objects.create(
        season=world.season, kind="peak", name="Cao điểm", starts_on=TODAY, ends_on=TODAY
    )
    values = {
        "name": "Cao điểm", "kind": "drive", "drive": drive, "start": TODAY, "end": TODAY,
        "due_on": TODAY,
    }  # fmt: skip
    row = periodic.add_period(season=world.season, by=world.thu, values=values)
    assert (row.drive, row.version) == (drive, 1)
    assert history(row)[0].verb == "period.set"


def test_a_name_is_given_once_a_season(world: w.World, period: Period) -> None:
    values = {
        "name": period.name, "kind": "month", "start": TODAY, "end": TODAY, "due_on": TODAY,
    }  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        periodic.add_period(season=world.season, by=world.thu, values=values)
    assert "Đã có kỳ báo cáo tên như vậy." in caught.value.messages
    assert Period.objects.count() == 1


def test_days_out_of_order_are_refused_by_the_database_too(world: w.World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        w.period(world, "Ngược", start=TODAY, end=TODAY - timedelta(days=1))


def test_a_change_is_recorded_and_stale_ones_are_refused(world: w.World, period: Period) -> None:
    row = periodic.change_period(
        period=period, by=world.thu, version=1, values={"name": "Tháng Chín"}
    )
    assert (row.name, row.version) == ("Tháng Chín", 2)
    assert history(row)[0].changes == {"name": ["Tháng 9", "Tháng Chín"]}
    with pytest.raises(ValidationError) as caught:
        periodic.change_period(period=period, by=world.thu, version=1, values={"name": "Khác"})
    assert code(caught) == "stale"


def test_an_unchanged_period_writes_nothing(world: w.World, period: Period) -> None:
    before = Event.objects.count()
    periodic.change_period(period=period, by=world.thu, version=1, values={"name": "Tháng 9"})
    assert Event.objects.count() == before
    assert Period.objects.get().version == 1


def test_a_period_goes_with_its_reminders_while_nothing_is_written(
    world: w.World, period: Period
) -> None:
    periodic.remind(period=period, by=world.thu)
    periodic.remove_period(period=period, by=world.thu)
    assert not Period.objects.exists()
    assert not Reminder.objects.exists()
    assert Event.objects.order_by("-number")[0].verb == "period.remove"


@pytest.mark.parametrize("state", ["draft", "submitted", "excused"])
def test_a_period_with_a_report_stays(world: w.World, period: Period, state: str) -> None:
    in_state(world, period, state)
    with pytest.raises(ValidationError) as caught:
        periodic.remove_period(period=period, by=world.thu)
    assert code(caught) == "written"
    assert Period.objects.exists()


def acts_of_the_secretary(world: w.World, period: Period) -> dict[str, Callable[[Any], object]]:
    values = {"name": "Mới", "kind": "month", "start": TODAY, "end": TODAY, "due_on": TODAY}
    season = world.season
    return {
        "set": lambda by: periodic.set_periods(season=season, by=by, kinds=["half"]),
        "add": lambda by: periodic.add_period(season=season, by=by, values=values),
        "change": lambda by: periodic.change_period(
            period=period, by=by, version=1, values={"name": "Khác"}
        ),
        "remove": lambda by: periodic.remove_period(period=period, by=by),
        "remind": lambda by: periodic.remind(period=period, by=by),
        "excuse": lambda by: periodic.excuse_unit(
            period=period, unit=world.a, by=by, reason=REASON
        ),
    }


ACTS = ["set", "add", "change", "remove", "remind", "excuse"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", NOT_SECRETARIES)
def test_only_the_secretary_runs_periods(
    world: w.World, period: Period, who: str, act: str
) -> None:
    before = Event.objects.count()
    with pytest.raises(PermissionDenied):
        acts_of_the_secretary(world, period)[act](getattr(world, who))
    assert Event.objects.count() == before


@pytest.mark.parametrize("act", ACTS)
def test_a_closed_season_takes_none_of_it(world: w.World, period: Period, act: str) -> None:
    close(world.season, world.thu)
    with pytest.raises(PermissionDenied):
        acts_of_the_secretary(world, period)[act](world.thu)


@pytest.mark.parametrize("act", ACTS)
def test_each_act_of_the_secretary_leaves_one_record(
    world: w.World, period: Period, act: str
) -> None:
    before = Event.objects.count()
    acts_of_the_secretary(world, period)[act](world.thu)
    assert Event.objects.count() == before + 1


# Writing


def test_the_first_saving_makes_the_draft(world: w.World, period: Period) -> None:
    row = w.report(world, period, results="Ba việc", tasks="Một việc")
    assert (row.state, row.version, row.results, row.sent_at) == ("draft", 1, "Ba việc", None)
    event = history(row)[0]
    assert (event.verb, event.changes["results"]) == ("report.write", ["", "Ba việc"])


def test_saving_again_changes_it_and_unchanged_writes_nothing(
    world: w.World, period: Period
) -> None:
    row = w.report(world, period)
    values = {"results": "Bốn việc"}
    for version in (1, 2):
        row = periodic.write_report(
            period=period, unit=world.a, by=world.anh, version=version, values=values
        )
        assert (row.results, row.version) == ("Bốn việc", 2)
    assert history(row).count() == 2


@pytest.mark.parametrize("version", [0, 2])
def test_a_stale_text_is_refused(world: w.World, period: Period, version: int) -> None:
    row = w.report(world, period)
    with pytest.raises(ValidationError) as caught:
        periodic.write_report(
            period=period, unit=world.a, by=world.an, version=version, values={"results": "Khác"}
        )
    assert code(caught) == "stale"
    row.refresh_from_db()
    assert row.results == "1. Tham mưu: 2 việc."


def test_two_first_savings_make_one_report(world: w.World, period: Period) -> None:
    w.report(world, period)
    with pytest.raises(ValidationError) as caught:
        w.report(world, period, results="Bản của người khác")
    assert code(caught) == "stale"
    assert PeriodicReport.objects.count() == 1


@pytest.mark.parametrize("state", ["submitted", "accepted", "excused"])
def test_what_is_not_with_the_unit_is_locked(world: w.World, period: Period, state: str) -> None:
    row = in_state(world, period, state)
    with pytest.raises(ValidationError) as caught:
        periodic.write_report(
            period=period, unit=world.a, by=world.an, version=row.version, values={"results": "X"}
        )
    assert code(caught) == "locked"


def test_what_was_returned_is_written_again_but_not_emptied(world: w.World, period: Period) -> None:
    row = in_state(world, period, "returned")
    args = {"period": period, "unit": world.a, "by": world.an, "version": row.version}
    with pytest.raises(ValidationError) as caught:
        periodic.write_report(values={"results": ""}, **args)
    assert "results" in caught.value.message_dict
    after = periodic.write_report(values={"results": "Đủ hơn"}, **args)
    assert (after.state, after.results, after.reason) == ("returned", "Đủ hơn", REASON)


def test_nothing_is_written_before_the_window_begins(world: w.World) -> None:
    start = TODAY + timedelta(days=1)
    later = w.period(world, "Sau này", start=start, end=start, due_on=start)
    with pytest.raises(ValidationError) as caught:
        w.report(world, later)
    assert code(caught) == "early"
    at = NOW + timedelta(days=1)
    row = periodic.write_report(
        period=later, unit=world.a, by=world.an, version=0, values={"results": "X"}, at=at
    )
    assert row.state == "draft"


@pytest.mark.parametrize("who", NOT_OF_A)
def test_only_the_unit_writes_and_sends(world: w.World, period: Period, who: str) -> None:
    by = getattr(world, who)
    with pytest.raises(PermissionDenied):
        periodic.write_report(
            period=period, unit=world.a, by=by, version=0, values={"results": "X"}
        )
    row = w.report(world, period)
    with pytest.raises(PermissionDenied):
        periodic.submit_report(report=row, by=by, version=row.version)
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_unit_that_is_no_member_reports_nothing(world: w.World) -> None:
    foreign = Period.objects.create(
        season=world.far_season, kind="month", name="Tháng 9", start=TODAY, end=TODAY, due_on=TODAY
    )
    with pytest.raises(PermissionDenied):
        w.report(world, foreign)
    with pytest.raises(PermissionDenied):
        periodic.excuse_unit(period=foreign, unit=world.a, by=world.far_secretary, reason=REASON)


def test_a_closed_season_takes_no_report(world: w.World, period: Period) -> None:
    row = w.report(world, period)
    close(world.season, world.thu)
    with pytest.raises(PermissionDenied):
        periodic.submit_report(report=row, by=world.an, version=row.version)


# Sending


def test_sending_keeps_who_and_when(world: w.World, period: Period) -> None:
    row = w.report(world, period)
    row = periodic.submit_report(report=row, by=world.anh, version=1, at=NOW)
    assert (row.state, row.sent_at, row.sent_by, row.version) == ("submitted", NOW, world.anh, 2)
    assert history(row)[0].changes == {"state": ["draft", "submitted"]}


def test_a_second_click_sends_nothing(world: w.World, period: Period) -> None:
    row = sent(world, period)
    before = Event.objects.count()
    with pytest.raises(ValidationError) as caught:
        periodic.submit_report(report=row, by=world.an, version=1)
    assert code(caught) == "transition"
    assert Event.objects.count() == before


def test_what_changed_after_the_check_is_not_sent(world: w.World, period: Period) -> None:
    row = w.report(world, period)
    periodic.write_report(
        period=period, unit=world.a, by=world.anh, version=1, values={"results": "Mới hơn"}
    )
    with pytest.raises(ValidationError) as caught:
        periodic.submit_report(report=row, by=world.an, version=1)
    assert code(caught) == "stale"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_report_is_not_sent(world: w.World, period: Period, text: str) -> None:
    row = w.report(world, period, results=text)
    with pytest.raises(ValidationError) as caught:
        periodic.submit_report(report=row, by=world.an, version=1)
    assert "results" in caught.value.message_dict


@pytest.mark.parametrize(("days", "is_late"), [(-1, False), (0, False), (1, True), (30, True)])
def test_late_is_the_day_after_it_was_due(
    world: w.World, period: Period, days: int, is_late: bool
) -> None:
    at = timezone.localtime().replace(hour=23, minute=59) - timedelta(days=4 - days)
    row = w.report(world, period)
    row = periodic.submit_report(report=row, by=world.an, version=1, at=at)
    assert row.is_late(TODAY + timedelta(days=400)) is is_late


def test_sent_again_it_keeps_its_first_hour(world: w.World, period: Period) -> None:
    """Punctuality is judged by the first sending: completing takes what time it takes."""
    row = w.report(world, period)
    first = NOW - timedelta(days=6)
    row = periodic.submit_report(report=row, by=world.an, version=1, at=first)
    row = periodic.return_report(report=row, by=world.thu, version=2, reason=REASON)
    row = periodic.submit_report(report=row, by=world.anh, version=3)
    assert (row.sent_at, row.sent_by, row.reason) == (first, world.an, "")
    assert not row.is_late(TODAY)
    verbs = [event.verb for event in history(row)]
    assert verbs[:3] == ["report.submit", "report.return", "report.submit"]


# Answering


@pytest.mark.parametrize("state", list(ReportState))
@pytest.mark.parametrize("to", ["accepted", "returned", "draft", "excused", "submitted"])
def test_only_the_moves_of_the_table_happen(
    world: w.World, period: Period, state: ReportState, to: str
) -> None:
    row = in_state(world, period, state.value)
    acts: dict[str, Callable[[], PeriodicReport]] = {
        "accepted": lambda: periodic.accept_report(
            report=row, by=world.thu, version=row.version
        ),
        "returned": lambda: periodic.return_report(
            report=row, by=world.thu, version=row.version, reason=REASON
        ),
        "draft": lambda: periodic.unexcuse_unit(report=row, by=world.thu),
        "excused": lambda: periodic.excuse_unit(
            period=period, unit=world.a, by=world.thu, reason=REASON
        ),
        "submitted": lambda: periodic.submit_report(
            report=row, by=world.an, version=row.version
        ),
    }  # fmt: skip
    # An excused unit that had written nothing has nothing to send after that either.
    if ReportState(to) in REPORT_TRANSITIONS[state]:
        assert acts[to]().state == to
    else:
        with pytest.raises(ValidationError) as caught:
            acts[to]()
        assert code(caught) == "transition"
        row.refresh_from_db()
        assert row.state == state


def test_the_answer_is_given_to_what_was_read(world: w.World, period: Period) -> None:
    row = sent(world, period)
    for answer in (
        lambda: periodic.accept_report(report=row, by=world.thu, version=1),
        lambda: periodic.return_report(report=row, by=world.thu, version=1, reason=REASON),
    ):
        with pytest.raises(ValidationError) as caught:
            answer()
        assert code(caught) == "stale"


@pytest.mark.parametrize("reason", ["", "ngắn quá", " " * 40])
def test_returning_needs_a_reason(world: w.World, period: Period, reason: str) -> None:
    row = sent(world, period)
    with pytest.raises(ValidationError) as caught:
        periodic.return_report(report=row, by=world.thu, version=2, reason=reason)
    assert "reason" in caught.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodicReport.objects.filter(pk=row.pk).update(state="returned", reason="")


@pytest.mark.parametrize("reason", ["", "   "])
def test_excusing_needs_a_reason(world: w.World, period: Period, reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        periodic.excuse_unit(period=period, unit=world.a, by=world.thu, reason=reason)
    assert "reason" in caught.value.message_dict
    assert not PeriodicReport.objects.exists()


def test_excused_keeps_what_was_written(world: w.World, period: Period) -> None:
    w.report(world, period, results="Đã viết")
    row = periodic.excuse_unit(period=period, unit=world.a, by=world.thu, reason=REASON)
    assert (row.state, row.results, row.reason) == ("excused", "Đã viết", REASON)
    row = periodic.unexcuse_unit(report=row, by=world.thu)
    assert (row.state, row.results, row.reason) == ("draft", "Đã viết", "")
    assert history(row)[1].reason == REASON


@pytest.mark.parametrize("who", NOT_SECRETARIES)
def test_only_the_secretary_answers(world: w.World, period: Period, who: str) -> None:
    row, by = sent(world, period), getattr(world, who)
    with pytest.raises(PermissionDenied):
        periodic.accept_report(report=row, by=by, version=2)
    with pytest.raises(PermissionDenied):
        periodic.return_report(report=row, by=by, version=2, reason=REASON)
    excused = periodic.excuse_unit(period=period, unit=world.b, by=world.thu, reason=REASON)
    with pytest.raises(PermissionDenied):
        periodic.unexcuse_unit(report=excused, by=by)


def test_nobody_answers_the_own_unit(world: w.World, period: Period) -> None:
    with pytest.raises(PermissionDenied):
        periodic.excuse_unit(period=period, unit=world.c, by=world.thu, reason=REASON)
    row = PeriodicReport.objects.create(
        period=period, unit=world.c, state="submitted", results="X", sent_at=NOW
    )
    with pytest.raises(PermissionDenied):
        periodic.accept_report(report=row, by=world.thu, version=1)


# Reminding


def test_those_who_owe_are_reminded_and_nobody_else(world: w.World, period: Period) -> None:
    in_state(world, period, "submitted")
    periodic.excuse_unit(period=period, unit=world.b, by=world.thu, reason=REASON)
    assert periodic.remind(period=period, by=world.thu, at=NOW) == [world.c]
    row = Reminder.objects.get()
    assert (row.unit, row.day, row.by) == (world.c, TODAY, world.thu)
    event = history(period)[0]
    assert (event.verb, event.changes) == ("report.remind", {"units": [[], ["Đơn vị C"]]})


@pytest.mark.parametrize(
    ("state", "is_reminded"),
    [("draft", True), ("returned", True), ("submitted", False), ("accepted", False),
     ("excused", False)],
)  # fmt: skip
def test_a_unit_is_reminded_by_the_state_of_its_report(
    world: w.World, period: Period, state: str, is_reminded: bool
) -> None:
    in_state(world, period, state)
    assert (world.a in periodic.remind(period=period, by=world.thu)) is is_reminded


def test_a_unit_is_reminded_once_a_day(world: w.World, period: Period) -> None:
    assert periodic.remind(period=period, by=world.thu, at=NOW) == [world.a, world.b, world.c]
    before = Event.objects.count()
    with pytest.raises(ValidationError) as caught:
        periodic.remind(period=period, by=world.thu, at=NOW)
    assert code(caught) == "nobody"
    assert (Reminder.objects.count(), Event.objects.count()) == (3, before)
    tomorrow = NOW + timedelta(days=1)
    assert len(periodic.remind(period=period, by=world.thu, at=tomorrow)) == 3


def test_the_database_keeps_one_reminder_a_day(world: w.World, period: Period) -> None:
    values = {"period": period, "unit": world.a, "day": TODAY, "by": world.thu}
    Reminder.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(**values)


# Who sees


@pytest.mark.parametrize(
    ("who", "states"),
    [
        ("an", {"draft", "accepted"}),
        ("anh", {"draft", "accepted"}),
        ("binh", {"submitted"}),
        ("thu", {"accepted", "submitted"}),
        ("lan", {"accepted", "submitted"}),
        ("quang", {"draft", "accepted", "submitted"}),
        ("khach", set()),
        ("far_secretary", set()),
    ],
)
def test_who_sees_which_report(world: w.World, period: Period, who: str, states: set[str]) -> None:
    in_state(world, period, "accepted")
    w.report(world, w.period(world, "Tháng 8"))
    own = w.report(world, period, by=world.binh)
    periodic.submit_report(report=own, by=world.binh, version=1)
    seen = PeriodicReport.objects.visible_to(getattr(world, who))
    assert set(seen.values_list("state", flat=True)) == states
