"""Run with the environment of a site: makes reminders fall due within the next seconds, spread out.

`python -m tests.faults.reminders_due spread SECONDS` prints the ids; `… states` prints, as JSON,
the state, the recipient's address and the deadline of each of the ids read from standard input.
"""

import datetime as dt
import json
import sys

import django
from django.utils import timezone

STEP = 3  # everybody of an organisation is reminded three days before


def spread(seconds: int) -> list[int]:
    """One reminder of each open deadline to come, for each person of its organisation."""
    from accounts.selectors.people import members_of  # noqa: PLC0415
    from calendar_app.models import Deadline, Reminder  # noqa: PLC0415

    now = timezone.now()
    deadlines = Deadline.objects.open().filter(page="", due_at__gt=now + dt.timedelta(days=7))
    members = members_of(deadlines.values("organisation"))
    pairs = [(line, person) for line in deadlines for person in members[line.organisation_id]]
    rows = [
        Reminder(
            deadline=deadline,
            subject_version=deadline.version,
            recipient_id=person.user_id,
            step=STEP,
            due_at=now + dt.timedelta(seconds=seconds * place / len(pairs)),
        )
        for place, (deadline, person) in enumerate(pairs)
    ]
    return [row.pk for row in Reminder.objects.bulk_create(rows)]


def states(ids: list[int]) -> list[list[str]]:
    from calendar_app.models import Reminder  # noqa: PLC0415

    rows = Reminder.objects.filter(pk__in=ids)
    return [list(row) for row in rows.values_list("state", "recipient__email", "deadline")]


if __name__ == "__main__":
    django.setup()
    found = spread(int(sys.argv[2])) if sys.argv[1] == "spread" else states(json.load(sys.stdin))
    sys.stdout.write(json.dumps(found))
