"""Every form of the site, filled with what nobody should send: never a 500, never unescaped.

The forms are read from the pages themselves, so a new form is tried as soon as it has a page.
"""

import unicodedata
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from emulation.models import Achievement, Launch, Target
from emulation.services import periodic
from tests import world as w
from tests.journeys.walker import Form, Page

MARK = "<script>alert(1)</script>"
HOSTILE = {
    "markup": MARK,
    "nul": "a\x00b",
    "control": "a\x07b\x1b[31m",
    "surrogate": "a\ud800b".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "long": "dài " * 250_000,
    "decomposed": unicodedata.normalize("NFD", "Đề án ệ"),
    "formula": "=cmd|' /C calc'!A0",
    "huge": "1e309",
    "infinite": "Infinity",
    "nan": "NaN",
    "negative": "-1",
    "digits": "9" * 400,
    "old": "1900-01-01",
    "far": "9999-12-31",
    "no-date": "2026-02-30",
    "template": "{{ request.user }}{% debug %}",
    "percent": "%(state)s %s %n",
    "path": "../../../../etc/passwd",
    "key": "00000000-0000-0000-0000-000000000000",
    "zero": "0",
    "foreign": "999999999999999999999",
    "empty": "",
    "blank": " \n\t ",
    "override": "\u202egnp.exe\u202c",
}  # fmt: skip
# Pages with a form, with the persona who sees it.
PAGES = [
    ("an", "launch_edit", "s"),
    ("an", "target_edit", "mine"),
    ("an", "title_register", "unit"),
    ("an", "drive_report", "stage"),
    ("thu", "pledge_write", "s"),
    ("thu", "target_edit", "whole"),
    ("thu", "pledge_settle", "s"),
    ("thu", "scheme_version", "scale"),
    ("thu", "scheme_choose", "scale"),
    ("thu", "scheme_edit", "taken"),
    ("thu", "drive_new", "s"),
    ("thu", "drive_edit", "drive"),
    ("thu", "drive_remove", "drive"),
    ("an", "achievement_list", "s"),
    ("an", "import_list", "s"),
    ("an", "copy_list", "s"),
    *(("an", "achievement_new", name) for name in ("tham-muu", "van-ban", "quoc-hoi", "cong-dong")),
    ("an", "achievement_new", "dien-hinh"),
    ("an", "achievement_quick", "s"),
    ("an", "achievement_edit", "draft"),
    ("an", "achievement_missing", "draft"),
    ("an", "achievement_submit", "draft"),
    ("an", "evidence_edit", "file"),
    ("an", "evidence_store", "other"),
    ("an", "achievement_withdraw", "sent"),
    ("an", "achievement_message", "sent"),
    ("an", "achievement_revisions", "thrice"),
    ("an", "sheet_self_score", "unit"),
    ("an", "proof_list", "line"),
    ("thu", "cross_list", "s"),
    ("thu", "recusal_list", "s"),
    ("thu", "achievement_list", "s"),
    ("thu", "publication", "s"),
    ("thu", "achievement_review", "sent"),
    ("thu", "assessment_edit", "s"),
    ("thu", "phase_new", "s"),
    ("thu", "phase_edit", "phase"),
    ("thu", "phase_remove", "phase"),
    ("thu", "season_edit", "s"),
    ("thu", "late_code_list", "s"),
    ("an", "late_code_redeem", "s"),
    ("thu", "season_new", "s"),
    ("far_secretary", "season_close", "far"),
    ("thu", "correction_new", "shut"),
    ("thu", "period_set", "s"),
    ("thu", "period_new", "s"),
    ("thu", "period_edit", "per"),
    ("thu", "period_detail", "per"),
    ("thu", "report_return", "rep"),
    ("thu", "report_excuse", "owed"),
    ("an", "report_edit", "owed"),
    ("an", "report_submit", "own"),
    ("thu", "inspection_new", "s"),
    ("thu", "inspection_edit", "insp"),
    ("thu", "inspection_cancel", "insp"),
    ("binh", "inspection_record", "insp"),
    ("anh", "inspection_detail", "visit"),
    ("binh", "practice_list", "s"),
    ("binh", "practice_adopt", "card"),
    ("thu", "handover", "s"),
    ("thu", "block_new", "s"),
    ("thu", "block_lift", "block"),
    ("thu", "block_put_aside", "warn"),
    ("thu", "unit_facts", "s"),
    ("an", "unit_list", "-"),
    *(("quang", f"unit_{kind}", "a") for kind in ("rename", "merge", "split", "move")),
    ("thu", "conference_edit", "s"),
    ("thu", "remark_add", "s"),
    ("thu", "nomination_new", "s"),
    ("thu", "document_list", "s"),
    ("lan", "season_overview", "s"),
    ("an", "account_change_password", "-"),
    ("nobody", "account_login", "-"),
]


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


