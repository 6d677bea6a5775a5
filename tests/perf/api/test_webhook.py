"""`/api/v1/webhooks/better-stack`: the ANS's incidents, however they are delivered."""

import base64
import datetime as dt
import json
from functools import partial
from itertools import combinations_with_replacement, islice, permutations

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from accounts.enums import Role
from accounts.models import ApiToken
from api.signatures import secret_of
from journal.models import Entry
from perf.enums import Source
from perf.models import Outage, ProbeEvent, Service
from perf.selectors.probes import waiting_probes
from perf.services import deliveries, probes
from perf.services.services import service_save
from tests.by import acting
from tests.factories import ServiceFactory, member
from tests.keys import Caller
from tests.perf.api.incidents import (
    ACKNOWLEDGED_AT,
    RESOLVED_AGAIN_AT,
    RESOLVED_AT,
    STARTED_AT,
    delivery,
    life,
    life_reopened,
)

NOW = dt.datetime(2026, 11, 22, 21, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)
ADDRESS = "webhooks/better-stack"


@pytest.mark.usefixtures("service")
def test_an_incident_becomes_an_outage_that_ends_when_it_is_resolved(source):
    started, acknowledged, resolved = (source.post(ADDRESS, one) for one in life())
    outage = Outage.objects.get()
    assert [answer.status_code for answer in (started, acknowledged, resolved)] == [200] * 3
    assert [answer.json()["outcome"] for answer in (started, acknowledged, resolved)] == [
        f"Panne n° {outage.pk} enregistrée.",
        f"Panne n° {outage.pk} : rien de nouveau.",
        f"Panne n° {outage.pk} close.",
    ]
    assert (outage.started_at, outage.ended_at) == (STARTED_AT, RESOLVED_AT)
    version = outage.versions.get()
    assert (version.source, version.reference) == (Source.ANS, "514203998")
    assert (version.cause, version.recorded_by) == ("Status 503", None)
    assert version.recorded_by_name == "Supervision de l'ANS (Better Stack)"


@pytest.mark.usefixtures("service")
def test_each_delivery_is_kept_as_it_came(source):
    for one in life():
        source.post(ADDRESS, one)
    kept = ProbeEvent.objects.order_by("pk")
    assert [event.payload for event in kept] == life()
    assert [event.kind for event in kept] == ["started", "acknowledged", "resolved"]
    assert set(kept.values_list("service__code", flat=True)) == {"drimbox-chu"}


@pytest.mark.usefixtures("service")
def test_replayed_nothing_changes(source):
    for one in life():
        source.post(ADDRESS, one)
    journal = Entry.objects.count()
    for one in life():
        assert source.post(ADDRESS, one).status_code == 200
    assert ProbeEvent.objects.count() == 3
    assert Entry.objects.count() == journal
    assert Outage.objects.get().ended_at == RESOLVED_AT


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_the_outage_is_the_same(service, order):
    for place in order:
        probes.receive(payload=life()[place], now=NOW)
    outage = Outage.objects.get()
    assert (outage.started_at, outage.ended_at) == (STARTED_AT, RESOLVED_AT)
    assert outage.versions.get().cause == "Status 503"


@pytest.mark.parametrize("lost", [(0,), (1,), (0, 1)])
def test_what_was_never_delivered_is_not_missed_once_it_is_resolved(service, lost):
    for place, one in enumerate(life()):
        if place not in lost:
            probes.receive(payload=one, now=NOW)
    outage = Outage.objects.get()
    assert (outage.started_at, outage.ended_at) == (STARTED_AT, RESOLVED_AT)


def test_reopened_and_resolved_again_in_any_order_with_replays(service):
    """Every fifth of the 120 orders, each followed by two replays, as incidents of their own."""
    notified = life_reopened()
    replays = list(combinations_with_replacement(range(5), 2))
    for number, order in enumerate(islice(permutations(range(5)), 0, None, 5)):
        incident = str(number)
        for place in (*order, *replays[number % len(replays)]):
            payload = notified[place] | {"data": notified[place]["data"] | {"id": incident}}
            probes.receive(payload=payload, now=NOW)
    found = set(Outage.objects.values_list("started_at", "ended_at"))
    assert found == {(STARTED_AT, RESOLVED_AGAIN_AT)}
    assert Outage.objects.count() == 24


def test_reopened_it_goes_on(service):
    for one in life_reopened()[:4]:
        probes.receive(payload=one, now=NOW)
    assert Outage.objects.get().ended_at is None


