"""What is believed of a signed token, at each bound. `tests/accounts/oidc` tries it over HTTP."""

import datetime as dt

import jwt
import pytest

from accounts.rules.id_tokens import (
    TokenError,
    TokenRefusal,
    check_id_token,
    check_same_subject,
    has_verified_address,
)
from tests.accounts.oidc.hostile import FIRST

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
ISSUER, CLIENT = "https://id.exemple.example", "segur"
HONEST = {"iss": ISSUER, "aud": CLIENT, "sub": "sujet", "exp": 300, "iat": 0, "nonce": "n"}
"""Times are seconds from NOW."""


def check(changes=None, *, headers=None, keys=(FIRST[1],)):
    claims = {**HONEST, **(changes or {})}
    for name in ("exp", "iat", "nbf"):
        if type(claims.get(name)) is int:
            claims[name] += int(NOW.timestamp())
    kept = {name: value for name, value in claims.items() if value is not None}
    token = jwt.encode(kept, FIRST[0], algorithm="RS256", headers=headers or {"kid": "first"})
    return check_id_token(
        token, {"keys": list(keys)}, issuer=ISSUER, client_id=CLIENT, nonce="n", now=NOW
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"exp": -60, "iat": -400},
        {"iat": 60},
        {"nbf": 60},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "autre"], "azp": CLIENT},
        {"azp": CLIENT},
        {"sub": "s" * 191},
    ],
    ids=str,
)
def test_believed(changes):
    assert check(changes)["iss"] == ISSUER


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"exp": -61, "iat": -400}, TokenRefusal.EXPIRED),
        ({"iat": 61}, TokenRefusal.CLOCK),
        ({"nbf": 61}, TokenRefusal.CLOCK),
        ({"exp": True}, TokenRefusal.ANSWER),
        ({"iat": None}, TokenRefusal.EXPIRED),
        ({"aud": "autre"}, TokenRefusal.AUDIENCE),
        ({"azp": "autre"}, TokenRefusal.AUDIENCE),
        ({"iss": f"{ISSUER}/"}, TokenRefusal.ISSUER),
        ({"nonce": 5}, TokenRefusal.NONCE),
        ({"sub": "s" * 192}, TokenRefusal.SUBJECT),
        ({"sub": 12}, TokenRefusal.SUBJECT),
    ],
    ids=str,
)
def test_refused(changes, refusal):
    with pytest.raises(TokenError) as raised:
        check(changes)
    assert raised.value.refusal == refusal


@pytest.mark.parametrize("token", [None, 5, "", "a.b", "é.é.é"])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(TokenError) as raised:
        check_id_token(token, {}, issuer=ISSUER, client_id=CLIENT, nonce="n", now=NOW)
    assert raised.value.refusal == TokenRefusal.ANSWER


@pytest.mark.parametrize("keys", [None, [], {}, {"keys": None}, {"keys": ["x"]}])
def test_what_is_no_set_of_keys_is_refused(keys):
    token = jwt.encode({"sub": "s"}, FIRST[0], algorithm="RS256")
    with pytest.raises(TokenError) as raised:
        check_id_token(token, keys, issuer=ISSUER, client_id=CLIENT, nonce="n", now=NOW)
    assert raised.value.refusal == TokenRefusal.KEY


def test_a_token_that_names_no_key_is_checked_with_the_only_one():
    assert check(headers={"typ": "JWT"})
    with pytest.raises(TokenError):
        check(headers={"typ": "JWT"}, keys=(FIRST[1], {**FIRST[1], "kid": "other"}))


def test_a_key_for_encryption_is_no_key():
    with pytest.raises(TokenError):
        check(keys=({**FIRST[1], "use": "enc"},))


@pytest.mark.parametrize(
    ("claims", "vouches", "is_verified"),
    [
        ({"email": "a@exemple.example", "email_verified": True}, False, True),
        ({"email": "a@exemple.example"}, True, True),
        ({"email": "a@exemple.example"}, False, False),
        ({"email": "a@exemple.example", "email_verified": False}, True, False),
        ({"email": "a@exemple.example", "email_verified": 1}, True, False),
        ({"email": ["a@exemple.example"], "email_verified": True}, True, False),
        ({"email_verified": True}, True, False),
    ],
)
def test_an_address_counts_when_the_provider_says_so(claims, vouches, is_verified):
    assert has_verified_address(claims, vouches=vouches) is is_verified


def test_two_answers_about_two_people_are_refused():
    check_same_subject({"sub": "a"}, {"sub": "a"})
    with pytest.raises(TokenError):
        check_same_subject({"sub": "a"}, {"sub": "A"})
