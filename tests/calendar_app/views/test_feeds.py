"""The addresses that agendas read."""

import datetime as dt
import html
import re
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import Nature, State
from calendar_app.models import Deadline, FeedAddress, Milestone, MilestoneVersion
from calendar_app.services.calendars import milestone_amend
from calendar_app.services.feeds import address_create, token_of
from tests.by import acting
from tests.calendar_app.agenda import starts
from tests.factories import DeadlineFactory, SolutionFactory, member
from tests.pages import markup

pytestmark = pytest.mark.usefixtures("calendars")
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
RIS = "/calendriers/ris.ics"
PAGE = "/calendriers/prive/"


@pytest.fixture(autouse=True)
def _loaded_before(calendars):
    MilestoneVersion.objects.update(created_at=NOW - dt.timedelta(days=30))


@pytest.fixture
def person():
    return member()


@pytest.fixture
def deadline(person):
    solution = SolutionFactory(organisation=person.memberships.get().organisation)
    return DeadlineFactory(solution=solution)


@pytest.fixture
def address(person):
    return address_create(by=acting(person, NOW))


def private(address):
    return reverse("calendars:private_feed", args=[token_of(address)])


def uids(response):
    return [event["UID"] for event in icalendar.Calendar.from_ical(response.content).events]


def amend(code):
    milestone_amend(
        milestone=Milestone.objects.get(code=code),
        due_at=dt.datetime(2027, 11, 24, 11, tzinfo=dt.UTC),
        reason="Report",
        source="Texte",
        nature=Nature.REGULATORY,
        by=acting(member(Role.RESPONSABLE), NOW),
    )


@pytest.mark.parametrize("slug", ["ris", "drimbox"])
def test_a_public_feed_needs_no_login(client, slug):
    response = client.get(f"/calendriers/{slug}.ics")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in response.headers
    assert len(uids(response)) == 6


def test_an_unknown_feed_is_not_found(client):
    assert client.get("/calendriers/pacs.ics").status_code == 404


def test_a_feed_is_read_only(client):
    assert client.post(RIS).status_code == 405


def test_head_has_the_headers_alone(client):
    response = client.head(RIS)
    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"]


def test_who_has_these_bytes_already_gets_304(client):
    first = client.get(RIS)
    again = client.get(RIS, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == "public, max-age=3600"


def test_who_read_after_the_last_change_gets_304(client):
    first = client.get(RIS)
    assert first["Last-Modified"] == "Fri, 23 Oct 2026 09:00:00 GMT"
    since = {"if-modified-since": first["Last-Modified"]}
    assert client.get(RIS, headers=since).status_code == 304


def test_an_amendment_makes_a_new_answer(client):
    first = client.get(RIS)
    amend("ris-5")
    for headers in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
    ):
        answer = client.get(RIS, headers=headers)
        assert answer.status_code == 200
        assert answer["ETag"] != first["ETag"]


def test_the_other_calendar_does_not_change(client):
    first = client.get("/calendriers/drimbox.ics")
    amend("ris-5")
    assert client.get("/calendriers/drimbox.ics")["ETag"] == first["ETag"]


def test_a_public_feed_takes_three_queries(client, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(RIS)


def test_the_private_feed_needs_no_login_and_is_for_nobody_else(client, address, deadline):
    other = DeadlineFactory()
    response = client.get(private(address))
    assert response.status_code == 200
    assert uids(response) == [f"echeance-{deadline.pk}@segur-imagerie-echeances"]
    assert other.organisation.name not in response.text
    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert "Last-Modified" not in response
    assert FeedAddress.objects.get().last_read_at is not None


def test_the_private_feed_answers_304_until_something_changes(client, address, deadline):
    etag = {"if-none-match": client.get(private(address))["ETag"]}
    assert client.get(private(address), headers=etag).status_code == 304
    Deadline.objects.filter(pk=deadline.pk).update(state=State.FILED)
    answer = client.get(private(address), headers=etag)
    assert (answer.status_code, uids(answer)) == (200, [])


def test_the_private_feed_follows_an_amendment(client, address, deadline):
    amend(deadline.milestone.code)
    (event,) = icalendar.Calendar.from_ical(client.get(private(address)).content).events
    assert event["SEQUENCE"] == 1
    assert starts(event) == dt.datetime(2027, 11, 24, 11, tzinfo=dt.UTC)


@pytest.mark.parametrize("token", ["inconnu", "inconnu.inconnu", "é"])
def test_an_unknown_token_is_not_found(client, address, token):
    assert client.get(f"/calendriers/prive/{token}.ics").status_code == 404


def test_a_revoked_or_replaced_address_is_not_found(client, address, person):
    url = private(address)
    client.force_login(person)
    client.post(PAGE, {"remplacer": ""})
    assert client.get(url).status_code == 404
    again = private(FeedAddress.objects.get())
    assert client.get(again).status_code == 200
    client.post(PAGE, {"supprimer": ""})
    assert client.get(again).status_code == 404


def test_the_private_feed_takes_few_queries(client, address, person, django_assert_max_num_queries):
    for _ in range(4):
        solution = SolutionFactory(organisation=person.memberships.get().organisation)
        DeadlineFactory(solution=solution)
    with django_assert_max_num_queries(4):
        client.get(private(address))


def test_the_page_of_the_address_needs_a_login(client):
    response = client.get(PAGE)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert client.post(PAGE, {"creer": ""}).status_code == 302
    assert not FeedAddress.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_each_person_makes_sees_and_deletes_the_own_address(client, role):
    client.force_login(member(role))
    assert "Créer mon adresse" in markup(client.get(PAGE))
    client.post(PAGE, {"creer": ""})
    page = client.get(PAGE)
    assert token_of(FeedAddress.objects.get()) in markup(page)
    assert "no-store" in page["Cache-Control"]
    client.post(PAGE, {"supprimer": ""})
    assert "Créer mon adresse" in markup(client.get(PAGE))


def test_the_page_never_shows_the_address_of_another(client, address):
    client.force_login(member())
    assert token_of(address) not in markup(client.get(PAGE))


def test_one_does_not_delete_the_address_of_another(client, address):
    client.force_login(member())
    client.post(PAGE, {"supprimer": ""})
    assert FeedAddress.objects.get() == address


def test_the_address_is_a_field_to_copy_and_opens_in_each_agenda(client, person, address):
    client.force_login(person)
    page = html.unescape(markup(client.get(PAGE)))
    (url,) = re.findall(
        r'<input id="adresse-mes-echeances" type="url" value="([^"]+)" readonly>', page
    )
    assert url.endswith(private(address))
    assert 'data-copy="adresse-mes-echeances" hidden' in page
    links = re.findall(r'<a class="button[^"]*" href="([^"]+)"[^>]*>([^<,]+)', page)
    webcal = "webcal://" + url.partition("://")[2]
    assert webcal in [link for link, _ in links]
    asked = {name: parse_qs(urlsplit(link).query) for link, name in links if "?" in link}
    name = "Ségur Imagerie · Mes échéances"
    assert asked == {
        "Google Agenda": {"cid": [webcal]},
        "Outlook professionnel": {"url": [url], "name": [name]},
        "Outlook.com": {"url": [url], "name": [name]},
    }
