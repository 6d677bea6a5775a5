"""Handing over: who may, to whom, what is written and who is notified."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from calendar_app.models import Deadline
from mailing.models import OutgoingMail
from perf.models import Ticket
from pilots.pv.models import PilotPV
from teamwork.enums import TEAM_MAIL
from teamwork.models import Charge
from teamwork.selectors.charges import in_charge
from teamwork.services.charges import hand_over
from tests.by import acting
from tests.entries import entries
from tests.factories import member
from tests.teamwork.cases import DAY, NOW, deadlines, pv, team, ticket

pytestmark = pytest.mark.usefixtures("calendars")


def give(rows, person, actor, now=NOW):
    return hand_over(rows, person, acting(actor, now))


def mails():
    return list(OutgoingMail.objects.filter(kind=TEAM_MAIL).order_by("pk"))


def test_each_kind_of_subject_has_somebody_in_charge():
    organisation, (chief, person, _) = team()
    subjects = {
        Deadline: deadlines(organisation)[0],
        PilotPV: pv(organisation),
        Ticket: ticket(organisation, chief),
    }
    for model, row in subjects.items():
        assert give([row], person, chief) == 1
        assert in_charge(model, [row.pk]) == {row.pk: person}


def test_handed_over_again_the_newest_alone_is_in_charge():
    organisation, (chief, first, second) = team()
    (row,) = deadlines(organisation)
    give([row], first, chief)
    give([row], second, first, NOW + DAY)
    assert Charge.objects.get().person == second
    assert [entry.after for entry in entries(row) if entry.act == "charge.give"] == [
        {"person": first.pk},
        {"person": second.pk},
    ]


def test_given_to_nobody_it_is_nobody_s():
    organisation, (chief, person, _) = team()
    (row,) = deadlines(organisation)
    give([row], person, chief)
    assert give([row], None, chief) == 1
    assert not Charge.objects.exists()
    assert entries(row)[-1].act == "charge.drop"


def test_the_same_again_changes_nothing():
    organisation, (chief, person, _) = team()
    (row,) = deadlines(organisation)
    give([row], person, chief)
    assert give([row], person, chief) == 0
    assert len(mails()) == 1


def test_many_are_one_entry_and_one_mail(django_assert_max_num_queries):
    organisation, (chief, person, _) = team()
    rows = deadlines(organisation, 12)
    with django_assert_max_num_queries(45):
        assert give(rows, person, chief) == 12
    assert {entries(row)[-1].pk for row in rows} == {entries(rows[0])[-1].pk}
    (mail,) = mails()
    assert mail.subject == "À votre charge : 12 échéances"
    assert all(f"/echeances/{row.pk}/" in mail.body_text for row in rows)


def test_who_takes_it_is_not_notified_by_mail():
    organisation, (chief, *_) = team()
    give(deadlines(organisation), chief, chief)
    assert mails() == []


def test_an_outsider_hands_nothing_over():
    organisation, (_, person, _) = team()
    (row,) = deadlines(organisation)
    for stranger in (member(Role.MANDATAIRE), member(Role.AGENT)):
        with pytest.raises(PermissionDenied):
            give([row], person, stranger)
    assert not Charge.objects.exists()


@pytest.mark.parametrize("gone", ["of another organisation", "closed account"])
def test_only_a_member_can_be_in_charge(gone):
    organisation, (chief, person, _) = team()
    (row,) = deadlines(organisation)
    if gone == "closed account":
        type(person).objects.filter(pk=person.pk).update(is_active=False)
    else:
        person = member(Role.REPRESENTANT)
    with pytest.raises(ValidationError):
        give([row], person, chief)


def test_the_entry_names_nobody():
    organisation, (chief, person, _) = team()
    (row,) = deadlines(organisation)
    give([row], person, chief)
    entry = entries(row)[-1]
    assert person.full_name not in f"{entry.what} {entry.note} {entry.after} {entry.subject_label}"
