"""What a person changes of themselves, besides the address and the password (django-allauth)."""

from accounts.enums import Theme
from journal.rules.by import By


def profile_update(*, full_name: str, theme: Theme, by: By) -> None:
    actor = by.actor
    actor.full_name = full_name
    actor.theme = theme
    actor.save(update_fields=["full_name", "theme"])


def theme_choose(*, theme: Theme, by: By) -> None:
    actor = by.actor
    actor.theme = theme
    actor.save(update_fields=["theme"])
