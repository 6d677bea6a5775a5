"""What probes and Prometheus read, each fault included."""

import math
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.factories import member
from tests.operations.signs import alive

PARTS = ["base", "broker", "cache", "preuves"]


def test_alive_reads_neither_session_nor_database(client, db, django_assert_num_queries):
    client.force_login(member())
    with django_assert_num_queries(0):
        answer = client.get("/sante/", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"etat": "vivant"})
    assert not answer.cookies
    assert "no-cache" in answer["Cache-Control"]


def test_alive_answers_without_any_database(client):
    """No `db` fixture: pytest-django refuses every query."""
    assert client.get("/sante/").status_code == 200


@pytest.mark.parametrize("page", ["", "pret/", "travail/"])
def test_they_only_answer_to_reading(client, db, page):
    assert client.post(f"/sante/{page}").status_code == 405


def test_an_unknown_page_of_health_is_a_page_not_found(client, db):
    assert client.get("/sante/rien/").status_code == 404


def test_ready_names_each_part(client, db):
    answer = client.get("/sante/pret/")
    assert answer.status_code == 200
    assert answer.json() == {"etat": "prêt", **dict.fromkeys(PARTS, "répond")}


@contextmanager
def _no_database(_settings, _path):
    with patch.object(connection, "cursor", side_effect=OperationalError("the server is away")):
        yield


@contextmanager
def _no_broker(settings, path):
    (path / "file").write_text("")
    settings.REDIS_URL, settings.BROKER_DIR = "", path / "file"
    yield


@contextmanager
def _no_cache(_settings, _path):
    with patch.object(cache, "set", side_effect=ConnectionError("refused")):
        yield


@contextmanager
def _no_folder(settings, path):
    (path / "file").write_text("")
    settings.MEDIA_ROOT = path / "file"
    yield


@contextmanager
def _full_disk(settings, _path):
    settings.HEALTH_FREE_BYTES = 2**60
    yield


@pytest.mark.parametrize(
    ("fault", "parts"),
    [
        (_no_database, {"base"}),
        (_no_broker, {"broker"}),
        (_no_cache, {"cache"}),
        (_no_folder, {"preuves"}),
        (_full_disk, {"preuves"}),
    ],
)
@pytest.mark.django_db
def test_ready_turns_with_each_fault(client, settings, tmp_path, fault, parts):
    with fault(settings, tmp_path):
        answer = client.get("/sante/pret/")
    assert answer.status_code == 503
    content = answer.json()
    assert content["etat"] == "pas prêt"
    silent = {part for part in PARTS if content[part] == "ne répond pas"}
    assert parts <= silent <= parts | {"cache"}  # the cache may be a table of the database


@pytest.mark.distributed
def test_ready_turns_when_redis_is_away(client, transactional_db, monkeypatch):
    nobody = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(current_app.conf, "broker_write_url", nobody)
    assert client.get("/sante/pret/").json()["broker"] == "ne répond pas"


def test_work_is_well_on_a_site_at_work(client, db):
    alive(timezone.now())
    answer = client.get("/sante/travail/")
    assert answer.status_code == 200
    measures = answer.json()["mesures"]
    assert measures["beat"] == {
        "libelle": "Dernier battement de l'horloge",
        "valeur": 0,
        "seuil": 300,
        "unite": "s",
        "bien": True,
    }
    assert all(measure["bien"] for measure in measures.values())


def test_work_turns_with_a_dead_beat(client, db):
    alive(timezone.now(), beat=400)
    answer = client.get("/sante/travail/")
    assert (answer.status_code, answer.json()["etat"]) == (503, "en défaut")
    assert [n for n, m in answer.json()["mesures"].items() if not m["bien"]] == ["beat"]


def test_work_is_unknown_without_database(client, db):
    with _no_database(None, None):
        answer = client.get("/sante/travail/")
    assert (answer.status_code, answer.json()["etat"]) == (503, "inconnu")


def test_no_health_page_names_anybody(client, db):
    user = member()
    alive(timezone.now())
    text = "".join(client.get(f"/sante/{page}").content.decode() for page in ("pret/", "travail/"))
    assert user.email not in text
    assert "celery@" not in text


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [
        ("", "", 404),
        ("", "Bearer ", 404),
        ("abc", "", 401),
        ("abc", "Bearer abd", 401),
        ("abc", "Basic abc", 401),
        ("abc", "Bearer é", 401),
        ("abc", "Bearer abc", 200),
    ],
)
@pytest.mark.django_db
def test_metrics_need_their_token(client, settings, token, sent, status):
    settings.METRICS_TOKEN = token
    answer = client.get("/sante/metriques/", headers={"authorization": sent})
    assert answer.status_code == status


def scraped(client, settings):
    settings.METRICS_TOKEN = "abc"
    answer = client.get("/sante/metriques/", headers={"authorization": "Bearer abc"})
    return {
        (family.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_prometheus_reads_the_same_figures(client, db, settings):
    alive(timezone.now(), dispatch=700)
    found = scraped(client, settings)
    assert {part: found["segur_ready", part] for part in PARTS} == dict.fromkeys(PARTS, 1)
    assert found["segur_work", "dispatch"] == pytest.approx(700, abs=5)
    assert found["segur_work_limit", "dispatch"] == 600
    assert found["segur_work_well", "dispatch"] == 0
    assert found["segur_work_well", "beat"] == 1
    assert found["segur_info", settings.APP_VERSION] == 1


def test_prometheus_reads_what_never_happened_as_no_number(client, db, settings):
    assert math.isnan(scraped(client, settings)["segur_work", "beat"])


def test_prometheus_still_reads_without_database(client, db, settings):
    with _no_database(None, None):
        found = scraped(client, settings)
    assert found["segur_ready", "base"] == 0
    assert not [name for name in found if name[0] == "segur_work"]
