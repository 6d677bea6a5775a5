"""What the retention task forgets, on the day that the register says, and the trace it leaves."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.enums import Role
from accounts.models import Invitation
from calendar_app.enums import FilingStatus
from calendar_app.models import FeedAddress, Filing, Proof
from calendar_app.services.personal_data import forget_drafts
from imports.enums import ImportState
from imports.models import Import
from journal.models import Entry
from mailing.enums import MailState
from mailing.models import OutgoingMail
from parameters.models import RegulatoryParameter
from parameters.rules.registry import REGISTRY
from privacy.models import RetentionRun
from privacy.rules import register
from privacy.rules.parameters import MAIL_MONTHS
from privacy.rules.register import REGISTER, Kept
from privacy.services.retention import run
from segur.lib import paris
from tests.factories import DeadlineFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = paris.at(dt.date(2028, 3, 15), dt.time(9))
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


def start_of(year, month, day):
    return paris.at(dt.date(year, month, day), dt.time(0))


def session(at):
    return Session.objects.create(session_key="k", session_data="x", expire_date=at)


def mail(at, **fields):
    values = {
        "kind": "DECISION",
        "to_email": "lise@exemple.example",
        "subject": "Décision",
        "body_text": "Bonjour Lise",
        "body_html": "<p>Bonjour Lise</p>",
        "message_id": "<1@exemple.example>",
        "dedupe_key": "decision:1",
        "state": MailState.SENT,
    }
    return OutgoingMail.objects.create(created_at=at, **{**values, **fields})


def invitation(at):
    return Invitation.objects.create(
        organisation=OrganisationFactory(),
        email="lise@exemple.example",
        role=Role.SALARIE,
        token_sha256="0" * 64,
        sent_at=at,
        expires_at=at,
    )


def feed(at):
    return FeedAddress.objects.create(user=UserFactory(), nonce="n", created_at=at)


def waiting_import(at):
    user = UserFactory()
    return Import.objects.create(
        user=user, kind="x", name="a.csv", content=b"", state=ImportState.CHECKED, checked_at=at
    )


def done_import(at):
    made = waiting_import(at)
    Import.objects.filter(pk=made.pk).update(state=ImportState.DONE, finished_at=at)
    return made


@pytest.mark.parametrize(
    ("key", "make", "last_kept"),
    [
        ("sessions", session, NOW),
        ("mails", mail, start_of(2027, 3, 15)),
        ("invitations", invitation, start_of(2027, 3, 15)),
        ("feeds", feed, start_of(2027, 3, 15)),
        ("imports", done_import, start_of(2027, 3, 15)),
    ],
)
def test_each_kind_is_forgotten_from_its_day_and_not_a_second_before(key, make, last_kept):
    made = make(last_kept)
    assert run(now=NOW)[key] == 0
    made.delete()
    make(last_kept - SECOND)
    assert run(now=NOW)[key] == 1
    assert run(now=NOW)[key] == 0


@pytest.mark.parametrize(("age", "count"), [(HOUR - SECOND, 0), (HOUR, 1)])
def test_a_file_that_nobody_confirms_waits_an_hour(age, count):
    waiting_import(NOW - age)
    assert run(now=NOW)["imports"] == count


def test_an_old_mail_loses_its_words_and_address_and_is_not_sent_again():
    old = mail(start_of(2026, 1, 1))
    run(now=NOW)
    old.refresh_from_db()
    assert (old.to_email, old.subject, old.body_text, old.body_html) == ("", "", "", "")
    assert (old.dedupe_key, old.state) == ("decision:1", MailState.SENT)


def test_a_mail_that_has_not_left_is_kept():
    mail(start_of(2026, 1, 1), state=MailState.QUEUED)
    assert run(now=NOW)["mails"] == 0


def test_the_period_is_a_parameter_however_large():
    mail(start_of(2026, 1, 1))
    RegulatoryParameter.objects.create(
        key=MAIL_MONTHS, value=1_000_000, effective_from=start_of(2026, 1, 1), source="Décision"
    )
    assert run(now=NOW)["mails"] == 0


def test_a_closed_account_has_no_feed_any_more():
    made = feed(NOW)
    type(made.user).objects.update(is_active=False)
    assert run(now=NOW)["feeds"] == 1


class TestDrafts:
    @pytest.fixture
    def filing(self, calendars):
        return Filing.objects.create(deadline=DeadlineFactory(), number=1)

    def proof(self, filing, **fields):
        values = {"name": "a.pdf", "size": 1, "sha256": "0" * 64, "content_type": "application/pdf"}
        made = Proof(filing=filing, **values, **fields)
        made.file.save("a.pdf", ContentFile(b"x"))
        return made

    @pytest.mark.parametrize("late", [-SECOND, dt.timedelta()])
    def test_a_file_taken_out_goes_with_its_period(
        self, filing, late, django_capture_on_commit_callbacks
    ):
        before = start_of(2027, 9, 15)
        taken_out = self.proof(filing, withdrawn_at=before + late)
        kept = self.proof(filing)
        with django_capture_on_commit_callbacks(execute=True):
            count = run(now=NOW)["drafts"]
        assert count == (late < dt.timedelta())
        assert default_storage.exists(taken_out.file.name) == (count == 0)
        assert default_storage.exists(kept.file.name)

    def test_a_file_of_another_proof_stays(self, filing, django_capture_on_commit_callbacks):
        filing.status, filing.saved_at = FilingStatus.ABANDONED, start_of(2026, 1, 1)
        filing.save()
        given_up = self.proof(filing)
        other = Filing.objects.create(deadline=filing.deadline, number=2)
        Proof.objects.create(
            filing=other,
            file=given_up.file.name,
            name="a.pdf",
            size=1,
            sha256="0" * 64,
            content_type="application/pdf",
        )
        with django_capture_on_commit_callbacks(execute=True):
            assert forget_drafts(NOW, NOW) == 1
        assert default_storage.exists(given_up.file.name)


class TestTrace:
    def traces(self):
        return list(Entry.objects.filter(act="retention.run").order_by("pk"))

    def test_a_run_that_forgets_says_how_many(self):
        mail(start_of(2026, 1, 1))
        run(now=NOW)
        [entry] = self.traces()
        assert entry.note == "courriels et notifications : 1."
        assert entry.after == {"mails": 1}
        assert str(entry.signer) == "Application"

    def test_with_nothing_to_forget_one_trace_a_day(self):
        for hours in (0, 1, 14):
            run(now=NOW + hours * HOUR)
        assert [entry.note for entry in self.traces()] == ["rien à effacer."]
        run(now=NOW + 15 * HOUR)
        assert len(self.traces()) == 2
        assert RetentionRun.objects.count() == 2

    def test_a_line_that_fails_does_not_stop_the_others(self, monkeypatch):
        def fail(_now, _before):
            raise OSError("no disk")

        lines = {"broken": Kept("broken", "Essai", "", "", "", forget=fail), **REGISTER}
        monkeypatch.setattr("privacy.services.retention.REGISTER", lines)
        mail(start_of(2026, 1, 1))
        with pytest.raises(ExceptionGroup) as raised:
            run(now=NOW)
        assert [str(one) for one in raised.value.exceptions] == ["no disk"]
        assert self.traces()[0].after == {"mails": 1}


def test_every_line_with_a_period_has_a_parameter_and_its_place_in_the_words():

    for line in register.REGISTER.values():
        assert ("{}" in line.lasts) == bool(line.months), line.key
        assert not line.months or line.months in REGISTRY, line.key
