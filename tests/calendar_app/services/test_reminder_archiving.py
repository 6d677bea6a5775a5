"""What is over and shown nowhere leaves the table; what a page or the planning needs stays."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.db import OperationalError

from accounts.enums import Role
from calendar_app.enums import ReminderState
from calendar_app.models import ArchivedReminder, Deadline, Reminder
from calendar_app.selectors.reminder_pages import coming, items_of, not_sent
from calendar_app.services.reminders import archive, plan
from mailing.models import OutgoingMail
from privacy.services.erasure import person_erase
from privacy.services.exports import person_export
from segur import archiving
from tests.by import acting
from tests.calendar_app.reminding import at, solde, team
from tests.factories import member

pytestmark = pytest.mark.usefixtures("calendars")

PLANNED = at("2027-09-01 10:00")
J_30 = at("2027-08-23 09:00")
BOUND = J_30 + dt.timedelta(days=90)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def salarie():
    organisation, salarie, *_ = team()
    solde(organisation)
    plan(now=PLANNED)
    return salarie


def close(state, **fields):
    Reminder.objects.update(state=state, **fields)
    return Reminder.objects.get(step=30)


@pytest.mark.parametrize(
    "state", [ReminderState.SENT, ReminderState.SUPERSEDED, ReminderState.CANCELLED]
)
def test_what_is_over_is_archived_with_its_values(salarie, state):
    row = close(state, state_reason="Essai")

    assert archive(now=BOUND) == 1

    assert not Reminder.objects.filter(pk=row.pk).exists()
    kept = ArchivedReminder.objects.get()
    for name in ("pk", "deadline_id", "recipient_id", "step", "due_at", "state", "state_reason"):
        assert getattr(kept, name) == getattr(row, name)
    assert kept.archived_at == BOUND


@pytest.mark.parametrize(
    "state", [ReminderState.SCHEDULED, ReminderState.CLAIMED, ReminderState.FAILED]
)
def test_what_may_still_leave_stays(salarie, state):
    close(state)

    assert archive(now=BOUND + dt.timedelta(days=365)) == 0


@pytest.mark.parametrize(("now", "moved"), [(BOUND - SECOND, 0), (BOUND, 1), (BOUND + SECOND, 1)])
def test_ninety_days_after_its_instant(salarie, now, moved):
    close(ReminderState.SUPERSEDED)

    assert archive(now=now) == moved


def test_the_page_of_a_mail_shows_what_it_carried(salarie):
    mail = OutgoingMail.objects.create(
        kind="RAPPEL", to_email=salarie.email, user=salarie, message_id="<1@essai.example>"
    )
    close(ReminderState.SENT, mail=mail)
    before = shown(mail)

    assert archive(now=BOUND) == 1

    assert shown(mail) == before
    Deadline.objects.all().delete()
    assert shown(mail) == []


def shown(mail):
    return [(row.title, str(row.about), row.step, row.last_at, row.page) for row in items_of(mail)]


def test_pages_and_planning_see_no_difference(salarie):
    Reminder.objects.filter(step=30).update(state=ReminderState.SUPERSEDED)
    now = BOUND + dt.timedelta(days=1)
    before = coming(salarie, now=now), not_sent(salarie, now=now), plan(now=now)

    assert archive(now=now) == 1

    assert (coming(salarie, now=now), not_sent(salarie, now=now), plan(now=now)) == before


def test_archiving_again_moves_nothing(salarie):
    close(ReminderState.SENT)
    archive(now=BOUND)

    assert archive(now=BOUND + SECOND) == 0
    assert ArchivedReminder.objects.count() == 1


def test_archived_reminders_are_exported_and_erased_with_their_person(salarie):
    close(ReminderState.SENT)
    archive(now=BOUND)

    whole = zipfile.ZipFile(io.BytesIO(b"".join(person_export(by=acting(salarie, BOUND)))))
    exported = json.loads(whole.read("Données/calendar_app.archivedreminder.recipient.json"))
    assert [one["step"] for one in exported] == [30]

    person_erase(user=salarie, by=acting(member(Role.RESPONSABLE), BOUND))
    assert not ArchivedReminder.objects.exists()


def test_a_run_that_is_cut_leaves_each_row_in_one_table(salarie, monkeypatch):
    close(ReminderState.SENT)
    count = Reminder.objects.count()
    Reminder.objects.update(due_at=J_30)
    real = archiving._move_batch
    batches = []

    def cut(*arguments):
        batches.append(arguments)
        if len(batches) > 2:
            raise OperationalError
        return real(*arguments)

    monkeypatch.setattr(archiving, "_move_batch", cut)
    with pytest.raises(OperationalError):
        archiving.move(Reminder.objects.all(), ArchivedReminder, now=BOUND, batch=1)

    assert (Reminder.objects.count(), ArchivedReminder.objects.count()) == (count - 2, 2)
    monkeypatch.undo()
    archive(now=BOUND)
    assert (Reminder.objects.count(), ArchivedReminder.objects.count()) == (0, count)
