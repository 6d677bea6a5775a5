"""Warnings of tickets: each at its instant, once, to whom it concerns."""

import pytest

from accounts.enums import Role
from calendar_app.services.reminders import set_muted
from mailing.enums import MailState
from mailing.services.delivery import deliver_waiting
from perf.enums import TICKET_MAIL
from perf.services.ticket_warnings import warn
from perf.services.tickets import (
    respond,
)
from tests.by import acting
from tests.factories import member
from tests.pages import as_read
from tests.perf.services.ticket_cases import LATER, at, corrected, declare, mails, row_of


@pytest.fixture
def ticket(service, actor):
    """GTI at risk at 10:20, GTR at 13:00."""
    return declare(service, actor, at("2027-01-12 10:00"), now=at("2027-01-12 10:01"))


def test_each_warning_leaves_at_its_instant_and_once(ticket):
    assert warn(now=at("2027-01-12 10:19:59")) == 0
    assert warn(now=at("2027-01-12 10:20:00")) == 1
    assert warn(now=at("2027-01-12 10:20:00")) == 0
    assert warn(now=at("2027-01-12 12:59:59")) == 0
    assert warn(now=at("2027-01-12 13:00:00")) == 1
    assert warn(now=at("2027-01-14 13:00:00")) == 0
    assert mails().count() == 2


def test_the_mail_says_what_until_when_and_where(ticket, settings):
    warn(now=at("2027-01-12 10:20"))

    mail = mails().get()
    client = ticket.service.prestation.client
    assert mail.subject == (
        f"Ticket INC-1, {client} : GTI à risque, prenez le ticket en charge au plus tard le "
        "12/01/2027 10h30"
    )
    assert as_read(mail.body_text).startswith(
        "Prenez le ticket en charge au plus tard le mardi 12 janvier 2027 à 10h30 (heure de Paris) "
        "pour tenir la GTI.\n"
    )
    link = f"{settings.SITE_URL}/perf/tickets/{ticket.pk}/"
    for body in (as_read(mail.body_text), as_read(mail.body_html)):
        assert link in body
        assert "Images introuvables" in body
    assert mail.headers["List-Unsubscribe-Post"]


def test_every_member_of_the_fournisseur_is_notified_on_the_site_or_by_mail_too(ticket, actor):
    organisation = ticket.service.prestation.organisation
    notified = {
        actor,
        member(Role.REPRESENTANT, organisation),
        member(Role.MANDATAIRE, organisation),
    }
    muted = member(Role.MANDATAIRE, organisation)
    set_muted(user=muted, kind=TICKET_MAIL, muted=True)
    member(Role.AGENT)
    member(Role.MANDATAIRE)

    warn(now=at("2027-01-12 10:20"))
    deliver_waiting(now=at("2027-01-12 10:20"))

    assert {mail.user for mail in mails() if mail.state == MailState.SENT} == notified
    assert {mail.user for mail in mails() if mail.state == MailState.SHOWN} == {muted}


@pytest.mark.parametrize("order", ["response first", "warning first"])
def test_an_answer_leaves_no_warning_to_send(ticket, actor, order):
    now = at("2027-01-12 10:25")
    if order == "warning first":
        warn(now=now)
    respond(ticket=ticket, responded_at=at("2027-01-12 10:15"), by=acting(actor, now))
    warn(now=now)

    assert not mails(state=MailState.QUEUED).exists()


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("10:29:59", "GTI à risque, prenez le ticket en charge au plus tard le 12/01/2027 10h30"),
        ("10:30:00", "GTI à risque, prenez le ticket en charge au plus tard le 12/01/2027 10h30"),
        ("10:30:01", "GTI dépassée depuis le 12/01/2027 10h30"),
    ],
)
def test_a_guarantee_is_missed_only_after_its_due_instant(ticket, now, shown):
    warn(now=at(f"2027-01-12 {now}"))

    assert mails().get().subject.endswith(f" : {shown}")


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2027-01-12 18:59:59", "au plus tard le 12/01/2027 19h"),
        ("2027-01-12 19:00:00", "au plus tard le 12/01/2027 19h"),
        ("2027-01-12 19:00:01", "au plus tard le 13/01/2027 9h"),
        ("2027-01-13 09:00:00", "au plus tard le 13/01/2027 9h"),
        ("2027-01-13 09:00:01", "dépassée depuis la réouverture, le 13/01/2027 9h"),
    ],
)
def test_a_guarantee_due_at_closing_is_missed_only_after_the_reopening(service, actor, now, shown):
    declare(service, actor, at("2027-01-12 18:30"), now=at("2027-01-12 18:31"))
    warn(now=at(now))

    assert mails().get().subject.endswith(shown)


