"""Secrets of which only the digest is kept: reading the database lets nobody in."""

import hashlib


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
