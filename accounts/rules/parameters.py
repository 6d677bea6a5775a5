"""Parameters of the accounts: whose login needs a second factor, and how long sessions last."""

from collections.abc import Iterable

from parameters.rules.kinds import MINUTES, Parameter, ParameterKind

SECOND_FACTOR_ANS = "accounts.second_factor_ans"
SECOND_FACTOR_MANDATAIRE = "accounts.second_factor_mandataire"
SECOND_FACTOR_STAFF = "accounts.second_factor_staff"
RESET_HOURS = "accounts.reset_hours"
IDLE_ANS = "accounts.idle_ans"
SECOND_FACTORS = (SECOND_FACTOR_ANS, SECOND_FACTOR_MANDATAIRE, SECOND_FACTOR_STAFF)

GROUP = "Accès aux comptes"
OWN_RULE = "Règle de cette application"


def parameters(*, second_factor: bool) -> tuple[Parameter, ...]:
    """`second_factor`: whether it is required where nobody has set these parameters."""
    return (*_second_factors(required=second_factor), *_resets(), *_sessions())


def _second_factors(*, required: bool) -> Iterable[Parameter]:
    return (
        Parameter(
            key,
            f"Double authentification obligatoire pour {whom}",
            "Une personne soumise à cette règle, et sans second facteur, n'accède qu'à la page qui "
            "l'active.",
            default=required,
            kind=ParameterKind.YES_NO,
            group=GROUP,
            source=OWN_RULE,
        )
        for key, whom in (
            (SECOND_FACTOR_ANS, "les personnes de l'ANS"),
            (SECOND_FACTOR_MANDATAIRE, "les Mandataires"),
            (SECOND_FACTOR_STAFF, "l'équipe technique (administration du site)"),
        )
    )


def _resets() -> Iterable[Parameter]:
    yield Parameter(
        RESET_HOURS,
        "Délai avant de retirer un second facteur perdu",
        "Le temps laissé à la personne et à ceux qui dirigent ses organisations pour annuler une "
        "demande injustifiée.",
        default=24,
        kind=ParameterKind.WHOLE,
        unit="heures",
        group=GROUP,
        source=OWN_RULE,
    )


def _sessions() -> Iterable[Parameter]:
    yield Parameter(
        IDLE_ANS,
        "Session d'une personne de l'ANS : durée sans activité",
        "Au-delà, la session se ferme. Toute session se ferme au plus tard 12 heures après la "
        "connexion.",
        default=120,
        kind=ParameterKind.WHOLE,
        unit=MINUTES,
        group=GROUP,
        source=OWN_RULE,
    )
