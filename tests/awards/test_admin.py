import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from awards.models import Award
from journal.models import Event
from tests import world as w

TYPED = {
    "code": "CO_MOI", "name": "Cờ thi đua mới", "kind": "title", "audience": "collective",
    "decided_by": "", "standard": "", "citation": "", "certainty": "unverified",
    "valid_from": "2026-01-01", "valid_to": "", "usual_quota": "2", "order": "9",
    "at_conference": "on",
}  # fmt: skip


@pytest.fixture
def keeper(client: Client, db: None) -> Client:
    client.force_login(w.build().quang)
    return client


def test_award_is_added_and_the_act_recorded(keeper: Client) -> None:
    assert keeper.post(reverse("admin:awards_award_add"), TYPED).status_code == 302
    row = Award.objects.get(code="CO_MOI")
    assert (row.name, row.usual_quota) == ("Cờ thi đua mới", 2)
    assert Event.objects.filter(verb="row.add", subject_kind="awards.award").count() == 1


def test_award_that_ends_before_it_begins_is_refused(keeper: Client) -> None:
    typed = TYPED | {"valid_to": "2025-01-01"}
    assert keeper.post(reverse("admin:awards_award_add"), typed).status_code == 200
    assert not Award.objects.filter(code="CO_MOI").exists()


def test_nominations_and_conferences_are_not_edited_here() -> None:
    ours = {model for model in admin.site._registry if model._meta.app_label == "awards"}
    assert ours == {Award}
