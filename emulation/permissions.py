"""Who may do what in a season. Each answer is closed unless a role and a phase open it.

The same functions are asked by the views (403), the templates (no button) and the services.
`at` is the moment of the act: rights follow the dates of the phases.
"""

from datetime import datetime

from clusters.models import Unit, User
from clusters.permissions import standing
from emulation.models import (
    Achievement,
    ScoreSheet,
    Season,
    SheetState,
    State,
)
from emulation.models.achievement import AWAITING, EDITABLE
from emulation.models.season import SWITCHES


def allows(season: Season, switch: str, at: datetime) -> bool:
    """Tell whether some phase of the season that covers `at` has the switch on."""
    assert switch in SWITCHES, switch
    known = season.__dict__.setdefault("_phases", None)
    if known is None:
        known = season.__dict__["_phases"] = list(season.phases.all())
    return any(getattr(phase, switch) and phase.covers(at) for phase in known)


def deadline(season: Season, switch: str, at: datetime) -> datetime | None:
    """Return when the phases that allow `switch` at `at` end, or None where none does."""
    if not allows(season, switch, at):
        return None
    return max(
        phase.end
        for phase in season.__dict__["_phases"]
        if getattr(phase, switch) and phase.covers(at)
    )


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


def own_unit(user: User, season: Season) -> Unit | None:
    """Return the member unit of the season for which the user acts, or None."""
    mine = standing(user).units
    return next((unit for unit in season.units() if unit.pk in mine), None)


def can_launch(user: User, season: Season, unit: Unit, at: datetime) -> bool:
    """Staff of the unit record its launch while results may be entered."""
    return is_of_unit(user, unit) and allows(season, "enter", at)


def can_enter(user: User, season: Season, unit: Unit | None, at: datetime) -> bool:
    """Staff of the unit enter achievements while a phase allows it."""
    return is_of_unit(user, unit) and allows(season, "enter", at)


def can_edit(user: User, achievement: Achievement, at: datetime) -> bool:
    """Staff of the unit change what is a draft or was returned.

    What was returned may be completed as long as the secretariat may verify.
    """
    switch = "verify" if achievement.state == State.RETURNED else "enter"
    return (
        is_of_unit(user, achievement.unit)
        and achievement.state in EDITABLE
        and allows(achievement.season, switch, at)
    )


def can_submit(user: User, achievement: Achievement, at: datetime) -> bool:
    """Staff of the unit send a draft before the deadline, or what was returned again."""
    switch = "verify" if achievement.state == State.RETURNED else "submit"
    return (
        is_of_unit(user, achievement.unit)
        and achievement.state in EDITABLE
        and allows(achievement.season, switch, at)
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
    return is_of_unit(user, unit) and allows(season, "self_score", at)


def can_appraise(user: User, sheet: ScoreSheet, at: datetime) -> bool:
    """The secretary enters verified scores of what was sent, never of the own unit."""
    return (
        is_secretary(user, sheet.season)
        and not is_at_home(user, sheet.unit)
        and sheet.state != SheetState.DRAFT
        and allows(sheet.season, "appraise", at)
    )


def can_see_standings(user: User, season: Season, at: datetime) -> bool:
    """Cluster roles always; units once the season says so."""
    return season.cluster_id in standing(user).clusters or allows(season, "see_standings", at)


def can_see_sheet(user: User, season: Season, unit: Unit, at: datetime) -> bool:
    """The unit itself and cluster roles always; the other units once standings are open."""
    return is_of_unit(user, unit) or can_see_standings(user, season, at)


def can_assess(user: User, season: Season) -> bool:
    """The secretary writes the narrative of the report."""
    return is_secretary(user, season)
