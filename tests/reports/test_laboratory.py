"""The fairness laboratory: what it finds, what it says is missing, who sees it."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from awards.models import Nomination
from clusters.models import Membership, Unit
from emulation.models import (
    CrossScore,
    CrossSheet,
    CrossState,
    Score,
    ScoreSheet,
    Season,
    SheetState,
    UnitFact,
)
from reports import laboratory
from reports.content import Table
from reports.findings import Check
from reports.models import Document
from reports.summary import summary_report
from tests import world as w

D = Decimal


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def scored(season: Season, unit: Unit, **points: str) -> None:
    assert season.scheme
    now = timezone.now()
    sheet = ScoreSheet.objects.create(
        season=season, unit=unit, state=SheetState.APPRAISED, submitted_at=now, appraised_at=now
    )
    for row in season.scheme.criteria.filter(code__in=points):
        Score.objects.create(
            sheet=sheet, criterion=row, min_score=row.min_score, max_score=row.max_score,
            verified_score=D(points[row.code]),
        )  # fmt: skip


def three(world: w.World) -> None:
    scored(world.season, world.a, A1="35", A2="10", D="0", E="0")
    scored(world.season, world.b, A1="34", A2="10", D="2", E="-1.5")
    scored(world.season, world.c, A1="20", A2="10", D="0", E="0")


def sized(world: w.World, **sizes: str) -> None:
    for name, value in sizes.items():
        UnitFact.objects.create(
            season=world.season, unit=getattr(world, name), kind="size", value=D(value),
            source="QĐ 1", by=world.thu, at=timezone.now(),
        )  # fmt: skip


def checks(world: w.World, **maxima: str) -> dict[str, Check]:
    typed = {code: D(value) for code, value in maxima.items()}
    return {row.anchor: row for row in laboratory.read(world.season, typed).checks}


def texts(check: Check) -> list[list[str]]:
    assert check.table
    return [[cell.text for cell in row.cells] for row in check.table.rows]


def test_the_smallest_change_is_named_with_its_criterion(world: w.World) -> None:
    three(world)
    check = checks(world)["sat"]
    # 45 and 44,5: half a point more ties, and then group A decides for the upper one.
    assert "0,51 điểm" in check.finding or "0,50 điểm" in check.finding
    assert texts(check)[0][:2] == ["Đơn vị A – Đơn vị B", "0,50"]
    assert check.chart is not None
    assert len(check.chart.bars) == 2


def test_units_that_keep_their_place_under_every_weight(world: w.World) -> None:
    three(world)
    check = checks(world)["trong-so"]
    rows = {row[0]: row[1:] for row in texts(check)}
    assert rows["Đơn vị C"] == ["3", "3", "3", "giữ hạng trong mọi phép thử"]
    assert "phép thử" in check.finding


def test_weights_that_were_typed_are_one_more_trial(world: w.World) -> None:
    three(world)
    check = checks(world, D="30")["trong-so"]
    rows = {row[0]: row[1:] for row in texts(check)}
    assert rows["Đơn vị B"][1] == "1"
    assert "trọng số tự nhập: hạng 1" in rows["Đơn vị B"][3]


def test_sizes_that_are_missing_are_named(world: w.World) -> None:
    three(world)
    assert "Chưa có quân số: Đơn vị A, Đơn vị B, Đơn vị C." in checks(world)["quan-so"].finding
    sized(world, a="200", b="100", c="50")
    check = checks(world)["quan-so"]
    assert "1,00" in check.finding
    assert texts(check)[0] == ["Đơn vị A", "200", "10,00", "5,00", "1"]
    assert check.about == ""


def test_a_criterion_in_which_all_are_equal(world: w.World) -> None:
    three(world)
    found = {row[0]: row[-1] for row in texts(checks(world)["khong-phan-biet"])}
    assert found["A2. Tiêu chí A2"] == "mọi đơn vị bằng nhau"
    assert "A1. Tiêu chí A1" not in found


def flags(world: w.World, *holders: Unit) -> None:
    """The flag of each year up to now, the oldest first."""
    for back, unit in enumerate(reversed(holders)):
        season = world.season
        if back:
            season = Season.objects.create(
                cluster=season.cluster, year=w.YEAR - back, slug=f"truoc-{back}"
            )
            for order, member in enumerate((world.a, world.b, world.c), 1):
                Membership.objects.create(
                    cluster=season.cluster, unit=member, year=season.year, order=order
                )
        Nomination.objects.create(season=season, unit=unit, award=world.flag, state="proposed")


def test_a_flag_that_goes_round(world: w.World) -> None:
    a, b, c = world.a, world.b, world.c
    flags(world, a, b, c, a, b)
    check = checks(world)["luan-phien"]
    assert texts(check) == [["Cờ thi đua mẫu", "5", "4", "4", "1,7", "0"]]
    assert "4 lần đúng lượt" in check.finding


def test_few_years_are_no_ground_for_a_word(world: w.World) -> None:
    flags(world, world.a, world.b)
    assert "quá ngắn" in checks(world)["luan-phien"].finding


def page(client: Client, user: Any, query: str = "", status: int = 200) -> str:
    client.force_login(user)
    response = client.get(reverse("season_fairness", args=["gan"]) + query)
    assert response.status_code == status
    return response.content.decode()


def test_the_page_for_the_secretary_and_the_leader_alone(client: Client, world: w.World) -> None:
    three(world)
    for who in (world.thu, world.lan):
        html = page(client, who)
        assert "không phải kết luận" in html
        assert html.count("<svg") >= 3
    for who in (world.an, world.anh, world.binh, world.quang):
        page(client, who, status=403)
    page(client, world.far_secretary, status=404)


def test_the_page_before_two_units_are_appraised(client: Client, world: w.World) -> None:
    assert "ít nhất hai đơn vị" in page(client, world.thu)
    assert "Chưa có năm nào" in page(client, world.thu)
    Season.objects.update(scheme=None)
    assert "chưa có thang điểm" in page(client, world.thu)


@pytest.mark.parametrize(
    "value", ["", "x", "NaN", "Infinity", "-5", "1e999", "9" * 99, "\x00", "1e308", "0", "0,5"]
)
def test_weights_that_are_none_do_no_harm(client: Client, world: w.World, value: str) -> None:
    three(world)
    page(client, world.thu, f"?t-A={value}&t-zz=5&t-=1")


def test_the_number_of_queries_does_not_grow(client: Client, world: w.World) -> None:
    three(world)
    flags(world, world.a, world.b)
    page(client, world.thu)
    with CaptureQueriesContext(connection) as few:
        page(client, world.thu)
    for number in range(8):
        unit = w.unit(f"N{number}", f"Đơn vị N{number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        scored(world.season, unit, A1=str(number), A2="2")
    with CaptureQueriesContext(connection) as many:
        page(client, world.thu)
    assert len(many) == len(few)


def test_the_annex_stands_in_the_report_only_for_who_asks(world: w.World) -> None:
    three(world)
    created = timezone.now()
    plain = summary_report(world.season, created=created)
    assert "KIỂM ĐỊNH CÔNG BẰNG" not in {annex.title for annex in plain.annexes}
    fair = summary_report(world.season, created=created, with_fairness=True)
    (annex,) = [one for one in fair.annexes if one.title == "KIỂM ĐỊNH CÔNG BẰNG"]
    assert len(fair.annexes) == len(plain.annexes) + 1
    table = annex.blocks[1]
    assert isinstance(table, Table)
    assert len(table.rows) == 6


def test_a_report_before_two_units_are_appraised_has_no_annex(world: w.World) -> None:
    found = summary_report(world.season, created=timezone.now(), with_fairness=True)
    assert "KIỂM ĐỊNH CÔNG BẰNG" not in {annex.title for annex in found.annexes}


def test_the_button_asks_for_the_report_with_the_annex(client: Client, world: w.World) -> None:
    three(world)
    assert 'name="fairness"' in page(client, world.thu)
    for key, fairness, kind in ((uuid4(), "1", "fair_report"), (uuid4(), "", "final_report")):
        sent = {"key": key, "fairness": fairness}
        client.post(reverse("document_request", args=["gan"]), sent)
        assert Document.objects.get(request_key=key).kind == kind


def crossed(world: w.World, scorer: Unit, scored: Unit, state: str, **points: str) -> None:
    cross = CrossSheet.objects.create(
        sheet=world.season.sheets.get(unit=scored), scored=scored, scorer=scorer, state=state,
        submitted_at=timezone.now(),
    )  # fmt: skip
    for row in world.season.scheme.criteria.filter(code__in=points):  # type: ignore[union-attr]
        CrossScore.objects.create(
            cross_sheet=cross, criterion=row, min_score=row.min_score, max_score=row.max_score,
            score=D(points[row.code]),
        )  # fmt: skip


def test_a_strict_scorer_is_told_beside_the_normalised_mean(world: w.World) -> None:
    three(world)
    assert checks(world)["cham-cheo"].finding == "Chưa có bảng chấm chéo nào được gửi."
    d, e = w.unit("X", "Đơn vị X"), w.unit("Y", "Đơn vị Y")
    for order, unit in enumerate((d, e), 8):
        Membership.objects.create(cluster=world.season.cluster, unit=unit, year=w.YEAR, order=order)
    high = {"A1": "40", "A2": "20", "D": "10", "E": "0"}
    low = {"A1": "20", "A2": "10", "D": "5", "E": "-7.5"}
    for scored_unit in (world.a, world.b):
        crossed(world, d, scored_unit, CrossState.SUBMITTED, **high)
        crossed(world, e, scored_unit, CrossState.SUBMITTED, **low)
    crossed(world, d, world.c, CrossState.ASSIGNED, **low)
    check = checks(world)["cham-cheo"]
    assert "Đơn vị X" in check.finding
    assert "Đơn vị Y" in check.finding
    rows = {row[0]: row[1:] for row in texts(check)}
    assert rows["Đơn vị Y"][:2] == ["8", "50,0"]
    assert rows["Đơn vị X"][:2] == ["8", "−50,0"]
