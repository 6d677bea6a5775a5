"""One mail at least of each template: those of the demonstration, and what it has not led to."""

import datetime as dt
import re
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.enums import Kind, Role
from accounts.models import Organisation, User
from accounts.services import access_requests, mail
from accounts.services.factor_resets import factor_reset_ask
from accounts.services.file_news import tell_refused
from accounts.services.invitations import Invited, invitations_send
from calendar_app.demo import cast
from calendar_app.enums import Nature, State
from calendar_app.models import Deadline, Filing, Milestone, Proof, ReminderPreference, Supplier
from calendar_app.services import bulk, calendar_news, decisions, reminders, weekly
from calendar_app.services.calendars import milestone_amend
from imports.services import jobs
from journal.rules.by import By
from mailing.models import OutgoingMail
from mailing.services import delivery
from parameters.services.values import parameter_amend
from perf.models import Correction
from perf.services import corrections, ticket_warnings
from pilots.enums import PublicationState, PVState
from pilots.pv.models import PilotPV, Publication
from pilots.pv.rules.parameters import PILOT_SECOND_AGENT
from pilots.pv.services import digest, pending, publications, review
from pilots.pv.services.assigning import assign, assign_all
from pilots.va.services import va_nudge
from segur.lib import paris
from teamwork.services.absences import declare_absence
from tests.factories import member
from webhooks.models import Endpoint
from webhooks.services.endpoints import endpoint_enable, endpoint_give_up

SUBJECTS = {
    "absence": "Vous remplacez",
    "access_request": "demande à rejoindre",
    "archive_done": "^Archive de",
    "calendar_amended": "Date modifiée",
    "charge": "À votre charge",
    "comment": "Commentaire de",
    "confirmed": "confirmés? :",
    "decision": "^Décision · Validé",
    "erasure_asked": "Votre compte sera effacé",
    "erasure_to_do": "Effacement demandé",
    "factor_reset": "^Sécurité · Double authentification de",
    "file_refused": "Fichier refusé",
    "import_done": "rien n'est enregistré$",
    "invitation": "^Invitation : rejoignez (?![0-9]+ organisations)",
    "invitations": "^Invitation : rejoignez [0-9]+ organisations",
    "outage_correction": "Correction à la baisse",
    "outage_decision": "^Décision · Panne",
    "parameter_changed": "^Paramètre",
    "prefigurateur_contact": "Contact technique",
    "prefigurateur_interview": "Entretien",
    "publication_proposed": "À publier",
    "publication_published": "installations réussies publiées",
    "publication_withdrawn": "Publication retirée",
    "pv_decision": "PV conforme",
    "pv_digest": "PV à instruire",
    "pv_lapsed": "^PV de nouveau en contrôle",
    "pv_receipt": "Récépissé PV-",
    "pv_reopened": "^Décision · PV de nouveau",
    "pv_second": "Non-conformité à confirmer",
    "pv_taken": "PV passé à",
    "pvs_taken": "PV passés à",
    "receipt": "Récépissé REC-",
    "receipt_batch": "Récépissé LOT-",
    "reminder": "^Rappel ·",
    "reopened": "^Décision · À corriger",
    "ticket_warning": "^Ticket",
    "va_nudge": "En attente du RIS",
    "webhook_disabled": "Webhook",
    "weekly": "^Semaine du",
}
"""Template of `templates/mail/` → what its subject has, and no other."""

MONDAY = paris.at(dt.date(2027, 1, 18), dt.time(10, 30))
"""A working morning, six days after the instant of the demonstration of the golden texts."""
OF_LIBRARIES = ("account", "mfa", "socialaccount")
WORDS = {
    "activate_url": "https://segur.example/compte/confirm-email/Mw:1wZ/",
    "password_reset_url": "https://segur.example/compte/password/reset/key/1-abc/",
    "from_email": "ancienne@exemple.example",
    "to_email": "nouvelle@exemple.example",
    "deleted_email": "nouvelle@exemple.example",
    "provider": "Pro Santé Connect",
    "ip": "192.0.2.7",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
}
WHY = "La pièce jointe ne porte pas la signature du Client : signez-la, puis recommencez."


def templates() -> set[str]:
    """The names of the mails that the site composes itself."""
    found = Path(settings.BASE_DIR, "templates/mail").glob("*_subject.txt")
    return {path.name.removesuffix("_subject.txt") for path in found}


def template_of(subject: str) -> str:
    """The template of the site that wrote it; else the subject itself."""
    return next((name for name, words in SUBJECTS.items() if re.search(words, subject)), subject)


def write(now: dt.datetime) -> list[OutgoingMail]:
    """Every mail of the ledger, once each template has written one."""
    for write_some in (_of_the_ans, _of_pvs, _of_people, _of_libraries, _of_the_clock):
        write_some(now)
    while delivery.deliver_waiting(now=now):
        pass
    return list(OutgoingMail.objects.exclude(subject="").order_by("pk"))


def _by(person: cast.Person, at: dt.datetime) -> By:
    return By.person(User.objects.get(email=person.email), at)


