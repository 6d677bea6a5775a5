"""Organisations, people and Clients of the demonstration."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.enums import Kind, Role
from accounts.models import Membership, Organisation, User
from accounts.services.api_tokens import api_token_create
from accounts.services.invitations import invitation_send
from accounts.services.organisations import organisation_create
from api.enums import Scope
from calendar_app.demo import cast
from journal.rules.by import By
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL
from mailing.services.bounces import WORDS
from segur.lib import paris


def create_people() -> dict[str, User]:
    """E-mail address → user. One hash for all: hashing is slow on purpose."""
    password = make_password(cast.PASSWORD)
    users = {
        person.email: User.objects.create(
            email=person.email,
            full_name=person.name,
            password=password,
            is_staff=person.is_staff,
            is_superuser=person.is_staff,
        )
        for person in cast.PEOPLE
    }
    for user in users.values():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return users


def create_organisations(users: dict[str, User], now: dt.datetime) -> dict[str, Organisation]:
    """Opened by the ANS, each with its members; one invitation waits, one API key is given."""
    responsable = users[cast.RESPONSABLE.email]
    organisations = {
        name: organisation_create(kind=kind, name=name, siren=siren, by=By.person(responsable, now))
        for name, (kind, siren) in cast.ORGANISATIONS.items()
    }
    for person in cast.PEOPLE:
        for organisation, role in person.roles:
            Membership.objects.create(
                user=users[person.email], organisation=organisations[organisation], role=role
            )
    invitation_send(
        organisation=organisations[cast.EDITEUR],
        email=cast.INVITED,
        role=Role.SALARIE,
        by=By.person(users[cast.MANDATAIRE.email], now),
    )
    _come_back(now)
    api_token_create(
        organisation=organisations[cast.EDITEUR],
        name="Supervision interne",
        scopes=[Scope.READ, Scope.PERF],
        ends_on=paris.day(now) + dt.timedelta(days=21),
        by=By.person(users[cast.MANDATAIRE.email], now),
    )
    return organisations


def create_clients(names: tuple[str, ...], by: By) -> list[Organisation]:
    """FINESS numbers start with 99, which is no department."""
    return [
        organisation_create(
            kind=Kind.CLIENT,
            name=name,
            finess=f"99{number:07}",
            city=name.split(" ")[-1].removeprefix("d'"),
            by=by,
        )
        for number, name in enumerate(names, 1)
    ]


def _come_back(now: dt.datetime) -> None:
    """A mail to a wrong address: what `/courriels/` is for."""
    OutgoingMail.objects.create(
        kind=ACCOUNT_MAIL,
        to_email=cast.WRONG_ADDRESS,
        subject="Invitation : rejoignez Radiolune Logiciels",
        message_id="<retour@demonstration.example>",
        state=MailState.BOUNCED,
        attempts=1,
        created_at=now - dt.timedelta(days=2),
        sent_at=now - dt.timedelta(days=2),
        bounced_at=now - dt.timedelta(days=2),
        is_sensitive=True,
        error=WORDS.format("550 5.1.1 Adresse inconnue"),
    )
