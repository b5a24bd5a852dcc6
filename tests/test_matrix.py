"""Every address tried by every persona, against one explicit table.

The rows are compared with the resolver: an address without a row fails, and so does a row without
an address. Codes stand in the order of PERSONAS; a POST is tried with no data, so that whoever may
act gets the form back (200) or is sent on (302).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from awards.services import nominate
from emulation.services.scoring import self_score
from reports.models import Document, DocumentState
from tests import world as w

PERSONAS = ("an", "binh", "thu", "lan", "quang", "khach", "far_secretary", "nobody")
LOGIN = 302
OPEN = ("account_login", "account_logout", "set_language")

# name of the address, method, what it is about: codes for
#                          an   binh  thu  lan quang khach far nobody
TABLE = """
home                 GET  -     302 302 302 302 302 200 302 302
season_choice        GET  -     200 200 200 200 200 200 200 302
season_home          GET  s     200 200 200 200 200 404 404 302
season_overview      GET  s     200 200 200 200 200 404 404 302
document_list        GET  s     200 200 200 200 200 404 404 302
document_request     POST s     403 403 302 302 403 404 404 302
document_detail      GET  doc   200 200 200 200 200 404 404 302
document_progress    GET  doc   286 286 286 286 286 404 404 302
document_download    GET  doc   200 200 200 200 200 404 404 302
document_retry       POST doc   403 403 302 302 403 404 404 302
document_detail      GET  wait  404 404 200 200 200 404 404 302
document_download    GET  wait  404 404 404 404 404 404 404 302
pledge               GET  s     200 200 200 200 200 404 404 302
launch_list          GET  s     200 200 200 200 200 404 404 302
launch_edit          GET  s     200 200 403 403 403 404 404 302
launch_edit          POST s     200 200 403 403 403 404 404 302
achievement_list     GET  s     200 200 200 200 200 404 404 302
achievement_category GET  s     200 200 403 403 403 404 404 302
achievement_new      GET  cat   200 200 403 403 403 404 404 302
achievement_new      POST cat   200 200 403 403 403 404 404 302
achievement_detail   GET  draft 200 404 404 404 200 404 404 302
achievement_detail   GET  sent  200 404 200 200 200 404 404 302
achievement_edit     GET  draft 200 404 404 404 403 404 404 302
achievement_edit     POST draft 200 404 404 404 403 404 404 302
achievement_edit     GET  sent  302 404 403 403 403 404 404 302
achievement_submit   GET  draft 200 404 404 404 403 404 404 302
achievement_submit   POST draft 302 404 404 404 403 404 404 302
achievement_sent     GET  sent  200 404 403 403 403 404 404 302
evidence_download    GET  file  200 404 404 404 200 404 404 302
evidence_remove      POST file  302 404 404 404 403 404 404 302
achievement_start_review POST sent 403 404 302 403 403 404 404 302
achievement_review   GET  sent  403 404 200 403 403 404 404 302
achievement_review   POST sent  403 404 200 403 403 404 404 302
standings            GET  s     200 200 200 200 200 404 404 302
sheet_detail         GET  unit  200 200 200 200 200 404 404 302
sheet_self_score     GET  unit  200 403 403 403 403 404 404 302
sheet_self_score     POST unit  200 403 403 403 403 404 404 302
sheet_appraise       GET  unit  403 403 200 403 403 404 404 302
sheet_appraise       POST unit  403 403 200 403 403 404 404 302
sheet_return         POST unit  403 403 200 403 403 404 404 302
assessment_edit      GET  s     403 403 200 403 403 404 404 302
assessment_edit      POST s     403 403 200 403 403 404 404 302
conference           GET  s     200 200 200 200 200 404 404 302
conference_edit      GET  s     403 403 200 403 403 404 404 302
conference_edit      POST s     403 403 200 403 403 404 404 302
remark_add           GET  s     403 403 200 403 403 404 404 302
remark_add           POST s     403 403 200 403 403 404 404 302
conference_conclude  GET  s     403 403 200 403 403 404 404 302
conference_conclude  POST s     403 403 200 403 403 404 404 302
nomination_list      GET  s     200 200 200 200 200 404 404 302
nomination_new       GET  s     403 403 200 403 403 404 404 302
nomination_new       POST s     403 403 200 403 403 404 404 302
nomination_withdraw  GET  nom   403 403 200 403 403 404 404 302
nomination_withdraw  POST nom   403 403 200 403 403 404 404 302
account              GET  -     200 200 200 200 200 200 200 302
account_login        GET  -     302 302 302 302 302 302 302 200
account_logout       POST -     302 302 302 302 302 302 302 302
account_change_password GET -   200 200 200 200 200 200 200 302
set_language         POST -     302 302 302 302 302 302 302 302
admin:index          GET  -     302 302 302 302 200 302 302 302
"""


def rows() -> Iterator[Any]:
    for line in TABLE.strip().splitlines():
        name, method, about, *codes = line.split()
        expected = dict(zip(PERSONAS, map(int, codes), strict=True))
        yield pytest.param(name, method, about, expected, id=f"{name}-{method}-{about}")


@pytest.fixture
def things(db: None) -> dict[str, Any]:
    """The world, and by the word of the table what goes into the address."""
    world = w.build()
    draft, sent = w.draft(world), w.sent(world)
    evidence = w.attach(world, draft)
    sheet = w.sheet(world)
    self_score(sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=False)
    nomination = nominate(
        season=world.season, unit=world.a, award=world.flag, merit="Dẫn đầu", by=world.thu
    )
    slug = world.season.slug
    now = timezone.now()
    ready = Document.objects.create(
        season=world.season, kind="final_report", number=1, title="Báo cáo", requested_at=now,
        state=DocumentState.READY, percent=100, finished_at=now, sha256="0" * 64, size=4, pages=1,
        file=ContentFile(b"%PDF", "bao-cao.pdf"),
    )  # fmt: skip
    waiting = Document.objects.create(
        season=world.season, kind="final_report", number=2, title="Báo cáo", requested_at=now
    )
    return {
        "world": world,
        "sheet": sheet,
        "-": {},
        "s": {"slug": slug},
        "doc": {"slug": slug, "number": ready.number},
        "wait": {"slug": slug, "number": waiting.number},
        "cat": {"slug": slug, "category": "tham-muu"},
        "draft": {"slug": slug, "number": draft.number},
        "sent": {"slug": slug, "number": sent.number},
        "file": {"slug": slug, "number": draft.number, "pk": evidence.pk},
        "unit": {"slug": slug, "unit": world.a.pk},
        "nom": {"slug": slug, "pk": nomination.pk},
    }


def sign_in(client: Client, things: dict[str, Any], persona: str) -> None:
    if persona != "nobody":
        client.force_login(getattr(things["world"], persona))


def send_sheet(things: dict[str, Any]) -> None:
    """What the secretary sees of a sheet begins when it was sent."""
    sheet, world = things["sheet"], things["world"]
    sheet.refresh_from_db()
    self_score(sheet=sheet, by=world.an, version=sheet.version, lines={}, send=True)


def attempt(things: dict[str, Any], persona: str, name: str, method: str, about: str) -> int:
    """Let one persona try one address, and undo what it did."""
    client = Client()
    with transaction.atomic():
        if name in ("sheet_appraise", "sheet_return"):
            send_sheet(things)
        sign_in(client, things, persona)
        response = client.generic(method, reverse(name, kwargs=things[about]))
        if persona == "nobody" and name not in OPEN:
            assert response["Location"].startswith(("/dang-nhap/", "/quan-tri/login/"))
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize(("name", "method", "about", "expected"), list(rows()))
def test_each_address_for_each_persona(
    things: dict[str, Any], name: str, method: str, about: str, expected: dict[str, int]
) -> None:
    found = {persona: attempt(things, persona, name, method, about) for persona in PERSONAS}
    assert found == expected


def named(resolver: URLResolver, within: str = "") -> Iterator[str]:
    """Yield the name of every address, those of the admin but for its index left out."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{within}{entry.namespace}:" if entry.namespace else within
            yield from named(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{within}{entry.name or entry.pattern}"


def test_every_address_has_a_row() -> None:
    listed = {line.split()[0] for line in TABLE.strip().splitlines()}
    found = {
        name
        for name in named(get_resolver())
        if not name.startswith("admin:") or name == "admin:index"
    }
    assert found == listed


def test_the_table_misses_an_address_that_was_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above can fail: without one of the rows it does."""
    short = "\n".join(line for line in TABLE.strip().splitlines() if not line.startswith("pledge"))
    monkeypatch.setitem(globals(), "TABLE", short)
    with pytest.raises(AssertionError):
        test_every_address_has_a_row()


ADMIN = [name for name in named(get_resolver()) if name.startswith("admin:")]


@pytest.mark.parametrize("persona", [p for p in PERSONAS if p != "quang"])
def test_the_admin_is_for_administrators(things: dict[str, Any], persona: str) -> None:
    client = Client()
    sign_in(client, things, persona)
    for name in ADMIN:
        if name.endswith(("_changelist", "_add")):
            response = client.get(reverse(name))
            assert response.status_code == LOGIN, name
            assert "login/" in response["Location"] or "/dang-nhap/" in response["Location"]


@pytest.mark.parametrize("name", [n for n in ADMIN if n.endswith(("_changelist", "_add"))])
def test_the_administrator_opens_every_list(
    client: Client, things: dict[str, Any], name: str
) -> None:
    sign_in(client, things, "quang")
    expected = 403 if "journal_event_add" in name or "document_add" in name else 200
    assert client.get(reverse(name)).status_code == expected
