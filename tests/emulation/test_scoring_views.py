from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Membership, Role, Unit
from emulation import ranking, sheets
from emulation.models import Phase, Score, ScoreSheet, SheetState
from emulation.services import scoring as services
from emulation.standings import for_season
from journal.models import Event
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(world: w.World, name: str, unit: Unit | None = None) -> str:
    return reverse(name, args=[world.season.slug, (unit or world.a).pk])


def table(world: w.World) -> str:
    return reverse("standings", args=[world.season.slug])


def shown(client: Client, where: str) -> str:
    response = client.get(where)
    assert response.status_code == 200
    return response.content.decode()


def sent(world: w.World, unit: Unit | None = None, **points: str) -> ScoreSheet:
    """A sheet that the unit scored and sent."""
    sheet = w.sheet(world, unit=unit)
    by = world.binh if unit == world.b else world.an
    lines = w.lines(sheet, **(w.FULL | points))
    return services.self_score(sheet=sheet, by=by, version=1, lines=lines, send=True)


def appraised(world: w.World, unit: Unit | None = None, **points: str) -> ScoreSheet:
    """A sheet that is done; the secretary agreed with the unit."""
    sheet = sent(world, unit, **points)
    lines = {row.criterion_id: (row.self_score, "") for row in Score.objects.filter(sheet=sheet)}
    return services.appraise(
        sheet=sheet, by=world.thu, version=sheet.version, lines=lines, finish=True
    )


def typed(sheet: ScoreSheet, action: str, *, version: int | None = None, **values: str) -> Any:
    """A filled-in form: A1="13,75" are points, note_A1="…" is the note."""
    data = {"action": action, "version": str(sheet.version if version is None else version)}
    for row in sheet.scores.select_related("criterion"):
        code, key = row.criterion.code, row.criterion_id
        data[f"points-{key}"] = values.get(code, "")
        data[f"note-{key}"] = values.get(f"note_{code}", "")
    return data


def score(sheet: ScoreSheet, code: str) -> Score:
    return sheet.scores.get(criterion__code=code)


def close_standings(world: w.World) -> None:
    world.phase.see_standings = False
    world.phase.save()


# The consolidated table


def test_standings_print_groups_of_the_scheme_and_unranked_units_last(
    client: Client, world: w.World
) -> None:
    appraised(world, world.b, A1="30")
    appraised(world, world.a)
    client.force_login(world.an)
    text = shown(client, table(world))
    for word in ("Nhóm A (60)", "Thưởng", "Trừ", "60,00", "+3,00", "−1,00", "62,00", "52,00"):
        assert word in text, word
    places = [text.index(f">{unit}</a>") for unit in (world.a, world.b, world.c)]
    assert places == sorted(places)
    assert text.count('class="mine"') == 1
    assert "2/3 đơn vị đã xếp hạng" in text
    assert "Chưa bắt đầu" in text
    assert "Đến nay không có đơn vị bằng tổng điểm." in text


def test_standings_explain_what_told_equal_units_apart(client: Client, world: w.World) -> None:
    appraised(world, world.a, A1="39", E="0")
    appraised(world, world.b)
    client.force_login(world.lan)
    text = shown(client, table(world))
    assert "Bằng tổng điểm: Đơn vị B, Đơn vị A; phân định: điểm nhóm A." in text


def test_tie_that_nothing_decides_is_left_to_the_meeting(world: w.World) -> None:
    appraised(world, world.a)
    appraised(world, world.b)
    found = ranking.tie_breaks(for_season(world.season))
    assert found == [("Đơn vị A, Đơn vị B", "chờ hội nghị quyết định")]


def test_closed_standings_say_from_when_and_show_the_own_sheet_alone(
    client: Client, world: w.World
) -> None:
    appraised(world, world.b)
    close_standings(world)
    opens = timezone.now() + timedelta(days=61)
    Phase.objects.create(
        season=world.season, name="Công bố", start=opens, end=opens + timedelta(days=9),
        see_standings=True,
    )  # fmt: skip
    client.force_login(world.an)
    text = shown(client, table(world))
    assert f"ngày {timezone.localtime(opens):%d/%m/%Y}" in text
    assert address(world, "sheet_detail", world.a) in text
    assert address(world, "sheet_detail", world.b) not in text
    assert client.get(address(world, "sheet_detail", world.b)).status_code == 404


def test_closed_standings_without_a_date_say_so(client: Client, world: w.World) -> None:
    close_standings(world)
    client.force_login(world.an)
    assert "chưa có ngày mở" in shown(client, table(world))


