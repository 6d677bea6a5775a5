"""Files that people import: read or refused, in a bounded time, without a 500."""

import contextlib
import io
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from accounts.enums import Role
from calendar_app.reading import deposit_list, order_file
from documents.reading.records import MAX_BYTES, MAX_LINES, BadFile, records
from imports.models import Import
from perf.models import Outage, OutageVersion
from perf.reading import outage_file
from tests.factories import member
from tests.perf.csv_files import PAGE

SECONDS_PER_MB = 1
MEGABYTE = 1024 * 1024

TITLES = "reference;service;debut;fin;nature;source;cause\n"
CELLS = st.text(alphabet="a0;,\t\"'\r\n=+-@é\u00a0\u202e/:\\ ", max_size=200)
FILES = st.one_of(
    st.binary(max_size=400),
    CELLS.map(lambda text: text.encode()),
    CELLS.map(lambda text: (TITLES + text).encode()),
    CELLS.map(lambda text: (TITLES + text).encode("cp1252", "replace")),
    st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail),
)

HEAVY = {
    "newlines": b"\n" * MAX_BYTES,
    "carriage returns": b"a" + b"\r" * (MAX_BYTES - 1),
    "separators": b"a;b\n" + b";" * (MAX_BYTES - 4),
    "quotes": b"a;b\n" + b'"' * (MAX_BYTES - 4),
    "open quotes": b"a;b\n" + b'"\n' * ((MAX_BYTES - 4) // 2),
    "short lines": TITLES.encode() + b"a\n" * (MAX_LINES - 2),
    "one long cell": b"a;b\n" + b"x" * (MAX_BYTES - 4),
    "blanks": b"a;b\n" + b" " * (MAX_BYTES - 4),
}


def sheet(
    row, part="xl/worksheets/sheet1.xml", frame="<worksheet{}><sheetData>{}</sheetData></worksheet>"
):
    """A workbook of 16 MB once unpacked, whose `part` repeats `row`."""
    book, made = io.BytesIO(), io.BytesIO()
    Workbook().save(book)
    body = frame.format(NAMESPACE, row * (16 * MEGABYTE // len(row)))
    with (
        zipfile.ZipFile(book) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            target.writestr(member, body if member.filename == part else source.read(member))
    return made.getvalue()


NAMESPACE = ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STYLES = {"part": "xl/styles.xml", "frame": "<styleSheet{}><cellXfs>{}</cellXfs></styleSheet>"}
HEAVY_SHEETS = {
    "cells": lambda: sheet("<c/>"),
    "rows": lambda: sheet("<row/>"),
    "values": lambda: sheet(f"<row>{'<c><v>1</v></c>' * 50}</row>"),
    "attributes": lambda: sheet('<z a="1" b="2" c="3"/>'),
    "long texts": lambda: sheet(f'<row><c t="inlineStr"><is><t>{"x" * 30_000}</t></is></c></row>'),
    "styles": lambda: sheet("<xf/>", **STYLES),
}


@pytest.mark.parametrize("name", HEAVY_SHEETS)
def test_a_megabyte_of_an_open_workbook_costs_a_second_at_most(name):
    """These are of 20 to 50 kB: what counts is what they become. `styles` took 49 s."""
    content = HEAVY_SHEETS[name]()
    start = time.process_time()
    with contextlib.suppress(BadFile):
        list(records(content))
    assert time.process_time() - start <= SECONDS_PER_MB * 16


READERS = {
    "records": lambda content: list(records(content)),
    "outages": outage_file.read,
    "orders": order_file.read_orders,
    "deposits": deposit_list.read_list,
}


@pytest.mark.long
@pytest.mark.parametrize("name", HEAVY)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_megabyte_costs_a_second_at_most(read, name):
    content = HEAVY[name]
    start = time.process_time()
    with contextlib.suppress(BadFile):
        read(content)
    spent = time.process_time() - start
    assert spent <= SECONDS_PER_MB * len(content) / MEGABYTE + 0.5


@pytest.mark.parametrize(("extra", "is_read"), [(0, True), (1, False)])
def test_lines_are_counted_blank_ones_too(extra, is_read):
    content = b"a\n" + b"\n" * (MAX_LINES - 1 + extra)
    if is_read:
        assert len(list(records(content))) == 1
    else:
        with pytest.raises(BadFile, match="trop de lignes"):
            list(records(content))


@settings(max_examples=100, deadline=None)
@given(content=FILES)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_file_is_read_or_refused_in_a_sentence(read, content):
    refusals = []
    try:
        read(content)
    except BadFile as refusal:
        refusals.append(str(refusal))
    assert [words for words in refusals if not words.endswith(".")] == []


@pytest.fixture
def logged_in(client, calendars):
    client.force_login(member(Role.REPRESENTANT))
    return client


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=FILES)
@pytest.mark.parametrize(
    ("address", "field"), [(PAGE, "file"), (reverse("prestations:create_many"), "file")]
)
def test_an_upload_is_never_a_500_and_stores_nothing_half(logged_in, address, field, content):
    upload = SimpleUploadedFile("a.csv", content)
    response = logged_in.post(address, {field: upload})
    assert response.status_code in {200, 302, 422}
    assert not Outage.objects.exists()
    assert not OutageVersion.objects.exists()
    assert Import.objects.count() <= 1
