"""A payment declared before its realisation: warned of, confirmed, journaled, or refused where the
parameter says so. What blocks is shown before the form.
"""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.rules.parameters import ORDER_REFUSED
from calendar_app.services import decisions
from parameters.models import RegulatoryParameter
from tests.by import acting
from tests.calendar_app.filing_cases import NOW, file, of_prestation
from tests.calendar_app.papers import upload
from tests.entries import entries
from tests.factories import member
from tests.pages import page, text

pytestmark = pytest.mark.usefixtures("calendars")
CONFIRM = "Je confirme ce dépôt alors que la réalisation n'est pas déclarée."
WARNED = "La réalisation sur laquelle repose cette demande n'est pas déclarée"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def filer(client):
    person = member(Role.MANDATAIRE)
    client.force_login(person)
    return person


@pytest.fixture
def solde(filer):
    return of_prestation(6, editeur=filer)


@pytest.fixture
def realisation(solde):
    return solde.prestation.deadlines.get(milestone__number=5)


def url(deadline):
    return reverse("deadlines:prepare", args=[deadline.pk])


def declare(client, deadline, **fields):
    typed = {
        "deposited_at_jour": "2027-06-08",
        "deposited_at_heure": "10:00",
        "proofs": [upload()],
        "declared": "on",
        "read": "",
        "deposer": "1",
    }
    return client.post(url(deadline), {**typed, **fields})


def refuse_by_parameter():
    RegulatoryParameter.objects.create(
        key=ORDER_REFUSED,
        value=True,
        effective_from=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        source="Arrêté fictif",
        author_name="Essai",
    )


def test_the_warning_stands_before_the_form(client, solde):
    shown = text(client.get(url(solde)))

    assert WARNED in shown
    assert CONFIRM in shown


def test_without_confirmation_nothing_is_filed(client, solde):
    response = declare(client, solde)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["out_of_order"]
    solde.refresh_from_db()
    assert solde.state == State.DRAFT


def test_a_confirmed_deposit_is_journaled_as_such(client, solde):
    assert declare(client, solde, out_of_order="on").status_code == 302

    solde.refresh_from_db()
    assert solde.state == State.FILED
    assert "enregistré, confirmé avant la réalisation, récépissé" in entries(solde)[-1].what


@pytest.mark.parametrize("settled", ["filed", "accepted", "set_aside"])
def test_once_the_realisation_is_settled_nothing_is_asked(
    client, filer, solde, realisation, settled
):
    if settled == "set_aside":
        decisions.set_aside(realisation, reason="Sans travaux.", by=acting(filer, NOW))
    else:
        filing = file(realisation, filer)
        if settled == "accepted":
            agent = acting(member(Role.AGENT), NOW)
            decisions.decide(filing, decision=State.ACCEPTED, by=agent)

    assert WARNED not in text(client.get(url(solde)))
    assert declare(client, solde).status_code == 302
    assert "confirmé avant" not in entries(solde)[-1].what


def test_a_realisation_to_correct_is_not_done(client, filer, solde, realisation):
    filing = file(realisation, filer)
    agent = acting(member(Role.AGENT), NOW)
    decisions.decide(filing, decision=State.TO_CORRECT, reason="Page 2 absente.", by=agent)

    assert WARNED in text(client.get(url(solde)))
    assert declare(client, solde).status_code == 422


def test_the_advance_rests_on_no_realisation(client, filer):
    advance = of_prestation(4, editeur=filer)

    assert WARNED not in text(client.get(url(advance)))
    assert declare(client, advance).status_code == 302


def test_the_parameter_refuses_it_even_confirmed_and_says_so_before_the_form(
    client, solde, realisation
):
    refuse_by_parameter()

    before = client.get(url(solde))
    response = declare(client, solde, out_of_order="on")

    assert "Ce qui bloque le dépôt aujourd'hui :" in text(before)
    [reason] = before.context["reasons"]
    assert reason["reason"] == f"{realisation.title} : la réalisation n'est pas déclarée."
    assert reason["who"] == str(solde.organisation)
    assert response.status_code == 422
    assert "Le dépôt n'est pas enregistré. Il manque :" in text(response)
    solde.refresh_from_db()
    assert solde.state == State.DRAFT


def test_missing_rights_are_shown_before_the_form_too(client, filer):
    advance = of_prestation(4, editeur=filer, psc_from=None, psc_until=None)

    before = client.get(url(advance))

    [reason] = before.context["reasons"]
    assert reason["reason"].startswith("L'habilitation EDC PSC")
    assert "Ce qui bloque le dépôt aujourd'hui :" in text(before)


def test_the_take_over_asks_the_same_confirmation(client, filer, solde, realisation, time_machine):
    late = dt.datetime(2027, 10, 4, 9, tzinfo=dt.UTC)
    time_machine.move_to(late, tick=False)
    client.force_login(filer)
    solde.prestation.created_at = late
    solde.prestation.save()
    address = reverse("prestations:takeover", args=[solde.prestation_id])
    prefix = f"jalon-{solde.pk}-"
    typed = {
        f"jalon-{row.pk}-claim": "PAS_FAIT"
        for row in solde.prestation.deadlines.exclude(pk=solde.pk)
    } | {
        f"{prefix}claim": "DANS_LES_DELAIS",
        f"{prefix}deposited_at_jour": "2027-09-20",
        f"{prefix}deposited_at_heure": "10:00",
        f"{prefix}without_proof": "on",
    }

    refused = client.post(address, typed)
    taken = client.post(address, {**typed, f"{prefix}out_of_order": "on"})

    assert refused.status_code == 422
    [wrong] = refused.context["wrong"]
    assert list(wrong.errors) == ["out_of_order"]
    assert taken.status_code == 302
    what = entries(solde)[-1].what
    assert "enregistré, sans preuve, confirmé avant la réalisation" in what


def test_an_outsider_sees_no_form(client, solde):
    assert page(client, member(Role.MANDATAIRE), url(solde)).status_code == 404
