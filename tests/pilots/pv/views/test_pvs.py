"""Pages of a pilot PV: prepared, signed, sent, taken back, and what its Fournisseur reads of it."""

import datetime as dt
import io

import pikepdf
import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from documents.reading import apart
from documents.reading.apart import read_apart
from pilots.enums import PVState
from pilots.pv.models import Pilot, PilotPV, PVDecision
from pilots.pv.services import review, signatures
from segur.lib import paris
from tests import pdfs
from tests.by import acting
from tests.calendar_app.filing_cases import content_of
from tests.calendar_app.pages import held_again, held_in, reading, text
from tests.factories import (
    member,
)
from tests.pages import markup
from tests.pilots import signing
from tests.pilots.cases import (
    NOW,
    complete,
    drafted,
    fournisseur,
    in_state,
    log_in,
    named,
    sent,
    signed_pv,
    stored,
    validated,
)
from tests.pilots.reviewing import reason

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("calendars", "checklists"),
    pytest.mark.at(NOW),
]


@pytest.fixture
def pv():
    return signed_pv()


def test_preparing_then_completing_a_pv(client):
    pilot = validated(named())
    log_in(client, pilot, Role.SALARIE)
    response = client.post(reverse("pilots:pv_create", args=[pilot.pk]))
    pv = PilotPV.objects.get()
    assert response["Location"] == reverse("pilots:pv_edit", args=[pv.pk])
    values = {f"mention_{row.code}": row.value or "Oui." for row in pv.mentions.all()}
    values |= {"realised_on": "2026-11-10", "signatory_name": "Camille Fictive"}
    values |= reading(client, response["Location"])
    assert client.post(response["Location"], values).status_code == 302
    page = markup(client.get(reverse("pilots:pv", args=[pv.pk])))
    assert "Faites-le signer par le Client" in page
    assert not pv.mentions.filter(value="").exists()


def test_a_second_pv_is_refused_on_the_page_of_the_client(client, pv):
    log_in(client, pv.pilot)
    response = client.post(reverse("pilots:pv_create", args=[pv.pilot_id]), follow=True)
    assert "a déjà un PV" in markup(response)


def test_editing_a_signed_pv_warns_first_and_makes_a_draft(client, pv):
    log_in(client, pv.pilot)
    url = reverse("pilots:pv_edit", args=[pv.pk])
    assert "faire signer de nouveau" in markup(client.get(url))
    assert client.post(url, reading(client, url)).status_code == 302
    pv.refresh_from_db()
    assert pv.state == PVState.DRAFT


def test_the_second_of_two_who_edit_a_pv_is_refused_and_overwrites_nothing(client, pv):
    log_in(client, pv.pilot)
    url = reverse("pilots:pv_edit", args=[pv.pk])
    read = reading(client, url)
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        client.post(url, {"comment": "Deux sites.", **read})
        late = client.post(url, {"comment": "Un site.", **read})
    assert late.status_code == 422
    assert "a entre-temps modifié ce PV" in markup(late)
    assert "Un site." in markup(late)
    pv.refresh_from_db()
    assert pv.comment == "Deux sites."


