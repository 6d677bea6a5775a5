"""An account is closed by the technical team, with a reason in the journal."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from journal.enums import Readers
from tests.entries import entries
from tests.factories import UserFactory, member

pytestmark = pytest.mark.django_db
ADDRESS = "claire@exemple.example"


@pytest.fixture
def user():
    return member(email=ADDRESS, full_name="Claire Vasseur")


def close(**options):
    call_command("close_account", "Claire@exemple.example", reason="Poste perdu", **options)


def test_an_open_session_ends_and_the_journal_says_why_without_a_name(client, user):
    client.force_login(user)
    assert client.get(reverse("accounts:profile")).status_code == 200
    close()
    assert client.get(reverse("accounts:profile"))["Location"].startswith(reverse("account_login"))
    [entry] = entries(user)
    assert (entry.act, entry.note, entry.readers) == ("account.close", "Poste perdu", Readers.ANS)
    assert "Claire" not in f"{entry.what}{entry.subject_label}"
    assert user.memberships.count() == 1


def test_it_is_opened_again(user):
    close()
    close(open=True)
    user.refresh_from_db()
    assert user.is_active
    assert [entry.act for entry in entries(user)] == ["account.close", "account.open"]


@pytest.mark.parametrize(
    ("address", "reason", "sentence"),
    [
        (ADDRESS, " ", "Indiquez le motif"),
        ("inconnue@exemple.example", "Essai", "Aucun compte"),
        ("fermee@exemple.example", "Essai", "déjà fermé"),
    ],
)
def test_what_is_wrong_is_shown(user, address, reason, sentence):
    UserFactory(email="fermee@exemple.example", is_active=False)
    with pytest.raises(CommandError, match=sentence):
        call_command("close_account", address, reason=reason)
