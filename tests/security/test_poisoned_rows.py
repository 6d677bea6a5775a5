"""Rows whose words try to be markup, formulas, headers or code: every reader shows them as words.

The rows are poisoned where they are kept, below the forms that clean what people type: what came in
by an older version, an import or a repair of the database is as harmless.
"""

import csv
import datetime as dt
import io
import json
import re
from collections import Counter
from http import HTTPStatus

import icalendar
import openpyxl
import pytest
from django.apps import apps
from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Cast, Concat, Mod
from django.db.models.lookups import Exact
from django.utils import timezone
from lxml import etree, html

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.services import reminders
from mailing.services import delivery
from perf.services import ticket_warnings
from pilots.pv.services import digest
from pilots.va.services import va_nudge
from tests import pdfs
from tests.addresses import addresses
from tests.keys import give_key
from tests.product import APPS
from tests.smtp import SmtpSink

POISONS = {
    "script": "<script data-poison>alert(1)</script>",
    "attribute": "\"'><img data-poison src=x onerror=alert(1)>",
    "link": "javascript:alert(1)//[x](javascript:alert(1))",
    "formula": '=HYPERLINK("https://poison.example","x")',
    "command": "+cmd|' /C calc'!A0",
    "at formula": "@SUM(1+1)*cmd|' /C calc'!A0",
    "template": "zq{{ 7|add:35 }}qz {% now 'Y' %} {% load poison %} {# x #}",
    "percent": "%s %(name)s %d {0} {name} {x.__class__} %n",
    "header": "Objet\r\nBcc: poison@poison.example\r\nX-Poison: 1\r\n\r\n<b data-poison>",
    "right to left": "fdp\u202eexe\u2066.x",
    "long": "W" * 150,
    "xml": "]]> <![CDATA[ <!ENTITY p SYSTEM 'file:///etc/passwd'> &p; &lt;poison/&gt; <poison/>",
    "calendar": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:poison\r\nSUMMARY:poison\\n;,",
    "typst": '#read("/etc/passwd") #import "layout.typ": * $x^2$ zq#(7*6)qz',
}
"""What each tries to be, then the words."""

WRITTEN = re.compile(
    "name$|note|reason|comment|source|title|subject$|city|reference|cause|help|role$|means"
    "|place|job|purpose|^label|^text$|^body$|version|value|outcome"
)
"""Columns of words that a person, a file or another system gives."""
SEALED = {"journal", "mailing"}
"""Nothing of theirs is changed once written: their words come from the rows poisoned here."""
CALCULATED = re.compile("zq42qz")
FORMULA = re.compile(r"[=+\-@\t\r]")
HEALTH = {"work", "readiness", "metrics"}
FEW, MANY = 1, 3
"""Objects looked at for each address; with `-m long`, many."""
REFUSALS = {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
FORGED = {"Bcc", "X-Poison"}
NUMBER = re.compile(r"[+-]?[\d.,]+( %)?$")


def columns(model):
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (field.choices or field.unique)
        and WRITTEN.search(field.name)
    ]


def poisoned(field):
    """Words, one after the other, and the key of the row, which keeps apart what must differ."""
    room = (field.max_length or 4000) - 8
    rest = Mod(F("pk"), Value(len(POISONS)))
    words = Case(
        *(
            When(Exact(rest, number), then=Value(one[:room]))
            for number, one in enumerate(POISONS.values())
        )
    )
    return Concat(words, Cast("pk", models.CharField()))


@pytest.fixture
def _poisoned_rows(demo):
    """Each row has one of the poisons in all its columns that are filled."""
    for model in apps.get_models():
        if model._meta.app_label in set(APPS) - SEALED:
            for field in columns(model):
                filled = model._base_manager.exclude(**{field.name: ""})
                filled.update(**{field.name: poisoned(field)})


def bad_html(content):
    tree = html.document_fromstring(content)
    found = tree.xpath("//*[@data-poison] | //@onerror | //poison")
    links = tree.xpath("//@href | //@src | //@action | //@formaction")
    found += [link for link in links if link.lower().startswith(("javascript:", "data:text"))]
    words = tree.text_content()
    return found + CALCULATED.findall(words), words


def bad_xml(content):
    tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    bad = [
        one.tag for one in tree.iter() if "poison" in str(one.tag) or "data-poison" in one.attrib
    ]
    return bad, " ".join(tree.itertext())


def bad_calendar(content):
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    bad = [uid for one in events if "@" not in (uid := str(one.get("UID")))]
    return bad, " ".join(str(one.get("SUMMARY")) for one in events)


def bad_cells(content):
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    cells = [cell for row in rows for cell in row]
    bad = [cell for cell in cells if FORMULA.match(cell) and not NUMBER.match(cell)]
    return bad, " ".join(cells)


