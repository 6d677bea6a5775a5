"""Who moves a préfigurateur from stage to stage; how long a contact is kept (DOMAIN §8)."""

import datetime as dt
from enum import Enum

from journal.rules.workflow import LABELS, Act, Workflow
from pilots.enums import Stage
from segur.lib import paris
from segur.lib.workdays import is_working_day


class Party(Enum):
    ANS = "un agent de l'ANS"
    EDITEUR = "un membre de l'éditeur du couple DRIMbox"
    SIGNATORY = "un Représentant ou un Mandataire de l'éditeur du couple DRIMbox"
    EITHER = "l'ANS ou un membre de l'éditeur du couple DRIMbox"
    """Or the application itself, on the day that was set."""


S = Stage
PREFIGURATEUR = Workflow(
    "prefigurateur",
    {
        "give": Act((S.WORKING_LIST,), S.CONTACT, Party.EDITEUR, "Contact technique donné"),
        "lose": Act((S.CONTACT,), S.WORKING_LIST, Party.EITHER, "Plus aucun contact technique"),
        "record": Act((S.CONTACT,), S.INTERVIEW, Party.ANS, "Entretien fait"),
        "agree": Act((S.INTERVIEW,), S.AGREED, Party.SIGNATORY, "Accord de l'éditeur"),
        "publish": Act((S.AGREED,), S.PUBLIC, Party.ANS, "Inscrit sur la liste publique"),
        "withdraw": Act((S.PUBLIC,), S.AGREED, Party.ANS, "Retiré de la liste publique"),
        "resume": Act((S.DROPPED,), S.WORKING_LIST, Party.ANS, "Repris dans la liste de travail"),
        "drop": Act(
            tuple(stage for stage in S if stage is not S.DROPPED), S.DROPPED, Party.ANS, "Écarté"
        ),
    },
)
"""«lose»: the last contact is erased before the interview."""

LABELS.update(
    {
        "prefigurateur.enter": "Préfigurateur inscrit dans la liste de travail",
        "prefigurateur.edit": "Identité d'un préfigurateur modifiée",
        "prefigurateur.ask": "Contact technique demandé",
        "prefigurateur.give_another": "Autre contact technique donné",
        "prefigurateur.correct_contact": "Contact technique corrigé",
        "prefigurateur.erase_contact": "Contact technique effacé",
        "prefigurateur.plan": "Entretien fixé ou modifié",
        "prefigurateur.call_off": "Entretien annulé",
        "prefigurateur.complete": "Compte-rendu de l'entretien complété",
        "prefigurateur.hand_over": "Entretien confié à quelqu'un d'autre",
        "prefigurateur.give_up_seat": "Participation à un entretien retirée",
    }
)

KEPT_MONTHS = 6
"""What the form proposes: the time to hold the interview and to answer the questions after it."""

NO_MORE_CONTACT = {
    Stage.PUBLIC: "Ce préfigurateur est public : le contact servait à le préparer, aucun autre "
    "n'est pris. L'ANS peut le retirer de la liste publique si la préparation reprend.",
    Stage.DROPPED: "Ce préfigurateur est écarté : il n'a plus besoin de contact.",
}
"""Why no contact is taken at these stages: its data serves the preparation and nothing else."""

PURPOSE = (
    "Préparer l'entretien de préfiguration DRIMbox, en présenter les attendus techniques et le "
    "calendrier, et répondre aux questions qui suivent."
)

OPEN_FROM, OPEN_UNTIL = dt.time(8), dt.time(19)
"""The hours, in Paris, at which an interview is fixed without being asked again."""
ASKED_LATELY = dt.timedelta(days=1)
"""Within this time, a contact asked for again is confirmed."""


def unusual(at: dt.datetime) -> str:
    """Why an interview at this instant is confirmed: «un dimanche», «à 3h»; empty when it is not.

    The half-hour that it lasts does not count: it may begin until 19h, not included.
    """
    day, hour = paris.day(at), paris.local(at).time()
    if not is_working_day(day):
        return f"{paris.long_day(day)} n'est pas un jour ouvré"
    if not OPEN_FROM <= hour < OPEN_UNTIL:
        return f"{paris.hour(hour)} est hors des heures de bureau (de 8h à 19h)"
    return ""
