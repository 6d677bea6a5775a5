"""The proxy's configuration, read and run by a real nginx on loopback."""

import contextlib
import datetime as dt
import ipaddress
import re
import socket
import ssl
import subprocess
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from tests.processes import wait_until
from tests.services import free_port

HOST = "echeances.example"


def write_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now, now + dt.timedelta(days=1)
    )
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = builder.add_extension(here, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, kind, plain))


class Site(BaseHTTPRequestHandler):
    """Stands for the site: what it was sent comes back as the header X-Got."""

    def do_GET(self):
        self.send_response(200)
        for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Host"):
            self.send_header(f"X-Got-{name}", self.headers.get(name, ""))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Nothing on the output of the tests."""


@pytest.fixture
def proxy(tmp_path):
    """Our file in the smallest nginx.conf: only its ports and folders are those of the test."""
    write_certificate(tmp_path)
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01}).start()
    plain, tls = free_port(), free_port()
    ours = (Path(settings.BASE_DIR) / "deploy" / "nginx.conf").read_text()
    for before, after in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{tls} "),
        ("127.0.0.1:8000", f"127.0.0.1:{site.server_port}"),
        ("/etc/ssl/echeances.example", str(tmp_path)),
        ("/var/log/nginx", str(tmp_path)),
    ):
        assert before in ours
        ours = ours.replace(before, after)
    (tmp_path / "echeances.conf").write_text(ours)
    folders = "".join(
        f"{name}_temp_path {tmp_path}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; daemon off; events {{}}"
        f"http {{ {folders} include {tmp_path}/echeances.conf; }}"
    )
    yield tmp_path / "nginx.conf", plain, tls
    site.shutdown()
    site.server_close()


@pytest.fixture
def running(proxy):
    """How to ask the proxy for a path, where it listens in clear text, its folder."""
    conf, plain, tls = proxy
    process = subprocess.Popen(["nginx", "-c", str(conf)], stderr=subprocess.DEVNULL)
    wait_until((conf.parent / "pid").exists)
    with requests.Session() as session:
        session.trust_env = False  # its certificates would take the place of ours
        session.verify = str(conf.parent / "fullchain.pem")
        yield (
            lambda path, **headers: session.get(
                f"https://127.0.0.1:{tls}{path}", headers={"Host": HOST, **headers}
            ),
            f"http://127.0.0.1:{plain}",
            conf.parent,
        )
    process.terminate()
    process.wait()


def test_nginx_accepts_the_configuration(proxy):
    conf, _plain, _tls = proxy
    result = subprocess.run(
        ["nginx", "-t", "-c", str(conf)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "warn" not in result.stderr


@pytest.mark.parametrize(
    ("version", "suites", "is_accepted"),
    [
        (ssl.TLSVersion.TLSv1_3, "DEFAULT", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE+AESGCM", True),
        (ssl.TLSVersion.TLSv1_2, "AES128-SHA:AES256-SHA", False),  # no forward secrecy
        (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA", False),  # CBC
        (ssl.TLSVersion.TLSv1_1, "DEFAULT", False),
    ],
)
def test_no_old_version_of_tls_nor_weak_suite_is_accepted(running, version, suites, is_accepted):
    _ask, _plain, folder = running
    ours = (folder / "echeances.conf").read_text()
    [port] = map(int, re.findall(r"listen 127.0.0.1:(\d+) ssl", ours))
    context = ssl.create_default_context(cafile=folder / "fullchain.pem")
    context.set_ciphers(f"{suites}:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.1, the case of this test
        context.minimum_version = context.maximum_version = version
    refusal = contextlib.nullcontext() if is_accepted else pytest.raises(ssl.SSLError)
    with socket.create_connection(("127.0.0.1", port)) as link, refusal:
        context.wrap_socket(link, server_hostname="127.0.0.1").close()


def test_the_proxy_calls_the_site_alone_and_shows_no_folder():
    ours = (Path(settings.BASE_DIR) / "deploy" / "nginx.conf").read_text()
    assert set(re.findall(r"proxy_pass ([^;]+);", ours)) == {"http://127.0.0.1:8000"}
    assert (
        re.findall(r"^\s*(?:root|alias|autoindex|fastcgi_pass|uwsgi_pass)\b", ours, re.MULTILINE)
        == []
    )


def test_the_site_gets_what_the_visitor_cannot_write(running):
    ask, _plain, _folder = running
    answer = ask("/", **{"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "http"})
    got = [answer.headers[f"X-Got-{name}"] for name in ("X-Forwarded-For", "X-Forwarded-Proto")]
    assert got == ["127.0.0.1", "https"]
    assert answer.headers["X-Got-Host"] == HOST
    assert answer.headers["Server"] == "nginx"


def test_clear_text_is_led_to_tls(running):
    _ask, plain, _folder = running
    answer = requests.get(
        f"{plain}/aide/", headers={"Host": HOST}, allow_redirects=False, timeout=9
    )
    assert (answer.status_code, answer.headers["Location"]) == (308, f"https://{HOST}/aide/")


@pytest.mark.parametrize(("path", "allowed"), [("/", 200), ("/compte/login/", 80)])
def test_a_flood_is_refused_with_when_to_try_again(running, path, allowed):
    ask, _plain, _folder = running
    started = time.monotonic()
    answers = [ask(path) for _ in range(allowed + 120)]
    refused = [answer for answer in answers if answer.status_code == 429]
    room = 20 if path == "/" else 1  # calls that each second gives back
    passed = len(answers) - len(refused)
    assert allowed <= passed <= allowed + 2 + room * (time.monotonic() - started)
    assert refused[0].headers["Retry-After"] == "60"
    assert "Trop de demandes" in refused[0].content.decode()


def test_the_log_hides_what_opens_something(running):
    ask, _plain, folder = running
    ask("/invitation/cle-secrete/?a=secret")
    wait_until(lambda: "/invitation/" in (folder / "echeances.log").read_text())
    line = (folder / "echeances.log").read_text()
    assert re.search(r'"GET /invitation/\S+" 200', line)
    assert "secret" not in line
