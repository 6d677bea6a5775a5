"""Portals of a DRIMbox Client: informed, brought to the requirements or ended, with proof."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from pilots.enums import PortalOutcome, PortalProof
from pilots.va.models import Portal, PortalAbsence, PortalAbsenceFile, PortalFile
from pilots.va.selectors.portals import (
    clients_to_ask,
    end_of,
    information,
    pending_portals,
    portal_lines,
)
from pilots.va.services.portals import absence_save, portal_save
from tests.by import acting
from tests.calendar_app.papers import upload
from tests.entries import entries
from tests.factories import PrestationFactory, member

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)
TOMORROW = dt.date(2026, 11, 24)
MINUTE = dt.timedelta(minutes=1)
PENDING, INTEGRATES = PortalOutcome.PENDING, PortalOutcome.INTEGRATES
ENDED = PortalOutcome.DECOMMISSIONED


@pytest.fixture
def prestation(calendars):
    return PrestationFactory(supplier__solution__drimbox=True)


@pytest.fixture
def save(prestation):
    actor = member(Role.SALARIE, prestation.organisation, full_name="Lucie Ferrandin")

    def do(name="Portail Patients", portal=None, now=NOW, **fields):
        read = fields.pop("read", portal.recorded_at.isoformat() if portal else "")
        return portal_save(
            prestation, portal=portal, name=name, read=read, by=acting(actor, now), **fields
        )

    return do


def test_from_inscription_to_decommissioning(save):
    row = save(informed_on=DAY, informed_proofs=[upload("message.pdf")])
    row = save("Portail", row, NOW + MINUTE, outcome=ENDED, done_on=DAY, proofs=[upload()])
    assert (row.name, row.informed_on, row.outcome, row.done_on) == ("Portail", None, ENDED, DAY)
    assert [file.about for file in row.files.all()] == [PortalProof.INFORMED, PortalProof.OUTCOME]
    assert [entry.act for entry in entries(row)] == ["portal.create", "portal.update"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"informed_on": TOMORROW, "informed_proofs": [upload()]}, "informed_on"),
        ({"informed_on": DAY}, "informed_proofs"),
        ({"informed_on": DAY, "proofs": [upload()]}, "informed_proofs"),
        ({"outcome": ENDED, "done_on": DAY, "informed_proofs": [upload()]}, "proofs"),
        ({"outcome": INTEGRATES, "done_on": DAY}, "proofs"),
        ({"outcome": INTEGRATES, "proofs": [upload()]}, "done_on"),
        ({"outcome": ENDED, "done_on": TOMORROW, "proofs": [upload()]}, "done_on"),
        ({"done_on": DAY}, "outcome"),
    ],
)
def test_what_is_missing_is_shown_by_field_and_nothing_is_written(save, fields, wrong):
    with pytest.raises(ValidationError) as refused:
        save(**fields)
    assert set(refused.value.message_dict) == {wrong}
    assert not Portal.objects.exists()
    assert not PortalFile.objects.exists()


def test_the_day_of_the_information_corrected_keeps_its_proof(save):
    row = save(informed_on=DAY, informed_proofs=[upload("message.pdf")])
    row = save(portal=row, now=NOW + MINUTE, informed_on=DAY - dt.timedelta(days=2))
    assert row.files.get().name == "message.pdf"


def test_the_day_of_the_outcome_corrected_keeps_its_proof(save):
    row = save(outcome=INTEGRATES, done_on=DAY, proofs=[upload("recette.pdf")])
    before = DAY - dt.timedelta(days=2)
    row = save(portal=row, now=NOW + MINUTE, outcome=INTEGRATES, done_on=before)
    assert (row.done_on, row.files.get().name) == (before, "recette.pdf")


def test_a_name_is_inscribed_once(save):
    save()
    with pytest.raises(ValidationError, match="déjà inscrit"):
        save()


def test_changing_what_became_of_it_says_why_and_proves_the_new(save):
    row = save(outcome=INTEGRATES, done_on=DAY, note="Version 3", proofs=[upload()])
    for fields in ({}, {"outcome": ENDED, "done_on": DAY, "proofs": [upload()]}):
        with pytest.raises(ValidationError) as refused:
            save(portal=row, note="Version 3", **fields)
        assert set(refused.value.message_dict) == {"note"}
    with pytest.raises(ValidationError, match="joignez"):
        save(portal=row, note="Arrêté finalement.", outcome=ENDED, done_on=DAY)
    assert save(portal=row, note="Constat erroné.").outcome == PENDING


def test_the_second_of_two_at_once_is_refused(save):
    row = save()
    save("Portail des patients", row, NOW + MINUTE)
    with pytest.raises(ValidationError, match="Lucie Ferrandin a entre-temps modifié"):
        save("Autre nom", row, NOW + 2 * MINUTE)
    assert Portal.objects.get().name == "Portail des patients"


def test_only_a_drimbox_prestation_has_portals(calendars):
    ris = PrestationFactory()
    with pytest.raises(ValidationError, match="prestation DRIMbox"):
        portal_save(ris, name="Portail", by=acting(member(), NOW))


def test_the_end_is_the_last_regulatory_milestone_of_the_calendar(prestation):
    dispositif = prestation.dispositif
    assert end_of(dispositif) == dt.datetime(2027, 12, 15, 11, tzinfo=dt.UTC)
    last = dispositif.milestones.get(number=6)
    last.due_at = dt.datetime(2028, 3, 15, 11, tzinfo=dt.UTC)
    last.save()
    assert end_of(dispositif) == last.due_at
    assert "avant le mercredi 15 mars 2028 à 12h (heure de Paris)" in information(
        prestation, last.due_at
    )
    last.estimated_at, last.due_at = last.due_at, None
    last.save()
    assert end_of(dispositif) == dispositif.milestones.get(number=5).due_at


def test_what_is_still_to_treat_comes_first_with_its_days(save, prestation):
    save("A, arrêté", outcome=ENDED, done_on=DAY, proofs=[upload()])
    save("Z, à traiter")
    lines = portal_lines(prestation, now=NOW)
    assert [(line.portal.name, line.meaning) for line in lines] == [
        ("Z, à traiter", "to-come"),
        ("A, arrêté", "done"),
    ]
    assert lines[0].left.phrase == "387 jours, dont 269 ouvrés"


def test_done_after_the_end_is_shown(save, prestation):
    after = dt.datetime(2027, 12, 20, 9, tzinfo=dt.UTC)
    save(now=after, outcome=ENDED, done_on=dt.date(2027, 12, 16), proofs=[upload()])
    save("En retard", now=after)
    late, done = portal_lines(prestation, now=after)
    assert (late.meaning, late.is_late) == ("late", False)
    assert (done.meaning, done.is_late) == ("done", True)


def test_the_list_of_what_remains_is_that_of_who_reads_it(save, prestation):
    save("Informé", informed_on=DAY, informed_proofs=[upload()])
    save("Pas informé")
    save("Arrêté", outcome=ENDED, done_on=DAY, proofs=[upload()])
    names = [portal.name for portal in pending_portals(member(Role.AGENT))]
    assert sorted(names) == ["Informé", "Pas informé"]
    assert not pending_portals(member())


# --- No portal at all ---------------------------------------------------------------------------


@pytest.fixture
def state(prestation):
    actor = member(Role.SALARIE, prestation.organisation, full_name="Lucie Ferrandin")

    def do(stated_on=DAY, now=NOW, **fields):
        values = {"proofs": [upload("attestation.pdf")], **fields}
        return absence_save(prestation, stated_on=stated_on, by=acting(actor, now), **values)

    return do


def test_a_client_never_asked_is_the_next_thing_to_do(prestation, calendars):
    agent = member(Role.AGENT)
    PrestationFactory()
    assert list(clients_to_ask(agent)) == [prestation]
    assert list(clients_to_ask(member(Role.SALARIE, prestation.organisation))) == [prestation]
    assert not clients_to_ask(member())


def test_a_portal_or_its_absence_takes_the_client_off_that_list(save, state, prestation):
    agent = member(Role.AGENT)
    state()
    assert not clients_to_ask(agent)
    save()
    assert not PortalAbsence.objects.filter(ended_at=None).exists()
    assert not clients_to_ask(agent)


def test_an_absence_is_dated_and_proved(state):
    row = state(note=" Images sur CD. ")
    assert (row.stated_on, row.note, row.recorded_by_name) == (
        DAY,
        "Images sur CD.",
        "Lucie Ferrandin",
    )
    assert row.files.get().name == "attestation.pdf"


@pytest.mark.parametrize(
    ("fields", "wrong"), [({"stated_on": TOMORROW}, "stated_on"), ({"proofs": []}, "proofs")]
)
def test_what_an_absence_lacks_is_shown_by_field(state, fields, wrong):
    with pytest.raises(ValidationError) as refused:
        state(**fields)
    assert set(refused.value.message_dict) == {wrong}
    assert not PortalAbsence.objects.exists()
    assert not PortalAbsenceFile.objects.exists()


def test_a_second_declaration_replaces_the_first_and_keeps_it(state):
    first = state()
    second = state(now=NOW + MINUTE)
    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (NOW + MINUTE, None)


def test_a_portal_inscribed_ends_the_absence_and_forbids_another(state, save):
    row = state()
    save(now=NOW + MINUTE)
    row.refresh_from_db()
    assert row.ended_at == NOW + MINUTE
    with pytest.raises(ValidationError, match="Un portail de ce Client est inscrit"):
        state()


def test_only_a_drimbox_client_is_asked(calendars):
    with pytest.raises(ValidationError, match="prestation DRIMbox"):
        absence_save(PrestationFactory(), stated_on=DAY, by=acting(member(), NOW))
