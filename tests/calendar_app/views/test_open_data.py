"""The programme as open data: the same figures without names, small counts hidden, for anybody."""

import csv
import io
import json

import pytest

from accounts.enums import Kind
from accounts.models import Organisation
from calendar_app.demo import cast
from calendar_app.display.open_data import HIDDEN, shown
from calendar_app.rules.board import BoardCell, BoardRow, BoardTable
from tests.pages import markup


def test_the_document_says_what_it_is_and_under_which_licence(client, calendars):
    response = client.get("/programme.json")
    found = json.loads(response.content)
    assert found["licence"] == "Licence Ouverte / Open Licence 2.0"
    assert found["producteur"] == "Agence du Numérique en Santé"
    assert found["page"].endswith("/donnees-ouvertes/")
    assert [table["code"] for table in found["tableaux"]] == [
        *("jalons", "depots", "perf", "perf-mois", "pv", "publications", "va", "prefigurateurs")
    ]


@pytest.mark.parametrize("address", ["/programme.json", "/programme.csv"])
def test_any_site_reads_it_and_asks_again_for_nothing(client, calendars, address):
    response = client.get(address)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=3600"
    again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(address).status_code == 405


@pytest.mark.usefixtures("demo")
def test_nobody_is_named_and_no_small_count_is_shown(client):
    found = json.loads(client.get("/programme.json").content)
    people = {person.name for person in vars(cast).values() if isinstance(person, cast.Person)}
    words = json.dumps(found, ensure_ascii=False)
    organisations = {one.name for one in Organisation.objects.exclude(kind=Kind.ANS)}
    assert not [name for name in people | organisations if name in words]
    counts = [
        (row["nom"], column, count)
        for table in found["tableaux"]
        for row in table["lignes"]
        for column, count in row["nombres"].items()
        if column != "Nombre" or row["nom"] != "Publiées"
    ]
    assert len(counts) > 80
    public = {"Publics"}
    assert not [one for one in counts if one[2] and one[2] < 5 and one[1] not in public]
    assert [one for one in counts if one[2] is None]


@pytest.mark.usefixtures("demo")
def test_csv_json_and_page_say_the_same(client):
    document = json.loads(client.get("/programme.json").content)
    text = client.get("/programme.csv").content.decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(text), delimiter=";")
    assert header[:4] == ["Tableau", "Ligne", "Colonne", "Nombre"]
    expected = [
        [table["titre"], row["nom"], column, HIDDEN if count is None else str(count)]
        for table in document["tableaux"]
        for row in table["lignes"]
        for column, count in row["nombres"].items()
    ]
    assert [line[:4] for line in lines] == expected
    page = markup(client.get("/donnees-ouvertes/"))
    assert page.count(">masqué<") == sum(count == HIDDEN for *_names, count in expected)


def test_words_are_no_counts_and_a_known_count_is_shown():
    row = BoardRow("X", [BoardCell(2, is_known=True), BoardCell(words="2 h"), BoardCell(3)])
    table = BoardTable("t", "T", "Ligne", ["A", "B", "C"], [row], is_public=True)
    assert shown(table, row) == [("A", 2), ("C", None)]
