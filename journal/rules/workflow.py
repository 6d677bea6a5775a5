"""A workflow as a table: the acts of an aggregate, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

S = TypeVar("S", bound=str)

LABELS: dict[str, str] = {
    "account.close": "Compte fermé",
    "account.open": "Compte rouvert",
    "deadline.date": "Date changée",
    "dispositif.create": "Dispositif ajouté",
    "milestone.create": "Jalon ajouté",
    "deadline.estimate": "Date estimée changée",
    "deadline.proof": "Pièce retirée du brouillon",
    "delay.open": "Délai ouvert",
    "delay.date": "Date du délai changée",
    "membership.join": "Nouveau membre",
    "membership.role": "Rôle d'un membre changé",
    "membership.remove": "Membre retiré",
    "organisation.create": "Organisation enregistrée",
    "organisation.update": "Identité d'une organisation modifiée",
    "organisation.confirm": "Seconde organisation de l'ANS confirmée",
    "organisation.merge": "Clients réunis",
    "organisation.view": "Site consulté par l'ANS comme un membre",
    "organisation.view_end": "Fin de cette consultation",
    "parameter.amend": "Paramètre changé",
    "parameter.retire": "Valeur d'un paramètre retirée",
}
"""Name of an act in the journal, «deadline.file», → its words, for the filter of the page."""


@dataclass(frozen=True, slots=True)
class Act(Generic[S]):
    """What one act does: from which states, to which, by whom, and its words in the history.

    `decides`: it settles what others asked or recorded, so none of its parties does it.
    """

    sources: tuple[S, ...]
    target: S
    who: Enum
    words: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Workflow(Generic[S]):
    """`name` begins the names of its acts in the journal: «deadline.file»."""

    name: str
    acts: Mapping[str, Act[S]]

    def __post_init__(self) -> None:
        LABELS.update({f"{self.name}.{name}": act.words for name, act in self.acts.items()})

    def starting_at(self, state: S) -> list[str]:
        """The acts possible in this state, in the order of the table."""
        return [name for name, act in self.acts.items() if state in act.sources]

    def following(self, state: S) -> list[S]:
        """The states that may follow, each once."""
        return list(dict.fromkeys(self.acts[name].target for name in self.starting_at(state)))

    def is_shared(self, act: Act[S]) -> bool:
        """Whether another act leads to the same state, from elsewhere."""
        return sum(other.target == act.target for other in self.acts.values()) > 1
