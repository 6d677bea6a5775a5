"""Preparing, filing, the receipt and the files."""

import hashlib
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import FilingStatus, State
from calendar_app.models import Deadline, Filing
from calendar_app.services.drafts import save_draft
from documents.reading import apart
from tests import pdfs
from tests.by import acting
from tests.calendar_app import papers
from tests.calendar_app.filing_cases import (
    NOW,
    colleague,
    content_of,
    decided,
    file,
    named,
    of_prestation,
    of_solution,
    on_disk,
)
from tests.calendar_app.pages import held_in, page, text, url
from tests.calendar_app.papers import upload
from tests.factories import member
from tests.pages import markup

pytestmark = pytest.mark.usefixtures("calendars")


@pytest.fixture(autouse=True)
def _at_1145_on_the_last_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def actor():
    return member(Role.REPRESENTANT)


@pytest.fixture
def deadline(actor):
    return of_prestation(5, editeur=actor)


FILLED = {
    "deposited_at_jour": "2027-06-09",
    "deposited_at_heure": "11h30",
    "external_reference": "PV-2027-7",
    "comment": "Signé par le Client",
    "declared": "on",
}


def send(client, user, deadline, *, file=None, act="deposer", **data):
    client.force_login(user)
    files = {"proofs": file} if file else {}
    return client.post(url("prepare", deadline), {**FILLED, **data, act: "1", **files})


def files_shown(response):
    """Names in the list of the pieces of the draft."""
    return re.findall(r'class="file-name"><a [^>]*>([^<]*)</a>', markup(response))


def state_of(deadline):
    return Deadline.objects.get(pk=deadline.pk).state


def test_the_page_says_what_it_does_not_do(client, actor):
    shown = text(page(client, actor, url("prepare", of_solution(2, editeur=actor))))
    assert "Déposez d'abord sur cette plateforme" in shown
    assert "L'enregistrement sur ce site ne vaut pas dépôt" in shown
    assert "Il ne vaut pas dépôt sur cette plateforme" in shown
    assert "Enregistrer le brouillon sans déposer" in shown


def test_filed_in_one_go_and_the_receipt_opens(client, actor, deadline):
    response = send(client, actor, deadline, file=[upload(), upload("deux.png", papers.PNG)])
    filing = Filing.objects.get()
    assert response.headers["Location"] == reverse(
        "deadlines:receipt", args=[filing.receipt_number]
    )
    assert filing.deposited_at == NOW.replace(minute=30)
    assert (filing.external_reference, filing.comment) == ("PV-2027-7", "Signé par le Client")
    shown = text(client.get(response.headers["Location"]))
    for words in (
        filing.receipt_number,
        "Dans les délais",
        "09/06/2027 à 11h30min00s (heure de Paris)",
        "09/06/2027 à 11h45min00s (heure de Paris)",
        "Il ne vaut ni procès-verbal ni vérification d'aptitude",
        "PV-2027-7",
        "accuse.pdf",
        "deux.png",
        hashlib.sha256(papers.PNG).hexdigest(),
        filing.receipt_sha256,
    ):
        assert words in shown


def test_saved_and_shouted(client, actor, deadline):
    response = send(client, actor, deadline, act="enregistrer", file=upload(), declared="")
    assert response.headers["Location"] == url("detail", deadline)
    response = client.get(url("detail", deadline))
    assert "<title>Brouillon non déposé :" in markup(response)
    assert "enregistrer n'est pas déposer" in text(response)
    again = client.get(url("prepare", deadline))
    for kept in ('value="2027-06-09"', 'value="11:30:00"', "PV-2027-7", "Signé par le Client"):
        assert kept in markup(again)
    assert "accuse.pdf" in text(again)


def test_the_draft_is_then_filed_as_it_is(client, actor, deadline):
    send(client, actor, deadline, act="enregistrer", file=upload())
    assert send(client, actor, deadline).status_code == 302
    filing = Filing.objects.get()
    assert (filing.status, filing.proofs.count()) == (FilingStatus.FILED, 1)


