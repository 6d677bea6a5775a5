"""The acts on a half-connector: dated, proved, with a reason, and never over somebody else's."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from pilots.enums import ConnectorKind, ConnectorState
from pilots.va.models import Connector, ConnectorFile
from pilots.va.selectors.connectors import board, is_complete, summary_of
from pilots.va.services.connectors import set_connector
from tests.by import acting
from tests.calendar_app.papers import EXE, upload
from tests.entries import entries
from tests.factories import PrestationFactory, member

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)
MINUTE = dt.timedelta(minutes=1)
KIND = ConnectorKind.DB_CR
TO_DO, TESTED = ConnectorState.TO_DO, ConnectorState.TESTED
VALIDATED, ASIDE = ConnectorState.VALIDATED, ConnectorState.NOT_CONCERNED


@pytest.fixture
def prestation(calendars):
    return PrestationFactory()


@pytest.fixture
def actor(prestation):
    return member(Role.SALARIE, prestation.organisation, full_name="Lucie Ferrandin")


@pytest.fixture
def act(prestation, actor):
    """Set the half-connector as somebody who has just read it would."""

    def do(state, on=DAY, *, kind=KIND, read=None, now=NOW, by=actor, **fields):
        line = next(line for line in board(prestation) if line.kind == kind)
        read = line.stamp if read is None else read
        return set_connector(
            prestation, kind, state=state, on=on, read=read, by=acting(by, now), **fields
        )

    return do


def test_tested_then_validated_with_its_proof(act, prestation):
    act(TESTED)
    row = act(VALIDATED, proofs=[upload("essai.pdf")], now=NOW + MINUTE)
    assert (row.state, row.on, row.recorded_by_name) == (VALIDATED, DAY, "Lucie Ferrandin")
    proof = row.files.get()
    assert (proof.name, proof.document_date, proof.uploaded_at) == ("essai.pdf", DAY, NOW + MINUTE)
    found = [(entry.act, entry.at) for entry in entries(row)]
    assert found == [("connector.test", NOW), ("connector.validate", NOW + MINUTE)]


def test_sent_back_to_do_needs_no_day(act):
    act(TESTED)
    assert act(TO_DO, on=None, note="Le test portait sur une autre version.").on is None


@pytest.mark.parametrize(
    ("before", "state", "fields", "wrong"),
    [
        (TO_DO, TESTED, {"on": None}, "on"),
        (TO_DO, TESTED, {"on": dt.date(2026, 11, 24)}, "on"),
        (TO_DO, VALIDATED, {}, "proofs"),
        (TO_DO, ASIDE, {}, "note"),
        (TESTED, TO_DO, {"on": None}, "note"),
        (TESTED, TO_DO, {"on": None, "note": "   "}, "note"),
        (TESTED, VALIDATED, {"on": DAY - dt.timedelta(1), "proofs": [upload()]}, "on"),
        (VALIDATED, TESTED, {}, "note"),
        (VALIDATED, ASIDE, {}, "note"),
        (ASIDE, TO_DO, {"on": None}, "note"),
    ],
)
def test_what_is_missing_is_shown_by_field_and_nothing_is_written(
    act, before, state, fields, wrong
):
    if before != TO_DO:
        act(before, note="Parce que.", proofs=[upload()])
    written = Connector.objects.count(), ConnectorFile.objects.count()
    with pytest.raises(ValidationError) as refused:
        act(state, now=NOW + MINUTE, **fields)
    assert set(refused.value.message_dict) == {wrong}
    assert (Connector.objects.count(), ConnectorFile.objects.count()) == written


def test_a_day_is_that_of_paris(act):
    late_evening_utc = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)
    assert act(TESTED, dt.date(2026, 11, 24), now=late_evening_utc).on == dt.date(2026, 11, 24)


def test_a_validation_taken_back_takes_its_proof_with_it(act):
    act(VALIDATED, proofs=[upload()])
    act(VALIDATED, note="Faute de frappe corrigée.", now=NOW + MINUTE)
    act(TESTED, note="Le flux est tombé.", now=NOW + 2 * MINUTE)
    with pytest.raises(ValidationError, match="joignez au moins une pièce"):
        act(VALIDATED, now=NOW + 3 * MINUTE)
    act(TESTED, proofs=[upload("second.pdf")], now=NOW + 4 * MINUTE)
    assert act(VALIDATED, now=NOW + 5 * MINUTE).files.count() == 2


def test_a_proof_put_with_a_validation_does_not_uphold_the_next(act):
    act(VALIDATED, proofs=[upload()])
    act(TESTED, note="Le flux est tombé.", now=NOW + MINUTE)
    with pytest.raises(ValidationError, match="joignez au moins une pièce"):
        act(VALIDATED, now=NOW + 2 * MINUTE)


def test_a_refused_file_leaves_nothing_behind(act, settings):
    with pytest.raises(ValidationError, match="vrai fichier"):
        act(VALIDATED, proofs=[upload("bon.pdf"), upload("faux.pdf", EXE)])
    assert not Connector.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_the_second_of_two_at_once_reads_who_came_first(act, prestation):
    act(TESTED)
    other = member(Role.SALARIE, prestation.organisation, full_name="Karim Deslandes")
    with pytest.raises(ValidationError, match="Lucie Ferrandin a entre-temps passé") as refused:
        act(ASIDE, note="Pas de DRIMbox ici.", read="", by=other, now=NOW + MINUTE)
    assert "« Testé »" in refused.value.messages[0]
    assert Connector.objects.get().state == TESTED


def test_a_kind_of_another_prestation_is_refused(calendars, actor):
    drimbox = PrestationFactory(supplier__solution__drimbox=True)
    with pytest.raises(ValidationError, match="ne fait pas partie"):
        set_connector(drimbox, ConnectorKind.GAM_PAM, state=TESTED, on=DAY, by=acting(actor, NOW))


def test_board_has_a_line_for_each_and_the_summary_counts_what_concerns(
    act, prestation, django_assert_num_queries
):
    assert summary_of(board(prestation)) == "0 sur 6 validé"
    act(VALIDATED, proofs=[upload()])
    act(VALIDATED, kind=ConnectorKind.PFI_CR, proofs=[upload()])
    act(TESTED, kind=ConnectorKind.DB_CALL)
    act(ASIDE, kind=ConnectorKind.TELE_ORM, note="Pas de téléradiologie.")
    with django_assert_num_queries(2):
        lines = board(prestation)
    states = [line.state for line in lines]
    assert states == [VALIDATED, TESTED, VALIDATED, TO_DO, ASIDE, TO_DO]
    assert summary_of(board(prestation)) == "2 sur 5 validés, 1 sans objet"
    assert not is_complete(lines)


def test_nothing_to_validate_is_complete(act, prestation):
    for kind in ConnectorKind:
        act(ASIDE, kind=kind, note="Prestation arrêtée.")
    assert summary_of(board(prestation)) == "Tous sans objet"
    assert is_complete(board(prestation))
