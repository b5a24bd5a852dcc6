"""The sample: a year that could have been, the article as it is, and nothing twice."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from awards.models import Conference, Nomination
from clusters.models import Appointment, Cluster, Role, Term, Unit, User
from emulation import permissions, scheme_b, standings, uploads
from emulation.models import (
    Achievement,
    Category,
    Evidence,
    Launch,
    Message,
    PolicyDocument,
    Review,
    ReviewNote,
    Revision,
    ScoreSheet,
    Season,
    SheetState,
    State,
    Target,
)
from emulation.models.season import SWITCHES
from emulation.scoring import Kind
from journal.models import Event
from journal.queries import broken_at
from reports.sample import cluster_2017, cluster_2026
from reports.sample.files import MARK, evidence
from reports.sample.load import load

pytestmark = pytest.mark.usefixtures("sample")
ROOMS = ("journal", "clusters", "emulation", "awards", "reports")


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of the project."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    }


def texts() -> Iterator[tuple[str, str]]:
    """Yield every stored text with the name of its column."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            columns = [
                field.attname
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField)
            ]
            for row in model._default_manager.values_list(*columns) if columns else ():
                yield from zip(columns, (str(value or "") for value in row), strict=True)


def made_up() -> Season:
    return Season.objects.get(slug=cluster_2026.SLUG)


def retold() -> Season:
    return Season.objects.get(slug=cluster_2017.SLUG)


def test_loading_twice_changes_nothing() -> None:
    before, files = tables(), default_storage.listdir("evidence")
    assert load() == []
    assert tables() == before
    assert default_storage.listdir("evidence") == files


def test_loading_again_asks_one_question() -> None:
    with CaptureQueriesContext(connection) as asked:
        load()
    assert len(asked) == 1


def test_what_people_changed_stays() -> None:
    User.objects.filter(username="thuky").update(full_name="Tên mới", password="khác")
    Launch.objects.filter(season=made_up()).delete()
    load()
    assert User.objects.get(username="thuky").password == "khác"
    assert not Launch.objects.filter(season=made_up()).exists()


def test_journal_holds_and_runs_forward() -> None:
    assert broken_at() == ""
    times = list(Event.objects.order_by("number").values_list("at", flat=True))
    assert times == sorted(times)
    loads = Event.objects.filter(verb="sample.load")
    assert {event.subject_name for event in loads} == {str(made_up()), str(retold())}


def test_every_text_is_stored_composed() -> None:
    found = list(texts())
    assert len(found) > 3000
    assert [text for _name, text in found if unicodedata.normalize("NFC", text) != text] == []


def test_year_has_achievements_in_every_state() -> None:
    rows = Achievement.objects.filter(season=made_up())
    states = Counter(rows.values_list("state", flat=True))
    assert states.total() >= 60
    assert set(states) == set(State) - {State.LOCKED}
    assert set(rows.values_list("category", flat=True)) == set(Category)
    assert set(rows.values_list("unit__code", flat=True)) == {f"DV0{n}" for n in range(1, 8)}
    twice = Review.objects.filter(achievement__season=made_up(), revision=2)
    assert twice.filter(decision="verified").count() >= 3
    thrice = rows.get(revision=3)
    said = list(thrice.reviews.values_list("decision", flat=True))
    assert said == ["verified", "returned", "returned"]
    assert rows.exclude(lateness="").get().state == State.SUBMITTED


def test_what_was_sent_is_kept_and_what_came_back_says_where() -> None:
    rows = Achievement.objects.filter(season=made_up())
    kept = Counter(Revision.objects.values_list("achievement", flat=True))
    assert kept == {row.pk: row.revision for row in rows if row.revision}
    returned = Review.objects.filter(decision="returned").prefetch_related("notes")
    assert returned.count() >= 6
    assert all(review.notes.all() for review in returned)
    parts = set(ReviewNote.objects.values_list("field", flat=True))
    assert {"description", "sessions", "files"} <= parts
    sides = {(m.by.username[:5], m.achievement.unit.short_name[-1]) for m in Message.objects.all()}
    assert {side for side, _unit in sides} == {"nhanv", "thuky"}
    assert len({unit for _side, unit in sides}) >= 3