def test_the_pdf_to_sign(client):
    pv = complete(drafted(), comment="Deux sites.\nLe second suit.")
    row = pv.mentions.first()
    row.value = "Prénom *Nom* #1\nService"
    row.save()
    log_in(client, pv.pilot)
    response = client.get(reverse("pilots:pv_pdf", args=[pv.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="pv-pilote-{pv.pk}.pdf"'
    prestation = pv.pilot.prestation
    assert pdfs.claims(response.content) == {
        "language": "fr",
        "is_tagged": True,
        "shows_title": True,
        "title": f"PV d'installation pilote, {prestation.client}",
        "part": "1",
    }
    shown = pdfs.words(response.content)
    for words in (
        "Procès-verbal d'installation pilote Ségur du numérique en santé, Vague 2",
        f"PV n° {pv.pk} Mentions {row.label} Prénom *Nom* #1 Service",
        "Observations Deux sites. Le second suit.",
        "conforme de la Prestation Ségur, le mardi 10 novembre 2026, ainsi que la stabilité",
        f"Pour le Client {prestation.client} Camille Fictive Directrice Date : Signature :",
        f"Pour le Fournisseur {prestation.organisation} Nom et qualité : Date : Signature :",
        f"Produit le {paris.minute(NOW)} (heure de Paris)",
    ):
        assert words in shown


def test_the_pdf_of_a_pv_without_signatory_leaves_room_for_one(client):
    pv = drafted()
    log_in(client, pv.pilot)
    shown = pdfs.words(client.get(reverse("pilots:pv_pdf", args=[pv.pk])).content)
    client_name = pv.pilot.prestation.client
    assert f"Pour le Client {client_name} Nom et qualité : Date : Signature :" in shown
    assert "Observations" not in shown
    assert "la Prestation Ségur, ainsi que la stabilité" in shown


def refusal_of(response):
    assert response.status_code == 422
    [words] = response.context["form"].errors["upload"]
    return words


def blank_page():
    opened, target = pikepdf.new(), io.BytesIO()
    opened.add_blank_page()
    opened.save(target)
    return target.getvalue()


def test_the_pdf_to_sign_is_refused_until_it_is_signed(client):
    pv = complete(drafted())
    log_in(client, pv.pilot)
    ours = client.get(reverse("pilots:pv_pdf", args=[pv.pk])).content
    url = reverse("pilots:pv_sign", args=[pv.pk])

    def send(content):
        return client.post(url, {"upload": signing.upload(content), "signed_on": "2026-11-12"})

    assert "tel que ce site l'a produit : aucune signature" in refusal_of(send(ours))
    assert "que des pages blanches" in refusal_of(send(blank_page()))
    assert stored() == 0
    assert send(signing.signed(ours)).status_code == 302
    assert stored() == 1


def test_a_pv_produced_before_its_mentions_is_refused_even_signed(client):
    pv = drafted()
    log_in(client, pv.pilot)
    ours = client.get(reverse("pilots:pv_pdf", args=[pv.pk])).content
    complete(pv)
    values = {"upload": signing.upload(signing.signed(ours)), "signed_on": "2026-11-12"}
    response = client.post(reverse("pilots:pv_sign", args=[pv.pk]), values)
    assert "avant que ses mentions soient remplies" in refusal_of(response)
    assert stored() == 0


@pytest.fixture
def readings(monkeypatch):
    """One for each process that reads a file."""
    found = []

    def counted(*arguments, content, seconds):
        found.append(len(content))
        return read_apart(*arguments, content=content, seconds=seconds)

    monkeypatch.setattr(signatures, "read_apart", counted)
    return found


def test_a_signed_file_is_read_once_by_the_form_and_its_service(client, readings, scans):
    pv = complete(drafted())
    log_in(client, pv.pilot)
    content = signing.signed()
    values = {"upload": signing.upload(content), "signed_on": "2026-11-12"}
    assert client.post(reverse("pilots:pv_sign", args=[pv.pk]), values).status_code == 302
    assert (readings, scans) == ([len(content)], [])


def test_a_good_file_is_held_while_its_day_is_corrected(client, scans):
    pv = complete(drafted())
    log_in(client, pv.pilot)
    url = reverse("pilots:pv_sign", args=[pv.pk])
    content = signing.signed()
    response = client.post(url, {"upload": signing.upload(content), "signed_on": ""})
    form = response.context["form"]
    assert held_in(form, "upload") == ["pv-signe.pdf"]
    response = client.post(url, {"signed_on": "2026-11-12", **held_again([form])})
    assert response.status_code == 302
    assert content_of(pv.files.get()) == content
    assert scans == []


def test_a_file_that_the_service_refuses_is_not_held(client):
    pv = complete(drafted())
    log_in(client, pv.pilot)
    values = {"upload": signing.upload(blank_page()), "signed_on": "2026-11-12"}
    response = client.post(reverse("pilots:pv_sign", args=[pv.pk]), values)
    assert held_in(response.context["form"], "upload") == []


def test_a_pv_that_could_not_be_made_is_a_page_that_leads_back(client, pv, monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 0.001)
    log_in(client, pv.pilot)
    response = client.get(reverse("pilots:pv_pdf", args=[pv.pk]))
    assert response.status_code == 503
    back = reverse("pilots:pv", args=[pv.pk])
    assert f'<a class="button" href="{back}">Revenir à la page</a>' in markup(response)


def test_the_signed_file_and_what_its_signature_is_worth(client):
    pv = complete(drafted())
    log_in(client, pv.pilot, Role.SALARIE)
    url = reverse("pilots:pv_sign", args=[pv.pk])
    content = signing.altered(signing.signed())
    values = {"upload": signing.upload(content), "signed_on": "2026-11-12"}
    page = markup(client.post(url, values, follow=True))
    assert "a été modifié après la signature</strong> de Camille Fictive" in page
    file = pv.files.get()
    response = client.get(reverse("pilots:pv_file", args=[file.pk]))
    assert b"".join(response.streaming_content) == content


@pytest.mark.parametrize(
    ("content", "pill", "words"),
    [
        (
            lambda: signing.of_kind("adbe.x509.rsa_sha1", signing.signed()),
            "Non vérifiable",
            ["Signé au nom de Camille Fictive", "qui dit être de Dominique Fictif"],
        ),
        (
            lambda: signing.prepared(signing.unsigned("PV")),
            "Préparée, jamais apposée",
            ["Signature préparée, jamais apposée", "au nom de Dominique Fictif"],
        ),
    ],
)
def test_a_signature_that_is_not_verified_is_shown_with_the_others(client, content, pill, words):
    pv = complete(drafted())
    log_in(client, pv.pilot, Role.SALARIE)
    values = {"upload": signing.upload(content()), "signed_on": "2026-11-12"}
    client.post(reverse("pilots:pv_sign", args=[pv.pk]), values)
    shown = text(client.get(reverse("pilots:pv", args=[pv.pk])))
    assert f"Signature : {pill}" in shown
    for one in words:
        assert one in shown


def test_a_signature_to_come_is_refused(client):
    pv = drafted()
    log_in(client, pv.pilot)
    values = {"upload": signing.upload(signing.signed()), "signed_on": "2027-01-20"}
    response = client.post(reverse("pilots:pv_sign", args=[pv.pk]), values)
    assert response.status_code == 422
    assert "Ce jour est à venir" in markup(response)
    assert stored() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"MZ" + bytes(99), "pas un vrai fichier PDF"),
        (None, "Choisissez le fichier"),
    ],
)
def test_a_wrong_file_is_a_sentence(client, content, words):
    pv = drafted()
    log_in(client, pv.pilot)
    values = {"signed_on": "2026-11-12"}
    if content is not None:
        values["upload"] = signing.upload(content)
    response = client.post(reverse("pilots:pv_sign", args=[pv.pk]), values)
    assert response.status_code == 422
    assert words in markup(response).replace("&#x27;", "'")
    assert stored() == 0


