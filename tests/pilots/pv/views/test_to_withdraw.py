"""A publication that lost its reason stands where the ANS works, until it is withdrawn."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from journal.models import Entry
from pilots.enums import PVState
from pilots.pv.models import Publication
from pilots.pv.services import publications, review
from tests.by import acting
from tests.entries import entries
from tests.factories import SupplierFactory, member
from tests.pages import page, text
from tests.pilots.reviewing import NOW, accept, agent, pv_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
WORDS = {
    "/instruction/": "reste publiée parmi les premières installations réussies",
    "/programme/": "Publication à retirer",
}
PAGES = tuple(WORDS)


@pytest.fixture
def leader():
    return agent(Role.RESPONSABLE)


@pytest.fixture
def published(leader):
    """Published on three conformes; returned with one of them."""
    supplier, reviewer = SupplierFactory(), agent()
    pvs = [pv_of(supplier, state=PVState.IN_REVIEW, assigned_to=reviewer) for _ in range(3)]
    for pv in pvs:
        accept(pv, reviewer)
    publication = publications.publish(Publication.objects.get(), by=acting(leader, NOW))
    return publication, pvs[0]


@pytest.mark.parametrize("address", PAGES)
def test_while_it_is_justified_nothing_is_shown(client, leader, published, address):
    assert WORDS[address] not in text(page(client, leader, address))


@pytest.mark.parametrize("address", PAGES)
def test_reopened_it_stands_there_with_the_act_of_a_responsable(client, leader, published, address):
    publication, pv = published
    review.reopen(pv, reason="Le FINESS est faux.", by=acting(leader, NOW))
    response = page(client, leader, address)
    assert WORDS[address] in text(response)
    assert publication.solution_name in text(response)
    assert reverse("publications:withdraw", args=[publication.pk]) in response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_an_agent_reads_it_without_the_act(client, leader, published, address):
    publication, pv = published
    review.reopen(pv, reason="Le FINESS est faux.", by=acting(leader, NOW))
    response = page(client, agent(), address)
    assert WORDS[address] in text(response)
    assert reverse("publications:withdraw", args=[publication.pk]) not in response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_withdrawn_or_justified_again_it_stands_there_no_more(client, leader, published, address):
    publication, pv = published
    review.reopen(pv, reason="Le FINESS est faux.", by=acting(leader, NOW))
    publications.withdraw(publication, reason="Plus justifiée.", by=acting(leader, NOW))
    assert WORDS[address] not in text(page(client, leader, address))


def test_the_journal_has_each_act_and_a_proposal_is_the_ans_s_own(client, leader, published):
    publication, _ = published
    publications.withdraw(publication, reason="Plus justifiée.", by=acting(leader, NOW))
    acts = [(one.act, one.readers) for one in entries(publication)]
    assert acts == [
        ("publication.propose", "ANS"),
        ("publication.publish", "TOUS"),
        ("publication.withdraw", "TOUS"),
    ]
    fournisseur = member(Role.MANDATAIRE, publication.organisation)
    seen = Entry.objects.visible_to(fournisseur).filter(act__startswith="publication.")
    assert {one.act for one in seen} == {"publication.publish", "publication.withdraw"}


@pytest.mark.parametrize("address", PAGES)
def test_an_outsider_does_not_open_these_pages(client, published, address):
    assert page(client, member(Role.MANDATAIRE), address).status_code == 403
