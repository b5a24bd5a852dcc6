"""The way of a sheet through its lanes, and every refusal tried by everybody."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from emulation import cross as crosses
from emulation import lanes
from emulation.models import (
    Criterion,
    CrossScore,
    CrossSheet,
    CrossState,
    Proof,
    Recusal,
    Scheme,
    Score,
    ScoreSheet,
    SheetState,
    Standing,
)
from emulation.services import cross, proof, recusal
from emulation.services import scoring as services
from emulation.services.cells import Entry, entry_of, write_cell
from emulation.standings import Lane
from journal.models import Event
from journal.queries import history
from tests import world as w

EVERYBODY = ("an", "anh", "binh", "thu", "lan", "quang", "khach", "far_secretary")


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def code(sheet: ScoreSheet, name: str) -> int:
    return Criterion.objects.get(scheme=sheet.season.scheme_id, code=name).pk


def line(sheet: ScoreSheet, name: str) -> Score:
    return sheet.scores.get(criterion__code=name)


def sent(world: w.World, unit: Any = None) -> ScoreSheet:
    sheet = w.sheet(world, unit=unit)
    by = world.binh if unit == world.b else world.an
    return services.self_score(
        sheet=sheet, by=by, version=1, lines=w.lines(sheet, **w.FULL), send=True
    )


def type_in(sheet: ScoreSheet, by: Any, lane: Lane, points: str, was: str | None = None) -> Any:
    stored = entry_of(line(sheet, "A1"), lane).token
    return write_cell(
        sheet=sheet, criterion=code(sheet, "A1"), lane=lane, entry=Entry(Decimal(points), "Rõ"),
        was=stored if was is None else was, by=by,
    )  # fmt: skip


def outcome(act: Callable[[], Any]) -> str:
    """Return how an act ended, and undo it."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except PermissionDenied:
        return "denied"
    except ValidationError as error:
        return str(getattr(error, "code", "") or "form")
    return "done"


def tried(world: w.World, act: Callable[[Any], Any]) -> dict[str, str]:
    """Return {persona: outcome} of those who were not denied."""
    found = {name: outcome(lambda who=name: act(getattr(world, who))) for name in EVERYBODY}
    return {name: what for name, what in found.items() if what != "denied"}


# One cell


def test_one_cell_is_one_entry_and_the_same_twice_is_none(world: w.World) -> None:
    sheet = w.sheet(world)
    row, kept = type_in(sheet, world.an, Lane.OWN, "13.75")
    assert (kept.self_score, kept.self_note, row.version) == (Decimal("13.75"), "Rõ", 2)
    type_in(sheet, world.an, Lane.OWN, "13.75", was="cut line")
    assert [event.verb for event in history(sheet)] == ["sheet.cell"]
    assert history(sheet)[0].changes == {"A1": [[None, ""], ["13.75", "Rõ"]]}


def test_a_cell_that_somebody_else_changed_is_told(world: w.World) -> None:
    sheet = w.sheet(world)
    before = entry_of(line(sheet, "A1"), Lane.OWN).token
    type_in(sheet, world.anh, Lane.OWN, "10")
    with pytest.raises(ValidationError) as caught:
        type_in(sheet, world.an, Lane.OWN, "11", was=before)
    assert caught.value.code == "stale"
    assert line(sheet, "A1").self_score == 10


def test_the_own_cell_is_the_units_alone(world: w.World) -> None:
    sheet = w.sheet(world)
    assert tried(world, lambda by: type_in(sheet, by, Lane.OWN, "1")) == {
        "an": "done",
        "anh": "done",
    }


def test_the_verified_cell_is_the_secretarys_alone(world: w.World) -> None:
    sheet = sent(world)
    assert tried(world, lambda by: type_in(sheet, by, Lane.VERIFIED, "1")) == {"thu": "done"}


