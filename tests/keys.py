"""Keys of the API, and the software that calls with them."""

import datetime as dt
import json

from django.utils import timezone

from accounts.services.api_tokens import api_token_create
from api.enums import Scope
from segur.lib import paris
from tests.by import acting

EVERYTHING = (Scope.READ, Scope.PERF, Scope.DEPOSITS)


def give_key(
    person, organisation=None, *, name="Supervision", scopes=(Scope.READ,), now=None, **more
):
    """The row and the clear key, held by this person for a year."""
    now = now or timezone.now()
    return api_token_create(
        organisation=organisation or person.memberships.get().organisation,
        name=name,
        scopes=scopes,
        ends_on=more.pop("ends_on", paris.day(now) + dt.timedelta(days=365)),
        by=acting(person, now),
        **more,
    )


class Caller:
    """Software with a key, or without any."""

    def __init__(self, client, key=""):
        self.client = client
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path, *, headers=None, **query):
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers | (headers or {}))

    def post(self, path, data, **more):
        return self._send("post", path, data, **more)

    def patch(self, path, data, **more):
        return self._send("patch", path, data, **more)

    def _send(self, method, path, data, *, headers=None, **more):
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        options = {"content_type": "application/json", **more}
        headers = self.headers | (headers or {})
        return getattr(self.client, method)(f"/api/v1/{path}", body, headers=headers, **options)

    def upload(self, path, data, headers=None):
        """A form with files."""
        headers = self.headers | (headers or {})
        return self.client.post(f"/api/v1/{path}", data, headers=headers)


def software_of(client, person, *scopes, **more):
    """Software whose key this person holds."""
    return Caller(client, give_key(person, scopes=scopes or EVERYTHING, **more)[1])
