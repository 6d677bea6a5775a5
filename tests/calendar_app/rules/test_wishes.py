import datetime as dt

import pytest

from calendar_app.enums import CALENDAR_MAIL, REMINDER_MAIL
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.rules.wishes import Answer, Preference, Wishes
from mailing.rules import ACCOUNT_MAIL, DECISION_MAIL, RECEIPT_MAIL, every_kind

DAY = dt.date(2027, 9, 15)
RIS, DRIMBOX = 1, 2


def answer(wishes, kind=REMINDER_MAIL, *, dispositif_id=RIS, step=7, day=DAY):
    return wishes.answer(kind, dispositif_id=dispositif_id, step=step, day=day)


@pytest.mark.parametrize("step", DEFAULT_STEPS)
def test_somebody_who_chose_nothing_wants_every_step(step):
    assert answer(Wishes(), step=step) is Answer.YES


def test_somebody_who_chose_nothing_is_not_notified_early_nor_paused_nor_muted():
    nothing = Preference()
    assert (nothing.early, nothing.paused_until, nothing.since) == (False, None, None)
    assert (nothing.muted_kinds, nothing.quiet) == (frozenset({"SEMAINE"}), False)
    assert nothing.steps == frozenset(DEFAULT_STEPS)


def test_step_that_is_not_chosen_is_refused():
    assert answer(Wishes(Preference(steps=frozenset({1})))) is Answer.NO_STEP


def test_kind_switched_off_is_refused():
    wishes = Wishes(Preference(muted_kinds=frozenset({str(REMINDER_MAIL)})))

    assert answer(wishes) is Answer.NO_KIND
    assert answer(wishes, CALENDAR_MAIL, step=None) is Answer.YES


@pytest.mark.parametrize("kind", [RECEIPT_MAIL, DECISION_MAIL, ACCOUNT_MAIL])
def test_what_proves_or_protects_cannot_be_refused(kind):
    wishes = Wishes(Preference(muted_kinds=frozenset(map(str, every_kind())), paused_until=DAY))

    assert answer(wishes, kind, step=None) is Answer.YES
    assert not wishes.refuse_everywhere(kind)


@pytest.mark.parametrize(
    ("until", "expected"),
    [(DAY - dt.timedelta(days=1), Answer.YES), (DAY, Answer.LATER), (DAY.max, Answer.LATER)],
)
def test_pause_holds_back_its_last_day_included(until, expected):
    assert answer(Wishes(Preference(paused_until=until))) is expected


def test_pause_holds_back_reminders_only():
    wishes = Wishes(Preference(paused_until=DAY))

    assert answer(wishes, CALENDAR_MAIL, step=None) is Answer.YES


def test_preference_of_a_dispositif_wins_for_it_alone():
    wishes = Wishes(Preference(), {RIS: Preference(steps=frozenset({30}))})

    assert answer(wishes, dispositif_id=RIS) is Answer.NO_STEP
    assert answer(wishes, dispositif_id=DRIMBOX) is Answer.YES
    assert wishes.about(None) == wishes.general


def test_kind_is_refused_everywhere_only_when_each_preference_refuses_it():
    muted = Preference(muted_kinds=frozenset({str(CALENDAR_MAIL)}))

    assert Wishes(muted).refuse_everywhere(CALENDAR_MAIL)
    assert Wishes(muted, {RIS: muted}).refuse_everywhere(CALENDAR_MAIL)
    assert not Wishes(muted, {RIS: Preference()}).refuse_everywhere(CALENDAR_MAIL)
    assert not Wishes(Preference(), {RIS: muted}).refuse_everywhere(CALENDAR_MAIL)