WRONG = [
    ({"deposited_at_heure": "11h46"}, "Cette date est dans le futur"),
    ({"deposited_at_jour": "2019-06-09"}, "rien ne se déposait en 2019"),
    (
        {"deposited_at_jour": "0001-01-01", "deposited_at_heure": "00:05"},
        "une année de 2000 à 2099",
    ),
    ({"deposited_at_heure": "00:00"}, "00h00 est le tout début"),
    ({"deposited_at_jour": "", "deposited_at_heure": ""}, "Indiquez le jour et l'heure"),
    ({"declared": ""}, "Cochez cette case"),
    ({"external_reference": "x" * 81}, "80 caractères"),
    ({"comment": "x" * 2001}, "2000 caractères"),
    ({"document_date": "31/06/2027"}, "Cette date n'existe pas"),
    ({"document_date": "10/06/2027"}, "Cette date est à venir"),
]


@pytest.mark.parametrize(("data", "words"), WRONG)
def test_an_error_loses_nothing(client, actor, deadline, data, words):
    response = send(client, actor, deadline, file=upload(), **data)
    assert response.status_code == 422
    assert words in text(response)
    assert state_of(deadline) == State.DRAFT
    body = markup(response)
    for name, value in {**FILLED, **data}.items():
        assert value in body, name
    assert "accuse.pdf" in text(response)
    assert len(on_disk()) == 1
    assert "Rien n'est déposé" in text(response)


@pytest.mark.parametrize("act", ["deposer", "enregistrer"])
def test_each_file_has_its_own_fate(client, actor, deadline, scans, act):
    files = [upload("a.pdf"), upload("page.pdf", papers.HTML), upload("b.png", papers.PNG)]
    response = send(client, actor, deadline, act=act, file=files)

    assert response.status_code == 422
    [error] = response.context["form"].errors["proofs"]
    assert "« page.pdf » n'est pas un vrai fichier PDF" in error
    assert files_shown(response) == ["a.pdf", "b.png"]
    assert "pièces comprises : ne les choisissez pas de nouveau" in text(response)
    assert state_of(deadline) == State.DRAFT
    assert "Signé par le Client" in markup(response)
    assert scans == ["a.pdf", "page.pdf", "b.png"]
    assert len(on_disk()) == 2

    assert send(client, actor, deadline).status_code == 302
    assert [proof.name for proof in Filing.objects.get().proofs.all()] == ["a.pdf", "b.png"]


def test_bad_files_alone_are_each_named_and_nothing_is_shown_as_kept_of_them(
    client, actor, deadline
):
    files = [upload("page.pdf", papers.HTML), upload("vide.pdf", b"")]
    response = send(client, actor, deadline, file=files)
    assert [error[:12] for error in response.context["form"].errors["proofs"]] == [
        "« page.pdf »",
        "« vide.pdf »",
    ]
    assert files_shown(response) == []
    assert "pièces comprises" not in text(response)


def test_a_file_is_looked_at_once(client, actor, deadline, scans):
    send(client, actor, deadline, file=[upload(), upload("b.pdf", papers.paper(2))])
    assert scans == ["accuse.pdf", "b.pdf"]


def test_a_file_that_the_draft_has_already_is_joined_once_and_the_page_says_so(
    client, actor, deadline
):
    send(client, actor, deadline, act="enregistrer", file=upload())
    files = [
        upload("copie.pdf"),
        upload("b.pdf", papers.paper(2)),
        upload("b.pdf", papers.paper(2)),
    ]
    response = send(client, actor, deadline, act="enregistrer", file=files)
    stated = [str(message) for message in get_messages(response.wsgi_request)]
    assert [words for words in stated if "joint" in words] == [
        "« copie.pdf » est le même fichier que « accuse.pdf » : il est joint une seule fois.",
        "« b.pdf » est déjà joint, à l'octet près : il est joint une seule fois.",
    ]
    assert [proof.name for proof in Filing.objects.get().proofs.all()] == ["accuse.pdf", "b.pdf"]


