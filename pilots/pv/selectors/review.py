"""One PV with all that it is judged by: what is known besides, the checks, the decisions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse

from accounts.models import User
from pilots.enums import VALIDATED_BY_ASP
from pilots.permissions import can_review
from pilots.pv.models import PilotPV, PVDecision, PVFile
from pilots.pv.rules.precheck import precheck, warnings
from pilots.pv.selectors.perimeters import lines_of
from pilots.pv.selectors.pilots import RequestLine, requests_of
from pilots.pv.selectors.pvs import facts_with, serving
from pilots.pv.selectors.queue import QueuePill

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Fact(NamedTuple):
    """What is known besides the PV: `value` is «» where nothing is; `pill` says the ASP's word."""

    label: StrOrPromise
    value: str
    pill: QueuePill | None = None


def facts(pv: PilotPV) -> list[Fact]:
    """What the PV is compared with."""
    prestation = pv.pilot.prestation
    solution, client = prestation.supplier.solution, prestation.client
    return [
        Fact("Client", f"{client}, FINESS {client.finess}"),
        Fact("Fournisseur", f"{prestation.organisation}, SIREN {prestation.organisation.siren}"),
        Fact("Solution", f"{solution} {solution.version}".strip()),
        Fact(
            "Référencée Vague 2",
            _day(solution.referenced_on) + _paren(solution.reference_number),
        ),
        Fact("Bon de commande", prestation.order_reference + _paren(_day(prestation.ordered_on))),
        *map(_request, requests_of(pv.pilot)),
        Fact("Réalisée", _day(pv.realised_on)),
        Fact("Signé", _day(pv.signed_on)),
        Fact("Signataire pour le Client", pv.signatory_name + _paren(pv.signatory_role)),
        Fact("Observations", pv.comment),
    ]


def _request(line: RequestLine) -> Fact:
    request = line.row
    pill = QueuePill("done" if line.state in VALIDATED_BY_ASP else "late", line.state.label)
    words = f"n° {request.reference}" if request and request.reference else ""
    if request and request.validated_on:
        words = f"{words} validée {_day(request.validated_on)}".strip()
    return Fact(line.kind.label, words, pill)


def _day(day: dt.date | None) -> str:
    return f"le {day:%d/%m/%Y}" if day else ""


def _paren(text: str) -> str:
    return f" ({text})" if text else ""


class Checks(NamedTuple):
    """The pre-check, done again on what is recorded now."""

    missing: list[dict[str, Any]]
    warnings: list[str]


def checks(pv: PilotPV, file: PVFile | None, *, now: dt.datetime) -> Checks:
    found = facts_with(pv, file, now=now)
    return Checks(lines_of(precheck(found)), warnings(found))


class Twin(NamedTuple):
    """Another PV that has the same bytes for a signed file."""

    label: str
    url: str


def twins(pv: PilotPV, file: PVFile | None) -> list[Twin]:
    """The PV of other prestations where this very file was joined: one signed paper serves once."""
    if file is None:
        return []
    others = (
        PilotPV.objects.filter(files__in=serving(PVFile.objects.filter(sha256=file.sha256)))
        .exclude(pilot=pv.pilot_id)
        .select_related("pilot__prestation__client", "pilot__prestation__supplier__solution")
        .distinct()
    )
    return [
        Twin(f"{one}, {one.pilot.prestation}", reverse("review:pv", args=[one.pk]))
        for one in others
    ]


def decision_lines(pv: PilotPV, user: User) -> list[PVDecision]:
    """What was decided, newest first, each with the file that was judged; not what was only
    proposed, for an agent of one of its organisations.
    """
    found = pv.decisions.select_related("file")
    return list(found if can_review(user, pv) else found.exclude(confirmed_at=None))
