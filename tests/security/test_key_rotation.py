"""A new SECRET_KEY, with the former one among the fallbacks: nothing that people hold stops."""

import base64

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.urls import reverse
from django.utils import timezone

from calendar_app.enums import CALENDAR_MAIL
from calendar_app.services.feeds import address_create, token_of
from mailing.services.links import unsubscribe_url
from tests.accounts.second_factors import code, with_application, with_recovery_codes
from tests.by import acting
from tests.factories import member

pytestmark = pytest.mark.django_db
FERNET = 0x80
"""The first byte of a token, its version."""
FORMER, NEW = "former-key-" + "a" * 50, "new-key-" + "b" * 50


@pytest.fixture
def rotate(settings):
    """From the former key to the new one, the former kept or not."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = FORMER, []

    def _rotate(*, kept):
        settings.SECRET_KEY = NEW
        settings.SECRET_KEY_FALLBACKS = [FORMER] if kept else []

    return _rotate


@pytest.mark.parametrize(("kept", "status"), [(True, 200), (False, 404)])
def test_a_private_feed(client, rotate, kept, status):
    token = token_of(address_create(by=acting(member(), timezone.now())))
    rotate(kept=kept)
    assert client.get(reverse("calendars:private_feed", args=[token])).status_code == status


@pytest.mark.parametrize(("kept", "status"), [(True, 200), (False, 404)])
def test_an_unsubscribe_link(client, rotate, kept, status):
    link = unsubscribe_url(user_id=member().pk, kind=CALENDAR_MAIL)
    rotate(kept=kept)
    assert client.get(link).status_code == status


def test_an_open_session(client, rotate):
    client.force_login(member())
    rotate(kept=True)
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_a_feed_made_after_the_rotation_outlives_the_former_key(client, rotate):
    rotate(kept=True)
    token = token_of(address_create(by=acting(member(), timezone.now())))
    rotate(kept=False)
    assert client.get(reverse("calendars:private_feed", args=[token])).status_code == 200


@pytest.mark.parametrize("kept", [True, False])
def test_the_secrets_of_a_second_factor_are_encrypted(rotate, kept):
    user = member()
    secret, codes = with_application(user), with_recovery_codes(user)
    stored = [str(row.data) for row in Authenticator.objects.filter(user=user)]
    assert not [text for text in stored for word in (secret, *codes) if word in text]
    rotate(kept=kept)
    factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).wrap()
    if kept:
        assert factor.validate_code(code(secret))
    else:
        with pytest.raises(InvalidToken):
            factor.validate_code(code(secret))


def test_an_encrypted_secret_that_was_changed_is_not_read(rotate):
    """AES in CBC with HMAC-SHA-256: one bit changed anywhere is seen before the decryption."""
    user = member()
    secret = with_application(user)
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    [name] = [name for name, value in row.data.items() if secret not in str(value)]
    token = base64.urlsafe_b64decode(row.data[name])
    assert token[0] == FERNET
    for place in (1, len(token) // 2, len(token) - 1):
        changed = bytearray(token)
        changed[place] ^= 1
        row.data[name] = base64.urlsafe_b64encode(bytes(changed)).decode()
        with pytest.raises(InvalidToken):
            row.wrap().validate_code(code(secret))