@pytest.mark.parametrize("lane", list(Lane))
def test_over_the_maximum_nobody_gets(world: w.World, lane: Lane) -> None:
    sheet = w.sheet(world) if lane is Lane.OWN else sent(world)
    found = tried(world, lambda by: type_in(sheet, by, lane, "40.01"))
    assert set(found.values()) == {"above_max"}


def test_a_sent_lane_a_closed_phase_and_a_publication_close_the_cell(world: w.World) -> None:
    sheet = sent(world)
    assert tried(world, lambda by: type_in(sheet, by, Lane.OWN, "1")) == {
        "an": "transition",
        "anh": "transition",
    }
    recusal.declare_recusal(season=world.season, unit=world.a, by=world.thu, relation="family")
    assert tried(world, lambda by: type_in(sheet, by, Lane.VERIFIED, "1")) == {}
    Recusal.objects.all().delete()
    Standing.objects.create(
        season=world.season, number=1, at=timezone.now(), by=world.thu, inputs="{}", result="[]",
        sha256="0" * 64,
    )  # fmt: skip
    assert tried(world, lambda by: type_in(sheet, by, Lane.VERIFIED, "1")) == {}


def test_a_closed_phase_closes_every_lane(world: w.World) -> None:
    sheet = sent(world)
    row = cross.assign(season=world.season, by=world.thu, pairs=[(world.a, world.b)])[0]
    world.phase.self_score = world.phase.appraise = False
    world.phase.save()
    fresh = ScoreSheet.objects.get(pk=sheet.pk)
    for act in (
        lambda by: type_in(fresh, by, Lane.OWN, "1"),
        lambda by: type_in(fresh, by, Lane.VERIFIED, "1"),
        lambda by: services.put_to_unit(sheet=fresh, by=by, version=2),
        lambda by: services.explain(sheet=fresh, by=by, version=2, texts={}),
        lambda by: cross.abstain(cross=row, by=by, relation="other", reason="x"),
    ):
        assert tried(world, act) == {}


# A criterion whose points follow from an actual value


def test_points_follow_from_the_actual_value(world: w.World) -> None:
    Criterion.objects.filter(code="A1").update(method="HALF_PLUS_LEADER")
    own, other = w.sheet(world), w.sheet(world, unit=world.b)

    def give(sheet: ScoreSheet, actual: int) -> None:
        entry = Entry(actual=Decimal(actual), target=Decimal(100))
        write_cell(
            sheet=sheet, criterion=code(sheet, "A1"), lane=Lane.OWN, entry=entry,
            was=Entry().token, by=world.an if sheet == own else world.binh,
        )  # fmt: skip

    give(own, 120)
    assert lanes.count(ScoreSheet.objects.get(pk=own.pk))[Lane.OWN].points["A1"] == 40
    give(other, 150)
    assert lanes.count(ScoreSheet.objects.get(pk=own.pk))[Lane.OWN].points["A1"] == 28
    with pytest.raises(ValidationError) as caught:
        type_in(own, world.an, Lane.OWN, "5")
    assert caught.value.code == "computed"


def test_a_computed_criterion_is_typed_by_nobody(world: w.World) -> None:
    Criterion.objects.filter(code="A2").update(
        method="EACH", actual_source="achievements", category="advisory"
    )
    w.sent(world)
    sheet = w.sheet(world)
    found = outcome(
        lambda: write_cell(
            sheet=sheet,
            criterion=code(sheet, "A2"),
            lane=Lane.OWN,
            entry=Entry(actual=Decimal(9)),
            was=Entry().token,
            by=world.an,
        )
    )
    assert found == "computed"
    both = lanes.count(ScoreSheet.objects.get(pk=sheet.pk))
    assert both[Lane.OWN].points["A2"] == 2  # one that was sent, two points each
    assert both[Lane.VERIFIED].points["A2"] == 0


# First appraisal, explanation, second appraisal


