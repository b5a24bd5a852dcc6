"""Who asks for documents, and who sees what the order hangs on."""

from clusters.models import User
from emulation.models import Season
from emulation.permissions import is_leader, is_secretary


def can_request(user: User, season: Season) -> bool:
    """The secretary and the leader of the cluster ask for its documents."""
    return is_secretary(user, season) or is_leader(user, season)


def can_test_fairness(user: User, season: Season) -> bool:
    """The secretary and the leader in charge see what the order hangs on, before the vote."""
    return is_secretary(user, season) or is_leader(user, season)
