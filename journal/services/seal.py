"""The daily seal: the end of the chain leaves by mail, where the database cannot change it.

The chain shows what was changed inside of it; the removal of its last entries, or of all of it,
shows only against an end that was kept elsewhere.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from journal.models import Link, Seal
from journal.services import chain
from segur.lib import paris
from segur.operators import write_to

SUBJECT = "Sceau du journal du {day:%d/%m/%Y}"
TEXT = """\
Fin de la chaîne du journal, à conserver hors de la base de données :

{seal}

Elle couvre {number} entrées, jusqu'au {until}.

Pour vérifier plus tard que rien n'en a été retiré ni remplacé :

    manage.py journal_verify --seal {seal}
"""


@transaction.atomic
def send_daily(*, now: dt.datetime) -> bool:
    """Once a Paris day, to each address of JOURNAL_SEAL_TO; without one, nothing. Of two clocks one
    sends. A day without a new entry is sealed too: silence would be no proof.
    """
    if not settings.JOURNAL_SEAL_TO:
        return False
    day = paris.day(now)
    seal, is_new = Seal.objects.get_or_create(day=day, defaults={"at": now})
    if not is_new:
        return False
    chain.append_all(now=now)
    end = Link.objects.order_by("-number").first()
    seal.number, seal.hash = (end.number, end.hash) if end else (0, chain.START)
    seal.save()
    text = TEXT.format(seal=seal, number=seal.number, until=paris.minute(seal.at))
    write_to(settings.JOURNAL_SEAL_TO, SUBJECT.format(day=day), text)
    return True


def broken(text: str) -> str:
    """What a seal of a mail, «1042:9f86…», says of the chain as it is; "" when they agree."""
    number, _colon, kept = text.partition(":")
    if not number.isdecimal() or not kept:
        return f"« {text} » n'est pas un sceau : attendu, un numéro, deux-points et une empreinte."
    if (int(number), kept) == (0, chain.START):
        return ""
    link = Link.objects.filter(number=int(number)).first()
    if link is None:
        return f"Le maillon {number} du sceau n'existe plus : la fin du journal a été retirée."
    if link.hash != kept:
        return f"Le maillon {number} n'est plus celui du sceau : la chaîne a été remplacée."
    return ""
