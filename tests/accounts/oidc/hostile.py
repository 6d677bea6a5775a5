"""A small provider of OpenID Connect on loopback, that lies as a test asks."""

import json
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "segur-essai"
SECRET = "secret-of-the-tests-0123456789abcdef"


def key_pair(name: str) -> tuple[rsa.RSAPrivateKey, dict[str, Any]]:
    """A private key, and what the JWKS says of it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
    return private, {**public, "kid": name, "use": "sig", "alg": "RS256"}


FIRST, SECOND = key_pair("first"), key_pair("second")


@dataclass
class Hostile:
    """What it answers. `claims` and `userinfo` change the honest ones; None removes one."""

    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: Any = FIRST[0]
    kid: str = "first"
    keys: list[dict[str, Any]] = field(default_factory=lambda: [FIRST[1]])
    sign_userinfo: bool = False
    userinfo_key: Any = FIRST[0]
    token_answer: tuple[str, bytes] | None = None
    keys_answer: bytes | None = None
    redirects: str = ""
    """The path of which the same answer is given elsewhere."""
    nonce: str = ""
    issuer: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def configuration(self) -> dict[str, Any]:
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end",
        }
        return _changed(honest, self.config)

    def id_token(self) -> str:
        now = int(time.time())
        honest = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "sujet-1",
            "exp": now + 300,
            "iat": now,
            "auth_time": now,
            "nonce": self.nonce,
        }
        key = "" if self.algorithm == "none" else self.key
        claims = _changed(honest, self.claims)
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": self.kid})

    def person(self) -> tuple[str, bytes]:
        honest = {
            "sub": "sujet-1",
            "email": "nouvelle@exemple.example",
            "email_verified": True,
            "given_name": "Nouvelle",
            "usual_name": "Personne",
        }
        info = _changed(honest, self.userinfo)
        if not self.sign_userinfo:
            return "application/json", json.dumps(info).encode()
        info = {"iss": self.issuer, "aud": CLIENT_ID, **info}
        token = jwt.encode(info, self.userinfo_key, algorithm="RS256", headers={"kid": "first"})
        return "application/jwt; charset=utf-8", token.encode()


ELSEWHERE = "/ailleurs"


def _changed(honest: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = {**honest, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def serve(hostile: Hostile) -> ThreadingHTTPServer:
    """Answers at `hostile.issuer` until `shutdown`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == hostile.redirects:
                self._redirect(path)
            else:
                self._answer(*self._found(path.removeprefix(ELSEWHERE)))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = {name: values[0] for name, values in parse_qs(sent).items()}
            hostile.asked.append((self.path, fields))
            if self.path == hostile.redirects:
                self._redirect(self.path)
                return
            honest = {"access_token": "jeton", "token_type": "Bearer"}
            body = json.dumps({**honest, "id_token": hostile.id_token()}).encode()
            self._answer(*(hostile.token_answer or ("application/json", body)))

        def _found(self, path: str) -> tuple[str, bytes]:
            if path.endswith("openid-configuration"):
                return "application/json", json.dumps(hostile.configuration()).encode()
            if path == "/jwks":
                body = json.dumps({"keys": hostile.keys}).encode()
                return "application/json", hostile.keys_answer or body
            return hostile.person()

        def _redirect(self, path: str) -> None:
            self.send_response(HTTPStatus.TEMPORARY_REDIRECT)
            self.send_header("Location", f"{hostile.issuer}{ELSEWHERE}{path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            if kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Nothing on the output of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hostile.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    return server