def test_sending_says_that_it_is_done_here_and_shows_the_receipt(client, pv):
    log_in(client, pv.pilot)
    page = markup(client.get(reverse("pilots:pv", args=[pv.pk])))
    assert "Le bouton transmet le PV à l'ANS <strong>par ce site</strong>" in page
    response = client.post(reverse("pilots:pv_send", args=[pv.pk]), follow=True)
    page = markup(response)
    assert response.redirect_chain[-1][0] == reverse("pilots:pv_receipt", args=[pv.pk])
    for words in (
        pv.files.get().sha256,
        "22/11/2026 à 10h00min00s (heure de Paris)",
        "Sur ce site",
    ):
        assert words in page


def test_a_salarie_reads_who_sends(client, pv):
    log_in(client, pv.pilot, Role.SALARIE)
    page = markup(client.get(reverse("pilots:pv", args=[pv.pk])))
    assert "Un Représentant ou un Mandataire" in page
    assert "Transmettre le PV à l'ANS</button>" not in page


def test_sending_too_early_shows_what_is_missing(client):
    pv = signed_pv(named())
    log_in(client, pv.pilot)
    response = client.post(reverse("pilots:pv_send", args=[pv.pk]))
    assert response.status_code == 422
    assert "elle doit être validée par l'ASP" in markup(response).replace("&#x27;", "'")


