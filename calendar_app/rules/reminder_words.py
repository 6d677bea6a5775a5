"""The sentences of a reminder (LOOK «Mails»): the subject, the next thing to do, why it came."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.enums import Role
from calendar_app.enums import Channel, State
from calendar_app.rules.steps import days_left, send_instant, step_label
from segur.lib import paris

DRAFT = "Brouillon non déposé"
VOWELS = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Item:
    """One deadline in a reminder, or one right that ends, as its words need it. Nothing is filed
    for a computed delay nor for a right.
    """

    title: str
    dispositif: str
    due_at: dt.datetime
    state: State
    is_draft: bool
    channel: Channel
    step: int
    role: Role
    organisation: str
    is_early: bool
    is_delay: bool = False
    client: str = ""
    is_right: bool = False


def subject(items: Sequence[Item], now: dt.datetime) -> str:
    """«J-7 : dépôt des demandes… RIS, Clinique X, mercredi 22/09/2027 12h»; the most urgent item
    comes first.

    The days are those left on the day of sending: a J-7 that leaves on the Friday before its
    Sunday says «J-9».
    """
    first = items[0]
    shout = f"{DRAFT} – " if any(item.is_draft for item in items) else ""
    weekday = paris.long_day(paris.last_day(first.due_at)).split()[0]
    day = f"{weekday} {paris.due_short(first.due_at)}"
    if len(items) == 1:
        about = ", ".join(filter(None, (_named(first), first.client, day)))
        return f"{shout}{when(first.due_at, now)} : {about}"
    return f"{shout}{len(items)} échéances, la première {_which(first, now)} {day}"


def when(due_at: dt.datetime, now: dt.datetime) -> str:
    """«J-7», «Aujourd'hui», «En retard»."""
    if now >= due_at:
        return "En retard"
    left = days_left(due_at, now)
    return f"J-{left}" if left else "Aujourd'hui"


def next_act(item: Item, now: dt.datetime) -> str:
    """What to do now, in one sentence, with where and by when."""
    return f"{_lead(item, now)}{_where(item)}."


def why(items: Sequence[Item]) -> list[str]:
    """«Vous recevez ce courriel parce que vous êtes Représentant de …, à l'étape J-7.»"""
    reasons: dict[tuple[str, str, bool], dict[str, None]] = {}
    for item in items:
        key = (item.role.label, item.organisation, item.is_early)
        reasons.setdefault(key, {})[_step(item)] = None
    return [
        f"Vous recevez ce courriel parce que vous êtes {role} {_of(organisation)}, "
        f"{_listed(list(steps))}"
        + (", et que vous avez demandé les premières étapes." if early else ".")
        for (role, organisation, early), steps in reasons.items()
    ]


def filer(item: Item) -> str:
    """Who must record it, for those who cannot; empty for the others."""
    if item.role != Role.SALARIE:
        return ""
    if item.is_delay:
        return f"Un Représentant ou un Mandataire {_of(item.organisation)} devra l'enregistrer."
    return (
        f"Vous pouvez préparer le brouillon ; un Représentant ou un Mandataire "
        f"{_of(item.organisation)} devra le déposer."
    )


def _lead(item: Item, now: dt.datetime) -> str:
    act = {Channel.NONE: "réalisez", Channel.HERE: "déposez"}.get(item.channel, "déposez")
    if item.state == State.TO_CORRECT:
        act = "corrigez et redéposez"
    elif item.is_right:
        act = "renouvelez ce droit"
    elif item.is_delay:
        act = "agissez"
    what = f"« {item.title} » ({item.dispositif})"
    start = f"{DRAFT} : rien n'est parti. " if item.is_draft else ""
    if now >= item.due_at:
        due = paris.due_long(item.due_at)
        if item.is_right:
            return f"{what} est passée ({due}) : {act} au plus vite"
        return f"{start}{what} est en retard (échéance : {due}) : {act} au plus vite"
    return f"{start}{what} : {act} {paris.before_long(item.due_at)}"


def _where(item: Item) -> str:
    if item.is_delay:
        return ", puis enregistrez-le sur ce site"
    if item.channel in (Channel.CONVERGENCE, Channel.ASP):
        place = "Convergence" if item.channel == Channel.CONVERGENCE else "le portail de l'ASP"
        return f", sur {place}, puis déclarez-le sur ce site"
    return ", puis déclarez-le sur ce site" if item.channel == Channel.NONE else ", sur ce site"


def _named(item: Item) -> str:
    title = item.title[:1].lower() + item.title[1:]
    return f"{title} {item.dispositif}"


def _which(item: Item, now: dt.datetime) -> str:
    return "était le" if now >= item.due_at else "le"


def _step(item: Item) -> str:
    """«à l'étape J-7», «à l'étape J-7, avancée au jour ouvré précédent»."""
    label = f"à l'étape {step_label(item.step)}"
    day = paris.last_day(item.due_at) - dt.timedelta(days=item.step)
    sent = paris.day(send_instant(item.due_at, item.step))
    if sent == day:
        return label
    moved = "avancée au jour ouvré précédent" if sent < day else "reportée au jour ouvré suivant"
    return f"{label} ({moved})"


def _of(name: str) -> str:
    """«de Boréal», «d'Azimut»."""
    first = unicodedata.normalize("NFD", name)[:1].lower()
    return f"d'{name}" if first in VOWELS else f"de {name}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"
