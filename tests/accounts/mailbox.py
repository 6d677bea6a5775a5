"""What somebody finds in their mailbox: read from the ledger, where every mail is written."""

import re

from django.conf import settings

from mailing.models import OutgoingMail


def received(address):
    return list(OutgoingMail.objects.filter(to_email=address).order_by("pk"))


def last(address):
    return received(address)[-1]


def link(mail):
    """The path of the button's link, the same in the text and in the HTML."""
    found = re.search(rf"{re.escape(settings.SITE_URL)}(\S+)", mail.body_text)
    assert found, mail.body_text
    assert f'href="{settings.SITE_URL}{found[1]}"' in mail.body_html
    return found[1]
