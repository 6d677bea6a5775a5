import pytest

from tests.pilots.reviewing import agent


@pytest.fixture
def me(client):
    """An agent of the ANS, logged in."""
    user = agent(full_name="Agente Connectée")
    client.force_login(user)
    return user
