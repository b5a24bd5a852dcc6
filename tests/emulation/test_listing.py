"""The list of achievements: what it may show, and that its quick ways say what the slow ones do."""

from typing import Any

import pytest
from django.forms import Select
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertHTMLEqual

from clusters.forms import QuickSelect
from clusters.models import Appointment, Role
from emulation.lines import Printer, filled
from emulation.models import Achievement, Source, State
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def every_state(world: w.World) -> None:
    """An achievement of every state for units A and B, and one of the whole cluster."""
    source = Source.objects.create(season=world.season, code="T1", quote="…")
    Achievement.objects.bulk_create(
        Achievement(
            season=world.season, unit=unit, number=100 + n, category="reform", title=f"Việc {n}",
            state=state, started_on=w.DAY, submitted_at=w.moment(w.YEAR, 1, 3), revision=1,
            source=source if unit is None else None,
        )
        for n, (unit, state) in enumerate(
            (unit, state) for unit in (world.a, world.b, None) for state in State.values
        )
    )  # fmt: skip


WHO = ["an", "anh", "binh", "thu", "lan", "quang", "khach", "far_secretary", "both"]


@pytest.mark.parametrize("who", WHO)
def test_the_quick_rule_of_what_is_seen_is_the_slow_one(world: w.World, who: str) -> None:
    """Within a season that the reader sees; nobody else comes this far."""
    every_state(world)
    user = getattr(world, who) if who != "both" else world.an
    if who == "both":
        w.appoint(user, Role.LEADER, cluster=world.season.cluster)
        assert Appointment.objects.filter(user=user).count() == 2
    slow = Achievement.objects.visible_to(user).filter(season=world.season)
    quick = Achievement.objects.visible_in(world.season, user)
    if type(world.season).objects.visible_to(user).filter(pk=world.season.pk).exists():
        assert set(quick) == set(slow)
        assert quick
    else:
        assert not slow


def test_a_line_says_what_the_model_says(world: w.World) -> None:
    row = w.draft(world)
    row.season = world.season
    (line,) = Printer(world.season, "unit").lines(Achievement.objects.filter(pk=row.pk))
    assert line.code == row.code
    assert line.url == reverse("achievement_detail", args=[world.season.slug, row.number])
    assert (line.title, line.unit) == (row.title, world.a.short_name)
    assert line.category == row.get_category_display()
    assert "Bản nháp" in line.tags


@pytest.mark.parametrize(
    "title", ["<script>alert(1)</script>", "{url}{0}{tags} %s {{ x }}", "a & b"]
)
def test_what_people_typed_is_text(client: Client, world: w.World, title: str) -> None:
    row = w.draft(world, title=title)
    (line,) = Printer(world.season, "unit").lines(Achievement.objects.filter(pk=row.pk))
    html = filled("emulation/_line.html", [line], with_units=False)
    assert "<script>" not in html
    client.force_login(world.an)
    page = client.get(reverse("achievement_list", args=[world.season.slug])).content.decode()
    assert html in page
    assert title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in html


@pytest.mark.parametrize("value", ["", "a", "x", None, "<b>"])
def test_a_quick_select_is_a_select(value: Any) -> None:
    choices = [("", "Tất cả"), ("a", "Một <1>"), ("b", 'Hai "2"')]
    attrs = {"id": "id_x", "class": "form-select"}

    quick, slow = (
        kind(choices=choices).render("x", value, attrs) for kind in (QuickSelect, Select)
    )
    assertHTMLEqual(quick, slow)


def test_waiting_is_a_filter_of_two_states(client: Client, world: w.World) -> None:
    every_state(world)
    client.force_login(world.thu)
    address = reverse("achievement_list", args=[world.season.slug])
    rows = client.get(f"{address}?judged=waiting&unit={world.a.pk}").context["rows"]
    assert len(rows) == 2
    assert {"Đã gửi", "Đang thẩm định"} == {
        word for row in rows for word in ("Đã gửi", "Đang thẩm định") if word in row.tags
    }
