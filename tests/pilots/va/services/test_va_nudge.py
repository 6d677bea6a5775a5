"""«En attente du RIS»: the Fournisseur is asked for news once, thirty days after the VA."""

import datetime as dt

import pytest
from django.core import mail as outbox

from accounts.enums import Role
from accounts.models import Membership
from calendar_app.services.reminders import set_muted
from mailing.services import delivery
from parameters.models import RegulatoryParameter
from pilots.enums import VA_MAIL, VACase
from pilots.tasks import nudge_awaited_ris
from pilots.va.services.va_nudge import nudge
from segur.lib import paris
from tests.factories import MembershipFactory, UserFactory, member
from tests.pages import as_read
from tests.pilots.vas import LONG_AGO, drimbox, noon, notified, recorded

pytestmark = pytest.mark.usefixtures("calendars", "checklists")

DUE = "2026-12-21"  # the 20th of December, thirty days after the VA, is a Sunday


def html_of(message) -> str:
    [alternative] = message.alternatives
    return as_read(str(alternative.content))


@pytest.fixture
def ours():
    return drimbox()


def at(text):
    """«2026-12-21 09:00» on the Paris clock."""
    moment = dt.datetime.fromisoformat(text)
    return paris.at(moment.date(), moment.time())


def mails_sent(now):
    count = nudge(now=now)
    delivery.deliver_waiting(now=now)
    return count


def test_every_member_is_mailed_once_what_to_do(ours):
    prestation, person = ours
    other = member(Role.SALARIE, organisation=prestation.organisation)
    va = recorded(*ours)
    assert mails_sent(at("2026-12-21 09:00")) == 1
    assert mails_sent(at("2026-12-21 09:01")) == 0
    assert mails_sent(noon("2027-03-01")) == 0
    assert sorted(to for mail in outbox.outbox for to in mail.to) == sorted(
        [person.email, other.email]
    )
    [mail] = [mail for mail in outbox.outbox if mail.to == [person.email]]
    assert mail.subject == f"En attente du RIS depuis 31 jours : VA (Client : {prestation.client})"
    for text in (as_read(mail.body), html_of(mail)):
        assert "enregistrez la notification" in text
        assert f"/prestations/{prestation.pk}/va/" in text
        assert "Appel contextuel de la DRIMbox" in text
    va.refresh_from_db()
    assert va.nudged_at == at("2026-12-21 09:00")


@pytest.mark.parametrize(
    "now",
    [
        "2026-12-18 12:00",  # the 28th day
        "2026-12-20 12:00",  # the 30th, a Sunday
        "2026-12-21 08:59",
        "2026-12-21 19:00",
        "2026-12-25 12:00",  # a holiday
    ],
)
def test_never_early_nor_out_of_working_hours(ours, now):
    recorded(*ours)
    assert mails_sent(at(now)) == 0


def test_after_an_outage_it_leaves_at_the_next_opening(ours):
    recorded(*ours)
    assert mails_sent(at("2027-01-04 09:00")) == 1


def test_nothing_to_ask_once_notified_nor_in_case_1(ours):
    notified(recorded(*ours), ours[1], "2026-12-01")
    recorded(*drimbox(), case=VACase.ALL_VERIFIED)
    assert mails_sent(noon(DUE)) == 0


def test_the_number_of_days_is_a_parameter(ours):
    RegulatoryParameter.objects.create(
        key="va.nudge_days",
        value=45,
        effective_from=LONG_AGO,
        source="Règle fictive",
        author=ours[1],
        author_name=str(ours[1]),
    )
    recorded(*ours)
    assert mails_sent(noon(DUE)) == 0
    assert mails_sent(noon("2027-01-04")) == 1


def test_who_switched_it_off_is_left_alone(ours):
    prestation, person = ours
    MembershipFactory(organisation=prestation.organisation)
    set_muted(user=person, kind=VA_MAIL, muted=True)
    recorded(*ours)
    mails_sent(noon(DUE))
    assert person.email not in [to for mail in outbox.outbox for to in mail.to]
    assert len(outbox.outbox) == 1


def test_while_the_fournisseur_has_nobody_it_waits(ours):
    recorded(*ours)
    Membership.objects.update(user=UserFactory(is_active=False))
    assert mails_sent(noon(DUE)) == 0
    Membership.objects.update(user=ours[1])
    assert mails_sent(noon("2027-01-04")) == 1


def test_the_task_asks_for_now(ours, time_machine):
    recorded(*ours)
    time_machine.move_to(noon(DUE))
    assert nudge_awaited_ris() == 1
