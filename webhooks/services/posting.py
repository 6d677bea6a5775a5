"""One POST to an address that somebody else chose: never to a private network.

The name is resolved once, every address that it has is checked, and the connection goes to the
address that was checked: a name that changes in between leads nowhere else. The certificate is
still that of the name. A redirect is an answer like another, and is not followed.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

from webhooks.rules.addresses import is_loopback, is_public

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
TOTAL_SECONDS = 15.0
"""A server that sends a byte now and then is left after this, and so is a slow resolver."""
PORTS = {"https": 443, "http": 80}
DELIVERED = range(200, 300)
REDIRECTS = range(300, 400)

UNKNOWN_NAME = "Ce nom n'a pas d'adresse."
PRIVATE = "Cette adresse mène à un réseau privé : elle est refusée."
NO_PORT = "Un port va de 1 à 65535."
NO_HTTPS = "L'adresse doit commencer par https://."
SLOW = "Pas de réponse en 15 secondes."
BAD_CERTIFICATE = "Le certificat du serveur est refusé."
NO_CONNECTION = "Le serveur n'a pas pu être joint."
REDIRECTED = "Le serveur redirige ailleurs : donnez l'adresse définitive."


class RefusedError(Exception):
    """The address is not one to post to; the French sentence says why."""


@dataclass(frozen=True)
class PostAnswer:
    """`words`: why it was not delivered, empty where it was."""

    status: int | None
    words: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.status in DELIVERED


class PinnedAdapter(HTTPAdapter):
    """Connects to a number and asks for the certificate of a name."""

    def __init__(self, hostname: str) -> None:
        self.hostname = hostname
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"server_hostname": self.hostname, "assert_hostname": self.hostname}
        super().init_poolmanager(*args, **kwargs)


def resolve(parts: SplitResult) -> str:
    """The address to connect to. Raises RefusedError where any address of the name is private."""
    if parts.scheme != "https" and not (settings.WEBHOOKS_ON_LOOPBACK and parts.scheme == "http"):
        raise RefusedError(NO_HTTPS)
    try:
        port = PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:
        port = 0
    if not port:
        raise RefusedError(NO_PORT)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(UNKNOWN_NAME) from error
    addresses = sorted({str(one[4][0]).partition("%")[0] for one in found}, key=_version)
    if not addresses:
        raise RefusedError(UNKNOWN_NAME)
    if not all(_is_allowed(address) for address in addresses):
        raise RefusedError(PRIVATE)
    return addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
    """Never raises for what the other side does; lasts TOTAL_SECONDS at most."""
    answers: list[PostAnswer] = []
    thread = threading.Thread(target=lambda: answers.append(_post(url, body, headers)), daemon=True)
    thread.start()
    thread.join(TOTAL_SECONDS)
    return answers[0] if answers else PostAnswer(None, SLOW)


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
    parts = urlsplit(url)
    try:
        address = resolve(parts)
        with requests.Session() as session:
            session.trust_env = False  # neither proxy nor password of this machine
            session.mount("https://", PinnedAdapter(str(parts.hostname)))
            response = session.post(
                _pinned(parts, address),
                data=body,
                headers={**headers, "Host": parts.netloc},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,  # what it answers is not read
            )
            response.close()
    except RefusedError as error:
        return PostAnswer(None, str(error))
    except requests.Timeout:
        return PostAnswer(None, SLOW)
    except requests.exceptions.SSLError:
        return PostAnswer(None, BAD_CERTIFICATE)
    except requests.RequestException:
        return PostAnswer(None, NO_CONNECTION)
    return _judged(response.status_code)


def _judged(status: int) -> PostAnswer:
    if status in DELIVERED:
        return PostAnswer(status)
    return PostAnswer(
        status, REDIRECTED if status in REDIRECTS else f"Le serveur a répondu {status}."
    )


def _pinned(parts: SplitResult, address: str) -> str:
    place = f"[{address}]" if ":" in address else address
    port = parts.port or PORTS[parts.scheme]
    return parts._replace(netloc=f"{place}:{port}", fragment="").geturl()


def _is_allowed(address: str) -> bool:
    return is_public(address) or (settings.WEBHOOKS_ON_LOOPBACK and is_loopback(address))


def _version(address: str) -> tuple[bool, str]:
    """IPv4 first: not every server has IPv6."""
    return ":" in address, address
