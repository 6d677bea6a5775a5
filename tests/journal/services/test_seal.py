"""The end of the chain leaves by mail once a day, and shows a journal that was cut."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from journal.models import Entry, Link, Seal
from journal.services import append_only, chain
from journal.services.entries import write
from journal.services.seal import send_daily
from journal.tasks import send_seal
from mailing.models import OutgoingMail
from tests.by import acting
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
EVENING = dt.datetime(2026, 12, 1, 22, 59, 59, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 12, 1, 23, tzinfo=dt.UTC)
KEEPER = "exploitation@exemple.example"


@pytest.fixture(autouse=True)
def _keeper(settings):
    settings.JOURNAL_SEAL_TO = [KEEPER]


def act(number=1):
    organisation, user = OrganisationFactory(), UserFactory()
    for one in range(number):
        write(organisation, "test.act", by=acting(user, timezone.now()), what=f"Acte {one}")


def mails():
    return list(OutgoingMail.objects.filter(to_email=KEEPER).order_by("pk"))


def test_the_mail_has_the_end_of_the_chain_with_every_entry_linked():
    act(3)
    assert send_daily(now=EVENING)
    [mail] = mails()
    end = Link.objects.get(number=3)
    assert mail.subject == "Sceau du journal du 01/12/2026"
    assert f"3:{end.hash}" in mail.body_text
    assert not mail.is_sensitive


def test_it_leaves_once_a_paris_day():
    act()
    assert [send_daily(now=now) for now in (EVENING, EVENING, MIDNIGHT)] == [True, False, True]
    assert [mail.subject[-10:] for mail in mails()] == ["01/12/2026", "02/12/2026"]


def test_an_empty_journal_is_sealed_too():
    assert send_daily(now=EVENING)
    assert f"0:{chain.START}" in mails()[0].body_text
    call_command("journal_verify", seal=[f"0:{chain.START}"])


def test_each_address_gets_it(settings):
    settings.JOURNAL_SEAL_TO = [KEEPER, "archives@exemple.example"]
    send_daily(now=EVENING)
    assert OutgoingMail.objects.count() == 2


def test_without_an_address_nothing_is_sealed(settings):
    settings.JOURNAL_SEAL_TO = []
    assert not send_daily(now=EVENING)
    assert not Seal.objects.exists()


def test_the_task_of_the_clock_sends_it():
    assert send_seal()
    assert len(mails()) == 1


def test_a_journal_cut_after_its_seal_is_found(capsys):
    act(3)
    send_daily(now=EVENING)
    seal = str(Seal.objects.get())
    call_command("journal_verify", seal=[seal])
    with append_only.lifted():
        Link.objects.filter(number=3).delete()
        Entry.objects.order_by("-pk").first().delete()
    call_command("journal_verify")
    with pytest.raises(SystemExit):
        call_command("journal_verify", seal=[seal])
    assert "la fin du journal a été retirée" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seal", "sentence"),
    [
        ("1:" + "0" * 64, "la chaîne a été remplacée"),
        ("2:" + "0" * 64, "la fin du journal a été retirée"),
        ("1", "n'est pas un sceau"),
        ("abc:def", "n'est pas un sceau"),
    ],
)
def test_another_seal_is_distinguished(capsys, seal, sentence):
    act()
    send_daily(now=EVENING)
    with pytest.raises(SystemExit):
        call_command("journal_verify", seal=[seal])
    assert sentence in capsys.readouterr().err
