"""`/api/v1/outages`: what the software of an organisation says and reads."""

import datetime as dt

import pytest
import time_machine

from accounts.models import ApiToken
from api import keys
from journal.models import Entry
from perf.enums import OutageNature, OutageStanding
from perf.models import Outage, OutageVersion
from perf.services.outages import record
from tests.by import acting
from tests.factories import OrganisationFactory, ServiceFactory, SupplierFactory, member
from tests.keys import Caller
from tests.perf.api.conftest import key_of

NOW = dt.datetime(2026, 11, 22, 21, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)


def payload(**more):
    return {
        "service": "drimbox-chu",
        "started_at": "2026-11-02T09:00:00+01:00",
        "ended_at": "2026-11-02T11:30:00.123456+01:00",
        "source": "FOURNISSEUR",
        "reference": "INC-42",
        "cause": "Bascule du proxy",
        **more,
    }


def test_an_outage_is_recorded_once_however_often_it_is_declared(supplier):
    first = supplier.post("outages", payload())
    assert first.status_code == 201
    assert first.json() == {
        "created": True,
        "changed": True,
        "correction": None,
        "outage": {
            "id": Outage.objects.get().pk,
            "service": "drimbox-chu",
            "nature": "PANNE",
            "standing": "NON_CONTESTEE",
            "started_at": "2026-11-02T08:00:00Z",
            "ended_at": "2026-11-02T10:30:00.123456Z",
            "versions": [
                {
                    "source": "FOURNISSEUR",
                    "reference": "INC-42",
                    "started_at": "2026-11-02T08:00:00Z",
                    "ended_at": "2026-11-02T10:30:00.123456Z",
                    "cause": "Bascule du proxy",
                    "counts": True,
                }
            ],
        },
    }
    again = supplier.post("outages", payload(reference=" INC-42 "))
    assert again.status_code == 200
    assert (again.json()["created"], again.json()["changed"]) == (False, False)
    assert OutageVersion.objects.count() == 1
    assert Entry.objects.filter(act__startswith="outage.").count() == 1


def test_declared_with_other_values_it_is_updated_and_the_journal_names_the_key(supplier):
    supplier.post("outages", payload(ended_at=None))
    answer = supplier.post("outages", payload())
    assert answer.status_code == 200
    assert (answer.json()["created"], answer.json()["changed"]) == (False, True)
    assert Outage.objects.get().ended_at is not None
    assert "clé « Supervision »" in Entry.objects.latest("pk").signer.name


def test_what_counts_is_not_changed_by_a_nature_left_out(supplier):
    supplier.post("outages", payload(nature="MAINTENANCE"))
    supplier.post("outages", payload(cause="Autre cause"))
    assert Outage.objects.get().nature == OutageNature.MAINTENANCE


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"started_at": "2026-11-02T09:00:00"}, "started_at", "décalage horaire"),
        ({"started_at": "hier"}, "started_at", "ISO 8601"),
        ({"started_at": 1_790_000_000}, "started_at", "ISO 8601"),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, "started_at", "relisez l'année"),
        ({"ended_at": "2026-11-02T08:00:00+01:00"}, "ended_at", "avant le début"),
        ({"ended_at": "2026-11-23T08:00:00+01:00"}, "ended_at", "pas encore passé"),
        ({"reference": "  "}, "reference", "vide"),
        ({"reference": "\u200b\u2060"}, "reference", "vide"),
        ({"reference": "x" * 121}, "reference", "120 caractères"),
        ({"source": "PRESSE"}, "source", "ANS, FOURNISSEUR, CLIENT ou IMPORT."),
        ({"nature": "NON_MESURE"}, "nature", "supervision de l'ANS"),
        ({"comment": "non"}, "comment", "n'existe pas"),
        ({"cause": 3}, "cause", "texte"),
    ],
)
def test_what_is_wrong_is_reported_by_field(supplier, change, field, sentence):
    answer = supplier.post("outages", payload(**change))
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert sentence in answer.json()["errors"][field][0]
    assert sentence in answer.json()["detail"]
    assert not Outage.objects.exists()


def test_every_field_that_is_missing_is_named(supplier):
    errors = supplier.post("outages", {}).json()["errors"]
    assert list(errors) == ["service", "started_at", "ended_at", "source", "reference"]


@pytest.mark.parametrize(
    "reference",
    ["INC-42\u200b", "\ufeffINC-42", "INC\u2011４２", "INC-42\x00", "\u202eINC-42", "INC-42\ud83d"],
)
def test_a_reference_that_only_looks_alike_names_the_same_outage(supplier, reference):
    supplier.post("outages", payload())
    answer = supplier.post("outages", payload(reference=reference))
    assert answer.status_code == 200, answer.json()
    assert answer.json()["changed"] is False
    assert [one.reference for one in OutageVersion.objects.all()] == ["INC-42"]


