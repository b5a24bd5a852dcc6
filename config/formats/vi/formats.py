"""What Django reads for Vietnamese."""

from config.formats import *  # noqa: F403
