"""The lines of the register for the apps below this one: accounts, mails, held files, the journal;
and for what Django keeps.
"""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q

from accounts.models import Invitation
from api import idempotency
from documents.services import held
from mailing.enums import MailState
from mailing.models import OutgoingMail
from privacy.rules.parameters import INVITATION_MONTHS, MAIL_MONTHS
from privacy.rules.register import Kept
from privacy.services.archives import forget_archives
from privacy.services.requests import erase_due

GONE = (MailState.SENT, MailState.SHOWN, MailState.FAILED, MailState.CANCELLED)
BY_DATABASE = "django.core.cache.backends.db.DatabaseCache"


def forget_sessions(now: dt.datetime, _before: dt.datetime) -> int:
    count, _ = Session.objects.filter(expire_date__lt=now).delete()
    open_ones = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=open_ones).delete()
    return count


def forget_mails(_now: dt.datetime, before: dt.datetime) -> int:
    """The row stays, with its key: news already mailed is not mailed again."""
    old = OutgoingMail.objects.filter(state__in=GONE, created_at__lt=before)
    return old.exclude(subject="", to_email="").update(
        to_email="", subject="", body_text="", body_html="", headers={}, attachments=[], error=""
    )


def forget_invitations(_now: dt.datetime, before: dt.datetime) -> int:
    over = Q(accepted_at__lt=before) | Q(revoked_at__lt=before) | Q(expires_at__lt=before)
    count, _ = Invitation.objects.filter(over).delete()
    return count


def forget_held_files(now: dt.datetime, _before: dt.datetime) -> int:
    return held.sweep(now=now)


def forget_api_answers(now: dt.datetime, _before: dt.datetime) -> int:
    return idempotency.sweep(now=now)


def forget_cache(now: dt.datetime, _before: dt.datetime) -> int:
    """Redis forgets by itself; the cache in the database keeps what nobody asks for again."""
    cache = settings.CACHES["default"]
    if cache["BACKEND"] != BY_DATABASE:
        return 0
    table = connection.ops.quote_name(str(cache["LOCATION"]))
    ended = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [ended])  # noqa: S608  (ours)
        return int(cursor.rowcount)


LINES = (
    Kept(
        "accounts",
        "Comptes",
        "Prénom et nom, adresse électronique, quatre derniers mots de passe (hachés), "
        "organisations et rôles, préférences de rappels, absences.",
        "Reconnaître la personne et lui donner ses droits.",
        "Jusqu'à l'effacement, demandé depuis le profil.",
        forget=erase_due,
    ),
    Kept(
        "organisations",
        "Identité des organisations et des solutions",
        "Nom, SIREN ou FINESS, commune.",
        "Nommer qui dépose, installe ou reçoit.",
        "Autant que le dossier.",
        law="une organisation qui porte le nom d'une personne garde son nom public.",
        columns=("accounts_organisation.city",),
    ),
    Kept(
        "sessions",
        "Sessions",
        "Identifiant de la session et de la personne, navigateur et adresse IP du dernier usage.",
        "Rester connecté pendant une journée de travail ; montrer à la personne où elle l'est.",
        "12 heures au plus.",
        forget=forget_sessions,
    ),
    Kept(
        "factors",
        "Double authentification",
        "Secret de l'application (chiffré), clés d'accès (partie publique) et leur dernier usage ; "
        "demandes de réinitialisation et leur motif.",
        "Vérifier, à la connexion, que la personne a son appareil.",
        "Jusqu'à leur retrait ou à l'effacement du compte.",
    ),
    Kept(
        "cache",
        "Saisies gardées et limites d'essais",
        "Ce qui était saisi quand la session a pris fin ; adresse IP de qui essaie trop souvent.",
        "Ne rien perdre de ce qui était saisi ; freiner les attaques.",
        "1 heure pour les saisies, 1 jour au plus pour les limites.",
        forget=forget_cache,
    ),
    Kept(
        "mails",
        "Courriels et notifications",
        "Adresse, objet, texte et pièces de chaque courriel.",
        "Prouver l'envoi et permettre de le relire.",
        "{} mois. Restent ensuite la date, la nature et l'état de l'envoi.",
        months=MAIL_MONTHS,
        forget=forget_mails,
    ),
    Kept(
        "invitations",
        "Invitations",
        "Adresse invitée, rôle, qui invite.",
        "Faire entrer une personne dans une organisation.",
        "{} mois après l'acceptation, le retrait ou l'expiration.",
        months=INVITATION_MONTHS,
        forget=forget_invitations,
    ),
    Kept(
        "held",
        "Fichiers d'un formulaire refusé",
        "Les fichiers choisis.",
        "Ne pas les faire choisir une seconde fois.",
        "12 heures.",
        forget=forget_held_files,
    ),
    Kept(
        "archives",
        "Archives d'organisations",
        "Les données d'une organisation en un ZIP, et qui les a demandées.",
        "Les remettre à la personne qui les a demandées.",
        "7 jours.",
        forget=forget_archives,
    ),
    Kept(
        "api_keys",
        "Clés d'API",
        "Qui a créé la clé, qui en répond, date et adresse IP du dernier appel.",
        "Savoir qui répond de ce qu'un logiciel a fait, et voir un usage anormal.",
        "Autant que le dossier. La clé est retirée au départ de qui en répond.",
    ),
    Kept(
        "api_answers",
        "Réponses de l'API",
        "La réponse donnée à un appel qui porte une Idempotency-Key.",
        "Ne pas faire deux fois ce qu'un logiciel envoie deux fois.",
        "24 heures.",
        forget=forget_api_answers,
    ),
    Kept(
        "journal",
        "Journal des actes",
        "Nom de qui agit, date, acte et objet.",
        "Savoir qui a fait quoi dans un programme financé par l'État.",
        "Autant que le dossier. Le nom est effacé avec le compte : « Personne effacée ».",
        law="le motif saisi pour un acte, que l'empreinte de la chaîne couvre ; les formulaires "
        "demandent de n'y nommer personne.",
    ),
)
