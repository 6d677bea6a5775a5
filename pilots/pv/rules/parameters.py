"""What the texts do not say of the RIS pilots (DOMAIN §9)."""

from parameters.rules.kinds import SLIDES, Parameter, ParameterKind

PILOT_CLIENTS = "pilots.clients_needed"
PILOT_SCOPE = "pilots.gate_scope"
PILOT_SECOND_AGENT = "pilots.second_agent"
PILOT_REVIEW_DAYS = "pilots.review_days"

PER_SUPPLIER, PER_SOLUTION = "FOURNISSEUR_SOLUTION", "SOLUTION"
PILOTS = "Pilotes RIS"


PARAMETERS = (
    Parameter(
        PILOT_CLIENTS,
        "Clients pilotes qu'il faut pour demander le solde",
        "Des Clients distincts, chacun avec ses demandes validées par l'ASP et un PV conforme.",
        default=3,
        kind=ParameterKind.WHOLE,
        unit="Clients",
        group=PILOTS,
        source=SLIDES,
    ),
    Parameter(
        PILOT_SCOPE,
        "Le périmètre pilote se justifie",
        "Les textes ne disent pas si les Clients d'un autre Fournisseur de la solution comptent.",
        default=PER_SUPPLIER,
        kind=ParameterKind.CHOICE,
        choices=(
            (PER_SUPPLIER, "par Fournisseur et par solution"),
            (PER_SOLUTION, "par solution, tous Fournisseurs réunis"),
        ),
        group=PILOTS,
    ),
    Parameter(
        PILOT_SECOND_AGENT,
        "Une décision « non conforme » attend la confirmation d'un second agent",
        "Non : l'agent qui instruit décide seul.",
        default=True,
        kind=ParameterKind.YES_NO,
        group=PILOTS,
        source="Règle de cette application",
    ),
    Parameter(
        PILOT_REVIEW_DAYS,
        "Durée supposée du contrôle d'un PV",
        "Tant qu'aucun contrôle n'est clos ; ensuite, la médiane mesurée la remplace.",
        default=10,
        kind=ParameterKind.WHOLE,
        unit="jours ouvrés",
        group=PILOTS,
    ),
)
