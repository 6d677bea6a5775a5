"""`manage.py prepare`: bring a database and its files up to this version of the code."""

import argparse
import gc
import hashlib
import sys
from typing import Any

from django import get_version
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from calendar_app.services.calendar_loading import load_calendars
from calendar_app.services.pieces import load_pieces
from pilots.checklists.services import load_checklists
from segur.management.databases import is_of_another_version, what_to_do
from segur.runner import UNKNOWN_DATABASE


class Command(BaseCommand):
    help = (
        "Migrates, makes the cache table where there is no Redis, collects the static files and "
        "loads the official calendars and the check-lists. Safe to run again. Leaves a "
        "database of another version as it is: prints what to do, exits with 3."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="also load the demonstration data, once"
        )
        parser.add_argument(
            "--static-only", action="store_true", help="only the static files: for an image"
        )

    def handle(
        self, *_args: Any, demo: bool = False, static_only: bool = False, **_options: Any
    ) -> None:
        if static_only:
            collect_static()
            return
        if is_of_another_version():
            self.stdout.write(what_to_do())
            sys.exit(UNKNOWN_DATABASE)
        if connection.vendor == "postgresql":  # a large table may take long; locks stay bounded
            connection.cursor().execute("SET statement_timeout = 0")
        gc.disable()  # the migrations make little garbage, and a quarter of their time went there
        call_command("migrate", interactive=False, verbosity=0)
        gc.enable()
        call_command("createcachetable", verbosity=0)
        collect_static()
        if not settings.FILES_S3_BUCKET:
            settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        load_calendars()
        load_pieces()
        load_checklists()
        if demo:
            call_command("demo", stdout=self.stdout)


def collect_static() -> None:
    """Collect the static files, unless those there are of the same sources, settings and Django."""
    stamp, sources = settings.STATIC_ROOT / "sources.sha256", _digest_of_sources()
    if stamp.exists() and stamp.read_text() == sources:
        return
    stamp.unlink(missing_ok=True)
    # Collecting compares times and keeps a copy that is newer than a source put back from a backup:
    # start from nothing where no other process serves the folder.
    call_command("collectstatic", interactive=False, verbosity=0, clear=settings.LOCAL)
    stamp.write_text(sources)


def _digest_of_sources() -> str:
    made_by = f"{get_version()} {settings.STORAGES['staticfiles']}"
    digest = hashlib.sha256(made_by.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                digest.update(f"{path}\0".encode() + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()
