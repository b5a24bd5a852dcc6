"""Nobody meets a dead button or an error page in a closed season, by whatever door they come."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from importlib import import_module
from io import BytesIO
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

import awards.services
import emulation.services
from awards.models import Award, Conference, Nomination
from clusters.models import Cluster, Term, Unit, User
from clusters.services.lineage import UnitName
from emulation.closing import MESSAGE
from emulation.models import Condition, Criterion, Review, Scheme, Season
from journal.models import Event
from tests import everything
from tests import world as w
from tests.journeys.walker import Page

PERSONAS = ("an", "anh", "binh", "thu", "lan", "quang")
CLOSED = "Kỳ đã chốt ngày"
# What is still done after the closing, each for its reason.
AFTER = {
    "copy_season": "the next year is opened from a closed one",
    "correct": "corrections are what remains",
    "hand_over": "the head changes after the year is closed",
    "rename_unit": "units go on; the year keeps the unit under its name",
    "merge_units": "as above",
    "split_unit": "as above",
    "move_unit": "as above",
}


@pytest.fixture
def full(db: None) -> everything.Everything:
    """Everything of a season, closed."""
    made = everything.build()
    made["emulation_evidence"].file.save("a.pdf", ContentFile(b"%PDF"), save=True)
    made["emulation_objectionfile"].file.save("b.pdf", ContentFile(b"%PDF"), save=True)
    made["emulation_import"].file.save("a.xlsx", ContentFile(b"PK"), save=True)
    everything.close(made.world)
    return made


# Pages


def links(page: Page, at: str) -> Iterator[str]:
    """Yield the addresses of this season that a page leads to."""
    for href in page.links.values():
        path = urlsplit(href).path or at
        if path.startswith("/ky/gan/"):
            yield path


@pytest.mark.parametrize("who", PERSONAS)
def test_every_page_says_so_and_no_link_or_button_is_dead(
    full: everything.Everything, who: str
) -> None:
    """From the desk through all links; every form is sent as it stands, and never breaks."""
    client = Client()
    client.force_login(getattr(full.world, who))
    waiting, seen = ["/ky/gan/"], {"/ky/gan/"}
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        if response.status_code == 302:
            continue
        assert response.status_code == 200, f"{address}: a link of a page leads to nothing"
        if not response["Content-Type"].startswith("text/html"):
            continue
        html = response.content.decode()
        assert CLOSED in html or "<main" not in html, f"{address} does not say it"
        page = Page(html)
        fresh = set(links(page, address)) - seen
        seen |= fresh
        waiting += sorted(fresh)
        _press(client, page, address)
    assert len(seen) > 5


def _press(client: Client, page: Page, address: str) -> None:
    """Send every form that changes something: what is offered must be possible."""
    for form in page.forms:
        target = form.action or address
        if form.method != "post" or not urlsplit(target).path.startswith("/ky/gan/"):
            continue
        with transaction.atomic():
            status = client.post(target, form.values).status_code
            transaction.set_rollback(True)
        assert status in (200, 302), f"{target} on {address} is offered and answers {status}"


def addresses(full: everything.Everything) -> Iterator[tuple[str, str]]:
    """Yield every address of a season with its name, filled in with what exists."""
    found = full.world
    known = {
        "slug": "gan", "number": full["emulation_achievement"].number, "unit": found.a.pk,
        "period": full["emulation_period"].pk, "category": "tham-muu", "stage": "tong-ket",
        "revision": 1, "file": full["emulation_objectionfile"].pk,
    }  # fmt: skip
    rows = {
        "phase": "emulation_phase", "drive": "emulation_drive", "evidence": "emulation_evidence",
        "inspection": "emulation_inspection", "import": "emulation_import",
        "practice": "emulation_advancedmodel",
        "objection": "emulation_objection", "nomination": "awards_nomination",
    }  # fmt: skip
    patterns = [p for p in get_resolver().reverse_dict if isinstance(p, str)]
    for name in sorted(patterns):
        possible = get_resolver().reverse_dict.getlist(name)
        for options, _pattern, _defaults, _converters in possible:
            ((text, names),) = options[:1]
            if not text.startswith("ky/"):
                continue
            table = next((t for word, t in rows.items() if word in name), "emulation_phase")
            values = {key: known.get(key, full[table].pk) for key in names}
            try:
                yield name, "/" + text % values
            except (KeyError, TypeError):
                raise AssertionError(f"{name} needs {names}") from None


@pytest.mark.parametrize("who", PERSONAS)
def test_every_address_answers_kindly(full: everything.Everything, who: str) -> None:
    """Posted by hand, with nothing and with something: never an error page, nothing written."""
    before = Event.objects.count()
    client = Client()
    client.force_login(getattr(full.world, who))
    tried = 0
    for name, address in addresses(full):
        for data in ({}, {"version": "1", "reason": "Lý do đủ dài để được nhận", "title": "X"}):
            with transaction.atomic():
                response = client.post(address, data)
                written = set(Event.objects.values_list("verb", flat=True)[: -before or None])
                transaction.set_rollback(True)
            assert response.status_code in (200, 286, 302, 400, 403, 404, 405, 409), (
                f"{name} {address}: {response.status_code}"
            )
            tried += 1
            assert response.status_code != 500, written
    assert tried > 60


# Services


def services() -> dict[str, Callable[..., Any]]:
    """Return every service that somebody calls: public, with the actor as `by`."""
    modules = [
        import_module(f"emulation.services.{found.name}")
        for found in pkgutil.iter_modules(emulation.services.__path__)
    ]
    return {
        name: act
        for module in [*modules, awards.services]
        for name, act in vars(module).items()
        if inspect.isfunction(act)
        and not name.startswith("_")
        and act.__module__ == module.__name__
        and "by" in inspect.signature(act).parameters
    }


def argument(full: everything.Everything, name: str, hint: Any) -> Any:
    """Return something sensible for a parameter, by its type and its name."""
    if inspect.isclass(hint) and issubclass(hint, models.Model):
        known: dict[type[models.Model], Any] = {
            Unit: full.world.a, Award: full.world.flag, Nomination: full["awards_nomination"],
            Conference: full["awards_conference"], Cluster: full.world.far_season.cluster,
        }  # fmt: skip
        if hint in known:
            return known[hint]
        if hint is Season:
            return full.world.season
        scheme = full.world.season.scheme
        assert scheme
        if hint is Scheme:
            return scheme
        if hint is Criterion:
            return scheme.criteria.latest("order")
        if hint is Condition:
            return full["emulation_block"].condition
        return hint._default_manager.get(pk=full[hint._meta.db_table].pk)
    now = timezone.now()
    by_name = {
        "version": 1, "revision": 1, "until": now + timedelta(days=1), "signed_on": w.DAY,
        "launched_on": w.DAY,
        "day": date(w.YEAR + 1, 1, 1), "units": [full.world.a, full.world.b],
        "held_on": w.DAY, "since": w.DAY, "visited_on": w.DAY,
        "reason": "Lý do đủ dài để được nhận", "deadline": None, "key": uuid4(), "send": True,
        "finish": True, "kind": "call", "stage": "final", "size": 4,
        "file": BytesIO(b"%PDF"), "name": "a.pdf", "enqueue": lambda *_args: None, "at": now,
        "particulars": {}, "lines": {}, "paragraphs": {}, "before": {}, "values": {"title": "X"},
        "titles": ["Đơn vị"], "kinds": ["month"], "team": [], "findings": {}, "notes": {},
        "achievement": None, "seen": "", "line": None,
    }  # fmt: skip
    if hint is UnitName:
        return UnitName("Đơn vị mới", "Mới", "MOI")
    if name == "unit":  # of a unit or of the whole cluster
        return full.world.a
    if name == "decision":
        return Review.Decision.VERIFIED
    if name == "side":
        return "team"
    if name in by_name:
        return by_name[name]
    simple: dict[Any, Any] = {str: "Chữ", int: 1, bool: True, date: w.DAY, datetime: now}
    return simple.get(hint, [])


def call(full: everything.Everything, act: Callable[..., Any], by: User) -> Any:
    hints = get_type_hints(act)
    given = {
        name: argument(full, name, hints.get(name))
        for name, parameter in inspect.signature(act).parameters.items()
        if name != "by" and parameter.default is inspect.Parameter.empty
    }
    return act(**given, by=by)


@pytest.mark.parametrize("name", sorted(services()))
def test_every_service_refuses(full: everything.Everything, name: str) -> None:
    """Called past all pages, by everybody: a kind refusal, and not one entry in the journal."""
    act = services()[name]
    for who in PERSONAS:
        before = Event.objects.count()
        with transaction.atomic():
            try:
                call(full, act, getattr(full.world, who))
            except (PermissionDenied, ValidationError):
                refused = True
            else:
                refused = False
            written = Event.objects.count() - before
            transaction.set_rollback(True)
        assert refused or name in AFTER or not written, f"{who} may {name}"


def test_the_exceptions_are_services() -> None:
    assert set(AFTER) <= set(services())


def test_a_service_that_forgot_is_stopped_by_the_database(full: everything.Everything) -> None:
    """The check above can fail: a service that asks nobody reaches the trigger."""

    def forgetful(*, by: User) -> None:
        full["emulation_achievement"].save()

    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        forgetful(by=full.world.thu)


def test_a_form_that_was_open_when_the_season_closed_gets_a_kind_answer(
    full: everything.Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page still believes that the season is open: the database says no, the page says why."""
    world = full.world
    monkeypatch.setattr("emulation.permissions.can_run", lambda *_args: True)
    client = Client()
    client.force_login(world.thu)
    values = {"movement": "Khác", "motto": "", "counted_to": "", "max_returns": "3"}
    page = client.get(reverse("season_edit", args=["gan"]))
    values["before"] = page.context["form"].initial["before"]
    response = client.post(reverse("season_edit", args=["gan"]), values)
    assert response.status_code == 403
    assert CLOSED in response.content.decode()


