"""A reference names one outage: of the ANS's supervision, wherever it is; by another source,
within its Fournisseur, who numbers as it likes.

Of two services given the same reference at the same instant, the database keeps the first
(`outage_version_unique`, `outage_version_ans_unique`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from perf.enums import Source
from perf.models import OutageVersion, Service

if TYPE_CHECKING:
    from journal.rules.by import By

TAKEN = "Cette source a déjà donné cette référence pour le service « {} »."

Name = tuple[int | None, str, str]
"""Whose numbers, source, reference."""


class ReferenceTakenError(ValidationError):
    """It names the outage of another service, whom whoever may record here sees too."""

    def __init__(self, service: Service) -> None:
        super().__init__({"reference": TAKEN.format(service)})


def name_of(service: Service, source: str, reference: str) -> Name:
    is_ans = source == Source.ANS
    return None if is_ans else service.prestation.organisation_id, str(source), reference


def version_of(service: Service, source: str, reference: str) -> OutageVersion | None:
    """The version of this source under this reference. Raises ReferenceTakenError when it was for
    another service.
    """
    organisation, *_rest = name_of(service, source, reference)
    found = OutageVersion.objects.filter(source=source, reference=reference)
    if organisation is not None:
        found = found.filter(organisation=organisation)
    version = found.select_related("outage", "service").first()
    if version and version.service_id != service.pk:
        raise ReferenceTakenError(version.service)
    return version


def first_declared(
    service: Service,
    *,
    source: str,
    reference: str,
    started_at: dt.datetime,
    ended_at: dt.datetime | None,
    cause: str,
    by: By,
) -> OutageVersion:
    """The version, not saved, of a reference that is new."""
    return OutageVersion(
        service=service,
        organisation_id=service.prestation.organisation_id,
        source=source,
        reference=reference,
        started_at=started_at,
        ended_at=ended_at,
        cause=cause,
        recorded_by=by.user,
        recorded_by_name=by.name,
        recorded_key=by.key,
        recorded_at=by.at,
    )
