"""What the texts do not say of the filings (DOMAIN §9)."""

from collections.abc import Iterable

from parameters.rules.kinds import Parameter, ParameterKind, unsaid

NOON_IN_TIME = "filing.noon_exact_is_in_time"
ORDER_REFUSED = "filing.out_of_order_is_refused"
CONVERGENCE_URL = "channel.convergence.url"
ASP_URL = "channel.asp.url"
FUNDING_SHARES = "funding.shares"

FILINGS = "Dépôts"


def _filings() -> Iterable[Parameter]:
    yield Parameter(
        NOON_IN_TIME,
        "Un dépôt à 12h00min00s exactement est dans les délais",
        "Les textes disent « avant » : par défaut, 12h00min00s est en retard.",
        default=False,
        kind=ParameterKind.YES_NO,
        group=FILINGS,
    )
    yield Parameter(
        ORDER_REFUSED,
        "Un solde déclaré avant sa réalisation est refusé",
        "Par défaut, le solde est accepté après un avertissement et une confirmation.",
        default=False,
        kind=ParameterKind.YES_NO,
        group=FILINGS,
    )
    for key, label, text, address in (
        (
            CONVERGENCE_URL,
            "Adresse de Convergence",
            "La plateforme de l'ANS où se déposent les jalons 1 à 3.",
            "https://convergence.esante.gouv.fr/",
        ),
        (
            ASP_URL,
            "Adresse du portail de l'ASP",
            "Le portail où se déposent les demandes d'avance et de solde.",
            "https://www.asp-public.fr/",
        ),
    ):
        yield Parameter(
            key,
            label,
            text,
            default=address,
            kind=ParameterKind.ADDRESS,
            group=FILINGS,
            source="Adresse publique, à vérifier avant chaque dépôt",
        )
    yield unsaid(
        FUNDING_SHARES,
        "Parts de l'avance et du solde",
        "Ce que l'ASP paie à l'avance et au solde.",
        FILINGS,
    )


PARAMETERS = (*_filings(),)
