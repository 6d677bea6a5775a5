"""What the texts do not say of the préfigurateurs (DOMAIN §9)."""

from parameters.rules.kinds import Parameter, ParameterKind

CONTACT_MONTHS = "prefiguration.contact_months"

PREFIGURATION = "Préfigurateurs"


PARAMETERS = (
    Parameter(
        CONTACT_MONTHS,
        "Durée de conservation d'un contact technique, au plus",
        "Depuis le jour où il est donné. Un contact déjà donné garde sa date d'effacement.",
        default=12,
        kind=ParameterKind.WHOLE,
        unit="mois",
        group=PREFIGURATION,
    ),
)
