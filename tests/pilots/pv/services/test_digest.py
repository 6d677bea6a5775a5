"""The reviewers' digest: working days at 9:00 Paris, once, caught up the same day, or nothing."""

import datetime as dt

import pytest
import time_machine

from accounts.enums import Role
from calendar_app.services.reminders.preferences import set_muted
from mailing.models import OutgoingMail
from pilots.enums import DIGEST_MAIL, PVState
from pilots.pv.services import digest, review
from pilots.pv.services.assigning import assign
from pilots.tasks import write_review_digest
from segur.celery import app
from segur.lib.paris import PARIS
from tests.by import acting
from tests.factories import member
from tests.pages import as_read
from tests.pilots.reviewing import SENT_AT, agent, also_member, proposed_by, pv_of, reviewed_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


def at(text):
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


WEDNESDAY = at("2027-02-10 09:00")


def digests():
    return OutgoingMail.objects.filter(kind=DIGEST_MAIL).order_by("pk")


@pytest.mark.parametrize(
    ("now", "written"),
    [
        ("2027-02-10 09:00", 1),
        ("2027-02-10 08:59", 0),
        ("2027-02-10 00:00", 0),
        ("2027-02-10 16:45", 1),
        ("2027-02-10 23:59", 1),
        ("2027-02-13 09:00", 0),
        ("2027-02-14 09:00", 0),
        ("2027-03-29 09:00", 0),
        ("2027-03-30 09:00", 1),
        ("2027-05-17 10:00", 0),
        ("2027-10-29 09:00", 1),
        ("2027-11-01 09:00", 0),
    ],
)
def test_on_working_days_from_nine_on(now, written):
    agent()
    pv_of()
    assert digest.write(now=at(now)) == written
    assert digests().count() == written


def test_once_a_day_for_each_person():
    agent(), agent(Role.RESPONSABLE)
    pv_of()
    assert digest.write(now=WEDNESDAY) == 2
    assert digest.write(now=WEDNESDAY + dt.timedelta(minutes=5)) == 0
    assert digest.write(now=WEDNESDAY + dt.timedelta(days=1)) == 2


def test_a_day_that_is_gone_is_not_written():
    agent()
    pv_of()
    digest.write(now=at("2027-02-12 09:00"))
    assert digest.write(now=at("2027-02-15 09:00")) == 1
    assert digests().count() == 2


def test_none_when_nothing_waits_nor_when_something_comes_later_that_day():
    agent()
    assert digest.write(now=WEDNESDAY) == 0
    pv_of()
    assert digest.write(now=WEDNESDAY + dt.timedelta(hours=2)) == 0


@pytest.mark.parametrize(
    "state", [PVState.DRAFT, PVState.SIGNED, PVState.CONFORM, PVState.NOT_CONFORM]
)
def test_what_does_not_wait_for_the_ans_is_not_reported(state):
    agent()
    pv_of(state=state)
    assert digest.write(now=WEDNESDAY) == 0


def test_mine_to_confirm_and_unassigned_are_distinguished():
    me, other = agent(), agent()
    mine = reviewed_by(me)
    confirm = proposed_by(other)
    free = pv_of()
    theirs = reviewed_by(other)
    digest.write(now=WEDNESDAY)
    notified = digests().get(user=me)
    assert notified.subject == "3 PV à instruire le 10/02/2027"
    parts = [
        ("Que vous instruisez (1)", mine),
        ("Non conformes à confirmer (1)", confirm),
        ("Que personne n'a pris (1)", free),
    ]
    body = as_read(notified.body_text)
    places = [body.index(text) for title, pv in parts for text in (title, client_of(pv))]
    assert places == sorted(places)
    assert client_of(theirs) not in body
    assert "attend depuis 5 jours ouvrés" in body
    assert "mercredi 22 septembre 2027 à 12h" in body


def test_what_another_gave_me_since_the_last_digest_comes_first_with_their_name():
    me, chief = agent(), agent(Role.RESPONSABLE, full_name="Cheffe Fictive")
    old, given, taken = pv_of(), pv_of(), pv_of()
    assign(old, to=me, by=acting(chief, WEDNESDAY - dt.timedelta(days=2)))
    digest.write(now=WEDNESDAY - dt.timedelta(days=1))
    assign(given, to=me, by=acting(chief, WEDNESDAY - dt.timedelta(hours=3)))
    review.take(taken, by=acting(me, WEDNESDAY - dt.timedelta(hours=2)))
    digest.write(now=WEDNESDAY)
    first, last = digests().filter(user=me)
    assert "Que l'on vous a affectés depuis le dernier point (1)" in as_read(first.body_text)
    notified = as_read(last.body_text)
    assert last.subject == "3 PV à instruire le 10/02/2027"
    assert notified.count("affecté par Cheffe Fictive, attend depuis") == 1
    places = [
        notified.index(words)
        for words in ("Que l'on vous a affectés depuis le dernier point (1)", client_of(given))
    ]
    assert places == sorted(places)
    assert notified.index("Que vous instruisez (2)") > places[-1]


def client_of(pv):
    return str(pv.pilot.prestation.client)


def test_who_proposed_is_not_asked_to_confirm():
    first = agent()
    proposed_by(first)
    assert digest.write(now=WEDNESDAY) == 0


def test_never_a_pv_of_an_own_organisation():
    pv = pv_of()
    also_member(agent(), pv.pilot.prestation.organisation)
    member(Role.MANDATAIRE, pv.pilot.prestation.organisation)
    assert digest.write(now=WEDNESDAY) == 0


def test_a_pv_whose_agent_left_is_to_take_again():
    gone = agent()
    reviewed_by(gone)
    gone.memberships.all().delete()
    me = agent()
    digest.write(now=WEDNESDAY)
    assert "Que personne n'a pris (1)" in as_read(digests().get(user=me).body_text)


def test_what_has_no_margin_left_is_in_the_subject():
    agent()
    pv_of()
    digest.write(now=at("2027-09-20 09:00"))
    assert digests().get().subject == "1 PV à instruire le 20/09/2027, dont 1 sans marge"


def test_many_are_counted_and_the_first_ones_listed():
    agent()
    for number in range(12):
        pv_of(sent_at=SENT_AT + dt.timedelta(minutes=number))
    digest.write(now=WEDNESDAY)
    assert "Que personne n'a pris (12)" in as_read(digests().get().body_text)
    assert "et 2 autres" in as_read(digests().get().body_text)


def test_switched_off_it_does_not_come_and_can_be_from_the_mail():
    muted, wanted = agent(), agent()
    pv_of()
    set_muted(user=muted, kind=DIGEST_MAIL, muted=True)
    assert digest.write(now=WEDNESDAY) == 1
    notified = digests().get(user=wanted)
    assert notified.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Ne plus recevoir ces courriels" in as_read(notified.body_text)


def test_the_beat_asks_often():
    agent()
    pv_of()
    entry = app.conf.beat_schedule["write-review-digest"]
    assert (entry["task"], entry["schedule"]) == (write_review_digest.name, 300.0)
    with time_machine.travel(WEDNESDAY, tick=False):
        assert write_review_digest() == 1


def test_queries_do_not_grow_with_what_waits(django_assert_max_num_queries):
    agent()
    for number in range(15):
        pv_of(sent_at=SENT_AT + dt.timedelta(minutes=number))
    with django_assert_max_num_queries(30):
        digest.write(now=WEDNESDAY)
