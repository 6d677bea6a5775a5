"""`manage.py restore`: an archive of `manage.py backup`, on an empty machine."""

import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from journal.services import chain
from mailing.services import queue
from operations.reading.archives import BrokenArchiveError
from operations.services.backups import RestoreRefusedError, key_mark, restore
from operations.services.dumps import DumpError

OTHER_KEY = (
    "La clé secrète n'est pas celle du site sauvegardé : les sessions, les codes des applications "
    "d'authentification, les liens de mot de passe et les liens de désabonnement des courriels "
    "déjà partis ne servent plus."
)
HELD = "Site restauré : ce qui attend est peut-être parti depuis la sauvegarde."
NEXT = (
    "L'envoi des courriels est suspendu : un responsable le reprend, ou abandonne ce qui attend, "
    "sur la page « Courriels ». Lancez maintenant : manage.py prepare"
)


class Command(BaseCommand):
    help = (
        "Restores an archive into an empty database and an empty folder of files, then verifies "
        "the journal. Mail waits for an act. Refuses to touch data that are there."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *_args: Any, path: Path, **_options: Any) -> None:
        try:
            manifest = restore(path)
        except (RestoreRefusedError, BrokenArchiveError, DumpError) as error:
            raise CommandError(str(error)) from error
        call_command(
            "migrate", interactive=False, verbosity=0
        )  # the archive may be of an older one
        queue.hold(reason=HELD, now=timezone.now())
        found = chain.verify()
        self.stdout.write(
            f"Sauvegarde du {manifest['made_at']} (version {manifest['version']}) restaurée. "
            f"Journal vérifié : {found.links} entrées chaînées, fin de la chaîne : {found.end}"
        )
        for name in manifest["missing"]:
            self.stderr.write(f"Fichier absent de la sauvegarde : {name}")
        if manifest["key"] != key_mark():
            self.stderr.write(OTHER_KEY)
        for fault in found.faults:
            self.stderr.write(fault)
        if found.faults:
            sys.exit(1)
        self.stdout.write(NEXT)
