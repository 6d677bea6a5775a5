"""`manage.py first_responsable`: an empty site gets its responsable, without any mail."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Invitation, Membership, Organisation, User
from journal.models import Entry
from mailing.models import OutgoingMail
from tests.browser_forms import form_with
from tests.factories import UserFactory, member

pytestmark = pytest.mark.django_db


def opened(address="Claire@exemple.example"):
    """What it prints, and the path of its link."""
    out = StringIO()
    call_command("first_responsable", address, stdout=out)
    found = re.search(r"http://127\.0\.0\.1:8000(\S+)", out.getvalue())
    assert found
    return out.getvalue(), found[1]


def test_the_link_makes_the_account_of_the_responsable(client, calendars):
    words, path = opened()
    assert "claire@exemple.example, à usage unique" in words
    assert not OutgoingMail.objects.exists()

    form = client.post(path, follow=True)
    typed = form_with(form, "password1") | {
        "full_name": ["Claire Fictive"],
        "password1": ["une phrase assez longue 7"],
        "password2": ["une phrase assez longue 7"],
    }
    done = client.post(reverse("account_signup"), typed, follow=True)

    membership = Membership.objects.get()
    assert done.redirect_chain[-1][0] == reverse("programme:index")
    assert (membership.user.email, membership.role) == ("claire@exemple.example", Role.RESPONSABLE)
    assert not User.objects.filter(is_superuser=True).exists()
    assert client.get(path).status_code == 410


def test_the_link_serves_an_account_that_exists(client, calendars):
    user = UserFactory(email="claire@exemple.example")
    client.force_login(user)
    _words, path = opened()
    client.post(path)
    membership = Membership.objects.get()
    assert (membership.user, membership.role) == (user, Role.RESPONSABLE)
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[0] == "organisation.create"
    assert "membership.join" in acts


def test_a_second_link_replaces_the_first(client):
    _, first = opened()
    _, second = opened("paul@exemple.example")
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert Organisation.objects.count() == 1


def test_it_gives_nothing_once_somebody_leads_the_ans():
    member(Role.RESPONSABLE)
    with pytest.raises(CommandError, match="a déjà un responsable"):
        opened()
    assert not Invitation.objects.exists()


def test_an_address_that_is_none_is_refused():
    with pytest.raises(CommandError, match="valide"):
        opened("claire")
    assert not Organisation.objects.exists()
