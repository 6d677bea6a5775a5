"""The kinds of mail: each app declares its own, those that prove or protect are common to all."""

from __future__ import annotations

from typing import Self


class MailKind(str):
    """The code that the ledger keeps, with its words; `is_optional`: a person may switch it off;
    `is_asked`: an optional one that is off until somebody asks for it.
    """

    __slots__ = ("is_asked", "is_optional", "label")
    label: str
    is_optional: bool
    is_asked: bool

    def __new__(
        cls, code: str, label: str, *, is_optional: bool = False, is_asked: bool = False
    ) -> Self:
        kind = super().__new__(cls, code)
        kind.label, kind.is_optional, kind.is_asked = label, is_optional, is_asked
        return kind


RECEIPT_MAIL = MailKind("ACCUSE", "Accusés d'enregistrement")
DECISION_MAIL = MailKind(
    "DECISION", "Décisions de l'ANS, sur un dépôt, un PV, une panne ou un paramètre"
)
ACCOUNT_MAIL = MailKind("COMPTE", "Compte, invitations et sécurité")

_KINDS: dict[str, MailKind] = {}


def declare(*kinds: MailKind) -> None:
    """The kinds that an app sends, in the order of the page of preferences."""
    _KINDS.update({str(kind): kind for kind in kinds})


declare(RECEIPT_MAIL, DECISION_MAIL, ACCOUNT_MAIL)


def kind_of(code: str) -> MailKind:
    """Raises ValueError for a code that no app declares."""
    if code not in _KINDS:
        raise ValueError(f"unknown kind of mail: {code}")
    return _KINDS[code]


def every_kind() -> list[MailKind]:
    return list(_KINDS.values())


def optional_kinds() -> list[MailKind]:
    return [kind for kind in every_kind() if kind.is_optional]


def asked_kinds() -> list[str]:
    """The codes that are off for who chose nothing."""
    return [str(kind) for kind in every_kind() if kind.is_asked]