def test_an_incident_without_a_cause_is_an_outage_without_one(service):
    probes.receive(payload=delivery(cause=None), now=NOW)
    assert Outage.objects.get().counting.cause == ""


def test_a_late_start_reopens_nothing(service):
    started, _acknowledged, resolved = life()
    for one in (resolved, started, delivery("started", cause="Autre mesure")):
        probes.receive(payload=one, now=NOW)
    assert Outage.objects.get().ended_at == RESOLVED_AT


@pytest.mark.parametrize(
    ("given", "kind", "ended_at"),
    [
        ({}, "started", None),
        ({"acknowledged_at": ACKNOWLEDGED_AT}, "acknowledged", None),
        ({"resolved_at": RESOLVED_AT}, "resolved", RESOLVED_AT),
    ],
)
def test_a_template_without_the_event_is_understood_by_its_instants(service, given, kind, ended_at):
    payload = delivery(**given)
    del payload["event"]
    assert probes.receive(payload=payload, now=NOW).kind == kind
    assert Outage.objects.get().ended_at == ended_at


def test_a_clock_a_little_ahead_is_no_reason_to_lose_an_outage(service):
    probes.receive(payload=delivery(started_at=NOW + dt.timedelta(seconds=2)), now=NOW)
    assert Outage.objects.get().started_at == NOW
    later = NOW + dt.timedelta(minutes=1)
    resolved = delivery("resolved", started_at=NOW + dt.timedelta(seconds=2), resolved_at=later)
    probes.receive(payload=resolved, now=later)
    assert Outage.objects.get().started_at == NOW + dt.timedelta(seconds=2)


def test_an_instant_to_come_is_refused_then_tried_again(service):
    tomorrow = NOW + dt.timedelta(days=1)
    event = probes.receive(payload=delivery(started_at=tomorrow), now=NOW)
    assert event.outcome.startswith("Refusé : ")
    assert not Outage.objects.exists()
    event = probes.receive(payload=delivery(started_at=tomorrow), now=tomorrow)
    assert event.outcome.startswith("Panne n°")
    assert ProbeEvent.objects.count() == 1


def test_an_unknown_probe_waits_for_a_service(source, service):
    actor = member(Role.AGENT)
    name = partial(service_save, service.prestation, code=service.code, by=acting(actor, NOW))
    name(probe_id="")
    answers = [source.post(ADDRESS, one) for one in (*life(), delivery(incident="2"))]
    assert {answer.status_code for answer in answers} == {202}
    assert {event.outcome for event in ProbeEvent.objects.all()} == {probes.WAITING}
    assert not Outage.objects.exists()
    name(probe_id="2417835")
    assert Outage.objects.count() == 2
    assert Outage.objects.get(versions__reference="514203998").ended_at == RESOLVED_AT
    assert not ProbeEvent.objects.filter(service=None).exists()
    assert probes.apply_waiting(Service.objects.get(), NOW) == 0


def test_an_incident_ends_where_it_started_even_if_the_probe_moved(service):
    probes.receive(payload=delivery(), now=NOW)
    Service.objects.update(probe_id="")
    ServiceFactory(code="autre", probe_id="2417835")
    probes.receive(payload=life()[2], now=NOW)
    outage = Outage.objects.get()
    assert (outage.service.code, outage.ended_at) == ("drimbox-chu", RESOLVED_AT)


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("monitor", [{}, {"data": None}, None])
def test_an_incident_declared_by_hand_has_no_probe(source, monitor):
    payload = delivery()
    payload["data"]["relationships"]["monitor"] = monitor
    answer = source.post(ADDRESS, payload)
    assert (answer.status_code, answer.json()["outcome"]) == (202, probes.NO_PROBE)


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("cause", "kept"), [("Status\x1b 503", "Status 503"), ("C:\\u0000x", "C:\\u0000x")]
)
def test_a_control_character_does_not_lose_an_outage(source, cause, kept):
    assert source.post(ADDRESS, delivery(cause=cause)).status_code == 200
    assert Outage.objects.get().counting.cause == kept


