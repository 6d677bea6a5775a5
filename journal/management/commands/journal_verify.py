"""`manage.py journal_verify`: is the journal what it was? Exit code 1 when it is not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from journal.services import chain


class Command(BaseCommand):
    help = "Names every entry changed, removed, inserted or moved; then links what waits."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = chain.verify()
        for fault in found.faults:
            self.stderr.write(fault)
        self.stdout.write(
            f"{found.links} entrées chaînées, {found.unlinked} en attente ; fin de la chaîne : "
            f"{found.end}"
        )
        if found.faults:
            sys.exit(1)
        chain.append_all(now=timezone.now())
