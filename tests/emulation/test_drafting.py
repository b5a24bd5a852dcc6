"""A report is drafted from the achievements of its period: what is told, and in which words."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from emulation import drafting
from emulation.models import (
    Achievement,
    Category,
    CommunityActivity,
    Drive,
    DriveResult,
    Period,
    State,
    Target,
    TargetGroup,
)
from emulation.report_text import (
    NAMED,
    NOTHING,
    Group,
    Material,
    Progress,
    Push,
    Result,
    compose,
    sums_text,
)
from tests import world as w

TODAY = timezone.localdate()
WITHIN = TODAY - timedelta(days=20)


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def period(world: w.World) -> Period:
    return w.period(world)


def done(world: w.World, title: str, **values: Any) -> Achievement:
    number = 5000 + Achievement.objects.count()
    given = {
        "season": world.season, "unit": world.a, "number": number, "title": title,
        "category": Category.ADVISORY, "state": State.VERIFIED, "started_on": WITHIN,
        "revision": 1, "submitted_at": timezone.now(),
    } | values  # fmt: skip
    return Achievement.objects.create(**given)


def results(world: w.World, period: Period) -> str:
    return drafting.draft(period, world.a).results


# What is told


def test_results_stand_by_category_in_the_order_of_the_report(
    world: w.World, period: Period
) -> None:
    done(world, "Tặng quà", category=Category.COMMUNITY)
    done(world, "Báo cáo chuyên đề")
    done(world, "Đề án mẫu", category=Category.POLICY_DOCUMENT)
    done(world, "Báo cáo tuần", started_on=WITHIN - timedelta(days=1))
    text = results(world, period)
    heads = [line for line in text.splitlines() if line[:1].isdigit()]
    assert heads == [
        "1. Tham mưu, báo cáo: 2 việc.",
        "2. Văn bản, đề án: 1 việc.",
        "3. Vì cộng đồng: 1 việc.",
    ]
    assert text.index("Báo cáo tuần") < text.index("Báo cáo chuyên đề")
    assert f"- Báo cáo chuyên đề ({WITHIN:%d/%m/%Y})." in text


@pytest.mark.parametrize(
    ("state", "is_told"),
    [
        (State.SUBMITTED, True),
        (State.UNDER_REVIEW, True),
        (State.RETURNED, True),
        (State.VERIFIED, True),
        (State.LOCKED, True),
        (State.DRAFT, False),
        (State.WITHDRAWN, False),
        (State.REJECTED, False),
    ],
)
def test_what_was_sent_and_not_refused_is_told(
    world: w.World, period: Period, state: State, is_told: bool
) -> None:
    done(world, "Một việc", state=state)
    assert ("Một việc" in results(world, period)) is is_told


def test_every_state_is_decided_above() -> None:
    told = set(drafting.TOLD)
    assert set(State) - told == {State.DRAFT, State.WITHDRAWN, State.REJECTED}


@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, True), (30, True), (31, False)])
def test_both_days_of_the_window_belong_to_it(
    world: w.World, period: Period, days: int, is_told: bool
) -> None:
    done(world, "Một việc", started_on=period.start + timedelta(days=days))
    assert ("Một việc" in results(world, period)) is is_told


def test_what_took_several_days_is_told_once_when_it_was_finished(
    world: w.World, period: Period
) -> None:
    last = period.end + timedelta(days=3)
    done(world, "Việc dài ngày", started_on=WITHIN, ended_on=last)
    assert "Việc dài ngày" not in results(world, period)
    later = w.period(
        world, "Tháng 10", start=period.end + timedelta(days=1), end=TODAY, due_on=TODAY
    )
    assert f"Việc dài ngày ({last:%d/%m/%Y})" in results(world, later)


def test_other_units_and_other_seasons_are_not_told(world: w.World, period: Period) -> None:
    done(world, "Của đơn vị B", unit=world.b)
    done(world, "Của kỳ khác", season=world.far_season)
    assert results(world, period).splitlines()[0] == NOTHING


def test_drafts_of_the_period_are_counted_beside_it(world: w.World, period: Period) -> None:
    done(world, "Còn nháp", state=State.DRAFT)
    done(world, "Nháp ngoài kỳ", state=State.DRAFT, started_on=TODAY)
    assert drafting.of_period(period, world.a).drafts() == 1


def test_community_figures_add_up(world: w.World, period: Period) -> None:
    for gifts, value in ((20, 10_000_000), (30, 18_080_000)):
        row = done(world, "Tặng quà", category=Category.COMMUNITY)
        CommunityActivity.objects.create(
            achievement=row, kind="gift", gifts=gifts, value=value, families=6
        )
    out = done(world, "Ngoài kỳ", category=Category.COMMUNITY, started_on=TODAY)
    CommunityActivity.objects.create(achievement=out, kind="gift", gifts=900)
    head = results(world, period).splitlines()[0]
    assert head == (
        "1. Vì cộng đồng: 2 việc; thăm 12 gia đình, tặng 50 suất quà, trị giá 28.080.000 đồng."
    )


def test_targets_tell_the_window_and_the_year_so_far(world: w.World, period: Period) -> None:
    before = period.start - timedelta(days=5)
    done(world, "Trước kỳ", target=world.target, quantity=Decimal(2), started_on=before)
    done(world, "Trong kỳ", target=world.target, quantity=Decimal(3))
    done(world, "Sau kỳ", target=world.target, quantity=Decimal(4), started_on=TODAY)
    done(world, "Bị loại", target=world.target, quantity=Decimal(9), state=State.REJECTED)
    draft = drafting.draft(period, world.a)
    assert "- Báo cáo: trong kỳ 3 bản; từ đầu năm 5/10 bản (50%)." in draft.results
    assert "- Báo cáo: còn 5 bản để đạt giao ước." in draft.tasks
    assert f"- Trong kỳ (3 bản, {WITHIN:%d/%m/%Y})." in draft.results


def test_a_target_without_achievements_is_told_with_zero(world: w.World, period: Period) -> None:
    draft = drafting.draft(period, world.a)
    assert "- Báo cáo: trong kỳ 0 bản; từ đầu năm 0/10 bản (0%)." in draft.results
    Target.objects.create(
        pledge=world.pledge, order=9, group=TargetGroup.POLITICAL, text="Chung", measure="việc",
        planned=1,
    )  # fmt: skip
    assert "Chung" not in drafting.draft(period, world.a).results


def test_drives_of_the_window_and_those_to_come(world: w.World, period: Period) -> None:
    running = Drive.objects.create(
        season=world.season, kind="peak", name="Cao điểm 1", starts_on=WITHIN, ends_on=TODAY
    )
    Drive.objects.create(
        season=world.season, kind="peak", name="Đã xong",
        starts_on=period.start - timedelta(days=9), ends_on=period.start - timedelta(days=1),
    )  # fmt: skip
    coming = Drive.objects.create(
        season=world.season, kind="peak", name="Sắp tới", starts_on=TODAY, ends_on=TODAY
    )
    for stage, text in (("final", "Tổng kết xong"), ("interim", "Mới sơ kết")):
        DriveResult.objects.create(
            drive=running, unit=world.a, stage=stage, text=text, at=timezone.now()
        )
    done(world, "Việc của đợt", drive=running)
    done(world, "Việc của B", drive=running, unit=world.b)
    draft = drafting.draft(period, world.a)
    days = f"từ {WITHIN:%d/%m/%Y} đến {TODAY:%d/%m/%Y}"
    assert f"- Cao điểm 1 ({days}): 1 thành tích. Tổng kết xong." in draft.results
    assert "Đã xong" not in draft.results
    assert "Sắp tới" not in draft.results
    assert f"- Tham gia {coming.name}, từ {TODAY:%d/%m/%Y}." in draft.tasks


def test_the_report_of_a_drive_tells_of_it_alone(world: w.World) -> None:
    drive = Drive.objects.create(
        season=world.season, kind="peak", name="Cao điểm", starts_on=WITHIN, ends_on=TODAY
    )
    period = w.period(world, "Đợt", kind="drive", drive=drive, start=WITHIN, end=TODAY)
    done(world, "Việc của đợt", drive=drive)
    done(world, "Việc thường")
    text = results(world, period)
    assert "Việc của đợt" in text
    assert "Việc thường" not in text


def test_a_draft_is_vietnamese_whatever_its_writer_reads(world: w.World, period: Period) -> None:
    done(world, "Tặng quà", category=Category.COMMUNITY)
    with translation.override("en"):
        assert "1. Vì cộng đồng: 1 việc." in results(world, period)


def test_a_draft_costs_the_same_with_one_and_with_many(world: w.World, period: Period) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            drafting.draft(period, world.a)
        return len(queries)

    def fill(number: int) -> None:
        base = Target.objects.count()
        for i in range(number):
            row = done(world, f"Việc {i}", category=Category.COMMUNITY, target=world.target)
            CommunityActivity.objects.create(achievement=row, kind="gift", gifts=1)
            Drive.objects.create(
                season=world.season, kind="peak", name=f"Đợt {base + i}", starts_on=WITHIN,
                ends_on=TODAY,
            )  # fmt: skip
            Target.objects.create(
                pledge=world.pledge, unit=world.a, order=base + i + 5, measure="việc", planned=1,
                group=TargetGroup.POLITICAL, text="Chỉ tiêu",
            )  # fmt: skip

    fill(1)
    one = cost()
    fill(35)
    assert cost() == one
    assert one <= 6


# In which words


def progress(**values: Any) -> Progress:
    given: dict[str, Any] = {
        "text": "Báo cáo", "measure": "bản", "planned": Decimal(10), "within": Decimal(1),
        "so_far": Decimal(4), "gone": 50,
    } | values  # fmt: skip
    return Progress(**given)


def test_nothing_gives_a_sentence_and_empty_parts() -> None:
    draft = compose(Material())
    assert (draft.results, draft.shortcomings, draft.tasks) == (NOTHING, "", "")


def test_what_is_behind_is_a_shortcoming() -> None:
    draft = compose(Material(targets=[progress()]))
    expected = "- Báo cáo: 4/10 bản (40%), chậm so với thời gian đã qua (50%)."
    assert draft.shortcomings == expected


@pytest.mark.parametrize(
    "values",
    [
        {"so_far": Decimal(5)},
        {"so_far": Decimal(10)},
        {"gone": None},
        {"is_less": True, "so_far": Decimal(10)},
        {"planned": Decimal(0), "so_far": Decimal(0)},
    ],
)
def test_what_is_on_time_is_no_shortcoming(values: dict[str, Any]) -> None:
    assert compose(Material(targets=[progress(**values)])).shortcomings == ""


def test_more_than_pledged_of_what_should_stay_low_is_a_shortcoming() -> None:
    row = progress(is_less=True, planned=Decimal(2), so_far=Decimal(3), measure="vụ")
    draft = compose(Material(targets=[row]))
    assert draft.shortcomings == "- Báo cáo: 3/2 vụ, vượt mức giao ước."
    assert draft.tasks == ""
    assert "từ đầu năm 3/2 vụ." in draft.results


def test_returned_achievements_are_a_shortcoming() -> None:
    draft = compose(Material(returned=2))
    assert draft.shortcomings == "- 2 thành tích bị trả lại, chưa bổ sung xong."


def test_a_met_target_asks_for_nothing_more() -> None:
    assert compose(Material(targets=[progress(so_far=Decimal(10))])).tasks == ""


def test_a_long_group_is_cut_and_the_rest_counted() -> None:
    rows = [Result(f"Việc {i}", None) for i in range(NAMED + 3)]
    lines = compose(Material(groups=[Group("Tham mưu", rows)])).results.splitlines()
    assert lines[0] == f"1. Tham mưu: {NAMED + 3} việc."
    assert len(lines) == NAMED + 2
    assert lines[-1] == "- Và 3 việc khác."


def test_a_title_becomes_one_line_with_one_full_stop() -> None:
    rows = [Result("  Việc \n này. ", None), Result("Việc kia;", date(2026, 3, 5), "3 bản")]
    text = compose(Material(groups=[Group("Tham mưu", rows)])).results
    assert text.splitlines()[1:] == ["- Việc này.", "- Việc kia (3 bản, 05/03/2026)."]


def test_sums_leave_out_what_was_not_counted() -> None:
    assert sums_text({"sessions": 3, "participants": 1200, "pupils": 0}) == (
        "3 buổi, 1.200 lượt người dự"
    )
    assert sums_text({}) == ""


def test_blocks_stand_apart_by_an_empty_line() -> None:
    push = Push("Đợt", date(2026, 1, 1), date(2026, 2, 1))
    text = compose(Material(targets=[progress()], drives=[push])).results
    assert [block.splitlines()[0] for block in text.split("\n\n")] == [
        NOTHING, "Chỉ tiêu giao ước:", "Đợt thi đua, phong trào:",
    ]  # fmt: skip
