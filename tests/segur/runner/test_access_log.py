import datetime as dt
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from segur.runner.access_log import AccessLog, shown


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("/echeances/12/?page=2", "/echeances/12/"),
        ("/perf/simulateur/?pannes=15/01/2027+18%3A00", "/perf/simulateur/"),
        ("/calendriers/ris.ics", "/calendriers/ris.ics"),
        ("/calendriers/prive/abc.def.ics", "/calendriers/prive/…"),
        ("/invitation/abc-def/", "/invitation/…/"),
        ("/invitations/12/renvoyer/", "/invitations/12/renvoyer/"),
        ("/rappels/desabonnement/abc:def/", "/rappels/desabonnement/…/"),
        ("/compte/password/reset/key/1a-abc/", "/compte/password/reset/key/…/"),
        ("/compte/confirm-email/abc:def/", "/compte/confirm-email/…/"),
    ],
)
def test_the_path_without_what_opens_something(address, logged):
    assert shown(address) == logged


def test_a_line_of_the_log_has_neither_query_nor_referrer():
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/invitation/secret/?a=typed",
        "PATH_INFO": "/invitation/secret/",
        "QUERY_STRING": "a=typed",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": "https://site.example/invitation/secret/",
    }
    answer = SimpleNamespace(status="200 OK", sent=12, headers=[])
    log = AccessLog(Config())
    atoms = log.atoms(answer, SimpleNamespace(headers=[]), environ, dt.timedelta(seconds=1))
    assert "GET /invitation/…/ HTTP/1.1" in atoms.values()
    assert not [text for text in atoms.values() if "secret" in str(text) or "typed" in str(text)]
