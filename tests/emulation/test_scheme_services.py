"""Taking, editing, versioning, choosing and locking a scheme."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from emulation import scheme_a, scheme_b, schemes
from emulation.models import Scheme, Score, Season
from emulation.services import pledge as pledges
from emulation.services import scheme as services
from journal.models import Event
from tests import world as w

REASON = "Hội nghị cụm thống nhất điều chỉnh"


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def fresh(world: w.World) -> Season:
    return Season.objects.select_related("cluster", "scheme").get(pk=world.season.pk)


def taken(world: w.World, shipped: str = scheme_b.CODE) -> Scheme:
    return services.take(season=fresh(world), shipped=shipped, by=world.thu)


def sign(world: w.World) -> None:
    world.pledge.settled_at = timezone.now()
    world.pledge.save()
    pledges.sign_pledge(pledge=world.pledge, unit=world.a, by=world.anh, signer="Lê Thị Anh")


def last_event() -> Event:
    found = Event.objects.order_by("number").last()
    assert found
    return found


def verbs() -> list[str]:
    return list(Event.objects.order_by("number").values_list("verb", flat=True))


@pytest.mark.parametrize("shipped", [scheme_a, scheme_b])
def test_a_scheme_that_ships_is_taken_as_it_is_written(world: w.World, shipped: object) -> None:
    code, plan = shipped.CODE, shipped.PLAN  # type: ignore[attr-defined]
    made = taken(world, code)
    found = schemes.plan_of(made)
    assert list(found.lines) == list(plan.lines)
    assert list(found.rules) == list(plan.rules)
    assert fresh(world).scheme == made
    assert verbs() == ["scheme.take"]
    assert taken(world, code) == made
    assert verbs() == ["scheme.take"]


def test_only_the_secretary_takes_one_and_only_before_sheets_and_signatures(
    world: w.World,
) -> None:
    with pytest.raises(PermissionDenied):
        services.take(season=fresh(world), shipped=scheme_b.CODE, by=world.an)
    with pytest.raises(PermissionDenied):
        services.take(season=fresh(world), shipped="khac", by=world.thu)
    w.sheet(world)
    with pytest.raises(ValidationError) as refused:
        taken(world)
    assert refused.value.code == "begun"


def test_the_first_signature_locks_the_scheme_in_its_own_entry(world: w.World) -> None:
    made = taken(world)
    sign(world)
    made.refresh_from_db()
    assert made.is_locked
    assert verbs() == ["scheme.take", "pledge.sign"]
    assert last_event().changes["scheme_locked"] == str(made)
    pledges.sign_pledge(pledge=world.pledge, unit=world.b, by=world.thu, signer="Trần Văn Bình")
    assert "scheme_locked" not in last_event().changes
    with pytest.raises(PermissionDenied):
        services.change(scheme=made, by=world.thu, edits=1, plan=schemes.plan_of(made))


def test_a_change_is_stored_and_told_and_a_stale_one_refused(world: w.World) -> None:
    made = taken(world)
    plan = schemes.plan_of(made)
    lines = [row for row in plan.lines if row.code != "A6"]
    lines = [
        row._replace(name="Mới", max_score=Decimal(23)) if row.code == "A1" else row
        for row in lines
    ]
    changed = services.change(
        scheme=made, by=world.thu, edits=1, plan=replace(plan, lines=lines, gap_limit=Decimal(2))
    )
    assert changed.edits == 2
    assert schemes.plan_of(changed).lines == lines
    event = last_event()
    assert (event.verb, event.changes["removed"], event.changes["changed"]) == (
        "scheme.change", ["A6"], ["A1"],
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        services.change(scheme=made, by=world.thu, edits=1, plan=plan)
    assert refused.value.code == "stale"
    same = schemes.plan_of(changed)
    assert services.change(scheme=made, by=world.thu, edits=2, plan=same).edits == 2


def test_a_plan_with_faults_stores_nothing(world: w.World) -> None:
    made = taken(world)
    plan = schemes.plan_of(made)
    with pytest.raises(ValidationError, match="Tổng tối đa"):
        services.change(scheme=made, by=world.thu, edits=1, plan=replace(plan, ceiling=Decimal(1)))
    made.refresh_from_db()
    assert (made.ceiling, made.edits) == (Decimal(110), 1)


def test_nobody_else_edits_and_a_common_scheme_nobody(world: w.World) -> None:
    made = taken(world)
    plan = schemes.plan_of(made)
    for person in (world.an, world.lan, world.quang, world.far_secretary):
        with pytest.raises(PermissionDenied):
            services.change(scheme=made, by=person, edits=1, plan=plan)
    common = Scheme.objects.get(code="nho")
    with pytest.raises(PermissionDenied):
        services.change(scheme=common, by=world.thu, edits=1, plan=plan)


def test_once_a_sheet_is_open_the_scheme_is_edited_no_more(world: w.World) -> None:
    made = taken(world)
    world.season = fresh(world)
    w.sheet(world)
    with pytest.raises(ValidationError) as refused:
        services.change(scheme=made, by=world.thu, edits=1, plan=schemes.plan_of(made))
    assert refused.value.code == "begun"


def test_a_new_version_needs_a_reason_and_keeps_the_old(world: w.World) -> None:
    common = Scheme.objects.get(code="nho")
    with pytest.raises(ValidationError):
        services.new_version(season=fresh(world), scheme=common, by=world.thu, reason="ngắn")
    made = services.new_version(season=fresh(world), scheme=common, by=world.thu, reason=REASON)
    assert (made.previous, made.cluster, made.version) == (common, world.season.cluster, 1)
    again = services.new_version(season=fresh(world), scheme=made, by=world.thu, reason=REASON)
    assert (again.code, again.version) == (made.code, 2)
    assert fresh(world).scheme == common
    assert schemes.plan_of(again).lines == schemes.plan_of(common).lines


def with_version(world: w.World, **changes: Decimal) -> Scheme:
    """A new version of the world's scheme with other maxima; its group and ceiling add up."""
    season = fresh(world)
    assert season.scheme
    made = services.new_version(season=season, scheme=season.scheme, by=world.thu, reason=REASON)
    plan = schemes.plan_of(made)
    lines = [row._replace(max_score=changes.get(row.code, row.max_score)) for row in plan.lines]
    total = sum((row.max_score for row in lines if row.parent == "A"), Decimal(0))
    lines[0] = lines[0]._replace(max_score=total)
    plan = replace(plan, lines=lines, ceiling=total)
    return services.change(scheme=made, by=world.thu, edits=1, plan=plan)


