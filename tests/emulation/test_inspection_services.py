"""Cross-inspection: the team is never of the inspected unit, both sides agree, then it stands."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from clusters.models import Role, Unit
from emulation.models import Criterion, Finding, Inspection, Inspector, Season
from emulation.services import inspection as services
from emulation.services.inspection import Found, Member
from journal.models import Event
from tests import world as w

TODAY = timezone.localdate()


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def plan(world: w.World, **values: Any) -> Inspection:
    """Unit A is inspected by B, whose person heads the team, and C."""
    by = values.pop("by", world.thu)
    team = values.pop("team", [Member(world.b, "Trần Văn Bình", "Đại úy"), Member(world.c, "Tý")])
    given = {"unit": world.a, "planned_on": TODAY, "place": "", "plan": "Xem hồ sơ"} | values
    return services.plan_inspection(season=world.season, by=by, values=given, team=team)


def criterion(world: w.World, code: str) -> int:
    assert world.season.scheme
    return world.season.scheme.criteria.get(code=code).pk


def visit(world: w.World, row: Inspection, **values: Any) -> Inspection:
    given: dict[str, Any] = {
        "by": world.binh, "version": row.version, "visited_on": TODAY, "conclusion": "Tốt",
        "findings": {criterion(world, "A1"): Found("Đủ sổ sách", Decimal("38.00"))},
    } | values  # fmt: skip
    return services.record_visit(inspection=row, **given)


def agree(row: Inspection, by: Any, side: str, **values: Any) -> Inspection:
    return services.agree(inspection=row, by=by, side=side, **{"version": row.version} | values)


def verbs() -> list[str]:
    rows = Event.objects.filter(verb__startswith="inspection.").order_by("number")
    return list(rows.values_list("verb", flat=True))


def code_of(act: Any, *args: Any, **values: Any) -> str | None:
    with pytest.raises(ValidationError) as refused:
        act(*args, **values)
    error = refused.value
    if hasattr(error, "error_dict"):
        return next(iter(error.error_dict.values()))[0].code
    return error.code


# Planning


def test_a_plan_has_a_team_with_one_head(world: w.World) -> None:
    row = plan(world)
    team = [(m.unit, m.name, m.is_head, m.inspected) for m in row.team.order_by("pk")]
    assert team == [
        (world.b, "Trần Văn Bình", True, world.a), (world.c, "Tý", False, world.a),
    ]  # fmt: skip
    [event] = Event.objects.filter(verb="inspection.plan")
    assert (event.actor_id, event.subject_id) == (world.thu.pk, str(row.pk))
    assert event.changes["unit"] == [None, world.a.pk]
    assert event.changes["team"][1][0] == [world.b.pk, "Trần Văn Bình", "Đại úy"]


@pytest.mark.parametrize("who", ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"])
def test_only_the_secretary_plans(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        plan(world, by=getattr(world, who))
    assert not Inspection.objects.exists()


def test_nobody_of_the_unit_is_in_its_team(world: w.World) -> None:
    team = [Member(world.b, "Bình"), Member(world.a, "An")]
    assert code_of(plan, world, team=team) == "own"
    assert not Inspection.objects.exists()


def test_neither_is_anybody_of_its_line(world: w.World) -> None:
    """C follows A, which ended; both are members (A was, C is)."""
    world.c.predecessors.add(world.a)
    team = [Member(world.b, "Bình"), Member(world.c, "Thư")]
    assert code_of(plan, world, team=team) == "own"
    assert code_of(plan, world, unit=world.c, team=[Member(world.a, "An")]) == "own"
    assert plan(world, team=[Member(world.b, "Bình")]).pk


def test_a_unit_of_another_cluster_is_in_no_team(world: w.World) -> None:
    far = Unit.objects.get(code="D")
    assert code_of(plan, world, team=[Member(far, "Người xa")]) == "own"


def test_the_database_refuses_the_own_unit_and_a_second_head(world: w.World) -> None:
    row = plan(world)
    for values in ({"unit": world.a, "name": "An"}, {"unit": world.c, "is_head": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Inspector.objects.create(inspection=row, inspected=world.a, **values)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"team": []}, "team"),
        ({"planned_on": date(w.YEAR + 1, 1, 1)}, "day"),
        ({"planned_on": date(w.YEAR - 1, 12, 14)}, "day"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    world: w.World, values: dict[str, Any], code: str
) -> None:
    assert code_of(plan, world, **values) == code
    assert not Inspection.objects.exists()


def test_nobody_is_named_twice(world: w.World) -> None:
    team = [Member(world.b, "Bình"), Member(world.b, "Bình")]
    assert code_of(plan, world, team=team) == "twice"


def test_a_unit_outside_the_season_is_not_inspected(world: w.World) -> None:
    assert code_of(plan, world, unit=Unit.objects.get(code="D")) == "unit"


def test_a_second_click_plans_nothing_more(world: w.World) -> None:
    plan(world)
    assert code_of(plan, world) == "exists"
    assert Inspection.objects.count() == 1
    assert verbs() == ["inspection.plan"]


def change(world: w.World, row: Inspection, **values: Any) -> Inspection:
    given = {"unit": row.unit, "planned_on": row.planned_on, "place": "", "plan": row.plan}
    team = values.pop("team", [Member(world.b, "Trần Văn Bình", "Đại úy"), Member(world.c, "Tý")])
    version = values.pop("version", row.version)
    return services.change_plan(
        inspection=row, by=values.pop("by", world.thu), version=version, values=given | values,
        team=team,
    )  # fmt: skip


def test_a_plan_changes_before_the_visit(world: w.World) -> None:
    row = change(world, plan(world), plan="Xem cả sổ sách")
    assert (row.plan, row.version) == ("Xem cả sổ sách", 2)
    assert Event.objects.order_by("-number")[0].changes == {"plan": ["Xem hồ sơ", "Xem cả sổ sách"]}


def test_saving_the_same_plan_writes_nothing(world: w.World) -> None:
    row = change(world, plan(world))
    assert row.version == 1
    assert verbs() == ["inspection.plan"]


def test_another_unit_takes_its_team_along(world: w.World) -> None:
    row = change(world, plan(world), unit=world.b, team=[Member(world.c, "Tý")])
    assert [member.inspected for member in row.team.all()] == [world.b]
    assert code_of(change, world, row, unit=world.c, team=[Member(world.c, "Tý")]) == "own"


def test_the_same_team_moves_with_the_unit(world: w.World) -> None:
    row = plan(world, team=[Member(world.c, "Tý")])
    row = change(world, row, unit=world.b, team=[Member(world.c, "Tý")])
    assert [member.inspected for member in row.team.all()] == [world.b]


def test_an_old_page_does_not_overwrite_a_plan(world: w.World) -> None:
    row = plan(world)
    change(world, row, plan="Mới")
    assert code_of(change, world, row, plan="Cũ", version=1) == "stale"
    assert Inspection.objects.get().plan == "Mới"


def test_after_the_visit_the_plan_stands(world: w.World) -> None:
    row = visit(world, plan(world))
    assert code_of(change, world, row, plan="Khác") == "visited"
    cancel = services.cancel_inspection
    values = {"inspection": row, "by": world.thu, "version": row.version, "reason": "Bận"}
    assert code_of(cancel, **values) == "visited"


# Cancelling


def test_a_cancelled_plan_stays_in_the_journal(world: w.World) -> None:
    row = plan(world)
    services.cancel_inspection(
        inspection=row, by=world.thu, version=row.version, reason=" Đơn vị bận đột xuất "
    )
    assert not Inspection.objects.exists()
    event = Event.objects.order_by("-number")[0]
    assert (event.verb, event.reason) == ("inspection.cancel", "Đơn vị bận đột xuất")
    assert event.changes["plan"] == ["Xem hồ sơ", None]


def test_cancelling_needs_a_reason_and_the_secretary(world: w.World) -> None:
    row = plan(world)
    cancel = services.cancel_inspection
    values = {"inspection": row, "by": world.thu, "version": 1, "reason": "  "}
    assert code_of(cancel, **values) == "reason"
    for who in (world.binh, world.anh, world.lan, world.quang):
        with pytest.raises(PermissionDenied):
            services.cancel_inspection(inspection=row, by=who, version=1, reason="Bận")
    assert Inspection.objects.count() == 1


# The visit


def test_the_team_records_what_it_found(world: w.World) -> None:
    row = visit(world, plan(world))
    assert (row.visited_on, row.conclusion, row.version) == (TODAY, "Tốt", 2)
    [found] = Finding.objects.all()
    assert (found.criterion.code, found.text, found.score) == (
        "A1", "Đủ sổ sách", Decimal("38.00"),
    )  # fmt: skip
    event = Event.objects.order_by("-number")[0]
    assert event.changes["A1"] == [None, ["Đủ sổ sách", "38.00", ""]]


def test_recording_the_same_again_writes_nothing(world: w.World) -> None:
    row = visit(world, plan(world))
    again = visit(world, Inspection.objects.get())
    assert again.version == row.version
    assert verbs() == ["inspection.plan", "inspection.record"]


def test_a_finding_changes_and_goes(world: w.World) -> None:
    row = visit(world, plan(world))
    a1, a2 = criterion(world, "A1"), criterion(world, "A2")
    row = visit(world, row, findings={a1: Found("Thiếu một sổ", Decimal(30))})
    assert Finding.objects.get().text == "Thiếu một sổ"
    visit(world, row, findings={a2: Found("Đủ")})
    assert [f.criterion_id for f in Finding.objects.all()] == [a2]


@pytest.mark.parametrize("who", ["thu", "binh"])
def test_secretary_and_team_record(world: w.World, who: str) -> None:
    assert visit(world, plan(world), by=getattr(world, who)).visited_on == TODAY


@pytest.mark.parametrize("who", ["an", "anh", "lan", "quang", "khach", "far_secretary"])
def test_others_do_not_record(world: w.World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        visit(world, plan(world), by=getattr(world, who))


def test_the_secretary_does_not_judge_the_own_unit(world: w.World) -> None:
    """Thư plans the inspection of her own unit C; what is found there others write."""
    row = plan(world, unit=world.c, team=[Member(world.b, "Bình")])
    with pytest.raises(PermissionDenied):
        visit(world, row, by=world.thu)
    row = visit(world, row, by=world.binh)
    with pytest.raises(PermissionDenied):
        agree(row, world.thu, "team")


def test_who_works_in_both_units_does_not_judge(world: w.World) -> None:
    w.appoint(world.binh, Role.UNIT_STAFF, unit=world.a)
    with pytest.raises(PermissionDenied):
        visit(world, plan(world))


def test_nobody_inspects_the_unit_that_theirs_follows(world: w.World) -> None:
    """Khách works in N, which took over from A: A's inspection is not theirs to write."""
    row = plan(world)
    Unit.objects.filter(pk=world.a.pk).update(valid_to=TODAY - timedelta(days=1))
    new = Unit.objects.create(code="N", name="N", short_name="N", valid_from=TODAY)
    new.predecessors.add(world.a)
    w.appoint(world.khach, Role.UNIT_STAFF, unit=new)
    w.appoint(world.khach, Role.UNIT_STAFF, unit=world.b)
    with pytest.raises(PermissionDenied):
        visit(world, row, by=world.khach)


