"""Mails that have ended and whose texts were forgotten leave the ledger: no page changes.

Notifications show no mail without its texts. The lists, and the page of a mail, read the archive
too (`selectors.archive`), and so does whoever asks whether a key was used.
"""

import datetime as dt

from mailing.enums import MailState
from mailing.models import ArchivedMail, OutgoingMail
from segur.archiving import move

KEPT = dt.timedelta(days=90)
"""At least: an erased person's mails are forgotten at once, and a bounce may still come."""
OVER = (MailState.SENT, MailState.SHOWN, MailState.CANCELLED)
"""One that did not arrive stays on the page of the operators."""


def archive(*, now: dt.datetime) -> int:
    """Returns how many were moved."""
    over = OutgoingMail.objects.filter(state__in=OVER, created_at__lte=now - KEPT)
    return move(over.filter(subject="", to_email=""), ArchivedMail, now=now)
