"""Units through time: the rows, who follows whom, and what the administrator's acts leave."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from clusters import lineage
from clusters.lineage import Change
from clusters.models import Appointment, Membership, Role, Term, Unit
from clusters.permissions import standing
from clusters.services.lineage import (
    UnitName,
    merge_units,
    move_unit,
    rename_unit,
    split_unit,
)
from journal.models import Event
from tests import world as w

TODAY = timezone.localdate()
NEXT = w.YEAR + 1


@pytest.fixture
def world(db: None) -> w.World:
    """The known people, and the members of next year stored already."""
    made = w.build()
    for order, unit in enumerate((made.a, made.b, made.c), 1):
        Membership.objects.create(cluster=made.season.cluster, unit=unit, year=NEXT, order=order)
    return made


def name(code: str, text: str = "") -> UnitName:
    text = text or f"Đơn vị {code}"
    return UnitName(name=text, short_name=text, code=code)


def rename(world: w.World, **values: Any) -> Unit:
    given = {"unit": world.a, "to": name("A9"), "day": TODAY, "by": world.quang} | values
    return rename_unit(**given)


def merge(world: w.World, **values: Any) -> Unit:
    given = {
        "units": [world.a, world.b], "to": name("AB"), "day": TODAY, "by": world.quang,
    } | values  # fmt: skip
    return merge_units(**given)


def split(world: w.World, **values: Any) -> list[Unit]:
    rows = Appointment.objects.filter(unit=world.a)
    people = {row.pk: 0 if row.user == world.an else 1 for row in rows}
    given = {
        "unit": world.a, "into": [name("A1"), name("A2")], "people": people, "day": TODAY,
        "by": world.quang,
    } | values  # fmt: skip
    return split_unit(**given)


def members(world: w.World, year: int) -> list[tuple[int, str]]:
    rows = Membership.objects.filter(cluster=world.season.cluster, year=year)
    return [(row.order, row.unit.code) for row in rows.select_related("unit").order_by("order")]


def running(user: Any, day: date) -> list[tuple[str, str]]:
    rows = Appointment.objects.filter(user=user).on(day).select_related("unit")
    return [(row.role, row.unit.code if row.unit else "") for row in rows]


# Renaming


def test_a_renamed_unit_is_a_new_row_that_names_the_old_one(world: w.World) -> None:
    new = rename(world, basis="Quyết định 12")
    world.a.refresh_from_db()
    assert (world.a.code, world.a.valid_to) == ("A", TODAY - timedelta(days=1))
    assert (new.code, new.name, new.valid_from, new.valid_to) == ("A9", "Đơn vị A9", TODAY, None)
    assert list(new.predecessors.all()) == [world.a]


def test_the_running_year_keeps_its_member_and_the_next_takes_the_new_one(
    world: w.World,
) -> None:
    rename(world)
    assert members(world, w.YEAR) == [(1, "A"), (2, "B"), (3, "C")]
    assert members(world, NEXT) == [(1, "A9"), (2, "B"), (3, "C")]


def test_appointments_end_and_go_on(world: w.World) -> None:
    day = TODAY + timedelta(days=10)
    rename(world, day=day)
    assert running(world.an, day - timedelta(days=1)) == [(Role.UNIT_STAFF, "A")]
    assert running(world.an, day) == [(Role.UNIT_STAFF, "A9")]
    assert running(world.anh, day) == [(Role.UNIT_LEADER, "A9")]


def test_an_appointment_keeps_its_own_end(world: w.World) -> None:
    end = TODAY + timedelta(days=40)
    Appointment.objects.filter(user=world.an).update(end=end)
    new = rename(world)
    assert Appointment.objects.get(user=world.an, unit=new).end == end


def test_what_ended_before_stays_and_what_begins_later_just_moves(world: w.World) -> None:
    past = Appointment.objects.create(
        user=world.khach, role=Role.UNIT_STAFF, unit=world.a, start=date(w.YEAR - 1, 1, 1),
        end=TODAY - timedelta(days=30),
    )  # fmt: skip
    later = Appointment.objects.create(
        user=world.khach, role=Role.UNIT_LEADER, unit=world.a, start=TODAY + timedelta(days=30)
    )
    new = rename(world)
    past.refresh_from_db()
    later.refresh_from_db()
    assert past.unit == world.a
    assert (later.unit, later.start) == (new, TODAY + timedelta(days=30))
    assert Appointment.objects.filter(user=world.khach).count() == 2


def test_a_secretary_keeps_the_cluster_and_gets_the_new_home(world: w.World) -> None:
    new = rename(world, unit=world.c, to=name("C9"))
    row = Appointment.objects.get(user=world.thu, unit=new)
    assert (row.role, row.cluster) == (Role.SECRETARY, world.season.cluster)


def test_a_change_on_the_first_of_january_passes_that_year(world: w.World) -> None:
    rename(world, day=date(NEXT, 1, 1))
    assert members(world, NEXT)[0] == (1, "A9")


def test_a_change_within_next_year_leaves_next_year_its_member(world: w.World) -> None:
    rename(world, day=date(NEXT, 3, 1))
    assert members(world, NEXT)[0] == (1, "A")


def test_who_heads_the_cluster_next_year_follows(world: w.World) -> None:
    Term.objects.create(cluster=world.season.cluster, year=NEXT, head=world.b, deputy=world.a)
    new = rename(world)
    assert Term.objects.get(year=NEXT).deputy == new
    assert Term.objects.get(year=w.YEAR).head == world.a


def test_a_rename_leaves_one_entry(world: w.World) -> None:
    before = Event.objects.count()
    new = rename(world, basis="Quyết định 12")
    [event] = Event.objects.order_by("-number")[: Event.objects.count() - before]
    assert (event.verb, event.subject_id, event.reason) == (
        "unit.rename", str(new.pk), "Quyết định 12",
    )  # fmt: skip
    assert event.changes["code"] == ["A", "A9"]
    assert event.changes["day"] == [None, TODAY.isoformat()]
    assert event.changes["years"] == [None, [NEXT]]


def test_a_second_click_changes_nothing(world: w.World) -> None:
    rename(world)
    events, units = Event.objects.count(), Unit.objects.count()
    with pytest.raises(ValidationError) as refused:
        rename(world, to=name("A8"))
    assert refused.value.code == "ended"
    assert (Event.objects.count(), Unit.objects.count()) == (events, units)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"to": name("A", "Đơn vị A")}, "same"),
        ({"to": name("B")}, "code"),
    ],
)
def test_a_rename_that_makes_no_sense_is_refused(
    world: w.World, values: dict[str, Any], code: str
) -> None:
    units = Unit.objects.count()
    with pytest.raises(ValidationError) as refused:
        rename(world, **values)
    assert refused.value.code == code
    world.a.refresh_from_db()
    assert (world.a.valid_to, Unit.objects.count()) == (None, units)


def test_the_day_lies_after_the_unit_began(world: w.World) -> None:
    new = rename(world)
    with pytest.raises(ValidationError) as refused:
        rename(world, unit=new, to=name("A10"))
    assert refused.value.code == "day"


def test_a_name_may_change_without_the_code(world: w.World) -> None:
    new = rename(world, to=name("A", "Cục mới"))
    assert (new.code, new.name) == ("A", "Cục mới")


def test_the_code_of_a_unit_that_ended_is_free(world: w.World) -> None:
    rename(world)
    new = rename(world, unit=world.b, to=name("A", "Đơn vị khác"), day=TODAY)
    assert new.code == "A"


@pytest.mark.parametrize("who", ["an", "anh", "thu", "lan", "khach"])
def test_only_the_administrator_changes_units(world: w.World, who: str) -> None:
    by = getattr(world, who)
    for act in (rename, merge, split):
        with pytest.raises(PermissionDenied):
            act(world, by=by)
    with pytest.raises(PermissionDenied):
        move(world, by=by)
    assert Unit.objects.filter(valid_to=None).count() == 4


# Merging


def test_merged_units_end_and_one_follows_in_the_place_of_the_first(world: w.World) -> None:
    new = merge(world, units=[world.b, world.a])
    assert set(new.predecessors.all()) == {world.a, world.b}
    assert set(Unit.objects.on(TODAY)) >= {new, world.c}
    assert not Unit.objects.on(TODAY).filter(pk__in=[world.a.pk, world.b.pk]).exists()
    assert members(world, w.YEAR) == [(1, "A"), (2, "B"), (3, "C")]
    assert members(world, NEXT) == [(2, "AB"), (3, "C")]


def test_who_worked_in_both_has_one_appointment(world: w.World) -> None:
    Appointment.objects.create(
        user=world.an, role=Role.UNIT_STAFF, unit=world.b, start=w.DAY,
        end=TODAY + timedelta(days=5),
    )  # fmt: skip
    new = merge(world)
    row = Appointment.objects.get(user=world.an, unit=new)
    assert (row.start, row.end) == (TODAY, None)


def test_who_would_have_worked_in_both_later_has_one_too(world: w.World) -> None:
    start = TODAY + timedelta(days=9)
    for unit in (world.a, world.b):
        Appointment.objects.create(user=world.khach, role=Role.UNIT_STAFF, unit=unit, start=start)
    new = merge(world)
    assert [row.unit for row in Appointment.objects.filter(user=world.khach)] == [new]


def test_head_and_deputy_that_merge_leave_the_deputy_open(world: w.World) -> None:
    Term.objects.create(cluster=world.season.cluster, year=NEXT, head=world.a, deputy=world.b)
    new = merge(world)
    term = Term.objects.get(year=NEXT)
    assert (term.head, term.deputy) == (new, None)


def test_a_unit_may_take_another_in_under_its_own_name(world: w.World) -> None:
    new = merge(world, to=name("A", "Đơn vị A"))
    assert (new.code, new.valid_from) == ("A", TODAY)
    assert members(world, NEXT) == [(1, "A"), (3, "C")]


def test_one_unit_alone_does_not_merge(world: w.World) -> None:
    with pytest.raises(ValidationError) as refused:
        merge(world, units=[world.a, world.a])
    assert refused.value.code == "few"


def test_a_merger_leaves_one_entry(world: w.World) -> None:
    before = Event.objects.count()
    new = merge(world)
    assert Event.objects.count() == before + 1
    event = Event.objects.order_by("-number")[0]
    assert event.changes["units"] == [[world.a.pk, world.b.pk], new.pk]


# Splitting


def test_people_go_where_the_administrator_says(world: w.World) -> None:
    first, second = split(world)
    assert running(world.an, TODAY) == [(Role.UNIT_STAFF, "A1")]
    assert running(world.anh, TODAY) == [(Role.UNIT_LEADER, "A2")]
    assert list(first.predecessors.all()) == list(second.predecessors.all()) == [world.a]


def test_the_first_takes_the_place_and_the_others_come_last(world: w.World) -> None:
    split(world)
    assert members(world, NEXT) == [(1, "A1"), (2, "B"), (3, "C"), (4, "A2")]
    assert members(world, w.YEAR) == [(1, "A"), (2, "B"), (3, "C")]


@pytest.mark.parametrize("place", [2, -1, None])
def test_nobody_is_lost_in_a_split(world: w.World, place: int | None) -> None:
    row = Appointment.objects.get(user=world.an)
    other = Appointment.objects.get(user=world.anh)
    people = {other.pk: 0} | ({row.pk: place} if place is not None else {})
    with pytest.raises(ValidationError) as refused:
        split(world, people=people)
    assert refused.value.code == "people"
    assert "Nguyễn Văn An" in refused.value.messages[0]
    assert Unit.objects.filter(code="A1").count() == 0


def test_the_new_units_have_different_codes(world: w.World) -> None:
    with pytest.raises(ValidationError) as refused:
        split(world, into=[name("X"), name("X")])
    assert refused.value.code == "code"


def test_a_split_needs_two(world: w.World) -> None:
    with pytest.raises(ValidationError) as refused:
        split(world, into=[name("X")])
    assert refused.value.code == "few"


def test_a_split_leaves_one_entry(world: w.World) -> None:
    before = Event.objects.count()
    split(world)
    assert Event.objects.count() == before + 1
    assert Event.objects.order_by("-number")[0].subject_id == str(world.a.pk)


# Moving


def move(world: w.World, **values: Any) -> Membership:
    given = {
        "unit": world.a, "origin": world.season.cluster, "to": world.far_season.cluster,
        "year": NEXT, "by": world.quang,
    } | values  # fmt: skip
    return move_unit(**given)


def test_a_unit_moves_with_the_year(world: w.World) -> None:
    made = move(world)
    assert members(world, w.YEAR) == [(1, "A"), (2, "B"), (3, "C")]
    assert members(world, NEXT) == [(2, "B"), (3, "C")]
    assert (made.cluster, made.year) == (world.far_season.cluster, NEXT)
    world.a.refresh_from_db()
    assert world.a.valid_to is None


def test_the_members_there_stay_where_next_year_is_not_stored_yet(world: w.World) -> None:
    move(world)
    rows = Membership.objects.filter(cluster=world.far_season.cluster, year=NEXT)
    assert [(row.order, row.unit.code) for row in rows.order_by("order")] == [(1, "D"), (2, "A")]


def test_a_unit_that_was_renamed_this_year_may_move(world: w.World) -> None:
    Membership.objects.filter(year=NEXT).delete()
    new = rename(world)
    assert move(world, unit=new).unit == new


@pytest.mark.parametrize("kind", ["begun", "same", "cluster", "member", "term", "ended"])
def test_a_move_that_makes_no_sense_is_refused(world: w.World, kind: str) -> None:
    far, values = world.far_season.cluster, {}
    if kind == "begun":
        values = {"year": w.YEAR}
    elif kind == "same":
        values = {"to": world.season.cluster}
    elif kind == "cluster":
        far.year_to = w.YEAR
        far.save()
    elif kind == "member":
        Membership.objects.create(cluster=far, unit=world.a, year=NEXT, order=5)
    elif kind == "term":
        Term.objects.create(cluster=world.season.cluster, year=NEXT, head=world.a)
    else:
        rename(world)
    events = Event.objects.count()
    with pytest.raises(ValidationError) as refused:
        move(world, **values)
    assert refused.value.code == kind
    assert Event.objects.count() == events


def test_a_move_leaves_one_entry(world: w.World) -> None:
    before = Event.objects.count()
    move(world, basis="Quyết định 3")
    assert Event.objects.count() == before + 1
    event = Event.objects.order_by("-number")[0]
    assert (event.verb, event.reason) == ("unit.move", "Quyết định 3")


# Rights


def test_the_successor_takes_over_the_record(world: w.World) -> None:
    new = rename(world)
    world.an.__dict__.pop("_standing", None)
    assert standing(world.an).units == {world.a.pk, new.pk}
    world.anh.__dict__.pop("_standing", None)
    assert standing(world.anh).led_units == {world.a.pk, new.pk}


def test_until_the_day_nothing_is_taken_over(world: w.World) -> None:
    day = TODAY + timedelta(days=3)
    new = rename(world, day=day)
    assert standing(world.an, on=day - timedelta(days=1)).units == {world.a.pk}
    assert standing(world.an, on=day).units == {world.a.pk, new.pk}


def test_the_record_follows_through_many_changes(world: w.World) -> None:
    day = TODAY - timedelta(days=20)
    first = merge(world, day=day)
    second = rename(world, unit=first, to=name("AB9"), day=day + timedelta(days=5))
    rows = {row.pk: 0 for row in Appointment.objects.filter(unit=second)}
    third, fourth = split(world, unit=second, into=[name("X"), name("Y")], people=rows, day=TODAY)
    past = {world.a.pk, world.b.pk, first.pk, second.pk}
    assert standing(world.binh).units == past | {third.pk}
    assert fourth.pk not in standing(world.binh).units


def test_a_predecessor_that_still_exists_answers_for_itself(world: w.World) -> None:
    new = Unit.objects.create(code="N", name="Mới", short_name="Mới", valid_from=w.DAY)
    new.predecessors.add(world.a)
    w.appoint(world.khach, Role.UNIT_STAFF, unit=new)
    assert standing(world.khach).units == {new.pk}


def test_what_ended_after_a_unit_was_separated_went_to_somebody_else(world: w.World) -> None:
    """N was separated from A, which lived on and was renamed later: A's record is not N's."""
    new = Unit.objects.create(
        code="N", name="Mới", short_name="Mới", valid_from=TODAY - timedelta(days=30)
    )
    new.predecessors.add(world.a)
    w.appoint(world.khach, Role.UNIT_STAFF, unit=new)
    renamed = rename(world)
    assert standing(world.khach).units == {new.pk}
    assert standing(world.an).units == {world.a.pk, renamed.pk}


def test_a_unit_does_not_get_what_its_sister_got(world: w.World) -> None:
    split(world)
    mine = {u.code for u in Unit.objects.filter(pk__in=standing(world.an).units)}
    assert mine == {"A", "A1"}


def test_the_home_of_a_secretary_reaches_back(world: w.World) -> None:
    new = rename(world, unit=world.c, to=name("C9"))
    who = standing(world.thu)
    assert who.home_units == {world.c.pk, new.pk}
    assert who.units == frozenset()


# Reading


def test_the_steps_tell_what_happened_in_order(world: w.World) -> None:
    day = TODAY - timedelta(days=9)
    joined = merge(world, day=day)
    people = {row.pk: 0 for row in Appointment.objects.filter(unit=joined)}
    first, second = split(world, unit=joined, into=[name("X"), name("Y")], people=people, day=TODAY)
    last = Unit.objects.create(
        code="Z", name="Tách ra", short_name="Tách ra", valid_from=TODAY + timedelta(days=5)
    )
    last.predecessors.add(second)
    steps = lineage.family(first).steps
    assert [(step.day, step.change, step.old, step.new) for step in steps] == [
        (day, Change.MERGED, (world.a, world.b), (joined,)),
        (TODAY, Change.SPLIT, (joined,), (first, second)),
        (TODAY + timedelta(days=5), Change.SEPARATED, (second,), (last,)),
    ]
    assert lineage.family(second).successors == [last]
    assert lineage.line_of(first) == {world.a.pk, world.b.pk, joined.pk, first.pk}
    assert lineage.ancestors(world.a) == {world.a.pk}


def test_a_rename_is_a_step_and_a_lone_unit_has_none(world: w.World) -> None:
    new = rename(world)
    [step] = lineage.family(world.a).steps
    assert (step.change, step.old, step.new) == (Change.RENAMED, (world.a,), (new,))
    assert lineage.family(world.b).steps == []


def test_a_circle_of_predecessors_ends(world: w.World) -> None:
    """Nobody can enter one through the pages; the administration could."""
    world.a.predecessors.add(world.b)
    world.b.predecessors.add(world.a)
    Unit.objects.filter(pk__in=[world.a.pk, world.b.pk]).update(valid_to=w.DAY)
    assert lineage.line_of(world.a) == {world.a.pk, world.b.pk}
    world.a.refresh_from_db()
    assert lineage.lasting([world.a], TODAY) == []
    assert standing(world.an).units == {world.a.pk, world.b.pk}


@pytest.mark.parametrize(
    ("day", "today", "year"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), 2027),
        (date(2027, 1, 1), date(2026, 12, 1), 2027),
        (date(2027, 3, 1), date(2026, 12, 1), 2028),
        (date(2026, 1, 1), date(2026, 3, 1), 2027),
        (date(2025, 12, 31), date(2026, 3, 1), 2027),
    ],
)
def test_the_first_year_that_passes_on(day: date, today: date, year: int) -> None:
    assert lineage.first_year_after(day, today) == year


def codes(user: Any) -> set[str]:
    user.__dict__.pop("_standing", None)
    return set(lineage.visible_to(user).values_list("code", flat=True))


def test_everybody_looks_up_the_units_of_their_clusters(world: w.World) -> None:
    assert codes(world.an) == codes(world.thu) == codes(world.lan) == {"A", "B", "C"}
    assert codes(world.far_secretary) == {"D"}
    assert codes(world.khach) == set()
    assert codes(world.quang) == {"A", "B", "C", "D"}


def test_what_follows_a_member_is_seen_before_it_is_a_member(world: w.World) -> None:
    rename(world)
    assert codes(world.thu) == codes(world.binh) == codes(world.an) == {"A", "A9", "B", "C"}