def test_a_finding_on_no_criterion_or_a_group_or_out_of_range(world: w.World) -> None:
    row = plan(world)
    bad = [
        (999999, Found("Lạ"), "criterion"),
        (criterion(world, "A"), Found("Nhóm"), "criterion"),
        (criterion(world, "A1"), Found("Cao", Decimal("40.01")), "above_max"),
        (criterion(world, "A1"), Found("Lẻ", Decimal("1.001")), "too_precise"),
        (criterion(world, "E"), Found("Thấp", Decimal(-16)), "below_min"),
        (criterion(world, "A1"), Found("", Decimal(1)), "text"),
    ]
    for pk, found, code in bad:
        assert code_of(visit, world, row, findings={pk: found}) == code
    assert not Finding.objects.exists()
    assert Inspection.objects.get().visited_on is None


def test_a_parent_criterion_of_another_scheme_is_refused(world: w.World) -> None:
    other = Criterion.objects.create(
        scheme=w.Scheme.objects.create(code="khac", name="Khác", ceiling=10), order=1, code="A1",
        name="Khác", kind="qualitative", min_score=0, max_score=10,
    )  # fmt: skip
    assert code_of(visit, world, plan(world), findings={other.pk: Found("x")}) == "criterion"


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(w.YEAR - 1, 12, 14)])
def test_a_visit_lies_in_the_year_and_not_ahead(world: w.World, day: date) -> None:
    assert code_of(visit, world, plan(world), visited_on=day) == "day"


