"""Hand an id to a task once the transaction has committed.

The broker only makes things faster. A message is lost when the broker is down, and with the folder
broker of `make run` when the worker that has taken it is killed. So every task asked for here is
repeated by a periodic one, which finds in the database what is still to do: `REPEATED_BY` names
it. A broker that is down is logged and does not undo what a person has just done.
"""

import logging
import time

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

DELIVER_MAIL = "mailing.tasks.deliver_mail"
HELP_DELIVER = "mailing.tasks.help_deliver"
TELL_AMENDMENT = "calendar_app.tasks.tell_amendment"
RUN_IMPORT = "imports.tasks.run_import"
MAKE_ARCHIVE = "privacy.tasks.make_archive"

REPEATED_BY = {
    DELIVER_MAIL: "mailing.tasks.deliver_waiting",
    HELP_DELIVER: "mailing.tasks.deliver_waiting",
    TELL_AMENDMENT: "calendar_app.tasks.tell_amendments",
    RUN_IMPORT: "imports.tasks.run_waiting",
    MAKE_ARCHIVE: "privacy.tasks.make_waiting_archives",
}
"""Task of one row → the periodic task that finds the same row in the database."""


AWAY_SECONDS = 5.0
"""A broker that did not answer is not asked again for so long."""


class _Away:
    until = 0.0


_away = _Away()


def enqueue(task: str, *ids: int) -> None:
    """Send `task` with `ids` after the commit; at once when there is no transaction.

    Raises ValueError for a task that no periodic one repeats.
    """
    if task not in REPEATED_BY:
        raise ValueError(f"{task} would be lost with its message: no periodic task repeats it")
    transaction.on_commit(lambda: _send(task, ids))


def _send(task: str, ids: tuple[int, ...]) -> None:
    """Once, without trying again: an act on forty rows would wait forty times."""
    if time.monotonic() < _away.until:
        return
    try:
        current_app.send_task(task, args=ids, retry=False)
    except (OperationalError, OSError):
        _away.until = time.monotonic() + AWAY_SECONDS
        log.warning("broker unreachable: %s%s waits for the periodic task", task, ids)
