"""Two people press at the same second, over HTTP on a real PostgreSQL: the journal has one act."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.services.invitations import invitation_send
from journal.models import Entry
from perf.models import Correction
from pilots.enums import PVState, VACase
from pilots.pv.services import pending, publications
from privacy.services.requests import erasure_ask
from tests.accounts.mailbox import last, link
from tests.by import acting
from tests.calendar_app import filing_cases, papers
from tests.factories import SolutionFactory, SupplierFactory, UserFactory, justified_pilot, member
from tests.keys import give_key
from tests.perf.outages import cases as outages
from tests.perf.outages.corrections import shorten, theirs
from tests.pilots import reviewing, vas

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("calendars", "checklists"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
CSRF = "c" * 32


@dataclass
class Press:
    """Who presses which button, with what."""

    user: User
    address: str
    data: dict[str, Any]
    file: bytes = b""


def take():
    pv = reviewing.pv_of()
    return [Press(reviewing.agent(), reverse("review:take", args=[pv.pk]), {}) for _ in range(2)]


def decide():
    """The agent has two windows."""
    me = reviewing.agent()
    pv = reviewing.reviewed_by(me)
    file = pv.files.first()
    pending.open_file(file, me)
    address, read = reverse("review:decide", args=[pv.pk]), {"read": file.sha256, "note": ""}
    conform = {**read, "outcome": PVState.CONFORM.value, "all_checked": "on"}
    wrong = {"kind-client": "ABSENTE", "text-client": "Le FINESS manque."}
    not_conform = {**read, "outcome": PVState.NOT_CONFORM.value, **wrong}
    return [Press(me, address, conform), Press(me, address, not_conform)]


def confirm():
    pv = reviewing.proposed_by(reviewing.agent())
    return [
        Press(reviewing.agent(), reverse("review:confirm", args=[pv.pk]), {}),
        Press(reviewing.agent(), reverse("review:contradict", args=[pv.pk]), {"note": "Non."}),
    ]


def file():
    actor = member(Role.REPRESENTANT)
    deadline = filing_cases.of_prestation(5, editeur=actor)
    data = {
        "deposited_at_jour": "2027-06-09",
        "deposited_at_heure": "11h30",
        "declared": "on",
        "deposer": "1",
    }
    address = reverse("deadlines:prepare", args=[deadline.pk])
    people = (actor, filing_cases.colleague(actor, Role.MANDATAIRE))
    return [Press(user, address, data, papers.PDF) for user in people]


def publish():
    supplier = SupplierFactory(solution=SolutionFactory())
    for _ in range(3):
        justified_pilot(supplier)
    (made,) = publications.propose(supplier=supplier, now=timezone.now())
    address = reverse("publications:decide", args=[made.pk])
    return [Press(reviewing.agent(Role.RESPONSABLE), address, {}) for _ in range(2)]


def record_va():
    prestation, person = vas.drimbox()
    data = {
        "case": VACase.SOME_REPORTED.value,
        "finalised_on": "2026-11-18",
        "signed_on": "2026-11-20",
        "reported": list(vas.REPORTED),
        "signatory_name": "Dr Hélène Sombreval",
    }
    address = reverse("va:create", args=[prestation.pk])
    people = (person, member(Role.MANDATAIRE, prestation.organisation))
    return [Press(user, address, data, papers.PDF) for user in people]


def correct():
    service, client = outages.distributed(), Client()
    outage = theirs(service)
    client.force_login(outages.fournisseur(service, Role.SALARIE))
    shorten(client, outage, outages.MONDAY + outages.HOUR)
    address = reverse("perf:correction", args=[Correction.objects.get(outage=outage).pk])
    return [
        Press(reviewing.agent(), address, {"decision": choice, "reason": "Vu."})
        for choice in ("accept", "refuse")
    ]


def accept_invitation():
    """The person has two windows."""
    user, host = UserFactory(), member(Role.MANDATAIRE)
    invitation_send(
        organisation=host.memberships.get().organisation,
        email=user.email,
        role=Role.SALARIE,
        by=acting(host, timezone.now()),
    )
    return [Press(user, link(last(user.email)), {})] * 2


def erase():
    row = erasure_ask(by=acting(member(Role.SALARIE), timezone.now()))
    address = reverse("privacy:erasure", args=[row.pk])
    return [Press(reviewing.agent(Role.RESPONSABLE), address, {}) for _ in range(2)]


def revoke_key():
    person = member(Role.MANDATAIRE)
    colleague = filing_cases.colleague(person, Role.MANDATAIRE)
    address = reverse("accounts:api_token_revoke", args=[give_key(person)[0].pk])
    return [Press(user, address, {}) for user in (person, colleague)]


FEBRUARY = reviewing.NOW
CASES = {
    take: (FEBRUARY, {"pv.take"}),
    decide: (FEBRUARY, {"pv.accept", "pv.propose"}),
    confirm: (FEBRUARY, {"pv.confirm", "pv.contradict"}),
    file: (filing_cases.NOW, {"deadline.file"}),
    publish: (FEBRUARY, {"publication.publish"}),
    record_va: (FEBRUARY, {"va.record"}),
    correct: (outages.NOW, {"correction.accept", "correction.refuse"}),
    accept_invitation: (FEBRUARY, {"invitation.accept"}),
    erase: (FEBRUARY, {"person.erase"}),
    revoke_key: (FEBRUARY, {"key.revoke"}),
}
"""When it happens, and the acts of which the journal has one in the end."""


def session_of(user):
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def statuses(site, presses):
    """Both are logged in before, and let loose together."""
    start = threading.Barrier(len(presses))
    sessions = [session_of(press.user) for press in presses]

    def run(press, session):
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: CSRF}
        files = {"proofs": ("signe.pdf", press.file, "application/pdf")} if press.file else None
        data = {**press.data, "csrfmiddlewaretoken": CSRF}
        with httpx.Client(base_url=site, cookies=cookies, timeout=60) as client:
            start.wait(10)
            return client.post(press.address, data=data, files=files).status_code

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(run, presses, sessions))


@pytest.mark.parametrize("rounds", [3, pytest.param(100, marks=pytest.mark.many)])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_of_two_at_the_same_second_one_wins(live_server, settings, case, rounds):
    settings.SITE_URL = live_server.url
    at, acts = CASES[case]
    with time_machine.travel(at):
        for _ in range(rounds):
            presses = case()
            known = set(Entry.objects.values_list("pk", flat=True))
            answers = statuses(live_server.url, presses)
            done = Entry.objects.exclude(pk__in=known).values_list("act", flat=True)
            assert sum(act in acts for act in done) == 1, (answers, list(done))
            assert max(answers) < 500
