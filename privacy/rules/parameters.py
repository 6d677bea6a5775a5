"""Texts that the operator of the site fills in, and how long personal data are kept."""

from collections.abc import Iterable

from parameters.rules.kinds import Parameter, ParameterKind

PUBLISHER = "privacy.publisher"
HOST = "privacy.host"
CONTROLLER = "privacy.controller"
BASIS = "privacy.basis"
CONTACT = "privacy.contact"
MAIL_MONTHS = "privacy.mail_months"
INVITATION_MONTHS = "privacy.invitation_months"
FEED_MONTHS = "privacy.feed_months"
IMPORT_MONTHS = "privacy.import_months"
DRAFT_MONTHS = "privacy.draft_months"
ERASURE_DAYS = "privacy.erasure_days"

TEXTS = "Mentions légales et données personnelles"
PERIODS = "Durées de conservation"
TO_FILL_IN = "À compléter par l'exploitant du site"
OWN_RULE = "Règle de cette application"


def _texts() -> Iterable[Parameter]:
    for key, label, text in (
        (
            PUBLISHER,
            "Éditeur du site",
            "Nom, adresse, téléphone et directeur de la publication (loi du 21 juin 2004).",
        ),
        (HOST, "Hébergeur du site", "Nom, adresse et téléphone de l'hébergeur."),
        (
            CONTROLLER,
            "Responsable du traitement",
            "Qui décide du but et des moyens du traitement des données (RGPD, art. 13).",
        ),
        (
            BASIS,
            "Base légale du traitement",
            "Par exemple la mission d'intérêt public, avec le texte qui la donne.",
        ),
        (
            CONTACT,
            "Contact pour les données personnelles",
            "Le délégué à la protection des données, ou le service qui répond aux demandes.",
        ),
    ):
        yield Parameter(
            key,
            label,
            text,
            default="",
            kind=ParameterKind.WORDS,
            group=TEXTS,
            source=TO_FILL_IN,
        )


def _periods() -> Iterable[Parameter]:
    for key, label, text, months in (
        (
            MAIL_MONTHS,
            "Contenu des courriels envoyés",
            "Au-delà, l'adresse, l'objet, le texte et les pièces d'un courriel sont effacés.",
            12,
        ),
        (
            INVITATION_MONTHS,
            "Invitations acceptées, retirées ou expirées",
            "Au-delà, l'invitation et son adresse sont effacées.",
            12,
        ),
        (
            FEED_MONTHS,
            "Adresses d'agenda que plus rien ne lit",
            "Au-delà, l'adresse est effacée ; la personne peut en créer une autre.",
            12,
        ),
        (
            IMPORT_MONTHS,
            "Résultat des imports de fichiers",
            "Au-delà, le résultat est effacé ; ce qui a été importé reste.",
            12,
        ),
        (
            DRAFT_MONTHS,
            "Fichiers des brouillons abandonnés et pièces retirées",
            "Au-delà, le fichier est effacé ; une pièce déposée n'est pas concernée.",
            6,
        ),
    ):
        yield Parameter(
            key,
            label,
            text,
            default=months,
            kind=ParameterKind.WHOLE,
            unit="mois",
            group=PERIODS,
            source=OWN_RULE,
        )


def _erasure() -> Iterable[Parameter]:
    yield Parameter(
        ERASURE_DAYS,
        "Délai avant l'effacement d'un compte",
        "Depuis la demande de la personne, qui peut y renoncer jusque-là. Un Responsable de l'ANS "
        "peut effacer plus tôt.",
        default=7,
        kind=ParameterKind.WHOLE,
        unit="jours",
        group=PERIODS,
        source=OWN_RULE,
    )


PARAMETERS = (*_texts(), *_periods(), *_erasure())