def test_standings_without_a_scheme_say_who_gives_one(client: Client, world: w.World) -> None:
    client.force_login(world.far_secretary)
    text = shown(client, reverse("standings", args=["xa"]))
    assert "Chưa có thang điểm" in text


def test_standings_lead_the_secretary_to_the_next_sheet(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    assert "Thẩm định điểm" not in shown(client, table(world))
    sent(world, world.b)
    assert address(world, "sheet_appraise", world.b) in shown(client, table(world))


def cost(client: Client, where: str) -> int:
    """Return how many queries a page takes, its session being there."""
    client.get(where)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    return len(queries)


def test_standings_cost_the_same_with_many_units(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    appraised(world)
    sent(world, world.b)
    before = cost(client, table(world))
    for number in range(30):
        unit = w.unit(f"U{number}", f"Đơn vị số {number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        sheet = w.sheet(world, unit=unit)
        state = SheetState.APPRAISED if number % 2 else SheetState.SUBMITTED
        ScoreSheet.objects.filter(pk=sheet.pk).update(state=state, submitted_at=timezone.now())
        Score.objects.filter(sheet=sheet).update(verified_score=0, self_score=0)
    assert cost(client, table(world)) == before


# One sheet


def test_sheet_begins_with_total_place_and_losses(client: Client, world: w.World) -> None:
    appraised(world, world.b)
    appraised(world, world.a, A1="30,5".replace(",", "."), E="-2")
    client.force_login(world.an)
    text = " ".join(shown(client, address(world, "sheet_detail")).split())
    assert "51,50 điểm, hạng 2 trong 2 đơn vị đã xếp hạng" in text
    assert "Kém hạng 1 (Đơn vị B) 10,50 điểm." in text
    lost = text.split("Mất nhiều nhất ở đâu")[1].split("</ol>")[0]
    assert lost.index("−9,50") < lost.index("−2,00")


def test_sheet_hides_verified_scores_from_the_unit_until_they_are_done(
    client: Client, world: w.World
) -> None:
    sheet = sent(world)
    services.appraise(
        sheet=sheet, by=world.thu, version=2, finish=False, lines=w.lines(sheet, A1="17")
    )
    client.force_login(world.an)
    assert "17,00" not in shown(client, address(world, "sheet_detail"))
    client.force_login(world.thu)
    assert "17,00" in shown(client, address(world, "sheet_detail"))


def test_sheet_of_another_unit_is_shown_once_it_is_appraised(
    client: Client, world: w.World
) -> None:
    sent(world)
    client.force_login(world.binh)
    assert "Chưa có bảng điểm để xem" in shown(client, address(world, "sheet_detail"))
    sheet = ScoreSheet.objects.get()
    lines = {row.criterion_id: (row.self_score, "") for row in sheet.scores.all()}
    services.appraise(sheet=sheet, by=world.thu, version=2, lines=lines, finish=True)
    assert "62,00 điểm, hạng 1" in shown(client, address(world, "sheet_detail"))


def test_reading_makes_no_sheet(client: Client, world: w.World) -> None:
    for person in (world.an, world.binh, world.thu, world.lan):
        client.force_login(person)
        shown(client, address(world, "sheet_detail"))
        shown(client, table(world))
    assert not ScoreSheet.objects.exists()


def test_sheet_of_a_unit_that_is_no_member_does_not_exist(client: Client, world: w.World) -> None:
    stranger = Unit.objects.get(code="D")
    client.force_login(world.thu)
    for name in ("sheet_detail", "sheet_self_score", "sheet_appraise"):
        assert client.get(address(world, name, stranger)).status_code == 404


def test_bonus_not_earned_is_no_loss(world: w.World) -> None:
    content = sheets.read(appraised(world))
    lost = {line.criterion.code: line.lost for line in content.lines}
    assert lost == {"A1": 0, "A2": 0, "D": None, "E": -1}
    assert [line.criterion.code for line in content.largest_losses] == ["E"]


# The unit's own lane


def test_scores_are_typed_with_a_decimal_comma(client: Client, world: w.World) -> None:
    sheet = w.sheet(world)
    client.force_login(world.an)
    response = client.post(
        address(world, "sheet_self_score"),
        typed(sheet, "save", A1="13,75", A2="0,5", E="−0,5", note_A1="Ba báo cáo"),
    )
    assert response["Location"] == address(world, "sheet_self_score")
    found = {row.criterion.code: row.self_score for row in sheet.scores.all()}
    assert found == {"A1": Decimal("13.75"), "A2": Decimal("0.5"), "D": None, "E": Decimal("-0.5")}
    assert score(sheet, "A1").self_note == "Ba báo cáo"
    text = shown(client, address(world, "sheet_self_score"))
    assert 'value="13,75"' in text
    assert 'value="−0,5"' in text
    assert "13,75" in text.split("data-total", 1)[1]  # the sum of what is saved


def test_first_visit_of_the_unit_makes_the_sheet(client: Client, world: w.World) -> None:
    client.force_login(world.an)
    shown(client, address(world, "sheet_self_score"))
    sheet = ScoreSheet.objects.get()
    assert (sheet.unit, sheet.scores.count()) == (world.a, 4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"A1": "40,5"}, "Điểm tối đa của A1 là 40. Nhập số từ 0 đến 40."),
        ({"A1": "-1"}, "Điểm tối thiểu của A1 là 0. Nhập số từ 0 đến 40."),
        ({"E": "-15,5"}, "Điểm tối thiểu của E là −15. Nhập số từ −15 đến 0."),
        ({"A1": "1.5"}, "Nhập điểm A1 bằng chữ số, dấu phẩy cho phần lẻ, ví dụ 13,75"),
        ({"A1": "mười"}, "Nhập điểm A1 bằng chữ số"),
        ({"A1": "1e3"}, "Nhập điểm A1 bằng chữ số"),
        ({"A1": "NaN"}, "Nhập điểm A1 bằng chữ số"),
        ({"A1": "9" * 40}, "Nhập điểm A1 bằng chữ số"),
        ({"A1": "1,234"}, "Điểm A1 có tối đa 2 chữ số sau dấu phẩy"),
        ({"A1": "\x00"}, "ký tự không đọc được"),
        ({"note_A1": "x" * 501}, "còn tối đa 500 ký tự"),
    ],
)
def test_score_out_of_range_is_refused_at_the_field(
    client: Client, world: w.World, values: dict[str, str], message: str
) -> None:
    sheet = w.sheet(world)
    client.force_login(world.an)
    response = client.post(
        address(world, "sheet_self_score"), typed(sheet, "save", **({"A2": "7,25"} | values))
    )
    text = response.content.decode()
    assert response.status_code == 200
    assert text.count(message) == 2  # in the summary and at the field
    assert 'value="7,25"' in text
    assert not sheet.scores.exclude(self_score=None).exists()


