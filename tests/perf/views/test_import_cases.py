"""Files that people really have, through the screens: chosen, checked, confirmed."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from accounts.enums import Role
from perf.enums import OutageNature
from perf.models import Outage, OutageVersion
from tests.factories import ServiceFactory, member
from tests.perf.csv_files import CHECK, PAGE
from tests.perf.pages import facts, notices, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
CASES = Path(__file__).parents[1] / "data" / "cases"
START = dt.datetime(2026, 1, 15, 17, tzinfo=dt.UTC)
END = dt.datetime(2026, 1, 16, 9, tzinfo=dt.UTC)
INC_1, INC_2 = ("INC-1", START, END), ("INC-2", START, END)
NANOSECONDS = dt.datetime(2026, 1, 15, 18, 0, 0, 123456, tzinfo=dt.UTC)
FRENCH = ["Service", "Début", "Fin", "Source", "Référence", "Cause"]


@pytest.fixture
def mine(client):
    service = ServiceFactory(code="svc")
    client.force_login(member(Role.SALARIE, service.prestation.organisation))
    return client


def choose(client, name, content):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def confirm(client):
    shown = client.get(CHECK).context
    return client.post(CHECK, {"sha256": shown["job"].sha256, "seen": shown["plan"].seen})


def recorded():
    rows = OutageVersion.objects.order_by("reference")
    return list(rows.values_list("reference", "started_at", "ended_at"))


def xlsx(*rows, header=FRENCH, number_format="dd/mm/yyyy hh:mm"):
    book = Workbook()
    sheet = book.active
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row):
        if isinstance(cell.value, dt.datetime):
            cell.number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csv_missing_trailing.csv", [INC_1, INC_2]),
        ("csv_sep_line.csv", [INC_1]),
        ("csv_iso_hour_off.csv", [INC_1]),
        ("csv_iso_ns.csv", [("INC-1", NANOSECONDS, END)]),
        ("csv_zwsp.csv", [INC_1]),
    ],
)
def test_a_file_of_the_cases_is_recorded_as_it_is_meant(mine, name, expected):
    response = choose(mine, name, (CASES / name).read_bytes())
    assert response["Location"] == CHECK
    assert facts(mine.get(CHECK))["À ajouter"] == str(len(expected))
    confirm(mine)
    assert recorded() == expected


def test_digits_beyond_the_microsecond_are_cut_and_the_check_says_on_which_lines(mine):
    choose(mine, "a.csv", (CASES / "csv_iso_ns.csv").read_bytes())
    [notice] = notices(mine.get(CHECK))
    assert "plus précis que la microseconde (ligne 2)" in notice
    choose(mine, "a.csv", (CASES / "csv_iso_hour_off.csv").read_bytes())
    assert notices(mine.get(CHECK)) == []


def test_the_check_shows_the_nature_of_each_line(mine):
    lines = [
        "service;début;fin;source;référence;cause;nature",
        "svc;15/01/2026 18:00;16/01/2026 10:00;CLIENT;M-1;;maintenance",
        "svc;15/01/2026 18:00;16/01/2026 10:00;CLIENT;P-1",
    ]
    choose(mine, "a.csv", "\n".join(lines).encode())
    shown = {row["Référence"]: row["Nature"] for row in table(mine.get(CHECK), "2 lignes")}
    assert shown == {"M-1": "Maintenance annoncée", "P-1": "Panne"}
    confirm(mine)
    choose(mine, "a.csv", "\n".join(lines).replace("16/01", "17/01").encode())
    shown = {row["Référence"]: row["Nature"] for row in table(mine.get(CHECK), "2 lignes")}
    assert shown == {"M-1": "Maintenance annoncée", "P-1": "Panne"}


def test_the_dates_of_a_workbook_are_on_the_paris_clock(mine):
    clock = [dt.datetime(2026, 1, 15, 18), dt.datetime(2026, 1, 16, 10)]  # noqa: DTZ001
    written = ["15/01/2026 18:00", "2026-01-16T10:00:00+01"]
    content = xlsx(
        ["svc", *clock, "FOURNISSEUR", "INC-1", "Disque"],
        ["svc", *written, "fournisseur", "INC-2", None],
        ["svc", *clock, "FOURNISSEUR", 4012, "Disque"],
    )
    assert choose(mine, "pannes.xlsx", content)["Location"] == CHECK
    confirm(mine)
    assert recorded() == [("4012", START, END), INC_1, INC_2]


def test_a_workbook_of_ours_is_read_again(mine):
    choose(mine, "a.csv", (CASES / "csv_missing_trailing.csv").read_bytes())
    confirm(mine)
    Outage.objects.filter(counting__reference="INC-2").update(nature=OutageNature.MAINTENANCE)
    repeated = dt.datetime(2026, 10, 25, 1, 30, 0, 7, tzinfo=dt.UTC)
    OutageVersion.objects.filter(reference="INC-2").update(started_at=repeated, ended_at=None)
    for kind in ("xlsx", "csv"):
        content = mine.get(reverse(f"perf:all_outages_{kind}")).content
        assert choose(mine, f"pannes.{kind}", content)["Location"] == CHECK
        assert facts(mine.get(CHECK))["Inchangées"] == "2"


TWICE = dt.datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001
SKIPPED = dt.datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001
NOON = dt.datetime(2026, 1, 15, 12)  # noqa: DTZ001
MIDNIGHT = dt.datetime(2026, 1, 15)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "column", "sentence"),
    [
        ("=B3+1", "Début", "C'est une formule : remplacez-la par sa valeur"),
        ("#REF!", "Début", "« #REF! » est une erreur du tableur"),
        (TWICE, "Début", "Écrivez 2026-10-25T02:30:00+02:00 avant le changement"),
        (SKIPPED, "Début", "n'existe pas : les horloges passent de 2h à 3h"),
        (MIDNIGHT.date(), "Début", "L'heure manque après « 15/01/2026 »"),
        (True, "Début", "n'est pas un jour et une heure"),
        (dt.time(18), "Début", "Le jour et l'année manquent"),
        (45000.5, "Début", "n'est pas un jour et une heure"),
    ],
)
def test_a_cell_of_a_workbook_that_says_no_instant_is_named(mine, start, column, sentence):
    content = xlsx(["svc", NOON, None, "CLIENT", "A", ""], ["svc", start, None, "CLIENT", "B", ""])
    response = choose(mine, "pannes.xlsx", content)
    assert response.status_code == 422
    [row] = table(response, "Cases à corriger")
    assert (row["Ligne"], row["Colonne"]) == ("Ligne 3", column)
    assert sentence in row["Ce qui ne va pas"].replace("\u00a0", " ")


def test_midnight_is_an_hour_where_the_workbook_shows_it(mine):
    choose(mine, "a.xlsx", xlsx(["svc", MIDNIGHT, NOON, "CLIENT", "A", "x"]))
    confirm(mine)
    assert Outage.objects.get().started_at == dt.datetime(2026, 1, 14, 23, tzinfo=dt.UTC)


def test_a_formula_in_a_column_that_is_not_read_hinders_nothing(mine):
    content = xlsx(["svc", NOON, NOON, "CLIENT", "A", "", "=A1"], header=[*FRENCH, "Client"])
    assert choose(mine, "a.xlsx", content)["Location"] == CHECK
