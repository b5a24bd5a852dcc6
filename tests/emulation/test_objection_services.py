"""A unit objects once to a published score; the answer is given by another, with reasons."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from emulation import published
from emulation.models import Objection, Phase, Score, Season, SheetState
from emulation.services.objection import answer_objection, object_to
from emulation.services.standing import publish
from journal.models import Event
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    made = w.build()
    for unit in (made.a, made.b, made.c):
        sheet = w.sheet(made, unit=unit)
        for row in sheet.scores.select_related("criterion"):
            value = Decimal(w.FULL[row.criterion.code]) - (row.criterion.code == "A1") * 10
            Score.objects.filter(pk=row.pk).update(self_score=value, verified_score=value)
        sheet.state, sheet.submitted_at = SheetState.APPRAISED, timezone.now()
        sheet.save()
    publish(season=made.season, by=made.thu)
    made.season = Season.objects.select_related("cluster", "scheme").get(pk=made.season.pk)
    return made


def line(world: w.World, unit: Any = None, code: str = "A1") -> Score:
    rows = Score.objects.select_related("sheet__season", "sheet__unit", "criterion")
    return rows.get(sheet__season=world.season, sheet__unit=unit or world.a, criterion__code=code)


def written(world: w.World, **values: Any) -> Objection:
    return object_to(**{"score": line(world), "by": world.an, "text": "Thiếu một việc"} | values)


def test_new_evidence_goes_with_an_objection(world: w.World) -> None:
    file = w.picture()
    made = written(world, wanted=Decimal(35), files=[("a.png", file, file.getbuffer().nbytes)])
    assert made.before == 30
    assert made.standing.number == 1
    assert [row.name for row in made.files.all()] == ["a.png"]
    assert Event.objects.filter(verb="objection.write").count() == 1


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach", "far_secretary"])
def test_only_the_unit_objects(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        written(world, by=getattr(world, who))


def test_not_outside_the_window(world: w.World) -> None:
    Phase.objects.update(objection=False)
    with pytest.raises(PermissionDenied):
        written(world)


@pytest.mark.parametrize(
    ("values", "code"),
    [({"text": " "}, "text"), ({"wanted": Decimal(41)}, "wanted"), ({"text": "TỐI MẬT"}, "text")],
)
def test_what_says_nothing_is_refused(world: w.World, values: Any, code: str) -> None:
    with pytest.raises(ValidationError) as raised:
        written(world, **values)
    assert code in raised.value.message_dict
    assert not Objection.objects.exists()


def test_once_a_criterion(world: w.World) -> None:
    written(world)
    with pytest.raises(ValidationError) as raised:
        written(world)
    assert raised.value.code == "doubled"


def test_accepting_changes_the_score_and_asks_for_a_publication(world: w.World) -> None:
    made = written(world)
    answered = answer_objection(
        objection=made, by=world.thu, is_accepted=True, answer="Đúng", value=Decimal(36)
    )
    assert (answered.state, answered.before, answered.after) == ("accepted", 30, 36)
    assert line(world).verified_score == 36
    last = published.latest(world.season)
    assert last is not None
    assert published.faults(last) == []
    assert published.since(last, world.season)[0].codes == ("A1",)
    assert Event.objects.filter(verb="objection.answer").count() == 1


def test_refusing_changes_nothing_and_it_is_answered_once(world: w.World) -> None:
    made = written(world)
    answer_objection(objection=made, by=world.thu, is_accepted=False, answer="Đã tính")
    assert line(world).verified_score == 30
    with pytest.raises(ValidationError) as raised:
        answer_objection(objection=made, by=world.thu, is_accepted=False, answer="Lại")
    assert raised.value.code == "answered"


@pytest.mark.parametrize("value", [None, Decimal(41), Decimal(-1), Decimal("1.234")])
def test_a_value_out_of_range_is_refused(world: w.World, value: Any) -> None:
    made = written(world)
    with pytest.raises(ValidationError) as raised:
        answer_objection(objection=made, by=world.thu, is_accepted=True, answer="Đúng", value=value)
    assert "value" in raised.value.message_dict
    made.refresh_from_db()
    assert made.state == "open"


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "far_secretary"])
def test_only_the_secretary_answers(world: w.World, who: str) -> None:
    made = written(world)
    with pytest.raises(PermissionDenied):
        answer_objection(objection=made, by=getattr(world, who), is_accepted=False, answer="x")


def test_nobody_answers_for_the_own_unit(world: w.World) -> None:
    w.appoint(world.an, w.Role.UNIT_STAFF, unit=world.c)
    made = written(world, score=line(world, world.c))
    with pytest.raises(PermissionDenied):
        answer_objection(objection=made, by=world.thu, is_accepted=False, answer="x")
