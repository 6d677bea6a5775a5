"""`manage.py backup`: the database and the files in one archive, while the site runs."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from operations.reading.archives import BrokenArchiveError
from operations.services.backups import back_up, verified
from operations.services.dumps import DumpError

WITHOUT_KEY = (
    "La clé secrète (SECRET_KEY) n'est pas dans l'archive : gardez-la à part. Sans elle, les "
    "sessions ouvertes, les codes des applications d'authentification, les liens de mot de passe "
    "et les liens de désabonnement des courriels déjà partis ne serviront plus ; les comptes, les "
    "dossiers, les preuves et le journal restent."
)


class Command(BaseCommand):
    help = "Writes the database and its files to one archive with checksums, or verifies one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, help="a new file .tar.gz, or a folder (VAR_DIR/backups)"
        )
        parser.add_argument(
            "--verify", action="store_true", help="read the archive at this path, change nothing"
        )

    def handle(self, *_args: Any, path: Path | None, verify: bool, **_options: Any) -> None:
        if verify:
            self.verify(path)
            return
        now = timezone.now()
        path = path or settings.VAR_DIR / "backups"
        if path.suffix != ".gz":
            path /= f"echeances-{now:%Y%m%dT%H%M%SZ}.tar.gz"
        if path.exists():
            raise CommandError(f"{path} existe déjà : rien n'est écrasé.")
        try:
            about = back_up(path, now=now)
        except DumpError as error:
            raise CommandError(str(error)) from error
        size = path.stat().st_size
        self.stdout.write(f"{path} : {about['files']} fichiers et la base, {size} octets.")
        for name in about["missing"]:
            self.stderr.write(f"Fichier absent, effacé depuis ou perdu : {name}")
        for name in about["orphans"]:
            self.stderr.write(f"Fichier qu'aucune donnée ne nomme, non sauvegardé : {name}")
        self.stdout.write(WITHOUT_KEY)

    def verify(self, path: Path | None) -> None:
        if path is None:
            raise CommandError("Indiquez l'archive à vérifier : manage.py backup --verify ARCHIVE")
        try:
            manifest, faults = verified(path)
        except BrokenArchiveError as error:
            raise CommandError(str(error)) from error
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            sys.exit(1)
        self.stdout.write(
            f"{path} est entière : {len(manifest['members'])} éléments, version "
            f"{manifest['version']}, du {manifest['made_at']}."
        )
