"""Deposits confirmed from a list: what the lines name, and what names nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline
from segur.lib.tables import to_xlsx
from tests.calendar_app.filing_cases import NOW, organisation_of
from tests.calendar_app.services.test_bulk import declared, park
from tests.factories import SolutionFactory, SupplierFactory, member
from tests.pages import text

ADDRESS = reverse("deadlines:confirm_list")


@pytest.fixture(autouse=True)
def _today(time_machine, calendars):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def rows():
    filer = member(Role.REPRESENTANT)
    solution = SolutionFactory(organisation=organisation_of(filer))
    found = park(SupplierFactory(solution=solution), 3)
    for number, row in enumerate(found):
        declared(filer, [row], external_reference=f"ASP-{number}")
    return found


@pytest.fixture
def agent(client):
    client.force_login(member(Role.AGENT))


def of_client(row):
    return row.prestation.client


@pytest.mark.parametrize(
    ("line", "found", "why"),
    [
        ("ASP-0", 1, ""),
        ("ASP-9", 0, "Rien n'y correspond"),
        ("{finess}", 1, ""),
        ("{name}", 1, ""),
        ("Dossier;FINESS\nASP-0;750999999", 0, "est celui de"),
        ("ASP-0\n{finess}", 1, "déjà nommé à la ligne 1"),
        ("ASP-0\nASP-1\nInconnue", 2, "Rien n'y correspond"),
    ],
)
@pytest.mark.usefixtures("agent")
def test_lines_are_matched_or_named(client, rows, line, found, why):
    whom = of_client(rows[0])
    lines = line.format(finess=whom.finess, name=whom.name.upper())
    shown = client.post(ADDRESS, {"lines": lines})
    assert shown.status_code == 200
    assert len(shown.context["ready"]) == found
    assert why in " ".join(reason for _n, _text, reason in shown.context["unmatched"])


@pytest.mark.usefixtures("agent")
def test_a_workbook_confirms_what_it_lists(client, rows):
    book = to_xlsx("ASP", ["N° de dossier", "Montant"], [["ASP-0", 12], ["ASP-2", 30]])
    shown = client.post(ADDRESS, {"file": SimpleUploadedFile("asp.xlsx", book)})
    answer = client.post(
        reverse("bulk", args=["confirmer-depots"]), {"vus": shown.context["shown"]}
    )
    assert answer.status_code == 302
    states = Deadline.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    assert list(states.values_list("state", flat=True)) == [
        State.ACCEPTED,
        State.FILED,
        State.ACCEPTED,
    ]


@pytest.mark.usefixtures("agent")
def test_what_is_confirmed_already_is_an_exception(client, rows):
    shown = client.post(ADDRESS, {"lines": "ASP-0"})
    client.post(reverse("bulk", args=["confirmer-depots"]), {"vus": shown.context["shown"]})
    again = client.post(ADDRESS, {"lines": "ASP-0"})
    [(why, _rows)] = again.context["refused"]
    assert "« Validé »" in why


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"lines": "  "},
        {"lines": "Dossier"},
        {"lines": "A", "file": SimpleUploadedFile("a.csv", b"A")},
        {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 nothing")},
        {"file": SimpleUploadedFile("a.csv", b"a\0b")},
    ],
)
@pytest.mark.usefixtures("agent", "rows")
def test_a_list_that_cannot_be_read_says_why(client, sent):
    answer = client.post(ADDRESS, sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors


@pytest.mark.usefixtures("agent")
def test_the_list_says_where_it_is_found(client, rows):
    listed = client.get(reverse("deadlines:index"), {"vue": "deposees"})
    assert "Confirmer depuis une liste" in text(listed)


def test_only_the_ans_confirms(client, rows):
    client.force_login(member(Role.MANDATAIRE))
    assert client.get(ADDRESS).status_code == 403
