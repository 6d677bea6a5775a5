"""No log of the site shows the key of an address that opens something."""

import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver
from gunicorn.config import Config

from segur.logs import logging_config
from segur.runner.access_log import AccessLog
from segur.secret_addresses import PREFIXES, hide

KEY = "MTIzNA:1vX-s3cr.et_KEY"
KEY_NAMES = {"token", "key", "uidb36"}
NOT_SECRET = {"parametres/"}
"""The key of a regulatory parameter is its public name."""


def patterns(resolver, before=""):
    for one in resolver.url_patterns:
        route = before + str(one.pattern).replace("^", "")
        if isinstance(one, URLPattern):
            yield route, set(one.pattern.converters) | set(one.pattern.regex.groupindex)
        else:
            yield from patterns(one, route)


def keyed_prefixes():
    """What stands before the key in each address of the site that takes one."""
    found = {
        re.split(r"<|\(\?P", route)[0]
        for route, names in patterns(get_resolver())
        if names & KEY_NAMES
    }
    return found - NOT_SECRET


def test_every_address_that_takes_a_key_is_known():
    assert keyed_prefixes() == set(PREFIXES)


def test_the_proxy_hides_the_same_addresses():
    conf = (Path(settings.BASE_DIR) / "deploy" / "nginx.conf").read_text()
    (group,) = re.findall(r"\?<opened_by>([^)]*)\)", conf)
    assert {part.removeprefix("/") for part in group.split("|")} == set(PREFIXES)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"/invitation/{KEY}/", "/invitation/…/"),
        (f"/calendriers/prive/{KEY}.ics", "/calendriers/prive/…"),
        (f"https://a.example/invitation/{KEY}/?a=1", "https://a.example/invitation/…/?a=1"),
        (f"?next=%2Finvitation%2F{KEY}%2F", "?next=%2Finvitation%2F…%2F"),
        (f"'path': 'invitation/{KEY}/'", "'path': 'invitation/…/'"),
        (f'GET "/compte/password/reset/key/1a-{KEY}/"', 'GET "/compte/password/reset/key/…/"'),
        ("/invitation/abc%3Adef/", "/invitation/…/"),
        ("/invitations/12/renvoyer/", "/invitations/12/renvoyer/"),
        ("/calendriers/ris.ics", "/calendriers/ris.ics"),
        ("/compte/password/reset/", "/compte/password/reset/"),
    ],
)
def test_the_key_is_left_out_and_the_rest_stays(line, shown):
    assert hide(line) == shown


def fails(address):
    raise ValueError(f"no route for {address}")


def writes(handler):
    """Neither a handler of pytest, nor one that libraries put there to write nothing."""
    silent = isinstance(handler, logging.NullHandler)
    return not silent and not type(handler).__module__.startswith("_pytest")


def written_by(logger, address):
    """What each handler that this logger reaches would write of a request that failed there."""
    with pytest.raises(ValueError, match="no route") as caught:
        fails(address)
    record = logger.makeRecord(
        *(logger.name, logging.ERROR, "views.py", 1, "Forbidden (%s): %s"),
        *(("no token", address), caught._excinfo),
    )
    handlers = []
    while logger:
        handlers += logger.handlers
        logger = logger.parent if logger.propagate else None
    return [one.format(record) for one in handlers if writes(one)]


@pytest.fixture(params=[True, False], ids=["json", "plain"])
def loggers(request):
    """Every logger of the process, gunicorn's included, once our configuration is applied."""
    root = logging.getLogger()
    before = root.handlers[:]
    logging_config(json=request.param, level="INFO")
    config = Config()
    config.set("accesslog", "-")
    gunicorn = AccessLog(config)
    names = [
        name for name, one in root.manager.loggerDict.items() if isinstance(one, logging.Logger)
    ]
    yield [root, *map(logging.getLogger, names)]
    for one in (gunicorn.error_log, gunicorn.access_log):
        one.handlers.clear()
    logging_config(json=settings.PRODUCTION, level="INFO")
    root.handlers[:] = before


@pytest.mark.parametrize("prefix", PREFIXES)
def test_no_logger_writes_the_key_of_an_address(loggers, prefix):
    lines = [line for one in loggers for line in written_by(one, f"/{prefix}{KEY}/")]
    assert len(lines) >= len(loggers)
    assert not [line for line in lines if KEY in line]
    assert all(f"{prefix}…" in line for line in lines)


def test_what_structlog_is_given_is_hidden_too(loggers):
    event = {"event": "refused", "path": f"/invitation/{KEY}/"}
    record = logging.LogRecord("any", logging.WARNING, "", 1, event, None, None)
    record._logger, record._name = logging.getLogger("any"), "warning"
    lines = [one.format(record) for one in logging.getLogger().handlers if writes(one)]
    assert lines
    assert all("invitation/…" in line and KEY not in line for line in lines)
