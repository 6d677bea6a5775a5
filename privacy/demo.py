"""Of the demonstration: somebody who has left asks to be erased; a Mandataire has an archive."""

import datetime as dt

from accounts.models import Organisation, User
from journal.rules.by import By
from privacy.services.archives import archive_ask, make
from privacy.services.requests import erasure_ask


def tell_departure(now: dt.datetime) -> None:
    leaver = User.objects.create_user("alix.sorbier@exemple.example", full_name="Alix Sorbier")
    erasure_ask(by=By.person(leaver, now - dt.timedelta(days=1)))


def tell_archive(host: Organisation, by: By) -> None:
    make(archive_ask(organisation=host, by=by).pk)
