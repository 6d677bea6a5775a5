"""What the texts do not say of the VA (DOMAIN §9)."""

from parameters.rules.kinds import SLIDES, Parameter, ParameterKind, unspecified

VA_MONTHS = "va.months"
VA_NUDGE_DAYS = "va.nudge_days"
VA_LATE_EFFECT = "va.late_effect"

VA = "VA DRIMbox"


PARAMETERS = (
    Parameter(
        VA_MONTHS,
        "Délai à compter de la notification du Client",
        "Même quantième, sinon dernier jour du mois : art. 641 du Code de procédure civile, par "
        "analogie.",
        default=2,
        kind=ParameterKind.WHOLE,
        unit="mois",
        group=VA,
        source=SLIDES,
    ),
    Parameter(
        VA_NUDGE_DAYS,
        "Jours sans notification avant de relancer le Fournisseur",
        "Après une VA dont des conditions sont reportées.",
        default=30,
        kind=ParameterKind.WHOLE,
        unit="jours",
        group=VA,
        source="Règle de cette application",
    ),
    unspecified(
        VA_LATE_EFFECT,
        "Effet d'un délai dépassé",
        "Ce qui arrive quand les conditions reportées sont validées après le délai. Par défaut, "
        "le retard "
        "est compté et dit.",
        VA,
    ),
)
