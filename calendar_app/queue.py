"""Hand an id to a task once the transaction has committed.

The broker only makes things faster: every task is found again by a periodic one in the database,
so a broker that is down is logged and does not undo what a person has just done.
"""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

DELIVER_MAIL = "calendar_app.tasks.deliver_mail"
TELL_AMENDMENT = "calendar_app.tasks.tell_amendment"


def enqueue(task: str, *ids: int) -> None:
    """Send `task` with `ids` after the commit; at once when there is no transaction."""
    transaction.on_commit(lambda: _send(task, ids))


def _send(task: str, ids: tuple[int, ...]) -> None:
    try:
        current_app.send_task(task, args=ids)
    except (OperationalError, OSError):
        log.warning("broker unreachable: %s%s waits for the periodic task", task, ids)