def first(world: w.World, sheet: ScoreSheet, by: Any = None) -> ScoreSheet:
    lines = {key: (value, "Thiếu số liệu") for key, (value, _) in
             w.lines(sheet, **(w.FULL | {"A1": "30"})).items()}  # fmt: skip
    return services.put_to_unit(
        sheet=sheet, by=by or world.thu, version=sheet.version, lines=lines
    )  # fmt: skip


def test_first_appraisal_explanation_and_second_appraisal(world: w.World) -> None:
    sheet = first(world, sent(world))
    assert sheet.state == SheetState.FIRST
    sheet = services.explain(
        sheet=sheet, by=world.an, version=sheet.version,
        texts={code(sheet, "A1"): "Có báo cáo bổ sung"},
    )  # fmt: skip
    assert (sheet.state, line(sheet, "A1").explanation) == ("explained", "Có báo cáo bổ sung")
    sheet = services.appraise(
        sheet=sheet, by=world.thu, version=sheet.version, finish=True,
        lines={code(sheet, "A1"): (Decimal(35), "Chấp nhận một phần")},
    )  # fmt: skip
    row = line(sheet, "A1")
    assert (row.first_score, row.first_note, row.verified_score) == (30, "Thiếu số liệu", 35)
    assert row.verified_basis == "absent"
    verbs = [event.verb for event in history(sheet)]
    assert verbs == ["sheet.appraise", "sheet.explain", "sheet.first", "sheet.submit"]
    row_again = type_in(sheet, world.thu, Lane.VERIFIED, "34")[0]
    assert row_again.state == SheetState.EXPLAINED


def test_the_explanation_is_the_units_and_the_first_appraisal_the_secretarys(
    world: w.World,
) -> None:
    sheet = sent(world)
    assert tried(world, lambda by: first(world, sheet, by)) == {"thu": "done"}
    sheet = first(world, sheet)
    texts = {code(sheet, "A1"): "Rõ"}
    act = lambda by: services.explain(sheet=sheet, by=by, version=3, texts=texts)  # noqa: E731
    assert tried(world, act) == {"an": "done", "anh": "done"}
    stale = lambda by: services.explain(sheet=sheet, by=by, version=2, texts=texts)  # noqa: E731
    assert set(tried(world, stale).values()) == {"stale"}


def test_a_gap_needs_a_reason_of_everybody_who_may_appraise(world: w.World) -> None:
    sheet = sent(world)
    lines = w.lines(sheet, **(w.FULL | {"A1": "30"}))
    act = lambda by: services.put_to_unit(sheet=sheet, by=by, version=2, lines=lines)  # noqa: E731
    assert tried(world, act) == {"thu": "reason"}
    Scheme.objects.update(gap_limit=10)
    assert tried(world, act) == {"thu": "done"}


def test_the_basis_must_agree_with_the_named_evidence(world: w.World) -> None:
    achievement = w.sent(world)
    sheet = w.sheet(world)
    key = code(sheet, "A1")
    proof.name_proof(sheet=sheet, criterion=key, achievement=achievement, by=world.an)
    sheet = services.self_score(
        sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=True
    )

    def finish(basis: str) -> Any:
        lines = w.lines(sheet, **w.FULL) | {key: Entry(Decimal(30), "Thiếu", basis=basis)}
        return lambda: services.appraise(
            sheet=sheet, by=world.thu, version=2, lines=lines, finish=True
        )

    assert [outcome(finish(basis)) for basis in ("absent", "evidence", "")] == [
        "basis", "done", "done",
    ]  # fmt: skip
    proof.refuse_proof(proof=Proof.objects.get(), by=world.thu, reason="Không đúng năm")
    assert outcome(finish("absent")) == "done"
    Proof.objects.all().delete()
    assert outcome(finish("evidence")) == "basis"


