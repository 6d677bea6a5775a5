"""The open data of this site as others find it: its catalogue, its files, their schemas."""

import json

import pytest
import time_machine
from django.urls import reverse
from jsonschema_rs import Draft202012Validator
from rdflib import DCTERMS, Graph, URIRef
from rdflib.namespace import DCAT, RDF
from rdflib.plugins.parsers.jsonld import to_rdf

from api.enums import Scope
from calendar_app.models import Dispositif, Milestone
from calendar_app.rules.datasets import LICENCE_URL, datasets
from tests.factories import member
from tests.keys import give_key

pytestmark = pytest.mark.usefixtures("calendars")
SLUGS = [one.slug for one in datasets()]


def read(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, name
    return answer


def graph(client, name):
    answer = read(client, name)
    if answer["Content-Type"].startswith("text/turtle"):
        return Graph().parse(data=answer.content, format="turtle")
    return to_rdf(json.loads(answer.content), Graph())


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("slug", SLUGS)
def test_each_json_file_keeps_to_its_schema(client, slug):
    [dataset] = [one for one in datasets() if one.slug == slug]
    schema = read(client, "open_data:schema", slug).json()
    [file] = [one for one in dataset.files if one.label == "JSON"]
    document = read(client, file.view).json()
    assert [str(error) for error in Draft202012Validator(schema).iter_errors(document)] == []
    assert document["licence_url"] == LICENCE_URL
    assert document["titre"]


@pytest.mark.parametrize(
    "name", [file.view for one in datasets() for file in one.files] + ["open_data:catalogue_turtle"]
)
def test_any_site_reads_a_file_and_asks_again_for_nothing(client, name):
    answer = read(client, name)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "max-age=3600" in answer["Cache-Control"]
    again = client.get(reverse(name), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")


def test_the_calendars_have_every_milestone_with_its_date(client):
    calendars = read(client, "open_data:calendars").json()["calendriers"]
    assert [one["code"] for one in calendars] == [row.code for row in Dispositif.objects.all()]
    steps = {step["code"]: step for one in calendars for step in one["jalons"]}
    assert steps.keys() == {row.code for row in Milestone.objects.all()}
    solde = steps["ris-5"]
    assert (solde["dernier_jour"], solde["heure"]) == (solde["avant"][:10], "12h")
    assert solde["source"]


def test_both_forms_of_the_calendars_say_the_same_as_rdf(client):
    linked, turtle = (graph(client, f"open_data:calendars_{kind}") for kind in ("jsonld", "turtle"))
    assert linked.isomorphic(turtle)
    codes = {str(value) for value in turtle.objects(None, DCTERMS.identifier)}
    assert {row.code for row in Milestone.objects.all()} <= codes


def test_the_catalogue_describes_each_file_with_its_licence_and_schema(client):
    linked, turtle = (graph(client, f"open_data:catalogue_{kind}") for kind in ("jsonld", "turtle"))
    assert linked.isomorphic(turtle)
    assert len(set(turtle.subjects(RDF.type, DCAT.Dataset))) == len(datasets())
    files = set(turtle.subjects(RDF.type, DCAT.Distribution))
    assert len(files) == sum(len(one.files) for one in datasets())
    assert {turtle.value(one, DCTERMS.license) for one in files} == {URIRef(LICENCE_URL)}
    for address in {
        *turtle.objects(None, DCAT.downloadURL),
        *turtle.objects(None, DCTERMS.conformsTo),
    }:
        path = "/" + str(address).split("/", 3)[3]
        assert client.get(path).status_code == 200, address


def test_the_page_lists_every_file(client):
    page = read(client, "programme:open_data").content.decode()
    for dataset in datasets():
        for name in (file.view for file in dataset.files):
            assert f'href="{reverse(name)}"' in page


@pytest.fixture
def two_calls(settings, monkeypatch):
    """One address may ask once a minute, a key twice."""
    settings.RATE_PUBLIC = 1
    monkeypatch.setattr("segur.public_rates.OPEN_DATA_PER_MINUTE", 2)
    with time_machine.travel("2026-11-30 10:30:18", tick=False):
        yield


def statuses(client, key, *, times, name="open_data:calendars"):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return [client.get(reverse(name), headers=headers).status_code for _ in range(times)]


@pytest.mark.usefixtures("two_calls")
@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ([Scope.OPEN_DATA], [200, 200, 429]),
        ([Scope.READ], [200, 200, 429]),
        ([Scope.PERF], [200, 429, 429]),
    ],
)
def test_a_key_that_reads_open_data_is_counted_by_itself(client, scopes, expected):
    key = give_key(member(), scopes=scopes)[1]
    assert statuses(client, key, times=3) == expected


@pytest.mark.usefixtures("two_calls")
def test_an_unknown_key_is_counted_by_its_address_and_refuses_nothing(client):
    assert statuses(client, "segur_unknown", times=2) == [200, 429]


@pytest.mark.usefixtures("two_calls")
def test_a_key_of_open_data_is_no_help_on_another_page(client):
    key = give_key(member(), scopes=[Scope.OPEN_DATA])[1]
    assert statuses(client, key, times=2, name="calendars:index") == [200, 429]
