"""What is read of a PDF that people sign, prepare, alter, or make to hurt."""

import datetime as dt

import pytest

from documents.reading.traps import Trap
from pilots.pv.reading.signature import MAX_SIGNATURES, Integrity, read
from tests.calendar_app import papers
from tests.pilots import signing

NOW = dt.datetime.now(tz=dt.UTC)
NEXT_YEAR = NOW + dt.timedelta(days=365)
OTHER = "Dominique Fictif"


@pytest.fixture
def trusted(tmp_path):
    """Trusts the certificate of these traits; returns the files of all that are."""

    def trust(name=signing.SIGNATORY, **traits):
        place = tmp_path / f"{name}.pem"
        place.write_bytes(signing.pem(name, **traits))
        return sorted(tmp_path.iterdir())

    return trust


def states(content, roots=(), now=NOW):
    reading = read(content, roots=roots, now=now)
    assert reading.trap is None
    return [one.integrity for one in reading.signatures]


@pytest.mark.parametrize(
    ("content", "is_trusted", "expected"),
    [
        (signing.unsigned, True, []),
        (signing.signed, True, [Integrity.VALID]),
        (signing.signed, False, [Integrity.UNTRUSTED]),
        (lambda: signing.altered(signing.signed()), True, [Integrity.BROKEN]),
        (lambda: signing.altered(signing.signed()), False, [Integrity.BROKEN]),
        (lambda: signing.updated(signing.signed()), True, [Integrity.BROKEN]),
        (lambda: signing.with_file_inside("facture.xml", b"<x/>"), True, []),
        (
            lambda: signing.signed(signing.with_file_inside("facture.xml", b"<x/>")),
            True,
            [Integrity.VALID],
        ),
    ],
    ids=[
        "none",
        "valid",
        "untrusted",
        "altered",
        "altered, untrusted",
        "updated after signing",
        "with an attachment",
        "with an attachment, signed",
    ],
)
def test_state_of_a_signature(trusted, content, is_trusted, expected):
    assert states(content(), trusted() if is_trusted else ()) == expected


def test_a_countersignature_alters_nothing(trusted):
    twice = signing.signed(signing.signed(), name=OTHER, field="Fournisseur")
    assert states(twice, trusted()) == [Integrity.VALID, Integrity.UNTRUSTED]


def test_an_expired_certificate_is_not_trusted(trusted):
    assert states(signing.signed(expired=True), trusted(expired=True)) == [Integrity.UNTRUSTED]


KINDS = ["adbe.x509.rsa_sha1", "adbe.pkcs7.sha1", "Editeur.Prive", "adbe.pkcs7.detached"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_cannot_be_verified_is_counted(kind):
    [one] = read(signing.of_kind(kind), roots=(), now=NOW).signatures
    assert (one.integrity, one.name, one.at) == (Integrity.UNKNOWN, OTHER, "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_cannot_be_verified_is_counted_beside_a_known_one(trusted, kind):
    found = states(signing.of_kind(kind, signing.signed()), trusted())
    assert found == [Integrity.VALID, Integrity.UNKNOWN]


@pytest.mark.parametrize(
    "content",
    [
        signing.signed().replace(b"ETSI.CAdES.detached", b"adbe.x509.rsa_sha1 ", 1),
        b"HTTP/1.1 200 OK\r\n\r\n" + signing.signed(),
    ],
    ids=["another kind by its name", "bytes before the file"],
)
def test_a_real_signature_that_is_not_read_is_never_none(trusted, content):
    assert states(content, trusted()) == [Integrity.UNKNOWN]


def test_zeros_are_a_signature_prepared_and_never_put(trusted):
    assert states(signing.prepared()) == [Integrity.PREPARED]


def test_a_signature_outside_the_fields_of_the_document_is_counted():
    content = papers.document(
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/V<</Type/Sig/SubFilter/a/Contents<01>>>>>",
        root=b"/Notes[4 0 R]",
    )
    assert states(content) == [Integrity.UNKNOWN]


@pytest.mark.parametrize(
    ("number", "trap"), [(MAX_SIGNATURES, None), (MAX_SIGNATURES + 1, Trap.HUGE)]
)
def test_no_more_signatures_than_the_bound(number, trap):
    field = b"<</FT/Sig/T(x)/V<</SubFilter/a/Contents<01>>>>>"
    content = papers.document(b"[" + field * number + b"]", root=b"/Notes 4 0 R")
    reading = read(content, roots=(), now=NOW)
    assert reading.trap is trap
    assert len(reading.signatures) == (0 if trap else number)


def test_who_signed_and_when(trusted):
    [one] = read(signing.signed(), roots=trusted(), now=NOW).signatures
    assert (one.name, one.issuer) == (signing.SIGNATORY, signing.SIGNATORY)
    assert abs(dt.datetime.fromisoformat(one.at) - NOW) < dt.timedelta(minutes=10)


STAMPS = {
    "in the signature": lambda: signing.signed(hour=True, stamper=signing.time_stamper()),
    "of the document": lambda: signing.stamped(signing.signed(hour=True)),
}


@pytest.mark.parametrize("now", [NOW, NEXT_YEAR], ids=["now", "next year"])
@pytest.mark.parametrize("content", STAMPS.values(), ids=STAMPS)
def test_a_certificate_of_one_hour_is_judged_at_a_trusted_time_stamp(trusted, content, now):
    trusted(hour=True)
    roots = trusted(signing.AUTHORITY, time_stamping=True)
    [one] = read(content(), roots=roots, now=now).signatures
    assert one.integrity is Integrity.VALID
    assert dt.datetime.fromisoformat(one.at).date() == signing.HOUR.date()


@pytest.mark.parametrize("content", STAMPS.values(), ids=STAMPS)
def test_a_time_stamp_of_an_unknown_authority_proves_nothing(trusted, content):
    assert states(content(), trusted(hour=True)) == [Integrity.UNTRUSTED]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-1, Integrity.UNTRUSTED),
        (0, Integrity.VALID),
        (60, Integrity.VALID),
        (61, Integrity.UNTRUSTED),
    ],
)
def test_a_time_stamp_outside_the_hour_does_not_help(trusted, minutes, expected):
    trusted(hour=True)
    roots = trusted(signing.AUTHORITY, time_stamping=True)
    stamper = signing.time_stamper(signing.HOUR + dt.timedelta(minutes=minutes))
    assert states(signing.signed(hour=True, stamper=stamper), roots) == [expected]


def test_a_document_altered_after_its_time_stamp_is_altered(trusted):
    trusted(hour=True)
    roots = trusted(signing.AUTHORITY, time_stamping=True)
    content = signing.altered(signing.stamped(signing.signed(hour=True)))
    assert states(content, roots) == [Integrity.BROKEN]


@pytest.mark.parametrize(
    ("content", "trap", "path"),
    [
        (signing.encrypted, Trap.ENCRYPTED, ()),
        (signing.with_script, Trap.ACTIVE, ()),
        (lambda: signing.signed(signing.with_script()), Trap.ACTIVE, ()),
        (signing.with_file_inside, Trap.PROGRAM, ("outil.exe",)),
        (signing.truncated, Trap.CUT, ()),
        (lambda: b"%PDF-1.7\n", Trap.BROKEN, ()),
    ],
    ids=["encrypted", "script", "script, signed", "program inside", "truncated", "header alone"],
)
def test_a_file_that_is_not_to_be_kept(content, trap, path):
    reading = read(content(), roots=(), now=NOW)
    assert (reading.trap, reading.path) == (trap, path)
