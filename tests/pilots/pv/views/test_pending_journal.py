"""A pending «non conforme» in every listing of the journal: the ANS's own until it is confirmed."""

import pytest
import time_machine
from django.core.management import call_command

from accounts.enums import Role
from pilots.enums import PVState
from pilots.pv.services import review
from tests.by import acting
from tests.factories import member
from tests.pages import page
from tests.pilots.reviewing import NOW, agent, also_member, reason, reviewed_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]

WHY = "Le FINESS de ce site manque."


@pytest.fixture
def case():
    """A PV whose agent has just proposed a «non conforme», and those who read its journal."""
    first = agent()
    pv = reviewed_by(first)
    fournisseur = pv.pilot.prestation.organisation
    people = {
        "other agent": agent(),
        "fournisseur": member(Role.MANDATAIRE, fournisseur),
        "agent of the fournisseur": also_member(agent(), fournisseur),
    }
    review.decide(
        pv,
        outcome=PVState.NOT_CONFORM,
        reasons=[reason(text=WHY)],
        read=pv.files.first().sha256,
        by=acting(first, NOW),
    )
    return pv, people


def readers(client, pv, people):
    """Who reads the reason, in each listing."""
    found = {}
    with time_machine.travel(NOW, tick=False):
        for address in ("/journal/", "/journal/journal.csv", f"/pilotes/pv/{pv.pk}/"):
            shown = {name: _shown(client, user, address) for name, user in people.items()}
            found[address] = {name for name, words in shown.items() if WHY in words}
    return found


def _shown(client, user, address):
    client.force_login(user)
    return client.get(address).getvalue().decode()


def test_while_it_waits_only_the_other_agents_read_it(client, case):
    assert set(map(frozenset, readers(client, *case).values())) == {frozenset({"other agent"})}


def test_confirmed_it_is_for_all_who_see_the_pv(client, case):
    pv, people = case
    review.confirm(pv, by=acting(people["other agent"], NOW))
    assert set(map(frozenset, readers(client, *case).values())) == {frozenset(people)}
    call_command("journal_verify")


def test_contradicted_it_stays_the_ans_s_own(client, case):
    pv, people = case
    review.contradict(pv, note="Il est page 2.", by=acting(people["other agent"], NOW))
    assert set(map(frozenset, readers(client, *case).values())) == {frozenset({"other agent"})}


def test_an_outsider_reads_none_of_it(client, case):
    pv, _ = case
    outsider = member(Role.MANDATAIRE)
    assert page(client, outsider, f"/pilotes/pv/{pv.pk}/").status_code == 404
    assert WHY not in page(client, outsider, "/journal/").content.decode()
