"""The words for one outage follows its nature: a maintenance is never called «panne»."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from mailing.models import OutgoingMail
from perf.enums import OutageNature, Source
from perf.models import Outage
from perf.services import decisions
from perf.services.merging import separate
from tests.by import acting
from tests.calendar_app.pages import text
from tests.perf.outages.cases import (
    NOW,
    agent,
    contested,
    decided,
    declared,
    distributed,
    fournisseur,
    history,
    outage_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
NOUNS = {
    OutageNature.OUTAGE: "panne",
    OutageNature.MAINTENANCE: "maintenance",
    OutageNature.UNMEASURED: "période non mesurée",
}


@pytest.fixture
def service():
    return distributed()


@pytest.mark.parametrize("nature", NOUNS)
def test_the_journal_and_the_refusals_name_it(service, nature):
    noun = NOUNS[nature]
    outage = contested(service, nature=nature)
    assert [line["what"].split(" : ")[0] for line in history(outage)] == [
        f"{noun.capitalize()} enregistrée",
        f"{noun.capitalize()} contestée",
    ]
    with pytest.raises(ValidationError, match=f"Cette {noun} est déjà contestée"):
        decisions.contest(outage, reason="Non.", by=acting(fournisseur(service), NOW))
    declared(service, source=Source.SUPPLIER, reference="B", outage=outage)
    with pytest.raises(ValidationError, match=f"dans une {noun} contestée"):
        separate(outage.counting, by=acting(agent(), NOW))
    with pytest.raises(ValidationError, match=f"Cette {noun} est déjà terminée"):
        decisions.end(outage, ended_at=NOW, by=acting(agent(), NOW))
    decided(outage)
    with pytest.raises(ValidationError, match=f"Cette {noun} n'est pas contestée"):
        decided(outage)


@pytest.mark.parametrize("nature", NOUNS)
def test_the_page_the_messages_and_the_mail_name_it(client, service, nature):
    noun, person = NOUNS[nature], fournisseur(service)
    outage = outage_of(service, nature=nature)
    client.force_login(person)
    page = text(client.get(reverse("perf:outage", args=[outage.pk])))
    assert f"Contester la {noun}" in page
    contest = reverse("perf:outage_contest", args=[outage.pk])
    answer = client.post(contest, {"reason": "Non."}, follow=True)
    assert f"La {noun} compte tant que l'ANS n'a pas décidé." in text(answer)
    decided(outage)
    [mail] = OutgoingMail.objects.filter(to_email=person.email)
    assert f"L'ANS retient cette {noun}" in mail.body_text.replace("\u00a0", " ")
    assert f"Voir la {noun}" in mail.body_html.replace("\u00a0", " ")
    if nature != OutageNature.OUTAGE:
        everything = f"{mail.subject} {mail.body_text} {mail.body_html}".lower()
        assert re.search(r"\bpanne\b", everything) is None  # but the addresses have «pannes»


@pytest.mark.parametrize("nature", [OutageNature.OUTAGE, OutageNature.MAINTENANCE])
def test_recorded_by_hand_the_message_names_it(client, service, nature):
    client.force_login(fournisseur(service))
    data = {
        "source": "FOURNISSEUR",
        "nature": nature,
        "started_at_jour": "16/11/2026",
        "started_at_heure": "23:10",
        "ended_at_jour": "17/11/2026",
        "ended_at_heure": "10:00",
    }
    address = reverse("perf:outage_create", args=[service.prestation.pk])
    page = text(client.post(address, data, follow=True))
    assert f"{NOUNS[nature].capitalize()} enregistrée." in page
    assert str(Outage.objects.get()).endswith(f"{NOUNS[nature]} n° {Outage.objects.get().pk}")
