"""What a search finds among solutions, prestations, milestones, deposits and their pieces."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from accounts.selectors.search import matching_clients
from calendar_app.models import Deadline, Filing, Milestone, Prestation, Proof, Solution
from segur.lib import paris
from segur.lib.search import plain
from segur.searching import Asked, Found, Hit, by_reference, found, is_reference, narrow, referenced


def search_solutions(asked: Asked) -> Iterator[Found]:
    rows = narrow(Solution.objects.visible_to(asked.user), asked).order_by("name", "pk")
    yield from found(
        "Solutions",
        rows,
        lambda row: _solution(row, asked),
        related=("organisation", "dispositif"),
        more=f"{reverse('solutions:index')}?{urlencode({'q': asked.text})}",
    )


def search_prestations(asked: Asked) -> Iterator[Found]:
    """By its Client, or by the reference of its order, the newest first. The reference is read by
    its index: in one condition with the Clients, every prestation would be compared.
    """
    seen = Prestation.objects.visible_to(asked.user).select_related(
        "client", "organisation", "dispositif", "supplier__solution"
    )
    ordered = referenced(Prestation, by_reference(asked, "order_reference"))
    asks = Q(client__in=matching_clients(asked).values("pk"))
    rows = seen.filter(asks if ordered is None else asks | Q(pk__in=ordered))
    yield from found(
        "Prestations",
        rows.order_by("-pk"),
        lambda row: _prestation(row, asked),
        related=("client", "organisation", "dispositif", "supplier__solution"),
        more=f"{reverse('prestations:index')}?{urlencode({'q': asked.text})}",
    )


def search_milestones(asked: Asked) -> Iterator[Found]:
    """Milestones whose title has the words, with how many deadlines they have for this person."""
    named = [
        row
        for row in Milestone.objects.select_related("dispositif")
        if asked.words and all(word in plain(row.title) for word in asked.words)
    ]
    if not named:
        return
    seen = Deadline.objects.visible_to(asked.user).filter(milestone__in=named)
    counts = dict(
        seen.order_by().values("milestone").annotate(n=Count("pk")).values_list("milestone", "n")
    )
    hits = [_milestone(row, counts[row.pk]) for row in named if row.pk in counts]
    if hits:
        yield Found("Échéances", len(hits), hits)


def search_filings(asked: Asked) -> Iterator[Found]:
    """Deposits, by the number of their receipt or of their accusé, or by a SHA-256."""
    asks = by_reference(asked, "receipt_number", "external_reference")
    if asked.digest:
        asks |= Q(receipt_sha256=asked.digest)
    if (keys := referenced(Filing, asks)) is not None:
        filed = Filing.objects.visible_to(asked.user).filed().filter(pk__in=keys)
        subject = ("solution", "prestation__client", "prestation__supplier__solution")
        yield from found(
            "Dépôts et récépissés",
            filed.order_by("-pk"),
            _filing,
            related=[f"deadline__{path}" for path in subject],
        )


def search_proofs(asked: Asked) -> Iterator[Found]:
    if asked.digest:
        rows = Proof.objects.visible_to(asked.user).filter(sha256=asked.digest)
        yield from found(
            "Pièces des dépôts",
            rows.order_by("-pk"),
            lambda row: Hit(
                row.name,
                reverse("deadlines:detail", args=[row.filing.deadline_id]),
                row.filing.deadline.title,
                is_exact=True,
            ),
            related=("filing__deadline",),
        )


def _solution(row: Solution, asked: Asked) -> Hit:
    about = f"{row.dispositif} · {row.organisation}"
    exact = is_reference(asked, row.reference_number)
    return Hit(str(row), reverse("solutions:detail", args=[row.pk]), about, exact)


def _prestation(row: Prestation, asked: Asked) -> Hit:
    order = f" · BDC {row.order_reference}" if row.order_reference else ""
    return Hit(
        str(row.client),
        reverse("prestations:detail", args=[row.pk]),
        f"{row.supplier.solution} ({row.dispositif}) · {row.organisation}{order}",
        is_reference(asked, row.order_reference),
    )


def _milestone(row: Milestone, count: int) -> Hit:
    url = f"{reverse('deadlines:index')}?{urlencode({'jalon': row.code, 'vue': 'toutes'})}"
    date = f" · {paris.short(row.due_at)}" if row.due_at else ""
    return Hit(row.title, url, f"{row.dispositif}{date} · {count} échéance{'s'[: count > 1]}")


def _filing(row: Filing) -> Hit:
    accuse = f" · accusé {row.external_reference}" if row.external_reference else ""
    return Hit(
        f"Récépissé {row.receipt_number}",
        reverse("deadlines:receipt", args=[row.receipt_number]),
        f"{row.deadline.title} · {row.deadline.subject}{accuse}",
        is_exact=True,
    )
