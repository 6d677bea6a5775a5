"""What cannot be erased names nobody: who acts, and whom an act names, stand apart."""

import datetime as dt
import json

import pytest

from accounts.models import User
from journal.models import Entry
from journal.selectors.entries import with_names
from journal.services.entries import erase_name, write
from pilots.pv.models import PilotPV
from pilots.va.models import VA
from tests.by import acting
from tests.factories import OrganisationFactory, UserFactory

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_whom_an_act_names_is_read_until_their_name_is_erased():
    agent, other = UserFactory(full_name="Claire Morel"), UserFactory(full_name="Jean Petit")
    written = write(
        OrganisationFactory(),
        "test.assign",
        by=acting(agent, NOW),
        what="Affecté à {1}, au départ de {0}",
        people=[agent, other],
    )
    assert "Morel" not in written.what
    (entry,) = with_names([Entry.objects.get()])
    assert entry.what == "Affecté à Jean Petit, au départ de Claire Morel"
    erase_name(other.pk, by=acting(agent, NOW))
    (entry,) = with_names([Entry.objects.get()])
    assert entry.what == "Affecté à Personne effacée, au départ de Claire Morel"


@pytest.mark.django_db
def test_names_cost_one_query_whatever_their_number(django_assert_num_queries):
    people = UserFactory.create_batch(5)
    for person in people:
        write(OrganisationFactory(), "test", by=acting(person, NOW), what="À {0}", people=[person])
    rows = list(Entry.objects.all())
    with django_assert_num_queries(1):
        with_names(rows)


def test_no_entry_of_the_demonstration_holds_the_name_of_a_person(demo):
    names = {str(user) for user in User.objects.all()}
    names |= set(PilotPV.objects.values_list("signatory_name", flat=True))
    names |= set(VA.objects.values_list("signatory_name", flat=True))
    entries = list(Entry.objects.all())
    assert len(names) > 5
    assert len(entries) > 100
    held = [
        (entry.act, name)
        for entry in entries
        for name in names - {""}
        if name in json.dumps(_texts(entry), ensure_ascii=False)
    ]
    assert held == []


def _texts(entry):
    return [entry.what, entry.note, entry.subject_label, entry.before, entry.after]


def test_an_entry_of_a_pv_names_its_client(demo):
    sent = PilotPV.objects.filter(pk__in=_sent()).select_related("pilot__prestation__client")
    labels = set(Entry.objects.filter(act="pv.send").values_list("subject_label", flat=True))
    assert labels == {f"{pv}, {pv.pilot.prestation.client}" for pv in sent}


def _sent():
    return Entry.objects.filter(act="pv.send").values("subject_id")
