"""A version tried on scores that are there: who would have changed place."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emulation import trial
from emulation.models import Criterion, Score, Season
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    world = w.build()
    # A leads by A1, B by A2.
    for unit, first, second in ((world.a, 40, 10), (world.b, 29, 20)):
        sheet = w.sheet(world, unit=unit)
        given = {"A1": first, "A2": second, "D": 0, "E": 0}
        for code, score in given.items():
            rows = Score.objects.filter(sheet=sheet, criterion__code=code)
            rows.update(self_score=score, verified_score=score)
    world.season.sheets.update(state="appraised", submitted_at=timezone.now())
    return world


def test_other_maxima_change_the_order_and_missing_criteria_are_named(world: w.World) -> None:
    made = w.version(world)
    Criterion.objects.filter(scheme=made, code="A1").update(max_score=20)
    Criterion.objects.create(
        scheme=made, parent=made.criteria.get(code="A"), order=9, code="A3", name="Mới",
        kind="QUALITATIVE", max_score=5,
    )  # fmt: skip
    season = Season.objects.select_related("scheme").get(pk=world.season.pk)
    found = trial.run(season, made)
    assert [(row.unit, row.before, row.after) for row in found.rows] == [
        (world.b, 2, 1), (world.a, 1, 2),
    ]  # fmt: skip
    assert [row.code for row in found.missing] == ["A3"]


def test_the_page_says_who_moves(client: Client, world: w.World) -> None:
    made = w.version(world)
    Criterion.objects.filter(scheme=made, code="A1").update(max_score=20)
    client.force_login(world.thu)
    text = client.get(reverse("scheme_trial", args=["gan", made.pk])).content.decode()
    assert "từ hạng 2 sang hạng 1" in text
