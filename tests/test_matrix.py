"""Every address tried by every persona, against one explicit table.

The rows are compared with the resolver: an address without a row fails, and so does a row without
an address. Codes stand in the order of PERSONAS; a POST is tried with no data, so that whoever may
act gets the form back (200) or is sent on (302).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from awards.services import nominate
from emulation.models import Objection, Pledge, Standing
from emulation.services import cross, periodic
from emulation.services.fact import record_fact
from emulation.services.recusal import declare_recusal
from emulation.services.review import submit_achievement
from emulation.services.scoring import self_score
from reports.models import Document, DocumentState
from tests import world as w

PERSONAS = ("an", "binh", "thu", "lan", "quang", "khach", "far_secretary", "nobody")
LOGIN = 302
OPEN = (
    *("account_login", "account_logout", "autosave", "set_language"),
    *("cell_save", "cross_cell_save"),
)

# name of the address, method, what it is about: codes for
#                          an   binh  thu  lan quang khach far nobody
TABLE = """
home                 GET  -     302 302 302 302 302 200 302 302
season_choice        GET  -     200 200 200 200 200 200 200 302
season_home          GET  s     200 200 200 200 200 404 404 302
season_overview      GET  s     200 200 200 200 200 404 404 302
season_years         GET  s     200 200 200 200 200 404 404 302
season_fairness      GET  s     403 403 200 200 403 404 404 302
document_list        GET  s     200 200 200 200 200 404 404 302
document_request     POST s     403 403 302 302 403 404 404 302
document_detail      GET  doc   200 200 200 200 200 404 404 302
document_progress    GET  doc   286 286 286 286 286 404 404 302
document_download    GET  doc   200 200 200 200 200 404 404 302
document_retry       POST doc   403 403 302 302 403 404 404 302
document_detail      GET  wait  404 404 200 200 200 404 404 302
document_download    GET  wait  404 404 404 404 404 404 404 302
pledge               GET  s     200 200 200 200 200 404 404 302
pledge_write         GET  s     403 403 200 403 403 404 404 302
pledge_write         POST s     403 403 200 403 403 404 404 302
target_detail        GET  goal  200 404 200 200 200 404 404 302
target_edit          GET  mine  200 403 200 403 403 404 404 302
target_edit          POST mine  200 403 200 403 403 404 404 302
target_edit          GET  whole 403 403 200 403 403 404 404 302
target_edit          POST whole 403 403 200 403 403 404 404 302
title_register       GET  unit  200 403 200 403 403 404 404 302
title_register       POST unit  200 403 200 403 403 404 404 302
pledge_settle        GET  s     403 403 200 403 403 404 404 302
pledge_settle        POST s     403 403 200 403 403 404 404 302
pledge_sign          GET  unit  403 403 200 403 403 404 404 302
pledge_sign          POST unit  403 403 200 403 403 404 404 302
pledge_unit          GET  unit  200 404 200 200 200 404 404 302
launch_list          GET  s     200 200 200 200 200 404 404 302
launch_detail        GET  unit  200 200 200 200 200 404 404 302
drive_list           GET  s     200 200 200 200 200 404 404 302
drive_new            GET  s     403 403 200 403 403 404 404 302
drive_new            POST s     403 403 200 403 403 404 404 302
drive_detail         GET  drive 200 200 200 200 200 404 404 302
drive_edit           GET  drive 403 403 200 403 403 404 404 302
drive_edit           POST drive 403 403 200 403 403 404 404 302
drive_remove         GET  drive 403 403 200 403 403 404 404 302
drive_remove         POST drive 403 403 200 403 403 404 404 302
drive_report         GET  stage 200 200 403 403 403 404 404 302
drive_report         POST stage 200 200 403 403 403 404 404 302
community            GET  s     200 200 200 200 200 404 404 302
organization         GET  s     200 200 200 200 200 404 404 302
launch_edit          GET  s     200 200 403 403 403 404 404 302
launch_edit          POST s     200 200 403 403 403 404 404 302
achievement_list     GET  s     200 200 200 200 200 404 404 302
import_list          GET  s     200 200 403 403 403 404 404 302
import_list          POST s     200 200 403 403 403 404 404 302
import_template      GET  xlsx  200 200 403 403 403 404 404 302
import_detail        GET  imp   200 404 404 404 200 404 404 302
import_progress      GET  imp   286 404 404 404 286 404 404 302
import_download      GET  imp   200 404 404 404 200 404 404 302
import_confirm       POST imp   302 404 404 404 403 404 404 302
import_dismiss       POST imp   302 404 404 404 403 404 404 302
copy_list            GET  s     200 200 403 403 403 404 404 302
achievement_copy     POST old   302 404 403 403 403 404 404 302
achievement_continue POST sent  302 404 403 403 403 404 404 302
achievement_category GET  s     200 200 403 403 403 404 404 302
achievement_quick    GET  s     200 200 403 403 403 404 404 302
achievement_quick    POST s     200 200 403 403 403 404 404 302
achievement_missing  GET  draft 200 404 404 404 403 404 404 302
achievement_missing  POST draft 200 404 404 404 403 404 404 302
autosave             GET  s     200 200 200 200 200 404 404 401
autosave             POST s     400 400 400 400 400 404 404 401
autosave_discard     POST s     302 302 302 302 302 404 404 302
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
evidence_edit        GET  file  200 404 404 404 403 404 404 302
evidence_edit        POST file  200 404 404 404 403 404 404 302
evidence_edit        GET  proof 403 404 403 403 403 404 404 302
evidence_stamp       POST proof 403 404 302 403 403 404 404 302
evidence_upload      POST draft 400 404 404 404 403 404 404 302
evidence_upload      POST sent  403 404 403 403 403 404 404 302
evidence_upload_new  POST cat   400 400 403 403 403 404 404 302
evidence_store       GET  draft 200 404 404 404 403 404 404 302
evidence_store       POST draft 200 404 404 404 403 404 404 302
evidence_store       GET  sent  403 404 403 403 403 404 404 302
achievement_start_review POST sent 403 404 302 403 403 404 404 302
achievement_review   GET  sent  403 404 200 403 403 404 404 302
achievement_review   POST sent  403 404 200 403 403 404 404 302
achievement_withdraw GET  draft 200 404 404 404 403 404 404 302
achievement_withdraw POST draft 302 404 404 404 403 404 404 302
achievement_withdraw GET  sent  200 404 403 403 403 404 404 302
achievement_withdraw POST sent  200 404 403 403 403 404 404 302
achievement_reopen   POST sent  302 404 403 403 403 404 404 302
achievement_message  GET  draft 403 404 404 404 403 404 404 302
achievement_message  GET  sent  200 404 200 403 403 404 404 302
achievement_message  POST sent  200 404 200 403 403 404 404 302
achievement_revisions GET sent  200 404 200 200 200 404 404 302
achievement_compare  GET  twice 200 404 200 200 200 404 404 302
scheme_list          GET  s     200 200 200 200 200 404 404 302
scheme_detail        GET  scale 200 200 200 200 200 404 404 302
scheme_export        GET  scale 200 200 200 200 200 404 404 302
scheme_edit          GET  scale 403 403 403 403 403 404 404 302
scheme_edit          GET  taken 403 403 200 403 403 404 404 302
scheme_edit          POST taken 403 403 200 403 403 404 404 302
scheme_trial         GET  scale 403 403 200 403 403 404 404 302
scheme_take          POST thousand 403 403 302 403 403 404 404 302
scheme_version       GET  scale 403 403 200 403 403 404 404 302
scheme_version       POST scale 403 403 200 403 403 404 404 302
scheme_choose        GET  scale 403 403 200 403 403 404 404 302
scheme_choose        POST scale 403 403 200 403 403 404 404 302
standings            GET  s     200 200 200 200 200 404 404 302
publication          GET  s     403 403 200 403 403 404 404 302
publication          POST s     403 403 200 403 403 404 404 302
objection_list       GET  s     200 200 200 200 200 404 404 302
objection_new        GET  s     200 200 403 403 403 404 404 302
objection_new        POST s     200 200 403 403 403 404 404 302
objection_answer     GET  obj   403 404 200 403 403 404 404 302
objection_answer     POST obj   403 404 200 403 403 404 404 302
objection_download   GET  objf  404 404 404 404 404 404 404 302
sheet_detail         GET  unit  200 200 200 200 200 404 404 302
block_list           GET  s     200 200 200 200 200 404 404 302
block_new            GET  s     403 403 200 403 403 404 404 302
block_new            POST s     403 403 200 403 403 404 404 302
block_lift           GET  block 403 403 200 403 403 404 404 302
block_lift           POST block 403 403 200 403 403 404 404 302
block_put_aside      GET  warn  403 403 200 403 403 404 404 302
block_put_aside      POST warn  403 403 200 403 403 404 404 302
unit_facts           GET  s     403 403 200 200 200 404 404 302
unit_facts           POST s     403 403 200 403 403 404 404 302
unit_fact_drop       POST fact  403 403 302 403 403 404 404 302
sheet_self_score     GET  unit  200 403 403 403 403 404 404 302
sheet_self_score     POST unit  200 403 403 403 403 404 404 302
sheet_appraise       GET  unit  403 403 200 403 403 404 404 302
sheet_appraise       POST unit  403 403 200 403 403 404 404 302
sheet_return         POST unit  403 403 200 403 403 404 404 302
cell_save            POST unit  400 400 400 400 400 404 404 401
proof_list           GET  line  200 403 403 403 403 404 404 302
proof_list           POST line  200 403 403 403 403 404 404 302
sheet_explain        GET  unit  403 403 403 403 403 404 404 302
score_table          GET  s     403 403 200 200 200 404 404 302
cross_list           GET  s     200 200 200 200 200 404 404 302
cross_list           POST s     403 403 200 403 403 404 404 302
cross_score          GET  cross 404 403 403 403 403 404 404 302
cross_abstain        POST cross 404 403 403 403 403 404 404 302
cross_cell_save      POST cross 404 400 400 400 400 404 404 401
cross_unassign       POST cross 404 403 302 403 403 404 404 302
recusal_list         GET  s     403 403 200 200 200 404 404 302
recusal_list         POST s     403 403 200 403 403 404 404 302
recusal_withdraw     POST recus 403 403 302 403 403 404 404 302
assessment_edit      GET  s     403 403 200 403 403 404 404 302
assessment_edit      POST s     403 403 200 403 403 404 404 302
unit_progress        GET  s     403 403 200 403 403 404 404 302
phase_list           GET  s     200 200 200 200 200 404 404 302
phase_list           GET  shut  200 200 200 200 200 404 404 302
phase_new            GET  s     403 403 200 403 403 404 404 302
phase_new            POST s     403 403 200 403 403 404 404 302
phase_new            POST shut  403 403 403 403 403 404 404 302
phase_edit           GET  phase 403 403 200 403 403 404 404 302
phase_edit           POST phase 403 403 200 403 403 404 404 302
phase_remove         GET  phase 403 403 200 403 403 404 404 302
phase_remove         POST phase 403 403 200 403 403 404 404 302
season_edit          GET  s     403 403 200 403 403 404 404 302
season_edit          POST s     403 403 200 403 403 404 404 302
late_code_list       GET  s     403 403 200 403 403 404 404 302
late_code_list       POST s     403 403 200 403 403 404 404 302
late_code_redeem     GET  s     200 200 403 403 403 404 404 302
late_code_redeem     POST s     200 200 403 403 403 404 404 302
season_new           GET  s     403 403 200 403 403 404 404 302
season_new           POST s     403 403 302 403 403 404 404 302
season_close         GET  s     403 403 200 200 403 404 404 302
season_close         POST s     403 403 200 200 403 404 404 302
season_close         POST shut  302 302 302 302 302 404 404 302
correction_list      GET  shut  200 200 200 200 200 404 404 302
correction_new       GET  s     403 403 403 403 403 404 404 302
correction_new       GET  shut  403 403 200 403 403 404 404 302
correction_new       POST shut  403 403 200 403 403 404 404 302
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
inspection_list      GET  s     200 200 200 200 200 404 404 302
inspection_new       GET  s     403 403 200 403 403 404 404 302
inspection_new       POST s     403 403 200 403 403 404 404 302
inspection_detail    GET  insp  200 200 200 200 200 404 404 302
inspection_edit      GET  insp  403 403 200 403 403 404 404 302
inspection_edit      POST insp  403 403 200 403 403 404 404 302
inspection_cancel    GET  insp  403 403 200 403 403 404 404 302
inspection_cancel    POST insp  403 403 200 403 403 404 404 302
inspection_record    GET  insp  403 200 200 403 403 404 404 302
inspection_record    POST insp  403 200 200 403 403 404 404 302
inspection_agree     POST visit 403 403 403 403 403 404 404 302
practice_list        GET  s     200 200 200 200 200 404 404 302
practice_detail      GET  card  200 200 200 200 200 404 404 302
practice_adopt       GET  card  403 200 403 403 403 404 404 302
practice_adopt       POST card  403 200 403 403 403 404 404 302
practice_leave       POST card  403 302 403 403 403 404 404 302
handover             GET  s     403 403 200 200 200 404 404 302
handover             POST s     403 403 200 403 403 404 404 302
unit_switch          POST s     302 302 302 302 302 404 404 302
unit_list            GET  -     200 200 200 200 200 200 200 302
unit_detail          GET  a     200 200 200 200 200 404 404 302
unit_rename          GET  a     403 403 403 403 200 404 404 302
unit_rename          POST a     403 403 403 403 200 404 404 302
unit_merge           GET  a     403 403 403 403 200 404 404 302
unit_merge           POST a     403 403 403 403 200 404 404 302
unit_split           GET  a     403 403 403 403 200 404 404 302
unit_split           POST a     403 403 403 403 200 404 404 302
unit_move            GET  a     403 403 403 403 200 404 404 302
unit_move            POST a     403 403 403 403 200 404 404 302
season_work          GET  s     200 200 200 200 200 404 404 302
pulse                GET  s     200 200 200 200 200 404 404 302
pulse_summary        GET  s     403 403 200 200 200 404 404 302
pulse_unit           GET  unit  200 403 200 200 200 404 404 302
period_list          GET  s     200 200 200 200 200 404 404 302
period_set           GET  s     403 403 200 403 403 404 404 302
period_set           POST s     403 403 200 403 403 404 404 302
period_new           GET  s     403 403 200 403 403 404 404 302
period_new           POST s     403 403 200 403 403 404 404 302
period_detail        GET  per   302 302 200 200 200 404 404 302
period_edit          GET  per   403 403 200 403 403 404 404 302
period_edit          POST per   403 403 200 403 403 404 404 302
period_remove        GET  per   403 403 200 403 403 404 404 302
period_remove        POST per   403 403 200 403 403 404 404 302
period_remove        POST late  403 403 302 403 403 404 404 302
period_remind        POST per   403 403 302 403 403 404 404 302
report_detail        GET  rep   200 404 200 200 200 404 404 302
report_edit          GET  rep   302 404 403 403 403 404 404 302
report_edit          GET  owed  200 404 403 403 403 404 404 302
report_edit          POST owed  200 404 403 403 403 404 404 302
report_submit        GET  own   200 404 403 403 403 404 404 302
report_submit        POST own   200 404 403 403 403 404 404 302
report_submit        GET  owed  302 404 403 403 403 404 404 302
report_accept        POST rep   403 404 302 403 403 404 404 302
report_return        GET  rep   403 404 200 403 403 404 404 302
report_return        POST rep   403 404 200 403 403 404 404 302
report_excuse        GET  owed  403 404 200 403 403 404 404 302
report_excuse        POST owed  403 404 200 403 403 404 404 302
report_unexcuse      POST rep   403 404 302 403 403 404 404 302
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
    twice = submit_achievement(achievement=w.returned(world), by=world.an)
    evidence = w.attach(world, draft)
    proof = w.proof(world)
    sheet = w.sheet(world)
    self_score(sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=False)
    nomination = nominate(
        season=world.season, unit=world.a, award=world.flag, merit="Dẫn đầu", by=world.thu
    )
    slug = world.season.slug
    drive = w.drive(world)
    w.launch(world)
    now = timezone.now()
    period, own, owed = (w.period(world, name) for name in ("Tháng 7", "Tháng 8", "Tháng 9"))
    periodic.submit_report(report=w.report(world, period), by=world.an, version=1)
    w.report(world, own)
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
        "xlsx": {"slug": slug, "kind": "xlsx"},
        "old": {"slug": slug, "pk": w.last_year(world).pk},
        "imp": {"slug": slug, "pk": w.imported(world).pk},
        "draft": {"slug": slug, "number": draft.number},
        "sent": {"slug": slug, "number": sent.number},
        "twice": {"slug": slug, "number": twice.number, "first": 1, "second": 2},
        "file": {"slug": slug, "number": draft.number, "pk": evidence.pk},
        "proof": {"slug": slug, "number": proof.achievement.number, "pk": proof.pk},
        "scale": {"slug": slug, "pk": world.season.scheme_id},
        "taken": {"slug": slug, "pk": w.version(world).pk},
        "thousand": {"slug": slug, "code": "cong-an-tinh-1000"},
        "unit": {"slug": slug, "unit": world.a.pk},
        "mine": {"slug": slug, "unit": str(world.a.pk)},
        "whole": {"slug": slug, "unit": "chung"},
        "goal": {"slug": slug, "pk": world.target.pk},
        "drive": {"slug": slug, "pk": drive.pk},
        "stage": {"slug": slug, "pk": drive.pk, "stage": "so-ket"},
        "per": {"slug": slug, "period": period.pk},
        "late": {"slug": slug, "period": owed.pk},
        "rep": {"slug": slug, "period": period.pk, "unit": world.a.pk},
        "own": {"slug": slug, "period": own.pk, "unit": world.a.pk},
        "owed": {"slug": slug, "period": owed.pk, "unit": world.a.pk},
        "nom": {"slug": slug, "pk": nomination.pk},
        "phase": {"slug": slug, "pk": world.phase.pk},
        "shut": {"slug": w.shut(world).slug},
        "insp": {"slug": slug, "pk": w.inspection(world).pk},
        "visit": {"slug": slug, "pk": w.inspection(world, visited=True).pk},
        "card": {"slug": slug, "pk": w.card(world).pk},
        "block": {"slug": slug, "pk": w.block(world).pk},
        "fact": {
            "slug": slug,
            "pk": record_fact(
                season=world.season,
                unit=world.a,
                kind="ballot",
                value=Decimal(7),
                source="Biên bản",
                by=world.thu,
            ).pk,
        },
        "warn": {"slug": slug, "unit": world.a.pk, "condition": w.condition(world).pk},
        "a": {"pk": world.a.pk},
        "line": {"slug": slug, "unit": world.a.pk, "criterion": sheet.scores.all()[0].criterion_id},
        "cross": {
            "slug": slug,
            "pk": cross.assign(season=world.season, by=world.thu, pairs=[(world.a, world.b)])[0].pk,
        },
        "recus": {
            "slug": slug,
            "pk": declare_recusal(
                season=world.season, unit=world.b, by=world.thu, relation="family"
            ).pk,
        },
    }