# The administration


@pytest.fixture
def keeper(client: Client, full: everything.Everything) -> Client:
    client.force_login(full.world.quang)
    return client


def page(row: Any, act: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{act}", args=[row.pk])


@pytest.mark.parametrize("table", ["emulation_season", "emulation_pledge", "emulation_scheme"])
def test_the_admin_shows_and_does_not_change(
    full: everything.Everything, keeper: Client, table: str
) -> None:
    row = full.world.season.scheme if table == "emulation_scheme" else full[table]
    assert row is not None
    response = keeper.get(page(row))
    assert response.status_code == 200
    assert 'name="_save"' not in response.content.decode()
    assert keeper.post(page(row), {"motto": "X"}).status_code == 403
    assert keeper.post(page(row, "delete"), {"post": "yes"}).status_code == 403


def test_no_pledge_is_added_to_a_closed_season(full: everything.Everything, keeper: Client) -> None:
    html = keeper.get(reverse("admin:emulation_pledge_add")).content.decode()
    offered = html.partition('name="season"')[2].partition("</select>")[0]
    assert f'<option value="{full.world.season.pk}"' not in offered
    assert f'<option value="{full.world.far_season.pk}"' in offered


def kept(full: everything.Everything) -> list[tuple[Any, dict[str, Any]]]:
    """Rows of the catalogues behind a closed season, with a change that it must not see."""
    cluster = full.world.season.cluster
    lines = {
        f"{prefix}-{name}": value
        for prefix in ("memberships", "terms")
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }
    names = ("level", "block", "number", "name", "code", "place", "year_from")
    return [
        (full.world.a, {"name": "Tên khác", "short_name": "Khác", "code": "A"}),
        (cluster, {name: getattr(cluster, name) for name in names} | lines | {"name": "Khác"}),
    ]


@pytest.mark.parametrize("place", [0, 1])
def test_what_the_database_refuses_becomes_a_message(
    full: everything.Everything, keeper: Client, place: int
) -> None:
    row, values = kept(full)[place]
    with transaction.atomic():
        response = keeper.post(page(row), values, follow=True)
    assert response.status_code == 200
    assert "Kỳ thi đua đã chốt" in response.content.decode()
    stored = type(row)._default_manager.get(pk=row.pk)
    assert stored.name == row.name != values["name"]


def test_a_member_of_the_next_year_is_added_beside_a_closed_one(
    full: everything.Everything, keeper: Client
) -> None:
    """All columns of the cluster are written along, unchanged: that is no change."""
    cluster = full.world.season.cluster
    names = ("level", "block", "number", "name", "code", "place", "year_from")
    values: dict[str, Any] = {name: getattr(cluster, name) for name in names}
    values |= {
        "memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0, "memberships-0-id": "",
        "memberships-0-cluster": cluster.pk, "memberships-0-year": w.YEAR + 1,
        "memberships-0-order": 1, "memberships-0-unit": full.world.a.pk,
        "terms-TOTAL_FORMS": 0, "terms-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert keeper.post(page(cluster), values).status_code == 302
    assert cluster.memberships.filter(year=w.YEAR + 1).count() == 1
    assert Term.objects.filter(cluster=cluster).exists()
