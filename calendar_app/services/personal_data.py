"""Lines of the register of personal data (`privacy.rules.register`): feeds, filings, files."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from calendar_app.enums import FilingStatus
from calendar_app.models import FeedAddress, Proof
from calendar_app.services import uploads
from privacy.rules.parameters import DRAFT_MONTHS, FEED_MONTHS
from privacy.rules.register import Kept

FUNDING = (
    "pièces justificatives d'une aide publique, que le Fournisseur et l'ANS doivent pouvoir "
    "produire lors d'un contrôle."
)


def forget_feeds(_now: dt.datetime, before: dt.datetime) -> int:
    unread = Q(used_at__lt=before) | Q(user__is_active=False)
    feeds = FeedAddress.objects.annotate(used_at=Coalesce(F("last_read_at"), F("created_at")))
    count, _ = feeds.filter(unread).delete()
    return count


@transaction.atomic
def forget_drafts(_now: dt.datetime, before: dt.datetime) -> int:
    """Files taken out of a draft, and those of drafts that were given up. A file that another proof
    names too stays on the disk.
    """
    given_up = Q(filing__status=FilingStatus.ABANDONED, filing__saved_at__lt=before)
    old = Proof.objects.filter(Q(withdrawn_at__lt=before) | given_up)
    paths = set(old.values_list("file", flat=True))
    count, _ = Proof.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    shared = set(Proof.objects.filter(file__in=paths).values_list("file", flat=True))
    for path in paths - shared:
        transaction.on_commit(partial(default_storage.delete, path))
    return count


def forget_partial_uploads(now: dt.datetime, _before: dt.datetime) -> int:
    return uploads.sweep(now=now)


LINES = (
    Kept(
        "partial_uploads",
        "Fichiers envoyés par morceaux",
        "Les morceaux d'un fichier qu'un logiciel n'a pas fini d'envoyer.",
        "Reprendre un envoi coupé.",
        "12 heures.",
        forget=forget_partial_uploads,
    ),
    Kept(
        "feeds",
        "Adresses d'agenda",
        "Adresse secrète du flux, date de dernière lecture.",
        "Afficher ses échéances dans son agenda.",
        "{} mois après la dernière lecture, ou jusqu'au retrait par la personne.",
        months=FEED_MONTHS,
        forget=forget_feeds,
    ),
    Kept(
        "drafts",
        "Fichiers des brouillons",
        "Fichiers d'un brouillon abandonné, pièces retirées d'un brouillon.",
        "Pouvoir revenir sur un abandon ou un retrait.",
        "{} mois.",
        months=DRAFT_MONTHS,
        forget=forget_drafts,
    ),
    Kept(
        "filings",
        "Dépôts et récépissés",
        "Pièces déposées, nom de qui dépose et de qui confirme.",
        "Prouver le dépôt et sa date.",
        "Autant que le dossier.",
        law=FUNDING,
        columns=(
            "calendar_app_filing.receipt",
            "calendar_app_filingbatch.receipt",
            "calendar_app_proof.name",
            "calendar_app_piecefile.name",
        ),
    ),
)
