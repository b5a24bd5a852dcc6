"""The order is published once, whole, and can be computed again from what was frozen."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emulation import published, tally
from emulation.models import Score, Season, SheetState, Standing
from emulation.services.standing import publish
from emulation.standings import for_season
from journal.models import Event
from tests import world as w
from tests.conftest import _triggers_off

POINTS = {"A": w.FULL, "B": w.FULL | {"A1": "30"}, "C": w.FULL | {"A1": "30"}}


def appraised(world: w.World, *units: Any) -> None:
    for unit in units or (world.a, world.b, world.c):
        sheet = w.sheet(world, unit=unit)
        for row in sheet.scores.select_related("criterion"):
            value = Decimal(POINTS[unit.code][row.criterion.code])
            Score.objects.filter(pk=row.pk).update(self_score=value, verified_score=value)
        sheet.state, sheet.submitted_at = SheetState.APPRAISED, timezone.now()
        sheet.save()


@pytest.fixture
def world(db: None) -> w.World:
    made = w.build()
    appraised(made)
    return made


def fresh(world: w.World) -> Season:
    return Season.objects.select_related("cluster", "scheme").get(pk=world.season.pk)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_what_is_published_is_what_was_computed(world: w.World) -> None:
    made = publish(season=world.season, by=world.thu)
    assert made.number == 1
    assert made.sha256 == published.digest(made.inputs)
    running = for_season(fresh(world))
    frozen = published.lines(made)
    for one, other in zip(running, frozen, strict=True):
        assert (one.unit.pk, one.rank, one.decided_by) == (
            other.unit.pk, other.rank, other.decided_by
        )  # fmt: skip
        assert (one.verified, one.points, one.grade) == (other.verified, other.points, other.grade)
    assert [row.rank for row in frozen] == [1, 2, 2]
    (event,) = Event.objects.filter(verb="standing.publish")
    assert event.changes["number"] == [None, 1]


def test_a_unit_without_a_place_is_named_and_needs_a_reason(world: w.World) -> None:
    world.season.sheets.filter(unit=world.c).update(state=SheetState.SUBMITTED)
    with pytest.raises(ValidationError, match="Đơn vị C") as raised:
        publish(season=world.season, by=world.thu)
    assert raised.value.code == "missing"
    assert not Standing.objects.exists()
    made = publish(season=world.season, by=world.thu, left_out={world.c.pk: "Giải thể"})
    assert [row.unit.pk for row in published.lines(made)] == [world.a.pk, world.b.pk]
    assert published.labels(made)["left_out"] == {str(world.c.pk): "Giải thể"}


def test_an_appraised_unit_is_never_left_out(world: w.World) -> None:
    made = publish(season=world.season, by=world.thu, left_out={world.a.pk: "Không thích"})
    assert len(published.lines(made)) == 3


def test_again_needs_a_reason_and_sees_the_last(world: w.World) -> None:
    publish(season=world.season, by=world.thu, seen=0)
    for given, code in (({"reason": "Sửa", "seen": 0}, "stale"), ({}, "reason")):
        with pytest.raises(ValidationError) as raised:
            publish(season=world.season, by=world.thu, **given)
        codes = {error.code for error in getattr(raised.value, "error_list", [])}
        assert code in codes or "reason" in getattr(raised.value, "error_dict", {})
    Score.objects.filter(sheet__unit=world.b, criterion__code="A1").update(verified_score=35)
    second = publish(season=world.season, by=world.thu, reason="Sửa điểm", seen=1)
    first = Standing.objects.get(number=1)
    assert [(c.unit, c.before, c.after, c.codes) for c in published.between(first, second)] == [
        ("Đơn vị B", 2, 2, ("A1",)), ("Đơn vị C", 2, 3, ()),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_secretary_publishes(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        publish(season=world.season, by=getattr(world, who))


def verify(capsys: Any, **options: Any) -> str:
    call_command("standings_verify", **options)
    return str(capsys.readouterr().out)


def test_every_publication_is_computed_again(world: w.World, capsys: Any) -> None:
    publish(season=world.season, by=world.thu)
    publish(season=world.season, by=world.thu, reason="Lần nữa")
    assert verify(capsys).count("khớp") == 2
    assert verify(capsys, season="xa") == ""


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("result", "[]", "kết quả khác"),
        ("sha256", "0" * 64, "mã băm"),
        ("inputs", "{}", "không đọc được"),
        ("inputs", "[", "không đọc được"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_row_that_was_tampered_with_is_found(
    world: w.World, capsys: Any, column: str, value: str, told: str
) -> None:
    made = publish(season=world.season, by=world.thu)
    with _triggers_off(connection):
        Standing.objects.filter(pk=made.pk).update(**{column: value})
    with pytest.raises(CommandError):
        call_command("standings_verify")
    assert told in capsys.readouterr().out


def test_a_changed_rule_is_found(
    world: w.World, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    publish(season=world.season, by=world.thu)
    original = tally.tally
    monkeypatch.setattr(tally, "tally", lambda *given: original(*given)[:-1])
    with pytest.raises(CommandError):
        call_command("standings_verify")
    assert "kết quả khác" in capsys.readouterr().out


def test_the_secretary_sees_before_and_publishes(world: w.World) -> None:
    client, address = signed_in(world.thu), reverse("publication", args=["gan"])
    assert "Bằng tổng điểm: Đơn vị B, Đơn vị C" in text(client.get(address))
    assert client.post(address, {"seen": "0"}).status_code == 302
    assert "vừa được người khác công bố" in text(client.post(address, {"seen": "0", "reason": "x"}))
    assert Standing.objects.count() == 1


def test_units_read_what_was_published_and_the_secretary_what_changed(world: w.World) -> None:
    address = reverse("standings", args=["gan"])
    assert "Tạm tính" in text(signed_in(world.an).get(address))
    publish(season=world.season, by=world.thu)
    Score.objects.filter(sheet__unit=world.b, criterion__code="A1").update(verified_score=40)
    for who, told in (("an", False), ("thu", True), ("lan", True)):
        page = text(signed_in(getattr(world, who)).get(address))
        assert "Công bố lần 1" in page
        assert ("Số liệu đã thay đổi sau công bố" in page) is told
        assert "52,00" in page  # unit B as published: 30 + 20 + 3 - 1
        assert ("Đơn vị B: hạng 2 → 1" in page) is told


def test_a_renamed_unit_keeps_its_name_in_what_was_published(world: w.World) -> None:
    made = publish(season=world.season, by=world.thu)
    world.a.short_name = "Tên mới"
    world.a.save()
    assert published.lines(made)[0].unit.short_name == "Đơn vị A"
    assert published.faults(made) == []


@pytest.mark.parametrize("name", ["standings", "publication"])
def test_pages_read_a_fixed_number_of_times(
    world: w.World, name: str, django_assert_num_queries: Any
) -> None:
    publish(season=world.season, by=world.thu)
    client = signed_in(world.thu)
    address = reverse(name, args=["gan"])
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    publish(season=world.season, by=world.thu, reason="Nữa")
    publish(season=world.season, by=world.thu, reason="Nữa")
    with django_assert_num_queries(len(first)):
        client.get(address)
