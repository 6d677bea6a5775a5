"""What the tests of corrections share: the Fournisseur records, then shortens."""

import datetime as dt

from django.urls import reverse

from accounts.enums import Role
from perf.enums import Source
from perf.rules.periods import containing
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import situation
from tests.perf.csv_files import CHECK, PAGE, upload
from tests.perf.outages.cases import (
    HOUR,
    NOW,
    fournisseur,
    outage_of,
)

MINUTE = dt.timedelta(minutes=1)


def d_f(service, now=NOW):
    """Minutes that count in the period of `now`, by the rules in force."""
    period = containing(now, period_kind(now))
    found = situation(service, start=period.start, end=period.end, now=now, rules=rules_at(now))
    return found.figure.counted // 60_000_000


def theirs(service, *, hours=8, recorded=None, **values):
    """Recorded by the Fournisseur, two hours ago by default."""
    values = {"source": Source.SUPPLIER, "reference": "T-1"} | values
    actor = values.pop("actor", None) or fournisseur(service, Role.SALARIE)
    return outage_of(service, hours=hours, actor=actor, now=recorded or NOW - 2 * HOUR, **values)


def fields(**instants):
    """As the form sends them: day and hour, on the Paris clock."""
    found = {}
    for name, instant in instants.items():
        local = instant and instant + HOUR
        found[f"{name}_jour"] = f"{local:%Y-%m-%d}" if local else ""
        found[f"{name}_heure"] = f"{local:%H:%M:%S}" if local else ""
    return found


def shorten(client, outage, end, **values):
    """«Modifier» its version, on its page."""
    page = reverse("perf:version_edit", args=[outage.counting_id])
    data = fields(started_at=outage.started_at, ended_at=end)
    data |= {"cause": "", "nature": outage.nature} | values
    return client.post(page, data, follow=True)


def shown_on(response):
    return " ".join(str(message) for message in response.context["messages"])


def load(client, *lines):
    client.post(PAGE, {"file": upload(*lines)})
    shown = client.get(CHECK)
    data = {"sha256": shown.context["job"].sha256, "seen": shown.context["plan"].seen}
    return shown, client.post(CHECK, data, follow=True)
