"""The pages of health on real processes: each fault makes them turn, its end makes them well."""

import http.client
import json

import pytest

from tests.faults.site import Site
from tests.processes import wait_until

pytestmark = pytest.mark.distributed

PATIENCE = 90


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with Site(tmp_path_factory.mktemp("site")) as running:
        wait_until(lambda: status(running, "travail/") == 200, PATIENCE)
        yield running


def asked(site, page):
    link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        link.request("GET", f"/sante/{page}")
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    except OSError:
        return 0, {}
    finally:
        link.close()


def status(site, page):
    return asked(site, page)[0]


def silent_parts(site):
    return {part for part, words in asked(site, "pret/")[1].items() if words == "ne répond pas"}


def is_well(site):
    return [status(site, page) for page in ("", "pret/", "travail/")] == [200, 200, 200]


def test_redis_away(site):
    with site.without_redis():
        wait_until(lambda: silent_parts(site) == {"broker", "cache"}, PATIENCE)
        assert status(site, "") == 200
    wait_until(lambda: is_well(site), PATIENCE)


def test_postgresql_away(site):
    with site.without_postgres():
        wait_until(lambda: silent_parts(site) == {"base"}, PATIENCE)
        assert asked(site, "travail/") == (
            503,
            {"etat": "inconnu", "cause": "La base de données ne répond pas.", "mesures": {}},
        )
        assert status(site, "") == 200
    wait_until(lambda: is_well(site), PATIENCE)


def test_dead_processes(site):
    """Beat alone, then the workers too."""
    dead = {"beat", "work", "dispatch"}
    site.kill("beat")
    assert ill_once_aged(site, "name NOT LIKE 'worker:%'") == dead
    site.kill("work")
    site.kill("mail")
    assert ill_once_aged(site, "true") == {*dead, "workers", "dead_workers"}
    for name in ("work", "mail", "beat"):
        site.start(name)
    wait_until(lambda: is_well(site), PATIENCE)


def ill_once_aged(site, which):
    """The table is aged instead of waiting: nothing that is dead makes it young again."""
    site.psql(f"UPDATE operations_pulse SET at = at - interval '11 minutes' WHERE {which}")  # noqa: S608
    code, content = asked(site, "travail/")
    assert code == 503
    return {name for name, one in content["mesures"].items() if not one["bien"]}
