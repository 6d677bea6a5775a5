"""Saying that one is away, and what the stand-in gets."""

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from mailing.models import OutgoingMail
from mailing.rules import DECISION_MAIL
from mailing.services.mail import tell
from teamwork.enums import TEAM_MAIL
from teamwork.models import Absence
from teamwork.services.absences import A_YEAR, declare_absence, end_absence
from tests.by import acting
from tests.factories import MembershipFactory, member
from tests.teamwork.cases import DAY, NOW, TODAY, team

pytestmark = pytest.mark.django_db


def away(person, stand_in, until=TODAY + 5 * DAY, now=NOW):
    return declare_absence(until=until, stand_in=stand_in, by=acting(person, now))


@pytest.mark.parametrize(
    ("until", "accepted"),
    [
        (TODAY - DAY, False),
        (TODAY, True),
        (TODAY + A_YEAR, True),
        (TODAY + A_YEAR + DAY, False),
    ],
)
def test_from_today_and_for_a_year_at_most(until, accepted):
    _, (person, colleague, _) = team()
    if accepted:
        assert away(person, colleague, until).until == until
    else:
        with pytest.raises(ValidationError):
            away(person, colleague, until)


def test_a_second_declaration_replaces_the_first():
    _, (person, first, second) = team()
    away(person, first)
    away(person, second, TODAY + 9 * DAY)
    absence = Absence.objects.get()
    assert (absence.stand_in, absence.until) == (second, TODAY + 9 * DAY)


def test_the_stand_in_is_a_member_of_every_organisation_of_the_absent():
    _, (person, colleague, _) = team()
    other = MembershipFactory(user=person, role=Role.REPRESENTANT).organisation
    with pytest.raises(ValidationError):
        away(person, colleague)
    MembershipFactory(user=colleague, role=Role.SALARIE, organisation=other)
    assert away(type(person).objects.get(pk=person.pk), colleague)


@pytest.mark.parametrize("who", ["oneself", "a stranger"])
def test_nobody_else_can_stand_in(who):
    _, (person, *_) = team()
    with pytest.raises(ValidationError):
        away(person, person if who == "oneself" else member(Role.REPRESENTANT))


def test_the_stand_in_is_notified():
    _, (person, colleague, _) = team()
    away(person, colleague)
    mail = OutgoingMail.objects.get(kind=TEAM_MAIL)
    assert mail.user == colleague
    assert mail.subject == f"Vous remplacez {person} jusqu'au 23/05/2027"


def readers(people, now):
    """Who gets one mail that goes to these people."""
    context = {"who": "Essai", "until": TODAY}
    tell(
        people,
        kind=DECISION_MAIL,
        template="absence",
        context={**context, "unsubscribe_url": ""},
        key=f"essai:{now}",
        by=acting(None, now),
    )
    mails = OutgoingMail.objects.filter(kind=DECISION_MAIL, created_at=now)
    return sorted(mails.values_list("user", flat=True))


@pytest.mark.parametrize(("days", "reads"), [(0, True), (5, True), (6, False)])
def test_the_stand_in_reads_the_mails_up_to_the_last_day_included(days, reads):
    _, (person, colleague, _) = team()
    away(person, colleague)
    wanted = [person.pk, colleague.pk] if reads else [person.pk]
    assert readers([person], NOW + days * DAY) == sorted(wanted)


def test_one_mail_each_when_both_are_notified():
    _, (person, colleague, _) = team()
    away(person, colleague)
    assert readers([person, colleague], NOW) == sorted([person.pk, colleague.pk])


def test_a_stand_in_who_has_left_the_organisation_reads_nothing_more():
    _, (person, colleague, _) = team()
    away(person, colleague)
    colleague.memberships.all().delete()
    assert readers([person], NOW) == [person.pk]


def test_an_absence_ends_before_its_day():
    _, (person, colleague, _) = team()
    away(person, colleague)
    end_absence(by=acting(person, NOW + DAY))
    assert readers([person], NOW + DAY) == [person.pk]