def test_sending_names_each_criterion_without_points(client: Client, world: w.World) -> None:
    sheet = w.sheet(world)
    client.force_login(world.an)
    response = client.post(
        address(world, "sheet_self_score"), typed(sheet, "send", A1="40", A2="x")
    )
    text = response.content.decode()
    assert "Nhập điểm D" in text
    assert "Nhập điểm E" in text
    assert "cần sửa 3 chỗ" in text
    sheet.refresh_from_db()
    assert sheet.state == SheetState.DRAFT


def test_sent_sheet_is_closed_to_the_unit(client: Client, world: w.World) -> None:
    sheet = w.sheet(world)
    client.force_login(world.an)
    where = address(world, "sheet_self_score")
    response = client.post(where, typed(sheet, "send", A1="40", A2="20", D="0", E="0"))
    assert response["Location"] == address(world, "sheet_detail")
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SUBMITTED
    assert client.get(where)["Location"] == address(world, "sheet_detail")
    assert client.post(where, typed(sheet, "save", A1="1")).status_code == 302
    assert score(sheet, "A1").self_score == 40


def test_stale_scores_are_kept_beside_the_stored_ones(client: Client, world: w.World) -> None:
    sheet = w.sheet(world)
    services.self_score(
        sheet=sheet, by=world.anh, version=1, send=False, lines=w.lines(sheet, A1="38")
    )
    client.force_login(world.an)
    where = address(world, "sheet_self_score")
    text = client.post(where, typed(sheet, "save", version=1, A1="13,75")).content.decode()
    assert "vừa được người khác lưu" in text
    assert 'value="13,75"' in text
    assert "Đang lưu: 38,00" in " ".join(text.split())
    assert 'name="version" value="2"' in text
    assert score(sheet, "A1").self_score == 38
    assert client.post(where, typed(sheet, "save", version=2, A1="13,75")).status_code == 302
    assert score(sheet, "A1").self_score == Decimal("13.75")


def test_own_lane_is_the_units_alone(client: Client, world: w.World) -> None:
    sheet = w.sheet(world)
    for person in (world.binh, world.thu, world.lan, world.quang):
        client.force_login(person)
        where = address(world, "sheet_self_score")
        assert client.post(where, typed(sheet, "save", A1="1")).status_code == 403
    assert score(sheet, "A1").self_score is None