def test_files_of_a_stale_page_are_held_and_joined_when_it_is_sent_again(
    client, actor, deadline, scans
):
    save_draft(deadline=deadline, by=acting(colleague(actor, Role.SALARIE), NOW), comment="deux")
    response = send(client, actor, deadline, act="enregistrer", file=upload("a.pdf"), read="")
    assert response.status_code == 422
    form = response.context["form"]
    assert held_in(form, "proofs") == ["a.pdf"]
    assert files_shown(response) == []

    tokens = [held.token for held in form.fields["proofs"].widget.held]
    again = {"read": form["read"].value(), "proofs_held": tokens}
    assert send(client, actor, deadline, act="enregistrer", **again).status_code == 302
    [proof] = Filing.objects.get().proofs.all()
    assert (proof.name, proof.sha256) == ("a.pdf", hashlib.sha256(papers.PDF).hexdigest())
    assert content_of(proof) == papers.PDF
    assert scans == ["a.pdf"]


def test_the_form_says_before_any_sending_what_it_takes(client, actor, deadline):
    form = page(client, actor, url("prepare", deadline)).context["form"]
    assert form.fields["proofs"].help_text == (
        "PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS ou ZIP. 20 Mo au plus par fichier ; 100 fichiers et "
        "200 Mo au plus par envoi."
    )


def test_without_any_proof_the_field_says_so(client, actor, deadline):
    response = send(client, actor, deadline)
    assert response.status_code == 422
    assert "Joignez au moins une pièce" in response.context["form"].errors["proofs"][0]
    assert state_of(deadline) == State.DRAFT


def test_an_empty_post_is_not_an_error_page(client, actor, deadline):
    client.force_login(actor)
    assert client.post(url("prepare", deadline)).status_code in (302, 422)


def test_a_money_step_is_refused_with_every_reason_and_the_draft_kept(client, actor):
    deadline = of_prestation(6, editeur=actor, psc_from=None, psc_until=None)
    response = send(client, actor, deadline, file=upload(), out_of_order="on")
    assert response.status_code == 422
    shown = text(response)
    assert "Le dépôt n'est pas enregistré. Il manque" in shown
    assert "EDC PSC" in shown
    assert "Qui doit agir" in shown
    assert "accuse.pdf" in shown
    assert state_of(deadline) == State.DRAFT


def test_once_too_late_no_past_date_is_given_as_a_limit(client, actor, time_machine):
    deadline = of_prestation(6, editeur=actor, psc_from=None, psc_until=None)
    time_machine.move_to(deadline.due_at, tick=False)
    shown = text(send(client, actor, deadline, file=upload()))
    assert "dès que possible (échéance : mercredi 22 septembre 2027" in shown
    assert "Qui doit agir" in shown
    assert ", avant le 22/09/2027" not in shown


def test_the_second_of_two_people_is_refused_and_nothing_is_shown_as_kept(client, actor, deadline):
    file(deadline, actor)
    other = colleague(actor, Role.MANDATAIRE)
    response = send(client, other, deadline, file=upload("deux.pdf"))
    assert response.status_code == 422
    assert "« Déposé » : on ne peut plus y préparer de dépôt" in text(response)
    assert "Votre envoi n'a rien changé" in text(response)
    assert "Rien n'est déposé" not in text(response)
    assert "gardé dans le brouillon" not in text(response)
    assert on_disk() == named()
    assert page(client, other, url("prepare", deadline)).headers["Location"] == url(
        "detail", deadline
    )


def read_of(client, deadline):
    return client.get(url("prepare", deadline)).context["form"]["read"].value()


