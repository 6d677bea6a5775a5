"""`/journal/`: an organisation reads its own, the ANS all, an outsider nothing."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from accounts.enums import Role
from journal.enums import Readers
from journal.services.entries import write
from segur.lib import paris
from tests.by import acting
from tests.factories import DeadlineFactory, OrganisationFactory, UserFactory, member
from tests.pages import as_read, markup
from tests.perf.pages import table

DAY = dt.date(2027, 3, 10)
NOON = paris.at(DAY, dt.time(12))

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


@pytest.fixture
def deadline():
    row = DeadlineFactory()
    person = member(Role.MANDATAIRE, row.organisation, full_name="Ana Fictive")
    write(row, "deadline.file", by=acting(person, NOON), what="Dépôt n° 1", note="Accusé CV-1")
    return row


def acts(client, **filters):
    response = client.get(reverse("journal:index"), filters)
    if "<table" not in markup(response):
        return []
    return [as_read(row["Acte"]) for row in table(response, "Actes")]


def test_a_member_reads_the_acts_of_their_organisation(client, deadline):
    client.force_login(member(Role.SALARIE, deadline.organisation))
    assert acts(client) == ["Dépôt n° 1 Accusé CV-1"]


def test_an_outsider_reads_nothing_of_it(client, deadline):
    client.force_login(member(Role.MANDATAIRE, OrganisationFactory()))
    assert acts(client) == []


def test_somebody_without_an_organisation_reads_why(client, deadline):
    client.force_login(UserFactory())
    assert client.get(reverse("journal:index")).status_code == 403
    assert client.get(reverse("journal:csv")).status_code == 403


def test_the_ans_reads_everything_and_what_is_its_own(client, deadline):
    by = acting(member(Role.AGENT), NOON)
    write(deadline, "deadline.note", by=by, what="Proposition", readers=Readers.ANS)
    client.force_login(member(Role.AGENT))
    assert len(acts(client)) == 2
    client.force_login(member(Role.MANDATAIRE, deadline.organisation))
    assert acts(client) == ["Dépôt n° 1 Accusé CV-1"]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"personne": "ana"}, 1),
        ({"personne": "Karim"}, 0),
        ({"objet": "dossier"}, 1),
        ({"objet": "autre"}, 0),
        ({"acte": "deadline.file"}, 1),
        ({"acte": "deadline.refuse"}, 0),
        ({"acte": "inconnu"}, 1),
        ({"du": "2027-03-10", "au": "2027-03-10"}, 1),
        ({"du": "2027-03-11"}, 0),
        ({"au": "2027-03-09"}, 0),
        ({"du": "pas un jour"}, 1),
    ],
)
def test_filters(client, deadline, filters, count):
    client.force_login(member(Role.SALARIE, deadline.organisation))
    assert len(acts(client, **filters)) == count


def test_the_organisation_is_chosen_among_those_of_the_entries(client, deadline):
    client.force_login(member(Role.RESPONSABLE))
    other = DeadlineFactory()
    write(other, "deadline.file", by=acting(UserFactory(), NOON), what="Ailleurs")
    assert acts(client, organisation=other.organisation_id) == ["Ailleurs"]


def test_the_file_has_what_the_page_shows(client, deadline):
    client.force_login(member(Role.SALARIE, deadline.organisation))
    text = client.get(reverse("journal:csv")).content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text), delimiter=";")
    assert row["Acte"] == "Dépôt n° 1"
    assert (row["Par"], row["Reçu par"], row["Motif"]) == ("Ana Fictive", "Écran", "Accusé CV-1")
    assert row["Organisation"] == deadline.organisation.name
    client.force_login(member(Role.MANDATAIRE, OrganisationFactory()))
    assert "Dépôt n° 1" not in client.get(reverse("journal:csv")).content.decode()


def test_queries_do_not_grow_with_the_rows(client, deadline, django_assert_max_num_queries):
    person = member(Role.SALARIE, deadline.organisation)
    client.force_login(person)
    for number in range(30):
        write(deadline, "deadline.draft", by=acting(person, NOON), what=f"Brouillon {number}")
    with django_assert_max_num_queries(14):
        assert len(acts(client)) == 31
