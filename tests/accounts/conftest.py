import datetime as dt

import pytest
from django.test import Client

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def log_in():
    """A browser in which this person is logged in."""

    def browser(user):
        client = Client()
        client.force_login(user)
        return client

    return browser
