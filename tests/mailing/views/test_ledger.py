"""`/courriels/`: what did not arrive, seen and sent again by a responsable of the ANS."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from journal.models import Entry
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.services import queue
from mailing.services.delivery import deliver_waiting
from tests.factories import UserFactory, member
from tests.mailing.services.test_delivery import write
from tests.pages import cells, text

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.at(NOW)]
INDEX = "/courriels/"
RESEND = reverse("bulk", args=["renvoyer-courriels"])
DROP = reverse("bulk", args=["abandonner-courriels"])
REFUSED = "Réponse du serveur de courriel : 550 5.1.1 Boite inconnue"


@pytest.fixture
def responsable(client):
    person = member(Role.RESPONSABLE)
    client.force_login(person)
    return person


def mail(state, to="a@x.example", error="", **changes):
    row = write(to, now=NOW, **changes)
    OutgoingMail.objects.filter(pk=row.pk).update(state=state, error=error)
    row.refresh_from_db()
    return row


def shown(client, query=""):
    return sorted(cells(client.get(INDEX + query), "Destinataire"))


def confirm(client, url, rows):
    """Both steps: what would change, then the button."""
    page = client.get(url, {"ligne": [row.pk for row in rows], "lignes": "1"})
    seen = page.context["shown"]
    return page, client.post(url, {"vus": seen}, follow=True)


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.SALARIE])
@pytest.mark.parametrize("url", [INDEX, f"{INDEX}suspendre/", RESEND, DROP])
def test_others_than_a_responsable_are_refused(client, role, url):
    client.force_login(member(role))
    assert client.get(url).status_code == 403


def test_others_cannot_hold_nor_release(client):
    client.force_login(member(Role.AGENT))
    assert client.post(f"{INDEX}suspendre/", {"reason": "x"}).status_code == 403
    assert client.post(f"{INDEX}reprendre/").status_code == 403
    assert queue.is_open(now=NOW)


@pytest.mark.usefixtures("responsable")
def test_list_shows_what_did_not_arrive_first_and_filters(client):
    mail(MailState.FAILED, "refuse@x.example", REFUSED)
    mail(MailState.BOUNCED, "revenu@x.example", "Revenu du serveur du destinataire : 5.2.2")
    mail(MailState.UNKNOWN, "incertain@x.example")
    mail(MailState.SENT, "parti@x.example")
    mail(MailState.QUEUED, "attend@x.example")

    assert shown(client) == ["incertain@x.example", "refuse@x.example", "revenu@x.example"]
    assert shown(client, "?vue=attente") == ["attend@x.example"]
    assert shown(client, "?vue=partis") == ["parti@x.example"]
    assert shown(client, "?reponse=5.1.1") == ["refuse@x.example"]
    assert shown(client, "?destinataire=REVENU@") == ["revenu@x.example"]
    assert shown(client, "?vue=inconnue&nature=x") == shown(client)


@pytest.mark.usefixtures("responsable")
def test_number_of_queries_does_not_grow_with_the_rows(client, django_assert_max_num_queries):
    for number in range(30):
        mail(MailState.FAILED, f"{number}@x.example", REFUSED, user=UserFactory())
    with django_assert_max_num_queries(16):
        client.get(INDEX)


@pytest.mark.usefixtures("responsable")
def test_refused_mail_is_sent_again_to_the_present_address_under_the_same_id(client, mailoutbox):
    person = UserFactory(email="ancienne@x.example")
    row = mail(MailState.FAILED, person.email, REFUSED, user=person)
    person.email = "nouvelle@x.example"
    person.save()

    page, answer = confirm(client, RESEND, [row])
    deliver_waiting(now=NOW)

    assert "Renvoyer le courriel" in text(page)
    assert "1 courriel renvoyé." in text(answer)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (MailState.SENT, 1, "")
    [message] = mailoutbox
    assert message.to == ["nouvelle@x.example"]
    assert message.extra_headers["Message-ID"] == row.message_id
    entry = Entry.objects.get(act="mail.resend_many")
    assert "x.example" not in entry.subject_label
    assert entry.many == [row.pk]


@pytest.mark.usefixtures("responsable")
def test_what_cannot_be_sent_again_is_left_out_with_its_reason(client):
    link = mail(MailState.FAILED, "b@x.example", sensitive=True)
    OutgoingMail.objects.filter(pk=link.pk).update(body_text="")
    closed = mail(MailState.FAILED, "c@x.example", user=UserFactory(is_active=False))
    sent = mail(MailState.SENT)

    page, _answer = confirm(client, RESEND, [link, closed, sent])

    reasons = text(page)
    assert "Son lien personnel n'est plus gardé" in reasons
    assert "Le compte de cette personne est désactivé." in reasons
    assert "Ce courriel n'est ni refusé, ni revenu" in reasons
    states = OutgoingMail.objects.values_list("state", flat=True)
    assert MailState.QUEUED not in states


@pytest.mark.usefixtures("responsable")
def test_waiting_mails_of_a_restored_site_are_shown_dropped_or_sent(client, mailoutbox):
    queue.hold(reason="Site restauré d'une sauvegarde.", now=NOW)
    old, kept = mail(MailState.QUEUED, "vieux@x.example"), mail(MailState.QUEUED, "b@x.example")
    deliver_waiting(now=NOW)
    assert mailoutbox == []
    page = text(client.get(INDEX))
    assert "Envoi suspendu depuis le" in page
    assert "Site restauré d'une sauvegarde." in page

    _page, answer = confirm(client, DROP, [old])
    assert "1 courriel abandonné." in text(answer)
    client.post(f"{INDEX}reprendre/")
    deliver_waiting(now=NOW)

    assert [message.to for message in mailoutbox] == [["b@x.example"]]
    old.refresh_from_db()
    assert old.state == MailState.CANCELLED
    acts = Entry.objects.filter(act__startswith="mail.").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["mail.drop_many", "mail.release"]
    assert kept.message_id == mailoutbox[0].extra_headers["Message-ID"]


@pytest.mark.usefixtures("responsable")
def test_responsable_holds_the_queue_with_a_reason(client):
    assert client.post(f"{INDEX}suspendre/", {"reason": ""}).status_code == 422
    assert queue.is_open(now=NOW)

    client.post(f"{INDEX}suspendre/", {"reason": "Relais en panne"})

    assert not queue.is_open(now=NOW)
    assert "Relais en panne" in text(client.get(INDEX))
    entry = Entry.objects.get(act="mail.hold")
    assert (entry.what, entry.note) == ("Envoi des courriels suspendu", "Relais en panne")


def test_mandataire_sees_whose_address_is_refused_until_it_is_corrected(client):
    chief = member(Role.MANDATAIRE)
    other = member(Role.SALARIE, organisation=chief.memberships.get().organisation)
    mail(MailState.BOUNCED, other.email, "Revenu du serveur du destinataire : 5.1.1", user=other)
    client.force_login(other)
    assert not any("non remis" in cell for cell in cells(client.get("/organisation/"), "Adresse"))

    client.force_login(chief)
    [shown] = [c for c in cells(client.get("/organisation/"), "Adresse") if "non remis" in c]
    assert shown.startswith(other.email)
    assert "5.1.1" in shown

    other.email = "corrigee@x.example"
    other.save()
    assert not any("non remis" in cell for cell in cells(client.get("/organisation/"), "Adresse"))
