"""Every mail of the demonstration through a real SMTP server: what is stored is what arrives."""

import datetime as dt
import html
import re
from collections import Counter

import pytest
import time_machine
from django.core.management import call_command

from calendar_app.enums import CALENDAR_MAIL, WEEKLY_MAIL
from calendar_app.services import reminders
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL, every_kind, kind_of
from mailing.services import compose, delivery
from mailing.services import mail as mails
from perf.services import ticket_warnings
from pilots.pv.services import digest
from pilots.va.services import va_nudge
from segur.lib import paris
from segur.lib.no_break import NO_BREAK
from tests.smtp import SmtpSink

DAYS = [dt.date(2026, 11, 27), dt.date(2026, 12, 14), dt.date(2027, 1, 12)]
KINDS = set(every_kind()) - {CALENDAR_MAIL, WEEKLY_MAIL}  # no calendar is amended, none asked
BLOCKS = r"</?(?:p|div|td|tr|table|h1|h2|li|ul|br|dt|dd)\b[^>]*>"
BADLY_SET = re.compile(r"\S [:;!?»]|« |\S[ \u00a0][.,](?!\w)|\.\.|,,")


@pytest.fixture
def composed(monkeypatch):
    """How many times each template was composed."""
    counts: Counter[str] = Counter()

    def counting(template, context):
        counts[template] += 1
        return compose.compose(template, context)

    monkeypatch.setattr(mails, "compose", counting)
    return counts


@pytest.fixture
def received(calendars, checklists, settings, composed):
    with SmtpSink() as sink:
        settings.MAIL_TRANSPORT = sink.transport
        for day in DAYS:
            now = paris.at(day, dt.time(10, 30))
            with time_machine.travel(now, tick=False):
                call_command("demo", verbosity=0)  # the first day only: then it is there
                run(now)
        yield {message["Message-ID"]: message for message in sink.received}


def run(now):
    """All that the clock starts and that may write a mail."""
    for write in (digest.write, va_nudge.nudge, ticket_warnings.warn):
        write(now=now)
    reminders.plan(now=now)
    reminders.dispatch(now=now)
    while delivery.deliver_waiting(now=now):
        pass


def body(message, kind):
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


def words(source):
    """The words of an HTML mail, a block a line."""
    bare = re.sub(r"<(style|title)\b.*?</\1>|<!--.*?-->", "", source, flags=re.DOTALL)
    bare = html.unescape(re.sub(r"<[^>]+>", "", re.sub(BLOCKS, "\v", bare)))
    return re.sub(r" ?\v[ \v]*", "\n", re.sub(r"[ \n]+", " ", bare))


def dates(read):
    """The instants with their hour that a reader finds, whatever their order."""
    return set(re.findall(r"\d+(?:er)? \S+ \d{4} à \d+h\d*", read))


def test_each_is_composed_once_arrives_as_it_is_stored_and_reads_well(received, composed):
    rows = OutgoingMail.objects.filter(state=MailState.SENT)
    assert len(received) == rows.count()
    # `accounts.services.mail` composes those that open an account, without a key.
    assert sum(composed.values()) == rows.exclude(kind=ACCOUNT_MAIL, dedupe_key=None).count()
    assert {kind_of(kind) for kind in rows.values_list("kind", flat=True)} == KINDS
    for row in rows.filter(is_sensitive=False):
        message = received[row.message_id]
        assert message["Subject"].strip() == row.subject  # a long one is folded before its words
        assert (body(message, "plain"), body(message, "html")) == (row.body_text, row.body_html)
    for message in received.values():
        plain, page = body(message, "plain"), words(body(message, "html"))
        assert NO_BREAK in plain
        for read in (plain, page):
            assert not BADLY_SET.search(read), (BADLY_SET.search(read), read)
        assert dates(plain) == dates(page)
