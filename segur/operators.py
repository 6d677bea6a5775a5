"""Those who answer for the site, written to once a day about the same thing."""

import errno
import logging

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage

log = logging.getLogger(__name__)

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
    for address in settings.OPERATORS:
        message = EmailMessage(subject.format(site=site), body.format(site=site), to=[address])
        message.extra_headers["X-Segur-Sensitive"] = "non"
        message.send()