# The secretariat's lane


def test_appraisal_needs_a_reason_where_it_differs(client: Client, world: w.World) -> None:
    sheet = sent(world)
    client.force_login(world.thu)
    where = address(world, "sheet_appraise")
    values = {"A1": "37,5", "A2": "20", "D": "3", "E": "-1"}
    text = client.post(where, typed(sheet, "finish", **values)).content.decode()
    assert text.count("Nêu lý do: điểm A1 khác điểm tự chấm") == 2
    assert 'value="37,5"' in text
    assert client.post(where, typed(sheet, "save", **values)).status_code == 302
    assert "Khác tự chấm, cần lý do" in shown(client, where)
    sheet.refresh_from_db()
    response = client.post(where, typed(sheet, "finish", note_A1="Một báo cáo muộn", **values))
    assert response["Location"] == table(world)  # nothing else waits
    sheet.refresh_from_db()
    assert sheet.state == SheetState.APPRAISED
    assert score(sheet, "A1").verified_note == "Một báo cáo muộn"


def test_appraisal_is_finished_with_every_score(client: Client, world: w.World) -> None:
    sheet = sent(world)
    client.force_login(world.thu)
    response = client.post(
        address(world, "sheet_appraise"), typed(sheet, "finish", A1="40", A2="20", D="3")
    )
    assert "Nhập điểm E" in response.content.decode()


def test_appraisal_goes_on_to_the_next_unit(client: Client, world: w.World) -> None:
    sheet = sent(world, world.b)
    sent(world)
    client.force_login(world.thu)
    where = address(world, "sheet_appraise", world.b)
    response = client.post(where, typed(sheet, "next", A1="40"))
    assert response["Location"] == address(world, "sheet_appraise", world.a)
    sheet.refresh_from_db()
    assert client.post(where, typed(sheet, "save", A1="40"))["Location"] == where


def test_stale_appraisal_keeps_what_was_typed(client: Client, world: w.World) -> None:
    sheet = sent(world)
    services.appraise(
        sheet=sheet, by=world.thu, version=2, finish=False, lines=w.lines(sheet, A1="36")
    )
    client.force_login(world.thu)
    text = client.post(
        address(world, "sheet_appraise"), typed(sheet, "save", version=2, A1="35")
    ).content.decode()
    assert 'value="35"' in text
    assert "Đang lưu: 36,00" in " ".join(text.split())


def test_appraisal_waits_until_the_sheet_is_sent(client: Client, world: w.World) -> None:
    w.sheet(world)
    client.force_login(world.thu)
    assert client.get(address(world, "sheet_appraise")).status_code == 403
    assert client.get(address(world, "sheet_appraise", world.b)).status_code == 403


def test_nobody_appraises_the_own_unit(client: Client, world: w.World) -> None:
    sheet = sent(world)
    w.appoint(world.thu, Role.UNIT_STAFF, unit=world.a)
    client.force_login(world.thu)
    where = address(world, "sheet_appraise")
    assert client.post(where, typed(sheet, "save", A1="1")).status_code == 403
    assert score(sheet, "A1").verified_score is None


def test_returned_sheet_tells_the_unit_why(client: Client, world: w.World) -> None:
    sheet = sent(world)
    client.force_login(world.thu)
    where = address(world, "sheet_return")
    response = client.post(where, {"reason": "Thiếu giải trình A1", "version": sheet.version})
    assert response["Location"] == table(world)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.DRAFT
    client.force_login(world.an)
    assert "Thiếu giải trình A1" in shown(client, address(world, "sheet_self_score"))


@pytest.mark.parametrize(
    ("reason", "version", "message"),
    [
        ("", "2", "Nêu lý do trả lại bảng điểm"),
        ("x" * 1001, "2", "còn tối đa 1000 ký tự"),
        ("Thiếu giải trình", "1", "vừa được người khác lưu"),
    ],
)
def test_return_that_is_refused_keeps_the_reason(
    client: Client, world: w.World, reason: str, version: str, message: str
) -> None:
    sheet = sent(world)
    client.force_login(world.thu)
    response = client.post(address(world, "sheet_return"), {"reason": reason, "version": version})
    text = response.content.decode()
    assert message in text
    assert reason in text
    assert '<details class="mt-3" open>' in text
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SUBMITTED
    assert not Event.objects.filter(verb="sheet.return").exists()
