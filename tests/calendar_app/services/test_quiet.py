"""On a large site what was found is kept while nobody acts; on a small one never."""

import datetime as dt

import pytest
from django.core.cache import cache

from accounts.enums import Role
from accounts.models import Membership, User
from calendar_app.services import quiet
from calendar_app.services.deadlines import move
from calendar_app.services.quiet import Quiet
from journal.models import Entry
from journal.services.entries import write
from tests.by import acting
from tests.calendar_app.reminding import at, solde, team
from tests.factories import member
from tests.pages import text

pytestmark = pytest.mark.usefixtures("calendars")

NOW = at("2027-09-01 10:00")


@pytest.fixture
def people(time_machine):
    time_machine.move_to(NOW, tick=False)
    organisation, _salarie, representant, mandataire = team()
    move(solde(organisation), "draft", by=acting(representant, NOW))
    return representant, mandataire


@pytest.fixture
def large(people, monkeypatch):
    monkeypatch.setattr(quiet, "LARGE", 1)
    return people


def find(user, number, now=NOW, **options):
    """What the person is given, when `number` is what would be found."""
    organisation = Membership.objects.filter(user=user)[0].organisation
    return Quiet(user, organisation, now).keep("essai", lambda: number, **options)


def test_on_a_small_site_nothing_is_kept(people):
    one, _ = people
    assert [find(one, 1), find(one, 2)] == [1, 2]


def test_on_a_large_one_it_is_kept_for_each_person(large):
    one, other = large
    assert [find(one, 1), find(one, 2), find(other, 3), find(other, 4)] == [1, 1, 3, 3]


@pytest.mark.parametrize(
    ("seconds", "found"), [(59, 1), (60, 2)], ids=["within the minute", "the next minute"]
)
def test_until_the_minute_is_over(large, seconds, found):
    one, _ = large
    find(one, 1)

    assert find(one, 2, NOW + dt.timedelta(seconds=seconds)) == found


def test_the_act_of_a_colleague_shows_at_once(large):
    one, other = large
    deadline = solde(other.memberships.get().organisation)
    find(one, 1)
    move(deadline, "draft", by=acting(other, NOW))

    assert find(one, 2) == 2


def test_what_reads_no_deadline_outlives_the_acts_on_them(large):
    one, other = large
    organisation = other.memberships.get().organisation
    steady = {"is_steady": True}
    find(one, 1, **steady)
    move(solde(organisation), "draft", by=acting(other, NOW))
    assert find(one, 2, **steady) == 1
    write(organisation, "organisation.edit", by=acting(other, NOW), what="Modifiée")

    assert find(one, 3, **steady) == 3


def test_what_others_do_with_whom_i_share_nothing_ends_nothing(large):
    one, _ = large
    other = team()
    deadline = solde(other[0])
    find(one, 1)
    move(deadline, "draft", by=acting(other[1], NOW))

    assert [find(one, 2), find(one, 3)] == [1, 1]


def test_an_act_that_commits_after_a_later_one_shows_at_once(large):
    """Its number was taken first, as a sequence of PostgreSQL gives them."""
    one, _ = large
    entry = Entry.objects.latest("pk")
    number = entry.pk + 1
    entry.pk = number + 1
    entry.save(force_insert=True)
    find(one, 1)
    entry.pk = number
    entry.save(force_insert=True)

    assert find(one, 2) == 2


def test_who_looks_through_a_member_is_given_their_own(large):
    one, _ = large
    find(one, 1)
    one.is_looked_through = True

    assert find(one, 2) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.delete(),
        lambda row: Membership.objects.filter(pk=row.pk).update(role=Role.SALARIE),
    ],
    ids=["removed", "role"],
)
def test_what_the_role_in_another_organisation_showed_ends_with_it(large, change):
    """No entry concerns them: the organisation is theirs no more, or its entry came from a tool."""
    one, _ = large
    other = team()[0]
    row = Membership.objects.create(user=one, organisation=other, role=Role.REPRESENTANT)
    find(User.objects.get(pk=one.pk), 1)
    change(row)

    assert find(User.objects.get(pk=one.pk), 2) == 2


def test_the_first_screen_is_the_same_once_it_is_kept(large, client):
    one, _ = large
    client.force_login(one)
    pages = [text(client.get("/echeances/")) for _ in range(2)]

    assert pages[0] == pages[1]
    client.force_login(member(Role.AGENT))
    of_agent = [text(client.get("/echeances/")) for _ in range(2)]
    assert of_agent[0] == of_agent[1] != pages[0]


def test_of_two_at_once_one_finds_and_the_other_waits_for_it(large, monkeypatch):
    one, _ = large
    waited = []

    def elsewhere(seconds):
        waited.append(seconds)
        cache.delete_many(held)
        assert find(one, 1) == 1
        cache.add(held[0], 1)

    held = taken(one, monkeypatch)
    monkeypatch.setattr("time.sleep", elsewhere)

    assert (find(one, 2), waited) == (1, [quiet.PAUSE])


def test_who_waited_too_long_finds_by_themself(large, monkeypatch):
    one, _ = large
    taken(one, monkeypatch)
    monkeypatch.setattr(quiet, "PATIENCE", 0)

    assert find(one, 2) == 2


def taken(user, monkeypatch):
    """The marks of one who is finding for this person."""
    held = []

    def fail(key, *_rest):
        held.append(key)
        return False

    with monkeypatch.context() as patch:
        patch.setattr(quiet, "PATIENCE", 0)
        patch.setattr(cache, "add", fail)
        find(user, 0)
    cache.clear()
    cache.add(held[0], 1)
    return held