def broken(**changes):
    payload = delivery()
    payload["data"] |= changes
    return payload


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("payload", "status", "sentence"),
    [
        ("{", 400, "JSON"),
        ("", 400, "JSON"),
        (b"\xff", 400, "JSON"),
        ("[" * 100_000, 400, "JSON"),
        ('{"data": NaN}', 422, "« data » manque"),
        ('{"data": 1e999}', 422, "« data » manque"),
        ('{"data": "\\ud800"}', 422, "« data » manque"),
        ("1" * 5000, 422, "« data » manque"),
        ('{"data": "\\u0000"}', 422, "« data » manque"),
        ("[]", 422, "« data » manque"),
        ({}, 422, "« data » manque"),
        (broken(type="monitor"), 422, "incidents"),
        (broken(attributes=None), 422, "« attributes »"),
        (broken(id=None), 422, "« data.id »"),
        (broken(id="x" * 61), 422, "60 caractères"),
        (broken(id=True), 422, "« data.id »"),
        (broken(relationships={"monitor": {"data": {}}}), 202, ""),
        (broken(relationships={"monitor": {"data": {"id": []}}}), 422, "monitor"),
        (broken(relationships=[]), 202, ""),
        (delivery(started_at=None), 422, "started_at"),
        (delivery("resolved"), 422, "dit quand"),
        (delivery("x" * 41), 422, "event"),
        (delivery(resolved_at=STARTED_AT - dt.timedelta(1)), 422, "avant de commencer"),
        (delivery() | {"event": {"a": 1}}, 422, "« event »"),
        (delivery() | {"event": {}}, 422, "« event »"),
        (delivery() | {"event": []}, 422, "« event »"),
        (delivery() | {"event": False}, 422, "« event »"),
        (delivery(resolved_at=STARTED_AT) | {"event": {}}, 422, "« event »"),
        (delivery(started_at=None, cause="x") | {"event": "started"}, 422, "started_at"),
        (" " * (5 * 1024 * 1024 + 1), 413, "5 Mio"),
        (" " * (5 * 1024 * 1024), 400, "JSON"),
    ],
)
def test_what_is_not_understood_is_reported_and_not_kept(source, payload, status, sentence):
    answer = source.post(ADDRESS, payload)
    assert answer.status_code == status
    assert sentence in answer.json().get("detail", "")
    assert ProbeEvent.objects.exists() == (status == 202)
    assert not Outage.objects.exists()


@pytest.mark.parametrize("ended", [{}, [], False, 0])
def test_an_end_that_is_no_instant_is_refused_rather_than_ignored(source, service, ended):
    payload = delivery()
    payload["data"]["attributes"]["resolved_at"] = ended
    answer = source.post(ADDRESS, payload)
    assert answer.status_code == 422
    assert "resolved_at" in answer.json()["detail"]


def deep(levels):
    found = {}
    for _level in range(levels):
        found = {"x": found}
    return found


HUGE = "é" * 400_000
ODD = {
    "nul": {"response_content": "a\x00b", "cause": "Status\x00 503"},
    "nul in a name": {"a\x00b": 1},
    "half of a pair": {"response_content": "a\ud83d", "cause": "Status \udc00503"},
    "beyond a form": {"response_content": "x" * 4_000_000},
    "huge used fields": {"name": HUGE, "url": HUGE},
    "deep": {"metadata": deep(300)},
    "numbers of no machine": {"response_options": [10**400, -(10**30)]},
    "infinite": {"response_options": float("inf")},
    "a cause that is no text": {"response_url": {"cause": ["x"]}},
}


@pytest.mark.parametrize("case", ODD)
def test_an_incident_with_odd_fields_is_kept_and_its_replay_known(source, service, case):
    for one in (delivery(**ODD[case]), delivery(**ODD[case])):
        assert source.post(ADDRESS, one).status_code == 200
    event = ProbeEvent.objects.get()
    outage = Outage.objects.get()
    assert outage.started_at == STARTED_AT
    assert outage.counting.cause == "Status 503"
    assert len(str(event.payload)) < 300_000
    resolved = delivery("resolved", resolved_at=RESOLVED_AT, **ODD[case])
    assert source.post(ADDRESS, resolved).status_code == 200
    assert Outage.objects.get().ended_at == RESOLVED_AT
    assert ProbeEvent.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(delivery(cause="X")).replace('"X"', '"Status\x01 503"').encode(),
        json.dumps(delivery(name="X"), ensure_ascii=False).replace('"X"', '"é"').encode("latin-1"),
        json.dumps(delivery()).encode("utf-16"),
        json.dumps(delivery()).encode("utf-8-sig"),
    ],
)
def test_bytes_that_are_no_good_json_text_do_not_lose_an_incident(source, service, body):
    assert source.post(ADDRESS, body).status_code == 200
    assert Outage.objects.get().counting.cause == "Status 503"


@pytest.mark.parametrize(("size", "is_whole"), [(-1, True), (0, True), (1, False)])
def test_a_delivery_is_kept_whole_up_to_its_bound(service, size, is_whole):
    payload = delivery(response_content="")
    payload["data"]["attributes"]["response_content"] = "x" * (
        deliveries.WHOLE - len(json.dumps(payload)) + size
    )
    event = probes.receive(payload=payload, now=NOW)
    assert ("response_content" in event.payload["data"]["attributes"]) is is_whole
    assert deliveries.understood(event.payload) == deliveries.understood(payload)


