"""Those who answer for the site, written to once a day about the same thing."""

import errno
import logging
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage

log = logging.getLogger(__name__)

SENSITIVE_HEADER = "X-Segur-Sensitive"
"""«oui» or «non»; read by `mailing.services.backend`."""
ONCE_EVERY = 24 * 3600
FULL = (
    "Le site ne peut plus garder de fichiers ; l'exploitant est prévenu. Rien n'a été enregistré : "
    "réessayez plus tard. Si une échéance est proche, déposez sur la plateforme indiquée : c'est "
    "ce dépôt qui compte."
)
FULL_SUBJECT = "Le site {site} ne peut plus garder de fichiers"
FULL_BODY = """Le disque des fichiers, ou celui des envois en cours, est plein : les dépôts avec
pièces sont refusés. Libérez de la place.

État complet : {site}/sante/pret/
"""


def is_full(error: BaseException | None) -> bool:
    """No room left, or no more allowed, on the disk that was written to."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def tell_operators(subject: str, body: str, *, key: str) -> None:
    """By the log, and by mail where OPERATORS names somebody. `{site}` is its address."""
    if not cache.add(f"operators:{key}", 1, ONCE_EVERY):
        return
    site = settings.SITE_URL
    log.error("operators notified: %s", key)
    write_to(settings.OPERATORS, subject.format(site=site), body.format(site=site))


def write_to(addresses: Iterable[str], subject: str, text: str) -> None:
    """Through the ledger of mails, which keeps what it says: nothing of it opens an account."""
    for address in addresses:
        EmailMessage(subject, text, to=[address], headers={SENSITIVE_HEADER: "non"}).send()
