"""What a search finds among the préfigurateurs."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from pilots.prefiguration.models import Prefigurateur
from segur.searching import Asked, Found, Hit, found, narrow


def search_prefigurateurs(asked: Asked) -> Iterator[Found]:
    seen = Prefigurateur.objects.visible_to(asked.user)
    yield from found(
        "Préfigurateurs",
        narrow(seen, asked).order_by("name", "pk"),
        lambda row: Hit(
            row.name,
            reverse("prefigurateurs:detail", args=[row.pk]),
            f"{row.solution} · {row.solution.organisation}",
        ),
        related=("solution__organisation",),
    )
