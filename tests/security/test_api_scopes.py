"""The whole table of the API: for each operation, the scope that it asks for and what a key of each
role is answered; and keys that open nothing any more, or are taken over.
"""

import datetime as dt
import re

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.services.api_tokens import api_token_revoke, api_token_take_over
from accounts.services.memberships import membership_remove
from api.enums import Scope
from tests.api_world import NOW
from tests.by import acting
from tests.factories import member
from tests.keys import EVERYTHING, give_key
from tests.security.test_api_matrix import scopes_of, walk

pytestmark = pytest.mark.usefixtures("calendars")

TABLE = """
solution_list           READ      200 200 200 200 200 200
solution_create         DEPOSITS  201 201 201 403 403 201
solution_read           READ      200 200 200 200 200 404
solution_update         DEPOSITS  200 200 200 403 403 404
solution_reference      DEPOSITS  200 200 200 403 200 404
supplier_list           READ      200 200 200 200 200 200
supplier_read           READ      200 200 200 200 200 404
supplier_update         DEPOSITS  200 200 200 403 403 404
supplier_create         DEPOSITS  201 201 201 403 403 404
client_list             READ      200 200 200 200 200 200
client_create           DEPOSITS  201 201 201 403 201 201
prestation_list         READ      200 200 200 200 200 200
prestation_create       DEPOSITS  201 201 201 422 422 422
prestation_read         READ      200 200 200 200 200 404
prestation_update       DEPOSITS  200 200 200 403 403 404
deadline_list           READ      200 200 200 200 200 200
deadline_read           READ      200 200 200 200 200 404
filing_list             READ      200 200 200 200 200 200
draft_save              DEPOSITS  200 200 200 403 403 404
filing_create           DEPOSITS  201 201 403 403 403 404
deadline_set_aside      DEPOSITS  200 200 403 403 403 404
receipt_read            READ      200 200 200 200 200 404
upload_begin            DEPOSITS  201 201 201 201 201 201
upload_read             DEPOSITS  200 200 200 404 404 404
upload_continue         DEPOSITS  200 200 200 404 404 404
va_list                 READ      200 200 200 200 200 200
va_read                 READ      200 200 200 200 200 404
va_correct              DEPOSITS  200 200 403 403 403 404
va_record               DEPOSITS  201 201 403 403 403 404
va_notify               DEPOSITS  200 200 403 403 403 404
va_condition_validate   DEPOSITS  200 200 403 403 403 404
pilot_list              READ      200 200 200 200 200 200
pv_list                 READ      200 200 200 200 200 200
pv_read                 READ      200 200 200 404 404 404
pv_edit                 DEPOSITS  200 200 200 404 404 404
pilot_name              DEPOSITS  201 201 201 403 403 404
pv_create               DEPOSITS  201 201 201 403 403 404
pv_sign                 DEPOSITS  200 200 200 404 404 404
pv_send                 DEPOSITS  422 422 403 404 404 404
pv_take_back            DEPOSITS  422 422 403 404 404 404
asp_request_list        READ      200 200 200 200 200 200
asp_request_read        READ      200 200 200 200 200 404
asp_request_record      DEPOSITS  200 200 200 403 403 404
service_list            READ      200 200 200 200 200 200
service_perf            READ      200 200 200 200 200 404
outage_list             READ      200 200 200 200 200 200
outage_record           PERF      201 201 201 201 201 404
ticket_list             READ      200 200 200 200 200 200
ticket_open             PERF      201 201 201 201 201 404
ticket_read             READ      200 200 200 200 200 404
ticket_correct          PERF      200 200 200 200 200 404
ticket_respond          PERF      200 200 200 200 200 404
ticket_restore          PERF      200 200 200 200 200 404
ratio_list              READ      200 200 200 200 200 200
ratio_read              READ      200 200 200 200 200 404
ratio_correct           PERF      200 200 200 200 200 404
ratio_record            PERF      201 201 201 201 201 404
statement_list          READ      200 200 200 200 200 200
statement_document      READ      200 200 200 200 200 404
statement_issue         PERF      201 201 403 201 201 404
notification_list       READ      200 200 200 200 200 200
notification_mark_read  READ      200 404 404 404 404 404
"""
"""Operation, scope; then the status for a Mandataire, a Représentant and a Salarié of the
organisation, an agent and a responsable of the ANS, the Mandataire of another éditeur."""
NOTED = {"accounts_apitoken", "api_keptanswer", "django_cache", "mailing_outgoingmail"}
"""Tables in which a key that only reads leaves its last use, its number of calls, and what its
holder has read."""


@pytest.fixture
def host(world):
    return world.person.memberships.get().organisation


def test_each_operation_asks_for_its_scope_and_answers_each_role_as_the_table_says(
    client, world, host
):
    people = [
        world.person,
        member(Role.REPRESENTANT, host),
        member(Role.SALARIE, host),
        member(Role.AGENT),
        member(Role.RESPONSABLE),
        member(Role.MANDATAIRE),
    ]
    keys = [
        give_key(person, name=f"Clé {n}", scopes=EVERYTHING)[1] for n, person in enumerate(people)
    ]
    found = [walk(client, world, key) for key in keys]
    labels, scopes = scopes_of(), {f"{scope.label}.": scope.name for scope in Scope}
    lines = [
        " ".join([name, scopes[labels[name]], *(str(int(one[name])) for one in found)])
        for name in labels
    ]
    assert lines == [" ".join(line.split()) for line in TABLE.strip().splitlines()]


def revoked(token, _host):
    api_token_revoke(token=token, by=acting(token.held_by, NOW))


def ended(token, _host):
    token.ends_on = NOW.date() - dt.timedelta(days=1)
    token.save()


def of_a_holder_who_left(token, host):
    colleague = member(Role.MANDATAIRE, host)
    left = token.held_by.memberships.get(organisation=host)
    membership_remove(membership=left, by=acting(colleague, NOW))


def of_a_closed_account(token, _host):
    token.held_by.is_active = False
    token.held_by.save()


def of_a_closed_organisation(_token, host):
    host.is_active = False
    host.save()


@pytest.mark.parametrize(
    "end", [revoked, ended, of_a_holder_who_left, of_a_closed_account, of_a_closed_organisation]
)
def test_a_key_that_has_ended_opens_no_operation(client, world, host, end):
    token, key = give_key(member(Role.MANDATAIRE, host), name="Finie", scopes=EVERYTHING)
    end(token, host)
    assert set(walk(client, world, key).values()) == {401}


def test_taken_over_by_name_it_outlasts_its_maker_and_has_the_role_of_its_new_holder(
    client, world, host
):
    maker = member(Role.MANDATAIRE, host)
    token, key = give_key(maker, name="Reprise", scopes=EVERYTHING)
    before = walk(client, world, key)
    api_token_take_over(token=token, by=acting(world.person, NOW))
    membership_remove(membership=maker.memberships.get(), by=acting(world.person, NOW))
    after = walk(client, world, key)
    mine = walk(client, world, give_key(world.person, name="Mienne", scopes=EVERYTHING)[1])
    assert after == mine
    assert {name for name in before if before[name] != after[name]} == {"notification_mark_read"}


def test_an_operation_that_a_key_that_reads_may_call_writes_nothing_else(client, world):
    key = give_key(world.person, scopes=[Scope.READ])[1]
    written = set()

    def look(execute, sql, params, many, context):
        if found := re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql):
            written.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        found = walk(client, world, key)
    assert 200 in found.values()
    assert written <= NOTED
