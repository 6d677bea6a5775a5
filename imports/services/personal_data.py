"""The line of the register of personal data (`privacy.rules.register`) about imported files."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from imports.enums import ImportState
from imports.models import Import
from imports.services.jobs import WAITS
from privacy.rules.parameters import IMPORT_MONTHS
from privacy.rules.register import Kept


def forget_imports(now: dt.datetime, before: dt.datetime) -> int:
    waited = Q(state=ImportState.CHECKED, checked_at__lte=now - WAITS)
    count, _ = Import.objects.filter(waited | Q(finished_at__lt=before)).delete()
    return count


LINES = (
    Kept(
        "imports",
        "Fichiers importés",
        "Le fichier, puis le résultat de l'import et qui l'a demandé.",
        "Enregistrer en une fois ce que contient un fichier.",
        "1 heure pour un fichier qui n'est pas confirmé ; {} mois pour le résultat.",
        months=IMPORT_MONTHS,
        forget=forget_imports,
    ),
)
