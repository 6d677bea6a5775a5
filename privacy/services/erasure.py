"""Erases a person: their data go, their acts stay, signed «Personne effacée»."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from accounts.models import Invitation, Membership, User
from accounts.services.memberships import membership_remove
from journal.enums import Readers
from journal.models import Signer
from journal.rules.by import By
from journal.services.acts import lock_row
from journal.services.entries import erase_name, write
from mailing.enums import MailState
from mailing.models import OutgoingMail
from privacy.rules.scrubbing import ERASED, Scrubber
from privacy.selectors.columns import is_own, links_to_people, text_columns
from privacy.selectors.erasures import obstacles

ALREADY = "Cette personne est déjà effacée."


@transaction.atomic
def person_erase(*, user: User, by: By) -> None:
    """Raises ValidationError while the person is the last to lead an organisation.

    The row of the account stays without anything personal, so that each act keeps one author and
    separation of duties still knows who did what.
    """
    locked = lock_row(user)
    if locked.email == _nowhere(locked):
        raise ValidationError(ALREADY)
    if found := obstacles(locked):
        raise ValidationError(found)
    names, addresses = _names(locked), _addresses(locked)
    _leave(locked, by)
    _forget_mails(locked, addresses)
    Invitation.objects.filter(_any("email", addresses)).delete()
    _forget_sessions(locked)
    _forget_links(locked)
    _anonymise(locked)
    erase_name(locked.pk, by=by)
    _scrub(names, addresses)
    write(
        locked,
        "person.erase",
        by=by,
        what="Données d'une personne effacées",
        label=f"Compte n° {locked.pk}",
        readers=Readers.ANS,
    )


def _leave(user: User, by: By) -> None:
    """Their work waits for whoever takes it; a closed organisation needs nobody who leads it."""
    for membership in Membership.objects.filter(user=user).select_related("organisation"):
        if membership.organisation.is_active:
            membership_remove(membership=membership, by=by)
        else:
            membership.delete()


def _nowhere(user: User) -> str:
    """An address that no mail reaches (RFC 2606)."""
    return f"personne-effacee-{user.pk}@effacee.invalid"


def _names(user: User) -> set[str]:
    """Every name that the person had here, unless somebody else has it too."""
    signed = Signer.objects.filter(user_id=user.pk).values_list("name", flat=True)
    names = {user.full_name, *signed} - {""}
    others = User.objects.exclude(pk=user.pk).filter(full_name__in=names)
    return names - set(others.values_list("full_name", flat=True))


def _addresses(user: User) -> set[str]:
    """Those that the person has proved: any other is perhaps somebody else's, who keeps it."""
    proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {user.email, *proved}


def _any(column: str, values: set[str]) -> Q:
    found = Q(pk=None)
    for value in values:
        found |= Q(**{f"{column}__iexact": value})
    return found


def _forget_mails(user: User, addresses: set[str]) -> None:
    mails = OutgoingMail.objects.filter(Q(user=user) | _any("to_email", addresses))
    mails.filter(state=MailState.QUEUED).update(state=MailState.CANCELLED)
    mails.update(
        to_email="", subject="", body_text="", body_html="", headers={}, attachments=[], error=""
    )


def _forget_sessions(user: User) -> None:
    mine = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    Session.objects.filter(pk__in=mine).delete()


def _forget_links(user: User) -> None:
    """Rows of the person alone go; on the others the name beside the link is replaced."""
    for model, field in links_to_people():
        rows = model._base_manager.filter(**{field.name: user})  # noqa: SLF001  (documented)
        names = f"{field.name}_name"
        if is_own(field):
            rows.delete()
        elif names in {one.name for one in model._meta.concrete_fields}:  # noqa: SLF001  (as above)
            rows.update(**{names: ERASED})


def _anonymise(user: User) -> None:
    user.email, user.full_name = _nowhere(user), ERASED
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def _scrub(names: set[str], addresses: set[str]) -> None:
    """Through every column of text of every table, but for those that the law keeps."""
    scrubber = Scrubber(names, addresses)
    for model, fields in text_columns():
        for field in fields:
            if field.name.endswith("_name") and names:
                exact = model._base_manager.filter(**{f"{field.name}__in": names})  # noqa: SLF001
                exact.update(**{field.name: ERASED})
        if not scrubber.terms:
            continue
        for row in _holding(model, fields, scrubber):
            values = {field.name: getattr(row, field.attname) for field in fields}
            cleaned = {name: scrubber.clean(value) for name, value in values.items()}
            changed = {name: value for name, value in cleaned.items() if value != values[name]}
            model._base_manager.filter(pk=row.pk).update(**changed)  # noqa: SLF001  (as above)


def _holding(
    model: type[models.Model], fields: list[models.Field[Any, Any]], scrubber: Scrubber
) -> list[models.Model]:
    casts = {f"text_{field.name}": Cast(field.name, TextField()) for field in fields}
    held = Q(pk__in=[])
    for cast in casts:
        for term in scrubber.searched():
            held |= Q(**{f"{cast}__icontains": term})
    return list(model._base_manager.alias(**casts).filter(held))  # noqa: SLF001  (as above)
