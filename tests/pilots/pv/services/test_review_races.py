"""Two agents at the same second: one succeeds, the other is refused, and nothing happens twice."""

import pytest
from django.db import connection

from accounts.enums import Role
from mailing.models import OutgoingMail
from mailing.rules import DECISION_MAIL
from pilots.enums import DIGEST_MAIL, PVState
from pilots.pv.models import PilotPV, PVDecision, ReviewDigest
from pilots.pv.rules.effect import EFFECT_AFTER
from pilots.pv.services import digest, pending, review
from tests.at_once import at_once
from tests.by import acting
from tests.entries import entries
from tests.factories import member
from tests.pilots.reviewing import (
    NOW,
    agent,
    all_lines,
    declare_conform,
    proposed_by,
    pv_of,
    reason,
    reviewed_by,
)

pytestmark = [
    pytest.mark.distributed,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
    pytest.mark.usefixtures("calendars"),
]
PEOPLE = 4


def fresh(pv):
    return PilotPV.objects.get(pk=pv.pk)


def test_of_four_agents_one_takes_it():
    pv, people = pv_of(), [agent() for _ in range(PEOPLE)]
    _done, refusals = at_once(
        *[lambda me=me: review.take(fresh(pv), by=acting(me, NOW)) for me in people]
    )
    row = fresh(pv)
    assert row.state == PVState.IN_REVIEW
    assert [one.act for one in entries(row)].count("pv.take") == 1
    notified = [str(one) for one in refusals]
    assert len(notified) == PEOPLE - 1
    assert all(f"{row.assigned_to} instruit déjà" in one for one in notified)


def test_conforme_and_non_conforme_at_the_same_second():
    me = agent()
    pv = reviewed_by(me)
    member(Role.MANDATAIRE, pv.pilot.prestation.organisation)
    read = pv.files.first().sha256
    pending.open_file(pv.files.first(), me)

    def decide(outcome, reasons):
        return review.decide(
            fresh(pv),
            outcome=outcome,
            reasons=reasons,
            checked=all_lines(pv),
            read=read,
            by=acting(me, NOW),
        )

    _done, refusals = at_once(
        lambda: decide(PVState.CONFORM, []),
        lambda: decide(PVState.NOT_CONFORM, [reason()]),
    )
    [notified] = map(str, refusals)
    assert "Ce PV est maintenant à l'état" in notified
    decision, row = PVDecision.objects.get(), fresh(pv)
    is_conform = decision.outcome == PVState.CONFORM
    assert row.state == (PVState.TO_TAKE_EFFECT if is_conform else PVState.TO_CONFIRM)


def test_taken_back_as_it_takes_effect():
    me = agent()
    pv = reviewed_by(me)
    member(Role.MANDATAIRE, pv.pilot.prestation.organisation)
    decision = declare_conform(pv, me)
    later = NOW + EFFECT_AFTER
    at_once(
        lambda: pending.settle(now=later),
        lambda: pending.recall(fresh(pv), by=acting(me, later)),
        lambda: pending.settle(now=later),
    )
    decision.refresh_from_db()
    in_effect = fresh(pv).state == PVState.CONFORM
    assert (decision.confirmed_at is not None, decision.withdrawn_at is None) == (in_effect,) * 2
    assert OutgoingMail.objects.filter(kind=DECISION_MAIL).count() == in_effect


def test_confirmed_and_contradicted_at_the_same_second():
    pv = proposed_by(agent())
    member(Role.MANDATAIRE, pv.pilot.prestation.organisation)
    one, other = agent(), agent()
    _done, refusals = at_once(
        lambda: review.confirm(fresh(pv), by=acting(one, NOW)),
        lambda: review.contradict(fresh(pv), note="Non.", by=acting(other, NOW)),
    )
    [notified] = map(str, refusals)
    assert "rien n'est à confirmer" in notified
    decision = PVDecision.objects.get()
    assert (decision.confirmed_at is None) != (decision.withdrawn_at is None)
    mails = OutgoingMail.objects.filter(kind=DECISION_MAIL).count()
    assert mails == (fresh(pv).state == PVState.NOT_CONFORM)


def test_of_four_runs_of_the_digest_one_writes():
    agent()
    pv_of()
    written, _refusals = at_once(*[lambda: digest.write(now=NOW)] * PEOPLE)
    assert sorted(written) == [0, 0, 0, 1]
    assert ReviewDigest.objects.count() == 1
    assert OutgoingMail.objects.filter(kind=DIGEST_MAIL).count() == 1
