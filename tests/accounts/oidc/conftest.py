from http import HTTPStatus
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.urls import reverse

from tests.accounts.oidc.hostile import CLIENT_ID, SECRET, Hostile, serve


def configured(issuer, name="exemple", **options):
    """As `segur.identity_providers` reads it from the environment."""
    settings = {
        "server_url": issuer,
        "scope": ["openid", "email", "profile"],
        "signed_userinfo": False,
        "vouches_for_addresses": False,
        "gives_auth_time": True,
        "origins": [issuer],
        **options,
    }
    return {
        "provider_id": name,
        "name": "Exemple Connect",
        "client_id": CLIENT_ID,
        "secret": SECRET,
        "settings": settings,
    }


@pytest.fixture
def provider(settings):
    """Honest until the test changes it."""
    hostile = Hostile()
    server = serve(hostile)
    settings.OIDC_APPS = [configured(hostile.issuer)]
    yield hostile
    server.shutdown()
    server.server_close()


@pytest.fixture
def come_back(client, provider):
    """Press the button of the login page, let the provider answer, and come back from it."""

    def _come_back(process="login", **changed):
        begin = reverse("openid_connect_login", args=["exemple"])
        wanted = {"process": process, "next": changed.pop("next", "")}
        asked = client.post(f"{begin}?{urlencode(wanted)}")
        if asked.status_code != HTTPStatus.FOUND:
            return asked
        sent = {name: values[0] for name, values in parse_qs(urlsplit(asked.url).query).items()}
        provider.nonce = sent["nonce"]
        back = {"code": "code-1", "state": sent["state"], **changed}
        return client.get(
            reverse("openid_connect_callback", args=["exemple"]),
            {name: value for name, value in back.items() if value is not None},
        )

    return _come_back
