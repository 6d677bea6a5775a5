"""The stamped receipt of a filing: what it states, and the digest that anybody can recompute."""

import hashlib
import json
from typing import Any

STATEMENT_ELSEWHERE = (
    "Ce récépissé atteste l'enregistrement, dans cette application, d'un dépôt déclaré sur "
    "{channel}. Il ne vaut pas dépôt sur cette plateforme."
)
STATEMENT_HERE = "Ce récépissé atteste le dépôt dans cette application."
STATEMENT_NONE = (
    "Ce récépissé atteste l'enregistrement, dans cette application, d'une réalisation déclarée. "
    "Il ne vaut ni procès-verbal ni vérification d'aptitude."
)


def canonical(receipt: dict[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: the bytes that are hashed."""
    return json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(receipt: dict[str, Any]) -> str:
    """Hexadecimal SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(receipt)).hexdigest()
