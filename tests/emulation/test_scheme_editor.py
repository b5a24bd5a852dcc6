"""The editor of a scheme: what is typed is kept, checked at its field, and never overwrites."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from emulation import scheme_a, schemes
from emulation.models import Scheme, Season
from emulation.services import scheme as services
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def scheme(world: w.World) -> Scheme:
    made = w.version(world)
    Scheme.objects.filter(pk=made.pk).update(ceiling=70)
    return Scheme.objects.get(pk=made.pk)


@pytest.fixture
def thu(client: Client, world: w.World) -> Client:
    client.force_login(world.thu)
    return client


def typed(client: Client, scheme: Scheme, **values: str) -> dict[str, Any]:
    """What the page would send as it is shown, with some fields typed over."""
    page = client.get(reverse("scheme_edit", args=["gan", scheme.pk]))
    frame, rows = page.context["frame"], page.context["rows"]
    fields = [*frame, *rows.management_form, *(field for row in rows for field in row)]
    sent = {field.html_name: field.value() for field in fields}
    text = {k: v for k, v in sent.items() if v not in (None, False)}
    return {k: "on" if v is True else str(v) for k, v in text.items()} | values


def post(client: Client, scheme: Scheme, data: dict[str, Any]) -> Any:
    return client.post(reverse("scheme_edit", args=["gan", scheme.pk]), data)


def test_a_criterion_is_added_moved_and_removed(thu: Client, scheme: Scheme) -> None:
    data = typed(thu, scheme, **{
        "tc-0-max_score": "70", "ceiling": "80", "tc-2-DELETE": "on", "tc-1-max_score": "40",
        "tc-5-order": "1,5", "tc-5-code": "A0", "tc-5-parent": "A", "tc-5-name": "Mới",
        "tc-5-max_score": "30",
    })  # fmt: skip
    answer = post(thu, scheme, data)
    assert answer.status_code == 302, answer.context["frame"].errors
    plan = schemes.plan_of(Scheme.objects.get(pk=scheme.pk))
    assert [row.code for row in plan.lines] == ["A", "A0", "A1", "D", "E"]
    assert (plan.ceiling, plan.base) == (80, 70)


def test_faults_stand_at_their_field_and_nothing_typed_is_lost(thu: Client, scheme: Scheme) -> None:
    data = typed(thu, scheme, **{"tc-1-max_score": "41", "tc-1-name": "Tên vừa gõ"})
    text = post(thu, scheme, data).content.decode()
    assert "Điểm tối đa của nhóm A là 60, tổng các mục là 61." in text
    assert "Tên vừa gõ" in text
    assert Scheme.objects.get(pk=scheme.pk).edits == scheme.edits


def test_what_somebody_else_saved_is_compared_and_not_overwritten(
    thu: Client, scheme: Scheme, world: w.World
) -> None:
    data = typed(thu, scheme, **{"tc-1-name": "Của tôi"})
    plan = schemes.plan_of(scheme)
    services.change(
        scheme=scheme, by=world.thu, edits=1,
        plan=plan.__class__(**{**vars(plan), "source": "Của người khác"}),
    )  # fmt: skip
    answer = post(thu, scheme, data)
    assert "vừa được người khác lưu" in answer.content.decode()
    assert "A1" in answer.context["stored"]
    assert Scheme.objects.get(pk=scheme.pk).source == "Của người khác"


def test_the_long_scheme_is_one_form_that_can_be_sent(thu: Client, world: w.World) -> None:
    season = Season.objects.select_related("cluster").get(pk=world.season.pk)
    long = services.take(season=season, shipped=scheme_a.CODE, by=world.thu)
    data = typed(thu, long, **{"tc-2-name": "Tiêu chí của cụm"})
    assert post(thu, long, data).status_code == 302
    assert long.criteria.get(code="I.1.1").name == "Tiêu chí của cụm"


def test_the_file_of_a_scheme_is_sent(thu: Client, scheme: Scheme) -> None:
    answer = thu.get(reverse("scheme_export", args=["gan", scheme.pk]))
    assert answer.content[:2] == b"PK"
    assert "thang-diem-" in answer["Content-Disposition"]
