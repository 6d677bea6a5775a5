"""The public pages: what is kept and for how long, what the operator must fill in."""

import pytest
from django.urls import reverse
from django.utils import timezone

from parameters.models import RegulatoryParameter
from privacy.rules.parameters import HOST, MAIL_MONTHS
from privacy.rules.register import REGISTER
from privacy.services.retention import run
from tests.pages import cells, markup, text

pytestmark = pytest.mark.django_db
POLICY, NOTICE = reverse("privacy:policy"), reverse("privacy:legal_notice")
TO_FILL_IN = "À compléter par l'exploitant de ce site."


def set_to(key, value):
    RegulatoryParameter.objects.create(
        key=key, value=value, effective_from=timezone.now(), source="Décision"
    )


@pytest.mark.parametrize("address", [POLICY, NOTICE])
def test_anybody_reads_them_and_the_footer_leads_there(client, address):
    assert client.get(address).status_code == 200
    assert f'href="{address}"' in markup(client.get(reverse("sources")))


def test_what_the_operator_has_not_written_is_named_as_missing(client):
    assert markup(client.get(NOTICE)).count(TO_FILL_IN) == 2
    set_to(HOST, "Hébergeur Fictif\n1 rue de l'Exemple")
    shown = client.get(NOTICE)
    assert markup(shown).count(TO_FILL_IN) == 1
    assert "Hébergeur Fictif 1 rue de l'Exemple" in text(shown)


def test_the_register_has_one_line_a_kind_with_its_period(client):
    set_to(MAIL_MONTHS, 7)
    lasts = cells(client.get(POLICY), "Durée")
    assert len(lasts) == len(REGISTER)
    assert "7 mois. Restent ensuite la date, la nature et l'état de l'envoi." in lasts


def test_the_last_run_is_shown(client):
    assert "Aucun passage n'est encore enregistré." in text(client.get(POLICY))
    run(now=timezone.now())
    assert "Dernier passage enregistré" in text(client.get(POLICY))


def test_its_queries_do_not_grow(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get(POLICY)