@pytest.fixture
def numbers(world: w.World) -> dict[str, dict[str, Any]]:
    w.last_year(world)
    slug, drive = world.season.slug, w.drive(world)
    period, own, owed = (w.period(world, name) for name in ("Tháng 7", "Tháng 8", "Tháng 9"))
    periodic.submit_report(report=w.report(world, period), by=world.an, version=1)
    w.report(world, own)
    return {
        "-": {},
        "s": {"slug": slug},
        "draft": {"slug": slug, "number": w.draft(world).number},
        "file": {
            "slug": slug,
            "number": (filed := w.draft(world)).number,
            "pk": w.attach(world, filed).pk,
        },
        "other": {"slug": slug, "number": w.draft(world).number},
        "sent": {"slug": slug, "number": w.sent(world).number},
        "thrice": {"slug": slug, "number": thrice(world).number},
        "scale": {"slug": slug, "pk": world.season.scheme_id},
        "taken": {"slug": slug, "pk": w.version(world).pk},
        "unit": {"slug": slug, "unit": world.a.pk},
        "line": {
            "slug": slug,
            "unit": world.a.pk,
            "criterion": w.sheet(world).scores.all()[0].criterion_id,
        },
        "mine": {"slug": slug, "unit": str(world.a.pk)},
        "whole": {"slug": slug, "unit": "chung"},
        "drive": {"slug": slug, "pk": drive.pk},
        "phase": {"slug": slug, "pk": world.phase.pk},
        "far": {"slug": world.far_season.slug},
        "shut": {"slug": w.shut(world).slug},
        "stage": {"slug": slug, "pk": drive.pk, "stage": "so-ket"},
        "insp": {"slug": slug, "pk": w.inspection(world).pk},
        "visit": {"slug": slug, "pk": w.inspection(world, visited=True).pk},
        "card": {"slug": slug, "pk": w.card(world).pk},
        "block": {"slug": slug, "pk": w.block(world).pk},
        "warn": {"slug": slug, "unit": world.a.pk, "condition": w.condition(world).pk},
        "a": {"pk": world.a.pk},
        "per": {"slug": slug, "period": period.pk},
        "rep": {"slug": slug, "period": period.pk, "unit": world.a.pk},
        "own": {"slug": slug, "period": own.pk, "unit": world.a.pk},
        "owed": {"slug": slug, "period": owed.pk, "unit": world.a.pk},
    }


def thrice(world: w.World) -> Achievement:
    """An achievement that was sent three times."""
    row = w.sent(world)
    for _ in range(2):
        row = w.reviews.submit_achievement(achievement=w.returned(world, row), by=world.an)
    return row


def forms_of(client: Client, address: str) -> list[Form]:
    """The forms of a page but for the switch of languages, which stands on all of them."""
    page = Page(client.get(address).content.decode())
    return [form for form in page.forms if "ngon-ngu" not in form.action]


def send(client: Client, address: str, form: Form, values: dict[str, Any]) -> Any:
    target = form.action or address
    if form.method == "get":
        return client.get(target, values)
    return client.post(target, values)


@pytest.mark.parametrize(("persona", "name", "about"), PAGES)
def test_no_form_breaks(
    world: w.World,
    numbers: dict[str, dict[str, Any]],
    persona: str,
    name: str,
    about: str,
) -> None:
    kwargs = numbers.get(about) or {"slug": world.season.slug, "category": about}
    address = reverse(name, kwargs={} if about == "-" else kwargs)
    client = Client()
    if persona != "nobody":
        client.force_login(getattr(world, persona))
    forms = forms_of(client, address)
    assert forms, f"no form at {address}"
    for form in forms:
        for what, value in HOSTILE.items():
            if form.method == "get" and what == "long":
                continue
            response = send(client, address, form, dict.fromkeys(form.names, value))
            assert response.status_code in (200, 302, 400, 403, 404, 429), f"{what} at {address}"
            if response["Content-Type"].startswith("text/html"):
                assert MARK not in response.content.decode(), f"{what} at {address}"
            # The password form ends the session of whoever did change it.
            if persona != "nobody":
                client.force_login(getattr(world, persona))


