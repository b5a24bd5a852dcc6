"""Several years of a cluster: units under old names, schemes that changed, what may be seen."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Membership, Unit
from emulation import years
from emulation.models import Score, ScoreSheet, Season, SheetState
from tests import world as w

D = Decimal


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def scored(season: Season, unit: Unit, own: str, verified: str) -> ScoreSheet:
    """A sheet appraised to the end with one score in A1."""
    assert season.scheme
    now = timezone.now()
    sheet = ScoreSheet.objects.create(
        season=season, unit=unit, state=SheetState.APPRAISED, submitted_at=now, appraised_at=now
    )
    row = season.scheme.criteria.get(code="A1")
    Score.objects.create(
        sheet=sheet, criterion=row, min_score=row.min_score, max_score=row.max_score,
        self_score=D(own), verified_score=D(verified),
    )  # fmt: skip
    return sheet


def past(world: w.World, back: int, *units: Unit) -> Season:
    """A season of the same cluster `back` years ago with the same scheme and without phases."""
    year = w.YEAR - back
    for order, unit in enumerate(units, 1):
        Membership.objects.create(cluster=world.season.cluster, unit=unit, year=year, order=order)
    return Season.objects.create(
        cluster=world.season.cluster, year=year, slug=f"truoc-{back}", scheme=world.season.scheme
    )


def five(world: w.World) -> None:
    units = (world.a, world.b, world.c)
    for season in [world.season, *(past(world, back, *units) for back in range(1, 5))]:
        for at, unit in enumerate(units):
            scored(season, unit, "40", str(30 - at))


def test_a_unit_is_followed_through_its_old_name(world: w.World) -> None:
    old = w.unit("OLD", "Tên cũ")
    world.a.predecessors.add(old)
    scored(past(world, 1, old, world.b), old, "38", "31")
    scored(world.season, world.a, "36", "35.5")
    found = years.read(world.season, world.thu, timezone.now())
    before, now = dict(found.rows)[world.a]
    assert (before.unit, before.own, before.verified, before.gap) == (old, D(38), D(31), D(7))
    assert (now.verified, now.rank, now.gap) == (D("35.5"), 1, D("0.5"))


def test_the_parts_of_a_merger_have_no_sum(world: w.World) -> None:
    parts = [w.unit("X1", "Phần một"), w.unit("X2", "Phần hai")]
    world.a.predecessors.add(*parts)
    before = past(world, 1, *parts)
    for part in parts:
        scored(before, part, "30", "20")
    cell = years.read(world.season, world.thu, timezone.now()).of_unit(world.a)[0]
    assert cell.is_several
    assert cell.verified is None


def test_a_year_that_is_not_open_shows_a_unit_its_own_line_alone(world: w.World) -> None:
    season = past(world, 1, world.a, world.b)
    scored(season, world.a, "30", "20")
    scored(season, world.b, "30", "25")
    (first, _now) = years.read(world.season, world.an, timezone.now()).years
    assert set(first.lines) == {world.a.pk}
    found = years.read(world.season, world.an, timezone.now())
    assert found.of_unit(world.a)[0].verified == D(20)
    assert found.of_unit(world.a)[0].rank is None
    assert found.of_unit(world.b)[0].unit is None
    assert set(years.read(world.season, world.thu, timezone.now()).years[0].lines) == {
        world.a.pk, world.b.pk
    }  # fmt: skip


def test_a_criterion_whose_maximum_changed_is_compared_by_its_share(world: w.World) -> None:
    season = past(world, 1, world.a)
    scored(season, world.a, "30", "20")
    scored(world.season, world.a, "30", "25")
    other = w.Scheme.objects.create(code="khac", name="Thang khác", ceiling=100)
    w.Criterion.objects.create(
        scheme=other, order=1, code="A1", name="Tên mới", kind="QUALITATIVE", max_score=50
    )
    world.season.scheme = other
    world.season.save()
    found = years.read(world.season, world.thu, timezone.now())
    assert found.is_rebased
    rows = {row.code: row for row in found.criteria(found.of_unit(world.a))}
    assert rows["A1"].is_changed
    assert rows["A1"].name == "Tên mới"
    assert rows["A1"].marks[0].share == D(50)
    assert rows["A2"].marks[1].most is None


def test_a_draft_shows_no_score(world: w.World) -> None:
    ScoreSheet.objects.create(season=world.season, unit=world.a)
    (cell,) = years.read(world.season, world.thu, timezone.now()).of_unit(world.a)
    assert (cell.own, cell.verified, cell.gap) == (None, None, None)


def page(client: Client, user: Any, query: str = "") -> str:
    client.force_login(user)
    response = client.get(reverse("season_years", args=["gan"]) + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("who", ["an", "binh", "thu", "lan", "quang"])
def test_the_page_of_five_years(client: Client, world: w.World, who: str) -> None:
    five(world)
    html = page(client, getattr(world, who))
    assert f">{w.YEAR - 4}<" in html
    assert "30,00" in html
    assert "Tự chấm trừ thẩm định" in html


def test_the_page_before_anything_is_scored(client: Client, world: w.World) -> None:
    assert "Mới có một năm" in page(client, world.thu)
    Season.objects.update(scheme=None)
    assert "chưa có bảng điểm nào" in page(client, world.thu)


@pytest.mark.parametrize("value", ["0", "x", "9" * 99, "\x00", "-1"])
def test_a_unit_that_is_none_shows_the_first(client: Client, world: w.World, value: str) -> None:
    five(world)
    assert "Đơn vị A" in page(client, world.thu, f"?don-vi={value}")


def test_the_number_of_queries_does_not_grow_with_units(client: Client, world: w.World) -> None:
    five(world)
    page(client, world.thu)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, world.thu)
    for number in range(6):
        unit = w.unit(f"N{number}", f"Đơn vị N{number}")
        for season in Season.objects.filter(cluster=world.season.cluster):
            Membership.objects.create(
                cluster=season.cluster, unit=unit, year=season.year, order=10 + number
            )
            scored(season, unit, "10", str(number))
    with CaptureQueriesContext(connection) as many:
        page(client, world.thu)
    assert len(many) == len(few)
