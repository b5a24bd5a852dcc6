"""Sends work to the queue without making anybody wait for it."""

import logging
from typing import Any

from celery import current_app

logger = logging.getLogger(__name__)
# The page that asks for work answers within two seconds, also while Redis hangs. Kombu by itself
# tries for four to six: all of these have to be said, and on a connection of its own.
IMPATIENT = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "connect_retries_timeout": 1,
    "max_retries": 0,
}


def send(task: Any, pk: int) -> bool:
    """Send a row to the queue and tell whether it was taken.

    A broker that is down is no error: the row is the truth, and the sweep sends it again.
    """
    try:
        with current_app.connection_for_write(
            connect_timeout=1, transport_options=IMPATIENT
        ) as link:
            task.apply_async(args=[pk], retry=False, connection=link)
    except Exception:  # every transport raises its own
        logger.warning("the queue did not take %s %s; it will be sent again", task.name, pk)
        return False
    return True
