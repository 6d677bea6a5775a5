"""The demonstration shows of the portfolio what it promises."""

import pytest
import time_machine

from accounts.models import User
from calendar_app.demo import cast
from segur.lib.instants import instant as at
from tests.pages import cells, page, text

SUNDAY_EVENING = "22/11/2026 23:30"
pytestmark = pytest.mark.demonstration_at(at(SUNDAY_EVENING))


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(at(SUNDAY_EVENING), tick=False):
        yield


def shown(client, person, address):
    return page(client, User.objects.get(email=person.email), address)


def test_some_are_late_some_blocked_and_some_at_risk(client, demo):
    lead = text(shown(client, cast.SALARIE, "/portefeuille/"))
    assert "4 en retard, 10 bloqués, 10 à risque, sur 93 échéances de jalon." in lead


def test_the_drimbox_is_realised_too_slowly(client, demo):
    response = shown(client, cast.SALARIE, "/portefeuille/rythme/")
    late = {found.milestone.dispositif.slug: found.pace.gap for found in response.context["paces"]}
    assert late["drimbox"] > 0 > late["ris"]


def test_the_distributeur_without_a_mandate_has_its_soldes_blocked(client, demo):
    response = shown(client, cast.DISTRIBUTEUR, "/portefeuille/montants/")
    assert cells(response, "Montant") == ["37 500,00 €"]
    assert cells(response, "Qui doit agir") == [f"{cast.EDITEUR} (éditeur)"]
