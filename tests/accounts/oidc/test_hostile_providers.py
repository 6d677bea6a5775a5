"""What a provider says is believed only when every check holds; each refusal is a page and a log
line, and leaves nothing behind.
"""

import time

import pytest
from allauth.socialaccount.models import SocialAccount

from accounts.models import User
from tests.accounts.oidc.hostile import CLIENT_ID, FIRST, SECOND
from tests.pages import text

pytestmark = pytest.mark.django_db
PUBLIC_BYTES = FIRST[1]["n"].encode()


def now(seconds):
    return int(time.time()) + seconds


CASES = {
    "another issuer in the token": (
        "issuer",
        {"claims": {"iss": "https://autre.example"}},
    ),
    "another issuer in the discovery": (
        "issuer",
        {"config": {"issuer": "https://autre.example"}},
    ),
    "another audience": ("audience", {"claims": {"aud": "autre-client"}}),
    "several audiences, presented by another": (
        "audience",
        {"claims": {"aud": [CLIENT_ID, "autre"], "azp": "autre"}},
    ),
    "several audiences, presenter unknown": (
        "audience",
        {"claims": {"aud": [CLIENT_ID, "autre"]}},
    ),
    "no audience": ("audience", {"claims": {"aud": None}}),
    "another nonce": ("nonce", {"claims": {"nonce": "x" * 64}}),
    "no nonce": ("nonce", {"claims": {"nonce": None}}),
    "expired by more than the leeway": ("expired", {"claims": {"exp": now(-65)}}),
    "no expiry": ("expired", {"claims": {"exp": None}}),
    "issued in the future": ("clock", {"claims": {"iat": now(3600), "exp": now(7200)}}),
    "not valid yet": ("clock", {"claims": {"nbf": now(3600)}}),
    "expiry that is no number": ("answer", {"claims": {"exp": "demain"}}),
    "algorithm none": ("algorithm", {"algorithm": "none"}),
    "HS256 with the public key": (
        "algorithm",
        {"algorithm": "HS256", "key": PUBLIC_BYTES},
    ),
    "signed by another key of the same name": ("signature", {"key": SECOND[0]}),
    "signed by a key that is not in the JWKS": (
        "key",
        {"key": SECOND[0], "kid": "second"},
    ),
    "signed by the key from before a rotation": ("key", {"keys": [SECOND[1]]}),
    "two keys of one name": ("key", {"keys": [FIRST[1], FIRST[1]]}),
    "a key of another algorithm": (
        "key",
        {"keys": [{**FIRST[1], "alg": "ES256"}]},
    ),
    "a broken key": ("key", {"keys": [{**FIRST[1], "n": "é"}]}),
    "JWKS that is no JSON": ("answer", {"keys_answer": b"<html>"}),
    "JWKS that is a list": ("answer", {"keys_answer": b"[1]"}),
    "no subject": ("subject", {"claims": {"sub": None}}),
    "empty subject": ("subject", {"claims": {"sub": ""}}),
    "subject of 192 characters": ("subject", {"claims": {"sub": "s" * 192}}),
    "userinfo about somebody else": ("subject", {"userinfo": {"sub": "sujet-2"}}),
    "userinfo about nobody": ("subject", {"userinfo": {"sub": None}}),
    "address not verified": ("address", {"userinfo": {"email_verified": False}}),
    "address verified in words": ("address", {"userinfo": {"email_verified": "true"}}),
    "address that says nothing of its check": (
        "address",
        {"userinfo": {"email_verified": None}},
    ),
    "no address": ("address", {"userinfo": {"email": None}}),
    "an address that is none": ("address", {"userinfo": {"email": "personne"}}),
    "signed userinfo, by another key": (
        "signature",
        {"sign_userinfo": True, "userinfo_key": SECOND[0]},
    ),
    "signed userinfo, for another site": (
        "audience",
        {"sign_userinfo": True, "userinfo": {"aud": "autre-client"}},
    ),
    "token answer without a type": ("answer", {"token_answer": ("", b"x")}),
    "token answer without an ID token": (
        "answer",
        {"token_answer": ("application/json", b'{"access_token": "a"}')},
    ),
    "token answer with a number for a token": (
        "answer",
        {"token_answer": ("application/json", b'{"access_token": 5}')},
    ),
    "an endpoint in clear text": (
        "answer",
        {"config": {"userinfo_endpoint": "http://ailleurs.example/userinfo"}},
    ),
    "keys that are elsewhere": ("answer", {"redirects": "/jwks"}),
    "userinfo that is elsewhere": ("answer", {"redirects": "/userinfo"}),
    "a token that is elsewhere": ("answer", {"redirects": "/token"}),
    "no endpoint": ("answer", {"config": {"jwks_uri": None}}),
}


@pytest.mark.parametrize(("refusal", "lie"), CASES.values(), ids=CASES)
def test_a_lie_is_refused_with_a_page_and_a_log_line(come_back, provider, caplog, refusal, lie):
    for name, value in lie.items():
        setattr(provider, name, value)
    answer = come_back()
    assert answer.status_code == 403
    assert f"motif « {refusal} »" in text(answer)
    assert f"login by exemple refused: {refusal}" in caplog.text
    assert answer.wsgi_request.user.is_anonymous
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()