def test_a_draft_saved_by_another_meanwhile_is_reported_and_not_overwritten(
    client, actor, deadline
):
    client.force_login(actor)
    read = read_of(client, deadline)
    first = colleague(actor, Role.SALARIE, full_name="Lucie Ferrandin")
    send(client, first, deadline, act="enregistrer", comment="Le mien, à 100 %", read=read)
    response = send(client, actor, deadline, act="enregistrer", comment="L'autre", read=read)
    assert response.status_code == 422
    shown = text(response)
    assert "Lucie Ferrandin a entre-temps enregistré ce brouillon (déposé le 09/06/2027" in shown
    assert "commentaire « Le mien, à 100 % »), 09/06/2027 à 11h45" in shown
    assert "L'autre</textarea>" in markup(response).replace("&#x27;", "'")
    assert Filing.objects.get().comment == "Le mien, à 100 %"
    notified = response.context["form"]["read"].value()
    assert send(client, actor, deadline, act="enregistrer", comment="L'autre", read=notified).url
    assert Filing.objects.get().comment == "L'autre"


def test_who_corrects_an_error_goes_on_from_the_own_draft(client, actor, deadline):
    client.force_login(actor)
    read = read_of(client, deadline)
    wrong = send(client, actor, deadline, read=read)
    assert wrong.status_code == 422
    again = wrong.context["form"]["read"].value()
    assert again != read
    assert send(client, actor, deadline, file=upload(), read=again).status_code == 302


def test_a_salarie_prepares_and_does_not_file(client, actor, deadline):
    salarie = colleague(actor, Role.SALARIE)
    response = page(client, salarie, url("prepare", deadline))
    assert 'name="deposer"' not in markup(response)
    assert "doit ensuite le déposer" in text(response)
    assert send(client, salarie, deadline, file=upload()).status_code == 403
    assert not Filing.objects.exists()
    assert send(client, salarie, deadline, act="enregistrer", file=upload()).status_code == 302
    assert Filing.objects.get().prepared_by == salarie


def test_a_correction_starts_from_what_was_filed(client, actor, deadline):
    decided(file(deadline, actor), State.TO_CORRECT)
    send(client, actor, deadline, act="enregistrer", file=upload("page2.pdf"))
    shown = text(page(client, actor, url("prepare", deadline)))
    assert "accuse.pdf" in shown
    assert "page2.pdf" in shown
    send(client, actor, deadline)
    assert sorted(Filing.objects.values_list("number", flat=True)) == [1, 2]
    assert state_of(deadline) == State.FILED


# --- Files ----------------------------------------------------------------------------------------


@pytest.fixture
def proof(deadline, actor):
    draft = save_draft(
        deadline=deadline, by=acting(actor, NOW), proofs=[upload('Reçu "été" <b>.pdf')]
    )
    return draft.proofs.get()


def downloaded(response):
    return b"".join(response.streaming_content)


def test_a_file_comes_back_byte_for_byte_as_a_download(client, actor, proof):
    response = page(client, actor, reverse("deadlines:proof", args=[proof.pk]))
    assert hashlib.sha256(downloaded(response)).hexdigest() == proof.sha256
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "Re%C3%A7u" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"


def test_a_name_is_text_not_markup(client, actor, deadline, proof):
    assert "<b>" not in markup(page(client, actor, url("prepare", deadline)))


def test_a_file_is_withdrawn_and_still_readable(client, actor, deadline, proof):
    client.force_login(colleague(actor, Role.SALARIE))
    response = client.post(reverse("deadlines:withdraw", args=[proof.pk]))
    assert response.headers["Location"] == url("prepare", deadline)
    assert proof.name not in text(client.get(url("prepare", deadline)))
    download = client.get(reverse("deadlines:proof", args=[proof.pk]))
    assert downloaded(download) == papers.PDF


def test_a_filed_file_stays(client, actor, deadline):
    kept = file(deadline, actor).proofs.get()
    client.force_login(actor)
    response = client.post(reverse("deadlines:withdraw", args=[kept.pk]), follow=True)
    assert "ses pièces ne changent plus" in text(response)
    kept.refresh_from_db()
    assert kept.withdrawn_at is None


