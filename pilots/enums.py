"""Vocabulary of the pilots, of the VA and of the préfigurateurs (DOMAIN §5 to §8)."""

from django.db import models

from mailing.rules import MailKind


class Checklist(models.TextChoices):
    PV = "PV", "Mentions du PV d'installation pilote"
    VA = "VA", "Conditions de la VA"


class AspRequestKind(models.TextChoices):
    FUNDING = "FINANCEMENT", "Demande de financement"
    ADVANCE = "AVANCE", "Demande de paiement de l'avance"


class AspRequestState(models.TextChoices):
    TO_DEPOSIT = "A_DEPOSER", "À déposer"
    DEPOSITED = "DEPOSEE", "Déposée"
    INCOMPLETE = "INCOMPLETE", "Incomplète"
    TO_MODIFY = "A_MODIFIER", "À modifier"
    VALIDATED = "VALIDEE", "Validée par l'ASP"
    PAID = "PAYEE", "Payée"


ASP_TRANSITIONS: dict[AspRequestState, tuple[AspRequestState, ...]] = {
    AspRequestState.TO_DEPOSIT: (AspRequestState.DEPOSITED,),
    AspRequestState.DEPOSITED: (
        AspRequestState.INCOMPLETE,
        AspRequestState.TO_MODIFY,
        AspRequestState.VALIDATED,
    ),
    AspRequestState.INCOMPLETE: (AspRequestState.DEPOSITED,),
    AspRequestState.TO_MODIFY: (AspRequestState.DEPOSITED,),
    AspRequestState.VALIDATED: (AspRequestState.PAID, AspRequestState.TO_MODIFY),
    AspRequestState.PAID: (),
}
VALIDATED_BY_ASP = (AspRequestState.VALIDATED, AspRequestState.PAID)


class PVState(models.TextChoices):
    DRAFT = "BROUILLON", "Brouillon"
    SIGNED = "SIGNE", "Signé, pas encore transmis"
    SENT = "TRANSMIS", "Transmis à l'ANS"
    IN_REVIEW = "EN_CONTROLE", "En contrôle"
    TO_CONFIRM = "A_CONFIRMER", "Non conforme, à confirmer"
    TO_TAKE_EFFECT = "A_EFFET", "Conforme, à effet différé"
    CONFORM = "CONFORME", "Conforme"
    NOT_CONFORM = "NON_CONFORME", "Non conforme"
    ABANDONED = "ABANDONNE", "Abandonné"


PENDING_STATES = (PVState.TO_CONFIRM, PVState.TO_TAKE_EFFECT)
"""A decision of the ANS that may still change: the Fournisseur knows nothing of it."""

WAITING_STATES = (PVState.SENT, PVState.IN_REVIEW, *PENDING_STATES)
"""The PV is with the ANS, which has not decided yet."""

EDITABLE_STATES = (PVState.DRAFT, PVState.SIGNED, PVState.NOT_CONFORM)
"""The Fournisseur may still change it."""

ASSIGNABLE_STATES = (PVState.SENT, PVState.IN_REVIEW)
"""An agent of the ANS may be given it."""


class Withdrawal(models.TextChoices):
    """How a decision on a PV ceased to hold."""

    CONTRADICTED = "CONTREDITE", "pas confirmé"
    RETRACTED = "RETIREE", "proposition retirée"
    LAPSED = "CADUQUE", "confirmation plus demandée"
    RECALLED = "REPRISE", "décision reprise"
    REOPENED = "ROUVERTE", "instruction rouverte"


class ReasonKind(models.TextChoices):
    """Why a mention of a PV is not conforme."""

    MISSING = "ABSENTE", "Absente"
    INCOMPLETE = "INCOMPLETE", "Incomplète"
    WRONG = "INEXACTE", "Inexacte ou contradictoire"
    ILLEGIBLE = "ILLISIBLE", "Illisible"
    UNSIGNED = "NON_SIGNEE", "Signature absente, modifiée ou d'une autre personne"


