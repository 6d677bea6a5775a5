"""Signed PDFs, made in memory: certificates of our own, and what people may do to a file."""

import datetime as dt
import io
import re
from functools import lru_cache
from itertools import count
from typing import Any

from asn1crypto import keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

SIGNATORY = "Camille Fictive"
NAME = generic.pdf_name


def unsigned(text="PV d'installation pilote"):
    """A page with a line of text, whose stream can be altered afterwards."""
    writer = PdfFileWriter(stream_xrefs=False)
    drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    stream = writer.add_object(generic.StreamObject(stream_data=drawn))
    page = PageObject(
        contents=stream, media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    )
    writer.insert_page(page)
    return written(writer)


def written(writer):
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


HOUR = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
"""When the certificates of one hour, of remote signing services, begin."""


@lru_cache
def certificate(name=SIGNATORY, *, expired=False, hour=False, time_stamping=False):
    """A self-signed certificate and its key."""
    key: Any = ec.generate_private_key(ec.SECP256R1())
    if time_stamping:
        key = rsa.generate_private_key(65537, 2048)
    subject = certificates.Name(
        [
            certificates.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            certificates.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    until = (
        dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
        if expired
        else dt.datetime(2036, 1, 1, tzinfo=dt.UTC)
    )
    since = HOUR if hour else dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    if hour:
        until = HOUR + dt.timedelta(hours=1)
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    made = (
        certificates.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(
            certificates.KeyUsage(digital_signature=True, content_commitment=True, **usage),
            critical=True,
        )
    )
    if time_stamping:
        purpose = certificates.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(purpose, critical=True)
    return made.sign(key, hashes.SHA256()), key


def pem(name=SIGNATORY, **traits):
    """What the folder PV_TRUST_ROOTS takes."""
    return certificate(name, **traits)[0].public_bytes(serialization.Encoding.PEM)


def signer(name=SIGNATORY, **traits):
    made, key = loaded(name, **traits)
    return signers.SimpleSigner(
        signing_cert=made, signing_key=key, cert_registry=SimpleCertificateStore()
    )


def loaded(name=SIGNATORY, **traits):
    made, key = certificate(name, **traits)
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return (
        x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(der),
    )


AUTHORITY = "Horodatage Fictif"


def time_stamper(at=HOUR + dt.timedelta(minutes=10)):
    made, key = loaded(AUTHORITY, time_stamping=True)
    return DummyTimeStamper(made, key, fixed_dt=at)


def signed(content=None, *, name=SIGNATORY, field="Client", stamper=None, **traits):
    """The file signed by this person; again with another `field`, it is countersigned."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content or unsigned()))
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    return signers.sign_pdf(
        writer, metadata, signer=signer(name, **traits), timestamper=stamper
    ).getvalue()


def stamped(content, at=HOUR + dt.timedelta(minutes=20)):
    """The whole document time-stamped, after it was signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    return signers.PdfTimeStamper(time_stamper(at)).timestamp_pdf(writer, "sha256").getvalue()


def in_field(content, kind, contents, field="Fournisseur"):
    """The file with one more signature field, filled with a signature of this kind."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    fields.append_signature_field(writer, fields.SigFieldSpec(field))
    [(_, _, place)] = fields.enumerate_sig_fields(writer, with_name=field)
    entries: dict[Any, Any] = {
        NAME("/Type"): NAME("/Sig"),
        NAME("/Filter"): NAME("/Adobe.PPKLite"),
        NAME("/SubFilter"): NAME(f"/{kind}"),
        NAME("/ByteRange"): generic.ArrayObject(map(generic.NumberObject, (0, 10, 20, 10))),
        NAME("/Name"): generic.pdf_string("Dominique Fictif"),
        NAME("/Contents"): generic.ByteStringObject(contents),
    }
    place.get_object()[NAME("/V")] = writer.add_object(generic.DictionaryObject(entries))
    writer.mark_update(place)
    return written(writer)


def prepared(content=None):
    """A signature that was announced and never put: zeros in its place."""
    return in_field(content or unsigned(), "ETSI.CAdES.detached", bytes(64))


def of_kind(kind, content=None):
    """A signature of another kind, such as «adbe.x509.rsa_sha1»."""
    return in_field(content or unsigned(), kind, bytes.fromhex("3005020101"))


def altered(content):
    """A word of the page changed after signing, the file as long as before."""
    return content.replace(b"installation pilote", b"installation PILOTE", 1)


def updated(content):
    """A line drawn over the page by an incremental update: what was signed is still there."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    extra = generic.StreamObject(stream_data=b"BT /F1 12 Tf 72 600 Td (sans reserve) Tj ET")
    writer.add_stream_to_page(0, writer.add_object(extra))
    return written(writer)


def encrypted():
    writer = PdfFileWriter(stream_xrefs=False)
    writer.insert_page(
        PageObject(
            contents=writer.add_object(generic.StreamObject(stream_data=b"")),
            media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
        )
    )
    writer.encrypt("secret", "secret")
    return written(writer)


def with_action(kind, **entries):
    """Opened, it does something."""
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned()))
    action: dict[Any, Any] = {NAME("/S"): NAME(kind)}
    action |= {NAME(f"/{key}"): generic.pdf_string(value) for key, value in entries.items()}
    writer.root[NAME("/OpenAction")] = writer.add_object(generic.DictionaryObject(action))
    writer.update_root()
    return written(writer)


def with_script():
    return with_action("/JavaScript", JS="app.alert(1)")


def with_program():
    return with_action("/Launch", F="calc.exe")


def with_file_inside(name="outil.exe", data=b"MZ"):
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned()))
    inside = EmbeddedFileObject.from_file_data(writer, data=data, mime_type="application/x")
    embed_file(writer, FileSpec(name, embedded_data=inside))
    return written(writer)


def truncated():
    content = signed()
    return content[: len(content) // 2]


def looping():
    """Its cross-reference table says that the one before it is itself."""
    content = unsigned()
    [start] = map(int, re.findall(rb"startxref\s+(\d+)", content))
    return content.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % start).replace(
        b"trailer<<", b"trailer<< /Prev %d" % start
    )


def nested(depth=200_000):
    """An array in an array in an array…"""
    deep = b"[" * depth + b"]" * depth
    body = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/Deep 3 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    offsets = [body.index(b"1 0 obj"), body.index(b"2 0 obj"), len(body)]
    body += b"3 0 obj\n" + deep + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 4\n0000000000 65535 f \n"
        + table
        + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    )


@lru_cache
def _signed(number):
    return signed()


NUMBERS = count()
"""Of the files of one test; from zero again for the next (`tests/pilots/conftest.py`)."""


def another():
    """A file signed by SIGNATORY, which no other call in the same test has given. Made once, it is
    also read once.
    """
    return _signed(next(NUMBERS))


def upload(content=None, name="pv-signe.pdf"):
    """The file as a browser sends it; signed by SIGNATORY unless given, and another each time."""
    content = another() if content is None else content
    return SimpleUploadedFile(name, content, "application/pdf")
