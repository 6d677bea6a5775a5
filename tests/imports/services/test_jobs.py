"""A file from its check to its result: at once, by the worker, and when the worker is killed."""

import datetime as dt
from contextlib import nullcontext
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import Role
from accounts.services.users import account_close
from calendar_app.models import Prestation
from calendar_app.services.order_imports import KIND
from imports.enums import ImportState
from imports.models import Import
from imports.services import jobs, kinds
from journal.rules.by import By
from mailing.models import OutgoingMail
from tests.factories import SupplierFactory, member

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
pytestmark = pytest.mark.usefixtures("calendars", "stopped")


@pytest.fixture
def supplier():
    return SupplierFactory()


@pytest.fixture
def user(supplier):
    return member(Role.MANDATAIRE, supplier.organisation)


def content(size):
    lines = [f"{10000100 + n:09};Cabinet {n};B{n}" for n in range(size)]
    return "\n".join(["FINESS;Nom;BDC", *lines]).encode()


def kept(user, supplier, size, **options):
    return jobs.keep(
        user=user,
        organisation=supplier.organisation,
        kind=KIND.code,
        name="clients.csv",
        content=content(size),
        lines=size,
        options={"supplier": supplier.pk, **options},
        now=NOW,
    )


def confirmed(user, supplier, size):
    job = kept(user, supplier, size)
    found, _result = jobs.confirm(user=user, kind=KIND.code, sha256=job.sha256, now=NOW)
    return found


@pytest.mark.parametrize(
    ("size", "state", "made"),
    [
        (jobs.SMALL - 1, ImportState.DONE, jobs.SMALL - 1),
        (jobs.SMALL, ImportState.DONE, jobs.SMALL),
        (jobs.SMALL + 1, ImportState.QUEUED, 0),
    ],
)
def test_a_small_file_is_recorded_at_once_and_a_long_one_waits(user, supplier, size, state, made):
    job = confirmed(user, supplier, size)
    assert (job.state, Prestation.objects.count()) == (state, made)


def test_the_worker_records_it_and_notifies_its_author(user, supplier):
    job = confirmed(user, supplier, 201)
    jobs.run(job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.done, bytes(job.content)) == (ImportState.DONE, 201, b"")
    assert job.result["sentence"] == "201 Clients ajoutés, 201 prestations enregistrées."
    [mail] = OutgoingMail.objects.filter(subject__startswith="Clients et prestations")
    assert (mail.user, "import terminé" in mail.subject) == (user, True)


def test_a_small_file_sends_no_mail(user, supplier):
    confirmed(user, supplier, 2)
    assert not OutgoingMail.objects.filter(subject__startswith="Clients et prestations").exists()


def test_what_is_refused_by_then_records_nothing_and_says_why(user, supplier):
    job = confirmed(user, supplier, 201)
    supplier.organisation.memberships.all().delete()
    jobs.run(job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.state, Prestation.objects.count()) == (ImportState.REFUSED, 0)
    assert len(job.errors) == 1
    [mail] = OutgoingMail.objects.filter(subject__startswith="Clients et prestations")
    assert "rien n'est enregistré" in mail.subject.replace("\u202f", " ").replace("\xa0", " ")


def test_nothing_is_recorded_for_an_account_that_was_closed_meanwhile(user, supplier):
    job = confirmed(user, supplier, 201)
    account_close(user=user, reason="Départ", by=By.clock(NOW))
    jobs.run(job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.state, Prestation.objects.count()) == (ImportState.REFUSED, 0)


def test_one_person_has_three_long_files_before_the_worker_and_no_more(user, supplier):
    for _ in range(jobs.MOST_WAITING):
        last = confirmed(user, supplier, 201)
    with pytest.raises(ValidationError, match="attendent encore"):
        confirmed(user, supplier, 201)
    assert confirmed(user, supplier, 2).state == ImportState.DONE
    jobs.run(last.pk, now=NOW)
    assert confirmed(user, supplier, 201).state == ImportState.QUEUED


