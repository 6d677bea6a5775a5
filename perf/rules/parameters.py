"""What the texts do not say of PERF, of the support and of the ratios (DOMAIN §9, ADR 0007)."""

from collections.abc import Iterable

from parameters.rules.kinds import MINUTES, SLIDES, Parameter, ParameterKind, unspecified
from perf.enums import Period

HOURS_WEEKDAY = "perf.hours.weekday"
HOURS_SATURDAY = "perf.hours.saturday"
HOURS_SUNDAY = "perf.hours.sunday"
ALSACE_MOSELLE = "perf.holidays.alsace_moselle"
OVERSEAS = "perf.holidays.overseas"
BASE = "perf.base"
PERIOD = "perf.period"
MAINTENANCE = "perf.maintenance_counts"
LIMIT_ONE = "perf.limit_one"
LIMIT_HALF = "perf.limit_half"
GTI = "perf.gti"
GTR = "perf.gtr"
GUARANTEE_BASE = "perf.guarantee_base"
PERFM_THRESHOLD = "perf.perfm_threshold"
PERFE_THRESHOLD = "perf.perfe_threshold"
DOWNTIME_SCOPE = "perf.scope"
PERF_IN_PAYMENT = "perf.in_payment"
PERF_MULTIPLIES = "perf.multiplies"
NOTHING, BALANCE = "RIEN", "SOLDE"
GUARANTEE_ENDS = "perf.guarantee_ends"
PERFM_FORMULA = "perf.perfm_formula"
PERFE_FORMULA = "perf.perfe_formula"

HOURS = (HOURS_WEEKDAY, HOURS_SATURDAY, HOURS_SUNDAY)
ORDERED = ((LIMIT_ONE, LIMIT_HALF),)

BASES = (("ouvrable", "Période ouvrable"), ("continu", "Continue, 24 h sur 24"))
HOURS_HELP = (
    "Une ou plusieurs plages, heure de Paris : 09:00-12:00 14:00-19:00. « fermé » sans plage. "
    "Elles valent jour par jour depuis leur date d'effet."
)
NO_SCORE = "En pour cent. Vide : aucun résultat n'est affiché."
OPENING = "PERF : période ouvrable"
DOWNTIME = "PERF : durée d'indisponibilité et seuils"
GUARANTEES = "Support : GTI et GTR"
RATIOS = "PERFm et PERFe (RIS)"


def _opening() -> Iterable[Parameter]:
    for key, label, hours in (
        (HOURS_WEEKDAY, "Horaires du lundi au vendredi", "09:00-19:00"),
        (HOURS_SATURDAY, "Horaires du samedi", "09:00-13:00"),
        (HOURS_SUNDAY, "Horaires du dimanche", "fermé"),
    ):
        yield Parameter(
            key,
            label,
            HOURS_HELP,
            default=hours,
            kind=ParameterKind.HOURS,
            group=OPENING,
            source=SLIDES,
        )
    for key, label, text in (
        (
            ALSACE_MOSELLE,
            "Les jours fériés d'Alsace-Moselle sont fermés pour les Clients qui y sont",
            "Vendredi saint et 26 décembre, pour un FINESS des départements 57, 67 et 68.",
        ),
        (
            OVERSEAS,
            "Les jours fériés d'outre-mer sont fermés pour les Clients qui y sont",
            "Guadeloupe, Martinique, Guyane, La Réunion, Mayotte, d'après le FINESS.",
        ),
    ):
        yield Parameter(key, label, text, default=False, kind=ParameterKind.YES_NO, group=OPENING)


def _downtime() -> Iterable[Parameter]:
    yield Parameter(
        BASE,
        "Heures que compte D_f",
        "Les deux lectures restent calculées et affichées ; celle-ci donne le PERF retenu.",
        default="ouvrable",
        kind=ParameterKind.CHOICE,
        choices=BASES,
        group=DOWNTIME,
    )
    yield Parameter(
        PERIOD,
        "Période d'observation de D_f",
        "Toutes à l'heure de Paris.",
        default=Period.YEAR.value,
        kind=ParameterKind.CHOICE,
        choices=tuple(Period.choices),
        group=DOWNTIME,
    )
    yield Parameter(
        MAINTENANCE,
        "Une maintenance annoncée compte dans D_f",
        "Par défaut elle compte comme une panne.",
        default=True,
        kind=ParameterKind.YES_NO,
        group=DOWNTIME,
    )
    for key, perf, minutes in ((LIMIT_ONE, "1", 600), (LIMIT_HALF, "0,5", 1200)):
        yield Parameter(
            key,
            f"D_f jusqu'à laquelle PERF vaut {perf}",
            "En minutes, cette durée comprise.",
            default=minutes,
            kind=ParameterKind.WHOLE,
            unit=MINUTES,
            group=DOWNTIME,
            source=SLIDES,
        )
    yield from _payment()


def _payment() -> Iterable[Parameter]:
    """What the slides leave open: what counts, and how PERF enters the payment."""
    yield unspecified(
        DOWNTIME_SCOPE,
        "Ce dont l'indisponibilité compte dans D_f",
        "Le périmètre technique : DRIMbox, proxy, réseau, services nationaux.",
        DOWNTIME,
    )
    yield unspecified(
        PERF_IN_PAYMENT,
        "Comment PERF entre dans le paiement",
        "Ce que PERF multiplie, et à quel moment.",
        DOWNTIME,
    )
    yield Parameter(
        PERF_MULTIPLIES,
        "Ce que PERF multiplie dans les montants du portefeuille",
        "Tant que ce n'est pas fixé, aucun effet de PERF sur un montant n'est affiché.",
        default=NOTHING,
        kind=ParameterKind.CHOICE,
        group=DOWNTIME,
        choices=((NOTHING, "Non fixé"), (BALANCE, "Le solde")),
    )


def _guarantees() -> Iterable[Parameter]:
    for key, label, minutes in (
        (GTI, "Garantie de temps d'intervention (GTI)", 30),
        (GTR, "Garantie de temps de rétablissement (GTR)", 240),
    ):
        yield Parameter(
            key,
            label,
            "En minutes, depuis la déclaration du ticket.",
            default=minutes,
            kind=ParameterKind.WHOLE,
            unit=MINUTES,
            group=GUARANTEES,
            source=SLIDES,
        )
    yield Parameter(
        GUARANTEE_BASE,
        "Heures que comptent la GTI et la GTR",
        "Par défaut le temps ne court que pendant la période ouvrable.",
        default="ouvrable",
        kind=ParameterKind.CHOICE,
        choices=BASES,
        group=GUARANTEES,
    )
    yield unspecified(
        GUARANTEE_ENDS,
        "Ce qui fait partir et arrêter la GTI et la GTR",
        "Règle appliquée : de la déclaration du ticket à sa prise en charge, et à son "
        "rétablissement.",
        GUARANTEES,
    )


def _ratios() -> Iterable[Parameter]:
    for threshold, formula, name in (
        (PERFM_THRESHOLD, PERFM_FORMULA, "PERFm"),
        (PERFE_THRESHOLD, PERFE_FORMULA, "PERFe"),
    ):
        yield unspecified(
            formula,
            f"Formule de {name}",
            "Règle appliquée : un rapport de comptes-rendus, ceux de téléradiologie compris.",
            RATIOS,
        )
        yield Parameter(
            threshold,
            f"Seuil de {name}",
            NO_SCORE,
            default="",
            kind=ParameterKind.PERCENTAGE,
            group=RATIOS,
        )


PARAMETERS = (*_opening(), *_downtime(), *_guarantees(), *_ratios())