def test_taking_over_fills_untouched_lines_alone(world: w.World) -> None:
    sheet = sent(world)
    row = cross.assign(season=world.season, by=world.thu, pairs=[(world.a, world.b)])[0]
    given = w.lines(sheet, **(w.FULL | {"A1": "31"}))
    cross.keep_cross(cross=row, by=world.binh, version=1, lines=given, send=True)
    sheet = type_in(sheet, world.thu, Lane.VERIFIED, "5")[0]
    sheet = services.take_over(sheet=sheet, by=world.thu, version=sheet.version, source="cross")
    found = {row.criterion.code: row.verified_score for row in sheet.scores.all()}
    assert found == {"A1": 5, "A2": 20, "D": 3, "E": -1}
    sheet = services.take_over(
        sheet=sheet, by=world.thu, version=sheet.version, source="cross",
        criterion=code(sheet, "A1"),
    )  # fmt: skip
    assert line(sheet, "A1").verified_score == 31
    act = lambda by: services.take_over(sheet=sheet, by=by, version=sheet.version, source="self")  # noqa: E731
    assert set(tried(world, act)) == {"thu"}


# Evidence


def test_evidence_is_the_units_own_and_was_sent(world: w.World) -> None:
    sheet = w.sheet(world)
    key = code(sheet, "A1")
    mine, draft, theirs = w.sent(world), w.draft(world), w.draft(world, by=world.binh)

    def name(by: Any, what: Any = mine) -> Any:
        return proof.name_proof(sheet=sheet, criterion=key, achievement=what, by=by)

    assert tried(world, name) == {"an": "done", "anh": "done"}
    assert outcome(lambda: name(world.an, draft)) == "unsent"
    assert outcome(lambda: name(world.an, theirs)) == "foreign"
    made = name(world.an)
    assert name(world.anh) == made
    drop = lambda by: proof.drop_proof(proof=made, by=by)  # noqa: E731
    assert tried(world, drop) == {"an": "done", "anh": "done"}
    refuse = lambda by: proof.refuse_proof(proof=made, by=by, reason="Sai năm")  # noqa: E731
    assert tried(world, refuse) == {}  # not sent yet
    services.self_score(
        sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=True
    )
    assert set(tried(world, drop).values()) == {"transition"}
    assert tried(world, refuse) == {"thu": "done"}
    blank = lambda by: proof.refuse_proof(proof=made, by=by, reason=" ")  # noqa: E731
    assert tried(world, blank) == {"thu": "form"}
    refuse(world.thu)
    assert tried(world, lambda by: proof.accept_proof(proof=made, by=by)) == {"thu": "done"}
    verbs = list(Event.objects.filter(verb__startswith="proof").values_list("verb", flat=True))
    assert sorted(verbs) == ["proof.name", "proof.refuse"]


# Cross-scoring


def assigned(world: w.World) -> CrossSheet:
    return cross.assign(season=world.season, by=world.thu, pairs=[(world.a, world.b)])[0]


def test_only_the_secretary_assigns_and_never_a_unit_to_itself(world: w.World) -> None:
    give = lambda by: cross.assign(season=world.season, by=by, pairs=[(world.a, world.b)])  # noqa: E731
    assert tried(world, give) == {"thu": "done"}
    own = lambda by: cross.assign(season=world.season, by=by, pairs=[(world.a, world.a)])  # noqa: E731
    assert tried(world, own) == {"thu": "own"}
    row = assigned(world)
    assert tried(world, lambda by: cross.unassign(cross=row, by=by)) == {"thu": "done"}
    with pytest.raises(IntegrityError), transaction.atomic():
        CrossSheet.objects.create(sheet=row.sheet, scored=world.a, scorer=world.a)


def cross_cell(row: CrossSheet, by: Any, points: str = "31", was: str | None = None) -> Any:
    return cross.write_cross_cell(
        cross=row, criterion=Criterion.objects.get(code="A1"), score=Decimal(points), note="",
        was=cross.token(None, "") if was is None else was, by=by,
    )  # fmt: skip


