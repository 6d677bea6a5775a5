"""What the ASP answers, recorded in order."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from journal.services.readings import fields_stamp
from pilots.enums import ASP_TRANSITIONS, AspRequestState
from pilots.pv.models import AspRequest
from pilots.pv.services import requests
from tests.by import acting
from tests.entries import entries
from tests.pilots.cases import NOW, fournisseur, named

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
S = AspRequestState
DAY = dt.date(2026, 10, 12)


@pytest.fixture
def request_():
    return AspRequest.objects.filter(prestation=named().prestation).first()


def record(row, to, on=DAY, **values):
    actor = fournisseur(row.prestation.pilot)
    return requests.record(row, to=to, on=on, by=acting(actor, NOW), **values)


def put(row, state, on=dt.date(2026, 10, 1)):
    row.state, row.on = state, None if state == S.TO_DEPOSIT else on
    row.save()
    return row


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("to", S)
def test_every_transition(request_, before, to):
    put(request_, before)
    if to in ASP_TRANSITIONS[before] or (to == before != S.TO_DEPOSIT):
        assert record(request_, to).state == to
        return
    with pytest.raises(ValidationError) as refused:
        record(request_, to)
    [sentence] = refused.value.message_dict["state"]
    assert f"« {before.label} »" in sentence
    assert all(f"« {state.label} »" in sentence for state in ASP_TRANSITIONS[before])
    request_.refresh_from_db()
    assert request_.state == before


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (dt.date(2026, 11, 23), "dans le futur"),
        (dt.date(2023, 12, 31), "Vérifiez l'année"),
        (dt.date(2026, 9, 30), "« Déposée » date du 01/10/2026"),
    ],
)
def test_a_day_that_cannot_be(request_, on, words):
    put(request_, S.DEPOSITED)
    with pytest.raises(ValidationError) as refused:
        record(request_, S.VALIDATED, on)
    assert words in refused.value.message_dict["on"][0]


def test_the_first_day_of_2024_is_not_too_old(request_):
    assert record(request_, S.DEPOSITED, dt.date(2024, 1, 1)).deposited_on == dt.date(2024, 1, 1)


def test_today_in_paris_is_not_the_future(request_):
    late = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    row = requests.record(
        request_,
        to=S.DEPOSITED,
        on=dt.date(2026, 11, 23),
        by=acting(fournisseur(request_.prestation.pilot), late),
    )
    assert row.deposited_on == dt.date(2026, 11, 23)


def test_the_days_of_deposit_and_validation_are_kept(request_):
    record(request_, S.DEPOSITED, dt.date(2026, 10, 1), reference="ASP-9")
    record(request_, S.INCOMPLETE, dt.date(2026, 10, 5), note="RIB manquant")
    record(request_, S.DEPOSITED, dt.date(2026, 10, 8))
    record(request_, S.VALIDATED, dt.date(2026, 10, 20))
    row = record(request_, S.PAID, dt.date(2026, 11, 2), reference="ASP-9")
    assert (row.deposited_on, row.validated_on, row.on) == (
        dt.date(2026, 10, 8),
        dt.date(2026, 10, 20),
        dt.date(2026, 11, 2),
    )
    assert [entry.after["state"] for entry in entries(row)][1:] == [
        S.DEPOSITED,
        S.INCOMPLETE,
        S.DEPOSITED,
        S.VALIDATED,
        S.PAID,
    ]


def test_a_validation_that_is_taken_back_has_no_day_left(request_):
    put(request_, S.DEPOSITED)
    record(request_, S.VALIDATED)
    assert record(request_, S.TO_MODIFY).validated_on is None


def test_a_correction_may_go_back_to_the_day_before_it(request_):
    record(request_, S.DEPOSITED, dt.date(2026, 10, 1))
    record(request_, S.VALIDATED, dt.date(2026, 10, 20))
    assert record(request_, S.VALIDATED, dt.date(2026, 10, 19)).validated_on.day == 19
    with pytest.raises(ValidationError):
        record(request_, S.VALIDATED, dt.date(2026, 9, 30))


@pytest.mark.parametrize("to", [state for state in S if state != S.PAID])
def test_a_state_recorded_by_mistake_is_taken_back_with_its_reason(request_, to):
    record(request_, S.DEPOSITED, dt.date(2026, 10, 1))
    record(request_, S.VALIDATED, dt.date(2026, 10, 20))
    record(request_, S.PAID, dt.date(2026, 11, 2))
    row = record(request_, to, dt.date(2026, 10, 3), mistake="Payée par erreur de ligne")
    assert row.state == to
    assert row.on == (None if to == S.TO_DEPOSIT else dt.date(2026, 10, 3))
    assert (row.validated_on is not None) == (to == S.VALIDATED)
    assert (row.deposited_on is None) == (to == S.TO_DEPOSIT)
    assert entries(row)[-1].note.endswith("Motif : Payée par erreur de ligne")


@pytest.mark.parametrize(
    "changed",
    [
        {"to": S.VALIDATED},
        {"on": dt.date(2026, 10, 2)},
        {"reference": "ASP-9"},
        {"to": S.INCOMPLETE, "note": "RIB manquant"},
    ],
)
def test_what_a_colleague_has_changed_meanwhile_is_not_overwritten(request_, changed):
    row = record(request_, S.DEPOSITED, dt.date(2026, 10, 1))
    read = fields_stamp(row, requests.RECORDED)
    record(request_, **{"to": S.DEPOSITED, "on": dt.date(2026, 10, 1), **changed})
    with pytest.raises(ValidationError, match="a entre-temps modifié cette demande"):
        record(request_, S.DEPOSITED, dt.date(2026, 10, 3), read=read)


def test_what_the_asp_asked_is_behind_once_it_is_answered(request_):
    record(request_, S.DEPOSITED, dt.date(2026, 10, 1))
    record(request_, S.INCOMPLETE, dt.date(2026, 10, 5), note="RIB manquant")
    row = record(request_, S.DEPOSITED, dt.date(2026, 10, 8), note="RIB manquant")
    assert row.note == ""
    assert "RIB manquant" in [entry.after.get("note") for entry in entries(row)]
