from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from emulation import permissions
from emulation.models import LateCode, Lateness, Phase, Season
from emulation.models.season import SWITCHES, UNIT_SWITCHES
from emulation.services import late_codes, phases
from emulation.services.scoring import self_score
from journal.models import Event
from journal.queries import history
from tests import world as w

OTHERS = ["an", "anh", "binh", "lan", "quang", "khach", "far_secretary"]


@pytest.fixture
def world(db: None) -> w.World:
    return w.build()


def values(**more: Any) -> dict[str, Any]:
    start = timezone.now()
    given: dict[str, Any] = {"name": "Bình xét", "start": start, "end": start + timedelta(days=5)}
    return given | {"grace_hours": 0} | dict.fromkeys(SWITCHES, False) | more


def fresh(world: w.World) -> Season:
    return Season.objects.select_related("cluster").get(pk=world.season.pk)


def test_a_phase_is_added_changed_and_removed(world: w.World) -> None:
    phase = phases.add_phase(season=world.season, by=world.thu, values=values(nominate=True))
    phase = phases.change_phase(
        phase=phase, by=world.thu, version=1, values=values(name="Bình xét, đề nghị", confer=True)
    )
    assert (phase.name, phase.confer, phase.nominate, phase.version) == (
        "Bình xét, đề nghị", True, False, 2,
    )  # fmt: skip
    assert [event.verb for event in history(phase)] == ["phase.change", "phase.add"]
    pk = phase.pk
    phases.remove_phase(phase=phase, by=world.thu, version=2)
    assert not Phase.objects.filter(pk=pk).exists()
    assert Event.objects.get(verb="phase.remove").subject_name == "Bình xét, đề nghị"


def test_the_same_phase_sent_twice_is_one(world: w.World) -> None:
    given = values(nominate=True)
    first = phases.add_phase(season=world.season, by=world.thu, values=given)
    assert phases.add_phase(season=world.season, by=world.thu, values=given) == first
    assert Event.objects.filter(verb="phase.add").count() == 1


def test_saving_a_phase_unchanged_writes_nothing(world: w.World) -> None:
    given = values(nominate=True)
    phase = phases.add_phase(season=world.season, by=world.thu, values=given)
    local = {name: timezone.localtime(given[name]) for name in ("start", "end")}
    again = phases.change_phase(phase=phase, by=world.thu, version=1, values=given | local)
    assert again.version == 1
    assert not Event.objects.filter(verb="phase.change").exists()


@pytest.mark.parametrize("act", ["change", "remove"])
def test_a_stale_phase_is_refused(world: w.World, act: str) -> None:
    phases.change_phase(phase=world.phase, by=world.thu, version=1, values={"grace_hours": 3})
    acts: dict[str, Any] = {
        "change": partial(phases.change_phase, values={"name": "X"}),
        "remove": phases.remove_phase,
    }
    with pytest.raises(ValidationError) as caught:
        acts[act](phase=world.phase, by=world.thu, version=1)
    assert caught.value.code == "stale"


def test_a_removed_phase_is_gone(world: w.World) -> None:
    phases.remove_phase(phase=world.phase, by=world.thu, version=1)
    with pytest.raises(ValidationError) as caught:
        phases.remove_phase(phase=Phase(pk=10**6, season=world.season), by=world.thu, version=1)
    assert caught.value.code == "gone"


