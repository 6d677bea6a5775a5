"""What counts without a decision of the ANS: what raises D_f, a slip, a first end."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from perf.enums import OutageNature, Source
from perf.models import Correction
from perf.rules.periods import containing
from perf.selectors.rules import period_kind
from perf.services import decisions
from perf.services.merging import merge
from perf.services.statements import issue
from tests.by import acting
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    declared,
    fournisseur,
    outage_of,
)
from tests.perf.outages.corrections import MINUTE, d_f, fields, shorten, theirs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "_now")]


def test_what_raises_d_f_counts_at_once(client, service):
    outage = theirs(service, hours=1)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + 3 * HOUR)
    assert d_f(service) == 3 * 60
    assert not Correction.objects.exists()


def test_called_a_maintenance_it_waits_too(client, service):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, outage.ended_at, nature=OutageNature.MAINTENANCE)
    assert d_f(service) == 8 * 60
    assert Correction.objects.get().values["nature"] == OutageNature.MAINTENANCE


@pytest.mark.parametrize(("after", "at_once"), [(HOUR - MINUTE / 60, True), (HOUR, False)])
def test_its_author_corrects_a_slip_within_the_hour(client, service, after, at_once):
    author = fournisseur(service, Role.SALARIE)
    outage = theirs(service, actor=author, recorded=NOW - after)
    client.force_login(author)
    shorten(client, outage, MONDAY + HOUR)
    assert d_f(service) == (60 if at_once else 8 * 60)


def test_a_colleague_does_not_correct_the_slip_of_another(client, service):
    outage = theirs(service, recorded=NOW - MINUTE)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + HOUR)
    assert d_f(service) == 8 * 60


def contest_it(service, outage, author):
    decisions.contest(outage, reason="Non.", by=acting(fournisseur(service), NOW))


def merge_it(service, outage, author):
    merge(
        outage, outage_of(service, reference="S-2", source=Source.CLIENT), by=acting(agent(), NOW)
    )


def put_beside_it(service, outage, author):
    declared(service, outage=outage, reference="INC-9")


def state_it(service, outage, author):
    period = containing(NOW, period_kind(NOW))
    person = fournisseur(service, Role.MANDATAIRE)
    issue(prestation=service.prestation, period=period, by=acting(person, NOW))


@pytest.mark.parametrize("act", [contest_it, merge_it, put_beside_it, state_it])
def test_no_slip_once_something_rests_on_it(client, service, act):
    author = fournisseur(service, Role.SALARIE)
    outage = theirs(service, actor=author, recorded=NOW - MINUTE)
    act(service, outage, author)
    client.force_login(author)
    outage.refresh_from_db()
    shorten(client, outage, MONDAY + HOUR)
    assert d_f(service) == 8 * 60
    assert Correction.objects.pending().count() == 1


def test_nothing_taken_from_one_outage_hides_behind_a_slip(client, service):
    """Another is recorded over it, the first is shortened, then the other is corrected away."""
    author = fournisseur(service, Role.SALARIE)
    real = theirs(service)
    cover = theirs(service, actor=author, reference="T-2", recorded=NOW - MINUTE)
    client.force_login(author)
    shorten(client, real, MONDAY + MINUTE)
    shorten(client, cover, MONDAY + MINUTE)
    assert d_f(service) == 8 * 60


def end_it(client, outage, end):
    return client.post(reverse("perf:outage_end", args=[outage.pk]), fields(ended_at=end))


def test_the_first_end_of_what_lasts_counts_at_once_and_the_second_does_not(client, service):
    outage = theirs(service, hours=None)
    client.force_login(fournisseur(service, Role.SALARIE))
    end_it(client, outage, MONDAY + HOUR)
    outage.refresh_from_db()
    assert (outage.ended_at, d_f(service)) == (MONDAY + HOUR, 60)
    shorten(client, outage, None)
    reopened = d_f(service)
    assert reopened > 60
    outage.refresh_from_db()
    end_it(client, outage, MONDAY + HOUR)
    assert d_f(service) == reopened
    assert Correction.objects.pending().count() == 1


@pytest.mark.parametrize(("hours", "at_once"), [(None, False), (2, False), (1, True)])
def test_a_first_end_waits_where_the_ans_says_that_it_lasted_longer(
    client, service, hours, at_once
):
    outage = theirs(service, hours=None)
    declared(service, outage=outage, hours=hours)
    before = d_f(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    end_it(client, outage, MONDAY + HOUR)
    assert d_f(service) == (60 if at_once else before)


def test_what_an_agent_recorded_for_the_fournisseur_is_not_ended_at_once(client, service):
    outage = outage_of(service, source=Source.SUPPLIER, reference="T-1", hours=None, actor=agent())
    before = d_f(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    end_it(client, outage, MONDAY + HOUR)
    assert d_f(service) == before
