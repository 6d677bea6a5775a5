"""`manage.py check_upgrade`: what `manage.py prepare` of this version would do to the database."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from operations.selectors.upgrade import (
    UpgradeStep,
    database_bytes,
    free_bytes,
    is_ahead,
    needed_here,
    steps,
    unusable_schema,
)
from segur.lib.sizes import file_size


class Command(BaseCommand):
    help = (
        "Lists the migrations to come, who waits for them, large tables, and the free disk. "
        "Changes nothing. Exits with 1 when something needs a decision first."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if is_ahead():
            sys.exit(self.newer())
        planned = steps()
        for step in planned:
            self.stdout.write(_line(step))
        if not planned:
            self.stdout.write("Aucune migration à venir.")
        warnings = [*_slow(planned), *self.disk(planned)]
        for warning in warnings:
            self.stderr.write(warning)
        sys.exit(1 if warnings else 0)

    def newer(self) -> int:
        """The database has migrations that this code does not know: can it work on it all the
        same, which is what a return to the former version asks?"""
        faults = unusable_schema()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            self.stderr.write("Ce code ne peut pas servir cette base, d'une autre version.")
            return 1
        self.stdout.write("La base est d'une version plus récente, que ce code peut servir.")
        return 0

    def disk(self, planned: list[UpgradeStep]) -> list[str]:
        size, needed, free = database_bytes(), needed_here(planned), free_bytes(settings.VAR_DIR)
        self.stdout.write(f"Base : {file_size(size)} ; libre sur ce disque : {file_size(free)}.")
        if connection.vendor == "postgresql" and (extra := sum(one.extra_bytes for one in planned)):
            self.stdout.write(
                f"Sur le disque de PostgreSQL, les tables réécrites demandent {file_size(extra)}."
            )
        if free < needed:
            return [f"Il faut {file_size(needed)} libres dans {settings.VAR_DIR}."]
        return []


def _line(step: UpgradeStep) -> str:
    where = f" (table {step.table}, {step.rows} lignes)" if step.table else ""
    return f"{step.migration} : {step.what}{where} ; attendent : {step.waits}"


def _slow(planned: list[UpgradeStep]) -> list[str]:
    return [
        f"{step.migration} : {step.table} a {step.rows} lignes, {step.waits} attendront : "
        "choisissez une heure creuse."
        for step in planned
        if step.is_slow
    ]