def test_drafts_move_to_the_chosen_version_by_code(world: w.World) -> None:
    sheet = w.sheet(world)
    score = sheet.scores.get(criterion__code="A1")
    Score.objects.filter(pk=score.pk).update(self_score=30, self_note="Đủ")
    made = with_version(world, A1=Decimal(35))
    with pytest.raises(ValidationError):
        services.choose(season=fresh(world), scheme=made, by=world.thu)
    services.choose(season=fresh(world), scheme=made, by=world.thu, reason=REASON)
    score.refresh_from_db()
    assert (score.criterion.scheme, score.max_score, score.self_score) == (
        made, Decimal(35), Decimal(30),
    )  # fmt: skip
    event = last_event()
    assert (event.verb, event.reason) == ("scheme.choose", REASON)


def test_what_was_typed_is_never_lost_by_choosing(world: w.World) -> None:
    sheet = w.sheet(world)
    Score.objects.filter(sheet=sheet, criterion__code="A1").update(self_score=30)
    made = with_version(world, A1=Decimal(20))
    with pytest.raises(ValidationError) as refused:
        services.choose(season=fresh(world), scheme=made, by=world.thu, reason=REASON)
    assert refused.value.code == "typed"
    assert fresh(world).scheme == Scheme.objects.get(code="nho")


def test_once_a_sheet_was_sent_the_season_keeps_its_scheme(world: w.World) -> None:
    made = with_version(world)
    w.sheet(world)
    world.season.sheets.update(state="submitted", submitted_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        services.choose(season=fresh(world), scheme=made, by=world.thu, reason=REASON)
    assert refused.value.code == "sent"


def test_after_the_signing_the_version_chosen_is_locked_at_once(world: w.World) -> None:
    sign(world)
    made = with_version(world)
    with pytest.raises(ValidationError):
        services.choose(season=fresh(world), scheme=made, by=world.thu)
    services.choose(season=fresh(world), scheme=made, by=world.thu, reason=REASON)
    made.refresh_from_db()
    assert made.is_locked


def test_a_scheme_of_another_cluster_is_not_chosen(world: w.World) -> None:
    theirs = services.take(season=world.far_season, shipped=scheme_b.CODE, by=world.far_secretary)
    with pytest.raises(PermissionDenied):
        services.choose(season=fresh(world), scheme=theirs, by=world.thu)
