"""What a PV lacks before it may be sent to the ANS (DOMAIN §5), and what deserves a look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from calendar_app.rules.rights import Unmet
from pilots.enums import VALIDATED_BY_ASP, AspRequestKind, AspRequestState, SignatureState
from pilots.pv.rules.days import days_in
from pilots.pv.rules.signatory import Signed, doubts
from segur.lib import paris

ASP = "ASP"
SITE = "Ce site"
REALISED = "Prestation réalisée le"
"""What pages and sentences call `realised_on`."""


class Reuse(Enum):
    """Why bytes that are known already do not serve again; not whose they are."""

    ELSEWHERE = (
        "{file} est déjà le PV signé d'une autre prestation : joignez celui que {client} a signé "
        "pour celle-ci. S'il y figure par erreur, remplacez-le d'abord dans cet autre PV."
    )
    JUDGED = (
        "{file} est celui que l'ANS a jugé non conforme : faites signer le PV corrigé, puis "
        "joignez ce nouveau fichier."
    )
    BEFORE_EDIT = (
        "{file} a été signé avant la dernière modification de ce PV : faites signer le PV tel "
        "qu'il est maintenant, puis joignez ce nouveau fichier."
    )

    def words(self, *, file: str, client: str) -> str:
        return self.value.format(file=file, client=client)


@dataclass(frozen=True)
class PVFacts:
    """A PV as it would be sent on `today`, a Paris day. `empty_mentions` are the required ones;
    `same_client` says that another pilot of the same gate has the Client; `realised_by` is the
    instant of milestone 5, and `signature` is None without a signed file. `realisation` is the
    mention that says `realised_on` in words, with its label. `is_refused` is of a file that the
    worker has refused after it was stored.
    """

    supplier: str
    client: str
    today: dt.date
    empty_mentions: tuple[str, ...]
    funding: AspRequestState
    advance: AspRequestState
    ordered_on: dt.date | None
    realised_on: dt.date | None
    signed_on: dt.date | None
    signatory: str
    signature: SignatureState | None
    is_withdrawn: bool = False
    same_client: bool = False
    realised_by: dt.datetime | None = None
    realisation: str = ""
    realisation_label: str = ""
    signatures: tuple[Signed, ...] = ()
    reuse: Reuse | None = None
    is_refused: bool = False
    pilot_url: str = ""
    edit_url: str = ""
    sign_url: str = ""

    @property
    def who(self) -> str:
        return f"{self.supplier} (Fournisseur)"


def precheck(facts: PVFacts) -> list[Unmet]:
    """Every reason why the PV may not be sent, with who must act; empty when it may."""
    return [*_client(facts), *_requests(facts), *_content(facts), *_dates(facts), *_file(facts)]


def warnings(facts: PVFacts) -> list[str]:
    """What does not forbid sending, and is better known before."""
    found = []
    by, realised_on = facts.realised_by, facts.realised_on
    if by and realised_on and realised_on > paris.day(by):
        found.append(
            f"Réalisée le {_day(realised_on)}, la prestation l'a été après le jalon 5 : avant le "
            f"{paris.short(by)}."
        )
    if facts.signature == SignatureState.NONE:
        found.append("Aucune signature électronique : l'ANS contrôlera la signature manuscrite.")
    if facts.signature == SignatureState.UNTRUSTED:
        found.append(
            "L'auteur de la signature électronique n'est pas vérifiable par ce site : l'ANS la "
            "contrôlera."
        )
    if facts.signature == SignatureState.UNKNOWN:
        found.append(
            "Le fichier porte une signature que ce site ne sait pas vérifier : l'ANS la contrôlera."
        )
    if facts.signature == SignatureState.PREPARED:
        found.append(
            "Une signature électronique a été préparée et jamais apposée : faites signer le "
            "fichier, ou vérifiez qu'il porte une signature manuscrite, que l'ANS contrôlera."
        )
    named, signed_on = facts.signatory, facts.signed_on
    return found + doubts(facts.signatures, signatory=named, signed_on=signed_on)


def _client(facts: PVFacts) -> Iterator[Unmet]:
    if facts.is_withdrawn:
        reason = f"{facts.client} n'est plus Client pilote : désignez-le de nouveau."
        yield Unmet(reason, facts.who, url=facts.pilot_url)
    if facts.same_client:
        reason = (
            f"{facts.client} est déjà Client pilote d'un autre Fournisseur de la solution : "
            "deux PV d'un même Client ne comptent qu'une fois."
        )
        yield Unmet(reason, facts.who, url=facts.pilot_url)


def _requests(facts: PVFacts) -> Iterator[Unmet]:
    for kind, state in (
        (AspRequestKind.FUNDING, facts.funding),
        (AspRequestKind.ADVANCE, facts.advance),
    ):
        if state not in VALIDATED_BY_ASP:
            who = ASP if state == AspRequestState.DEPOSITED else facts.who
            reason = f"{kind.label} : « {state.label} », elle doit être validée par l'ASP."
            yield Unmet(reason, who, url=facts.pilot_url)


def _content(facts: PVFacts) -> Iterator[Unmet]:
    for mention in facts.empty_mentions:
        yield Unmet(f"Mention vide : {mention}.", facts.who, url=facts.edit_url)
    if not facts.signatory.strip():
        yield Unmet("Le signataire du Client n'est pas nommé.", facts.who, url=facts.edit_url)


def _dates(facts: PVFacts) -> Iterator[Unmet]:
    """Order ≤ realised ≤ signed ≤ today; a missing order date is not held against the PV."""
    if facts.realised_on is None:
        reason = "Le jour de réalisation de la prestation manque."
        yield Unmet(reason, facts.who, url=facts.edit_url)
    elif (days := days_in(facts.realisation)) and facts.realised_on not in days:
        reason = (
            f"La mention « {facts.realisation_label} » dit le {_day(max(days))}, et "
            f"« {REALISED} » dit le {_day(facts.realised_on)} : corrigez l'un des deux."
        )
        yield Unmet(reason, facts.who, url=facts.edit_url)
    if facts.signed_on is None and facts.signature is not None:
        yield Unmet("Le jour de la signature manque.", facts.who, url=facts.sign_url)
    known = [
        (words, day)
        for words, day in (
            ("le bon de commande", facts.ordered_on),
            ("la réalisation", facts.realised_on),
            ("la signature", facts.signed_on),
        )
        if day is not None
    ]
    for (before, first), (after, then) in pairwise(known):
        if then < first:
            reason = (
                f"{_capital(after)} ({_day(then)}) précède {before} ({_day(first)}) : "
                "corrigez l'un des deux jours."
            )
            yield Unmet(reason, facts.who, url=facts.edit_url)
    for words, day in known:
        if day > facts.today:
            reason = f"{_capital(words)} ({_day(day)}) est dans le futur."
            yield Unmet(reason, facts.who, url=facts.edit_url)


def _file(facts: PVFacts) -> Iterator[Unmet]:
    client = f"{facts.client} (Client), puis {facts.who}"
    if facts.signature is None:
        reason = "Le PV signé n'est pas joint dans sa version actuelle."
        yield Unmet(reason, client, url=facts.sign_url)
    elif facts.is_refused:
        reason = "Le fichier signé est refusé à son contrôle : joignez-en un autre."
        yield Unmet(reason, client, url=facts.sign_url)
    elif facts.signature == SignatureState.UNREAD:
        reason = "Le fichier signé est en cours de lecture : rechargez cette page dans une minute."
        yield Unmet(reason, SITE)
    elif facts.signature == SignatureState.BROKEN:
        reason = "Le fichier a été modifié après la signature : faites-le signer de nouveau."
        yield Unmet(reason, client, url=facts.sign_url)
    if facts.reuse:
        reason = facts.reuse.words(file="Le fichier joint", client=facts.client)
        yield Unmet(reason, client, url=facts.sign_url)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