@pytest.mark.parametrize("what", ["nul", "control", "long", "digits"])
def test_a_launch_keeps_what_was_typed_and_says_what_is_wrong(world: w.World, what: str) -> None:
    client = Client()
    client.force_login(world.an)
    address = reverse("launch_edit", args=[world.season.slug])
    values = {"slogan": HOSTILE[what], "launched_on": w.DAY.isoformat(), "version": "0"}
    response = client.post(address, values)
    assert response.status_code == 200
    page = Page(response.content.decode())
    assert not Launch.objects.exists()
    assert w.DAY.isoformat() in response.content.decode()
    assert "slogan" in {name for form in page.forms for name in form.names}
    assert "err" in response.content.decode()


def test_decomposed_letters_are_composed(world: w.World) -> None:
    client = Client()
    client.force_login(world.an)
    values = {
        "slogan": unicodedata.normalize("NFD", "Gần dân, sát việc"),
        "launched_on": w.DAY.isoformat(), "version": "0",
    }  # fmt: skip
    client.post(reverse("launch_edit", args=[world.season.slug]), values)
    assert Launch.objects.get().slogan == unicodedata.normalize("NFC", "Gần dân, sát việc")


@pytest.mark.parametrize(
    "extra",
    [
        {"state": "verified"},
        {"unit": "2", "unit_id": "2"},
        {"number": "77", "revision": "9"},
        {"created_by": "1", "submitted_at": "2020-01-01"},
    ],
)
def test_fields_that_no_form_has_change_nothing(world: w.World, extra: dict[str, str]) -> None:
    client = Client()
    client.force_login(world.an)
    row = w.draft(world)
    values = {"title": "Đổi tên", "version": "1", "started_on": w.DAY.isoformat()} | extra
    client.post(reverse("achievement_edit", args=[world.season.slug, row.number]), values)
    after = Achievement.objects.get(pk=row.pk)
    assert after.title == "Đổi tên"
    assert (after.state, after.unit, after.number, after.revision, after.created_by) == (
        row.state, row.unit, row.number, row.revision, row.created_by,
    )  # fmt: skip
    assert after.submitted_at is None


def test_a_target_of_another_unit_is_refused_at_the_field(world: w.World) -> None:
    own = world.target
    foreign = Target.objects.create(
        pledge=own.pledge, unit=world.b, order=1, group=own.group, text="Của B", measure="bản",
        planned=1,
    )  # fmt: skip
    client = Client()
    client.force_login(world.an)
    row = w.draft(world)
    values = {"title": "Việc", "version": "1", "target": str(foreign.pk), "quantity": "1"}
    address = reverse("achievement_edit", args=[world.season.slug, row.number])
    response = client.post(address, values)
    assert response.status_code == 200
    assert Achievement.objects.get(pk=row.pk).target is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bao-cao.pdf", b"<html><script>alert(1)</script></html>"),
        ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("trong.pdf", b""),
        ("to.pdf", b"%PDF-1.7\n" + b"0" * (20 * 1024 * 1024 + 1)),
        ("anh.png.exe", b"MZ"),
        ("MẬT ke hoach.pdf", b"%PDF-1.7"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_and_the_text_is_kept(
    world: w.World, name: str, content: bytes
) -> None:
    client = Client()
    client.force_login(world.an)
    row = w.draft(world)
    address = reverse("achievement_edit", args=[world.season.slug, row.number])
    values = {
        "title": "Việc đã gõ xong", "version": "1",
        "files": SimpleUploadedFile(name, content, "application/pdf"),
    }  # fmt: skip
    response = client.post(address, values)
    assert response.status_code == 200
    text = response.content.decode()
    assert "Việc đã gõ xong" in text
    assert name.split(".")[0] in text
    assert not row.evidence.exists()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:80:80", "localhost@evil"])
def test_a_strange_host_is_refused(client: Client, host: str) -> None:
    assert client.get("/dang-nhap/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("path", ["/static/../manage.py", "/media/", "/..%2f..%2fetc/passwd"])
def test_no_file_is_reached_by_its_path(client: Client, path: str) -> None:
    assert client.get(path).status_code in (302, 400, 404)


def test_an_over_long_body_is_refused_in_words(world: w.World) -> None:
    client = Client()
    client.force_login(world.an)
    address = reverse("launch_edit", args=[world.season.slug])
    response = client.post(address, {"slogan": "x" * (6 * 1024 * 1024)})
    assert response.status_code == 400
    assert "lang=" in response.content.decode()
