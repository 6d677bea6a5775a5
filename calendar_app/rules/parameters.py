"""The regulatory parameters that this application knows, with default and source (DOMAIN §9)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from calendar_app.rules.parameter_kinds import MINUTES, SLIDES, Kind, Parameter

NOON_IN_TIME = "filing.noon_exact_is_in_time"
CONVERGENCE_URL = "channel.convergence.url"
ASP_URL = "channel.asp.url"

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
GUARANTEE_ENDS = "perf.guarantee_ends"
PERFM_FORMULA = "perf.perfm_formula"
PERFE_FORMULA = "perf.perfe_formula"
PILOT_CLIENTS = "pilots.clients_needed"
PILOT_SCOPE = "pilots.gate_scope"
PILOT_SECOND_AGENT = "pilots.second_agent"
PILOT_REVIEW_DAYS = "pilots.review_days"
VA_MONTHS = "va.months"
VA_NUDGE_DAYS = "va.nudge_days"
VA_LATE_EFFECT = "va.late_effect"
FUNDING_SHARES = "funding.shares"
CONTACT_MONTHS = "prefiguration.contact_months"

PER_SUPPLIER, PER_SOLUTION = "FOURNISSEUR_SOLUTION", "SOLUTION"

HOURS = (HOURS_WEEKDAY, HOURS_SATURDAY, HOURS_SUNDAY)
"""Of which one at least is open, at any instant: else a delay in open time would never end."""
ORDERED = ((LIMIT_ONE, LIMIT_HALF),)
"""Pairs of which the first may never be above the second, at any instant."""

FILINGS = "Dépôts"
OPENING = "PERF : période ouvrable"
DOWNTIME = "PERF : durée d'indisponibilité et seuils"
GUARANTEES = "Support : GTI et GTR"
RATIOS = "PERFm et PERFe (RIS)"
PILOTS = "Pilotes RIS"
VA = "VA DRIMbox"
PREFIGURATION = "Préfigurateurs"

BASES = (("ouvrable", "Période ouvrable"), ("continu", "Continue, 24 h sur 24"))
PERIODS = (
    ("MOIS", "Mois civil"),
    ("TRIMESTRE", "Trimestre civil"),
    ("SEMESTRE", "Semestre civil"),
    ("ANNEE", "Année civile"),
)
HOURS_HELP = (
    "Une ou plusieurs plages, heure de Paris : 09:00-12:00 14:00-19:00. « fermé » sans plage. "
    "Elles valent jour par jour depuis leur date d'effet."
)
NO_SCORE = "En pour cent. Vide : aucun résultat n'est affiché."


def _unsaid(key: str, label: str, text: str, group: str) -> Parameter:
    """What no published text says and nothing here computes: kept in words, for people, from the
    day on which a text says it.
    """
    return Parameter(key, label, text, default="", kind=Kind.WORDS, group=group)


def _filings() -> Iterable[Parameter]:
    yield Parameter(
        NOON_IN_TIME,
        "Un dépôt à 12h00min00s exactement est dans les délais",
        "Les textes disent « avant » : par défaut, 12h00min00s est en retard.",
        default=False,
        kind=Kind.YES_NO,
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
            kind=Kind.ADDRESS,
            group=FILINGS,
            source="Adresse publique, à vérifier avant chaque dépôt",
        )
    yield _unsaid(
        FUNDING_SHARES,
        "Parts de l'avance et du solde",
        "Ce que l'ASP paie à l'avance et au solde.",
        FILINGS,
    )


def _opening() -> Iterable[Parameter]:
    for key, label, hours in (
        (HOURS_WEEKDAY, "Horaires du lundi au vendredi", "09:00-19:00"),
        (HOURS_SATURDAY, "Horaires du samedi", "09:00-13:00"),
        (HOURS_SUNDAY, "Horaires du dimanche", "fermé"),
    ):
        yield Parameter(
            key, label, HOURS_HELP, default=hours, kind=Kind.HOURS, group=OPENING, source=SLIDES
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
        yield Parameter(key, label, text, default=False, kind=Kind.YES_NO, group=OPENING)


def _downtime() -> Iterable[Parameter]:
    yield Parameter(
        BASE,
        "Heures que compte D_f",
        "Les deux lectures restent calculées et affichées ; celle-ci donne le PERF retenu.",
        default="ouvrable",
        kind=Kind.CHOICE,
        choices=BASES,
        group=DOWNTIME,
    )
    yield Parameter(
        PERIOD,
        "Période d'observation de D_f",
        "Toutes à l'heure de Paris.",
        default="ANNEE",
        kind=Kind.CHOICE,
        choices=PERIODS,
        group=DOWNTIME,
    )
    yield Parameter(
        MAINTENANCE,
        "Une maintenance annoncée compte dans D_f",
        "Par défaut elle compte comme une panne.",
        default=True,
        kind=Kind.YES_NO,
        group=DOWNTIME,
    )
    for key, perf, minutes in ((LIMIT_ONE, "1", 600), (LIMIT_HALF, "0,5", 1200)):
        yield Parameter(
            key,
            f"D_f jusqu'à laquelle PERF vaut {perf}",
            "En minutes, cette durée comprise.",
            default=minutes,
            kind=Kind.WHOLE,
            unit=MINUTES,
            group=DOWNTIME,
            source=SLIDES,
        )

    yield _unsaid(
        DOWNTIME_SCOPE,
        "Ce dont l'indisponibilité compte dans D_f",
        "Le périmètre technique : DRIMbox, proxy, réseau, services nationaux.",
        DOWNTIME,
    )
    yield _unsaid(
        PERF_IN_PAYMENT,
        "Comment PERF entre dans le paiement",
        "Ce que PERF multiplie, et à quel moment.",
        DOWNTIME,
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
            kind=Kind.WHOLE,
            unit=MINUTES,
            group=GUARANTEES,
            source=SLIDES,
        )
    yield Parameter(
        GUARANTEE_BASE,
        "Heures que comptent la GTI et la GTR",
        "Par défaut le temps ne court que pendant la période ouvrable.",
        default="ouvrable",
        kind=Kind.CHOICE,
        choices=BASES,
        group=GUARANTEES,
    )
    yield _unsaid(
        GUARANTEE_ENDS,
        "Ce qui fait partir et arrêter la GTI et la GTR",
        "Ici : de la déclaration du ticket à sa prise en charge, et à son rétablissement.",
        GUARANTEES,
    )


def _ratios() -> Iterable[Parameter]:
    for threshold, formula, name in (
        (PERFM_THRESHOLD, PERFM_FORMULA, "PERFm"),
        (PERFE_THRESHOLD, PERFE_FORMULA, "PERFe"),
    ):
        yield _unsaid(
            formula,
            f"Formule de {name}",
            "Ici : un rapport de comptes-rendus, ceux de téléradiologie compris.",
            RATIOS,
        )
        yield Parameter(
            threshold,
            f"Seuil de {name}",
            NO_SCORE,
            default="",
            kind=Kind.PERCENTAGE,
            group=RATIOS,
        )


def _pilots() -> Iterable[Parameter]:
    yield Parameter(
        PILOT_CLIENTS,
        "Clients pilotes qu'il faut pour demander le solde",
        "Des Clients distincts, chacun avec ses demandes validées par l'ASP et un PV conforme.",
        default=3,
        kind=Kind.WHOLE,
        unit="Clients",
        group=PILOTS,
        source=SLIDES,
    )
    yield Parameter(
        PILOT_SCOPE,
        "Le périmètre pilote se justifie",
        "Les textes ne disent pas si les Clients d'un autre Fournisseur de la solution comptent.",
        default=PER_SUPPLIER,
        kind=Kind.CHOICE,
        choices=(
            (PER_SUPPLIER, "par Fournisseur et par solution"),
            (PER_SOLUTION, "par solution, tous Fournisseurs réunis"),
        ),
        group=PILOTS,
    )
    yield Parameter(
        PILOT_SECOND_AGENT,
        "Une décision « non conforme » attend la confirmation d'un second agent",
        "Non : l'agent qui instruit décide seul.",
        default=True,
        kind=Kind.YES_NO,
        group=PILOTS,
        source="Règle de cette application",
    )
    yield Parameter(
        PILOT_REVIEW_DAYS,
        "Durée supposée du contrôle d'un PV",
        "Tant qu'aucun contrôle n'est clos ; ensuite, la médiane mesurée la remplace.",
        default=10,
        kind=Kind.WHOLE,
        unit="jours ouvrés",
        group=PILOTS,
    )


def _va() -> Iterable[Parameter]:
    yield Parameter(
        VA_MONTHS,
        "Délai à compter de la notification du Client",
        "Même quantième, sinon dernier jour du mois : art. 641 du Code de procédure civile, par "
        "analogie.",
        default=2,
        kind=Kind.WHOLE,
        unit="mois",
        group=VA,
        source=SLIDES,
    )
    yield Parameter(
        VA_NUDGE_DAYS,
        "Jours sans notification avant de relancer le Fournisseur",
        "Après une VA dont des conditions sont reportées.",
        default=30,
        kind=Kind.WHOLE,
        unit="jours",
        group=VA,
        source="Règle de cette application",
    )
    yield _unsaid(
        VA_LATE_EFFECT,
        "Effet d'un délai dépassé",
        "Ce qui arrive quand les conditions reportées sont validées après le délai. Ici, le retard "
        "est compté et dit.",
        VA,
    )


def _prefiguration() -> Iterable[Parameter]:
    yield Parameter(
        CONTACT_MONTHS,
        "Durée de conservation d'un contact technique, au plus",
        "Depuis le jour où il est donné. Un contact déjà donné garde sa date d'effacement.",
        default=12,
        kind=Kind.WHOLE,
        unit="mois",
        group=PREFIGURATION,
    )


REGISTRY: Mapping[str, Parameter] = MappingProxyType(
    {
        p.key: p
        for p in (
            *_filings(),
            *_opening(),
            *_downtime(),
            *_guarantees(),
            *_ratios(),
            *_pilots(),
            *_va(),
            *_prefiguration(),
        )
    }
)
