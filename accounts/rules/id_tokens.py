"""What an OpenID provider signed, checked before anything of it is believed (OpenID Connect Core
1.0, §3.1.3.7 and §5.3.2).

Times are compared here, with a `now` that is an argument; PyJWT checks the signature alone.
"""

import datetime as dt
import hmac
from enum import StrEnum
from typing import Any

import jwt

Claims = dict[str, Any]
ALGORITHMS = {
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
}
"""Made with a private key: not «none», nor HS256, which the public key would be enough to make."""
LEEWAY = 60
"""Seconds by which the clock of the provider may differ from ours."""
SUBJECT_MAX = 191
"""Characters of a subject that allauth can keep."""


class TokenRefusal(StrEnum):
    """Why an answer is not believed: the value goes to the log."""

    CANCELLED = "cancelled"
    STATE = "state"
    ANSWER = "answer"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    NONCE = "nonce"
    EXPIRED = "expired"
    CLOCK = "clock"
    SUBJECT = "subject"
    ADDRESS = "address"
    KNOWN_ADDRESS = "known_address"
    NOT_INVITED = "not_invited"
    OTHER_PERSON = "other_person"


class TokenError(Exception):
    """Carries its `Refusal`, and what the log adds to it."""

    def __init__(self, refusal: TokenRefusal, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else str(refusal))
        self.refusal = refusal
        self.detail = detail


def check_id_token(
    token: object, keys: object, *, issuer: str, client_id: str, nonce: str, now: dt.datetime
) -> Claims:
    """The claims of an ID token. Raises TokenError."""
    claims = check_signed(token, keys, issuer=issuer, client_id=client_id, now=now)
    sent = claims.get("nonce")
    if not (isinstance(sent, str) and hmac.compare_digest(sent.encode(), nonce.encode())):
        raise TokenError(TokenRefusal.NONCE)
    if "exp" not in claims or "iat" not in claims:
        raise TokenError(TokenRefusal.EXPIRED, "no exp or iat")
    subject_of(claims)
    return claims


def check_signed(
    token: object, keys: object, *, issuer: str, client_id: str, now: dt.datetime
) -> Claims:
    """The claims of any JWT that the provider signs for this client. Raises TokenError."""
    claims = _decode(token, keys)
    if claims.get("iss") != issuer:
        raise TokenError(TokenRefusal.ISSUER, repr(claims.get("iss")))
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    presenter = claims.get("azp", None if len(several) > 1 else client_id)
    if client_id not in several or presenter != client_id:
        raise TokenError(TokenRefusal.AUDIENCE, repr(audience))
    _check_times(claims, now.timestamp())
    return claims


def check_same_subject(claims: Claims, userinfo: Claims) -> None:
    """§5.3.4: an answer of userinfo about somebody else is not used."""
    if subject_of(userinfo) != subject_of(claims):
        raise TokenError(TokenRefusal.SUBJECT)


def subject_of(claims: Claims) -> str:
    subject = claims.get("sub")
    if not (isinstance(subject, str) and 0 < len(subject) <= SUBJECT_MAX):
        raise TokenError(TokenRefusal.SUBJECT, "missing or too long")
    return subject


def has_verified_address(claims: Claims, *, vouches: bool) -> bool:
    """`vouches`: the provider verifies every address and does not send `email_verified`."""
    if not isinstance(claims.get("email"), str):
        return False
    return claims.get("email_verified", vouches) is True


def _decode(token: object, keys: object) -> Claims:
    if not isinstance(token, str):
        raise TokenError(TokenRefusal.ANSWER, "no token")
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise TokenError(TokenRefusal.ALGORITHM, repr(header.get("alg")))
        key = _key(keys, header)
        options: Any = {
            f"verify_{name}": False for name in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
        }
        return jwt.decode(token, key, algorithms=[header["alg"]], options=options)
    except jwt.InvalidSignatureError:
        raise TokenError(TokenRefusal.SIGNATURE) from None
    except jwt.PyJWTError as error:
        raise TokenError(TokenRefusal.ANSWER, str(error)) from error


def _key(keys: object, header: dict[str, Any]) -> jwt.PyJWK:
    """The one key of the set that has the identifier of the token; without it, the only key."""
    listed = keys.get("keys") if isinstance(keys, dict) else None
    usable = [key for key in listed or [] if isinstance(key, dict) and key.get("use") != "enc"]
    name = header.get("kid")
    found = [key for key in usable if name is None or key.get("kid") == name]
    if len(found) != 1 or found[0].get("alg", header["alg"]) != header["alg"]:
        raise TokenError(TokenRefusal.KEY, repr(name))
    try:
        return jwt.PyJWK(found[0], algorithm=header["alg"])
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise TokenError(TokenRefusal.KEY, str(error)) from error


def _check_times(claims: Claims, now: float) -> None:
    times = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    for name, value in times.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TokenError(TokenRefusal.ANSWER, f"{name} is no number")
    if times.get("exp", now) + LEEWAY < now:
        raise TokenError(TokenRefusal.EXPIRED)
    if max(times.get("iat", now), times.get("nbf", now)) - LEEWAY > now:
        raise TokenError(TokenRefusal.CLOCK)
