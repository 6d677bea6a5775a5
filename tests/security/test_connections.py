"""What the site calls is encrypted where its address asks for it, and proves who it is."""

import socket
import ssl
import threading

import pytest

from mailing.services.smtp import SmtpBackend
from tests.deploy.test_nginx import write_certificate
from tests.segur.test_settings import PRODUCTION, read_settings


@pytest.fixture
def unknown_server(tmp_path):
    """The port of a server whose certificate is signed by nobody that the machine knows."""
    write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")

    def greet():
        link, _address = listener.accept()
        with link, pytest.raises(OSError, match=r"alert|EOF|reset"):
            context.wrap_socket(link, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_mail_server_that_does_not_prove_who_it_is_gets_nothing(unknown_server):
    backend = SmtpBackend(host="127.0.0.1", port=unknown_server, use_ssl=True)
    with pytest.raises(ssl.SSLCertVerificationError):
        backend.open()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("smtp://relais.example:25", "(False, False)"),
        ("smtp+tls://relais.example:587", "(True, False)"),
        ("smtp+ssl://relais.example:465", "(False, True)"),
    ],
)
def test_the_address_of_the_mail_server_says_how_it_is_encrypted(address, shown):
    options = "settings.MAIL_TRANSPORT['options']"
    expression = f"({options}['use_tls'], {options}['use_ssl'])"
    assert read_settings({**PRODUCTION, "EMAIL_URL": address}, expression).stdout == f"{shown}\n"


def test_redis_is_called_by_tls_where_its_address_says_so():
    environment = {**PRODUCTION, "REDIS_URL": "rediss://redis.example:6380/0"}
    shown = "settings.CELERY_BROKER_URL, settings.CACHES['default']['LOCATION']"
    answer = read_settings(environment, shown).stdout
    assert answer.count("rediss://redis.example:6380/0") == 2
