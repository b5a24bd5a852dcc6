"""Who may do what in a season. Each answer is closed unless a role and a phase open it.

The same functions are asked by the views (403), the templates (no button) and the services.
`at` is the moment of the act: rights follow the dates of the phases.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from clusters.models import Appointment, Role, Unit, User
from clusters.permissions import is_administrator, standing
from emulation.models import (
    AWAITING,
    EDITABLE,
    PRIVATE,
    Achievement,
    AdvancedModel,
    CrossSheet,
    CrossState,
    Inspection,
    LateCode,
    Lateness,
    Phase,
    Pledge,
    Scheme,
    ScoreSheet,
    Season,
    SheetState,
    State,
)
from emulation.models.achievement import TRANSITIONS
from emulation.models.season import SWITCHES, UNIT_SWITCHES


class Opening(NamedTuple):
    """Until when something is open, and how late it is by then ("" in time)."""

    until: datetime
    lateness: str


def phases(season: Season) -> list[Phase]:
    """Return the phases of a season, read once per season object."""
    known: list[Phase] | None = season.__dict__.get("_phases")
    if known is None:
        known = season.__dict__["_phases"] = list(season.phases.all())
    return known


def _codes(season: Season) -> list[LateCode]:
    known: list[LateCode] | None = season.__dict__.get("_codes")
    if known is None:
        redeemed = season.late_codes.exclude(redeemed_at=None)
        known = season.__dict__["_codes"] = list(redeemed)
    return known


def opening(season: Season, switch: str, at: datetime, unit: Unit | None = None) -> Opening | None:
    """Return how the season is open for `switch` at `at`, or None where it is closed.

    A phase with the switch on comes first; for what units do, then the hours of grace after it,
    then a late code that `unit` has redeemed. A closed season opens for nothing.
    """
    assert switch in SWITCHES, switch
    if season.is_closed:
        return None
    open_ones = [phase for phase in phases(season) if getattr(phase, switch)]
    if ends := [phase.end for phase in open_ones if phase.covers(at)]:
        return Opening(max(ends), "")
    if switch not in UNIT_SWITCHES:
        return None
    late = [p.end + timedelta(hours=p.grace_hours) for p in open_ones if p.covers_late(at)]
    if late:
        return Opening(max(late), Lateness.GRACE)
    if unit is None:
        return None
    mine = [c.until for c in _codes(season) if c.unit_id == unit.pk and at < c.until]
    return Opening(max(mine), Lateness.CODE) if mine else None


def allows(season: Season, switch: str, at: datetime, unit: Unit | None = None) -> bool:
    """Tell whether the season is open for `switch` at `at`, for `unit` where it is a unit's act."""
    return opening(season, switch, at, unit) is not None


def deadline(
    season: Season, switch: str, at: datetime, unit: Unit | None = None
) -> datetime | None:
    """Return until when `switch` is open at `at`, or None where it is closed."""
    found = opening(season, switch, at, unit)
    return found.until if found else None


def is_secretary(user: User, season: Season) -> bool:
    """A secretary of the season's cluster."""
    return season.cluster_id in standing(user).secretary_of


def is_leader(user: User, season: Season) -> bool:
    """A leader in charge of the season's cluster."""
    return season.cluster_id in standing(user).leader_of


def is_of_unit(user: User, unit: Unit | None) -> bool:
    """Staff or leader of that unit."""
    return unit is not None and unit.pk in standing(user).units


def is_at_home(user: User, unit: Unit | None) -> bool:
    """The user works in that unit, in whatever role: no one judges their own unit."""
    return unit is not None and unit.pk in standing(user).home_units


def own_units(user: User, season: Season) -> list[Unit]:
    """Return the member units of the season for which the user may act, in order.

    There are several after a merger in the running year: the record of each goes on. Read once
    per season object and user: frame, desk and rules all ask for it.
    """
    known: dict[int, list[Unit]] = season.__dict__.setdefault("_own_units", {})
    if user.pk not in known:
        mine = standing(user).units
        members = season.units() if mine else ()
        known[user.pk] = [unit for unit in members if unit.pk in mine]
    return known[user.pk]


