"""Tickets: due instants as DOMAIN §4 says, outcomes as the engine's, refusals, warnings."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from parameters.models import RegulatoryParameter
from perf.models import Ticket
from perf.rules.parameters import ALSACE_MOSELLE, GTI, GTR, GUARANTEE_BASE, HOURS_WEEKDAY
from perf.selectors.tickets import TicketState, by_state
from perf.services.ticket_warnings import warn
from perf.services.tickets import (
    FUTURE,
    NEEDS_RESPONSE,
    follow_rules,
    respond,
    restore,
)
from segur.lib import paris
from tests.by import acting
from tests.entries import entries
from tests.factories import ServiceFactory
from tests.perf.services.ticket_cases import LATER, at, corrected, declare, mails, row_of

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data/guarantee_cases.jsonl").read_text().splitlines()
]
MINUTE, SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)


def instant(text):
    return dt.datetime.fromisoformat(text) if text else None


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


MET = {True: TicketState.MET, False: TicketState.MISSED}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_cases_through_the_service(service, actor, case):
    ends = {name: instant(case[name]) for name in ("responded_at", "restored_at")}
    now = instant(case.get("as_of")) or LATER
    ticket = declare(service, actor, instant(case["opened_at"]), now=now, **ends)

    row = row_of(ticket, now)
    for code, clock in (("gti", row.gti), ("gtr", row.gtr)):
        assert clock.due_at == instant(case[f"expected_{code}_due"])
        if (met := case[f"{code}_met"]) is None:
            assert clock.state in (TicketState.IN_TIME, TicketState.AT_RISK)
        else:
            assert clock.state is MET[met]
        listed = Ticket.objects.filter(by_state(f"{code}-manquee", now)).exists()
        assert listed is (clock.state is TicketState.MISSED)


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
        ("2027-01-12 18:49:59", TicketState.IN_TIME, 601),
        ("2027-01-12 18:50:00", TicketState.AT_RISK, 600),
        ("2027-01-12 19:00:00", TicketState.AT_RISK, 0),
        ("2027-01-13 09:00:00", TicketState.AT_RISK, 0),
        ("2027-01-13 09:00:01", TicketState.MISSED, None),
    ],
)
def test_a_clock_runs_in_open_time(service, actor, now, state, left):
    ticket = declare(service, actor, at("2027-01-12 18:30"))

    clock = row_of(ticket, at(now)).gti

    assert clock.state is state
    assert clock.left == (None if left is None else left * 1_000_000)
    assert clock.over == (1_000_000 if state is TicketState.MISSED else None)


# --- Acts and refusals ---------------------------------------------------------------------------


def test_response_then_restoration_close_the_ticket(service, actor):
    ticket = declare(service, actor, at("2027-01-12 10:00"))
    respond(ticket=ticket, responded_at=at("2027-01-12 10:12"), by=acting(actor, LATER))
    closed = restore(ticket=ticket, restored_at=at("2027-01-12 15:00"), by=acting(actor, LATER))

    row = row_of(closed, LATER)
    assert row.is_closed
    assert (row.gti.state, row.gtr.state) == (TicketState.MET, TicketState.MISSED)
    assert row.gtr.over == 3600 * 1_000_000


def test_a_ticket_does_not_close_without_its_response(service, actor):
    ticket = declare(service, actor, at("2027-01-12 10:00"))

    with pytest.raises(ValidationError) as refused:
        restore(ticket=ticket, restored_at=at("2027-01-12 11:00"), by=acting(actor, LATER))

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
        act(ticket=ticket, by=acting(actor, LATER), **{name: done})


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
    creation, change = entries(moved)
    assert change.note.splitlines()[-1] == "Déclaré le : 12/01/2027 10h → 15/01/2027 18h45"
    assert "GTI due le : 12/01/2027 10h30 → 16/01/2027 9h15" in change.note
    assert (str(change.signer), creation.what) == (str(actor), "Création")


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
    assert ("gti-manquee" in listed) is (shown.gti.state is TicketState.MISSED)
    assert (TicketState.AT_RISK in (shown.gti.state, shown.gtr.state)) is ("a-risque" in listed)
    moved = old != (at(gti), at(gtr))
    assert any("due le" in entry.note for entry in entries(ticket)) is moved
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
    assert row_of(ticket, LATER).gti.state is TicketState.MISSED
    parameter(GTI, 60)
    assert row_of(ticket, LATER).gti.state is TicketState.MET
    assert follow_rules(now=LATER) == 1
    assert not Ticket.objects.filter(by_state("gti-manquee", LATER)).exists()


def test_rules_of_other_days_change_nothing_and_are_looked_at_once(
    service, actor, django_assert_num_queries
):
    ticket = declare(service, actor, at("2027-01-12 10:00"), now=at("2027-01-12 10:01"))
    parameter(GTI, 60, since="2027-02-01 00:00")
    assert follow_rules(now=LATER) == 0
    assert entries(ticket)[-1].what == "Création"
    with django_assert_num_queries(2):
        follow_rules(now=LATER)
