"""PV and publications of an industriel, for its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Q

from accounts.models import Organisation
from accounts.selectors.organisation_parts import OrganisationFact, OrganisationPart, address
from pilots.enums import WAITING_STATES, PublicationState
from pilots.pv.models import PilotPV, Publication
from pilots.pv.rules.queue import DECIDED


def parts(organisation: Organisation, _now: dt.datetime) -> Iterator[OrganisationPart]:
    """What the ANS has of its PV: two queries."""
    pk = organisation.pk
    sent = PilotPV.objects.filter(pilot__prestation__organisation=pk, sent_at__isnull=False)
    counts = sent.aggregate(
        waiting=Count("pk", filter=Q(state__in=WAITING_STATES)),
        closed=Count("pk", filter=Q(state__in=DECIDED)),
    )
    public = Publication.objects.filter(
        solution__organisation=pk, state=PublicationState.PUBLISHED
    ).count()
    if counts["waiting"] or counts["closed"] or public:
        yield OrganisationPart(
            "PV et publications",
            [
                OrganisationFact(
                    "PV en attente de l'ANS",
                    counts["waiting"],
                    address("review:index", fournisseur=pk),
                ),
                OrganisationFact(
                    "PV clos",
                    counts["closed"],
                    address("review:index", vue="clos", fournisseur=pk),
                ),
                OrganisationFact("Solutions publiées", public),
            ],
        )
