"""The interview in agendas: one `.ics` for each person, by mail (RFC 5546, RFC 6047).

Each invitation names its recipient and nobody else: no copy of the contact's address goes to the
éditeur. The mail to a contact is sensitive: its text and its file leave the ledger once it is sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event, vCalAddress

from accounts.models import User
from calendar_app.selectors.ical import UID_DOMAIN, text_of
from journal.rules.by import By
from mailing.services import mail
from mailing.services.links import absolute
from mailing.services.mail import Attachment, tell
from pilots.enums import PREFIGURATION_MAIL
from pilots.prefiguration.models import Contact, Prefigurateur
from segur.lib import paris, texts

LENGTH = dt.timedelta(minutes=30)
CONTACT_KEY = "contact:"
"""Starts the key of every mail to a contact, then its id: how they are found once it is erased."""

PROGRAMME = (
    "Au programme : les attendus techniques de la DRIMbox et de son proxy, le calendrier de la "
    "préfiguration, vos questions."
)


class Method(StrEnum):
    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def interview_ics(
    prefigurateur: Prefigurateur,
    *,
    at: dt.datetime,
    method: Method,
    now: dt.datetime,
    name: str = "",
    email: str = "",
) -> str:
    """The interview `at` that instant, for one person, or for whoever downloads it (PUBLISH)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Ségur Imagerie//Préfigurateurs//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    event = Event()
    event.add("uid", f"prefigurateur-{prefigurateur.pk}-entretien@{UID_DOMAIN}")
    event.add("sequence", prefigurateur.interview_version - 1)
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", paris.local(at))
    event.add("dtend", paris.local(at + LENGTH))
    event.add("summary", texts.clean(f"Entretien de préfiguration DRIMbox – {prefigurateur}"))
    event.add("description", texts.clean(f"{PROGRAMME}\nCouple : {prefigurateur.solution}."))
    event.add("location", texts.clean(prefigurateur.interview_place))
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("organizer", _address(*organiser(prefigurateur)))
    if email:
        attendee = _address(name, email)
        attendee.params["ROLE"] = "REQ-PARTICIPANT"
        attendee.params["PARTSTAT"] = "NEEDS-ACTION"
        attendee.params["RSVP"] = "TRUE"
        event.add("attendee", attendee)
    calendar.add_component(event)
    return text_of(calendar)


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = texts.clean(name)
    return address


def organiser(prefigurateur: Prefigurateur) -> tuple[str, str]:
    """Name and address of the agent who fixed the interview: agendas answer there."""
    agent = prefigurateur.interview_by
    return (
        (str(agent), agent.email) if agent else ("ANS, préfigurateurs", settings.DEFAULT_FROM_EMAIL)
    )


def tell_all(
    prefigurateur: Prefigurateur, *, at: dt.datetime, method: Method, moved: bool, by: By
) -> None:
    """Every contact that is kept until then, and the members of the éditeur who attend."""
    for contact in prefigurateur.contacts.kept().beyond(paris.day(at)):
        tell_contact(contact, prefigurateur, at=at, method=method, moved=moved, by=by)
    tell_members(
        prefigurateur,
        prefigurateur.attendees.filter(is_active=True),
        at=at,
        method=method,
        moved=moved,
        by=by,
    )


def tell_left_out(
    prefigurateur: Prefigurateur, *, before: dt.datetime, at: dt.datetime, by: By
) -> None:
    """Moved beyond the day on which a contact is erased, the interview leaves its agenda."""
    invited = prefigurateur.contacts.kept().beyond(paris.day(before))
    for contact in invited.filter(delete_on__lte=paris.day(at)):
        tell_contact(contact, prefigurateur, at=before, method=Method.CANCEL, by=by)


def tell_contact(
    contact: Contact,
    prefigurateur: Prefigurateur,
    *,
    at: dt.datetime,
    method: Method,
    moved: bool = False,
    by: By,
) -> None:
    mail.write(_to_contact(contact, prefigurateur, at=at, method=method, moved=moved, by=by))


def tell_contacts(
    contacts: Iterable[tuple[Contact, dt.datetime]], *, method: Method, by: By
) -> None:
    """Writes to the contacts of new interviews, each with its instant."""
    mail.write_all(
        _to_contact(contact, contact.prefigurateur, at=at, method=method, moved=False, by=by)
        for contact, at in contacts
    )


def _to_contact(
    contact: Contact,
    prefigurateur: Prefigurateur,
    *,
    at: dt.datetime,
    method: Method,
    moved: bool,
    by: By,
) -> mail.Draft:
    ics = interview_ics(
        prefigurateur,
        at=at,
        method=method,
        now=by.at,
        name=contact.full_name,
        email=contact.email,
    )
    return mail.draft(
        kind=PREFIGURATION_MAIL,
        to=contact.email,
        user=None,
        template="prefigurateur_interview",
        context={**_context(prefigurateur, at, method, moved=moved), "contact": contact},
        attachments=[_attached(ics, method)],
        sensitive=True,
        dedupe_key=f"{CONTACT_KEY}{contact.pk}:{prefigurateur.interview_version}:{method}",
        about=prefigurateur,
        now=by.at,
    )


def tell_members(
    prefigurateur: Prefigurateur,
    users: Iterable[User],
    *,
    at: dt.datetime,
    method: Method,
    moved: bool = False,
    by: By,
) -> None:
    """Of one instant, one mail: somebody may say that they come, then that they do not."""
    version, instant = prefigurateur.interview_version, int(by.at.timestamp() * 1000)
    context = {
        **_context(prefigurateur, at, method, moved=moved),
        "contact": None,
        "button_url": absolute(reverse("prefigurateurs:detail", args=[prefigurateur.pk])),
        "button_label": "Ouvrir la page du préfigurateur",
    }
    for user in users:
        ics = interview_ics(
            prefigurateur, at=at, method=method, now=by.at, name=str(user), email=user.email
        )
        tell(
            [user],
            kind=PREFIGURATION_MAIL,
            template="prefigurateur_interview",
            context=context,
            attachments=[_attached(ics, method)],
            key=f"interview:{prefigurateur.pk}:{version}:{method}:{instant}",
            topic=str(prefigurateur.solution.dispositif_id),
            about=prefigurateur,
            by=by,
        )


def _context(
    prefigurateur: Prefigurateur, at: dt.datetime, method: Method, *, moved: bool
) -> dict[str, object]:
    name, email = organiser(prefigurateur)
    return {
        "prefigurateur": prefigurateur,
        "editeur": prefigurateur.solution.organisation,
        "at": at,
        "cancelled": method is Method.CANCEL,
        "moved": moved,
        "minutes": LENGTH // dt.timedelta(minutes=1),
        "programme": PROGRAMME,
        "organiser": name,
        "organiser_email": email,
        "button_url": "",
        "button_label": "",
    }


def _attached(ics: str, method: Method) -> Attachment:
    return Attachment("entretien.ics", f"text/calendar; method={method}", ics)
