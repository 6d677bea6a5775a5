"""Separation of duties: every decision of the ANS on what counts × every double role."""

import hashlib

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from api.enums import Scope
from journal.services.acts import PARTY
from perf.enums import CorrectionState, OutageStanding, Source
from perf.models import Correction, Outage
from perf.services import corrections, decisions
from perf.services.outages import record
from tests.by import acting
from tests.factories import MembershipFactory
from tests.keys import Caller, give_key
from tests.perf import csv_files
from tests.perf.api.incidents import delivery
from tests.perf.csv_files import content, line
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    decided,
    declared,
    distributed,
    fournisseur,
    outage_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "_now")]


@pytest.fixture
def service():
    service = distributed()
    service.probe_id = "2417835"
    service.save()
    return service


@pytest.fixture
def outage(service):
    """Of the Fournisseur, recorded long enough ago to be no slip."""
    return outage_of(
        service,
        source=Source.SUPPLIER,
        reference="T-1",
        hours=8,
        actor=fournisseur(service),
        now=NOW - 2 * HOUR,
    )


def member_of(role, whose):
    def make(_client, outage):
        prestation = outage.service.prestation
        organisation = {
            "editeur": prestation.supplier.solution.organisation,
            "fournisseur": prestation.organisation,
        }[whose]
        both = agent()
        MembershipFactory(user=both, organisation=organisation, role=role)
        return both

    return make


def who_recorded_beside_it(_client, outage):
    person = agent()
    declared(outage.service, reference="A-1", actor=person, outage=outage)
    return person


def who_changed_what_another_recorded(_client, outage):
    person = agent()
    declared(outage.service, reference="A-2", outage=outage)
    declared(outage.service, reference="A-2", actor=person, hours=3)
    declared(outage.service, reference="A-2", actor=agent(), hours=4)
    return person


def who_changed_it_by_a_file(_client, outage):
    person = agent()
    values = {"started_at": "16/11/2026 10:00", "ended_at": "16/11/2026 19:00"}
    text = content(line(outage.service.code, "T-1", **values))
    csv_files.keep(user=person, name="pannes.csv", content=text, now=NOW)
    csv_files.confirm(user=person, sha256=hashlib.sha256(text).hexdigest(), now=NOW)
    return person


def ans_key(person, scope=Scope.PERF):
    return give_key(person, scopes=[scope])[1]


def who_holds_the_key_that_recorded(client, outage):
    person = agent()
    body = {
        "service": outage.service.code,
        "started_at": MONDAY.isoformat(),
        "ended_at": (MONDAY + 9 * HOUR).isoformat(),
        "source": Source.SUPPLIER,
        "reference": "T-1",
    }
    answer = Caller(client, ans_key(person)).post("outages", body)
    assert answer.json()["changed"]
    return person


def who_holds_the_key_of_the_webhook(client, outage):
    person = agent()
    record(
        service=outage.service,
        source=Source.ANS,
        reference="514203998",
        started_at=MONDAY,
        ended_at=None,
        by=acting(agent(), NOW),
        outage=outage,
    )
    end = MONDAY + HOUR
    payload = delivery("resolved", started_at=MONDAY, resolved_at=end)
    answer = Caller(client, ans_key(person, Scope.SUPERVISION)).post(
        "webhooks/better-stack", payload
    )
    assert answer.status_code == 200
    return person


ROLES = {
    **{
        f"{role.label} of the {whose}": member_of(role, whose)
        for role in (Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE)
        for whose in ("editeur", "fournisseur")
    },
    "recorded a version beside it": who_recorded_beside_it,
    "changed what another recorded": who_changed_what_another_recorded,
    "changed it by a file": who_changed_it_by_a_file,
    "holds the key that changed it": who_holds_the_key_that_recorded,
    "holds the key of the webhook": who_holds_the_key_of_the_webhook,
}


def settle(standing):
    def decide(outage, judge):
        outage.refresh_from_db()
        if outage.standing != OutageStanding.CONTESTED:
            by = acting(fournisseur(outage.service), NOW)
            decisions.contest(outage, reason="Non.", by=by)
        return decided(outage, by=judge, standing=standing).standing == standing

    return decide


def on_a_correction(decision, state):
    def decide(outage, judge):
        person = fournisseur(outage.service)
        done = declared(
            outage.service, source=Source.SUPPLIER, reference="T-1", hours=1, actor=person
        )
        row = corrections.decide(
            done.correction, decision=decision, reason="Vu.", by=acting(judge, NOW)
        )
        return row.state == state

    return decide


DECISIONS = {
    "retained": settle(OutageStanding.RETAINED),
    "not retained": settle(OutageStanding.NOT_RETAINED),
    "correction accepted": on_a_correction("accept", CorrectionState.ACCEPTED),
    "correction refused": on_a_correction("refuse", CorrectionState.REFUSED),
}


@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("decision", DECISIONS)
def test_a_double_role_never_decides(client, outage, decision, role):
    judge = ROLES[role](client, outage)
    with pytest.raises(ValidationError) as refusal:
        DECISIONS[decision](outage, judge)
    assert refusal.value.messages == [PARTY]
    states = Correction.objects.exclude(state=CorrectionState.PENDING)
    assert not states.exists()
    assert Outage.objects.get(pk=outage.pk).decided_at is None


@pytest.mark.parametrize("whose", ["editeur", "fournisseur"])
def test_by_the_key_of_the_ans_a_double_role_lowers_nothing(client, service, whose):
    """The key has one role; who answers for it has two."""
    outage = outage_of(
        service, source=Source.ANS, reference="T-2", hours=8, actor=agent(), now=NOW - 2 * HOUR
    )
    both = member_of(Role.SALARIE, whose)(client, outage)
    ans = both.memberships.get(role=Role.AGENT).organisation
    key = give_key(both, ans, scopes=[Scope.PERF])[1]
    body = {
        "service": service.code,
        "started_at": MONDAY.isoformat(),
        "ended_at": (MONDAY + HOUR).isoformat(),
        "source": Source.ANS,
        "reference": "T-2",
    }
    assert Caller(client, key).post("outages", body).status_code == 202
    outage.refresh_from_db()
    assert outage.ended_at == MONDAY + 8 * HOUR


@pytest.mark.parametrize("decision", DECISIONS)
def test_an_agent_who_is_nobody_else_decides(outage, decision):
    assert DECISIONS[decision](outage, agent())


def test_who_contested_does_not_decide(outage):
    outage = decided_and_reopened(outage, contester := agent())
    with pytest.raises(ValidationError, match="un autre agent doit décider"):
        decided(outage, by=contester)


def decided_and_reopened(outage, contester):
    decisions.contest(outage, reason="Non.", by=acting(fournisseur(outage.service), NOW))
    decided(outage)
    return decisions.contest(outage, reason="Un journal retrouvé.", by=acting(contester, NOW))
