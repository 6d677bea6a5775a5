"""Asking those who lead an organisation for an invitation.

Who asks is known by the address that a provider has verified, and by nothing else: no account is
opened, and nothing says whether the organisation is registered.
"""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import LEADING_ROLES, SUPPLIER_KINDS
from accounts.models import Organisation, User
from journal.rules.by import By
from journal.services.entries import write
from mailing.rules import ACCOUNT_MAIL
from mailing.services.mail import tell

KEY = "access_request"


def remember(request: HttpRequest, *, email: str, name: str, provider: str) -> None:
    """Whom the provider has just named: they may ask once, from this browser."""
    request.session[KEY] = {"email": email, "name": name or email, "provider": provider}


def remembered(request: HttpRequest) -> dict[str, str] | None:
    found: dict[str, str] | None = request.session.get(KEY)
    return found


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


@transaction.atomic
def access_request(*, siren: str, message: str, asker: dict[str, str], by: By) -> None:
    """Write to whoever leads an organisation of this SIREN, once a day for an address."""
    rows = Organisation.objects.filter(kind__in=SUPPLIER_KINDS, siren=siren, is_active=True)
    for organisation in rows:
        leaders = User.objects.filter(
            memberships__organisation=organisation,
            memberships__role__in=LEADING_ROLES,
            is_active=True,
        )
        write(
            organisation,
            "access.request",
            by=by,
            what="Invitation demandée par une personne extérieure",
            organisation_id=organisation.pk,
        )
        tell(
            leaders,
            kind=ACCOUNT_MAIL,
            template="access_request",
            context={
                "asker": asker,
                "organisation": organisation,
                "message": message,
                "url": f"{settings.SITE_URL}{reverse('accounts:organisation')}",
            },
            key=f"access:{organisation.pk}:{asker['email']}:{by.at:%Y-%m-%d}",
            by=by,
        )
