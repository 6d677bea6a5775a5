"""The security log: lines of the journal about an account, for the ANS and for the person.

A line can never be erased, so it keeps neither address nor name: the place is a keyed digest of the
address, enough to see that two attempts come from one place.
"""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.rules.devices import device_words
from journal.enums import Readers
from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.entries import write
from segur.rates import address_of

PLACE_DIGITS = 8
STRANGER = "Personne non identifiée"
PREFIX = "security."

WORDS = {
    "login": "Connexion",
    "refused": "Connexion refusée : mot de passe faux",
    "stopped": "Connexions suspendues quelques minutes : trop d'essais manqués",
    "code_refused": "Second facteur refusé",
    "password": "Mot de passe changé",
    "factor_added": "Second facteur ajouté",
    "factor_removed": "Second facteur retiré",
    "codes": "Codes de secours établis",
    "sessions": "Sessions fermées",
    "identity_added": "Identité attachée",
    "identity_removed": "Identité détachée",
    "export": "Liste téléchargée",
}
LABELS.update({f"{PREFIX}{act}": words for act, words in WORDS.items()})

METHODS = {
    "password": "mot de passe",
    "password_reset": "lien d'un courriel",
    "socialaccount": "fournisseur d'identité",
    "totp": "application",
    "webauthn": "clé d'accès",
    "recovery_codes": "code de secours",
}
FACTORS = {
    "totp": "application",
    "webauthn": "clé d'accès",
    "recovery_codes": "codes de secours",
}


@transaction.atomic
def record(
    user: User, act: str, *, request: HttpRequest, by: By | None = None, more: str = ""
) -> None:
    """`by` is the person themselves unless another, or nobody known, acts."""
    words = WORDS[act]
    write(
        user,
        f"{PREFIX}{act}",
        by=by or By.person(user, timezone.now()),
        what=f"{words} ({more})" if more else words,
        label=f"Compte n° {user.pk}",
        readers=Readers.ANS,
        after={
            "place": address_of(request)[:PLACE_DIGITS],
            "device": device_words(request.headers.get("User-Agent", "")),
        },
    )


def record_login(user: User, *, request: HttpRequest) -> None:
    """With what proved that it was them, each once."""
    proofs = [
        METHODS.get(str(one.get("type") or one["method"]), str(one["method"]))
        for one in get_authentication_records(request, user)
    ]
    record(user, "login", request=request, more=", ".join(dict.fromkeys(proofs)))


def record_refusal(user: User, act: str, *, request: HttpRequest) -> None:
    """Whoever tried is not known to be the person."""
    record(user, act, request=request, by=By(timezone.now(), STRANGER))


def record_factor(act: str, *, request: HttpRequest, authenticator: Any, user: User) -> None:
    record(user, act, request=request, more=FACTORS[authenticator.type])


def record_export(request: HttpRequest, what: str) -> None:
    """«Voir comme» gives no file (`accounts.middleware.viewing`), and writes nothing."""
    if getattr(request, "viewing", None):
        return
    by = request.by  # type: ignore[attr-defined]  # set by our middleware
    record(by.actor, "export", request=request, by=by, more=what)