class SignatureState(models.TextChoices):
    """What pyhanko says of the signed file, in plain French; UNREAD: nothing yet."""

    VALID = "VALIDE", "Signature électronique valide"
    BROKEN = "ALTEREE", "Modifié après la signature"
    UNTRUSTED = "NON_FIABLE", "Signature électronique dont l'auteur n'est pas vérifiable"
    UNKNOWN = "INCONNUE", "Signature que ce site ne sait pas vérifier"
    PREPARED = "PREPAREE", "Signature préparée, jamais apposée"
    NONE = "AUCUNE", "Signature manuscrite à contrôler"
    UNREAD = "A_LIRE", "En cours de lecture par le site"


class PublicationState(models.TextChoices):
    PROPOSED = "PROPOSEE", "À publier"
    PUBLISHED = "PUBLIEE", "Publiée"
    WITHDRAWN = "RETIREE", "Retirée"


class VACase(models.TextChoices):
    """DOMAIN §6: whether the RIS was already Vague 2 when the prestation was finalised."""

    ALL_VERIFIED = "CAS_1", "Le RIS était déjà en Vague 2"
    SOME_REPORTED = "CAS_2", "Le RIS n'était pas encore en Vague 2"


class ConditionState(models.TextChoices):
    VERIFIED = "VERIFIEE", "Vérifiée à la VA"
    REPORTED = "REPORTEE", "Reportée"
    VALIDATED = "VALIDEE", "Validée par le Client"


class PortalOutcome(models.TextChoices):
    PENDING = "A_TRAITER", "À traiter"
    INTEGRATES = "INTEGRE", "Intègre les exigences DRIMbox"
    DECOMMISSIONED = "DECOMMISSIONNE", "Décommissionné"


class PortalProof(models.TextChoices):
    """What a piece of a portal proves."""

    INFORMED = "INFORMATION", "Client informé"
    OUTCOME = "SUITE", "Suite"


class ConnectorKind(models.TextChoices):
    """The half-connectors of DOMAIN §7."""

    DB_CR = "DB_CR", "DRIMbox · CR CDA R2 N1, pour générer les KOS"
    DB_CALL = "DB_APPEL", "DRIMbox · appel contextuel par un utilisateur identifié PSC"
    PFI_CR = "PFI_CR", "DPI/PFI · envoi des CR CDA R2 N1"
    GAM_PAM = "GAM_PAM", "RI/GAM · identités IHE PAM reçues"
    TELE_ORM = "TELE_ORM", "Téléradiologie, télémédecine · demandes ORM avec INS"
    TELE_ORU = (
        "TELE_ORU",
        "Téléradiologie, télémédecine · retour ORU avec CR CDA R2 N1",
    )


class ConnectorState(models.TextChoices):
    TO_DO = "A_FAIRE", "À faire"
    TESTED = "TESTE", "Testé"
    VALIDATED = "VALIDE", "Validé"
    NOT_CONCERNED = "SANS_OBJET", "Sans objet"


class PrefigurateurKind(models.TextChoices):
    SITE = "ETABLISSEMENT", "Établissement"
    GROUP = "GROUPE", "Groupe d'établissements"


class Stage(models.TextChoices):
    """DOMAIN §8, in order."""

    WORKING_LIST = "LISTE", "Liste de travail"
    CONTACT = "CONTACT", "Contact technique connu"
    INTERVIEW = "ENTRETIEN", "Entretien fait"
    AGREED = "VALIDE", "Validé avec l'éditeur"
    PUBLIC = "PUBLIC", "Liste publique"
    DROPPED = "ECARTE", "Écarté"


DIGEST_MAIL = MailKind(
    "POINT", "Point du jour des PV à instruire (agents de l'ANS)", is_optional=True
)
VA_MAIL = MailKind("VA", "VA qui attend la mise à jour du RIS", is_optional=True)
PREFIGURATION_MAIL = MailKind(
    "PREFIG", "Préfigurateurs : contact technique demandé, entretien", is_optional=True
)
