"""An agent corrects what the supervision reported; then the supervision delivers again."""

import datetime as dt
from typing import Any

import pytest

from journal.models import Entry
from perf.enums import Source
from perf.models import Outage, OutageVersion, ProbeEvent
from perf.selectors.outage_history import journal_lines
from perf.selectors.outages import version_lines
from perf.services import probes
from perf.services.outages import record
from tests.by import acting
from tests.factories import ServiceFactory
from tests.perf.api.incidents import (
    RESOLVED_AGAIN_AT,
    RESOLVED_AT,
    STARTED_AT,
    delivery,
    life,
    life_reopened,
)
from tests.perf.outages.cases import agent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
NOW = dt.datetime(2026, 11, 22, 21, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
CORRECTED_AT = STARTED_AT + HOUR
STARTED, ACKNOWLEDGED, RESOLVED, REOPENED, RESOLVED_AGAIN = life_reopened()
EARLIER = delivery("started", started_at=STARTED_AT - MINUTE)


@pytest.fixture
def service():
    return ServiceFactory(code="drimbox-chu", probe_id="2417835")


def receive(*payloads):
    """The outcome of the last."""
    outcomes = [probes.receive(payload=payload, now=NOW).outcome for payload in payloads]
    return outcomes[-1] if outcomes else ""


def correct(**values):
    """«Modifier la version», or the first word on it."""
    version = OutageVersion.objects.filter(reference="514203998").first()
    stated = {name: getattr(version, name) for name in ("started_at", "ended_at", "cause")}
    actor = agent()
    record(
        service=version.service,
        source=Source.ANS,
        reference=version.reference,
        **(stated | values),
        by=acting(actor, NOW),
    )


def mails_sent():
    """What the page says that the supervision reports since."""
    (line,) = version_lines(Outage.objects.get(), agent())
    return line.since.values if line.since else []


END = {"ended_at": CORRECTED_AT}
CASES: dict[str, Any] = {
    # before, the correction, after → start, end, what the page says
    "the same bytes again": (life(), END, [RESOLVED], STARTED_AT, CORRECTED_AT, []),
    "all of them again, shuffled": (
        life(),
        END,
        [RESOLVED, STARTED, ACKNOWLEDGED],
        STARTED_AT,
        CORRECTED_AT,
        [],
    ),
    "a late delivery that says nothing new": (
        [STARTED, RESOLVED],
        END,
        [ACKNOWLEDGED],
        STARTED_AT,
        CORRECTED_AT,
        [],
    ),
    "a late delivery of an earlier start, that nobody corrected": (
        life(),
        END,
        [EARLIER],
        STARTED_AT - MINUTE,
        CORRECTED_AT,
        [],
    ),
    "a late delivery of an earlier start, corrected": (
        life(),
        {"started_at": STARTED_AT + MINUTE},
        [EARLIER],
        STARTED_AT + MINUTE,
        RESOLVED_AT,
        ["Début : 02/11/2026 8h59min12s"],
    ),
    "reopened": (life(), END, [REOPENED], STARTED_AT, CORRECTED_AT, ["Fin : en cours"]),
    "reopened, then resolved again": (
        life(),
        END,
        [REOPENED, RESOLVED_AGAIN],
        STARTED_AT,
        CORRECTED_AT,
        ["Fin : 02/11/2026 12h31min12s"],
    ),
    "the end, of what was going on": (
        [STARTED],
        {"cause": "Coupure électrique"},
        [RESOLVED],
        STARTED_AT,
        RESOLVED_AT,
        [],
    ),
    "reopened where another field was corrected": (
        life(),
        {"cause": "Coupure électrique"},
        [REOPENED],
        STARTED_AT,
        None,
        [],
    ),
    "another cause, corrected": (
        life(),
        {"cause": "Coupure électrique"},
        [delivery("resolved", resolved_at=RESOLVED_AT, cause="Status 504")],
        STARTED_AT,
        RESOLVED_AT,
        ["Cause : Status 504"],
    ),
    "an end given too early, then another": (
        life(),
        {"ended_at": None},
        [STARTED, REOPENED, RESOLVED_AGAIN],
        STARTED_AT,
        RESOLVED_AGAIN_AT,
        [],
    ),
    "an end before the corrected start": (
        [STARTED],
        {"started_at": RESOLVED_AT + HOUR},
        [RESOLVED],
        RESOLVED_AT + HOUR,
        None,
        ["Fin : 02/11/2026 11h31min12s"],
    ),
    "corrected back to what was reported": (
        life(),
        {"ended_at": RESOLVED_AT},
        [REOPENED, RESOLVED_AGAIN],
        STARTED_AT,
        RESOLVED_AGAIN_AT,
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_person_corrected_stays_and_later_reports_are_shown(service, case):
    before, values, after, started_at, ended_at, since = CASES[case]
    receive(*before)
    correct(**values)
    receive(*after)
    outage, version = Outage.objects.get(), OutageVersion.objects.get()
    for row in (outage, version):
        assert (row.started_at, row.ended_at) == (started_at, ended_at)
    assert version.cause == values.get("cause", "Status 503")
    assert mails_sent() == since


def test_an_event_applied_does_nothing(service):
    receive(*life())
    correct(**END)
    journal = Entry.objects.count()
    assert receive(RESOLVED).endswith("close.")
    assert (Entry.objects.count(), ProbeEvent.objects.count()) == (journal, 3)


def test_what_is_reported_since_is_in_the_journal_once(service):
    receive(*life())
    correct(**END)
    assert receive(REOPENED).endswith("corrigée à la main, elle garde ses valeurs.")
    receive(REOPENED, delivery("acknowledged", acknowledged_at=STARTED_AT))
    newest, correction, *_earlier = journal_lines(Outage.objects.get(), agent())
    assert (newest["who"], newest["note"]) == (probes.WHO, "Fin : en cours")
    assert newest["what"].startswith("La supervision donne une autre valeur")
    assert correction["what"].startswith("Version modifiée")


def test_a_person_who_follows_the_supervision_reads_no_more_of_it(service):
    receive(*life())
    correct(**END)
    receive(REOPENED)
    assert mails_sent()
    correct(ended_at=None)
    assert mails_sent() == []
    receive(RESOLVED_AGAIN)
    assert Outage.objects.get().ended_at == RESOLVED_AGAIN_AT


def test_what_a_person_recorded_before_the_supervision_reported_it_stays(service):
    person = agent()
    record(
        service=service,
        source=Source.ANS,
        reference="514203998",
        started_at=STARTED_AT + MINUTE,
        ended_at=None,
        by=acting(person, NOW),
    )
    receive(*life())
    outage = Outage.objects.get()
    assert (outage.started_at, outage.ended_at) == (STARTED_AT + MINUTE, RESOLVED_AT)
    assert "Cause : Status 503" in mails_sent()
