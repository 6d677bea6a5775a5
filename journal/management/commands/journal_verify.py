"""`manage.py journal_verify`: is the journal what it was? Exit code 1 when it is not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from journal.services import chain, seal


class Command(BaseCommand):
    help = "Names every entry changed, removed, inserted or moved; then links what waits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seal", action="append", default=[], help="NUMBER:HASH of a mail, as often as wanted"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        found = chain.verify()
        faults = [*found.faults, *filter(None, map(seal.broken, options["seal"]))]
        for fault in faults:
            self.stderr.write(fault)
        self.stdout.write(
            f"{found.links} entrées chaînées, {found.unlinked} en attente ; fin de la chaîne : "
            f"{found.end}"
        )
        if faults:
            sys.exit(1)
        chain.append_all(now=timezone.now())