def _of_the_ans(now: dt.datetime) -> None:
    lead, agent = _by(cast.RESPONSABLE, now), _by(cast.AGENT, now)
    milestone = Milestone.objects.filter(due_at__gt=now + dt.timedelta(days=90)).earliest("due_at")
    milestone_amend(
        milestone=milestone,
        due_at=paris.at(dt.date(2027, 7, 7), dt.time(12)),
        reason="Report annoncé aux éditeurs.",
        source="Arrêté du 1er décembre 2026, article 2",
        nature=Nature.REGULATORY,
        by=lead,
    )
    calendar_news.tell_waiting(now=now)
    correction = Correction.objects.earliest("pk")
    corrections.decide(correction, decision="accept", reason="Le journal le montre.", by=agent)
    published = Publication.objects.filter(state=PublicationState.PUBLISHED).earliest("pk")
    publications.withdraw(published, reason="Publiée par erreur : un PV est rouvert.", by=lead)
    filed = Deadline.objects.filter(organisation__name=cast.EDITEUR, state=State.FILED)
    bulk.confirm_all(list(filed.order_by("pk")[:3]), by=agent)
    refused = Filing.objects.filed().filter(deadline__state=State.FILED).latest("pk")
    decisions.decide(refused, decision=State.REFUSED, reason=WHY, by=agent)
    refused.deadline.refresh_from_db()
    decisions.reopen(refused.deadline, reason=WHY, by=agent)
    editeurs = Organisation.objects.filter(kind=Kind.EDITEUR).order_by("pk")[:2]
    address = "ines.aubrac@exemple.example"
    invitations_send([Invited(one, address, Role.MANDATAIRE) for one in editeurs], by=lead)
    tell_refused(Proof.objects.filter(uploaded_by__is_active=True).latest("pk"), WHY, agent)


def _of_pvs(now: dt.datetime) -> None:
    """Of two agents of the ANS, and of the responsable who no longer asks for a second one."""
    digest.write(now=now)
    lead = _by(cast.RESPONSABLE, now)
    other = member(Role.AGENT, Organisation.objects.get(name=cast.ANS), full_name="Iris Quentin")
    ans = other.memberships.get().organisation
    third = member(Role.AGENT, ans, full_name="Maël Aubrac")
    member(Role.RESPONSABLE, ans, full_name="Noé Valserine")
    to_confirm = PilotPV.objects.get(state=PVState.TO_CONFIRM)
    pending.ask_second(to_confirm, to=other, by=lead)
    assign(PilotPV.objects.get(state=PVState.IN_REVIEW), to=other, by=lead)
    waiting = list(PilotPV.objects.filter(state=PVState.SENT).order_by("pk")[:2])
    for person in (third, other):
        assign_all(waiting, by=lead, agent=person)
    review.reopen(PilotPV.objects.filter(state=PVState.CONFORM).earliest("pk"), reason=WHY, by=lead)
    parameter_amend(
        key=PILOT_SECOND_AGENT,
        value=False,
        effective_from=now,
        source="Note de service du 1er décembre 2026",
        is_confirmed=True,
        by=lead,
    )
    pending.settle(now=now)


def _of_people(now: dt.datetime) -> None:
    leader = _by(cast.MANDATAIRE, now)
    stand_in = User.objects.get(email=cast.REPRESENTANT.email)
    declare_absence(until=paris.day(now) + dt.timedelta(days=12), stand_in=stand_in, by=leader)
    access_requests.access_request(
        siren=cast.ORGANISATIONS[cast.EDITEUR][1],
        message="Je remplace Jeanne Clairval au service des dépôts.",
        asker={
            "name": "Zoé Garance",
            "email": "zoe.garance@radiolune.example",
            "provider": "ProConnect",
        },
        by=By.clock(now),
    )
    Authenticator.objects.create(user=stand_in, type=Authenticator.Type.TOTP, data={})
    membership = stand_in.memberships.get()
    factor_reset_ask(membership=membership, reason="Téléphone perdu.", by=leader)
    webhook = endpoint_enable(endpoint=Endpoint.objects.earliest("pk"), by=leader)
    endpoint_give_up(webhook, words="503 Service Unavailable", now=now)
    wish = {"steps": [7, 1], "muted_kinds": []}
    ReminderPreference.objects.update_or_create(user=leader.actor, dispositif=None, defaults=wish)
    _long_import(leader)


def _long_import(by: By) -> None:
    """Refused by the worker, as its only line names no Client."""
    supplier = Supplier.objects.filter(organisation__name=cast.EDITEUR).earliest("pk")
    job = jobs.keep(
        user=by.actor,
        organisation=supplier.organisation,
        kind="clients",
        name="clients-de-l-ouest.csv",
        content=b"FINESS;Nom;BDC\n;;\n",
        lines=jobs.SMALL + 1,
        options={"supplier": supplier.pk},
        now=by.at,
    )
    jobs.confirm(user=by.actor, kind="clients", sha256=job.sha256, now=by.at)
    jobs.run(job.pk, now=by.at)


def _of_libraries(now: dt.datetime) -> None:
    """What django-allauth composes, each with all the words that any of them has."""
    user = User.objects.get(email=cast.MANDATAIRE.email)
    for app in OF_LIBRARIES:
        for path in Path(settings.BASE_DIR, "templates", app, "email").glob("*_subject.txt"):
            mail.send(
                prefix=f"{app}/email/{path.name.removesuffix('_subject.txt')}",
                body="message",
                to=user.email,
                context={**WORDS, "user": user, "timestamp": now},
                sensitive=False,
            )


def _of_the_clock(now: dt.datetime) -> None:
    va_nudge.nudge(now=now)
    ticket_warnings.warn(now=now)
    weekly.write(now=now)
    reminders.plan(now=now)
    reminders.dispatch(now=now)
