"""The working list of the préfigurateurs, the éditeur's agreement, the public list (DOMAIN §8)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from journal.services.readings import check_fields
from pilots.enums import PrefigurateurKind, Stage
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.prefiguration import Party
from pilots.prefiguration.services.contact_requests import settle_request
from pilots.prefiguration.services.contacts import erase_all
from pilots.prefiguration.services.interviews import ahead, call_off
from pilots.prefiguration.services.stages import demand, journal, lock, move, save

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from calendar_app.models import Solution

NOT_DRIMBOX = "Un préfigurateur essaie une DRIMbox : choisissez un couple DRIMbox / proxy."
COUPLE_KEPT = (
    "Le couple ne change plus une fois le contact donné : il appartient à son éditeur. Écartez ce "
    "préfigurateur, puis inscrivez-le avec l'autre couple."
)
IDENTITY = ("kind", "name", "city", "solution")
POINTS = {
    "explained_expectations": "présenter les attendus techniques",
    "explained_calendar": "présenter le calendrier",
    "is_understood": "vérifier la bonne compréhension",
}


@transaction.atomic
def create(
    *,
    kind: PrefigurateurKind,
    name: str,
    city: str,
    client: Organisation | None,
    solution: Solution,
    actor: User,
    now: dt.datetime,
) -> Prefigurateur:
    """Enter it in the working list; a Client of the directory gives its name and its commune.

    Raises ValidationError, PermissionDenied.
    """
    row = Prefigurateur(client=client, created_at=now)
    _write(row, kind=kind, name=name, city=city, solution=solution, actor=actor, now=now)
    journal(row, actor=actor, what="Inscrit dans la liste de travail", now=now)
    return row


@transaction.atomic
def update(
    prefigurateur: Prefigurateur,
    *,
    kind: PrefigurateurKind,
    name: str,
    city: str,
    solution: Solution,
    read: str | None = None,
    actor: User,
    now: dt.datetime,
) -> Prefigurateur:
    """Change its identity or, while the list is all there is, its couple: the request made to the
    former éditeur falls. Raises ValidationError, PermissionDenied.
    """
    row = lock(prefigurateur)
    check_fields(read, row, IDENTITY, what="modifié ce préfigurateur")
    if solution != row.solution:
        if row.stage != Stage.WORKING_LIST:
            raise ValidationError({"solution": COUPLE_KEPT})
        settle_request(row, given=False, actor=actor, now=now)
        row.contact_request = None
        row.attendees.clear()
    _write(row, kind=kind, name=name, city=city, solution=solution, actor=actor, now=now)
    return row


def _write(
    row: Prefigurateur,
    *,
    kind: PrefigurateurKind,
    name: str,
    city: str,
    solution: Solution,
    actor: User,
    now: dt.datetime,
) -> None:
    if not solution.dispositif.needs_proxy:
        raise ValidationError({"solution": NOT_DRIMBOX})
    row.solution = solution
    demand(actor, row, Party.ANS)
    client = row.client
    identity = (
        {"name": client.name, "city": client.city} if client else {"name": name, "city": city}
    )
    save(row, actor=actor, now=now, kind=kind, **identity)


def missing_points(prefigurateur: Prefigurateur) -> list[str]:
    """What the interview has still to cover before the éditeur agrees."""
    return [words for name, words in POINTS.items() if not getattr(prefigurateur, name)]


@transaction.atomic
def agree(prefigurateur: Prefigurateur, *, actor: User, now: dt.datetime) -> Prefigurateur:
    """The éditeur validates its préfigurateur. Raises ValidationError, PermissionDenied."""
    row = lock(prefigurateur)
    missing = missing_points(row) if row.stage == Stage.INTERVIEW else []
    if missing:
        raise ValidationError(f"L'entretien est à compléter par l'ANS : {', '.join(missing)}.")
    return move(
        row, to=Stage.AGREED, actor=actor, now=now, agreed_at=now, agreed_by_name=str(actor)
    )


def publish(prefigurateur: Prefigurateur, *, actor: User, now: dt.datetime) -> Prefigurateur:
    return move(prefigurateur, to=Stage.PUBLIC, actor=actor, now=now, published_at=now)


def withdraw(
    prefigurateur: Prefigurateur, *, reason: str, actor: User, now: dt.datetime
) -> Prefigurateur:
    """Off the public list; it stays validated."""
    return move(
        prefigurateur, to=Stage.AGREED, actor=actor, now=now, note=reason, published_at=None
    )


@transaction.atomic
def drop(
    prefigurateur: Prefigurateur, *, reason: str, actor: User, now: dt.datetime
) -> Prefigurateur:
    """Set it aside: nothing is asked for any more, and no contact is kept without its purpose."""
    row = lock(prefigurateur)
    demand(actor, row, Party.ANS)
    if ahead(row, now):
        call_off(row, actor=actor, now=now, why="Le préfigurateur est écarté.")
    row = move(row, to=Stage.DROPPED, actor=actor, now=now, note=reason, published_at=None)
    erase_all(row, why="Préfigurateur écarté.", actor=actor, now=now)
    settle_request(row, given=False, actor=actor, now=now)
    return row


def resume(prefigurateur: Prefigurateur, *, actor: User, now: dt.datetime) -> Prefigurateur:
    """Back to the working list: what an earlier interview said starts anew."""
    fresh: dict[str, Any] = {
        "interview_at": None,
        "agreed_at": None,
        "agreed_by_name": "",
        "editeur_attended": False,
        **dict.fromkeys(POINTS, False),
    }
    return move(prefigurateur, to=Stage.WORKING_LIST, actor=actor, now=now, **fresh)
