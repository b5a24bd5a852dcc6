"""Who asks for documents."""

from clusters.models import User
from emulation.models import Season
from emulation.permissions import is_leader, is_secretary


def can_request(user: User, season: Season) -> bool:
    """The secretary and the leader of the cluster ask for its documents."""
    return is_secretary(user, season) or is_leader(user, season)
