"""Where a POST goes, and where it never goes."""

import datetime as dt
import socket
import ssl

import pytest
import requests.adapters
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.webhooks.receiver import receiver
from webhooks.services import posting
from webhooks.services.posting import (
    BAD_CERTIFICATE,
    NO_CONNECTION,
    NO_HTTPS,
    PRIVATE,
    REDIRECTED,
    SLOW,
    UNKNOWN_NAME,
    PostAnswer,
    post,
)


def send(url):
    return post(url, b"{}", {"Content-Type": "application/json"})


def resolving(monkeypatch, *answers):
    """The resolver gives these lists of addresses in turn for a name. Returns what it was asked."""
    asked, left = [], list(answers)

    def getaddrinfo(name, port, *args, **kwargs):
        asked.append(name)
        addresses = [name] if name == "127.0.0.1" else left.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_what_is_posted_arrives_with_the_name_of_the_address(on_loopback):
    with receiver(202) as server:
        assert send(f"{server.url}?canal=1#ancre") == PostAnswer(202)
    [(headers, body, path)] = server.got
    assert (headers["Host"], body, path) == (f"127.0.0.1:{server.port}", b"{}", "/recu?canal=1")


@pytest.mark.parametrize("status", [300, 400, 404, 410, 429, 500, 503])
def test_any_other_answer_is_a_failure(on_loopback, status):
    with receiver(status) as server:
        answer = send(server.url)
    assert (answer.status, answer.is_delivered) == (status, False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(on_loopback, status):
    with receiver() as inside, receiver(status, location=inside.url) as server:
        assert send(server.url) == PostAnswer(status, REDIRECTED)
    assert inside.got == []


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[fe80::1%25lo]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
    ],
)
def test_a_private_address_is_refused_however_it_is_written(url):
    assert send(url).words in {PRIVATE, UNKNOWN_NAME}


def test_nothing_is_sent_to_this_machine_outside_of_tests():
    with receiver() as server:
        assert send(server.url) == PostAnswer(None, NO_HTTPS)
        assert send(server.url.replace("http:", "https:")) == PostAnswer(None, PRIVATE)
    assert server.got == []


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["fd00::1"], ["::ffff:127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["169.254.1.1"]],
)
def test_a_name_is_refused_when_one_of_its_addresses_is_private(monkeypatch, addresses):
    resolving(monkeypatch, addresses)
    assert send("https://nom.example/") == PostAnswer(None, PRIVATE)


def test_a_name_that_changes_after_the_check_leads_nowhere_else(monkeypatch, on_loopback):
    """The connection goes to the number that was checked: the name is not asked for again."""
    with receiver() as server:
        asked = resolving(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
        assert send(f"http://nom.example:{server.port}/") == PostAnswer(204)
    assert asked.count("nom.example") == 1


@pytest.fixture
def certificate(tmp_path):
    """Makes the certificate of a name, signed by itself: its file, and the context of a server."""

    def make(name):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder(subject, subject, key.public_key(), 1)
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        file, pem = tmp_path / f"{name}.pem", serialization.Encoding.PEM
        secret = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(made.public_bytes(pem) + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return file, context

    return make


@pytest.mark.parametrize(
    ("of", "is_trusted", "expected"),
    [
        ("nom.example", True, PostAnswer(204)),
        ("autre.example", True, PostAnswer(None, BAD_CERTIFICATE)),
        ("nom.example", False, PostAnswer(None, BAD_CERTIFICATE)),
    ],
)
@pytest.mark.usefixtures("on_loopback")
def test_the_certificate_is_that_of_the_name(monkeypatch, certificate, of, is_trusted, expected):
    file, context = certificate(of)
    if is_trusted:
        monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(file))
    resolving(monkeypatch, ["127.0.0.1"])
    with receiver(context=context) as server:
        assert send(f"https://nom.example:{server.port}/") == expected
    assert len(server.got) == expected.is_delivered


def test_a_proxy_of_the_machine_is_not_used(monkeypatch, on_loopback):
    with receiver() as server, receiver() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert send(server.url) == PostAnswer(204)
    assert (len(server.got), proxy.got) == (1, [])


def test_a_closed_port_and_an_unknown_name_are_failures(on_loopback):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}/") == PostAnswer(None, NO_CONNECTION)
    assert send("http://inconnu.invalid/") == PostAnswer(None, UNKNOWN_NAME)
    assert send(f"http://{'a' * 70}.example/") == PostAnswer(None, UNKNOWN_NAME)


def test_a_server_that_says_nothing_is_left(on_loopback, monkeypatch):
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert send(f"http://127.0.0.1:{port}/") == PostAnswer(None, SLOW)
