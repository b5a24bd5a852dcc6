"""The pulse: each thing of a unit's year, whether it counts, and where it is done."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from emulation import pulse
from emulation.models import (
    Achievement,
    Category,
    Drive,
    DriveResult,
    Launch,
    Phase,
    Pledge,
    Registration,
    Season,
    Signature,
    Source,
    State,
    Target,
    TargetGroup,
)
from emulation.readiness import Outcome
from emulation.services import periodic
from emulation.services import scoring as scores
from tests import world as w

NOW = timezone.now()
TODAY = timezone.localdate()
DONE, MISSING, AHEAD = Outcome.DONE, Outcome.MISSING, Outcome.AHEAD
REASON = "Đơn vị phục vụ đoàn công tác cả tháng"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def of(world: w.World, *, reader: Any = None, unit: Any = None) -> pulse.Pulse:
    season = Season.objects.select_related("cluster", "scheme").get(pk=world.season.pk)
    found = pulse.of_unit(season, unit or world.a, reader or world.an, NOW)
    assert found is not None
    return found


def step(found: pulse.Pulse, text: str) -> Any:
    return next(one for one in found.steps if text in one.text)


def texts(found: pulse.Pulse, group: str) -> list[str]:
    return [one.text for one in found.steps if one.group == group]


def done(world: w.World, **values: Any) -> Achievement:
    number = 5000 + Achievement.objects.count()
    given = {
        "season": world.season, "unit": world.a, "number": number, "title": "Một việc",
        "category": Category.ADVISORY, "state": State.VERIFIED, "started_on": w.DAY,
        "revision": 1, "submitted_at": NOW,
    } | values  # fmt: skip
    return Achievement.objects.create(**given)


def drive(world: w.World, *, interim: int | None, ends: int, name: str = "Cao điểm") -> Drive:
    day = TODAY - timedelta(days=60)
    return Drive.objects.create(
        season=world.season, kind="peak", name=name, starts_on=day,
        interim_on=TODAY + timedelta(days=interim) if interim is not None else None,
        ends_on=TODAY + timedelta(days=ends),
    )  # fmt: skip


# The pledge


def test_a_cluster_without_a_pledge_asks_for_none(world: w.World) -> None:
    world.target.delete()
    world.pledge.delete()
    assert texts(of(world), "pledge") == ["Ghi việc phát động phong trào"]
    assert texts(of(world), "targets") == []


def test_weights_titles_and_signature(world: w.World) -> None:
    found = of(world)
    assert [step(found, one).outcome for one in ("trọng số", "danh hiệu", "Ký giao ước")] == [
        MISSING, MISSING, MISSING,
    ]  # fmt: skip
    Target.objects.update(weight=100)
    Registration.objects.create(pledge=world.pledge, unit=world.a, title="Đơn vị quyết thắng")
    Signature.objects.create(pledge=world.pledge, unit=world.a, signer="Anh", signed_on=TODAY)
    found = of(world)
    assert [step(found, one).outcome for one in ("trọng số", "danh hiệu", "Ký giao ước")] == [
        DONE, DONE, DONE,
    ]  # fmt: skip
    other = of(world, reader=world.binh, unit=world.b)
    assert step(other, "Ký giao ước").outcome == MISSING


def test_nobody_signs_before_the_text_is_settled(world: w.World) -> None:
    Pledge.objects.update(signed_on=None)
    assert step(of(world), "Ký giao ước").outcome == AHEAD
    Pledge.objects.update(settled_at=NOW)
    signing = step(of(world, reader=world.anh), "Ký giao ước")
    assert signing.outcome == MISSING
    assert (signing.address.name, step(of(world), "Ký giao ước").address.name) == (
        "pledge_sign", "pledge",
    )  # fmt: skip
    assert signing.due is not None


def test_the_launch_counts_while_results_are_entered(world: w.World) -> None:
    assert step(of(world), "phát động").outcome == MISSING
    Phase.objects.update(start=NOW + timedelta(days=9))
    assert step(of(world), "phát động").outcome == AHEAD
    Phase.objects.update(enter=False)
    assert "Ghi việc phát động phong trào" not in texts(of(world), "pledge")
    Launch.objects.create(season=world.season, unit=world.a, slogan="Sát việc", launched_on=w.DAY)
    assert step(of(world), "phát động").outcome == DONE


# Targets


def test_each_target_of_the_unit_is_a_step(world: w.World) -> None:
    assert (step(of(world), "Báo cáo").outcome, step(of(world), "Báo cáo").note) == (
        MISSING, "0/10 bản (0%)",
    )  # fmt: skip
    done(world, target=world.target, quantity=Decimal(9))
    done(world, target=world.target, quantity=Decimal(1), state=State.SUBMITTED)
    assert step(of(world), "Báo cáo").note == "9/10 bản (90%)"
    done(world, target=world.target, quantity=Decimal(1))
    assert step(of(world), "Báo cáo").outcome == DONE
    assert texts(of(world, unit=world.b, reader=world.binh), "targets") == []


def test_a_target_to_stay_below_counts_when_the_figures_are_in(world: w.World) -> None:
    Target.objects.update(direction="less", planned=1)
    Season.objects.update(counted_to=TODAY + timedelta(days=30))
    assert step(of(world), "Báo cáo").outcome == AHEAD
    Season.objects.update(counted_to=TODAY - timedelta(days=1))
    assert step(of(world), "Báo cáo").outcome == DONE
    done(world, target=world.target, quantity=Decimal(2))
    assert step(of(world), "Báo cáo").outcome == MISSING


# Achievements


def test_every_part_of_the_report_of_the_year_wants_an_achievement(world: w.World) -> None:
    found = [one for one in of(world).steps if one.text.startswith("Có thành tích")]
    assert [one.outcome for one in found] == [MISSING] * 5
    done(world, category=Category.COMMUNITY, state=State.SUBMITTED)
    done(world, category=Category.ADVANCED_MODEL, state=State.DRAFT)
    done(world, category=Category.EMULATION_WORK, state=State.REJECTED)
    found = [one for one in of(world).steps if one.text.startswith("Có thành tích")]
    assert [one.outcome for one in found] == [MISSING, MISSING, DONE, MISSING, MISSING]
    assert found[1].note == (
        "Chưa có: Xây dựng Đảng, xây dựng lực lượng, Kỷ luật, điều lệnh, nếp sống văn hóa"
    )


def test_every_category_belongs_to_one_part() -> None:
    listed = [one for _name, categories in pulse.steps.CHAPTERS for one in categories]
    assert sorted(listed) == sorted(Category)


def test_empty_categories_are_named_in_the_order_of_the_report(world: w.World) -> None:
    assert len(of(world).empty) == 12
    done(world, category=Category.ADVISORY)
    assert len(of(world).empty) == 11
    assert of(world).empty[0] == "Phối hợp giải quyết vụ việc"


def test_what_was_begun_is_to_be_finished(world: w.World) -> None:
    assert not any("bản nháp" in one for one in texts(of(world), "results"))
    done(world)
    found = of(world)
    assert (step(found, "bản nháp").outcome, step(found, "bị trả lại").outcome) == (DONE, DONE)
    done(world, state=State.DRAFT)
    done(world, state=State.RETURNED)
    done(world, state=State.RETURNED)
    found = of(world)
    assert (step(found, "bản nháp").note, step(found, "bị trả lại").note) == (
        "Còn 1 thành tích", "Còn 2 thành tích",
    )  # fmt: skip
    assert step(found, "bị trả lại").url.endswith("?state=returned")


def test_figures_want_evidence(world: w.World) -> None:
    done(world)
    assert not any("minh chứng" in one for one in texts(of(world), "results"))
    row = done(world, quantity=Decimal(3), target=world.target)
    done(world, quantity=Decimal(0), target=world.target)
    done(world, quantity=Decimal(3), state=State.DRAFT)
    found = step(of(world), "minh chứng")
    assert found.outcome == MISSING
    assert found.note == "1 thành tích có số liệu mà chưa có tệp"
    row.evidence.create(name="a.png", file="x", content_type="image/png", size=1, sha256="0" * 64)
    assert step(of(world), "minh chứng").outcome == DONE


# Reports


def test_a_report_counts_once_its_window_is_over(world: w.World) -> None:
    period = w.period(world)
    running = w.period(world, "Đang chạy", end=TODAY, due_on=TODAY + timedelta(days=6))
    assert step(of(world), "Báo cáo Tháng 9").outcome == MISSING
    assert step(of(world), "Báo cáo Đang chạy").outcome == AHEAD
    row = w.report(world, running)
    assert step(of(world), "Báo cáo Đang chạy").outcome == AHEAD
    periodic.submit_report(report=row, by=world.an, version=1)
    assert step(of(world), "Báo cáo Đang chạy").outcome == DONE
    assert step(of(world), "Báo cáo Tháng 9").due == period.due_on


def test_an_excused_report_is_no_step_and_a_returned_one_is_missing(world: w.World) -> None:
    period = w.period(world)
    periodic.excuse_unit(period=period, unit=world.a, by=world.thu, reason=REASON)
    assert texts(of(world), "reports") == []
    other = w.period(world, "Tháng 8", end=TODAY, due_on=TODAY)
    row = periodic.submit_report(report=w.report(world, other), by=world.an, version=1)
    periodic.return_report(report=row, by=world.thu, version=2, reason=REASON)
    assert step(of(world), "Báo cáo Tháng 8").outcome == MISSING


def test_a_reminder_is_told(world: w.World) -> None:
    periodic.remind(period=w.period(world), by=world.thu)
    assert step(of(world), "Báo cáo Tháng 9").note.startswith("Thư ký cụm nhắc ngày ")


# Drives and scores


def test_results_of_a_drive_count_from_their_days(world: w.World) -> None:
    one = drive(world, interim=-1, ends=5)
    found = of(world)
    assert [(x.text, x.outcome) for x in found.steps if x.group == "drives"] == [
        ("Kết quả sơ kết: Cao điểm", MISSING),
        ("Kết quả tổng kết: Cao điểm", AHEAD),
    ]
    DriveResult.objects.create(drive=one, unit=world.a, stage="interim", text="Xong", at=NOW)
    assert step(of(world), "sơ kết").outcome == DONE
    assert step(of(world, unit=world.b, reader=world.binh), "sơ kết").outcome == MISSING


def test_a_drive_without_an_interim_review_asks_for_the_final_one(world: w.World) -> None:
    drive(world, interim=None, ends=0)
    assert texts(of(world), "drives") == ["Kết quả tổng kết: Cao điểm"]
    assert step(of(world), "tổng kết").outcome == MISSING


def test_the_own_scores_count_when_their_phase_opens(world: w.World) -> None:
    assert step(of(world), "tự chấm").outcome == MISSING
    sheet = w.sheet(world)
    lines = w.lines(sheet, **w.FULL)
    scores.self_score(sheet=sheet, by=world.an, version=1, lines=lines, send=False)
    assert step(of(world), "tự chấm").outcome == MISSING
    scores.self_score(sheet=sheet, by=world.an, version=2, lines=lines, send=True)
    assert step(of(world), "tự chấm").outcome == DONE
    Phase.objects.update(start=NOW + timedelta(days=9))
    assert step(of(world, unit=world.b, reader=world.binh), "tự chấm").outcome == AHEAD


def test_a_season_without_a_scheme_asks_for_no_scores(world: w.World) -> None:
    Season.objects.filter(pk=world.season.pk).update(scheme=None)
    assert texts(of(world), "scores") == []


# The whole


def test_the_per_cent_and_the_lists_tell_the_same(world: w.World) -> None:
    w.period(world)
    done(world)
    found = of(world)
    assert found.counted == len(found.missing) + len(found.done)
    assert found.percent == len(found.done) * 100 // found.counted
    assert sum(part.all for part in found.parts) == found.counted
    assert sum(part.done for part in found.parts) == len(found.done)
    assert len(found.missing) + len(found.done) + len(found.ahead) == len(found.steps)
    assert {one.group for one in found.steps} <= set(pulse.GROUPS)


def test_what_is_due_first_stands_first(world: w.World) -> None:
    w.period(world, "Sau", due_on=TODAY + timedelta(days=3))
    w.period(world, "Trước", due_on=TODAY - timedelta(days=3))
    first, second, *rest = of(world).missing
    assert (first[0].text, second[0].text) == ("Báo cáo Trước", "Báo cáo Sau")
    assert (first[1].word, first[1].family) == ("Quá hạn 3 ngày", "late")
    assert all(one.due is None for one, _tag in rest)


def test_the_table_and_the_page_of_a_unit_agree(world: w.World) -> None:
    w.period(world)
    drive(world, interim=-3, ends=-1)
    done(world)
    done(world, unit=world.b, category=Category.COMMUNITY)
    rows = pulse.of_season(world.season, world.thu, NOW)
    assert [row.unit for row in rows] == [world.a, world.b, world.c]
    for row in rows:
        alone = of(world, reader=world.thu, unit=row.unit)
        assert (alone.percent, alone.steps) == (row.percent, row.steps)


def test_a_year_told_of_the_whole_cluster_has_no_pulse(world: w.World) -> None:
    """Real units get no invented shortfalls."""
    source = Source.objects.create(season=world.season, code="T01", quote="…")
    done(world, unit=None, source=source)
    assert pulse.of_season(world.season, world.thu, NOW) == []
    assert pulse.of_unit(world.season, world.a, world.an, NOW) is None
    done(world, unit=world.b)
    assert len(pulse.of_season(world.season, world.thu, NOW)) == 3
    assert of(world).unit == world.a


def test_the_own_people_are_led_to_where_it_is_done(world: w.World) -> None:
    period, one = w.period(world), drive(world, interim=None, ends=-1)
    own, seen = of(world), of(world, reader=world.thu)
    slug, unit = world.season.slug, world.a.pk
    assert step(own, "Báo cáo Tháng 9").url == f"/ky/{slug}/bao-cao/{period.pk}/{unit}/soan/"
    assert step(seen, "Báo cáo Tháng 9").url == f"/ky/{slug}/bao-cao/{period.pk}/{unit}/"
    assert step(own, "tổng kết").url != step(seen, "tổng kết").url
    assert f"/{one.pk}/" in step(seen, "tổng kết").url
    assert step(own, "tự chấm").url.endswith("/tu-cham/")
    assert not step(seen, "tự chấm").url.endswith("/tu-cham/")


def test_drafts_are_counted_and_not_shown_to_others(world: w.World) -> None:
    done(world, state=State.DRAFT)
    assert "state=draft" in step(of(world), "bản nháp").url
    assert "state=draft" not in step(of(world, reader=world.thu), "bản nháp").url


def test_every_link_leads_somewhere(world: w.World, client: Any) -> None:
    w.period(world)
    drive(world, interim=-3, ends=-1)
    done(world, quantity=Decimal(3), target=world.target)
    for reader in (world.an, world.thu, world.lan, world.quang):
        client.force_login(reader)
        for one in of(world, reader=reader).steps:
            assert client.get(one.url).status_code == 200, one.text


def test_it_costs_the_same_for_one_and_for_many(world: w.World) -> None:
    def cost(number: int) -> int:
        season = Season.objects.select_related("cluster", "scheme").get(pk=world.season.pk)
        with CaptureQueriesContext(connection) as queries:
            if number == 1:
                pulse.of_unit(season, world.a, world.thu, NOW)
            else:
                pulse.of_season(season, world.thu, NOW)
        return len(queries)

    def fill(number: int) -> None:
        base = Achievement.objects.count()
        for i in range(number):
            for unit in (world.a, world.b):
                done(world, unit=unit, quantity=Decimal(1), target=world.target)
                Target.objects.create(
                    pledge=world.pledge, unit=unit, order=base + i + 5, text="C", measure="m",
                    planned=1, group=TargetGroup.POLITICAL,
                )  # fmt: skip
            w.period(world, f"Kỳ {base + i}")
            row = drive(world, interim=-3, ends=-1, name=f"Đợt {base + i}")
            DriveResult.objects.create(drive=row, unit=world.a, stage="final", text="X", at=NOW)

    fill(1)
    cost(1)
    one, all_of_them = cost(1), cost(2)
    fill(35)
    assert (cost(1), cost(2)) == (one, all_of_them)
    # The table reads who the members are, besides.
    assert all_of_them == one + 1
    assert one <= 17