def test_an_agent_reads_what_is_filed_and_does_not_withdraw_it(client, actor, deadline):
    kept = file(deadline, actor).proofs.get()
    client.force_login(member(Role.AGENT))
    assert downloaded(client.get(reverse("deadlines:proof", args=[kept.pk]))) == papers.PDF
    assert client.post(reverse("deadlines:withdraw", args=[kept.pk])).status_code == 403


def test_what_was_never_filed_is_not_shown_to_the_ans(client, proof):
    client.force_login(member(Role.AGENT))
    assert client.get(reverse("deadlines:proof", args=[proof.pk])).status_code == 404


# --- Receipts -------------------------------------------------------------------------------------


def test_the_json_of_a_receipt_is_what_was_hashed(client, actor, deadline):
    filing = file(deadline, actor)
    response = page(client, actor, reverse("deadlines:receipt_json", args=[filing.receipt_number]))
    assert hashlib.sha256(response.content).hexdigest() == filing.receipt_sha256
    assert response.json()["numero"] == filing.receipt_number
    assert response.headers["Content-Type"] == "application/json"
    assert f'"{filing.receipt_number}.json"' in response.headers["Content-Disposition"]


def test_the_pdf_of_a_receipt_shows_what_was_sealed(client, actor, deadline):
    filing = file(deadline, actor)
    address = reverse("deadlines:receipt_pdf", args=[filing.receipt_number])
    response = page(client, actor, address)
    assert response.headers["Content-Type"] == "application/pdf"
    assert f'"{filing.receipt_number}.pdf"' in response.headers["Content-Disposition"]
    assert response.content == page(client, actor, address).content
    shown = pdfs.words(response.content)
    [piece] = filing.receipt["pieces"]
    for words in (
        f"Récépissé {filing.receipt_number}",
        filing.receipt["mention"],
        f"Organisation {filing.receipt['organisation']}",
        f"Par {filing.receipt['enregistre_par']}",
        piece["nom"],
        f"SHA-256 {piece['sha256']}",
        f"Empreinte du récépissé SHA-256 {filing.receipt_sha256}",
    ):
        assert words in shown
    assert f'href="{address}"' in markup(
        page(client, actor, reverse("deadlines:receipt", args=[filing.receipt_number]))
    )


def test_a_receipt_that_could_not_be_made_is_a_page_that_leads_back(
    client, actor, deadline, monkeypatch
):
    filing = file(deadline, actor)
    monkeypatch.setattr(apart, "SECONDS", 0.001)
    response = page(client, actor, reverse("deadlines:receipt_pdf", args=[filing.receipt_number]))
    assert response.status_code == 503
    back = reverse("deadlines:receipt", args=[filing.receipt_number])
    assert f'<a class="button" href="{back}">Revenir à la page</a>' in markup(response)


@pytest.mark.parametrize("number", ["REC-2027-999999", "None", "a\0b", "%00", "été"])
def test_a_receipt_that_is_nobodys(client, actor, number):
    assert page(client, actor, f"/echeances/recepisses/{number}/").status_code == 404


def test_an_outsider_gets_404_and_anonymous_the_login_page(client, actor, deadline):
    filing = file(deadline, actor)
    kept = filing.proofs.get()
    addresses = [
        ("get", reverse("deadlines:receipt", args=[filing.receipt_number])),
        ("get", reverse("deadlines:receipt_json", args=[filing.receipt_number])),
        ("get", reverse("deadlines:receipt_pdf", args=[filing.receipt_number])),
        ("get", reverse("deadlines:proof", args=[kept.pk])),
        ("post", reverse("deadlines:withdraw", args=[kept.pk])),
    ]
    outsider = member(Role.MANDATAIRE)
    for method, address in addresses:
        client.logout()
        assert getattr(client, method)(address).status_code == 302
        client.force_login(outsider)
        assert getattr(client, method)(address).status_code == 404
