"""Tickets: due instants as DOMAIN §4 says, outcomes as the engine's, refusals, warnings."""

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from calendar_app.enums import MailKind, MailState
from calendar_app.models import OutgoingMail, RegulatoryParameter
from calendar_app.rules.parameters import (
    ALSACE_MOSELLE,
    GTI,
    GTR,
    GUARANTEE_BASE,
    HOURS_WEEKDAY,
)
from calendar_app.services.reminders import set_muted
from perf.models import Ticket
from perf.selectors.tickets import State, by_state, ticket_history, ticket_rows, with_subject
from perf.services.ticket_warnings import warn
from perf.services.tickets import (
    FUTURE,
    NEEDS_RESPONSE,
    correct,
    follow_rules,
    open_ticket,
    respond,
    restore,
)
from segur.lib import paris
from tests.factories import ServiceFactory, member

PARIS = ZoneInfo("Europe/Paris")
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data/guarantee_cases.jsonl").read_text().splitlines()
]
MINUTE, SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)
LATER = dt.datetime(2040, 12, 30, tzinfo=dt.UTC)


def at(text):
    """«2027-01-15 18:45», on the Paris clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


def instant(text):
    return dt.datetime.fromisoformat(text) if text else None


@pytest.fixture
def service(calendars):
    return ServiceFactory()


@pytest.fixture
def actor(service):
    return member(Role.SALARIE, service.prestation.organisation)


def declare(service, actor, opened_at, now=None, reference="INC-1", **instants):
    return open_ticket(
        service=service,
        reference=reference,
        subject="Images introuvables",
        opened_at=opened_at,
        actor=actor,
        now=now or LATER,
        **instants,
    )


def row_of(ticket, now):
    (row,) = ticket_rows(with_subject(Ticket.objects.filter(pk=ticket.pk)), now=now)
    return row


# --- Due instants and outcomes -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "gti", "gtr"),
    [
        ("2027-01-12 18:30", "2027-01-12 19:00", "2027-01-13 12:30"),
        ("2027-01-15 18:45", "2027-01-16 09:15", "2027-01-16 12:45"),
        ("2027-01-17 15:00", "2027-01-18 09:30", "2027-01-18 13:00"),
        ("2027-05-15 12:00", "2027-05-15 12:30", "2027-05-18 12:00"),
    ],
)
def test_due_instants_of_the_table(service, actor, opened, gti, gtr):
    ticket = declare(service, actor, at(opened))

    assert (ticket.gti_due_at, ticket.gtr_due_at) == (at(gti), at(gtr))


MET = {True: State.MET, False: State.MISSED}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_cases_through_the_service(service, actor, case):
    ends = {name: instant(case[name]) for name in ("responded_at", "restored_at")}
    now = instant(case.get("as_of")) or LATER
    ticket = declare(service, actor, instant(case["opened_at"]), now=now, **ends)

    row = row_of(ticket, now)
    for code, clock in (("gti", row.gti), ("gtr", row.gtr)):
        assert clock.due_at == instant(case[f"expected_{code}_due"])
        if (met := case[f"{code}_met"]) is None:
            assert clock.state in (State.IN_TIME, State.AT_RISK)
        else:
            assert clock.state is MET[met]
        listed = Ticket.objects.filter(by_state(f"{code}-manquee", now)).exists()
        assert listed is (clock.state is State.MISSED)


@pytest.mark.parametrize(
    ("opened", "gti_warn", "gtr_warn"),
    [
        ("2027-01-12 10:00", "2027-01-12 10:20", "2027-01-12 13:00"),
        ("2027-01-12 18:30", "2027-01-12 18:50", "2027-01-13 11:30"),
        ("2027-01-15 18:45", "2027-01-16 09:05", "2027-01-16 11:45"),
        ("2027-01-15 18:40", "2027-01-15 19:00", "2027-01-16 11:40"),
        ("2027-01-17 15:00", "2027-01-18 09:20", "2027-01-18 12:00"),
        ("2027-05-15 12:00", "2027-05-15 12:20", "2027-05-18 11:00"),
    ],
)
def test_warnings_come_ten_minutes_and_one_hour_of_open_time_before(
    service, actor, opened, gti_warn, gtr_warn
):
    ticket = declare(service, actor, at(opened))

    assert (ticket.gti_warn_at, ticket.gtr_warn_at) == (at(gti_warn), at(gtr_warn))


def parameter(key, value, since="2026-01-01 00:00"):
    RegulatoryParameter.objects.create(
        key=key, value=value, effective_from=at(since), source="Texte fictif"
    )


def test_the_rules_of_the_day_of_the_declaration_hold(service, actor):
    parameter(GTI, 60, since="2027-02-01 00:00")

    before = declare(service, actor, at("2027-01-29 10:00"), reference="avant")
    after = declare(service, actor, at("2027-02-01 10:00"), reference="après")

    assert before.gti_due_at == at("2027-01-29 10:30")
    assert after.gti_due_at == at("2027-02-01 11:00")


def test_a_guarantee_shorter_than_its_warning_is_at_risk_from_the_declaration(service, actor):
    parameter(GTI, 5)
    ticket = declare(service, actor, at("2027-01-17 15:00"))

    assert ticket.gti_warn_at == ticket.opened_at


def test_local_holidays_of_the_client_hold_when_the_parameter_says_so(service, actor):
    parameter(ALSACE_MOSELLE, value=True)
    client = service.prestation.client
    client.finess = "670000123"
    client.save()

    ticket = declare(service, actor, at("2027-03-26 10:00"))  # Good Friday

    assert ticket.gti_due_at == at("2027-03-27 09:30")
    assert row_of(ticket, at("2027-03-26 18:00")).gti.left == 30 * 60 * 1_000_000


@pytest.mark.parametrize(
    ("now", "state", "left"),
    [
        ("2027-01-12 18:49:59", State.IN_TIME, 601),
        ("2027-01-12 18:50:00", State.AT_RISK, 600),
        ("2027-01-12 19:00:00", State.AT_RISK, 0),
        ("2027-01-13 09:00:00", State.AT_RISK, 0),
        ("2027-01-13 09:00:01", State.MISSED, None),
    ],
)
def test_a_clock_runs_in_open_time(service, actor, now, state, left):
    ticket = declare(service, actor, at("2027-01-12 18:30"))

    clock = row_of(ticket, at(now)).gti

    assert clock.state is state
    assert clock.left == (None if left is None else left * 1_000_000)
    assert clock.over == (1_000_000 if state is State.MISSED else None)


# --- Acts and refusals ---------------------------------------------------------------------------


def test_response_then_restoration_close_the_ticket(service, actor):
    ticket = declare(service, actor, at("2027-01-12 10:00"))
    respond(ticket=ticket, responded_at=at("2027-01-12 10:12"), actor=actor, now=LATER)
    closed = restore(ticket=ticket, restored_at=at("2027-01-12 15:00"), actor=actor, now=LATER)

    row = row_of(closed, LATER)
    assert row.is_closed
    assert (row.gti.state, row.gtr.state) == (State.MET, State.MISSED)
    assert row.gtr.over == 3600 * 1_000_000


def test_a_ticket_does_not_close_without_its_response(service, actor):
    ticket = declare(service, actor, at("2027-01-12 10:00"))

    with pytest.raises(ValidationError) as refused:
        restore(ticket=ticket, restored_at=at("2027-01-12 11:00"), actor=actor, now=LATER)

    assert refused.value.message_dict == {"responded_at": [NEEDS_RESPONSE]}
    ticket.refresh_from_db()
    assert ticket.restored_at is None


@pytest.mark.parametrize(
    ("instants", "field", "words"),
    [
        ({"opened_at": "2027-01-12 12:01"}, "opened_at", FUTURE),
        ({"opened_at": "2019-12-31 10:00"}, "opened_at", "2020"),
        ({"responded_at": "2027-01-12 12:01"}, "responded_at", FUTURE),
        ({"responded_at": "2027-01-12 09:59"}, "responded_at", "avant la déclaration"),
        (
            {"responded_at": "2027-01-12 10:10", "restored_at": "2027-01-12 09:59"},
            "restored_at",
            "avant la déclaration",
        ),
        (
            {"responded_at": "2027-01-12 10:10", "restored_at": "2027-01-12 12:01"},
            "restored_at",
            FUTURE,
        ),
        ({"restored_at": "2027-01-12 11:00"}, "responded_at", NEEDS_RESPONSE),
    ],
)
def test_what_cannot_be_is_refused_by_field(service, actor, instants, field, words):
    typed = {"opened_at": "2027-01-12 10:00", **instants}

    with pytest.raises(ValidationError) as refused:
        declare(
            service,
            actor,
            now=at("2027-01-12 12:00"),
            **{name: at(text) for name, text in typed.items()},
        )

    assert words in refused.value.message_dict[field][0]
    assert not Ticket.objects.exists()


def test_a_reference_is_used_once_by_service(service, actor):
    declare(service, actor, at("2027-01-12 10:00"))

    with pytest.raises(ValidationError, match="déjà un ticket de cette référence"):
        declare(service, actor, at("2027-01-12 11:00"))
    declare(ServiceFactory(), actor, at("2027-01-12 11:00"))


@pytest.mark.parametrize("act", [respond, restore])
def test_an_act_is_recorded_once(service, actor, act):
    done = at("2027-01-12 10:05")
    ticket = declare(service, actor, at("2027-01-12 10:00"), responded_at=done, restored_at=done)
    name = "responded_at" if act is respond else "restored_at"

    with pytest.raises(ValidationError, match="12/01/2027 10h05"):
        act(ticket=ticket, actor=actor, now=LATER, **{name: done})


def corrected(ticket, actor, now=LATER, **changes):
    names = ("reference", "subject", "opened_at", "responded_at", "restored_at")
    values = {name: getattr(ticket, name) for name in names}
    return correct(ticket=ticket, actor=actor, now=now, **{**values, **changes})


def test_a_ticket_that_cannot_follow_the_rules_keeps_no_other_from_it(service, actor, caplog):
    lost = declare(service, actor, at("2027-01-12 10:00"), reference="T-1")
    other = declare(service, actor, at("2027-01-12 10:00"), reference="T-2")
    Ticket.objects.filter(pk=lost.pk).update(opened_at=at("2040-12-31 18:00"), rules_known=99)
    Ticket.objects.filter(pk=other.pk).update(gti_due_at=at("2027-01-12 19:00"), rules_known=99)
    assert follow_rules(now=LATER) == 1
    other.refresh_from_db()
    assert other.gti_due_at == at("2027-01-12 10:30")
    assert f"ticket {lost.pk} cannot follow the rules" in caplog.text


def test_a_corrected_declaration_moves_every_instant_and_the_history_says_so(service, actor):
    ticket = declare(service, actor, at("2027-01-12 10:00"))

    moved = corrected(ticket, actor, opened_at=at("2027-01-15 18:45"))

    assert (moved.gti_due_at, moved.gtr_due_at) == (at("2027-01-16 09:15"), at("2027-01-16 12:45"))
    assert (moved.gti_warn_at, moved.gtr_warn_at) == (
        at("2027-01-16 09:05"),
        at("2027-01-16 11:45"),
    )
    change, creation = ticket_history(moved)
    assert change["note"].splitlines()[-1] == "Déclaré le : 12/01/2027 10h → 15/01/2027 18h45"
    assert "GTI due le : 12/01/2027 10h30 → 16/01/2027 9h15" in change["note"]
    assert (change["who"], creation["what"]) == (str(actor), "Création")


AMENDED = {
    # key, value → GTI due, GTR due, left of the GTR at 11:00
    "hours": (HOURS_WEEKDAY, "10:00-12:00", "2027-01-12 10:30", "2027-01-13 12:00", 3 * 60),
    "gti": (GTI, 60, "2027-01-12 11:00", "2027-01-12 14:00", 3 * 60),
    "gtr": (GTR, 300, "2027-01-12 10:30", "2027-01-12 15:00", 4 * 60),
    "clock": (GUARANTEE_BASE, "continu", "2027-01-12 10:30", "2027-01-12 14:00", 3 * 60),
}


@pytest.mark.parametrize("case", AMENDED)
def test_rules_amended_for_a_past_day_move_page_list_mail_and_history_alike(service, actor, case):
    key, value, gti, gtr, left = AMENDED[case]
    now = at("2027-01-12 11:00")
    ticket = declare(service, actor, at("2027-01-12 10:00"), now=at("2027-01-12 10:01"))
    old = ticket.gti_due_at, ticket.gtr_due_at
    parameter(key, value)

    shown = row_of(ticket, now)
    warn(now=now)
    ticket.refresh_from_db()

    assert (shown.gti.due_at, shown.gtr.due_at) == (at(gti), at(gtr))
    assert (ticket.gti_due_at, ticket.gtr_due_at) == (at(gti), at(gtr))
    assert shown.gtr.left == left * 60 * 1_000_000
    listed = {state for state in LISTED if Ticket.objects.filter(by_state(state, now)).exists()}
    assert ("gti-manquee" in listed) is (shown.gti.state is State.MISSED)
    assert (State.AT_RISK in (shown.gti.state, shown.gtr.state)) is ("a-risque" in listed)
    moved = old != (at(gti), at(gtr))
    assert any("due le" in entry["note"] for entry in ticket_history(ticket)) is moved
    assert f"{paris.short(at(gti))}" in mails().get().subject


LISTED = ("a-risque", "gti-manquee", "gtr-manquee")


def test_a_closed_ticket_follows_too(service, actor):
    done = at("2027-01-12 10:40")
    ticket = declare(
        service,
        actor,
        at("2027-01-12 10:00"),
        responded_at=done,
        restored_at=at("2027-01-12 11:00"),
    )
    assert row_of(ticket, LATER).gti.state is State.MISSED
    parameter(GTI, 60)
    assert row_of(ticket, LATER).gti.state is State.MET
    assert follow_rules(now=LATER) == 1
    assert not Ticket.objects.filter(by_state("gti-manquee", LATER)).exists()


def test_rules_of_other_days_change_nothing_and_are_looked_at_once(
    service, actor, django_assert_num_queries
):
    ticket = declare(service, actor, at("2027-01-12 10:00"), now=at("2027-01-12 10:01"))
    parameter(GTI, 60, since="2027-02-01 00:00")
    assert follow_rules(now=LATER) == 0
    assert ticket_history(ticket)[0]["what"] == "Création"
    with django_assert_num_queries(2):
        follow_rules(now=LATER)


# --- Warnings ------------------------------------------------------------------------------------


def mails(**filters):
    return OutgoingMail.objects.filter(kind=MailKind.TICKET, **filters).order_by("pk")


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
    assert mail.body_text.startswith(
        "Prenez le ticket en charge au plus tard le mardi 12 janvier 2027 à 10h30 (heure de Paris) "
        "pour tenir la GTI.\n"
    )
    link = f"{settings.SITE_URL}/perf/tickets/{ticket.pk}/"
    for body in (mail.body_text, mail.body_html):
        assert link in body
        assert "Images introuvables" in body
    assert mail.headers["List-Unsubscribe-Post"]


def test_every_member_of_the_fournisseur_is_told_unless_switched_off(ticket, actor):
    organisation = ticket.service.prestation.organisation
    told = {actor, member(Role.REPRESENTANT, organisation), member(Role.MANDATAIRE, organisation)}
    muted = member(Role.MANDATAIRE, organisation)
    set_muted(user=muted, kind=MailKind.TICKET, muted=True)
    member(Role.AGENT)
    member(Role.MANDATAIRE)

    warn(now=at("2027-01-12 10:20"))

    assert {mail.user for mail in mails()} == told


@pytest.mark.parametrize("order", ["response first", "warning first"])
def test_an_answer_leaves_no_warning_to_send(ticket, actor, order):
    now = at("2027-01-12 10:25")
    if order == "warning first":
        warn(now=now)
    respond(ticket=ticket, responded_at=at("2027-01-12 10:15"), actor=actor, now=now)
    warn(now=now)

    assert not mails(state=MailState.QUEUED).exists()


def test_a_missed_guarantee_is_told_as_missed_in_one_mail(ticket):
    warn(now=at("2027-01-12 10:45"))

    mail = mails().get()
    assert "GTI dépassée depuis le 12/01/2027 10h30" in mail.subject
    assert mail.body_text.startswith("GTI dépassée depuis le mardi 12 janvier 2027 à 10h30")


def test_after_an_outage_both_guarantees_come_in_one_mail(ticket):
    assert warn(now=at("2027-01-13 11:00")) == 1

    body = mails().get().body_text
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
    assert mail.body_text.startswith(
        "GTI due le mardi 12 janvier 2027 à 19h (heure de Paris), dépassée depuis la réouverture, "
        "le mercredi 13 janvier 2027 à 9h (heure de Paris) : prenez le ticket en charge"
    )


def test_a_budget_used_up_at_closing_is_told_until_the_reopening(service, actor):
    declare(service, actor, at("2027-01-12 18:30"), now=at("2027-01-12 18:31"))

    warn(now=at("2027-01-12 22:00"))

    assert "au plus tard le mercredi 13 janvier 2027 à 9h" in mails().get().body_text


def test_answering_one_of_two_guarantees_told_together_tells_the_other_anew(ticket, actor):
    warn(now=at("2027-01-12 13:30"))
    respond(
        ticket=ticket,
        responded_at=at("2027-01-12 13:31"),
        actor=actor,
        now=at("2027-01-12 13:32"),
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
