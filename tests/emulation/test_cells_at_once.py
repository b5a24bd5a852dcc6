"""Two who type at the same sheet at once: one cell is told, two cells are both kept."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from emulation.models import Criterion, ScoreSheet
from emulation.services.cells import Entry, write_cell
from emulation.standings import Lane
from tests import world as w
from tests.emulation.test_periodic_at_once import at_once, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
]


@pytest.fixture
def world(transactional_db: None) -> w.World:
    return w.build()


def typing(sheet: ScoreSheet, by: Any, code: str, points: str) -> Any:
    key = Criterion.objects.get(code=code).pk
    return lambda: write_cell(
        sheet=sheet, criterion=key, lane=Lane.OWN, entry=Entry(Decimal(points)),
        was=Entry().token, by=by,
    )  # fmt: skip


def test_one_cell_has_one_winner_and_the_other_is_told(world: w.World) -> None:
    sheet = w.sheet(world)
    acts = (typing(sheet, world.an, "A1", "10"), typing(sheet, world.anh, "A1", "11"))
    assert at_once(*acts) == ["done", "stale"]
    assert events("sheet.cell") == 1


def test_two_cells_of_one_sheet_are_both_kept(world: w.World) -> None:
    sheet = w.sheet(world)
    acts = (typing(sheet, world.an, "A1", "10"), typing(sheet, world.anh, "A2", "11"))
    assert at_once(*acts) == ["done", "done"]
    found = {row.criterion.code: row.self_score for row in sheet.scores.all()}
    assert (found["A1"], found["A2"]) == (10, 11)
    sheet.refresh_from_db()
    assert (sheet.version, events("sheet.cell")) == (3, 2)


def test_the_same_cell_sent_twice_is_saved_once(world: w.World) -> None:
    sheet = w.sheet(world)
    acts = (typing(sheet, world.an, "A1", "10"), typing(sheet, world.an, "A1", "10"))
    assert at_once(*acts) == ["done", "done"]
    assert events("sheet.cell") == 1
