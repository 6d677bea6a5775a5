"""What a person changes of themselves, besides the address and the password (django-allauth)."""

from accounts.enums import Theme
from accounts.models import User


def profile_update(*, actor: User, full_name: str, theme: Theme) -> None:
    actor.full_name = full_name
    actor.theme = theme
    actor.save(update_fields=["full_name", "theme"])


def theme_choose(*, actor: User, theme: Theme) -> None:
    actor.theme = theme
    actor.save(update_fields=["theme"])