def act_for(user: User, season: Season, unit: int | None) -> None:
    """Let the user act for that one of their units (by key) as long as this object lives."""
    user.__dict__.setdefault("_acting", {})[season.pk] = unit


def own_unit(user: User, season: Season) -> Unit | None:
    """Return the member unit of the season for which the user acts, or None."""
    mine = own_units(user, season)
    chosen = user.__dict__.get("_acting", {}).get(season.pk)
    return next((unit for unit in mine if unit.pk == chosen), mine[0] if mine else None)


def can_launch(user: User, season: Season, unit: Unit, at: datetime) -> bool:
    """Staff of the unit record its launch while results may be entered."""
    return is_of_unit(user, unit) and allows(season, "enter", at, unit)


def can_enter(user: User, season: Season, unit: Unit | None, at: datetime) -> bool:
    """Staff of the unit enter achievements while a phase allows it."""
    return is_of_unit(user, unit) and allows(season, "enter", at, unit)


def can_edit(user: User, achievement: Achievement, at: datetime) -> bool:
    """Staff of the unit change what is a draft or was returned.

    What was returned may be completed as long as the secretariat may verify.
    """
    switch = "verify" if achievement.state == State.RETURNED else "enter"
    return (
        is_of_unit(user, achievement.unit)
        and achievement.state in EDITABLE
        and allows(achievement.season, switch, at, achievement.unit)
    )


def can_submit(user: User, achievement: Achievement, at: datetime) -> bool:
    """Staff of the unit send a draft before the deadline, or what was returned again."""
    switch = "verify" if achievement.state == State.RETURNED else "submit"
    return (
        is_of_unit(user, achievement.unit)
        and achievement.state in EDITABLE
        and allows(achievement.season, switch, at, achievement.unit)
    )


def can_withdraw(user: User, achievement: Achievement) -> bool:
    """Staff of the unit take back what the secretariat has not concluded on."""
    return (
        is_of_unit(user, achievement.unit)
        and State.WITHDRAWN in TRANSITIONS[State(achievement.state)]
        and not achievement.season.is_closed
    )


def can_reopen(user: User, achievement: Achievement, at: datetime) -> bool:
    """Staff of the unit take up again what they withdrew, while results may be entered."""
    return achievement.state == State.WITHDRAWN and can_enter(
        user, achievement.season, achievement.unit, at
    )


def can_talk(user: User, achievement: Achievement) -> bool:
    """The unit and the cluster's secretaries write to each other about what was sent."""
    is_sent = achievement.submitted_at is not None and achievement.state not in PRIVATE
    if achievement.season.is_closed or not is_sent:
        return False
    return is_of_unit(user, achievement.unit) or is_secretary(user, achievement.season)


def can_stamp(user: User, achievement: Achievement) -> bool:
    """A secretary who saw the paper original says so, of every unit but the own."""
    return (
        is_secretary(user, achievement.season)
        and not is_at_home(user, achievement.unit)
        and achievement.state not in PRIVATE
        and not achievement.season.is_closed
    )


def can_review(user: User, achievement: Achievement, at: datetime) -> bool:
    """The cluster's secretary judges what waits, of every unit but the own."""
    return (
        is_secretary(user, achievement.season)
        and not is_at_home(user, achievement.unit)
        and achievement.state in AWAITING
        and allows(achievement.season, "verify", at)
    )


def can_self_score(user: User, season: Season, unit: Unit, at: datetime) -> bool:
    """Staff of the unit score it while self-scoring is open."""
    return is_of_unit(user, unit) and allows(season, "self_score", at, unit)


def is_recused(user: User, season: Season, unit: Unit) -> bool:
    """The user has declared a relation to the unit. Read once per season object."""
    known: set[tuple[int, int]] | None = season.__dict__.get("_recusals")
    if known is None:
        pairs = season.recusals.values_list("user", "unit")
        known = season.__dict__["_recusals"] = set(pairs)
    return (user.pk, unit.pk) in known