def test_a_run_is_done_once(user, supplier):
    job = confirmed(user, supplier, 201)
    jobs.run(job.pk, now=NOW)
    jobs.run(job.pk, now=NOW)
    assert Prestation.objects.count() == 201
    assert jobs.run_waiting(now=NOW) == 0


class KilledError(BaseException):
    """Stands for the end of the process."""


def killed_while_recording(monkeypatch, job):
    """The worker dies when all is written and nothing is committed."""
    kind = KIND

    def dies(job, by, progress, settle):
        with transaction.atomic():
            kind.run(job, by, progress, settle)
            raise KilledError

    with monkeypatch.context() as patched:
        patched.setitem(
            kinds.KINDS,
            KIND.code,
            replace(kind, run=dies),
        )
        with pytest.raises(KilledError):
            jobs.run(job.pk, now=NOW)


@pytest.mark.parametrize(
    ("later", "made"),
    [
        (jobs.LEASE - dt.timedelta(seconds=1), 0),
        (jobs.LEASE, 201),
        (jobs.LEASE + dt.timedelta(seconds=1), 201),
    ],
)
def test_a_killed_worker_leaves_nothing_and_its_file_is_run_again(
    user, supplier, monkeypatch, later, made
):
    job = confirmed(user, supplier, 201)
    killed_while_recording(monkeypatch, job)
    job.refresh_from_db()
    assert (job.state, Prestation.objects.count()) == (ImportState.RUNNING, 0)
    jobs.run_waiting(now=NOW + later)
    assert Prestation.objects.count() == made


def test_a_file_that_kills_every_worker_is_given_up(user, supplier, monkeypatch):
    job = confirmed(user, supplier, 201)
    now = NOW
    for _ in range(jobs.MOST_ATTEMPTS):
        killed_while_recording(monkeypatch, job)
        Import.objects.filter(pk=job.pk).update(lease_until=now)
    jobs.run_waiting(now=now)
    job.refresh_from_db()
    assert (job.state, job.errors) == (ImportState.FAILED, [jobs.INTERRUPTED])
    assert Prestation.objects.count() == 0


def test_a_worker_that_lost_its_lease_records_nothing(user, supplier, monkeypatch):
    job = confirmed(user, supplier, 201)
    kind = KIND

    def overtaken(job, by, progress, settle):
        Import.objects.filter(pk=job.pk).update(attempts=2)
        return kind.run(job, by, progress, settle)

    patched = replace(kind, run=overtaken)
    monkeypatch.setitem(kinds.KINDS, KIND.code, patched)
    jobs.run(job.pk, now=NOW)
    job.refresh_from_db()
    assert (job.state, Prestation.objects.count()) == (ImportState.RUNNING, 0)


@pytest.mark.parametrize(
    ("other", "later", "refused"),
    [
        (False, dt.timedelta(minutes=59, seconds=59), False),
        (False, dt.timedelta(hours=1), True),
        (True, dt.timedelta(0), True),
    ],
)
def test_a_file_waits_an_hour_for_its_author_alone(user, supplier, other, later, refused):
    job = kept(user, supplier, 2)
    who = member(Role.MANDATAIRE, supplier.organisation) if other else user
    expected = pytest.raises(ValidationError, match="n'attend plus") if refused else nullcontext()
    with expected:
        jobs.confirm(user=who, kind=KIND.code, sha256=job.sha256, now=NOW + later)
    assert Prestation.objects.exists() is not refused


def test_a_new_file_takes_the_place_of_the_one_that_waits(user, supplier):
    first = kept(user, supplier, 2)
    second = kept(user, supplier, 3)
    assert list(Import.objects.all()) == [second]
    with pytest.raises(ValidationError):
        jobs.confirm(user=user, kind=KIND.code, sha256=first.sha256, now=NOW)
