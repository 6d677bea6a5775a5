"""Préfigurateurs at each stage, and who acts on them."""

import datetime as dt
from zoneinfo import ZoneInfo

from accounts.enums import Role
from parameters.models import RegulatoryParameter
from pilots.enums import Stage
from pilots.prefiguration.rules.parameters import CONTACT_MONTHS
from pilots.prefiguration.rules.prefiguration import PURPOSE
from pilots.prefiguration.services import contacts, interviews, prefigurateurs
from tests.by import acting
from tests.factories import PrefigurateurFactory, member

PARIS = ZoneInfo("Europe/Paris")
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=PARIS)
DAY = dt.timedelta(days=1)
INTERVIEW = dt.datetime(2026, 12, 7, 14, 30, tzinfo=PARIS)
AFTER = INTERVIEW + dt.timedelta(hours=1)
EMAIL = "agathe.lanterne@hopital.example"
PERSON = {"full_name": "Agathe Lanterne", "email": EMAIL, "phone": "0199000000", "job": "DSI"}
SECRETS = (*PERSON.values(), "agathe")
ALL_EXPLAINED = {
    "explained_expectations": True,
    "explained_calendar": True,
    "is_understood": True,
    "editeur_attended": True,
    "notes": "",
}


def give(one, *, actor=None, now=NOW, **fields):
    """A contact, from a Salarié of its éditeur."""
    person = {
        **PERSON,
        "purpose": PURPOSE,
        "source": "Communiqué par l'établissement.",
        "delete_on": dt.date(2027, 3, 1),
    } | fields
    actor = actor or member(Role.SALARIE, one.solution.organisation)
    return contacts.give(one, by=acting(actor, now), **person)


def kept_for(months):
    """The longest time that a contact is kept, set by the ANS."""
    RegulatoryParameter.objects.create(
        key=CONTACT_MONTHS,
        value=months,
        effective_from=NOW - DAY,
        source="Arrêté fictif",
        author_name="Essai",
    )


def plan(one, *, agent, at=INTERVIEW, now=NOW, place="https://visio.ans.example/1"):
    return interviews.plan(one, at=at, place=place, confirmed=True, by=acting(agent, now))


def report(one, *, agent, at=NOW - DAY, now=NOW, **points):
    return interviews.record(one, interview_at=at, by=acting(agent, now), **ALL_EXPLAINED | points)


def at_stage(stage, **fields):
    """One that went there step by step."""
    one = PrefigurateurFactory(**fields)
    agent = member(Role.AGENT)
    if stage is Stage.DROPPED:
        prefigurateurs.drop(one, reason="Reporté.", by=acting(agent, NOW))
    elif stage is not Stage.WORKING_LIST:
        _climb(one, stage, agent)
    one.refresh_from_db()
    return one


def _climb(one, stage, agent):
    editeur = member(Role.SALARIE, one.solution.organisation)
    signatory = member(Role.REPRESENTANT, one.solution.organisation)
    steps = {
        Stage.CONTACT: lambda: give(one, actor=editeur),
        Stage.INTERVIEW: lambda: report(one, agent=agent),
        Stage.AGREED: lambda: prefigurateurs.agree(one, by=acting(signatory, NOW)),
        Stage.PUBLIC: lambda: prefigurateurs.publish(one, by=acting(agent, NOW)),
    }
    for reached, step in steps.items():
        step()
        if reached is stage:
            return