def test_what_a_waiting_probe_says_of_itself_is_cut_and_clean(source, client):
    source.post(ADDRESS, delivery(name=f"DRIMbox\u202e {HUGE}", url={"x": 1}))
    [probe] = waiting_probes()
    assert probe.name.startswith("DRIMbox é")
    assert len(probe.name) == 200
    assert probe.url == ""


def test_only_the_key_of_a_source_is_let_in(source, ans, supplier, nobody):
    assert supplier.post(ADDRESS, delivery()).status_code == 403
    assert nobody.post(ADDRESS, delivery()).status_code == 401
    assert ans.post(ADDRESS, delivery()).status_code == 403
    assert not ProbeEvent.objects.exists()
    assert source.post(ADDRESS, delivery()).status_code == 200


def basic(text):
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


def test_the_key_may_be_the_password_of_http_basic(source, supplier, service):
    key = source.headers["Authorization"].removeprefix("Bearer ")
    other = supplier.headers["Authorization"].removeprefix("Bearer ")
    caller = Caller(source.client)
    for text, status in (
        (f"better-stack:{key}", 200),
        (f":{key}", 200),
        (f"better-stack:{key}x", 401),
        (f"{key}:", 401),
        ("nothing", 401),
        (f"better-stack:{other}", 403),
    ):
        caller.headers = basic(text)
        assert caller.post(ADDRESS, delivery()).status_code == status, text


@pytest.mark.usefixtures("service")
def test_better_stack_may_announce_its_json_otherwise(source):
    answer = source.post(ADDRESS, delivery(), content_type="application/vnd.api+json")
    assert answer.status_code == 200


@pytest.mark.usefixtures("service")
def test_the_key_of_a_source_opens_nothing_else(source):
    for path in ("outages", "services", "services/drimbox-chu/perf"):
        assert source.get(path).status_code == 403
    assert source.post("outages", {}).status_code == 403


def signed(secret, text, *, age=dt.timedelta()):
    sent_at = timezone.now() - age
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", sent_at, text),
    }


MINUTE = dt.timedelta(minutes=1)
TEXT = json.dumps(delivery())


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("age", "status"),
    [
        (0 * MINUTE, 200),
        (4.9 * MINUTE, 200),
        (5.1 * MINUTE, 401),
        (-4.9 * MINUTE, 200),
        (-5.1 * MINUTE, 401),
    ],
)
def test_a_signature_holds_for_five_minutes(source, age, status):
    secret = secret_of(ApiToken.objects.get(name="Better Stack").token_sha256)
    source.headers |= signed(secret, TEXT, age=age)
    assert source.post(ADDRESS, TEXT).status_code == status


@pytest.mark.usefixtures("service")
def test_a_wrong_signature_is_refused_even_where_none_is_asked(source):
    token = ApiToken.objects.get(name="Better Stack")
    secret, other = secret_of(token.token_sha256), secret_of("0" * 64)
    key = dict(source.headers)
    for headers in (
        signed(other, TEXT),
        signed(secret, TEXT + " "),
        {**signed(secret, TEXT), "webhook-id": "msg_2"},
        {**signed(secret, TEXT), "webhook-signature": "v1,é"},
        {**signed(secret, TEXT), "webhook-signature": "nothing"},
        {"webhook-id": "msg_1"},
    ):
        source.headers = key | headers
        answer = source.post(ADDRESS, TEXT)
        assert answer.status_code == 401
        assert "signature" in answer.json()["detail"]
    assert not ProbeEvent.objects.exists()


@pytest.mark.usefixtures("service")
def test_a_source_that_signs_is_refused_without_a_signature(source):
    ApiToken.objects.update(signs=True)
    secret = secret_of(ApiToken.objects.get(name="Better Stack").token_sha256)
    assert source.post(ADDRESS, TEXT).status_code == 401
    source.headers |= signed(secret, TEXT)
    assert source.post(ADDRESS, TEXT).status_code == 200


@pytest.mark.usefixtures("service")
def test_a_secret_outlasts_the_change_of_the_secret_key_of_the_site(source, settings):
    secret = secret_of(ApiToken.objects.get(name="Better Stack").token_sha256)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50
    source.headers |= signed(secret, TEXT)
    assert source.post(ADDRESS, TEXT).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert source.post(ADDRESS, TEXT).status_code == 401
