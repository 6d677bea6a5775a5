"""Load the official calendars from their reviewed file, or from another one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from calendar_app.models import Milestone
from calendar_app.rules.calendar_file import CalendarFileError
from calendar_app.services.calendar_loading import load_calendars
from calendar_app.services.pieces import load_pieces


class Command(BaseCommand):
    help = "Charge les calendriers officiels. Répétable ; refuse le fichier entier s'il est fautif."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="un autre fichier TOML que celui du projet")

    def handle(self, *_args: Any, file: Path | None = None, **_options: Any) -> None:
        try:
            load_calendars(file)
            load_pieces()
        except CalendarFileError as error:
            raise CommandError(str(error)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} : illisible ({error})") from error
        self.stdout.write(f"Calendriers chargés : {Milestone.objects.count()} jalons.")