def test_sending_twice_is_refused_to_the_second_person(client):
    pv = sent()
    log_in(client, pv.pilot)
    page = markup(client.post(reverse("pilots:pv_send", args=[pv.pk]), follow=True))
    assert "maintenant à l'état « Transmis à l'ANS »" in page.replace("&#x27;", "'")


def test_taking_back_then_abandoning(client):
    pv = sent()
    log_in(client, pv.pilot)
    assert client.post(reverse("pilots:pv_take_back", args=[pv.pk])).status_code == 302
    url = reverse("pilots:pv_abandon", args=[pv.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Refait."}).status_code == 302
    pv.refresh_from_db()
    assert pv.state == PVState.ABANDONED
    assert "Refait." in markup(client.get(reverse("pilots:pv", args=[pv.pk])))


def test_it_cannot_be_taken_back_once_reviewed(client):
    pv = in_state(PVState.IN_REVIEW)
    log_in(client, pv.pilot)
    page = markup(client.post(reverse("pilots:pv_take_back", args=[pv.pk]), follow=True))
    assert "ne peut pas passer à" in page


@pytest.mark.parametrize("state", PVState)
def test_the_page_says_one_thing_in_each_state(client, state):
    pv = in_state(state)
    if state == PVState.NOT_CONFORM:
        file = pv.files.get()
        PVDecision.objects.create(
            pv=pv,
            file=file,
            file_sha256=file.sha256,
            confirmed_at=NOW,
            outcome=state,
            reasons=[{"label": "Client", "kind_label": "Absente", "text": "Le FINESS manque."}],
            decided_by_name="Agente Fictive",
        )
    words = {
        PVState.DRAFT: "PV non transmis.",
        PVState.SIGNED: "Transmettre le PV à l'ANS",
        PVState.SENT: "Il attend son contrôle.",
        PVState.IN_REVIEW: "Un agent le contrôle.",
        PVState.TO_CONFIRM: "Un agent le contrôle.",
        PVState.TO_TAKE_EFFECT: "Un agent le contrôle.",
        PVState.CONFORM: "compte dans le périmètre pilote",
        PVState.NOT_CONFORM: "Le FINESS manque.",
        PVState.ABANDONED: "<strong>Abandonné.</strong>",
    }
    log_in(client, pv.pilot)
    assert words[state] in markup(client.get(reverse("pilots:pv", args=[pv.pk])))


PROPOSAL = (
    "à confirmer",
    "À confirmer",
    "Le FINESS manque.",
    "Non-conformité non confirmée",
    "Agente Seconde",
    "Le FINESS est page 2.",
)


def proposed(state=PVState.TO_CONFIRM):
    """In review, proposed «non conforme» by one agent, and its outcome."""
    pv = sent()
    first, second = member(Role.AGENT), member(Role.AGENT, full_name="Agente Seconde")
    review.take(pv, by=acting(first, NOW))
    read = pv.files.get().sha256
    review.decide(
        pv, outcome=PVState.NOT_CONFORM, reasons=[reason()], read=read, by=acting(first, NOW)
    )
    if state == PVState.IN_REVIEW:
        review.contradict(pv, note="Le FINESS est page 2.", by=acting(second, NOW))
    if state == PVState.NOT_CONFORM:
        review.confirm(pv, by=acting(second, NOW))
    pv.refresh_from_db()
    return pv


def mailed_on(client, pv):
    """All that the pages of a pilot say."""
    addresses = [reverse("pilots:index"), reverse("pilots:detail", args=[pv.pilot_id])]
    addresses.append(reverse("pilots:pv", args=[pv.pk]))
    return "".join(markup(client.get(address)) for address in addresses)


@pytest.mark.parametrize("state", [PVState.TO_CONFIRM, PVState.IN_REVIEW])
def test_a_proposal_that_is_not_confirmed_is_not_notified_to_the_fournisseur(client, state):
    pv = proposed(state)
    log_in(client, pv.pilot)
    page = mailed_on(client, pv)
    assert page.count("En contrôle") >= 3
    assert "PV en cours de contrôle" in page
    for words in PROPOSAL:
        assert words not in page


def test_the_ans_reads_it_where_the_fournisseur_does_not(client):
    pv = proposed()
    client.force_login(member(Role.AGENT))
    page = mailed_on(client, pv)
    assert "Non conforme, à confirmer" in page
    assert "Le FINESS manque." in page


def test_once_confirmed_the_fournisseur_reads_all_of_it(client):
    pv = proposed(PVState.NOT_CONFORM)
    log_in(client, pv.pilot)
    page = mailed_on(client, pv)
    assert "Non conforme, confirmé" in page
    assert "Le FINESS manque." in page


def test_a_reopened_pv_says_so_and_why(client):
    pv = in_state(PVState.CONFORM)
    PilotPV.objects.filter(pk=pv.pk).update(sent_at=NOW, decided_at=NOW)
    review.reopen(pv, reason="Le FINESS est faux.", by=acting(member(Role.RESPONSABLE), NOW))
    log_in(client, pv.pilot)
    page = markup(client.get(reverse("pilots:pv", args=[pv.pk])))
    assert "L'ANS a rouvert l'instruction de ce PV" in page
    assert "Le FINESS est faux." in page
    assert "ne compte plus dans le périmètre pilote" in page
    assert "jugé le" not in page


def test_the_pv_of_a_withdrawn_client_asks_for_nothing(client):
    pv = proposed(PVState.NOT_CONFORM)
    Pilot.objects.update(withdrawn_at=NOW, withdrawn_reason="Reporté.")
    log_in(client, pv.pilot)
    page = markup(client.get(reverse("pilots:pv", args=[pv.pk])))
    assert "n'est plus Client pilote" in page
    assert "Le FINESS manque." in page
    for words in ("Corrigez-le", "Corriger le PV", "Joindre", "Modifier le PV", "Transmettre"):
        assert words not in page


def test_after_a_correction_both_sides_read_what_changed(client):
    pv = proposed(PVState.NOT_CONFORM)
    complete(pv, mentions={"client": "CHU Fictif"})
    for user in (fournisseur(pv.pilot), member(Role.AGENT)):
        client.force_login(user)
        page = markup(client.get(reverse("pilots:pv", args=[pv.pk])))
        assert "Ce qui a changé depuis la version refusée" in page
        assert '<td data-label="Maintenant">CHU Fictif</td>' in page


def test_a_signature_of_somebody_else_is_reported_before_sending(client):
    pv = signed_pv(signatory_name="Aurèle Fontbrune")
    detail = {"name": "FICTIVE Camille", "issuer": "X", "integrity": "NON_FIABLE"}
    pv.files.update(
        signature_detail={"signatures": [{**detail, "at": "2026-11-12T23:30:00+00:00"}]}
    )
    log_in(client, pv.pilot)
    page = markup(client.get(reverse("pilots:pv", args=[pv.pk])))
    assert "est au nom de « FICTIVE Camille »" in page
    assert "est du 13/11/2026" in page
    assert "Transmettre le PV" in page
