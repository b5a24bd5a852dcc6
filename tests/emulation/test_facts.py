"""Facts of units that break ties: recorded with a source by the secretary, replaced, dropped."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Membership
from emulation import published
from emulation.models import FactKind, Score, Season, SheetState, UnitFact
from emulation.services import fact as services
from emulation.services.standing import publish
from journal.models import Event
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def record(world: w.World, **values: Any) -> UnitFact:
    given: dict[str, Any] = {
        "season": world.season, "unit": world.a, "kind": "ballot", "value": Decimal(7),
        "source": "Biên bản 12", "by": world.thu,
    } | values  # fmt: skip
    return services.record_fact(**given)


def where(world: w.World) -> str:
    return reverse("unit_facts", args=[world.season.slug])


def drop_address(world: w.World, fact: UnitFact) -> str:
    return reverse("unit_fact_drop", args=[world.season.slug, fact.pk])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def fresh(world: w.World) -> Season:
    return Season.objects.select_related("cluster", "scheme").get(pk=world.season.pk)


def close(world: w.World) -> None:
    Season.objects.filter(pk=world.season.pk).update(closed_at=timezone.now(), closed_by=world.thu)


def test_recording_again_replaces_and_the_journal_keeps_both(world: w.World) -> None:
    record(world)
    row = record(world, value=Decimal(9), source="Biên bản 13")
    assert (UnitFact.objects.get(), row.value, row.source) == (row, 9, "Biên bản 13")
    first, second = Event.objects.filter(verb="fact.record").order_by("number")
    assert first.changes == {"value": [None, "7.00"], "source": [None, "Biên bản 12"]}
    assert second.changes == {
        "value": ["7.00", "9.00"],
        "source": ["Biên bản 12", "Biên bản 13"],
    }
    record(world, value=Decimal("9.0"), source=" Biên bản 13 ")
    assert Event.objects.filter(verb="fact.record").count() == 2


def test_dropping_leaves_one_entry_with_what_it_said(world: w.World) -> None:
    row = record(world)
    services.drop_fact(fact=row, by=world.thu)
    assert not UnitFact.objects.exists()
    (event,) = Event.objects.filter(verb="fact.drop")
    assert event.changes == {"value": ["7.00", None], "source": ["Biên bản 12", None]}
    with pytest.raises(ValidationError) as refused:
        services.drop_fact(fact=row, by=world.thu)
    assert refused.value.code == "gone"


@pytest.mark.parametrize(
    ("values", "name", "code"),
    [
        ({"kind": "women", "value": Decimal(2)}, "value", "women"),
        ({"kind": "women", "value": Decimal("0.5")}, "value", "women"),
        ({"kind": "ballot", "value": Decimal("7.5")}, "value", "whole"),
        ({"kind": "size", "value": Decimal("0.01")}, "value", "whole"),
        ({"kind": "meeting", "value": Decimal("1.005")}, "value", "places"),
        ({"kind": "meeting", "value": Decimal("-0.01")}, "value", "range"),
        ({"kind": "size", "value": Decimal(100_000_000)}, "value", "range"),
        ({"kind": "size", "value": Decimal("NaN")}, "value", "range"),
        ({"kind": "size", "value": Decimal("1e400")}, "value", "range"),
        ({"kind": "votes"}, "kind", "kind"),
        ({"source": "  "}, "source", "source"),
        ({"source": "x" * 301}, "source", "source"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    world: w.World, values: dict[str, Any], name: str, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        record(world, **values)
    assert [error.code for error in refused.value.error_dict[name]] == [code]
    assert not UnitFact.objects.exists()
    assert not Event.objects.filter(verb="fact.record").exists()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("women", "0"), ("women", "1"), ("ballot", "0"), ("size", "99999999"),
     ("meeting", "99999999.99")],
)  # fmt: skip
def test_the_bounds_are_kept(world: w.World, kind: str, value: str) -> None:
    record(world, kind=kind, value=Decimal(value))
    assert UnitFact.objects.get().value == Decimal(value)


def test_a_stranger_has_no_fact(world: w.World) -> None:
    with pytest.raises(ValidationError) as refused:
        record(world, unit=w.unit("X", "Đơn vị lạ"))
    assert "unit" in refused.value.error_dict


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_secretary_records_and_drops(world: w.World, who: str) -> None:
    row = record(world)
    with pytest.raises(PermissionDenied):
        record(world, by=getattr(world, who), value=Decimal(8))
    with pytest.raises(PermissionDenied):
        services.drop_fact(fact=row, by=getattr(world, who))
    assert UnitFact.objects.get().value == 7


def test_a_closed_season_is_refused_and_still_read(client: Client, world: w.World) -> None:
    row = record(world)
    close(world)
    with pytest.raises(PermissionDenied):
        record(world, value=Decimal(8))
    with pytest.raises(PermissionDenied):
        services.drop_fact(fact=row, by=world.thu)
    client.force_login(world.thu)
    page = text(client.get(where(world)))
    assert "Biên bản 12" in page
    assert drop_address(world, row) not in page
    assert client.post(where(world)).status_code == 403
    assert client.post(drop_address(world, row)).status_code == 403


def test_after_publication_a_fact_shows_as_a_change(client: Client, world: w.World) -> None:
    for unit in (world.a, world.b, world.c):
        sheet = w.sheet(world, unit=unit)
        for score in sheet.scores.select_related("criterion"):
            value = Decimal(w.FULL[score.criterion.code])
            Score.objects.filter(pk=score.pk).update(self_score=value, verified_score=value)
        sheet.state, sheet.submitted_at = SheetState.APPRAISED, timezone.now()
        sheet.save()
    scheme = world.season.scheme
    assert scheme
    scheme.tie_breaks = ["group_a", "penalty", "bonus", "ballot"]
    scheme.save()
    made = publish(season=fresh(world), by=world.thu)
    assert published.since(made, fresh(world)) == []
    record(world, unit=world.b)
    found = [(row.unit, row.before, row.after) for row in published.since(made, fresh(world))]
    assert found == [("Đơn vị A", 1, 2), ("Đơn vị C", 1, 2)]
    client.force_login(world.thu)
    assert "Đã công bố xếp hạng" in text(client.get(where(world)))


# The page


def test_secretary_records_and_drops_on_the_page(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    values = {"unit": world.a.pk, "kind": "meeting", "value": "1234,5", "source": "Nghị quyết 3"}
    assert client.post(where(world), values).status_code == 302
    row = UnitFact.objects.get()
    page = text(client.get(where(world)))
    assert "<strong>1.234,5</strong>" in page
    assert "Nghị quyết 3" in page
    assert client.post(drop_address(world, row)).status_code == 302
    assert not UnitFact.objects.exists()
    assert client.post(drop_address(world, row)).status_code == 404
    assert client.get(drop_address(world, row)).status_code == 405
    huge = reverse("unit_fact_drop", args=[world.season.slug, 10**30])
    assert client.post(huge).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "women", "value": "2"}, {"value": "-1"}, {"value": "1e9"}, {"value": "0,5"},
     {"value": "100000000"}, {"value": ""}, {"source": ""}, {"source": "a\x00b"},
     {"unit": "9" * 30}, {"kind": "x"}],
)  # fmt: skip
def test_the_page_tells_what_is_wrong(
    client: Client, world: w.World, wrong: dict[str, str]
) -> None:
    client.force_login(world.thu)
    values = {"unit": str(world.a.pk), "kind": "ballot", "value": "7", "source": "Số 3"}
    response = client.post(where(world), values | wrong)
    assert response.status_code == 200
    assert "Chưa lưu được" in text(response)
    assert not UnitFact.objects.exists()


def test_cluster_roles_read_and_units_do_not(client: Client, world: w.World) -> None:
    row = record(world)
    for person, code in (
        (world.lan, 200), (world.quang, 200), (world.an, 403), (world.anh, 403),
        (world.binh, 403), (world.khach, 404), (world.far_secretary, 404),
    ):  # fmt: skip
        client.force_login(person)
        response = client.get(where(world))
        assert response.status_code == code
        if code == 200:
            assert "Biên bản 12" in text(response)
            assert drop_address(world, row) not in text(response)


def test_a_fact_of_another_season_is_not_dropped_here(client: Client, world: w.World) -> None:
    row = UnitFact.objects.create(
        season=world.far_season, unit=world.a, kind="size", value=5, source="Số 1",
        by=world.far_secretary, at=timezone.now(),
    )  # fmt: skip
    client.force_login(world.thu)
    assert client.post(drop_address(world, row)).status_code == 404
    assert UnitFact.objects.exists()


def test_table_costs_the_same_with_many_units(client: Client, world: w.World) -> None:
    record(world)
    client.force_login(world.thu)

    def cost() -> int:
        client.get(where(world))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where(world)).status_code == 200
        return len(queries)

    before = cost()
    for number in range(15):
        unit = w.unit(f"U{number}", f"Đơn vị số {number}")
        Membership.objects.create(
            cluster=world.season.cluster, unit=unit, year=w.YEAR, order=10 + number
        )
        for kind in FactKind:
            record(world, unit=unit, kind=kind, value=Decimal(1))
    assert cost() == before
