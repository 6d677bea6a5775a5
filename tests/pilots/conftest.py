from itertools import count

import pytest

from tests.pilots import signing
from tests.pilots.reviewing import agent


@pytest.fixture(autouse=True)
def _signed_files_are_those_of_the_test_before(monkeypatch):
    monkeypatch.setattr(signing, "NUMBERS", count())


@pytest.fixture
def me(client):
    """An agent of the ANS, logged in."""
    user = agent(full_name="Agente Connectée")
    client.force_login(user)
    return user
