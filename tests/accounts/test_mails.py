"""Every mail of the accounts, in text and in HTML: subject, next thing to do, why it came."""

import datetime as dt

import pytest

from accounts.services import mail
from tests.accounts.mailbox import last
from tests.factories import UserFactory
from tests.pages import as_read

pytestmark = pytest.mark.django_db
ADDRESS = "claire@exemple.example"
NOTICE = "à chaque changement qui touche à la sécurité de votre compte"
MAILS = [
    ("email_confirmation", "Confirmez que claire@exemple.example", "a donné cette adresse"),
    ("email_confirmation_signup", "Confirmez que claire@exemple.example", "a donné cette adresse"),
    ("password_reset_key", "Choisissez un nouveau mot de passe", "Quelqu'un a demandé"),
    ("new_device", "d'être ouvert depuis un appareil", NOTICE),
    ("password_changed", "Le mot de passe de votre compte a été changé.", NOTICE),
    ("password_reset", "a été changé, par le lien d'un courriel.", NOTICE),
    ("password_set", "Un mot de passe a été choisi", NOTICE),
    ("email_changed", "est passée de ancienne@exemple.example à claire@exemple.example", NOTICE),
    ("email_deleted", "vers neuve@exemple.example a été abandonné", NOTICE),
]
CONTEXT = {
    "activate_url": "https://site.exemple.example/confirmer",
    "password_reset_url": "https://site.exemple.example/choisir",
    "from_email": "ancienne@exemple.example",
    "to_email": ADDRESS,
    "deleted_email": "neuve@exemple.example",
    "timestamp": dt.datetime(2026, 11, 22, 18, 5, 59, tzinfo=dt.UTC),
    "ip": "192.0.2.7",
    "user_agent": "Navigateur <b>fictif</b>",
}


@pytest.mark.parametrize(("name", "first", "why"), MAILS)
def test_each_mail_says_what_to_do_and_why_it_came(name, first, why):
    mail.send(
        prefix=f"account/email/{name}",
        body="message",
        to=ADDRESS,
        context={**CONTEXT, "user": UserFactory(full_name="Claire Vasseur")},
        sensitive=False,
    )
    received = last(ADDRESS)
    assert 10 < len(received.subject) < 78
    for body in (as_read(received.body_text), as_read(received.body_html)):
        assert first in body
        assert why in body
        assert "{{" not in body
    assert "<style" in as_read(received.body_html)
    assert 'style="' in as_read(received.body_html)
    assert "<b>fictif" not in as_read(received.body_html)


def test_the_former_address_is_not_sent_to_a_reset_that_it_cannot_receive():
    mail.send(
        prefix="account/email/email_changed",
        body="message",
        to=ADDRESS,
        context={**CONTEXT, "user": UserFactory()},
        sensitive=False,
    )
    received = last(ADDRESS)
    for body in (as_read(received.body_text), as_read(received.body_html)):
        assert "prévenez tout de suite le Mandataire" in body
        assert "choisissez tout de suite un nouveau mot de passe" not in body


def test_a_notice_says_when_and_from_where():
    mail.send(
        prefix="account/email/password_changed",
        body="message",
        to=ADDRESS,
        context=CONTEXT,
        sensitive=False,
    )
    for text in (
        "22/11/2026 à 19h05",
        "192.0.2.7",
        "Navigateur <b>fictif</b>",
        "/compte/password/reset/",
    ):
        assert text in as_read(last(ADDRESS).body_text)


@pytest.mark.parametrize("sensitive", [True, False])
def test_the_ledger_marks_what_opens_an_account(sensitive):
    mail.send(
        prefix="account/email/password_reset_key",
        body="message",
        to=ADDRESS,
        context=CONTEXT,
        sensitive=sensitive,
    )
    received = last(ADDRESS)
    assert received.is_sensitive is sensitive
    assert received.kind == "COMPTE"
    assert not any(name.startswith("X-Segur") for name in received.headers)


def test_a_mail_to_a_person_with_an_account_is_in_their_ledger():
    user = UserFactory(email=ADDRESS)
    mail.send(
        prefix="account/email/new_device",
        body="message",
        to=ADDRESS.upper(),
        context=CONTEXT,
        sensitive=False,
    )
    assert user.mails.count() == 1