def test_an_old_page_does_not_overwrite_a_result(world: w.World) -> None:
    row = plan(world)
    visit(world, row)
    assert code_of(visit, world, row, version=1, conclusion="Khác") == "stale"


# Agreeing


def test_both_sides_agree_and_nothing_changes_any_more(world: w.World) -> None:
    row = agree(visit(world, plan(world)), world.binh, "team")
    row = agree(row, world.anh, "unit")
    assert row.is_agreed
    assert (row.team_agreed_by, row.unit_agreed_by) == (world.binh, world.anh)
    assert code_of(visit, world, row, conclusion="Khác") == "agreed"
    assert code_of(agree, row, world.binh, "team") == "agreed"
    assert verbs()[-2:] == ["inspection.agree", "inspection.agree"]


@pytest.mark.parametrize("who", ["an", "binh", "thu", "lan", "quang", "khach"])
def test_only_its_leader_agrees_for_the_unit(world: w.World, who: str) -> None:
    row = visit(world, plan(world))
    with pytest.raises(PermissionDenied):
        agree(row, getattr(world, who), "unit")


@pytest.mark.parametrize("who", ["an", "anh", "lan", "quang", "khach"])
def test_head_of_the_team_or_secretary_agrees_for_the_team(world: w.World, who: str) -> None:
    row = visit(world, plan(world))
    with pytest.raises(PermissionDenied):
        agree(row, getattr(world, who), "team")
    assert agree(row, world.thu, "team").team_agreed_by == world.thu