def is_published(season: Season) -> bool:
    """Whether the order was published: from then on a score changes by an objection alone."""
    known: bool | None = season.__dict__.get("_is_published")
    if known is None:
        known = season.__dict__["_is_published"] = season.standings.exists()
    return known


def can_appraise(user: User, sheet: ScoreSheet, at: datetime) -> bool:
    """The secretary enters verified scores of what was sent, never of the own unit.

    Not of a unit to which a relation is declared, and not once the order is published.
    """
    return (
        is_secretary(user, sheet.season)
        and not is_at_home(user, sheet.unit)
        and sheet.state != SheetState.DRAFT
        and allows(sheet.season, "appraise", at)
        and not is_recused(user, sheet.season, sheet.unit)
        and not is_published(sheet.season)
    )


def can_explain(user: User, sheet: ScoreSheet, at: datetime) -> bool:
    """Staff of the unit answer the first appraisal, while appraising goes on."""
    return (
        is_of_unit(user, sheet.unit)
        and sheet.state == SheetState.FIRST
        and allows(sheet.season, "appraise", at)
        and not is_published(sheet.season)
    )


def can_cross_score(user: User, cross: CrossSheet, at: datetime) -> bool:
    """Staff of the scoring unit score what was sent, once, and never a unit where they work."""
    return (
        is_of_unit(user, cross.scorer)
        and not is_at_home(user, cross.scored)
        and cross.state == CrossState.ASSIGNED
        and cross.sheet.state != SheetState.DRAFT
        and allows(cross.sheet.season, "appraise", at)
        and not is_published(cross.sheet.season)
    )


def can_publish(user: User, season: Season) -> bool:
    """The secretary publishes the order."""
    return can_run(user, season)


def can_object(user: User, season: Season, unit: Unit, at: datetime) -> bool:
    """Staff of the unit object to a published score while the window is open."""
    return is_of_unit(user, unit) and allows(season, "objection", at) and is_published(season)


def can_answer_objection(user: User, season: Season, unit: Unit) -> bool:
    """The secretary answers, of every unit but the own and those with a declared relation."""
    return (
        can_run(user, season) and not is_at_home(user, unit) and not is_recused(user, season, unit)
    )


def can_edit_scheme(user: User, scheme: Scheme) -> bool:
    """The secretary of the cluster whose scheme it is, until it is locked; a common one nobody."""
    return (
        scheme.cluster_id is not None
        and scheme.cluster_id in standing(user).secretary_of
        and not scheme.is_locked
    )


def can_record_block(user: User, season: Season, unit: Unit) -> bool:
    """The secretary records and lifts disqualifying conditions, of every unit but the own."""
    return can_run(user, season) and not is_at_home(user, unit)


def can_see_standings(user: User, season: Season, at: datetime) -> bool:
    """Cluster roles always; units once the season says so, and still after it is closed."""
    if season.cluster_id in standing(user).clusters:
        return True
    if season.is_closed:
        return any(phase.see_standings for phase in phases(season))
    return allows(season, "see_standings", at)


def can_see_sheet(user: User, season: Season, unit: Unit, at: datetime) -> bool:
    """The unit itself and cluster roles always; the other units once standings are open."""
    return is_of_unit(user, unit) or can_see_standings(user, season, at)


def can_assess(user: User, season: Season) -> bool:
    """The secretary writes the narrative of the report."""
    return is_secretary(user, season) and not season.is_closed


def can_run(user: User, season: Season) -> bool:
    """The secretary sets phases, late codes, report windows, drives and inspections."""
    return is_secretary(user, season) and not season.is_closed


def can_redeem(user: User, season: Season, unit: Unit | None) -> bool:
    """Staff of the unit redeem a late code that the secretary gave it."""
    return is_of_unit(user, unit) and not season.is_closed


def can_copy(user: User, season: Season) -> bool:
    """The secretary opens the next year's season, before or after the closing of this one."""
    return is_secretary(user, season)


