"""Préfigurateurs of the demonstration, at every stage."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.models import Solution
from journal.rules.by import By
from pilots.enums import PrefigurateurKind, Stage
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.prefiguration import PURPOSE
from pilots.prefiguration.services import contact_requests, contacts, interviews, prefigurateurs
from segur.lib import paris
from segur.lib.workdays import this_or_next_working_day

MAIN, OTHER = "Radiolune Passerelle", "Plume DRIMbox"
ORDER = (Stage.WORKING_LIST, Stage.CONTACT, Stage.INTERVIEW, Stage.AGREED, Stage.PUBLIC)
TEN = dt.time(10)


@dataclass(frozen=True)
class Story:
    """How far a préfigurateur has come; `client` is its place in the cast, None for a group."""

    couple: str
    client: int | None
    stage: Stage
    name: str = ""
    city: str = ""
    asked: int | None = None
    """Days until the contact is due, where it was asked for."""
    interview: int | None = None
    """Days until the interview, where one is fixed."""


STORIES = (
    Story(MAIN, 0, Stage.PUBLIC),
    Story(MAIN, 4, Stage.PUBLIC),
    Story(MAIN, 3, Stage.AGREED),
    Story(MAIN, 10, Stage.INTERVIEW),
    Story(MAIN, 8, Stage.CONTACT, interview=9),
    Story(MAIN, 12, Stage.CONTACT),
    Story(MAIN, None, Stage.WORKING_LIST, "Groupement des Hauts-de-Mélusine", "Mélusine", asked=12),
    Story(MAIN, 5, Stage.WORKING_LIST, asked=12),
    Story(MAIN, 7, Stage.WORKING_LIST),
    Story(OTHER, 1, Stage.PUBLIC),
    Story(OTHER, 14, Stage.CONTACT, interview=16),
    Story(OTHER, None, Stage.WORKING_LIST, "Groupe d'imagerie des Sept-Lieues", "Lys-en-Brume"),
    Story(OTHER, 2, Stage.DROPPED),
)
CONTACTS = (
    ("Agathe Lanterne", "Responsable du système d'information"),
    ("Basile Fougère", "Ingénieur biomédical"),
    ("Clémence Ormeau", "Cadre de santé en imagerie"),
    ("Damien Rouvray", "Administrateur du PACS"),
)


def tell_prefigurateurs(scene: Scene, solutions: dict[str, Solution]) -> None:
    waiting: dict[int, list[Prefigurateur]] = {}
    for number, story in enumerate(STORIES):
        one = _enter(scene, story, solutions[story.couple])
        _advance(scene, story, one, number)
        if story.asked:
            waiting.setdefault(story.asked, []).append(one)
    for days, asked in waiting.items():
        due_on = this_or_next_working_day(scene.today + dt.timedelta(days=days))
        agent = scene.by(cast.AGENT)
        contact_requests.ask(asked, due_on=due_on, by=By.person(agent, scene.now))


def _enter(scene: Scene, story: Story, solution: Solution) -> Prefigurateur:
    client = None if story.client is None else scene.clients[story.client]
    return prefigurateurs.create(
        kind=PrefigurateurKind.SITE if client else PrefigurateurKind.GROUP,
        name=story.name,
        city=story.city,
        client=client,
        solution=solution,
        by=By.person(scene.by(cast.AGENT), scene.now),
    )


def _advance(scene: Scene, story: Story, one: Prefigurateur, number: int) -> None:
    agent, now = scene.by(cast.AGENT), scene.now
    editeur = scene.by(cast.SALARIE if story.couple == MAIN else cast.THIRD)
    if story.stage is Stage.DROPPED:
        reason = "Le projet est reporté après la fin du dispositif."
        prefigurateurs.drop(one, reason=reason, by=By.person(agent, now))
        return
    reached = ORDER.index(story.stage)
    if reached >= ORDER.index(Stage.CONTACT):
        _give(one, number, editeur, now)
    if story.interview:
        interviews.attend(one, wants=True, by=By.person(editeur, now))
        day = this_or_next_working_day(scene.today + dt.timedelta(days=story.interview))
        place = f"https://visio.ans.example/prefiguration-{number}"
        interviews.plan(one, at=paris.at(day, TEN), place=place, by=By.person(agent, now))
    if reached >= ORDER.index(Stage.INTERVIEW):
        interviews.record(
            one,
            interview_at=paris.at(scene.today - dt.timedelta(days=3 + number), TEN),
            explained_expectations=True,
            explained_calendar=True,
            is_understood=True,
            editeur_attended=number % 2 == 0,
            notes="Questions sur la reprise de l'historique des examens.",
            by=By.person(agent, now),
        )
    if reached >= ORDER.index(Stage.AGREED):
        signatory = scene.by(cast.REPRESENTANT if story.couple == MAIN else cast.THIRD)
        prefigurateurs.agree(one, by=By.person(signatory, now))
    if story.stage is Stage.PUBLIC:
        prefigurateurs.publish(one, by=By.person(agent, now))


def _give(one: Prefigurateur, number: int, editeur: User, now: dt.datetime) -> None:
    name, job = CONTACTS[number % len(CONTACTS)]
    contacts.give(
        one,
        full_name=name,
        email=f"{name.split()[0].lower().replace('é', 'e')}.{number}@etablissement.example",
        phone="01 99 00 00 00",
        job=job,
        purpose=PURPOSE,
        source="Communiqué par l'établissement lors de la commande.",
        delete_on=paris.day(now) + dt.timedelta(days=150 + number),
        by=By.person(editeur, now),
    )
