"""A key is of one organisation, and colleagues know it: it shows no more of its holder."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Membership
from api.enums import Scope
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL
from tests.factories import MembershipFactory, member
from tests.keys import software_of

pytestmark = pytest.mark.django_db
JOINED = dt.timedelta(days=30)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def holder():
    user = member()
    Membership.objects.update(created_at=timezone.now() - JOINED)
    return user


@pytest.fixture
def software(client, holder):
    return software_of(client, holder, Scope.READ)


def news(holder, *, kind="DECISION", age=dt.timedelta()):
    number = OutgoingMail.objects.count()
    return OutgoingMail.objects.create(
        user=holder,
        to_email=holder.email,
        kind=kind,
        subject=f"Nouvelle {number}",
        message_id=f"<{number}@x>",
        created_at=Membership.objects.get(user=holder).created_at + JOINED - SECOND - age,
    )


def shown(software):
    return [one["id"] for one in software.get("notifications").json()["items"]]


def marked(software, row):
    return software.post(f"notifications/{row.pk}/read", {}).status_code


def test_those_of_a_person_of_this_organisation_alone_are_given(software, holder):
    row = news(holder)
    assert shown(software) == [row.pk]
    assert marked(software, row) == 200


def test_a_person_of_another_organisation_too_reads_theirs_on_the_site(software, holder):
    row = news(holder)
    MembershipFactory(user=holder)
    answer = software.get("notifications")
    assert answer.status_code == 403
    assert "plusieurs organisations" in answer.json()["detail"]
    assert marked(software, row) == 403


def test_what_touches_the_account_is_not_given(software, holder):
    row = news(holder, kind=ACCOUNT_MAIL)
    assert shown(software) == []
    assert marked(software, row) == 404


@pytest.mark.parametrize(("before", "count"), [(-SECOND, 1), (dt.timedelta(), 1), (SECOND, 0)])
def test_nor_is_what_came_before_they_joined(software, holder, before, count):
    news(holder, age=JOINED - SECOND + before)
    assert len(shown(software)) == count
