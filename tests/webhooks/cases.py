"""What the tests of webhooks start from."""

import datetime as dt

import time_machine

from journal.rules.by import By
from journal.services.chain import append_all
from journal.services.entries import write
from tests.by import acting
from webhooks.enums import BodyFormat, EventKind
from webhooks.services.endpoints import endpoint_create

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
NOWHERE = "https://recoit.example/segur"


def endpoint(host, actor, *, name="Logiciel", url=NOWHERE, **more):
    fields = {"format": BodyFormat.STANDARD, "kinds": [EventKind.DEADLINES], **more}
    by = acting(actor, more.pop("at", NOW))
    fields.pop("at", None)
    return endpoint_create(organisation=host, name=name, url=url, by=by, **fields)


def happen(host, *, act="deadline.file", now=NOW, **more):
    """An act of the organisation, committed and linked."""
    what = more.pop("what", "Dépôt enregistré")
    label = more.pop("label", "Solde, PACS du CHU")
    named = {"what": what, "label": label, "organisation_id": host.pk}
    with time_machine.travel(now, tick=False):  # an entry says when it was written
        entry = write(host, act, by=By.clock(now), **named, **more)
        append_all(now=now)
    return entry
