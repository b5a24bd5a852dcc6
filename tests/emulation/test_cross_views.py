"""Cross-scoring through its pages: assigning, scoring, abstaining, and what nobody may see."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.models import Membership
from emulation.models import Criterion, CrossSheet, CrossState, ScoreSheet
from emulation.services import cross as crosses
from emulation.services import scoring as services
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def sent(world: w.World, unit: Any = None) -> ScoreSheet:
    sheet = w.sheet(world, unit=unit)
    by = world.binh if unit == world.b else world.an
    lines = w.lines(sheet, **w.FULL)
    return services.self_score(sheet=sheet, by=by, version=1, lines=lines, send=True)


def page(world: w.World, name: str, row: CrossSheet | None = None) -> str:
    return reverse(name, args=[world.season.slug, *([row.pk] if row else [])])


def assigned(world: w.World, *pairs: Any) -> list[CrossSheet]:
    return crosses.assign(
        season=world.season, by=world.thu, pairs=pairs or [(world.a, world.b)]
    )  # fmt: skip


def typed(row: CrossSheet, action: str, **points: str) -> dict[str, Any]:
    data: dict[str, Any] = {"action": action, "version": row.version}
    for leaf in Criterion.objects.exclude(kind="GROUP"):
        data[f"points-{leaf.pk}"] = points.get(leaf.code, "")
    return data


FULL = {"A1": "31", "A2": "20", "D": "3", "E": "−1"}


def test_the_secretary_assigns_what_is_proposed_and_one_more(
    client: Client, world: w.World
) -> None:
    client.force_login(world.thu)
    client.post(page(world, "cross_list"), {"action": "proposed"})
    assert CrossSheet.objects.count() == 6
    row = CrossSheet.objects.get(scored=world.a, scorer=world.b)
    client.post(page(world, "cross_unassign", row))
    data = {"action": "assign", "scored": world.a.pk, "scorer": world.b.pk}
    client.post(page(world, "cross_list"), data)
    assert CrossSheet.objects.count() == 6
    refused = client.post(page(world, "cross_list"), data | {"scorer": world.a.pk})
    assert "Đơn vị không tự chấm chéo chính mình." in refused.content.decode()


def test_a_scorer_fills_sends_once_and_sees_no_other_lane(client: Client, world: w.World) -> None:
    sheet = sent(world)
    row = assigned(world)[0]
    services.appraise(
        sheet=sheet, by=world.thu, version=2, lines=w.lines(sheet, A1="17"), finish=False
    )
    client.force_login(world.binh)
    where = page(world, "cross_score", row)
    text = client.get(where).content.decode()
    assert "17,00" not in text
    assert "62,00" in text  # the unit's own total
    assert client.post(where, typed(row, "save", A1="31")).status_code == 302
    row.refresh_from_db()
    assert "Nhập điểm A2" in client.post(where, typed(row, "send", A1="31")).content.decode()
    assert client.post(where, typed(row, "send", **FULL))["Location"] == page(world, "cross_list")
    row.refresh_from_db()
    assert row.state == CrossState.SUBMITTED
    assert client.get(where).status_code == 403
    client.force_login(world.an)
    assert client.get(where).status_code == 404  # never who gave what
    assert "Đơn vị B" not in client.get(page(world, "cross_list")).content.decode()
    client.force_login(world.thu)
    shown = client.get(reverse("sheet_appraise", args=["gan", world.a.pk])).content.decode()
    assert "31,00" in shown


def test_a_line_is_saved_as_it_is_typed(client: Client, world: w.World) -> None:
    sent(world)
    row = assigned(world)[0]
    client.force_login(world.binh)
    where = page(world, "cross_cell_save", row)
    data = {
        "criterion": Criterion.objects.get(code="A1").pk, "points": "31",
        "was": crosses.token(None, ""),
    }  # fmt: skip
    assert client.post(where, data).json()["points"] == "31,00"
    assert client.post(where, data | {"points": "30"}).status_code == 409
    assert client.post(where, data | {"points": "41"}).status_code == 422
    client.force_login(world.thu)
    assert client.post(where, data).status_code == 403


def test_saving_goes_on_to_the_next_unit(client: Client, world: w.World) -> None:
    sent(world)
    first, second = assigned(world, (world.a, world.b), (world.c, world.b))
    ScoreSheet.objects.filter(unit=world.c).update(
        state="submitted", submitted_at=world.phase.start
    )  # fmt: skip
    client.force_login(world.binh)
    answer = client.post(page(world, "cross_score", first), typed(first, "next", A1="31"))
    assert answer["Location"] == page(world, "cross_score", second)


def test_abstaining_names_the_relation(client: Client, world: w.World) -> None:
    sent(world)
    row = assigned(world)[0]
    client.force_login(world.binh)
    where = page(world, "cross_abstain", row)
    assert client.post(where, {"relation": "family", "reason": ""}).status_code == 200
    client.post(where, {"relation": "family", "reason": "Vợ công tác tại đơn vị"})
    row.refresh_from_db()
    assert (row.state, row.relation) == (CrossState.ABSTAINED, "family")


def cost(client: Client, where: str) -> int:
    client.get(where)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    return len(queries)


def test_pages_cost_the_same_with_many_units(client: Client, world: w.World) -> None:
    sent(world)
    assigned(world)
    client.force_login(world.thu)
    pages = [page(world, "cross_list"), page(world, "score_table")]
    before = [cost(client, where) for where in pages]
    for number in range(20):
        unit = w.unit(f"U{number}", f"Đơn vị số {number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        assigned(world, (unit, world.b))
    assert [cost(client, where) for where in pages] == before


def test_the_whole_table_holds_three_lanes(client: Client, world: w.World) -> None:
    sheet = sent(world)
    row = assigned(world)[0]
    crosses.keep_cross(
        cross=row, by=world.binh, version=1, send=True,
        lines=w.lines(sheet, **(w.FULL | {"A1": "31"})),
    )  # fmt: skip
    services.appraise(
        sheet=sheet, by=world.thu, version=2, lines=w.lines(sheet, A1="17"), finish=False
    )
    client.force_login(world.lan)
    where = page(world, "score_table")
    assert "<td>40,00<td>31,00<td>17,00" in client.get(where).content.decode()
    one = client.get(where, {"don-vi": world.b.pk, "nhom": "A"}).content.decode()
    assert "40,00" not in one
    assert "Tiêu chí D" not in one.split("<tbody>")[1]
    assert client.get(where, {"don-vi": "\x00", "nhom": "x"}).status_code == 200