def test_codes_and_instants_are_read_without_what_cannot_be_seen(supplier):
    values = {"service": "drimbox-chu\u200b", "started_at": "\u202d2026-11-02T09:00:00+01:00\u202c"}
    assert supplier.post("outages", payload(**values)).status_code == 201
    assert len(supplier.get("outages?service=drimbox-chu%E2%80%8B").json()["items"]) == 1


def test_what_cannot_be_seen_leaves_the_cause(supplier):
    supplier.post("outages", payload(cause="Bascule\x00 \u202edu\u200b proxy\ud83d"))
    assert OutageVersion.objects.get().cause == "Bascule du proxy"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "sentence"),
    [
        ("{", "application/json", 400, "JSON"),
        ("[]", "application/json", 422, "accolades"),
        ("null", "application/json", 422, "accolades"),
        ("", "application/json", 415, "Content-Type"),
        ("{}", "text/plain", 415, "Content-Type"),
        (" " * 300_000, "application/json", 413, "256 Kio"),
    ],
)
def test_a_body_that_cannot_be_read(supplier, body, content_type, status, sentence):
    answer = supplier.post("outages", body, content_type=content_type)
    assert answer.status_code == status
    assert sentence in answer.json()["detail"]


def test_without_a_usable_key_nothing_is_shown(client, service, nobody):
    ApiToken.objects.all().delete()
    revoked = Caller(client, key_of(service.prestation.organisation))
    ApiToken.objects.update(revoked_at=NOW)
    for caller in (nobody, Caller(client, "segur_unknown"), Caller(client, "é" * 200), revoked):
        for answer in (caller.post("outages", payload()), caller.get("outages")):
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"].startswith("Bearer ")
            assert answer.json()["title"] == "Clé absente ou inactive"


def test_the_session_of_the_site_is_not_a_key(client, service, nobody):
    person = member(organisation=service.prestation.organisation)
    client.force_login(person)
    assert nobody.get("outages").status_code == 401
    assert nobody.post("outages", payload()).status_code == 401


def test_the_service_of_somebody_else_is_unknown(client, service):
    stranger = Caller(client, key_of(OrganisationFactory()))
    answer = stranger.post("outages", payload())
    assert answer.status_code == 404
    assert "parmi les vôtres" in answer.json()["detail"]
    assert stranger.get("outages").json() == {"items": [], "next": None}
    assert stranger.get("services").json() == {"items": [], "next": None}


def test_the_editeur_reads_what_its_distributeur_records(client, service):
    editeur = service.prestation.organisation
    distributor = OrganisationFactory(kind="DISTRIBUTEUR")
    supplier = SupplierFactory(
        solution=service.prestation.supplier.solution, organisation=distributor
    )
    ServiceFactory(code="distribue", prestation__supplier=supplier)
    caller = Caller(client, key_of(editeur))
    answer = caller.post("outages", payload(service="distribue"))
    assert answer.status_code == 403
    assert "autre Fournisseur" in answer.json()["detail"]
    codes = [item["code"] for item in caller.get("services").json()["items"]]
    assert codes == ["distribue", "drimbox-chu"]


def test_a_fournisseur_does_not_speak_for_the_ans(supplier, ans):
    answer = supplier.post("outages", payload(source="ANS"))
    assert answer.status_code == 403
    assert "n'enregistre pas pour cette source" in answer.json()["detail"]
    assert ans.post("outages", payload(source="ANS")).status_code == 201


def test_one_reference_is_one_service(supplier, service):
    supplier.post("outages", payload())
    ServiceFactory(code="autre", prestation__supplier=service.prestation.supplier)
    answer = supplier.post("outages", payload(service="autre"))
    assert answer.status_code == 409
    assert "drimbox-chu" in answer.json()["detail"]
    assert supplier.post("outages", payload(service="autre", source="CLIENT")).status_code == 201


def test_two_fournisseurs_number_their_outages_as_they_like(client, supplier, service):
    supplier.post("outages", payload())
    other = ServiceFactory(code="ailleurs")
    caller = Caller(client, key_of(other.prestation.organisation))
    assert caller.post("outages", payload(service="ailleurs")).status_code == 201


def outage(service, number, *, hours, end=True):
    start = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    return record(
        service=service,
        source="FOURNISSEUR",
        reference=str(number),
        started_at=start,
        ended_at=start + dt.timedelta(hours=1) if end else None,
        by=acting(None, NOW, "Test"),
    )


