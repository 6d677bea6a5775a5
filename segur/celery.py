"""The Celery application and its beat table: the clock of every periodic act, in UTC.

Each periodic task asks the database what is due, so one that is lost or late is made up for by the
next. What an act asks for at once is repeated here too: `segur.queue` says by which.
"""

import datetime as dt
import os
from typing import Any

from celery import Celery, signals
from celery.beat import Scheduler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@signals.setup_logging.connect
def _keep_our_logs(**_kwargs: Any) -> None:
    """With a receiver, Celery adds no handlers of its own: every line leaves through ours, which
    hides the keys of addresses (`segur.secret_addresses`)."""


class Beat(Scheduler):
    """Asks for every task when it starts, then at its interval, and writes no file: Celery's own
    schedule file, if a kill cuts it short, ends beat at every start from then on.

    A clock that is set back makes every task due at once: Celery would wait until the clock is
    again where it was.
    """

    _latest = LONG_AGO

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self._all_are_due()

    def tick(self, *arguments: Any, **options: Any) -> float:
        now = app.now()
        if now < self._latest:
            self._all_are_due()
        self._latest = now
        delay: float = super().tick(*arguments, **options)
        return delay

    def _all_are_due(self) -> None:
        for name in app.conf.beat_schedule:
            self.schedule[name].last_run_at = LONG_AGO
        self._heap = None  # the order of what comes is by the clock that was


app = Celery("segur")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "plan-reminders": {"task": "calendar_app.tasks.plan_reminders", "schedule": 600.0},
    "archive-reminders": {"task": "calendar_app.tasks.archive_reminders", "schedule": 86_400.0},
    "archive-mails": {"task": "mailing.tasks.archive_mails", "schedule": 86_400.0},
    "dispatch-reminders": {"task": "calendar_app.tasks.dispatch_reminders", "schedule": 60.0},
    "write-weekly-summaries": {
        "task": "calendar_app.tasks.write_weekly_summaries",
        "schedule": 300.0,
    },
    "tell-amendments": {"task": "calendar_app.tasks.tell_amendments", "schedule": 60.0},
    "refresh-programme": {"task": "calendar_app.tasks.refresh_programme", "schedule": 300.0},
    "warn-tickets": {"task": "perf.tasks.warn_tickets", "schedule": 60.0},
    "nudge-awaited-ris": {"task": "pilots.tasks.nudge_awaited_ris", "schedule": 600.0},
    "write-review-digest": {"task": "pilots.tasks.write_review_digest", "schedule": 300.0},
    "settle-pv-decisions": {"task": "pilots.tasks.settle_decisions", "schedule": 60.0},
    "retain-personal-data": {"task": "privacy.tasks.retain", "schedule": 600.0},
    "propose-publications": {"task": "pilots.tasks.propose_publications", "schedule": 3600.0},
    "scan-waiting-files": {"task": "documents.tasks.scan_waiting_files", "schedule": 60.0},
    "run-waiting-imports": {"task": "imports.tasks.run_waiting", "schedule": 60.0},
    "make-waiting-archives": {"task": "privacy.tasks.make_waiting_archives", "schedule": 60.0},
    "finish-factor-resets": {"task": "accounts.tasks.finish_factor_resets", "schedule": 60.0},
    "append-journal-links": {"task": "journal.tasks.append_links", "schedule": 60.0},
    "seal-journal": {"task": "journal.tasks.send_seal", "schedule": 600.0},
    "read-bounces": {"task": "mailing.tasks.read_bounces", "schedule": 300.0},
    "deliver-waiting-mail": {"task": "mailing.tasks.deliver_waiting", "schedule": 60.0},
    "send-webhooks": {"task": "webhooks.tasks.send_due", "schedule": 60.0},
    "watch-the-work": {"task": "operations.tasks.watch", "schedule": 60.0},
}
