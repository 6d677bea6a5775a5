"""The regulatory parameters that this application knows, with default and source (DOMAIN §9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Value = bool | int | str
TO_CONFIRM = "à confirmer dans l'Appel à financement"


@dataclass(frozen=True)
class Parameter:
    """`default` also gives the type: bool, str (an address) or int."""

    key: str
    label: str
    help: str
    default: Value
    source: str = TO_CONFIRM


NOON_IN_TIME = "filing.noon_exact_is_in_time"
CONVERGENCE_URL = "channel.convergence.url"
ASP_URL = "channel.asp.url"

REGISTRY: Mapping[str, Parameter] = MappingProxyType(
    {
        p.key: p
        for p in (
            Parameter(
                NOON_IN_TIME,
                "Un dépôt à 12h00min00s exactement est dans les délais",
                "Les textes disent « avant » : par défaut, 12h00min00s est en retard.",
                default=False,
            ),
            Parameter(
                CONVERGENCE_URL,
                "Adresse de Convergence",
                "La plateforme de l'ANS où se déposent les jalons 1 à 3.",
                default="https://convergence.esante.gouv.fr/",
                source="Adresse publique, à vérifier avant chaque dépôt",
            ),
            Parameter(
                ASP_URL,
                "Adresse du portail de l'ASP",
                "Le portail où se déposent les demandes d'avance et de solde.",
                default="https://www.asp-public.fr/",
                source="Adresse publique, à vérifier avant chaque dépôt",
            ),
        )
    }
)


def shown(value: Value) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    return str(value)
