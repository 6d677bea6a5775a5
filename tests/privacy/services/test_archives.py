"""The archive of an organisation: queued, made by the worker whatever happens to it, then gone."""

import datetime as dt
import io
import json
import zipfile

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.enums import Role
from calendar_app.services.drafts import save_draft
from journal.models import Entry
from mailing.models import OutgoingMail
from privacy.enums import ArchiveState
from privacy.models import ARCHIVES, OrganisationArchive
from privacy.services import archives
from privacy.services.archives import (
    INTERRUPTED,
    LASTS,
    LEASE,
    MOST_ATTEMPTS,
    NO_RIGHT,
    READY,
    archive_ask,
    forget_archives,
    make,
    make_waiting,
)
from privacy.services.exports import organisation_export
from tests.by import acting
from tests.calendar_app import filing_cases
from tests.factories import OrganisationFactory, UserFactory, member
from tests.pages import as_read, markup, text

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
PAGE = reverse("privacy:archives")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped")]


@pytest.fixture
def host():
    return OrganisationFactory(name="Imagix")


@pytest.fixture
def lead(host):
    return member(Role.MANDATAIRE, host)


def ask(host, user):
    return archive_ask(organisation=host, by=acting(user, NOW))


def made(host, user):
    row = ask(host, user)
    make(row.pk)
    row.refresh_from_db()
    return row


def running(row, *, attempts, since=dt.timedelta(0)):
    """As a worker that was killed left it."""
    OrganisationArchive.objects.filter(pk=row.pk).update(
        state=ArchiveState.RUNNING, attempts=attempts, lease_until=NOW + LEASE - since
    )


def test_a_mandataire_gets_the_whole_by_the_page_that_the_mail_names(client, host, lead):
    client.force_login(lead)
    client.post(reverse("privacy:export_organisation"))
    assert "En attente" in text(client.get(PAGE))
    assert "every 2s" in markup(client.get(PAGE))
    assert make_waiting() == 1
    [mail] = OutgoingMail.objects.all()
    assert (mail.user, mail.subject) == (lead, "Archive de Imagix : prête")
    assert READY in as_read(mail.body_text)
    shown = client.get(PAGE)
    assert "every 2s" not in markup(shown)
    row = OrganisationArchive.objects.get()
    answer = client.get(reverse("privacy:archive", args=[row.pk]))
    whole = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    [organisation] = json.loads(whole.read("Données/organisation.json"))
    assert organisation["name"] == "Imagix"
    assert (row.size, row.expires_at) == (row.file.size, NOW + LASTS)


def test_a_responsable_asks_for_that_of_another_and_it_is_in_its_journal(client, host):
    user = member(Role.RESPONSABLE)
    client.force_login(user)
    page = client.get(reverse("accounts:organisation_detail", args=[host.pk]))
    address = reverse("privacy:export_other", args=[host.pk])
    assert f'action="{address}"' in markup(page)
    assert client.post(address).url == PAGE
    entry = Entry.objects.get(act="organisation.export")
    assert (entry.organisation_id, entry.signer.user_id) == (host.pk, user.pk)


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.REPRESENTANT])
def test_nobody_else_asks_for_it(client, host, role):
    client.force_login(member(role))
    expected = 403 if role == Role.AGENT else 404
    address = reverse("privacy:export_other", args=[host.pk])
    assert client.post(address).status_code == expected
    with pytest.raises(PermissionDenied):
        ask(host, member(role))
    assert not OrganisationArchive.objects.exists()


def test_it_is_the_one_s_who_asked_for_it_as_long_as_they_lead(client, host, lead):
    row = made(host, lead)
    address = reverse("privacy:archive", args=[row.pk])
    for other in (member(Role.MANDATAIRE, host), member(Role.RESPONSABLE), UserFactory()):
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert list(client.get(PAGE).context["page_obj"]) == []
    client.force_login(lead)
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)
    lead.memberships.update(role=Role.SALARIE)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("before", "after"),
    [(Role.RESPONSABLE, Role.MANDATAIRE), (Role.MANDATAIRE, Role.RESPONSABLE)],
)
def test_whoever_changed_sides_is_not_given_what_their_former_role_read(
    client, host, before, after
):
    ans = member(Role.RESPONSABLE).memberships.get().organisation
    sides = {Role.RESPONSABLE: ans, Role.MANDATAIRE: host}
    user = member(before, sides[before])
    address = reverse("privacy:archive", args=[made(host, user).pk])
    client.force_login(user)
    assert b"".join(client.get(address).streaming_content)
    user.memberships.update(role=after, organisation=sides[after])
    assert client.get(address).status_code == 404
    assert list(client.get(PAGE).context["page_obj"]) == []