def can_close(user: User, season: Season) -> bool:
    """The leader in charge or the secretary closes a season, once."""
    return (is_secretary(user, season) or is_leader(user, season)) and not season.is_closed


def can_correct(user: User, season: Season) -> bool:
    """The secretary writes corrections beside what is closed."""
    return is_secretary(user, season) and season.is_closed


def can_hand_over(user: User, season: Season) -> bool:
    """The secretary hands the cluster over to the next head, before or after the closing."""
    return is_secretary(user, season)


def can_see_hand_over(user: User, season: Season) -> bool:
    """Cluster roles, the administrator, and whoever was the cluster's secretary before."""
    if season.cluster_id in standing(user).clusters or is_administrator(user):
        return True
    served = Appointment.objects.filter(
        user=user, role=Role.SECRETARY, cluster=season.cluster_id, start__year__lte=season.year
    )
    return served.exists()


def can_set_targets(user: User, pledge: Pledge, unit: Unit | None) -> bool:
    """The secretary sets every target; a unit its own, until the text of the pledge is settled."""
    if can_run(user, pledge.season):
        return True
    return is_of_unit(user, unit) and pledge.settled_at is None and not pledge.season.is_closed


def can_sign(user: User, pledge: Pledge, unit: Unit) -> bool:
    """The unit's own leader signs, once the text is settled."""
    return (
        unit.pk in standing(user).led_units
        and pledge.settled_at is not None
        and not pledge.season.is_closed
    )


def can_record_signature(user: User, pledge: Pledge) -> bool:
    """The secretary records who signed on paper, once the text is settled."""
    return can_run(user, pledge.season) and pledge.settled_at is not None


def can_see_targets(user: User, season: Season, unit: Unit | None) -> bool:
    """The cluster's targets everybody; a unit's own the unit, cluster roles, the administrator."""
    return unit is None or is_of_unit(user, unit) or can_see_pulse_of_all(user, season)


def can_report(user: User, season: Season, unit: Unit | None) -> bool:
    """Staff of the unit write its periodic reports and drive results, late ones too."""
    return is_of_unit(user, unit) and not season.is_closed


def can_answer_report(user: User, season: Season, unit: Unit) -> bool:
    """The secretary accepts, returns and excuses periodic reports, of every unit but the own."""
    return can_run(user, season) and not is_at_home(user, unit)


def can_see_pulse_of_all(user: User, season: Season) -> bool:
    """Cluster roles and the administrator see how every unit's year stands."""
    return season.cluster_id in standing(user).clusters or is_administrator(user)


def can_record_inspection(user: User, inspection: Inspection) -> bool:
    """The units of the team and the secretary write what was found, never about the own unit."""
    in_team = any(is_of_unit(user, row.unit) for row in inspection.team.all())
    return (
        (in_team or is_secretary(user, inspection.season))
        and not is_at_home(user, inspection.unit)
        and not inspection.is_agreed
        and not inspection.season.is_closed
    )


def can_agree_for_team(user: User, inspection: Inspection) -> bool:
    """The unit that heads the team, or the secretary, stands by what was found."""
    head = inspection.head
    of_head = head is not None and is_of_unit(user, head.unit)
    return (
        (of_head or is_secretary(user, inspection.season))
        and inspection.visited_on is not None
        and inspection.team_agreed_at is None
        and can_record_inspection(user, inspection)
    )


def can_agree_for_unit(user: User, inspection: Inspection) -> bool:
    """The leader of the inspected unit agrees with what was found."""
    return (
        inspection.unit_id in standing(user).led_units
        and inspection.visited_on is not None
        and inspection.unit_agreed_at is None
        and not inspection.season.is_closed
    )


def can_adopt(user: User, season: Season, unit: Unit | None, model: AdvancedModel) -> bool:
    """Staff of a unit mark what they took over from another unit, while their season is open."""
    return (
        is_of_unit(user, unit)
        and not is_of_unit(user, model.achievement.unit)
        and not season.is_closed
    )
