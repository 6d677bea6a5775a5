"""`manage.py reminders_preview --at INSTANT`: who would be reminded of what. Changes nothing."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from calendar_app.models import Reminder
from calendar_app.rules.steps import step_label
from calendar_app.selectors.reminder_pages import SHOWN
from calendar_app.services.reminders import preview
from segur.lib import paris
from segur.lib.numbers import counted

YEARS = range(2025, 2101)
EXAMPLES = "« 2027-09-15 09:00 » (heure de Paris) ou « 2027-09-15T07:00:00Z »"


class Command(BaseCommand):
    help = "Liste les rappels qui partiraient à un instant donné, sans rien changer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", required=True, metavar="INSTANT", help=EXAMPLES)

    def handle(self, *_args: Any, **options: Any) -> None:
        instant = parse_instant(options["at"])
        rows = preview(at=instant, now=timezone.now())
        if not rows:
            self.stdout.write(f"Aucun rappel ne partirait le {paris.long(instant)}.")
            return
        people = User.objects.in_bulk({row.recipient_id for row in rows})
        prefetch_related_objects(rows, *SHOWN)
        self.stdout.write(
            f"Le {paris.long(instant)}, {counted(len(people), 'courriel')} "
            f"et {counted(len(rows), 'rappel')} :"
        )
        for user_id, mine in groupby(rows, key=lambda row: row.recipient_id):
            self.stdout.write(f"\n{people[user_id]} <{people[user_id].email}>")
            for row in mine:
                self.stdout.write(f"  {_line(row)}")


def parse_instant(text: str) -> dt.datetime:
    """ISO 8601 with an offset, or a Paris day and hour. Raises CommandError."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise CommandError(f"« {text} » n'est pas un instant. Écrivez {EXAMPLES}.") from None
    if ":" not in text:
        raise CommandError(f"« {text} » n'a pas d'heure. Écrivez {EXAMPLES}.")
    if moment.year not in YEARS:
        raise CommandError(f"L'année {moment.year} est hors de {YEARS[0]}–{YEARS[-1]}.")
    if moment.utcoffset() is None:
        return paris.at(moment.date(), moment.time())
    return moment.astimezone(dt.UTC)


def _line(row: Reminder) -> str:
    return (
        f"{step_label(row.step)} · {row.title} ({row.dispositif}) · {row.about} · "
        f"{paris.before(row.last_at)}{paris.due_short(row.last_at)}"
    )
