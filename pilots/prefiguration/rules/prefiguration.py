"""Who moves a préfigurateur from stage to stage; how long a contact is kept (DOMAIN §8)."""

from enum import Enum

from pilots.enums import Stage


class Party(Enum):
    ANS = "un agent de l'ANS"
    EDITEUR = "un membre de l'éditeur du couple DRIMbox"
    SIGNATORY = "un Représentant ou un Mandataire de l'éditeur du couple DRIMbox"
    EITHER = "l'ANS ou un membre de l'éditeur du couple DRIMbox"
    """Or the application itself, on the day that was set."""


ACTS: dict[tuple[Stage, Stage], tuple[str, Party]] = {
    (Stage.WORKING_LIST, Stage.CONTACT): ("Contact technique donné", Party.EDITEUR),
    (Stage.CONTACT, Stage.WORKING_LIST): ("Plus aucun contact technique", Party.EITHER),
    (Stage.CONTACT, Stage.INTERVIEW): ("Entretien fait", Party.ANS),
    (Stage.INTERVIEW, Stage.AGREED): ("Accord de l'éditeur", Party.SIGNATORY),
    (Stage.AGREED, Stage.PUBLIC): ("Inscrit sur la liste publique", Party.ANS),
    (Stage.PUBLIC, Stage.AGREED): ("Retiré de la liste publique", Party.ANS),
    (Stage.DROPPED, Stage.WORKING_LIST): ("Repris dans la liste de travail", Party.ANS),
    **{
        (stage, Stage.DROPPED): ("Écarté", Party.ANS)
        for stage in Stage
        if stage is not Stage.DROPPED
    },
}
"""Every move of `enums.STAGES`: what the journal says of it, and who may make it."""

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
