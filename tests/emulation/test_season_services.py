from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from emulation.models import Assessment, AssessmentKind, Launch, Phase, Source
from emulation.permissions import allows, deadline
from emulation.services.movement import record_launch
from emulation.services.season import assessment_texts, write_assessment
from journal.models import Event
from journal.queries import history
from tests import world as w

STRENGTH, CAUSE = AssessmentKind.STRENGTH, AssessmentKind.CAUSE


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def launch(world: w.World, **values: Any) -> Launch:
    values = {
        "season": world.season, "unit": world.a, "by": world.an, "version": 0,
        "slogan": "Gần dân, sát việc", "launched_on": w.DAY,
    } | values  # fmt: skip
    return record_launch(**values)


def test_a_launch_is_recorded_then_changed(world: w.World) -> None:
    row = launch(world)
    row = launch(world, version=1, slogan="Rõ kết quả")
    assert (row.slogan, row.version) == ("Rõ kết quả", 2)
    assert history(row)[0].changes == {"slogan": ["Gần dân, sát việc", "Rõ kết quả"]}


def test_saving_a_launch_unchanged_writes_nothing(world: w.World) -> None:
    launch(world)
    before = Event.objects.count()
    assert launch(world, version=1).version == 1
    assert Event.objects.count() == before


def test_a_stale_launch_form_is_refused(world: w.World) -> None:
    launch(world)
    with pytest.raises(ValidationError) as caught:
        launch(world, slogan="Khác")
    assert caught.value.code == "stale"


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach", "far_secretary"])
def test_only_the_unit_launches(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        launch(world, by=getattr(world, who))


def test_no_launch_outside_the_phase(world: w.World) -> None:
    with pytest.raises(PermissionDenied):
        launch(world, at=world.phase.end)


def test_the_database_wants_slogan_and_day_of_a_unit(world: w.World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Launch.objects.create(season=world.season, unit=world.a, slogan="", launched_on=w.DAY)


def test_phases_switch_by_dates(world: w.World) -> None:
    start, end = world.phase.start, world.phase.end
    Phase.objects.filter(pk=world.phase.pk).update(nominate=False)
    season = type(world.season).objects.get(pk=world.season.pk)
    assert allows(season, "enter", start)
    assert allows(season, "enter", end - timedelta(seconds=1))
    assert not allows(season, "enter", end)
    assert not allows(season, "enter", start - timedelta(seconds=1))
    assert not allows(season, "nominate", start)
    assert deadline(season, "enter", start) == end
    assert deadline(season, "nominate", start) is None


def test_assessment_keeps_the_source_of_what_stays(world: w.World) -> None:
    source = Source.objects.create(season=world.season, code="T18", quote="…")
    Assessment.objects.create(
        season=world.season, kind=STRENGTH, order=1, text="Giữ nguyên", source=source
    )
    write_assessment(
        season=world.season, by=world.thu, paragraphs={STRENGTH: ["Mới", "Giữ nguyên"]},
        before={STRENGTH: ["Giữ nguyên"]},
    )  # fmt: skip
    rows = world.season.assessments.order_by("order")
    assert [(row.text, row.source) for row in rows] == [("Mới", None), ("Giữ nguyên", source)]
    assert history(world.season)[0].changes == {"strength": [["Giữ nguyên"], ["Mới", "Giữ nguyên"]]}


def test_assessment_of_other_parts_is_left_alone(world: w.World) -> None:
    write_assessment(season=world.season, by=world.thu, paragraphs={CAUSE: ["Vì"]})
    write_assessment(season=world.season, by=world.thu, paragraphs={STRENGTH: ["Mạnh"]})
    texts = assessment_texts(world.season)
    assert (texts[CAUSE], texts[STRENGTH]) == (["Vì"], ["Mạnh"])


def test_a_stale_assessment_is_refused(world: w.World) -> None:
    write_assessment(season=world.season, by=world.thu, paragraphs={CAUSE: ["Vì"]})
    with pytest.raises(ValidationError) as caught:
        write_assessment(
            season=world.season, by=world.thu, paragraphs={CAUSE: ["Tại"]}, before={CAUSE: []}
        )
    assert caught.value.code == "stale"


@pytest.mark.parametrize("who", ["an", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_secretary_assesses(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        write_assessment(season=world.season, by=getattr(world, who), paragraphs={CAUSE: ["Vì"]})