@pytest.mark.usefixtures("calendars")
@pytest.mark.parametrize(("role", "drafts"), [(Role.MANDATAIRE, 1), (Role.RESPONSABLE, 0)])
def test_a_draft_is_given_to_those_who_prepare_it_alone(client, host, role, drafts):
    editeur = member(Role.MANDATAIRE, host)
    save_draft(
        deadline=filing_cases.of_solution(1, editeur=editeur),
        comment="À faire relire : chiffre provisoire.",
        by=acting(editeur, NOW),
    )
    reader = editeur if role == Role.MANDATAIRE else member(role)
    row = made(host, reader)
    client.force_login(reader)
    answer = client.get(reverse("privacy:archive", args=[row.pk]))
    whole = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(json.loads(whole.read("Données/depots.json"))) == drafts


def test_asked_for_twice_it_is_made_once(host, lead):
    first = ask(host, lead)
    assert ask(host, lead) == first
    assert Entry.objects.filter(act="organisation.export").count() == 1
    make(first.pk)
    assert ask(host, lead) != first


@pytest.mark.parametrize(("late", "count"), [(-SECOND, 0), (dt.timedelta(0), 1), (SECOND, 1)])
def test_what_a_killed_worker_left_is_made_once_its_lease_has_run_out(host, lead, late, count):
    row = ask(host, lead)
    running(row, attempts=1)
    with time_machine.travel(NOW + LEASE + late, tick=False):
        assert make_waiting() == count


@pytest.mark.parametrize(
    ("attempts", "state"),
    [(MOST_ATTEMPTS - 1, ArchiveState.READY), (MOST_ATTEMPTS, ArchiveState.FAILED)],
)
def test_a_number_of_times_then_its_person_is_told_that_it_failed(host, lead, attempts, state):
    row = ask(host, lead)
    running(row, attempts=attempts, since=LEASE)
    make_waiting()
    row.refresh_from_db()
    assert row.state == state
    sentence = READY if state == ArchiveState.READY else INTERRUPTED
    assert sentence in as_read(OutgoingMail.objects.get().body_text)


def test_a_worker_that_lost_its_lease_leaves_no_file(host, lead, monkeypatch):
    row = ask(host, lead)
    real = organisation_export

    def slow(**given):
        running(row, attempts=2)
        return real(**given)

    monkeypatch.setattr(archives, "organisation_export", slow)
    make(row.pk)
    row.refresh_from_db()
    assert (row.state, row.file.name) == (ArchiveState.RUNNING, "")
    assert default_storage.listdir(ARCHIVES)[1] == []
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("is_of_the_ans", [False, True])
def test_whoever_changed_roles_before_it_is_made_gets_none(host, lead, is_of_the_ans):
    """At the ANS a responsable could ask again: the archive would be another."""
    row = ask(host, lead)
    if is_of_the_ans:
        ans = member(Role.RESPONSABLE).memberships.get().organisation
        lead.memberships.update(role=Role.RESPONSABLE, organisation=ans)
    else:
        lead.memberships.update(role=Role.SALARIE)
    make(row.pk)
    row.refresh_from_db()
    assert row.state == ArchiveState.FAILED
    assert NO_RIGHT in as_read(OutgoingMail.objects.get().body_text)


@pytest.mark.parametrize(("late", "kept"), [(-SECOND, True), (dt.timedelta(0), False)])
def test_it_is_gone_after_a_week_with_its_file(host, lead, late, kept):
    row = made(host, lead)
    now = NOW + LASTS + late
    forget_archives(now, now)
    assert OrganisationArchive.objects.exists() == kept
    if kept:
        assert default_storage.exists(row.file.name)
    forget_archives(dt.datetime.now(dt.UTC) + 2 * LASTS, now)
    assert not default_storage.exists(row.file.name)


def test_an_expired_one_is_not_given(client, host, lead):
    row = made(host, lead)
    client.force_login(lead)
    OrganisationArchive.objects.update(expires_at=NOW)
    assert client.get(reverse("privacy:archive", args=[row.pk])).status_code == 404


def test_the_list_costs_the_same_whatever_its_length(client, lead, django_assert_max_num_queries):
    for number in range(20):
        OrganisationArchive.objects.create(
            organisation=lead.memberships.get().organisation,
            asked_by=lead,
            asked_at=NOW - number * SECOND,
            state=ArchiveState.FAILED,
        )
    client.force_login(lead)
    with django_assert_max_num_queries(10):
        client.get(PAGE)
