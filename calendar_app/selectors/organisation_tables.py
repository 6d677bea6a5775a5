"""What an organisation takes with it (`privacy.selectors.tables`): solutions, prestations, filings,
and every file of their archives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from accounts.models import Organisation, User
from calendar_app.models import (
    Amounts,
    Deadline,
    Filing,
    Piece,
    Prestation,
    Proof,
    Solution,
    Supplier,
)
from calendar_app.selectors.archives import sources
from documents.services.archive import ArchivedFile
from privacy.selectors.tables import Table

OF_FILE = ("name", "size", "sha256", "document_date", "uploaded_by_name", "uploaded_at")

TABLES = (
    Table(
        "solutions",
        Solution,
        "organisation",
        (
            *("dispositif__code", "name", "version", "proxy_name", "proxy_version", "market"),
            *("referenced_on", "reference_number", "created_at"),
        ),
    ),
    Table(
        "fournisseurs",
        Supplier,
        "organisation",
        (
            *("solution", "solution__name", "declared_on", "mandate_from", "mandate_until"),
            *("psc_from", "psc_until", "psc_by_mandate", "created_at"),
        ),
    ),
    Table(
        "prestations",
        Prestation,
        "organisation",
        (
            *("dispositif__code", "supplier", "client__name", "client__finess"),
            *("order_reference", "ordered_on", "created_at"),
        ),
    ),
    Table(
        "montants",
        Amounts,
        "prestation__organisation",
        ("prestation", "advance", "balance", "advance_paid_on", "balance_paid_on"),
    ),
    Table(
        "echeances",
        Deadline,
        "organisation",
        (
            *("dispositif__code", "milestone__code", "solution", "prestation", "title"),
            *("due_at", "state", "state_reason", "created_at"),
        ),
    ),
    Table(
        "depots",
        Filing,
        "deadline__organisation",
        (
            *("deadline", "number", "status", "origin", "comment", "external_reference"),
            *("deposited_at", "recorded_at", "recorded_by_name", "receipt_number", "receipt"),
            *("receipt_sha256", "decision", "decision_reason", "decided_at"),
        ),
    ),
    Table("pieces_deposees", Proof, "filing__deadline__organisation", ("filing", *OF_FILE)),
    Table(
        "pieces_du_dossier",
        Piece,
        "deadline__organisation",
        ("deadline", "code", "label", "state", "due_on", "note", "changed_at"),
    ),
)


def files(organisation: Organisation, user: User) -> Iterator[ArchivedFile]:
    """Of the sources of the archives, those of its prestations and of its solutions."""
    for source in sources():
        own = Q(pk__in=[])
        for path in (source.prestation, source.solution):
            if path:
                own |= Q(**{f"{path}__organisation": organisation})
        manager: Any = source.model._default_manager  # noqa: SLF001  (documented by Django)
        found = manager.visible_to(user).filter(source.only, own).order_by("pk")
        for file in found.iterator():
            yield ArchivedFile(source.folder, file)