def test_the_scorers_staff_score_what_was_sent_and_once(world: w.World) -> None:
    row = assigned(world)
    assert tried(world, lambda by: cross_cell(row, by)) == {}  # nothing to score yet
    sheet = sent(world)
    assert tried(world, lambda by: cross_cell(row, by)) == {"binh": "done"}
    assert tried(world, lambda by: cross_cell(row, by, "40.01")) == {"binh": "above_max"}
    cross_cell(row, world.binh)
    assert tried(world, lambda by: cross_cell(row, by, "30")) == {"binh": "stale"}
    send = lambda by, **points: cross.keep_cross(  # noqa: E731
        cross=row, by=by, version=2, lines=w.lines(sheet, **points), send=True
    )
    assert tried(world, send) == {"binh": "missing"}
    send(world.binh, **w.FULL)
    assert tried(world, lambda by: cross_cell(row, by)) == {"binh": "transition"}
    assert lanes.cross_means(sheet)[code(sheet, "A1")] == 40
    assert tried(world, lambda by: cross.unassign(cross=row, by=by)) == {"thu": "transition"}


def test_who_works_in_both_units_scores_neither(world: w.World) -> None:
    row = assigned(world)
    sent(world)
    w.appoint(world.binh, w.Role.UNIT_STAFF, unit=world.a)
    assert tried(world, lambda by: cross_cell(row, by)) == {}


def test_abstention_names_the_relation(world: w.World) -> None:
    row = assigned(world)
    sent(world)
    cross_cell(row, world.binh)
    give = lambda by: cross.abstain(cross=row, by=by, relation="family", reason="Vợ")  # noqa: E731
    assert tried(world, give) == {"binh": "done"}
    for relation, reason in (("", "x"), ("family", " "), ("friend", "x")):
        act = lambda by: cross.abstain(cross=row, by=by, relation=relation, reason=reason)  # noqa: E731, B023
        assert tried(world, act) == {"binh": "form"}
    give(world.binh)
    row.refresh_from_db()
    assert (row.state, row.relation) == (CrossState.ABSTAINED, "family")
    assert not CrossScore.objects.exists()


def test_no_cross_score_after_the_final_appraisal(world: w.World) -> None:
    row, sheet = assigned(world), sent(world)
    services.appraise(
        sheet=sheet, by=world.thu, version=2, lines=w.lines(sheet, **w.FULL), finish=True
    )
    assert tried(world, lambda by: cross_cell(row, by)) == {"binh": "transition"}


def test_proposals_are_inspection_teams_or_the_next_in_turn(world: w.World) -> None:
    w.inspection(world)
    found = {(str(a), str(b)) for a, b in crosses.proposals(world.season)}
    assert ("Đơn vị A", "Đơn vị B") in found
    assert ("Đơn vị A", "Đơn vị C") not in found
    assert ("Đơn vị B", "Đơn vị C") in found
    assigned(world)
    again = {(str(a), str(b)) for a, b in crosses.proposals(world.season)}
    assert found - again == {("Đơn vị A", "Đơn vị B")}


# Recusal


def test_a_recusal_closes_the_appraisal_until_it_is_withdrawn(world: w.World) -> None:
    sheet = sent(world)
    give = lambda by: recusal.declare_recusal(  # noqa: E731
        season=world.season, unit=world.a, by=by, relation="family"
    )
    assert tried(world, give) == {"thu": "done"}
    row = give(world.thu)
    assert tried(world, give) == {"thu": "twice"}
    assert tried(world, lambda by: first(world, sheet, by)) == {}
    assert tried(world, lambda by: recusal.withdraw_recusal(recusal=row, by=by)) == {"thu": "done"}
    recusal.withdraw_recusal(recusal=row, by=world.thu)
    assert tried(world, lambda by: first(world, sheet, by)) == {"thu": "done"}
    other = lambda by: recusal.declare_recusal(  # noqa: E731
        season=world.season, unit=world.a, by=by, relation="other"
    )
    assert tried(world, other) == {"thu": "form"}
