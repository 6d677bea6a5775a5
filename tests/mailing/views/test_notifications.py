"""The page Notifications, over HTTP: the same facts as the mails, unread first."""

import datetime as dt
import re

import pytest

from calendar_app.enums import CALENDAR_MAIL
from calendar_app.services import reminders
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL, DECISION_MAIL
from mailing.services.delivery import deliver_waiting
from mailing.services.mail import post
from tests.calendar_app.reminding import J_7, at, run, solde
from tests.factories import OrganisationFactory, UserFactory, member
from tests.pages import markup, text

INDEX = "/notifications/"
NOW = at(J_7)

pytestmark = pytest.mark.at(NOW)
ROW = re.compile(r'<li class="notification([^"]*)">\s*<a href="([^"]+)">([^<]*)</a>')


@pytest.fixture
def person(client, calendars):
    user = member()
    client.force_login(user)
    return user


def news(user, subject, *, kind=DECISION_MAIL, ago=dt.timedelta(0), **context):
    return post(
        kind=kind,
        to=user.email,
        user=user,
        template="reminder",
        context={
            "subject": subject,
            "next": "",
            "filer": "",
            "groups": [],
            "several_organisations": False,
            "why": [],
            **context,
        },
        now=NOW - ago,
    )


def rows(response):
    """Title of each line, and whether it is unread, from the top."""
    return [(title, "is-unread" in marks) for marks, _, title in ROW.findall(markup(response))]


def bell(response):
    found = re.search(r'<span class="tool-count">([^<]+)', markup(response))
    return found[1] if found else ""


def test_a_reminder_is_a_notification_that_opens_its_deadline_and_is_read_then(client, calendars):
    organisation = OrganisationFactory()
    client.force_login(member(organisation=organisation))
    deadline = solde(organisation)
    run(NOW)
    page = client.get(INDEX)
    [(_, href, title)] = ROW.findall(markup(page))
    assert title.startswith("Rappel · J-7 : dépôt des demandes de paiement du solde RIS")
    assert bell(page) == "1"

    assert client.get(href)["Location"] == f"/echeances/{deadline.pk}/"

    page = client.get(INDEX)
    assert [unread for _, unread in rows(page)] == [False]
    assert bell(page) == ""


def test_what_is_unread_comes_first_then_the_newest(client, person):
    for number, days in enumerate([1, 2, 3], start=1):
        news(person, f"Nouvelle {number}", ago=dt.timedelta(days=days))
    client.get(f"{INDEX}{OutgoingMail.objects.get(subject='Nouvelle 1').pk}/")

    assert rows(client.get(INDEX)) == [
        ("Nouvelle 2", True),
        ("Nouvelle 3", True),
        ("Nouvelle 1", False),
    ]


@pytest.mark.parametrize(
    ("state", "age", "shown"),
    [
        (MailState.QUEUED, 0, True),
        (MailState.SENT, 364, True),
        (MailState.FAILED, 0, True),
        (MailState.CANCELLED, 0, False),
        (MailState.SENT, 365, False),
    ],
)
def test_which_mails_are_news(client, person, state, age, shown):
    news(person, "Nouvelle", ago=dt.timedelta(days=age))
    OutgoingMail.objects.update(state=state)

    page = client.get(INDEX)

    assert (rows(page) == [("Nouvelle", True)], bell(page) == "1") == (shown, shown)


def test_a_mail_that_is_not_composed_yet_is_no_news(client, calendars):
    organisation = OrganisationFactory()
    client.force_login(member(organisation=organisation))
    solde(organisation)
    reminders.plan(now=NOW)
    reminders.dispatch(now=NOW)
    assert rows(client.get(INDEX)) == []


def test_without_a_page_of_its_own_it_opens_its_mail(client, person):
    mail = news(person, "Sans page")
    assert client.get(f"{INDEX}{mail.pk}/")["Location"] == f"/rappels/courriels/{mail.pk}/"


@pytest.mark.parametrize(
    ("button", "page"),
    [
        ("http://127.0.0.1:8000/echeances/", "/echeances/"),
        ("http://127.0.0.1:8000.autre.example/", ""),
        ("https://autre.example/echeances/", ""),
    ],
)
def test_the_page_is_what_the_button_of_the_mail_opens_on_this_site(person, button, page):
    assert news(person, "Nouvelle", button_url=button, button_label="Voir").page == page


def test_the_secret_link_of_an_account_is_not_kept(person):
    link = "http://127.0.0.1:8000/compte/secret/"
    mail = post(
        kind=ACCOUNT_MAIL,
        to=person.email,
        user=person,
        template="reminder",
        context={
            "subject": "Lien",
            "next": "",
            "filer": "",
            "groups": [],
            "several_organisations": False,
            "why": [],
            "button_url": link,
            "button_label": "Ouvrir",
        },
        sensitive=True,
        now=NOW,
    )
    assert mail.page == ""


def test_filters_by_kind_and_unread(client, person):
    news(person, "Décision")
    news(person, "Calendrier", kind=CALENDAR_MAIL)
    client.get(f"{INDEX}{OutgoingMail.objects.get(subject='Décision').pk}/")

    assert rows(client.get(INDEX, {"nature": str(DECISION_MAIL)})) == [("Décision", False)]
    assert rows(client.get(INDEX, {"non_lues": "on"})) == [("Calendrier", True)]
    nothing = client.get(INDEX, {"nature": str(DECISION_MAIL), "non_lues": "on"})
    assert "Aucune notification ne correspond à ces choix." in text(nothing)


def test_all_are_read_at_once_and_only_mine(client, person):
    other = member()
    for user in (person, person, other):
        news(user, "Nouvelle")

    page = client.post(f"{INDEX}tout-lire/", follow=True)

    assert "2 notifications marquées comme lues." in text(page)
    assert [unread for _, unread in rows(page)] == [False, False]
    assert OutgoingMail.objects.get(user=other).read_at is None


def test_an_outsider_sees_and_reads_nothing_of_it(client, person):
    mail = news(person, "Nouvelle")
    client.force_login(UserFactory())

    page = client.get(INDEX)

    assert (rows(page), bell(page)) == ([], "")
    assert client.get(f"{INDEX}{mail.pk}/").status_code == 404
    mail.refresh_from_db()
    assert mail.read_at is None


def test_the_bell_stops_at_99(client, person):
    for number in range(101):
        news(person, f"Nouvelle {number}")
    assert bell(client.get(INDEX)) == "99+"


def test_queries_do_not_grow_with_the_rows(client, person, django_assert_max_num_queries):
    news(person, "Nouvelle")
    client.get(INDEX)
    with django_assert_max_num_queries(20) as one:
        client.get(INDEX)
    for number in range(30):
        news(person, f"Nouvelle {number}")
    deliver_waiting(now=NOW)
    with django_assert_max_num_queries(len(one)):
        client.get(INDEX)


@pytest.mark.usefixtures("demo")
def test_what_the_demonstration_announces_leads_to_a_page(client):
    """Every news but those of an account opens the object that it is about."""
    without = OutgoingMail.objects.exclude(kind=ACCOUNT_MAIL).exclude(subject="").filter(page="")
    assert list(without.filter(user__isnull=False).values_list("subject", flat=True)) == []
    assert OutgoingMail.objects.exclude(page="").count() > 20
