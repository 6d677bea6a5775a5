"""Vocabulary of the webhooks."""

from django.db import models

from journal.rules.workflow import LABELS

TEST = "webhook.test"
"""The event of a trial: nothing happened."""


class BodyFormat(models.TextChoices):
    STANDARD = "STANDARD", "Logiciel (JSON, Standard Webhooks)"
    TEAMS = "TEAMS", "Message Teams"
    SLACK = "SLACK", "Message Slack"
    MATTERMOST = "MATTERMOST", "Message Mattermost"


class EventKind(models.TextChoices):
    """What an organisation chooses by: families of acts of the journal."""

    DEADLINES = "ECHEANCES", "Échéances et dépôts"
    VA = "VA", "VA et délais"
    PV = "PV", "Clients pilotes, PV et demandes à l'ASP"
    PERF = "PERF", "Indisponibilités, corrections et ratios PERF"
    TICKETS = "TICKETS", "Tickets"
    RECORDS = "DOSSIERS", "Solutions, Fournisseurs, prestations et portails"


FAMILIES = {
    EventKind.DEADLINES: ("deadline",),
    EventKind.VA: ("va", "delay"),
    EventKind.PV: ("pilot", "pv", "asprequest"),
    EventKind.PERF: ("outage", "correction", "ratio", "service"),
    EventKind.TICKETS: ("ticket",),
    EventKind.RECORDS: ("solution", "supplier", "prestation", "portal", "connector", "couple"),
}
"""Kind → what the names of its acts begin with."""

KIND_OF = {family: kind for kind, families in FAMILIES.items() for family in families}


class DeliveryState(models.TextChoices):
    WAITING = "EN_ATTENTE", "À envoyer"
    DELIVERED = "REMIS", "Remis"
    DEAD = "ABANDONNE", "Abandonné"


LABELS.update(
    {
        "webhook.create": "Webhook créé",
        "webhook.enable": "Webhook réactivé",
        "webhook.disable": "Webhook désactivé",
        "webhook.delete": "Webhook supprimé",
        "webhook.replay": "Envois d'un webhook repris",
    }
)
