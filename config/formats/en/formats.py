"""What Django reads for English."""

from config.formats import *  # noqa: F403