@pytest.mark.parametrize(("field", "more"), [("name", {"name": "Cả năm"}), ("end", {"days": -1})])
def test_a_wrong_phase_is_refused_at_its_field(
    world: w.World, field: str, more: dict[str, Any]
) -> None:
    given = values(nominate=True)
    given |= {"end": given["start"] - timedelta(days=1)} if "days" in more else more
    with pytest.raises(ValidationError) as caught:
        phases.add_phase(season=world.season, by=world.thu, values=given)
    assert list(caught.value.message_dict) == [field]


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_secretary_runs_the_season(world: w.World, who: str) -> None:
    by = getattr(world, who)
    until = timezone.now() + timedelta(days=1)
    acts: list[Any] = [
        lambda: phases.add_phase(season=world.season, by=by, values=values(vote=True)),
        lambda: phases.change_phase(phase=world.phase, by=by, version=1, values={"name": "X"}),
        lambda: phases.remove_phase(phase=world.phase, by=by, version=1),
        lambda: phases.set_season(
            season=world.season, by=by, values={"motto": "X"},
            before=phases.settings_of(world.season),
        ),
        lambda: late_codes.issue_late_code(
            season=world.season, unit=world.a, until=until, reason="Ốm", by=by
        ),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert not Event.objects.exists()


def test_settings_are_set_and_a_stale_form_is_refused(world: w.World) -> None:
    before = phases.settings_of(world.season)
    new = {"motto": "Chủ động", "counted_to": date(w.YEAR, 12, 14), "max_returns": 2}
    phases.set_season(season=world.season, by=world.thu, values=new, before=before)
    season = fresh(world)
    assert (season.motto, season.max_returns) == ("Chủ động", 2)
    assert history(season)[0].changes["max_returns"] == [3, 2]
    with pytest.raises(ValidationError) as caught:
        phases.set_season(season=season, by=world.thu, values={"motto": "Y"}, before=before)
    assert caught.value.code == "stale"


# Grace


@pytest.mark.parametrize("switch", SWITCHES)
def test_grace_prolongs_what_units_do(world: w.World, switch: str) -> None:
    phases.change_phase(phase=world.phase, by=world.thu, version=1, values={"grace_hours": 24})
    season, end = fresh(world), world.phase.end
    late = permissions.opening(season, switch, end + timedelta(hours=23))
    assert bool(late) == (switch in UNIT_SWITCHES)
    if late:
        assert late == (end + timedelta(hours=24), Lateness.GRACE)
    assert permissions.opening(season, switch, end + timedelta(hours=24)) is None


def test_a_sheet_sent_in_the_hours_of_grace_is_marked(world: w.World) -> None:
    sheet = w.sheet(world)
    phases.change_phase(phase=world.phase, by=world.thu, version=1, values={"grace_hours": 24})
    late = world.phase.end + timedelta(hours=1)
    sheet = self_score(
        sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=True, at=late
    )
    assert sheet.lateness == Lateness.GRACE


def test_a_sheet_sent_in_time_is_not_marked(world: w.World) -> None:
    sheet = w.sheet(world)
    sheet = self_score(
        sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=True
    )
    assert sheet.lateness == ""


# Late codes


def issue(world: w.World, **more: Any) -> LateCode:
    given = {
        "season": world.season, "unit": world.a, "reason": "Mất điện", "by": world.thu,
        "until": world.phase.end + timedelta(days=2),
    } | more  # fmt: skip
    return late_codes.issue_late_code(**{"at": world.phase.end + timedelta(hours=1)} | given)


def redeem(world: w.World, code: str, **more: Any) -> LateCode:
    given = {"season": fresh(world), "unit": world.a, "code": code, "by": world.an} | more
    return late_codes.redeem_late_code(**{"at": world.phase.end + timedelta(hours=2)} | given)


def test_a_late_code_opens_the_season_for_one_unit(world: w.World) -> None:
    code, after = issue(world), world.phase.end + timedelta(hours=3)
    assert set(code.code) <= set(late_codes.ALPHABET)
    assert permissions.opening(fresh(world), "submit", after, world.a) is None
    redeem(world, code.code)
    season = fresh(world)
    for switch in SWITCHES:
        opened = permissions.opening(season, switch, after, world.a)
        assert bool(opened) == (switch in UNIT_SWITCHES)
    assert permissions.opening(season, "submit", after, world.a) == (code.until, Lateness.CODE)
    assert permissions.opening(season, "submit", after, world.b) is None
    assert permissions.opening(season, "submit", code.until, world.a) is None


def test_a_code_is_read_however_it_is_typed(world: w.World) -> None:
    code = issue(world)
    assert redeem(world, f" {late_codes.shown(code.code).lower()} ").redeemed_by == world.an


def test_a_code_is_told_apart_from_what_it_is_not(world: w.World) -> None:
    code, foreign = issue(world), issue(world, unit=world.b)

    def refusal(typed: str, **more: Any) -> str:
        with pytest.raises(ValidationError) as caught:
            redeem(world, typed, **more)
        (found,) = caught.value.error_dict["code"]
        return str(found.code)

    assert refusal("ABCD-EFGH") == "unknown"
    assert refusal("") == refusal(code.code + "A") == refusal("'; --") == "unknown"
    assert refusal(foreign.code) == "unknown"
    assert refusal(code.code, at=code.until) == "over"
    redeem(world, code.code, by=world.anh)
    assert refusal(code.code) == "used"


def test_a_second_click_redeems_nothing_more(world: w.World) -> None:
    code = issue(world)
    assert redeem(world, code.code) == redeem(world, code.code)
    assert Event.objects.filter(verb="late_code.redeem").count() == 1


def test_a_second_click_issues_no_second_code(world: w.World) -> None:
    assert issue(world) == issue(world)
    assert issue(world, reason="Cháy kho") != issue(world)
    assert Event.objects.filter(verb="late_code.issue").count() == 2


def test_the_journal_does_not_give_the_code_away(world: w.World) -> None:
    code = issue(world)
    event = Event.objects.get(verb="late_code.issue")
    told = f"{event.subject_name} {event.reason} {event.changes}"
    assert code.code not in told
    assert world.a.name in told


@pytest.mark.parametrize("who", ["binh", "thu", "lan", "quang", "khach", "far_secretary"])
def test_only_the_unit_redeems(world: w.World, who: str) -> None:
    code = issue(world)
    with pytest.raises(PermissionDenied):
        redeem(world, code.code, by=getattr(world, who))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"until": w.moment(2000, 1, 1)}, "until"),
        ({"until": w.moment(2199, 1, 1)}, "until"),
        ({"unit": "d"}, "unit"),
    ],
)
def test_a_code_without_reason_end_or_member_is_refused(
    world: w.World, more: dict[str, Any], field: str
) -> None:
    if "unit" in more:
        more = {"unit": world.far_season.units().get()}
    with pytest.raises(ValidationError) as caught:
        issue(world, **more)
    assert list(caught.value.message_dict) == [field]


def test_what_is_sent_by_a_code_is_marked(world: w.World) -> None:
    sheet = w.sheet(world)
    redeem(world, issue(world).code)
    sheet = self_score(
        sheet=sheet, by=world.an, version=1, lines=w.lines(sheet, **w.FULL), send=True,
        at=world.phase.end + timedelta(hours=3),
    )  # fmt: skip
    assert sheet.lateness == Lateness.CODE
