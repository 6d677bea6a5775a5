"""The first screen of a large site is kept whole: for whom, how long, and what shows at once."""

import random
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponseRedirect
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Kind, Role
from accounts.models import Membership, User
from accounts.services.memberships import membership_remove
from calendar_app.middleware import ActedMiddleware, last_act
from calendar_app.services import decisions, quiet
from calendar_app.services.deadlines import move
from tests.by import acting
from tests.calendar_app.reminding import at, solde, solde_of
from tests.factories import OrganisationFactory, PrestationFactory, SupplierFactory, member
from tests.pages import markup, text

pytestmark = pytest.mark.usefixtures("calendars")
NOW = at("2027-09-01 10:00")
PAGE = "/echeances/"
MADE = "Page établie le 01/09/2027 à 10h (heure de Paris)"
TOKEN = re.compile(r"[A-Za-z0-9]{64}")


@pytest.fixture
def mine(time_machine, monkeypatch):
    """A deadline of an éditeur, whose Représentant reads a page on a site that is large."""
    time_machine.move_to(NOW, tick=False)
    deadline = solde()
    author = member(Role.REPRESENTANT, organisation=deadline.organisation)
    move(deadline, "draft", by=acting(author, NOW))
    monkeypatch.setattr(quiet, "LARGE", 1)
    return deadline


@pytest.fixture
def reader(mine, client):
    user = member(Role.REPRESENTANT, organisation=mine.organisation)
    client.force_login(user)
    client.get(PAGE)
    return user


def colleague(deadline):
    return member(Role.REPRESENTANT, organisation=deadline.organisation)


def queries(found):
    return [query["sql"] for query in found.captured_queries]


def test_the_page_says_when_it_was_made(client, reader):
    assert MADE in text(client.get(PAGE))


def test_a_small_site_says_nothing(client, reader, monkeypatch):
    monkeypatch.setattr(quiet, "LARGE", 20_000)
    assert MADE not in text(client.get(PAGE))


def test_a_page_that_is_kept_asks_for_no_deadline(client, reader):
    with CaptureQueriesContext(connection) as found:
        client.get(PAGE)
    assert not [sql for sql in queries(found) if "calendar_app_deadline" in sql]


def test_its_forms_can_be_sent(mine, reader):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reader)
    strict.get(PAGE)
    token = TOKEN.findall(markup(strict.get(PAGE)))[0]

    sent = strict.post(
        reverse("accounts:theme"), {"theme": "sombre", "csrfmiddlewaretoken": token, "next": PAGE}
    )

    assert sent.status_code == 302


def test_each_answer_masks_the_token_again(client, reader):
    one, other = (TOKEN.findall(markup(client.get(PAGE)))[0] for _ in range(2))
    assert one != other


def test_another_person_has_their_own(client, mine, reader):
    mine_page = text(client.get(PAGE))
    other = colleague(mine)
    client.force_login(other)

    assert str(other) in text(client.get(PAGE))
    assert str(other) not in mine_page


def test_what_i_do_shows_at_once_though_no_journal_says_it(client, reader):
    client.post(reverse("accounts:theme"), {"theme": "sombre", "next": PAGE})
    assert 'data-theme="sombre"' in markup(client.get(PAGE))


def test_a_message_is_shown_once(client, mine, reader):
    client.post(reverse("deadlines:abandon", args=[mine.pk]))
    client.post(reverse("notifications:read_all"))

    first, second = (text(client.get(PAGE)) for _ in range(2))

    assert "Tout était déjà lu." in first
    assert "Tout était déjà lu." not in second


@pytest.fixture
def looked_through(client, mine, reader):
    """The site as the reader sees it, for a responsable of the ANS."""
    client.force_login(member(Role.RESPONSABLE))
    session = client.session
    session["view_as"] = {
        "organisation": mine.organisation_id,
        "user": reader.pk,
        "until": at("2027-09-01 10:30").isoformat(),
    }
    session.save()
    return client


def test_through_voir_comme_the_page_opens_and_is_not_kept(looked_through):
    """The cache of a site without Redis is a table, and «voir comme» writes in none."""
    response = looked_through.get(PAGE)
    assert response.status_code == 200
    assert MADE not in text(response)


def test_a_link_that_leads_elsewhere_is_no_act_of_who_is_looked_through(db, rf):
    request = rf.get(PAGE)
    request.user = User(pk=27)
    request.user.is_looked_through = True
    ActedMiddleware(lambda _request: HttpResponseRedirect(PAGE))(request)
    assert last_act(request.user) == ""


def test_the_organisation_that_i_am_removed_from_is_on_my_page_no_more(client, mine, reader):
    """Its entry does not concern me: I share nothing with it any more."""
    other = solde(OrganisationFactory(name="Autre imagerie")).organisation
    row = Membership.objects.create(user=reader, organisation=other, role=Role.REPRESENTANT)
    session = client.session
    session["organisation"] = mine.organisation_id
    session.save()
    assert "Autre imagerie" in text(client.get(PAGE))

    membership_remove(membership=row, by=acting(member(Role.MANDATAIRE, organisation=other), NOW))

    assert "Autre imagerie" not in text(client.get(PAGE))


def test_after_any_acts_of_anybody_the_page_is_what_a_fresh_one_is(client, mine, reader):
    """Twenty acts in a random order: by a colleague, a distributeur of my solution, and somebody
    with whom I share nothing."""
    chance = random.Random(27)  # noqa: S311  (no secret)
    solution = mine.prestation.supplier.solution
    distributeur = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    theirs = SupplierFactory(solution=solution, organisation=distributeur)
    of_distributeur = solde_of(PrestationFactory(supplier=theirs, organisation=distributeur))
    foreign = solde()
    people = {row.pk: colleague(row) for row in (mine, of_distributeur, foreign)}
    cache.clear()

    for _turn in range(20):
        row = chance.choice([mine, of_distributeur, foreign])
        row.refresh_from_db()
        if row.state == "A_FAIRE" and chance.random() < 0.5:
            move(row, "draft", by=acting(people[row.pk], NOW))
        elif row.state == "SANS_OBJET":
            decisions.resume(row, by=acting(people[row.pk], NOW))
        else:
            decisions.set_aside(row, reason="Sans suite", by=acting(people[row.pk], NOW))
        kept = bare(client.get(f"{PAGE}?vue=toutes&organisation=toutes"))
        cache.clear()
        assert kept == bare(client.get(f"{PAGE}?vue=toutes&organisation=toutes"))


def bare(response):
    return TOKEN.sub("", markup(response))
