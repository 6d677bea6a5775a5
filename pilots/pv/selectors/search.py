"""What a search finds among the PV: by their Client, an ASP number or the digest of a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from accounts.selectors.search import matching_clients
from pilots.pv.models import AspRequest, PilotPV
from segur.searching import Asked, Found, Hit, by_reference, found, referenced

PRESTATION = ("client", "organisation", "supplier__solution")


def search_pvs(asked: Asked) -> Iterator[Found]:
    asks = Q(pilot__prestation__client__in=matching_clients(asked).values("pk"))
    seen = PilotPV.objects.visible_to(asked.user).filter(asks)
    if asked.digest:
        seen = PilotPV.objects.visible_to(asked.user).filter(files__sha256=asked.digest).distinct()
    yield from found(
        "PV d'installation",
        seen.order_by("-pk"),
        lambda row: _pv(row, asked),
        related=[f"pilot__prestation__{path}" for path in PRESTATION],
    )


def search_asp_requests(asked: Asked) -> Iterator[Found]:
    if (keys := referenced(AspRequest, by_reference(asked, "reference"))) is not None:
        yield from found(
            "Demandes à l'ASP",
            AspRequest.objects.visible_to(asked.user).filter(pk__in=keys),
            lambda row: Hit(
                f"{row.get_kind_display()} {row.reference}",
                reverse("prestations:detail", args=[row.prestation_id]),
                str(row.prestation),
                is_exact=True,
            ),
            related=[f"prestation__{path}" for path in PRESTATION],
        )


def _pv(row: PilotPV, asked: Asked) -> Hit:
    prestation = row.pilot.prestation
    seen_as = "pilots:pv" if prestation.organisation_id in asked.user.roles else "review:pv"
    if not asked.user.is_ans:
        seen_as = "pilots:pv"
    about = f"{prestation.supplier.solution} · {prestation.organisation}"
    url = reverse(seen_as, args=[row.pk])
    return Hit(f"PV (Client : {prestation.client})", url, about, is_exact=bool(asked.digest))
