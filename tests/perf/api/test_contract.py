"""The API keeps to its OpenAPI document, whatever it is sent: schemathesis makes it up."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api import keys
from segur.wsgi import application
from tests.factories import ServiceFactory
from tests.perf.api.conftest import key_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_one_connection")]

document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def _one_connection():
    """As Django's own test client does: a request made in the test's transaction keeps it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def authorization(calendars, monkeypatch):
    """The key of the Fournisseur, known by two services; no bound on its calls."""
    monkeypatch.setattr(keys, "PER_MINUTE", 1_000_000)
    service = ServiceFactory(code="a", probe_id="0")
    ServiceFactory(code="0", prestation__supplier=service.prestation.supplier)
    return {"Authorization": f"Bearer {key_of(service.prestation.organisation)}"}


@document.parametrize()
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_tells(case, authorization):
    """But that a well-formed outage of tomorrow, or of an unknown service, is rightly refused."""
    case.call_and_validate(headers=authorization, excluded_checks=[positive_data_acceptance])
