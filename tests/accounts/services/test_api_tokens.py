import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from accounts.models import ApiToken
from accounts.services.api_tokens import (
    KEYS,
    api_token_revoke,
    api_token_take_over,
    authenticate,
)
from accounts.services.memberships import membership_change_role, membership_remove
from api.enums import Scope
from tests.by import acting
from tests.entries import entries
from tests.factories import MembershipFactory, OrganisationFactory, member
from tests.keys import give_key

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


@pytest.fixture
def actor():
    return member(Role.MANDATAIRE, full_name="Claire Vasseur")


@pytest.fixture
def host(actor):
    return actor.memberships.get().organisation


def create(host, actor, name="Supervision interne", **more):
    return give_key(actor, host, name=name, now=NOW, **more)


def test_only_the_start_and_the_digest_are_kept(host, actor):
    row, key = create(host, actor)
    assert key.startswith("segur_")
    assert len(key.removeprefix("segur_")) * 6 >= 320  # bits, in base 64
    assert len(key.removeprefix(row.start)) * 6 > 256
    values = " ".join(map(str, ApiToken.objects.values_list().get()))
    assert row.start in values
    assert key.removeprefix(row.start) not in values
    assert (row.created_by, row.created_by_name, row.created_at) == (actor, "Claire Vasseur", NOW)


def test_two_keys_differ(host, actor):
    assert create(host, actor, "a")[1] != create(host, actor, "b")[1]


def test_a_key_names_its_organisation(host, actor):
    row, key = create(host, actor)
    found = authenticate(key, "192.0.2.7", NOW)
    assert found == row
    assert found.organisation == host


@pytest.mark.parametrize(
    "wrong",
    ["", "segur_", "segur_inconnue", "x" * 60, "segur_" + "x" * 500, "segur_é", "segur_\udce9"],
)
def test_another_key_opens_nothing(host, actor, wrong):
    create(host, actor)
    assert authenticate(wrong, "192.0.2.7", NOW) is None


def test_a_part_or_a_change_of_case_opens_nothing(host, actor):
    row, key = create(host, actor)
    for wrong in (key[:-1], key + "x", key.swapcase(), row.token_sha256, row.start):
        assert authenticate(wrong, "192.0.2.7", NOW) is None


def test_a_revoked_key_opens_nothing_and_stays_its_revokers(host, actor):
    row, key = create(host, actor)
    api_token_revoke(token=row, by=acting(actor, NOW))
    assert authenticate(key, "192.0.2.7", NOW) is None
    other = member(Role.MANDATAIRE, host)
    again = api_token_revoke(token=row, by=acting(other, NOW + dt.timedelta(days=1)))
    assert (again.revoked_by, again.revoked_at) == (actor, NOW)


def test_the_keys_of_a_closed_organisation_open_nothing(host, actor):
    _row, key = create(host, actor)
    host.is_active = False
    host.save()
    assert authenticate(key, "192.0.2.7", NOW) is None


def test_use_is_noted_at_most_once_a_minute(host, actor, django_assert_num_queries):
    row, key = create(host, actor)
    seconds = {0: 0, 30: 0, 59: 0, 60: 60, 61: 60, 600: 600}
    for after, noted in seconds.items():
        authenticate(key, "192.0.2.7", NOW + dt.timedelta(seconds=after))
        row.refresh_from_db()
        assert row.last_used_at == NOW + dt.timedelta(seconds=noted)
    with django_assert_num_queries(1):
        authenticate(key, "192.0.2.7", NOW + dt.timedelta(seconds=601))


def test_the_use_of_a_key_is_not_noted_on_another(host, actor):
    used, key = create(host, actor, "a")
    other, _ = create(host, actor, "b")
    authenticate(key, "192.0.2.7", NOW)
    for row, noted in ((used, NOW), (other, None)):
        row.refresh_from_db()
        assert row.last_used_at == noted


def test_a_name_serves_one_usable_key(host, actor):
    row, _key = create(host, actor)
    with pytest.raises(ValidationError, match="s'appelle déjà"):
        create(host, actor, "supervision INTERNE")
    api_token_revoke(token=row, by=acting(actor, NOW))
    create(host, actor)
    assert host.api_tokens.count() == 2


def test_another_organisation_may_use_the_same_name(host, actor):
    other = OrganisationFactory()
    create(host, actor)
    create(other, actor)
    assert host.api_tokens.get().name == other.api_tokens.get().name


def test_twenty_keys_may_be_in_use_and_no_more(host, actor):
    rows = [create(host, actor, f"Clé {number}")[0] for number in range(20)]
    with pytest.raises(ValidationError, match="20 clés sont actives"):
        create(host, actor, "Une de trop")
    api_token_revoke(token=rows[0], by=acting(actor, NOW))
    create(host, actor, "Une autre")


@pytest.mark.parametrize("traits", [{"client": True}, {"is_active": False}])
def test_neither_a_client_nor_a_closed_organisation_has_keys(actor, traits):
    with pytest.raises(ValidationError, match="ne peut pas avoir"):
        create(OrganisationFactory(**traits), actor)


