"""What the texts do not say of the filings (DOMAIN §9)."""

from collections.abc import Iterable

from parameters.rules.kinds import Parameter, ParameterKind

NOON_IN_TIME = "filing.noon_exact_is_in_time"
ORDER_REFUSED = "filing.out_of_order_is_refused"
CONVERGENCE_URL = "channel.convergence.url"
ASP_URL = "channel.asp.url"
ADVANCE_SHARE = "funding.advance_share"
ANS_SEES_AMOUNTS = "funding.ans_sees_amounts"

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
    yield Parameter(
        ADVANCE_SHARE,
        "Part de l'avance dans le montant d'une prestation",
        "Le reste est le solde. Vide : aucun montant n'est déduit de l'autre.",
        default="",
        kind=ParameterKind.PERCENTAGE,
        group=FILINGS,
    )
    yield Parameter(
        ANS_SEES_AMOUNTS,
        "L'ANS voit les montants que les Fournisseurs enregistrent",
        "Par défaut, seuls les voient ceux qui déposent pour le Fournisseur.",
        default=False,
        kind=ParameterKind.YES_NO,
        group=FILINGS,
        source="Règle de cette application",
    )


PARAMETERS = (*_filings(),)
