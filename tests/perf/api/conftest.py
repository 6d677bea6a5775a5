import json

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.services.api_tokens import api_token_create
from tests.by import acting
from tests.factories import ServiceFactory, member


def key_of(organisation, name="Supervision"):
    """A clear key of this organisation."""
    person = member(organisation=organisation)
    return api_token_create(
        organisation=organisation, name=name, by=acting(person, timezone.now())
    )[1]


class Caller:
    """Software with a key, or without any."""

    def __init__(self, client, key=""):
        self.client = client
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path, data, **more):
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        options = {"content_type": "application/json", "headers": self.headers, **more}
        return self.client.post(f"/api/v1/{path}", body, **options)


@pytest.fixture
def service(calendars):
    return ServiceFactory(code="drimbox-chu", probe_id="2417835")


@pytest.fixture
def supplier(client, service):
    """The software of the Fournisseur of the service."""
    return Caller(client, key_of(service.prestation.organisation))


@pytest.fixture
def ans(client, calendars):
    agency = member(Role.RESPONSABLE).memberships.get().organisation
    return Caller(client, key_of(agency))


@pytest.fixture
def nobody(client, calendars):
    return Caller(client)
