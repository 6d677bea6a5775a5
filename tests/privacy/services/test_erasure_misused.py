"""Who asks to be erased takes away nothing but what is theirs."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress

from accounts.enums import Role
from accounts.models import Invitation
from mailing.enums import MailState
from mailing.models import OutgoingMail
from privacy.rules.scrubbing import ERASED, Scrubber
from privacy.services.erasure import person_erase
from tests.by import acting
from tests.factories import OrganisationFactory, UserFactory, member

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)


def asked(user, address):
    """A change of address that was asked for and that nobody has confirmed."""
    EmailAddress.objects.create(user=user, email=address, verified=False)


class TestAnAddressThatWasNeverConfirmed:
    def test_is_its_owner_s_who_keeps_their_account(self):
        victim = UserFactory(email="agent@ans.example")
        user = member(Role.SALARIE)
        asked(user, "agent@ans.example")
        person_erase(user=user, by=acting(None, NOW))
        victim.refresh_from_db()
        assert victim.email == "agent@ans.example"

    def test_takes_neither_the_invitation_nor_the_mail_that_wait_for_it(self):
        Invitation.objects.create(
            organisation=OrganisationFactory(),
            email="nouvelle@ans.example",
            role=Role.SALARIE,
            token_sha256="0" * 64,
            sent_at=NOW,
            expires_at=NOW + dt.timedelta(days=14),
        )
        mail = OutgoingMail.objects.create(
            kind="COMPTE",
            to_email="nouvelle@ans.example",
            subject="Invitation",
            body_text="Lien",
            message_id="<1@x>",
        )
        user = member(Role.SALARIE)
        asked(user, "nouvelle@ans.example")
        person_erase(user=user, by=acting(None, NOW))
        mail.refresh_from_db()
        assert (mail.state, mail.to_email) == (MailState.QUEUED, "nouvelle@ans.example")
        assert Invitation.objects.filter(email="nouvelle@ans.example").exists()


def test_an_address_that_begins_another_leaves_it_whole():
    victim = UserFactory(email="lise@hopital.example.org")
    user = member(Role.SALARIE)
    user.email = "lise@hopital.example"
    user.save()
    person_erase(user=user, by=acting(None, NOW))
    victim.refresh_from_db()
    assert victim.email == "lise@hopital.example.org"


def test_a_longer_name_of_another_account_stays_whole():
    other = UserFactory(full_name="Anne Lise Prévôt")
    user = member(Role.SALARIE, full_name="Lise Prévôt")
    person_erase(user=user, by=acting(None, NOW))
    other.refresh_from_db()
    assert other.full_name == "Anne Lise Prévôt"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("en panne", "Le service est en panne depuis 9 h."),
        ("la solution", "Refusé : la solution n'est pas référencée."),
        ("refusé par l'ANS", "Dépôt refusé par l'ANS."),
        ("Refusé Par", "Dépôt refusé par l'ANS."),
        ("pas Conforme", "Dépôt PAS CONFORME au référentiel."),
        ("Radiolune", "Radiolune a déposé."),
    ],
)
def test_words_taken_as_a_name_stay_in_what_others_wrote(name, text):
    assert Scrubber({name}, set()).clean(text) == text


@pytest.mark.parametrize(
    "name", ["Lise Prévôt", "LISE PRÉVÔT", "Jean d'Arc", "Anne de la Tour", "Zoé-Lou O'Brien"]
)
def test_a_name_written_as_a_name_goes(name):
    assert Scrubber({name}, set()).clean(f"Vu par {name}, {name.upper()}.") == (
        f"Vu par {ERASED}, {ERASED}."
    )
