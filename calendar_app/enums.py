"""Vocabulary of the calendars, deadlines, filings and reminders (DOMAIN §1 to §3)."""

from django.db import models

from mailing.rules import MailKind


class MilestoneScope(models.TextChoices):
    SOLUTION = "SOLUTION", "Solution"
    PRESTATION = "PRESTATION", "Prestation"


class Nature(models.TextChoices):
    REGULATORY = "REGULATORY", "Date réglementaire"
    ESTIMATED = "ESTIMATED", "Date estimée"


class Channel(models.TextChoices):
    """Where one really files."""

    CONVERGENCE = "CONVERGENCE", "Convergence"
    ASP = "ASP", "portail de l'ASP"
    HERE = "ICI", "cette application"
    NONE = "AUCUN", "chez le Client, sans dépôt"

    @property
    def place(self) -> str:
        """The label as it follows «sur»."""
        return "le portail de l'ASP" if self is Channel.ASP else str(self.label)


class Market(models.TextChoices):
    """How the solution is sold (DOMAIN §3): the last two are ineligible."""

    UNKNOWN = "A_PRECISER", "À préciser"
    COMPETITIVE = "CONCURRENTIEL", "Proposée sur un marché concurrentiel"
    SELF_PUBLISHED = "AUTOEDITEE", "Autoéditée : utilisée par son seul éditeur"
    MEMBERS_ONLY = "RESERVEE", "Réservée aux membres du groupement qui l'édite"


class State(models.TextChoices):
    TO_DO = "A_FAIRE", "À faire"
    DRAFT = "BROUILLON", "Brouillon non déposé"
    FILED = "DEPOSE", "Déposé"
    ACCEPTED = "VALIDE", "Validé"
    TO_CORRECT = "A_CORRIGER", "À corriger"
    REFUSED = "REFUSE", "Refusé"
    NOT_APPLICABLE = "SANS_OBJET", "Sans objet"


OPEN_STATES = (State.TO_DO, State.DRAFT, State.TO_CORRECT)
"""The organisation must still act: these are reminded."""


class PieceState(models.TextChoices):
    """Where a piece of a dossier stands."""

    TO_PROVIDE = "A_FOURNIR", "À fournir"
    IN_PROGRESS = "EN_COURS", "En préparation"
    READY = "PRETE", "Prête"
    NOT_APPLICABLE = "SANS_OBJET", "Sans objet"


SETTLED_PIECES = (PieceState.READY, PieceState.NOT_APPLICABLE)
"""Nothing is missing there."""


class FilingStatus(models.TextChoices):
    DRAFT = "BROUILLON", "Brouillon"
    FILED = "DEPOSE", "Déposé"
    ABANDONED = "ABANDONNE", "Abandonné"


class FilingOrigin(models.TextChoices):
    DECLARED = "DECLARE", "Déclaré sur ce site"
    TAKEN_OVER = "REPRISE", "Repris du passé"


class FirstStep(models.TextChoices):
    """In their order."""

    ORGANISATION = "organisation", "Votre organisation"
    COLLEAGUES = "collegues", "Vos collègues"
    SOLUTION = "solution", "Votre solution"
    PAST = "passe", "La reprise du passé"
    PRESTATIONS = "prestations", "Vos Clients et vos prestations"
    AGENDA = "agenda", "Votre agenda"


class ReminderState(models.TextChoices):
    SCHEDULED = "PREVU", "Prévu"
    CLAIMED = "EN_COURS", "Envoi en cours"
    SENT = "ENVOYE", "Envoyé"
    UNKNOWN = "INCERTAIN", "Peut-être reçu"
    FAILED = "ECHEC", "Échec"
    SUPERSEDED = "REMPLACE", "Remplacé par un rappel plus proche"
    CANCELLED = "ANNULE", "Annulé"


REMINDER_MAIL = MailKind("RAPPEL", "Rappels avant échéance", is_optional=True)
CALENDAR_MAIL = MailKind("CALENDRIER", "Changements de calendrier", is_optional=True)
WEEKLY_MAIL = MailKind(
    "SEMAINE",
    "Récapitulatif de la semaine, le premier matin ouvré",
    is_optional=True,
    is_asked=True,
)


class Right(models.TextChoices):
    """The rights of a Fournisseur that may have a term."""

    MANDATE = "MANDAT", "Mandat"
    PSC = "EDC_PSC", "Habilitation EDC PSC"
