"""The Celery application and its beat table: the clock of every periodic act, in UTC.

Each periodic task asks the database what is due, so one that is lost or late is made up for by the
next. What an act asks for at once is repeated here too: `calendar_app.queue` says by which.
"""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")


@signals.setup_logging.connect
def _keep_our_logs(**_kwargs: Any) -> None:
    """With a receiver, Celery adds no handlers of its own: every line leaves through ours, which
    hides the keys of addresses (`segur.secret_addresses`)."""


app = Celery("segur")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "plan-reminders": {"task": "calendar_app.tasks.plan_reminders", "schedule": 600.0},
    "dispatch-reminders": {"task": "calendar_app.tasks.dispatch_reminders", "schedule": 60.0},
    "tell-amendments": {"task": "calendar_app.tasks.tell_amendments", "schedule": 60.0},
    "warn-tickets": {"task": "perf.tasks.warn_tickets", "schedule": 60.0},
    "nudge-awaited-ris": {"task": "pilots.tasks.nudge_awaited_ris", "schedule": 600.0},
    "write-review-digest": {"task": "pilots.tasks.write_review_digest", "schedule": 300.0},
    "erase-contacts": {"task": "pilots.tasks.erase_contacts", "schedule": 600.0},
    "propose-publications": {"task": "pilots.tasks.propose_publications", "schedule": 3600.0},
    "sweep-held-files": {"task": "calendar_app.tasks.sweep_held_files", "schedule": 3600.0},
    "deliver-waiting-mail": {"task": "calendar_app.tasks.deliver_waiting", "schedule": 60.0},
}