def test_a_key_made_and_withdrawn_is_in_the_journal_once(host, actor):
    row, _key = create(host, actor, "Supervision")
    for _again in range(2):
        api_token_revoke(token=row, by=acting(actor, NOW))
    assert [(entry.act, entry.what) for entry in entries(row)] == [
        ("key.create", "Clé d'API « Supervision » créée"),
        ("key.revoke", "Clé d'API « Supervision » retirée"),
    ]


TODAY = NOW.date()


@pytest.mark.parametrize(
    ("scopes", "days", "fields"),
    [
        ([Scope.READ], 0, set()),
        ([Scope.READ], 732, set()),
        ([Scope.READ], 733, {"ends_on"}),
        ([Scope.READ], -1, {"ends_on"}),
        ([], 30, {"scopes"}),
        ([Scope.READ, Scope.PERF, Scope.DEPOSITS], 30, set()),
        ([Scope.READ, Scope.OPEN_DATA], 30, {"scopes"}),
        ([Scope.SUPERVISION], 30, {"scopes"}),
    ],
)
def test_a_key_has_rights_and_an_end(host, actor, scopes, days, fields):
    ends_on = TODAY + dt.timedelta(days=days)
    if not fields:
        row, _key = create(host, actor, scopes=scopes, ends_on=ends_on)
        assert (row.scopes, row.ends_on) == (scopes, ends_on)
        return
    with pytest.raises(ValidationError) as refusal:
        create(host, actor, scopes=scopes, ends_on=ends_on)
    assert set(refusal.value.message_dict) == fields


def test_only_the_ans_has_a_source_of_its_supervision_and_it_has_no_other_right():
    responsable = member(Role.RESPONSABLE)
    row, _key = give_key(responsable, scopes=[Scope.SUPERVISION], now=NOW)
    assert row.scopes == [Scope.SUPERVISION]
    with pytest.raises(ValidationError, match="ne se joint à rien"):
        give_key(responsable, name="b", scopes=[Scope.SUPERVISION, Scope.READ], now=NOW)


def test_a_key_serves_to_the_end_of_its_last_day_in_paris(host, actor):
    _row, key = create(host, actor, ends_on=dt.date(2026, 12, 1))
    midnight = dt.datetime(2026, 12, 1, 23, tzinfo=dt.UTC)
    assert authenticate(key, "192.0.2.7", midnight - dt.timedelta(seconds=1))
    assert authenticate(key, "192.0.2.7", midnight) is None


def test_the_address_of_the_last_use_is_kept(host, actor):
    row, key = create(host, actor)
    authenticate(key, "2001:db8::7", NOW)
    row.refresh_from_db()
    assert row.last_used_from == "2001:db8::7"


def test_a_key_has_the_role_of_its_holder_in_its_organisation_alone(host, actor):
    MembershipFactory(user=actor)
    member(Role.MANDATAIRE, host)
    _row, key = create(host, actor)
    assert authenticate(key, "192.0.2.7", NOW).held_by.roles == {host.pk: Role.MANDATAIRE}
    membership = actor.memberships.get(organisation=host)
    membership_change_role(membership=membership, role=Role.SALARIE, by=acting(actor, NOW))
    assert authenticate(key, "192.0.2.7", NOW).held_by.roles == {host.pk: Role.SALARIE}


def test_keys_leave_with_their_holder_but_for_those_taken_over(host, actor):
    left, left_key = create(host, actor, "a")
    taken, taken_key = create(host, actor, "b")
    other = member(Role.MANDATAIRE, host)
    api_token_take_over(token=taken, by=acting(other, NOW))
    membership_remove(membership=actor.memberships.get(), by=acting(other, NOW))
    left.refresh_from_db()
    assert (left.revoked_at, left.revoked_by) == (NOW, other)
    assert authenticate(left_key, "192.0.2.7", NOW) is None
    assert authenticate(taken_key, "192.0.2.7", NOW).held_by == other
    assert [entry.act for entry in entries(taken)] == ["key.create", "key.take"]


def test_a_closed_account_closes_its_keys(host, actor):
    _row, key = create(host, actor)
    actor.is_active = False
    actor.save()
    assert authenticate(key, "192.0.2.7", NOW) is None


def test_one_does_not_take_over_ones_own_key_nor_one_that_is_over(host, actor):
    row, _key = create(host, actor)
    with pytest.raises(ValidationError, match="déjà de cette clé"):
        api_token_take_over(token=row, by=acting(actor, NOW))
    api_token_revoke(token=row, by=acting(actor, NOW))
    with pytest.raises(ValidationError, match="plus active"):
        api_token_take_over(token=row, by=acting(member(Role.MANDATAIRE, host), NOW))


@pytest.mark.parametrize(
    ("role", "is_within", "acts"),
    [
        (Role.MANDATAIRE, True, {"take", "revoke"}),
        (Role.REPRESENTANT, True, set()),
        (Role.MANDATAIRE, False, set()),
        (Role.RESPONSABLE, False, {"revoke"}),
    ],
)
def test_who_takes_over_or_withdraws_a_key(host, actor, role, is_within, acts):
    row, _key = create(host, actor)
    by = acting(member(role, host if is_within else None), NOW)
    services = {"take": api_token_take_over, "revoke": api_token_revoke}
    assert {act for act in services if KEYS.allows(row, act, by=by)} == acts
    for act in services.keys() - acts:
        with pytest.raises(PermissionDenied):
            services[act](token=row, by=by)
