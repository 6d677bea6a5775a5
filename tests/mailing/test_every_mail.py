"""Each template of mail, from the act that writes it: what every reader must find in it."""

import re

import pytest
from django.apps import apps
from django.urls import reverse

from documents.models import StoredFile
from documents.services.waiting import place_of
from mailing.rules import every_kind
from tests.golden.conftest import NOW
from tests.mailing import every_mail
from tests.mailing.every_mail import MONDAY
from tests.pages import as_read

pytestmark = pytest.mark.demonstration_at(NOW)
WHY = (
    "Vous recevez ce courriel",
    "Ce courriel part",
    "vous invite à cette adresse",
    "Si ce n'est pas vous",
)
MARKS = {
    "ACCUSE": r"^Récépissé |: (?:import terminé|rien n'est enregistré|prête|interrompue)$",
    "RAPPEL": "^Rappel ·",
}


@pytest.fixture
def mails(demo, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    return every_mail.write(MONDAY)


def test_each_template_writes_and_each_mail_says_why_it_came(mails):
    assert set(every_mail.SUBJECTS) == every_mail.templates()
    subjects = [as_read(mail.subject) for mail in mails]
    assert every_mail.templates() <= {every_mail.template_of(subject) for subject in subjects}
    assert {mail.kind for mail in mails} == {str(kind) for kind in every_kind()}
    for mail in [mail for mail in mails if mail.body_text]:  # what opens an account has left
        for body in map(as_read, (mail.body_text, mail.body_html)):
            assert any(words in body for words in WHY), (mail.subject, body)
            assert "{{" not in body
        assert re.search(MARKS.get(mail.kind, "."), as_read(mail.subject)), mail.subject


def test_each_notification_opens_a_page_that_its_person_reads(mails, client):
    """A link that opens an account is in the mailbox alone: its notification opens its mail."""
    mine = [mail for mail in mails if mail.user and not mail.is_sensitive]
    assert {every_mail.template_of(as_read(mail.subject)) for mail in mine} >= (
        every_mail.templates() - {"invitation", "invitations"}
    )
    for mail in mine:
        client.force_login(mail.user)
        opened = client.get(reverse("notifications:open", args=[mail.pk]))
        assert opened.url == mail.page != "", mail.subject
        assert client.get(opened.url, follow=True).status_code == 200, (mail.subject, mail.page)


def test_a_refused_file_of_each_kind_leads_to_where_another_is_joined(demo, client):
    kinds = [model for model in apps.get_models() if issubclass(model, StoredFile)]
    for model in kinds:
        row = model._default_manager.filter(uploaded_by__is_active=True).first()
        assert row, f"{model.__name__}: the demonstration has none"
        client.force_login(row.uploaded_by)
        assert client.get(place_of(row), follow=True).status_code == 200, row
