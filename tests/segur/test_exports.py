"""Every list that people filter or page through is a file in each format, and says who took it."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.urls import get_resolver, reverse
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import User
from calendar_app.demo import cast
from journal.models import Entry
from segur.exports import Format
from tests.factories import member

TEMPLATES = Path("templates")
NOT_LISTS = {
    "composants.html": "shows the component",
    "perf/prestation.html": "has the files of its outages, by their own addresses",
    "imports/index.html": "files that people brought, kept for some days",
    "perf/api/supervision.html": "raw deliveries of a source, kept as they came",
    "webhooks/detail.html": "deliveries, kept for 90 days",
    "privacy/archives.html": "archives to download, kept for seven days",
    "privacy/erasures.html": "names people who asked to be erased",
    "accounts/security_log.html": "in the export of one's own data",
    "calendars/history.html": "open data, in JSON and RDF",
}
"""Pages with pages that have no files of their own, and why."""


NO_LIST = "programme:"
"""Its three files are a document, a workbook of several sheets, and open data."""


def names():
    for namespace, (_prefix, resolver) in get_resolver().namespace_dict.items():
        yield from (f"{namespace}:{one}" for one in resolver.reverse_dict if isinstance(one, str))


def lists():
    """What `files` made: the names that exist in each format."""
    every = set(names())
    found = {name.removesuffix(Format.JSON) for name in every if name.endswith(Format.JSON)}
    whole = {one for one in found if {f"{one}{kind}" for kind in Format} <= every}
    return sorted(whole - {NO_LIST})


LISTS = lists()
OF_ONE = {"perf:outages_"}
TAG = re.compile(r'{% list_files "([^"]+)" %}')
OF_THE_ANS = {"mails:", "review:", "review:statistics_", "accounts:organisations_"}


def pages_of_lists():
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text()
        if "components/_pagination.html" in text:
            yield str(path.relative_to(TEMPLATES)), text


def test_each_page_of_a_list_leads_to_its_files():
    without = {name for name, text in pages_of_lists() if not TAG.search(text)}
    assert without == set(NOT_LISTS)


def test_each_list_with_files_is_on_a_page():
    shown = {name for path in TEMPLATES.rglob("*.html") for name in TAG.findall(path.read_text())}
    written = {"perf:all_outages_", "perf:outages_", "review:statistics_"}
    assert set(LISTS) == shown | written


@pytest.fixture
def reader(client, demo):
    def opened(name):
        person = cast.RESPONSABLE if name in OF_THE_ANS else cast.MANDATAIRE
        client.force_login(User.objects.get(email=person.email))
        return lambda kind: client.get(reverse(f"{name}{kind}"))

    return opened


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("name", [name for name in LISTS if name not in OF_ONE])
def test_the_three_files_of_a_list_have_the_same_lines(reader, name):
    read = reader(name)
    [header, *lines] = read_csv(read(Format.CSV).content)
    book = read(Format.XLSX)
    [sheet] = load_workbook(io.BytesIO(book.content)).worksheets
    objects = json.loads(read(Format.JSON).content)
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == header
    assert sheet.max_row == len(lines) + 1
    assert [list(one) for one in objects] == [header] * len(lines)
    assert f".{Format.XLSX}" in book["Content-Disposition"]


@pytest.mark.parametrize("name", [name for name in LISTS if name not in OF_ONE])
def test_days_and_instants_are_real_ones_in_the_workbook(reader, name):
    [sheet] = load_workbook(io.BytesIO(reader(name)(Format.XLSX).content)).worksheets
    written = re.compile(r"\d{2}/\d{2}/\d{4}( \d{2}:\d{2}:\d{2})?")
    texts = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row]
    assert [value for value in texts if isinstance(value, str) and written.fullmatch(value)] == []


def test_who_takes_a_list_leaves_a_line_in_the_security_log(client, db):
    person = member(Role.SALARIE)
    client.force_login(person)
    client.get(reverse("solutions:csv"))
    [entry] = Entry.objects.filter(act="security.export")
    assert entry.what == "Liste téléchargée (solutions, CSV, lignes : 0)"
    assert (entry.subject_id, entry.signer.user_id) == (person.pk, person.pk)
    assert entry.after.keys() == {"place", "device"}


def test_a_list_of_the_ans_is_refused_to_others(client, db):
    client.force_login(member(Role.MANDATAIRE))
    answers = {name: client.get(reverse(f"{name}csv")).status_code for name in OF_THE_ANS}
    assert set(answers.values()) == {403}
    assert not Entry.objects.filter(act="security.export").exists()
