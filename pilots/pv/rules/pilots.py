"""The acts of a pilot Client, in the words of the journal."""

from journal.rules.workflow import LABELS

ACTS = {"name": "Client pilote désigné", "withdraw": "Client pilote retiré"}
LABELS.update({f"pilot.{name}": words for name, words in ACTS.items()})
LABELS.update(
    {
        "asprequest.create": "Demande à l'ASP ouverte",
        "asprequest.edit": "Demande à l'ASP : état enregistré",
    }
)
