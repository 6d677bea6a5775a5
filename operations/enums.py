"""Vocabulary of the operation of the site."""

BEAT = "beat"
"""Pulse of the clock: the instant at which beat asked for the last task that a worker received."""
WORKER = "worker:"
"""Pulse of one worker: this, then its name."""

DISPATCH = "calendar_app.tasks.dispatch_reminders"
WATCH = "operations.tasks.watch"
WATCHED_TASKS = frozenset({DISPATCH, WATCH})
"""Tasks whose last success is kept."""
