"""The hash chain of the journal: what each link covers, and what a verification finds.

Each link has the digest of its entry and a hash of the link before it, of its number and of this
digest: changing, removing, inserting or moving an entry or a link breaks one of the three.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

START = "0" * 64
"""What the first link follows."""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """`present` is the digest of the entry as it is now, None when it is no longer there."""

    number: int
    entry: int
    digest: str
    hash: str
    present: str | None


def link_hash(before: str, number: int, entry: int, digest: str) -> str:
    return hashlib.sha256(f"{before}:{number}:{entry}:{digest}".encode()).hexdigest()


def faults(links: Iterable[ChainLink]) -> Iterator[str]:
    """A French sentence for each fault, in the order of the chain; nothing for a whole chain."""
    before, expected = START, 1
    for link in links:
        if link.number != expected:
            yield f"Entrée {link.entry} : il manque des maillons avant le n° {link.number}."
        if link.present is None:
            yield f"Entrée {link.entry} : retirée du journal."
        elif link.present != link.digest:
            yield f"Entrée {link.entry} : modifiée depuis son écriture."
        if link.hash != link_hash(before, link.number, link.entry, link.digest):
            yield f"Entrée {link.entry} : déplacée, ou insérée dans la chaîne."
        before, expected = link.hash, link.number + 1
