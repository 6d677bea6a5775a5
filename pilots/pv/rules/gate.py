"""The gate of the RIS solde: three distinct Clients with a conforme PV (DOMAIN §5).

«Le Fournisseur ne peut déposer de demande de versement du solde avant d'avoir justifié de la
réalisation complète et conforme de premières Prestations Ségur sur un périmètre pilote […]
constitué de 3 Clients librement choisis […] dès lors que les demandes de financement et de
paiement des avances ont été déposées par le Fournisseur, et validées par l'ASP.»
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from calendar_app.rules.rights import ANS, Unmet
from pilots.enums import VALIDATED_BY_ASP, AspRequestKind, AspRequestState, PVState

ASP = "ASP"
CLIENTS_NEEDED = 3
PILOTS = "périmètre pilote"
STRANGER = "Un Client d'un autre Fournisseur"


@dataclass(frozen=True)
class PilotFacts:
    """One pilot Client of a Fournisseur, as it stood at an instant. `pv` is None before there is
    one; `url` is the pilot's page.

    `supplier_id` is its Fournisseur's organisation: see `as_seen_by`.
    """

    client_id: int
    client: str
    supplier: str
    funding: AspRequestState
    advance: AspRequestState
    pv: PVState | None
    later: tuple[str, ...] = ()
    url: str = ""
    supplier_id: int = 0

    @property
    def is_justified(self) -> bool:
        requests = {self.funding, self.advance}
        return requests <= set(VALIDATED_BY_ASP) and self.pv == PVState.CONFORM and not self.later


def as_seen_by(supplier_id: int, pilots: Iterable[PilotFacts]) -> list[PilotFacts]:
    """Who serves whom is private: a Fournisseur counts the Clients of the others, where the gate
    counts per solution, without seeing who they are.
    """
    return [
        pilot
        if pilot.supplier_id == supplier_id
        else replace(pilot, client=STRANGER, supplier="autre", url="")
        for pilot in pilots
    ]


def justified_clients(pilots: Iterable[PilotFacts]) -> set[int]:
    """The distinct Clients that count: two PV of one Client count once."""
    return {pilot.client_id for pilot in pilots if pilot.is_justified}


def solde_gate(
    pilots: Iterable[PilotFacts], *, supplier: str, url: str = "", needed: int = CLIENTS_NEEDED
) -> list[Unmet]:
    """Every reason why the solde may not be asked for, with who must act; empty once the perimeter
    is justified, whatever happens to a Client beyond it.
    """
    by_client: defaultdict[int, list[PilotFacts]] = defaultdict(list)
    for pilot in pilots:
        by_client[pilot.client_id].append(pilot)
    missing = needed - len(justified_clients(p for group in by_client.values() for p in group))
    if missing <= 0:
        return []
    waiting = [
        group[0] for group in by_client.values() if not any(pilot.is_justified for pilot in group)
    ]
    reasons = [reason for pilot in waiting for reason in _of_client(pilot)]
    if (unnamed := missing - len(waiting)) > 0:
        plural = "s" if unnamed > 1 else ""
        reasons.append(
            Unmet(
                f"Il manque {unnamed} Client{plural} pilote{plural} sur {needed} : à désigner.",
                f"{supplier} (Fournisseur)",
                url=url,
            )
        )
    return [replace(reason, short=PILOTS) for reason in reasons]


def _of_client(pilot: PilotFacts) -> Iterator[Unmet]:
    supplier = f"{pilot.supplier} (Fournisseur)"
    for words in pilot.later:
        yield Unmet(f"{pilot.client} : {words}.", supplier, url=pilot.url)
    for kind, state in (
        (AspRequestKind.FUNDING, pilot.funding),
        (AspRequestKind.ADVANCE, pilot.advance),
    ):
        if state not in VALIDATED_BY_ASP:
            who = ASP if state == AspRequestState.DEPOSITED else supplier
            words = _REQUEST_WORDS[state]
            yield Unmet(f"{pilot.client} : {kind.label.lower()} {words}.", who, url=pilot.url)
    if pilot.pv != PVState.CONFORM:
        words, is_ans = _PV_WORDS[pilot.pv]
        yield Unmet(f"{pilot.client} : {words}.", ANS if is_ans else supplier, url=pilot.url)


_REQUEST_WORDS = {
    AspRequestState.TO_DEPOSIT: "à déposer",
    AspRequestState.DEPOSITED: "déposée, pas encore validée par l'ASP",
    AspRequestState.INCOMPLETE: "incomplète, à compléter",
    AspRequestState.TO_MODIFY: "à modifier",
}
_PV_WORDS: dict[PVState | None, tuple[str, bool]] = {
    None: ("PV d'installation pilote à préparer", False),
    PVState.DRAFT: ("PV en brouillon, à faire signer par le Client", False),
    PVState.SIGNED: ("PV signé, à transmettre à l'ANS", False),
    PVState.SENT: ("PV transmis, en attente de contrôle", True),
    PVState.IN_REVIEW: ("PV en cours de contrôle", True),
    PVState.TO_CONFIRM: ("PV en cours de contrôle", True),
    PVState.TO_TAKE_EFFECT: ("PV en cours de contrôle", True),
    PVState.NOT_CONFORM: ("PV non conforme : à corriger, ou Client à remplacer", False),
    PVState.ABANDONED: ("PV abandonné, à refaire", False),
}
