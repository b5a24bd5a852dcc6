"""Who records the conference and who nominates."""

from datetime import datetime

from awards.models import Conference, ConferenceState, Nomination, NominationState
from clusters.models import User
from emulation.models import Season
from emulation.permissions import allows, is_secretary


def can_confer(user: User, season: Season, at: datetime) -> bool:
    """The secretary records the conference while a phase allows it and it is not concluded."""
    conference = Conference.objects.filter(season=season).first()
    is_open = conference is None or conference.state == ConferenceState.OPEN
    return is_open and may_confer(user, season, at)


def may_confer(user: User, season: Season, at: datetime) -> bool:
    """As `can_confer`, for callers that look at the state of the conference themselves."""
    return is_secretary(user, season) and allows(season, "confer", at)


def can_nominate(user: User, season: Season, at: datetime) -> bool:
    """The secretary prepares nominations while a phase allows it."""
    return is_secretary(user, season) and allows(season, "nominate", at)


def can_withdraw(user: User, nomination: Nomination, at: datetime) -> bool:
    """The secretary withdraws a nomination that stands."""
    return (
        can_nominate(user, nomination.season, at) and nomination.state != NominationState.WITHDRAWN
    )
