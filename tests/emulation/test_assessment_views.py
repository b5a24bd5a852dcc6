from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from emulation.forms.assessment import digest
from emulation.models import Assessment, AssessmentKind, Source
from emulation.services.season import assessment_texts, write_assessment
from journal.models import Event
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def address(world: w.World) -> str:
    return reverse("assessment_edit", args=[world.season.slug])


def post(client: Client, world: w.World, before: str | None = None, **typed: str) -> Any:
    mark = digest(assessment_texts(world.season)) if before is None else before
    return client.post(address(world), {"before": mark} | typed)


def test_every_line_becomes_a_paragraph(client: Client, world: w.World) -> None:
    client.force_login(world.thu)
    response = post(client, world, strength="Một\r\n\r\n  Hai  \r\n", task="Ba")
    assert response.status_code == 302
    found = assessment_texts(world.season)
    assert found[AssessmentKind.STRENGTH] == ["Một", "Hai"]
    assert found[AssessmentKind.TASK] == ["Ba"]
    assert Event.objects.filter(verb="assessment.write").count() == 1


def test_a_line_left_as_it_was_keeps_its_source(client: Client, world: w.World) -> None:
    source = Source.objects.create(season=world.season, code="T20", quote="…")
    Assessment.objects.create(
        season=world.season, kind=AssessmentKind.STRENGTH, text="Từ nguồn", source=source
    )
    client.force_login(world.thu)
    assert "Từ nguồn" in client.get(address(world)).content.decode()
    post(client, world, strength="Từ nguồn\nThêm")
    rows = Assessment.objects.order_by("order").values_list("text", "source")
    assert list(rows) == [("Từ nguồn", source.pk), ("Thêm", None)]


def test_stale_text_is_shown_beside_what_was_typed(client: Client, world: w.World) -> None:
    before = digest(assessment_texts(world.season))
    write_assessment(
        season=world.season, by=world.thu, paragraphs={AssessmentKind.CAUSE: ["Của người khác"]}
    )
    client.force_login(world.thu)
    response = post(client, world, before, cause="Vừa gõ", lesson="")
    text = response.content.decode()
    assert response.status_code == 200
    assert "vừa được người khác lưu" in text
    assert "Của người khác" in text
    assert "Vừa gõ" in text
    assert assessment_texts(world.season)[AssessmentKind.CAUSE] == ["Của người khác"]
    mark = digest(assessment_texts(world.season))
    assert f'value="{mark}"' in text
    assert post(client, world, mark, cause="Vừa gõ").status_code == 302
    assert assessment_texts(world.season)[AssessmentKind.CAUSE] == ["Vừa gõ"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [("x" * 1_000_000, "còn tối đa 20000 ký tự"), ("a\x07b", "ký tự không đọc được")],
)
def test_text_that_no_report_can_hold_is_refused(
    client: Client, world: w.World, typed: str, message: str
) -> None:
    client.force_login(world.thu)
    response = post(client, world, direction=typed)
    assert message in response.content.decode()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("person", ["an", "lan", "quang"])
def test_nobody_else_writes_it(client: Client, world: w.World, person: str) -> None:
    client.force_login(getattr(world, person))
    assert client.get(address(world)).status_code == 403
    assert post(client, world, task="Ba").status_code == 403
    assert not Assessment.objects.exists()