def test_outages_are_read_page_by_page_from_an_instant_on(
    supplier, service, django_assert_max_num_queries
):
    for number in range(5):
        outage(service, number, hours=number)
    outage(service, "ouverte", hours=-24, end=False)

    def read(**query):
        answer = supplier.get("outages", **query)
        assert answer.status_code == 200, answer.content
        found = answer.json()
        return found["next"], [item["versions"][0]["reference"] for item in found["items"]]

    with django_assert_max_num_queries(10):  # two read, the others know and count the key
        assert read() == (None, ["ouverte", "4", "3", "2", "1", "0"])
    following, shown = read(limit=2)
    assert shown == ["ouverte", "4"]
    outage(service, "entre-temps", hours=50)
    assert read(limit=4, cursor=following) == (None, ["3", "2", "1", "0"])
    assert read(since="2026-11-02T12:00:00+01:00") == (None, ["entre-temps", "ouverte", "4", "3"])
    assert read(service="drimbox-chu", limit=1)[1] == ["entre-temps"]
    assert read(service="inconnu") == (None, [])


@pytest.mark.parametrize(
    ("since", "count"),
    [
        ("2026-11-02T12:00:00+01:00", 2),
        ("2026-11-02T12:00:00%2B01:00", 2),
        ("2026-11-02T12:00:00+0100", 2),
        ("2026-11-02T12:00+01", 2),
        ("2026-11-02t12:00:00.000+01:00", 2),
        ("2026-11-02%2012:00:00+01:00", 2),
        ("2026-11-02+12:00:00+01:00", 2),
        ("2026-11-02T11:00:00Z", 2),
        ("2026-11-02T06:00:00-05:00", 2),
        ("2026-11-02T13:00:00+01:00", 1),
    ],
)
def test_a_plus_written_as_it_is_in_the_address_is_read_as_meant(supplier, service, since, count):
    for number in range(5):
        outage(service, number, hours=number)
    answer = supplier.get(f"outages?since={since}")
    assert (answer.status_code, len(answer.json()["items"])) == (200, count)


@pytest.mark.parametrize("since", ["2026-11-02+12:00:00", "2026-11-02T12:00:00", "12:00+01:00"])
def test_an_instant_without_its_offset_or_its_day_stays_refused(supplier, since):
    assert supplier.get(f"outages?since={since}").status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        '{"a\\ud800": 1}',
        '{"cause": "\\ud800", "started_at": "\\ud800"}',
        '{"service": "\\u0000"}',
        '{"reference": {"a": "\\udc00"}}',
        '{"cause": NaN, "nature": 1e999}',
        b'{"cause": "\xff"}',
        "[" * 100_000,
        "1" * 5000,
        b"\xff\xfe",
    ],
)
def test_no_body_is_an_error_of_ours(supplier, body):
    answer = supplier.post("outages", body)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "beaucoup"}, "limit"),
        ({"cursor": "-1"}, "cursor"),
        ({"cursor": "0"}, "cursor"),
        ({"cursor": "9" * 19}, "cursor"),
        ({"offset": "1"}, "offset"),
        ({"since": "2026-11-02T12:00:00"}, "since"),
        ({"service": "é"}, "service"),
        ({"servce": "drimbox-chu"}, "servce"),
    ],
)
def test_a_wrong_filter_is_reported(supplier, query, field):
    answer = supplier.get("outages", **query)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_a_contested_outage_says_so(supplier, service):
    outage(service, 1, hours=0)
    Outage.objects.update(standing=OutageStanding.CONTESTED)
    assert supplier.get("outages").json()["items"][0]["standing"] == "CONTESTEE"


def test_a_method_that_is_not_there_and_an_address_that_is_not(supplier):
    answer = supplier.client.put("/api/v1/outages", headers=supplier.headers)
    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
    assert "Méthodes possibles" in answer.json()["detail"]
    assert supplier.get("pannes").status_code == 404
    assert supplier.get("pannes").json()["errors"] == {}


@pytest.mark.usefixtures("_no_rate_limit")
def test_a_key_that_calls_too_often_waits_for_the_next_minute(supplier, ans, monkeypatch):
    monkeypatch.setattr(keys, "PER_MINUTE", 2)
    assert [supplier.get("services").status_code for _ in range(3)] == [200, 200, 429]
    assert "attendez" in supplier.get("services").json()["detail"]
    assert ans.get("services").status_code == 200
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        assert supplier.get("services").status_code == 200


def test_head_is_get_without_its_body(supplier):
    read = supplier.get("outages")
    head = supplier.client.head("/api/v1/outages", headers=supplier.headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(read.content))
    assert supplier.client.head("/api/v1/outages").status_code == 401
    assert supplier.client.head("/api/v1/webhooks/better-stack").status_code == 405
