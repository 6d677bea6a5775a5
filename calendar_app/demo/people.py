"""Organisations, people and Clients of the demonstration, as rows."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.enums import Kind
from accounts.models import Membership, Organisation, User
from calendar_app.demo import cast


def create_organisations() -> dict[str, Organisation]:
    return {
        name: _saved(Organisation(kind=kind, name=name, siren=siren))
        for name, (kind, siren) in cast.ORGANISATIONS.items()
    }


def create_people(organisations: dict[str, Organisation]) -> dict[str, User]:
    """E-mail address → user. One hash for all: hashing is slow on purpose."""
    password = make_password(cast.PASSWORD)
    users = {}
    for person in cast.PEOPLE:
        user = User.objects.create(
            email=person.email,
            full_name=person.name,
            password=password,
            is_staff=person.is_staff,
            is_superuser=person.is_staff,
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for organisation, role in person.roles:
            member = Membership(user=user, organisation=organisations[organisation], role=role)
            member.full_clean()
            member.save()
        users[person.email] = user
    return users


def create_clients(names: tuple[str, ...]) -> list[Organisation]:
    """FINESS numbers start with 99, which is no department."""
    return [
        _saved(
            Organisation(
                kind=Kind.CLIENT,
                name=name,
                finess=f"99{number:07}",
                city=name.split(" ")[-1].removeprefix("d'"),
            )
        )
        for number, name in enumerate(names, 1)
    ]


def _saved(organisation: Organisation) -> Organisation:
    organisation.full_clean()
    organisation.save()
    return organisation
