from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation.models import Criterion, Pledge, Scheme, Season, Target, TargetGroup
from journal.models import Event
from tests import world as w


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def keeper(client: Client, world: w.World) -> Client:
    client.force_login(world.quang)
    return client


def page(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def form_of(client: Client, row: Any) -> dict[str, Any]:
    """Return the page's form as a browser would post it back unchanged."""
    context = client.get(page(row)).context
    forms = [context["adminform"].form]
    for item in context["inline_admin_formsets"]:
        forms += [item.formset.management_form, *item.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = field.value()
            widget = field.field.widget
            if hasattr(widget, "decompress"):
                parts = widget.decompress(field.field.prepare_value(value))
                shown = [w.format_value(p) for w, p in zip(widget.widgets, parts, strict=True)]
                data |= {f"{field.html_name}_{n}": part or "" for n, part in enumerate(shown)}
            elif value is not None and value is not False:
                data[field.html_name] = "on" if value is True else widget.format_value(value) or ""
            if isinstance(data.get(field.html_name), list):
                data[field.html_name] = data[field.html_name][0]
    return data


def test_the_content_of_the_year_is_not_edited_here() -> None:
    ours = {model for model in admin.site._registry if model._meta.app_label == "emulation"}
    assert ours == {Season, Scheme, Pledge}


@pytest.mark.parametrize("kind", ["season", "scheme", "pledge"])
def test_every_change_of_the_administrator_is_recorded(
    keeper: Client, world: w.World, kind: str
) -> None:
    row = {"season": world.season, "scheme": world.season.scheme, "pledge": world.pledge}[kind]
    field = {"season": "motto", "scheme": "source", "pledge": "place"}[kind]
    response = keeper.post(page(row), form_of(keeper, row) | {field: "Nội dung mới"})
    assert response.status_code == 302
    assert row is not None
    row.refresh_from_db()
    assert getattr(row, field) == "Nội dung mới"
    event = Event.objects.get(verb="row.change", subject_kind=row._meta.label_lower)
    assert event.actor == world.quang


def test_phase_is_changed_with_its_season(keeper: Client, world: w.World) -> None:
    data = form_of(keeper, world.season)
    data.pop("phases-0-see_standings")
    assert keeper.post(page(world.season), data).status_code == 302
    world.phase.refresh_from_db()
    assert not world.phase.see_standings


def test_criterion_stands_in_a_group_of_its_own_scheme(keeper: Client, world: w.World) -> None:
    other = Scheme.objects.create(code="khac", name="Thang điểm khác", ceiling=100)
    Criterion.objects.create(
        scheme=other, order=1, code="Z", name="Nhóm của thang khác", kind="GROUP", max_score=1
    )
    assert world.season.scheme
    text = keeper.get(page(world.season.scheme)).content.decode()
    assert "A. Tiêu chí A" in text
    assert "Nhóm của thang khác" not in text


def test_page_of_a_pledge_costs_the_same_with_many_targets(keeper: Client, world: w.World) -> None:
    def cost() -> int:
        keeper.get(page(world.pledge))
        with CaptureQueriesContext(connection) as queries:
            assert keeper.get(page(world.pledge)).status_code == 200
        return len(queries)

    before = cost()
    for order in range(2, 20):
        Target.objects.create(
            pledge=world.pledge, unit=world.a, order=order, group=TargetGroup.FORCE,
            text=f"Việc {order}", measure="lần", planned=1,
        )  # fmt: skip
    assert cost() == before
