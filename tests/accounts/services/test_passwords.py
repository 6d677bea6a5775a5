"""A new password is not a common one, one of the last four, nor one of a list of leaks."""

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.urls import reverse

from accounts.services.passwords import LeakedPasswordValidator
from tests.factories import UserFactory, member
from tests.pages import text

pytestmark = pytest.mark.django_db
PASSWORD = "mot de passe de test"
SEVERAL = [f"une phrase assez longue {n}" for n in range(5)]


def give(user, password):
    user.set_password(password)
    user.save()


@pytest.mark.parametrize(
    ("password", "refused"), [(SEVERAL[0], False), *((one, True) for one in SEVERAL[1:])]
)
def test_the_last_four_are_refused_and_older_ones_accepted(password, refused):
    user = UserFactory()
    for one in SEVERAL:
        give(user, one)
    if refused:
        with pytest.raises(ValidationError, match="déjà utilisé"):
            validate_password(password, user)
    else:
        validate_password(password, user)


@pytest.mark.parametrize(
    "password", ["azertyuiop123", "AzertyUiop123", "motdepasse123", "password1234"]
)
def test_a_common_one_of_twelve_characters_or_more_is_refused_once(password):
    """Whatever its capitals."""
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert refusal.value.messages == ["Ce mot de passe est trop courant."]


def test_those_of_somebody_else_are_theirs():
    other, user = UserFactory(), UserFactory()
    give(other, SEVERAL[0])
    with pytest.raises(ValidationError, match="déjà utilisé"):
        validate_password(SEVERAL[0], other)
    validate_password(SEVERAL[0], user)


def test_the_page_refuses_the_present_one(client):
    client.force_login(member())
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "Vous avez déjà utilisé ce mot de passe" in text(response)


def test_a_leaked_one_is_refused_where_a_file_is_given(tmp_path):
    path = tmp_path / "leaks"
    digest = hashlib.sha1(SEVERAL[0].encode(), usedforsecurity=False).hexdigest().upper()
    path.write_text(f"{digest}:12\r\n")
    validator = LeakedPasswordValidator(str(path))
    with pytest.raises(ValidationError, match="mots de passe divulgués"):
        validator.validate(SEVERAL[0])
    validator.validate(SEVERAL[1])
    LeakedPasswordValidator("").validate(SEVERAL[0])


def test_a_file_that_is_not_there_is_reported_to_the_operator(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="LEAKED_PASSWORDS_FILE"):
        LeakedPasswordValidator(str(tmp_path / "absent"))
