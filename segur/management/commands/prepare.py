"""`manage.py prepare`: bring a database and its files up to this version of the code."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from calendar_app.services.calendars import load_calendars
from pilots.services.checklists import load_checklists


class Command(BaseCommand):
    help = (
        "Migrates, makes the cache table where there is no Redis, collects the static files and "
        "loads the official calendars and the check-lists. Safe to run again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="also load the demonstration data, once"
        )

    def handle(self, *_args: Any, demo: bool, **_options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        load_calendars()
        load_checklists()
        if demo:
            call_command("demo", stdout=self.stdout)