def test_every_file_is_what_its_name_says() -> None:
    rows = Evidence.objects.select_related("achievement").all()
    assert rows.count() >= 60
    assert {row.name.rpartition(".")[2] for row in rows} == {"pdf", "docx", "xlsx", "png", "jpg"}
    for row in rows:
        with row.file.open("rb") as file:
            content = file.read()
            accepted = uploads.check(row.name, file, row.size)
        assert accepted.content_type == row.content_type, row.name
        assert uploads.clean_name(row.name) == row.name
        assert hashlib.sha256(content).hexdigest() == row.sha256
        assert len(content) == row.size < 60_000


@pytest.mark.parametrize("name", ["Báo cáo.pdf", "Tờ trình.docx", "Danh sách.xlsx", "Ảnh.png"])
def test_files_say_that_they_are_made_up_and_come_out_alike(name: str) -> None:
    made = evidence(name, "Đơn vị mẫu A", ["Kết quả: 6 báo cáo & 1 đề án."])
    assert made == evidence(name, "Đơn vị mẫu A", ["Kết quả: 6 báo cáo & 1 đề án."])
    assert made != evidence(name, "Đơn vị mẫu B", ["Kết quả: 6 báo cáo & 1 đề án."])
    if name.endswith("pdf"):
        import io

        import pypdf

        text = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
        assert MARK in text
        assert "Kết quả: 6 báo cáo & 1 đề án." in text


def test_whatever_counts_has_evidence() -> None:
    sent = Achievement.objects.filter(season=made_up()).exclude(state=State.DRAFT)
    assert not sent.filter(evidence=None).exists()
    assert not sent.filter(category=Category.COMMUNITY, community=None).exists()


def test_nobody_judged_the_own_unit() -> None:
    home = {(post.user_id, post.unit_id) for post in Appointment.objects.exclude(unit=None)}
    reviews = Review.objects.filter(achievement__season=made_up()).select_related("achievement")
    assert reviews.count() >= 50
    assert not [r for r in reviews if (r.by_id, r.achievement.unit_id) in home]
    scored = Event.objects.filter(verb="sheet.appraise")
    units = dict(ScoreSheet.objects.values_list("pk", "unit_id"))
    assert not [e for e in scored if (e.actor_id, units[int(e.subject_id)]) in home]


def test_targets_add_up() -> None:
    pledge = made_up().pledge
    for unit in made_up().units():
        mine = Target.objects.filter(pledge=pledge, unit=unit)
        assert sum(row.weight for row in mine) == 100, unit
    whole = Target.objects.filter(pledge=pledge, unit=None)
    assert whole.count() == 12
    for row in whole:
        assert row.planned == sum(part.planned for part in row.parts.all()), row
    signed = {row.unit.short_name[-1]: row.is_late for row in pledge.signatures.all()}
    assert signed == dict.fromkeys("ABCDE", False) | {"F": True}


@pytest.mark.parametrize("day", [date(2025, 12, 15), date(2026, 11, 23), date(2027, 12, 31)])
@pytest.mark.parametrize("switch", SWITCHES)
def test_every_step_is_open(day: date, switch: str) -> None:
    noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    assert permissions.allows(made_up(), switch, noon)


def test_unit_g_is_left_with_work_for_a_walk_through() -> None:
    season = made_up()
    unit = Unit.objects.get(code="DV07")
    assert not Launch.objects.filter(season=season, unit=unit).exists()
    assert Launch.objects.filter(season=season).count() == 6
    assert season.sheets.get(unit=unit).state == SheetState.DRAFT
    states = set(season.achievements.filter(unit=unit).values_list("state", flat=True))
    assert {State.DRAFT, State.RETURNED, State.SUBMITTED, State.VERIFIED} <= states
    assert not Conference.objects.filter(season=season).exists()
    proposed = Nomination.objects.filter(season=season).values_list("award__code", flat=True)
    assert sorted(proposed) == ["GOV_FLAG", "MIN_FLAG"]