def sign_in(client: Client, things: dict[str, Any], persona: str) -> None:
    if persona != "nobody":
        client.force_login(getattr(things["world"], persona))


def send_sheet(things: dict[str, Any]) -> None:
    """What the secretary sees of a sheet begins when it was sent."""
    sheet, world = things["sheet"], things["world"]
    sheet.refresh_from_db()
    self_score(sheet=sheet, by=world.an, version=sheet.version, lines={}, send=True)


def publish_and_object(things: dict[str, Any]) -> None:
    """An objection follows a publication, which ends the appraisal that other rows try."""
    world, sheet, now = things["world"], things["sheet"], timezone.now()
    made = Standing.objects.create(
        season=world.season, number=1, inputs="{}", result="[]", sha256="0" * 64, by=world.thu,
        at=now,
    )  # fmt: skip
    row = Objection.objects.create(
        season=world.season, standing=made, score=sheet.scores.all()[0], text="Xem lại",
        by=world.an, at=now,
    )  # fmt: skip
    things["obj"] = {"slug": world.season.slug, "pk": row.pk}
    things["objf"] = things["obj"] | {"file": 1}


def attempt(things: dict[str, Any], persona: str, name: str, method: str, about: str) -> int:
    """Let one persona try one address, and undo what it did."""
    client = Client()
    with transaction.atomic():
        if name in ("sheet_appraise", "sheet_return"):
            send_sheet(things)
        if name.startswith("objection_"):
            publish_and_object(things)
        if name == "pledge_sign":
            Pledge.objects.update(settled_at=timezone.now())
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