def test_a_missed_guarantee_is_reported_as_missed_in_one_mail(ticket):
    warn(now=at("2027-01-12 10:45"))

    mail = mails().get()
    assert "GTI dépassée depuis le 12/01/2027 10h30" in mail.subject
    body = as_read(mail.body_text)
    assert body.startswith("GTI dépassée depuis le mardi 12 janvier 2027 à 10h30")


def test_after_an_outage_both_guarantees_come_in_one_mail(ticket):
    assert warn(now=at("2027-01-13 11:00")) == 1

    body = as_read(mails().get().body_text)
    assert "GTI dépassée depuis le mardi 12 janvier 2027 à 10h30" in body
    assert "GTR dépassée depuis le mardi 12 janvier 2027 à 14h" in body


def test_a_guarantee_due_at_closing_is_missed_since_the_reopening(service, actor):
    """Page and mail give the same instant."""
    ticket = declare(service, actor, at("2027-01-12 18:30"), now=at("2027-01-12 18:31"))
    now = at("2027-01-13 09:30")

    warn(now=now)

    mail = mails().get()
    assert row_of(ticket, now).gti.due_at == at("2027-01-12 19:00")
    assert (
        "GTI due le 12/01/2027 19h, dépassée depuis la réouverture, le 13/01/2027 9h"
    ) in mail.subject
    assert as_read(mail.body_text).startswith(
        "GTI due le mardi 12 janvier 2027 à 19h (heure de Paris), dépassée depuis la réouverture, "
        "le mercredi 13 janvier 2027 à 9h (heure de Paris) : prenez le ticket en charge"
    )


def test_a_budget_used_up_at_closing_is_reported_until_the_reopening(service, actor):
    declare(service, actor, at("2027-01-12 18:30"), now=at("2027-01-12 18:31"))

    warn(now=at("2027-01-12 22:00"))

    assert "au plus tard le mercredi 13 janvier 2027 à 9h" in as_read(mails().get().body_text)


def test_answering_one_of_two_guarantees_mailed_together_mails_the_other_again(ticket, actor):
    warn(now=at("2027-01-12 13:30"))
    respond(
        ticket=ticket,
        responded_at=at("2027-01-12 13:31"),
        by=acting(actor, at("2027-01-12 13:32")),
    )
    warn(now=at("2027-01-12 13:33"))

    withdrawn, left = mails()
    assert withdrawn.state == MailState.CANCELLED
    assert "GTI" not in left.subject
    assert "GTR à risque" in left.subject


def test_a_moved_due_instant_is_warned_of_again(ticket, actor):
    warn(now=at("2027-01-12 10:20"))
    mails().update(state=MailState.SENT)

    corrected(ticket, actor, now=at("2027-01-12 10:22"), opened_at=at("2027-01-12 10:10"))

    assert warn(now=at("2027-01-12 10:29")) == 0
    assert warn(now=at("2027-01-12 10:30")) == 1
    assert "12/01/2027 10h40" in mails().last().subject


def test_a_closed_ticket_entered_after_the_fact_warns_nobody(service, actor):
    done = at("2027-01-12 18:00")
    declare(service, actor, at("2027-01-12 10:00"), responded_at=done, restored_at=done)

    assert warn(now=LATER) == 0