def test_order_of_the_units_needs_a_tie_break() -> None:
    lines = [line for line in standings.for_season(made_up()) if line.rank]
    order = [(line.unit.short_name[-1], line.verified.total, line.decided_by) for line in lines]
    assert order == [
        ("C", Decimal("94.50"), "total"),
        ("A", Decimal("91.50"), "total"),
        ("D", Decimal("86.50"), "group_a"),
        ("B", Decimal("86.50"), "group_a"),
        ("E", Decimal("83.75"), "total"),
    ]
    states = Counter(made_up().sheets.values_list("state", flat=True))
    assert states == {"appraised": 5, "submitted": 1, "draft": 1}


def test_scheme_b_is_stored_as_it_is_written() -> None:
    scheme = made_up().scheme
    assert scheme
    rows = scheme.criteria.select_related("parent")
    assert len(rows) == len(scheme_b.LINES)
    for row, line in zip(rows, scheme_b.LINES, strict=True):
        assert (row.code, row.name, row.kind) == (line.code, line.name, line.kind.value)
        assert (row.max_score, row.min_score) == (line.max_score, line.min_score)
        assert (row.parent.code if row.parent else "") == line.parent
    groups = [line for line in scheme_b.LINES if line.kind is Kind.GROUP]
    assert [line.max_score for line in groups] == [60, 20, 20]
    for group in groups:
        inside = [line.max_score for line in scheme_b.LINES if line.parent == group.code]
        assert sum(inside) == group.max_score


def test_real_units_have_their_membership_and_nothing_else() -> None:
    season = retold()
    codes = ["V11", "V12", "V19", "V21", "V22", "V24", "V28"]
    assert [unit.code for unit in season.units()] == codes
    real = Unit.objects.filter(code__in=codes)
    related = {
        relation.related_model._meta.label: relation.related_model._default_manager.filter(
            **{f"{relation.field.name}__in": real}
        ).count()
        for relation in Unit._meta.get_fields(include_hidden=True)
        if relation.one_to_many
    }
    assert len(related) > 10
    assert {name: count for name, count in related.items() if count} == {"clusters.Membership": 7}
    assert not Term.objects.filter(cluster=season.cluster).exists()


def test_article_gave_no_day_no_place_and_no_figure() -> None:
    season = retold()
    conference = Conference.objects.get(season=season)
    assert (conference.held_on, conference.place, season.cluster.place) == (None, "", "…")
    assert (season.pledge.signed_on, season.pledge.place) == (None, "")
    assert not season.sheets.exists()
    assert not PolicyDocument.objects.filter(achievement__season=season).exclude(number="").exists()
    for row in season.achievements.select_related("community"):
        assert (row.unit, row.quantity, row.started_on, row.state) == (None, None, None, "locked")
        if row.category == Category.COMMUNITY:
            figures = ("sessions", "participants", "families", "gifts", "value", "pupils")
            assert [getattr(row.community, name) for name in figures] == [None] * 6


def test_every_sentence_of_the_article_is_a_source_with_a_record() -> None:
    season = retold()
    assert [row.code for row in season.sources.all()] == [f"T{n:02}" for n in range(24)]
    pointing = [
        season.pledge, *season.launches.all(), *season.achievements.all(), season.conference,
        *season.conference.remarks.all(), *season.nominations.all(), *season.assessments.all(),
    ]  # fmt: skip
    told = {row.source.code for row in pointing if row.source}
    # The report itself is T00.
    assert told == {f"T{n:02}" for n in range(1, 24)}
    parts = season.achievements.exclude(parent=None)
    assert {row.parent.source.code for row in parts if row.parent} == {"T05"}
    assert {row.source.code for row in parts} == {"T06", "T07", "T08"}


def test_people_are_invented_and_one_stands_for_each_role() -> None:
    users = User.objects.all()
    assert all(user.is_sample for user in users)
    assert all(len(user.full_name.split()[-1]) == 1 for user in users)
    assert set(Appointment.objects.values_list("role", flat=True)) == set(Role)
    both = Cluster.objects.filter(appointments__user__username="lanhdao")
    assert both.count() == 2
    assert not Appointment.objects.filter(user__username__in=("khach", "quantri")).exists()


def test_a_late_code_was_given_and_used() -> None:
    code = made_up().late_codes.get()
    assert code.unit.code == "DV06"
    assert code.redeemed_by is not None
    assert code.redeemed_by.username == "nhanvien.f"
    assert code.at < code.redeemed_at < code.until
    assert made_up().phases.filter(grace_hours__gt=0).count() == 1
