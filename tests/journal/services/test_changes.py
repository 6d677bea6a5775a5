"""What is recorded of an installation is in the one journal, for its Fournisseur and the ANS."""

import datetime as dt

import pytest

from accounts.enums import Role
from journal.models import Entry
from pilots.enums import ConnectorKind, ConnectorState
from pilots.va.services.connectors import set_connector
from pilots.va.services.portals import absence_save, portal_save
from tests.by import acting
from tests.calendar_app.papers import upload
from tests.entries import entries
from tests.factories import PrestationFactory, member
from tests.pages import text

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.date(2026, 11, 20)
KIND = ConnectorKind.DB_CR


@pytest.fixture
def prestation(calendars):
    return PrestationFactory(supplier__solution__drimbox=True)


@pytest.fixture
def actor(prestation):
    return member(Role.SALARIE, prestation.organisation, full_name="Lucie Ferrandin")


def test_a_first_act_says_what_it_sets_and_the_next_what_changes(prestation, actor):
    by = acting(actor, NOW)
    row = set_connector(prestation, KIND, state=ConnectorState.TESTED, on=DAY, by=by)
    set_connector(
        prestation,
        KIND,
        state=ConnectorState.TESTED,
        on=DAY,
        note="Second essai",
        read=row.recorded_at.isoformat(),
        by=acting(actor, NOW + MINUTE),
    )
    first, second = entries(row)
    assert (first.what, first.note) == ("Création", "État : Testé\nLe : 20/11/2026")
    assert (second.what, second.note) == ("Modification", "Remarque : vide → Second essai")
    assert {first.organisation_id, second.organisation_id} == {prestation.organisation_id}


def test_what_changes_nothing_leaves_no_line(prestation, actor):
    row = portal_save(prestation, name="Portail", by=acting(actor, NOW))
    stamp = row.recorded_at.isoformat()
    by = acting(actor, NOW + MINUTE)
    portal_save(prestation, portal=row, name="Portail", read=stamp, by=by)
    assert [entry.note for entry in entries(row)] == ["Nom du portail : Portail\nSuite : À traiter"]


def test_a_piece_alone_is_a_line(prestation, actor):
    by = acting(actor, NOW)
    row = set_connector(prestation, KIND, state=ConnectorState.TESTED, on=DAY, by=by)
    set_connector(
        prestation,
        KIND,
        state=ConnectorState.TESTED,
        on=DAY,
        proofs=[upload("essai.pdf")],
        read=row.recorded_at.isoformat(),
        by=acting(actor, NOW + MINUTE),
    )
    assert entries(row)[-1].note == "Pièce ajoutée : essai.pdf"


def test_the_fournisseur_reads_them_in_the_journal_and_an_outsider_does_not(
    client, prestation, actor
):
    absence_save(prestation, stated_on=DAY, proofs=[upload("lettre.pdf")], by=acting(actor, NOW))
    [entry] = Entry.objects.filter(act="portal.absence")
    for reader, sees in ((actor, True), (member(Role.AGENT), True), (member(), False)):
        client.force_login(reader)
        assert (entry.subject_label in text(client.get("/journal/"))) is sees