def test_a_unit_of_the_team_that_does_not_head_it_does_not_agree(world: w.World) -> None:
    w.appoint(world.khach, Role.UNIT_STAFF, unit=world.c)
    row = visit(world, plan(world), by=world.khach)
    with pytest.raises(PermissionDenied):
        agree(row, world.khach, "team")


def test_nobody_agrees_before_the_visit(world: w.World) -> None:
    row = plan(world)
    for who, side in ((world.binh, "team"), (world.anh, "unit")):
        with pytest.raises(PermissionDenied):
            agree(row, who, side)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=row.pk).update(
            team_agreed_at=timezone.now(), team_agreed_by=world.binh
        )


def test_a_change_takes_the_agreement_back_and_says_so(world: w.World) -> None:
    row = agree(visit(world, plan(world)), world.anh, "unit")
    row = visit(world, row, conclusion="Còn thiếu một sổ")
    assert (row.unit_agreed_at, row.unit_agreed_by) == (None, None)
    event = Event.objects.order_by("-number")[0]
    assert event.reason == "Nội dung đổi sau khi đơn vị thống nhất; cần thống nhất lại."


def test_saving_without_a_change_leaves_the_agreement(world: w.World) -> None:
    row = agree(visit(world, plan(world)), world.anh, "unit")
    visit(world, row)
    assert Inspection.objects.get().unit_agreed_by == world.anh


def test_one_agrees_to_what_one_read(world: w.World) -> None:
    row = visit(world, plan(world))
    visit(world, row, conclusion="Khác")
    assert code_of(agree, row, world.anh, "unit") == "stale"
    assert Inspection.objects.get().unit_agreed_at is None


# Who sees what


def test_who_sees_an_inspection(world: w.World) -> None:
    plan(world, team=[Member(world.b, "Bình")])
    w.appoint(world.khach, Role.UNIT_STAFF, unit=world.c)
    seen = {
        name
        for name in ("an", "anh", "binh", "thu", "lan", "quang", "khach", "far_secretary")
        if Inspection.objects.visible_to(getattr(world, name)).exists()
    }
    assert seen == {"an", "anh", "binh", "thu", "lan", "quang"}


def test_a_unit_twice_in_a_team_sees_the_row_once(world: w.World) -> None:
    plan(world, team=[Member(world.b, "Bình"), Member(world.b, "Ba")])
    assert Inspection.objects.visible_to(world.binh).count() == 1


def test_in_a_closed_season_nothing_is_planned_recorded_or_agreed(world: w.World) -> None:
    planned, done = plan(world), visit(world, plan(world, unit=world.c, team=[
        Member(world.b, "Bình")
    ]))  # fmt: skip
    rows = Season.objects.filter(pk=world.season.pk)
    rows.update(closed_at=timezone.now(), closed_by=world.lan)
    for act, values in (
        (plan, {"unit": world.b, "team": [Member(world.a, "An")]}),
        (change, {"row": planned}),
    ):
        with pytest.raises(PermissionDenied):
            act(world, **values)
    with pytest.raises(PermissionDenied):
        visit(world, planned)
    with pytest.raises(PermissionDenied):
        agree(done, world.binh, "team")