def bad_workbook(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    bad = [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    return bad, " ".join(str(cell.value) for cell in cells)


def bad_document(content):
    words = pdfs.words(content)
    return re.findall("root:|zq42qz", words), words


def bad_json(content):
    """What is no JSON raises; a page that shows it as such has no markup to find."""
    return [], json.dumps(json.loads(content), ensure_ascii=False)


def calendar(*lines):
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()


ATOM = "application/atom+xml"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READERS = {
    "text/html": bad_html,
    ATOM: bad_xml,
    "text/calendar": bad_calendar,
    "text/csv": bad_cells,
    WORKBOOK: bad_workbook,
    "application/pdf": bad_document,
    "application/json": bad_json,
}


SHOWN = re.compile(
    "alert|HYPERLINK|calc|add:35|__class__|poison@|fdp|W{40}|ENTITY|SUMMARY|etc/passwd".lower()
)


def files_of(client, user, size):
    """Each address with some of the objects that this person sees, read until it is refused."""
    key = give_key(user)[1] if user and user.memberships.exists() else ""
    for address in addresses():
        if address.name in {"account_logout", *HEALTH} or (address.is_keyed and not key):
            continue
        headers = {"Authorization": f"Bearer {key}"} if address.is_keyed else {}
        for url in (
            address.urls(size, seen_by=user) if address.is_plain or not address.is_keyed else ()
        ):
            response = client.get(url, headers=headers)
            yield url, response, response.getvalue()
            if response.status_code in REFUSALS:
                break


def looked_at(client, user, size):
    """What is wrong, and how many files of each kind showed one of the poisons."""
    wrong, shown = [], Counter()
    for url, response, content in files_of(client, user, size):
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        wrong += [(url, name) for name in response.headers if name in FORGED]
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            wrong.append((url, response.status_code))
        elif response.status_code == HTTPStatus.OK and kind in READERS:
            bad, words = READERS[kind](content)
            wrong += [(url, one) for one in bad]
            shown[kind] += bool(SHOWN.search(words.lower()))
    return wrong, shown


@pytest.mark.usefixtures("_poisoned_rows")
@pytest.mark.parametrize(
    ("person", "kinds"),
    [
        (None, {"text/html", "application/json", ATOM}),
        (cast.MANDATAIRE, set(READERS) - {ATOM}),
        (cast.RESPONSABLE, {"text/html", "application/pdf", "text/csv", WORKBOOK}),
    ],
    ids=["anonymous", "Mandataire", "responsable"],
)
@pytest.mark.parametrize("size", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_every_page_and_file_shows_the_words_as_words(client, person, kinds, size):
    user = User.objects.get(email=person.email) if person else None
    if user:
        client.force_login(user)
    wrong, shown = looked_at(client, user, size)
    assert wrong == []
    assert set(+shown) >= kinds


@pytest.mark.usefixtures("_poisoned_rows")
def test_mails_carry_the_words_as_words(settings):
    """All that the clock writes within two months of rows that are poisoned."""
    with SmtpSink() as sink:
        settings.MAIL_TRANSPORT = sink.transport
        for now in (timezone.now() + dt.timedelta(days=days) for days in (1, 20, 50)):
            for write in (digest.write, va_nudge.nudge, ticket_warnings.warn):
                write(now=now)
            reminders.plan(now=now)
            reminders.dispatch(now=now)
            while delivery.deliver_waiting(now=now):
                pass
        received = sink.received
    wrong, shown = [], Counter[str]()
    for mail in received:
        wrong += [(mail["Subject"], name) for name in mail if name in FORGED]
        wrong += [(mail["Subject"], str(defect)) for part in mail.walk() for defect in part.defects]
        page, plain = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))
        bad, words = bad_html(page)
        wrong += [(mail["Subject"], one) for one in [*bad, *CALCULATED.findall(plain)]]
        for place, stated in {"html": words, "text": plain, "subject": mail["Subject"]}.items():
            shown[place] += bool(SHOWN.search(stated.lower()))
    assert wrong == []
    assert set(+shown) == {"html", "text", "subject"}


@pytest.mark.parametrize(
    ("read", "content"),
    [
        ("text/html", b"<p><script data-poison>alert(1)</script>"),
        ("text/html", b"<img src=x onerror=alert(1)>"),
        ("text/html", b"<a href='JavaScript:alert(1)'>x</a>"),
        ("text/html", b"<p>zq42qz"),
        (ATOM, b"<feed><poison/></feed>"),
        ("text/calendar", calendar("BEGIN:VEVENT", "UID:poison", "END:VEVENT")),
        ("text/csv", b"a;=1+1\r\n"),
        ("text/csv", b'a;"\t=1+1"\r\n'),
    ],
)
def test_the_readers_find_what_works(read, content):
    bad, _words = READERS[read](content)
    assert bad
