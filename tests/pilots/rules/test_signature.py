"""What is read of a PDF that people sign, alter, or make to hurt."""

import datetime as dt

import pytest
from pyhanko.keys import load_certs_from_pemder_data

from pilots.rules.signature import Integrity, Refusal, read
from tests.pilots import signing

NOW = dt.datetime.now(tz=dt.UTC)


def roots(**traits):
    return list(load_certs_from_pemder_data(signing.pem(**traits)))


def states(content, *, trusted=True, **traits):
    reading = read(content, roots=roots(**traits) if trusted else [], now=NOW)
    assert reading.refusal is None
    return [one.integrity for one in reading.signatures]


@pytest.mark.parametrize(
    ("content", "trusted", "expected"),
    [
        (signing.unsigned, True, []),
        (signing.signed, True, [Integrity.VALID]),
        (signing.signed, False, [Integrity.UNTRUSTED]),
        (lambda: signing.altered(signing.signed()), True, [Integrity.BROKEN]),
        (lambda: signing.altered(signing.signed()), False, [Integrity.BROKEN]),
        (lambda: signing.updated(signing.signed()), True, [Integrity.BROKEN]),
    ],
    ids=["none", "valid", "untrusted", "altered", "altered, untrusted", "updated after signing"],
)
def test_state_of_a_signature(content, trusted, expected):
    assert states(content(), trusted=trusted) == expected


def test_a_countersignature_alters_nothing():
    twice = signing.signed(signing.signed(), name="Dominique Fictif", field="Fournisseur")
    assert states(twice) == [Integrity.VALID, Integrity.UNTRUSTED]


def test_an_expired_certificate_is_not_trusted():
    assert states(signing.signed(expired=True), expired=True) == [Integrity.UNTRUSTED]


def test_who_signed_and_when():
    [one] = read(signing.signed(), roots=roots(), now=NOW).signatures
    assert (one.name, one.issuer) == (signing.SIGNATORY, signing.SIGNATORY)
    assert abs(dt.datetime.fromisoformat(one.at) - NOW) < dt.timedelta(minutes=10)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (signing.encrypted, Refusal.ENCRYPTED),
        (signing.with_script, Refusal.ACTIVE),
        (signing.with_program, Refusal.ACTIVE),
        (lambda: signing.signed(signing.with_script()), Refusal.ACTIVE),
        (signing.with_file_inside, Refusal.EMBEDDED),
        (signing.truncated, Refusal.BROKEN),
        (signing.looping, Refusal.BROKEN),
        (signing.nested, Refusal.BROKEN),
        (lambda: b"", Refusal.BROKEN),
        (lambda: b"%PDF-1.7\n", Refusal.BROKEN),
        (lambda: b"PK\x03\x04", Refusal.BROKEN),
    ],
    ids=[
        "encrypted",
        "script",
        "program",
        "script, signed",
        "file inside",
        "truncated",
        "loop of tables",
        "nested",
        "empty",
        "header alone",
        "not a PDF",
    ],
)
def test_a_file_that_is_not_to_be_kept(content, refusal):
    assert read(content(), roots=[], now=NOW).refusal is refusal
