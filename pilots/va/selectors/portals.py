"""The image-sharing portals of DRIMbox Clients (DOMAIN §6), and the end they have to meet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from calendar_app.models import Milestone, Prestation
from pilots.enums import PortalOutcome, PortalProof
from pilots.va.models import Portal, PortalAbsence, PortalFile
from segur.lib import paris
from segur.lib.remaining import Meaning, TimeLeft, time_left

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from calendar_app.models import Dispositif


@dataclass(frozen=True)
class PortalLine:
    """`left` to the end of the dispositif; None for a dispositif without calendar."""

    portal: Portal
    left: TimeLeft | None

    @property
    def informed_files(self) -> list[PortalFile]:
        return [f for f in self.portal.files.all() if f.about == PortalProof.INFORMED]

    @property
    def outcome_files(self) -> list[PortalFile]:
        return [f for f in self.portal.files.all() if f.about == PortalProof.OUTCOME]

    @property
    def is_pending(self) -> bool:
        return self.portal.outcome == PortalOutcome.PENDING

    @property
    def meaning(self) -> Meaning:
        if not self.is_pending:
            return Meaning.DONE
        return self.left.meaning if self.left else Meaning.TO_COME

    @property
    def is_late(self) -> bool:
        """Done after the end."""
        done = self.portal.done_on
        return bool(
            done and self.left and self.left.due_at and done > paris.last_day(self.left.due_at)
        )


def end_of(dispositif: Dispositif) -> dt.datetime | None:
    """The end of a dispositif: its last regulatory milestone, as the calendar has it now."""
    milestones = Milestone.objects.filter(dispositif=dispositif, due_at__isnull=False)
    return milestones.order_by("-due_at").values_list("due_at", flat=True).first()


def portal_lines(prestation: Prestation, *, now: dt.datetime) -> list[PortalLine]:
    """Those still to treat first; three queries."""
    end = end_of(prestation.dispositif)
    left = time_left(end, now) if end else None
    rows = Portal.objects.filter(prestation=prestation).prefetch_related("files")
    found = [PortalLine(row, left) for row in rows]
    return sorted(found, key=lambda line: not line.is_pending)


def pending_portals(user: User) -> QuerySet[Portal]:
    """Those that a person sees and that are still to treat: Clients not yet informed first."""
    seen = Portal.objects.visible_to(user).filter(outcome=PortalOutcome.PENDING)
    return seen.select_related("prestation__client", "prestation__organisation").order_by(
        F("informed_on").asc(nulls_first=True), "prestation__client__name", "name"
    )


def clients_to_ask(user: User) -> QuerySet[Prestation]:
    """The DRIMbox prestations that a person sees and of whose portals nothing is known: neither one
    that is inscribed, nor that there is none.
    """
    absent = PortalAbsence.objects.filter(ended_at=None).values("prestation")
    return (
        Prestation.objects.visible_to(user)
        .filter(dispositif__has_va=True, portals=None)
        .exclude(pk__in=absent)
        .select_related("client", "organisation", "supplier__solution")
        .order_by("client__name", "organisation__name", "pk")
    )


def absences(prestation: Prestation) -> list[PortalAbsence]:
    """The absences of portals that were stated, the one that holds first."""
    return list(prestation.portal_absences.prefetch_related("files"))


def information(prestation: Prestation, end: dt.datetime) -> str:
    """What informs the Client (DOMAIN §6; seed, «DB-Portails de diffusion»), ready to copy."""
    return (
        f"{prestation.client} est informé que le référentiel d'exigences DRIMbox devra être "
        "intégré dans tout portail de diffusion d'images médicales à l'échéance du dispositif "
        f"{prestation.dispositif.code}, c'est-à-dire {paris.before_long(end)}. À cette "
        "échéance, tout système de diffusion d'images médicales à destination des patients ou des "
        "professionnels de santé devra intégrer les fonctionnalités de la DRIMbox ; tout système "
        "qui ne les intégrera pas devra être décommissionné."
    )
