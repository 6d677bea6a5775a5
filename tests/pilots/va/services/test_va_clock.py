"""The two months through the services: opened, moved, kept, missed, reopened."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError

from accounts.enums import Role
from calendar_app.enums import Nature, ReminderState, State
from calendar_app.models import Deadline, Reminder
from calendar_app.services.calendars import milestone_amend
from calendar_app.services.decisions import resume, set_aside
from parameters.models import RegulatoryParameter
from pilots.enums import ConditionState, VACase
from pilots.va.selectors.va import signed_files, situation, warnings, withdrawn_files
from pilots.va.services.va_clock import (
    correct_notification,
    notify,
    undo_validation,
    withdraw_notification,
)
from segur.lib import paris
from tests.by import acting
from tests.calendar_app.reminding import run
from tests.entries import entries
from tests.factories import member
from tests.pages import as_read
from tests.pilots.vas import day, drimbox, noon, notified, recorded, validated

pytestmark = pytest.mark.usefixtures("calendars", "checklists")


@pytest.fixture
def ours():
    return drimbox()


@pytest.fixture
def va(ours):
    return recorded(*ours)


@pytest.fixture
def person(ours):
    return ours[1]


def delay():
    return Deadline.objects.get(code="va-reserves")


def planned(*, version):
    """Step → Paris day and hour, of the reminders that will leave."""
    rows = Reminder.objects.filter(
        deadline=delay(), subject_version=version, state=ReminderState.SCHEDULED
    )
    return {row.step: paris.short(row.due_at) for row in rows}


def corrected(va, person, when, now, *, reason="Mauvaise date lue"):
    return correct_notification(
        va, notified=day(when), means="courriel", reason=reason, by=acting(person, noon(now))
    )


def test_case_1_has_no_clock_to_open(ours, person):
    va = recorded(*ours, case=VACase.ALL_VERIFIED)
    with pytest.raises(ValidationError, match="aucun délai ne peut courir"):
        notified(va, person)
    assert not Deadline.objects.filter(code="va-reserves").exists()
    assert situation(va, now=noon("2026-12-01")).pill[1] == "Toutes les conditions vérifiées"


@pytest.mark.parametrize(
    ("when", "last_day", "due_at"),
    [
        ("2026-11-20", "2027-01-20", "2027-01-20T23:00Z"),
        ("2026-12-28", "2027-02-28", "2027-02-28T23:00Z"),
        ("2026-12-29", "2027-02-28", "2027-02-28T23:00Z"),
        ("2027-12-31", "2028-02-29", "2028-02-29T23:00Z"),
        ("2027-07-15", "2027-09-15", "2027-09-15T22:00Z"),
        ("2027-06-30T22:30+00:00", "2027-09-01", "2027-09-01T22:00Z"),
        ("2027-06-30T21:59:59+00:00", "2027-08-30", "2027-08-30T22:00Z"),
        ("2026-11-20T23:30+00:00", "2027-01-21", "2027-01-21T23:00Z"),
        ("2027-01-28", "2027-03-28", "2027-03-28T22:00Z"),  # ends on the day of 23 hours
        ("2027-08-31", "2027-10-31", "2027-10-31T23:00Z"),  # ends on the day of 25 hours
    ],
)
def test_notification_opens_two_months_to_the_end_of_a_paris_day(
    va, person, when, last_day, due_at
):
    notification = notified(va, person, when, now="2028-01-01")
    assert paris.last_day(delay().due_at) == day(last_day)
    assert delay().due_at == dt.datetime.fromisoformat(due_at)
    assert f"{notification.notified_on:%d/%m/%Y}" in delay().rule
    assert "art. 641" in delay().rule
    assert delay().steps == [30, 14, 7, 2]
    assert delay().page == f"/prestations/{va.prestation_id}/va/"


@pytest.mark.parametrize(
    ("when", "now", "words"),
    [
        ("2026-11-19", "2026-12-01", "La VA a été signée le 20/11/2026"),
        ("2026-11-19T22:59+00:00", "2026-12-01", "La VA a été signée le 20/11/2026"),
        ("2026-12-02", "2026-12-01", "dans le futur"),
        ("2026-12-01T11:00:01+00:00", "2026-12-01", "dans le futur"),
    ],
)
def test_notification_refused(va, person, when, now, words):
    with pytest.raises(ValidationError, match=words):
        notified(va, person, when, now=now)
    va.refresh_from_db()
    assert va.awaits_ris
    assert va.clock is None


def test_a_notification_says_when_it_was_recorded_and_the_journal_what_it_says(va, person):
    notification = notified(va, person, "2026-12-01", now="2026-12-03")
    notification.refresh_from_db()
    assert notification.recorded_at == noon("2026-12-03")
    assert entries(va)[-1].note == "Le 01/12/2026, par courriel."


def test_a_notification_of_this_very_instant_is_not_in_the_future(va, person):
    assert notified(va, person, "2026-12-01T11:00+00:00", now="2026-12-01").pk


def test_the_first_notification_counts(va, person):
    notified(va, person, "2026-12-01")
    with pytest.raises(ValidationError, match="la première qui compte"):
        notified(va, person, "2026-12-15")
    assert delay().due_at == paris.at(day("2027-02-02"), dt.time(0))


def test_a_notification_needs_its_proof(va, person):
    with pytest.raises(ValidationError, match="Joignez la preuve"):
        notify(
            va,
            notified=day("2026-12-01"),
            means="courriel",
            proofs=[],
            by=acting(person, noon("2026-12-01")),
        )
    assert not Deadline.objects.filter(code="va-reserves").exists()


def test_the_months_are_those_in_effect_on_the_day_of_the_notification(va, person):
    RegulatoryParameter.objects.create(
        key="va.months",
        value=3,
        effective_from=paris.at(day("2027-01-01"), dt.time(0)),
        source="Appel à financement fictif",
        author=person,
        author_name=str(person),
    )
    notified(va, person, "2026-12-31", now="2027-01-15")
    assert paris.last_day(delay().due_at) == day("2027-02-28")
    corrected(va, person, "2027-01-01", "2027-01-16")
    assert paris.last_day(delay().due_at) == day("2027-04-01")
    assert delay().rule.startswith("3 mois")


def test_from_va_to_validation_in_time(va, person):
    notified(va, person, "2026-12-29")
    validated(va, person, "db-cr", "2027-01-15")
    assert delay().state == State.TO_DO
    validated(va, person, "db-appel", "2027-02-28", now="2027-03-02")
    assert delay().state == State.ACCEPTED
    assert delay().state_reason == "Le 28/02/2027, dans le délai."
    va.refresh_from_db()
    found = situation(va, now=noon("2027-03-05"))
    assert found.pill[1] == "Validée dans le délai"
    assert found.ended_on == day("2027-02-28")
    assert not Reminder.objects.filter(deadline=delay(), state=ReminderState.SCHEDULED).exists()
    assert [event.what for event in entries(va)] == [
        "VA enregistrée",
        "Notification du Client",
        "Condition validée par le Client",
        "Condition validée par le Client",
        "Toutes les conditions reportées sont validées",
    ]


@pytest.mark.parametrize(("last", "late"), [("2027-03-01", "1 jour"), ("2027-03-12", "12 jours")])
def test_late_by_so_many_days(va, person, last, late):
    notified(va, person, "2026-12-29")
    validated(va, person, "db-appel", last)
    validated(va, person, "db-cr", "2027-01-15", now="2027-04-01")  # recorded last, not the latest
    assert delay().state_reason == f"Le {day(last):%d/%m/%Y}, en retard de {late}."
    va.refresh_from_db()
    assert situation(va, now=noon("2027-04-02")).pill[1] == f"Validée avec {late} de retard"


def test_running_then_overdue(va, person):
    notified(va, person, "2026-12-29")
    va.refresh_from_db()
    before, after = (situation(va, now=noon(on)) for on in ("2027-02-28", "2027-03-01"))
    assert (before.pill[1], before.left.phrase) == ("Délai en cours", "12 h 00 min")
    assert (after.pill[1], after.left.overdue) == ("Délai dépassé", True)
    assert (before.reported, before.waiting) == (2, 2)


def withdrawn(va, person, now="2026-12-30", *, reason="Le courriel parlait d'un autre Client"):
    return withdraw_notification(va, reason=reason, by=acting(person, noon(now)))


def test_withdrawn_the_va_awaits_the_ris_again_and_the_delay_is_without_object(va, person):
    notified(va, person, "2026-12-29")
    va = withdrawn(va, person)
    va.refresh_from_db()
    assert va.awaits_ris
    assert situation(va, now=noon("2027-04-01")).pill[1] == "En attente du RIS"
    assert delay().state == State.NOT_APPLICABLE
    assert not Reminder.objects.filter(deadline=delay(), state=ReminderState.SCHEDULED).exists()
    [event] = [e for e in entries(va) if e.what == "Notification retirée"]
    assert event.note == (
        "Le courriel parlait d'un autre Client\nElle disait : le 29/12/2026, par courriel."
    )
    assert delay().state_reason == event.note
    assert [file["name"] for file in withdrawn_files(va)] == ["notification.pdf"]
    assert [file["name"] for file in signed_files(va)] == ["va.pdf"]


def test_notified_again_after_a_withdrawal_the_delay_runs_from_the_new_day(va, person):
    notified(va, person, "2026-12-29")
    withdrawn(va, person)
    notified(va, person, "2027-01-15")
    assert (delay().state, paris.last_day(delay().due_at)) == (State.TO_DO, day("2027-03-15"))
    assert planned(version=delay().version)
    others = Reminder.objects.exclude(subject_version=delay().version)
    assert not others.filter(deadline=delay(), state=ReminderState.SCHEDULED).exists()


def test_notified_again_on_the_same_day_the_reminders_leave_again(va, person):
    notified(va, person, "2026-12-29")
    before = planned(version=1)
    withdrawn(va, person)
    notified(va, person, "2026-12-29", now="2026-12-31")
    assert planned(version=delay().version) == before


def test_a_withdrawal_says_why_and_comes_before_any_validation(va, person):
    with pytest.raises(ValidationError, match="Aucune notification"):
        withdrawn(va, person)
    notified(va, person, "2026-12-29")
    with pytest.raises(ValidationError, match="Écrivez le motif"):
        withdrawn(va, person, reason=" ")
    validated(va, person, "db-cr", "2027-01-15")
    with pytest.raises(ValidationError, match="annulez d'abord la validation"):
        withdrawn(va, person, "2027-01-16")


def test_a_correction_after_a_withdrawal_is_refused_in_a_sentence(va, person):
    notified(va, person, "2026-12-29")
    withdrawn(va, person)
    with pytest.raises(ValidationError, match="retirée entre-temps"):
        corrected(va, person, "2026-12-28", "2026-12-30")


def test_the_delay_is_not_set_aside_nor_resumed_by_hand(va, person):
    notified(va, person, "2026-12-29")
    with pytest.raises(ValidationError, match="découle d'une règle"):
        set_aside(delay(), reason="Plus tard", by=acting(person, noon("2026-12-30")))
    withdrawn(va, person)
    with pytest.raises(ValidationError, match="découle d'une règle"):
        resume(delay(), by=acting(person, noon("2026-12-30")))


@pytest.mark.parametrize(
    ("code", "on", "words"),
    [
        ("formation", "2027-01-15", "Vérifiée à la VA"),
        ("db-cr", "2026-12-28", "ne se valident pas avant"),
        ("db-cr", "2027-01-16", "dans le futur"),
    ],
)
def test_validation_refused(va, person, code, on, words):
    notified(va, person, "2026-12-29")
    with pytest.raises(ValidationError, match=words):
        validated(va, person, code, on, now="2027-01-15")


def test_nothing_is_validated_before_the_notification_nor_twice(va, person):
    with pytest.raises(ValidationError, match="pas encore notifié"):
        validated(va, person, "db-cr", "2026-12-01")
    notified(va, person, "2026-12-29")
    validated(va, person, "db-cr", "2027-01-15")
    with pytest.raises(ValidationError, match="Validée par le Client"):
        validated(va, person, "db-cr", "2027-01-16")


def test_correction_moves_the_deadline_and_its_reminders(va, person):
    notified(va, person, "2026-12-29")
    run(noon("2027-02-01"))
    assert planned(version=1) == {14: "12/02/2027 9h", 7: "19/02/2027 9h", 2: "26/02/2027 9h"}
    corrected(va, person, "2026-12-09", "2027-02-01")
    assert delay().version == 2
    assert paris.last_day(delay().due_at) == day("2027-02-09")
    assert planned(version=2) == {7: "02/02/2027 9h", 2: "05/02/2027 9h"}
    assert planned(version=1) == {}
    event = entries(va)[-1]
    assert event.what == "Notification corrigée"
    assert event.note == (
        "Mauvaise date lue\nLe 09/12/2026, par courriel, au lieu du 29/12/2026, par courriel."
    )


def test_correction_within_one_last_day_still_names_the_new_day(va, person):
    """The 29th and the 30th of December both lead to the 28th of February."""
    notified(va, person, "2026-12-29", now="2027-01-04")
    corrected(va, person, "2026-12-30", "2027-01-04")
    assert delay().version == 1
    assert "30/12/2026" in delay().rule


@pytest.mark.parametrize(
    ("when", "reason", "words"),
    [
        ("2026-12-29", "Relu", "Rien n'a changé"),
        ("2026-12-28", " ", "Écrivez le motif"),
        ("2026-11-19", "Relu", "La VA a été signée"),
        ("2027-02-02", "Relu", "dans le futur"),
        ("2027-01-16", "Relu", "Une condition a été validée le 15/01/2027"),
    ],
)
def test_correction_refused(va, person, when, reason, words):
    notified(va, person, "2026-12-29")
    validated(va, person, "db-cr", "2027-01-15")
    with pytest.raises(ValidationError, match=words):
        corrected(va, person, when, "2027-02-01", reason=reason)
    assert delay().version == 1


def test_once_closed_the_notification_does_not_move(va, person):
    notified(va, person, "2026-12-29")
    for code in ("db-cr", "db-appel"):
        validated(va, person, code, "2027-01-15")
    with pytest.raises(ValidationError, match="annulez d'abord la validation"):
        corrected(va, person, "2026-12-28", "2027-02-01")


def test_undoing_a_validation_reopens_the_delay(va, person):
    notified(va, person, "2026-12-29")
    for code in ("db-cr", "db-appel"):
        validated(va, person, code, "2027-01-15")
    condition = va.conditions.get(code="db-cr")
    with pytest.raises(ValidationError, match="Écrivez le motif"):
        undo_validation(condition, reason="", by=acting(person, noon("2027-02-01")))
    undone = undo_validation(
        condition, reason="Autre Client", by=acting(person, noon("2027-02-01"))
    )
    assert (undone.state, undone.validated_on) == (ConditionState.REPORTED, None)
    assert delay().state == State.TO_DO
    assert planned(version=1) == {14: "12/02/2027 9h", 7: "19/02/2027 9h", 2: "26/02/2027 9h"}
    assert "Autre Client" in entries(va)[-1].note
    with pytest.raises(ValidationError, match="aucune validation à annuler"):
        undo_validation(condition, reason="Encore", by=acting(person, noon("2027-02-01")))


def test_undoing_one_of_two_leaves_the_delay_open(va, person):
    notified(va, person, "2026-12-29")
    validated(va, person, "db-cr", "2027-01-15")
    undo_validation(
        va.conditions.get(code="db-cr"), reason="Erreur", by=acting(person, noon("2027-01-16"))
    )
    assert delay().state == State.TO_DO


@pytest.mark.parametrize(
    ("when", "milestones"),
    [
        ("2027-07-14", []),
        ("2027-07-15", ["jalon 5"]),  # ends at 24h on the day that the milestone ends at 12h
        ("2027-10-14", ["jalon 5"]),
        ("2027-10-15", ["jalon 5", "jalon 6"]),
    ],
)
def test_warned_when_the_delay_outlasts_a_milestone(va, person, when, milestones):
    notified(va, person, when)
    found = warnings(va.prestation, delay().due_at)
    assert len(found) == len(milestones)
    assert all(name in line for name, line in zip(milestones, found, strict=True))


def test_warned_by_the_dates_as_amended(va, person):
    milestone = va.prestation.dispositif.milestones.get(number=5)
    milestone_amend(
        milestone=milestone,
        due_at=paris.at(day("2027-10-29"), dt.time(12)),
        reason="Arrêté fictif",
        source="Journal officiel fictif",
        by=acting(member(Role.RESPONSABLE), noon("2027-01-04")),
        nature=Nature.REGULATORY,
    )
    notified(va, person, "2027-07-15")
    assert warnings(va.prestation, delay().due_at) == []
    [line] = warnings(va.prestation, paris.at(day("2027-11-02"), dt.time(0)))
    assert "vendredi 29 octobre 2027 à 12h (heure de Paris)" in line


REMINDED = [
    ("2027-01-29", "J-30"),
    ("2027-02-12", "J-16"),  # J-14 is Sunday the 14th
    ("2027-02-19", "J-9"),  # J-7 is Sunday the 21st
    ("2027-02-26", "J-2"),
]


@pytest.mark.one_database
def test_reminded_at_30_14_7_and_2_days_and_never_otherwise(va, person, time_machine):
    """Every hour of the two months, as beat does: four mails, on working days at 9:00 Paris."""
    notified(va, person, "2026-12-29")
    moment, end = noon("2026-12-29"), noon("2027-03-05")
    while moment < end:
        at_work = paris.local(moment).hour in {8, 9, 10}
        if at_work:
            time_machine.move_to(moment)
            run(moment)
        moment += dt.timedelta(hours=1)
    sent = [(paris.short(row.sent_at), row.step) for row in Reminder.objects.order_by("sent_at")]
    days = [f"{day(on):%d/%m/%Y} 9h" for on, _ in REMINDED]
    assert sent == list(zip(days, [30, 14, 7, 2], strict=True))
    assert [mail.subject.split(" : ")[0] for mail in outbox.outbox] == [
        f"Rappel · {left}" for _, left in REMINDED
    ]


def test_the_reminder_says_what_to_do_by_24h_with_the_rule_and_the_page(va, person):
    notified(va, person, "2026-12-29")
    run(paris.at(day("2027-01-29"), dt.time(9)))
    [mail] = outbox.outbox
    html = as_read(mail.alternatives[0].content)
    assert mail.subject == (
        "Rappel · J-30 : levée des conditions reportées de la VA DRIMbox, "
        f"{va.prestation.client}, dimanche 28/02/2027"
    )
    assert as_read(mail.body).startswith(
        "« Levée des conditions reportées de la VA » (DRIMbox) : agissez au plus tard le dimanche "
        "28 février 2027, puis enregistrez-le sur ce site."
    )
    for text in (as_read(mail.body), html):
        assert f"/prestations/{va.prestation_id}/va/" in text
        assert "2 mois à compter de la notification du 29/12/2026" in text.replace("\n", " ")
        assert "dépo" not in text.lower()
        assert "/echeances/" not in text.replace('/echeances/"', "")
