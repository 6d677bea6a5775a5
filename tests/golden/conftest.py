"""The demonstration at one instant, seen by each of its people."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from tests.golden.people import PEOPLE, People
from tests.golden.store import Golden

NOW = dt.datetime(2027, 1, 12, 9, 30, tzinfo=dt.UTC)
"""A Tuesday, 10h30 in Paris: every order of the demonstration is signed, and jalons are behind."""


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.demonstration_at(NOW))


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(demo, _refusals_without_their_page):
    """Each with a browser where it is logged in, the anonymous one first."""
    browsers = {role: Client() for role in PEOPLE}
    users = {
        role: get_user_model().objects.get(email=email) for role, email in PEOPLE.items() if email
    }
    for role, user in users.items():
        browsers[role].force_login(user)
    return People(browsers, users)


@pytest.fixture(
    params=[False, pytest.param(True, marks=pytest.mark.long)],
    ids=["one of those who read the same", "everybody"],
)
def everybody(request):
    """Is each role asked, or one of those that the golden texts show together?"""
    return request.param or request.config.getoption("--update-golden")


@pytest.fixture
def golden(request):
    """`golden("texts/echeances")`: the files of this folder. When the test ends, each has been
    compared; with `whole=False`, those of other tests may stand beside.
    """
    opened = []

    def folder(name, *, whole=True):
        opened.append(Golden(name, whole=whole, update=request.config.getoption("--update-golden")))
        return opened[-1]

    yield folder
    for one in opened:
        one.close()
