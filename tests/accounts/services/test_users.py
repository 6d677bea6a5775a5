import pytest

from accounts.enums import Theme
from accounts.models import User
from accounts.services.users import profile_update, theme_choose
from tests.accounts.moments import NOW
from tests.by import acting
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_profile_keeps_the_name_and_the_theme():
    actor = UserFactory(full_name="Ana Fictive")
    profile_update(by=acting(actor, NOW), full_name="Ana Exemple", theme=Theme.DARK)
    actor.refresh_from_db()
    assert (actor.full_name, actor.theme) == ("Ana Exemple", Theme.DARK)


def test_a_theme_chosen_on_an_old_page_leaves_the_name_changed_since():
    actor = UserFactory(full_name="Ana Fictive")
    stale = User.objects.get(pk=actor.pk)
    profile_update(by=acting(actor, NOW), full_name="Ana Exemple", theme=Theme.AUTO)
    theme_choose(by=acting(stale, NOW), theme=Theme.DARK)
    actor.refresh_from_db()
    assert (actor.full_name, actor.theme) == ("Ana Exemple", Theme.DARK)


def test_the_profile_of_an_old_page_leaves_what_it_does_not_show():
    actor = UserFactory()
    stale = User.objects.get(pk=actor.pk)
    User.objects.filter(pk=actor.pk).update(is_active=False)
    profile_update(by=acting(stale, NOW), full_name="Ana Exemple", theme=Theme.LIGHT)
    actor.refresh_from_db()
    assert not actor.is_active
