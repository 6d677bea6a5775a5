"""The working list of the préfigurateurs, the éditeur's agreement, the public list (DOMAIN §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from journal.rules.by import By
from journal.services.changes import save_checked, save_tracked
from journal.services.readings import check_fields
from pilots.enums import PrefigurateurKind, Stage
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.prefiguration import Party
from pilots.prefiguration.services.contact_requests import settle_request
from pilots.prefiguration.services.contacts import erase_all
from pilots.prefiguration.services.interviews import ahead, call_off
from pilots.prefiguration.services.stages import demand, journal, lock, move

if TYPE_CHECKING:
    from accounts.models import Organisation
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
    by: By,
) -> Prefigurateur:
    """Enter it in the working list; a Client of the directory gives its name and its commune.

    Raises ValidationError, PermissionDenied.
    """
    row = Prefigurateur(client=client, created_at=by.at)
    _identify(row, kind=kind, name=name, city=city, solution=solution, by=by)
    save_checked(row)
    journal(row, "enter", by=by, what="Inscrit dans la liste de travail")
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
    by: By,
) -> Prefigurateur:
    """Change its identity or, while the list is all there is, its couple: the request made to the
    former éditeur falls. Raises ValidationError, PermissionDenied.
    """
    row = lock(prefigurateur)
    check_fields(read, row, IDENTITY, what="modifié ce préfigurateur")
    if solution != row.solution:
        if row.stage != Stage.WORKING_LIST:
            raise ValidationError({"solution": COUPLE_KEPT})
        settle_request(row, given=False, by=by)
        row.contact_request = None
        row.attendees.clear()
    _identify(row, kind=kind, name=name, city=city, solution=solution, by=by)
    save_tracked(row, by=by)
    return row


def _identify(
    row: Prefigurateur,
    *,
    kind: PrefigurateurKind,
    name: str,
    city: str,
    solution: Solution,
    by: By,
) -> None:
    if not solution.dispositif.needs_proxy:
        raise ValidationError({"solution": NOT_DRIMBOX})
    row.solution = solution
    demand(row, Party.ANS, by=by)
    row.kind = kind
    client = row.client
    row.name, row.city = (client.name, client.city) if client else (name, city)


def missing_points(prefigurateur: Prefigurateur) -> list[str]:
    """What the interview has still to cover before the éditeur agrees."""
    return [words for name, words in POINTS.items() if not getattr(prefigurateur, name)]


@transaction.atomic
def agree(prefigurateur: Prefigurateur, *, by: By) -> Prefigurateur:
    """The éditeur validates its préfigurateur. Raises ValidationError, PermissionDenied."""
    row = lock(prefigurateur)
    if row.stage == Stage.PUBLIC:
        demand(row, Party.ANS, by=by)  # who alone takes it back to this stage
    missing = missing_points(row) if row.stage == Stage.INTERVIEW else []
    if missing:
        raise ValidationError(f"L'entretien est à compléter par l'ANS : {', '.join(missing)}.")
    return move(row, "agree", by=by, agreed_at=by.at, agreed_by_name=by.name)


def publish(prefigurateur: Prefigurateur, *, by: By) -> Prefigurateur:
    return move(prefigurateur, "publish", by=by, published_at=by.at)


def withdraw(prefigurateur: Prefigurateur, *, reason: str, by: By) -> Prefigurateur:
    """Off the public list; it stays validated."""
    return move(prefigurateur, "withdraw", by=by, note=reason, published_at=None)


@transaction.atomic
def drop(prefigurateur: Prefigurateur, *, reason: str, by: By) -> Prefigurateur:
    """Set it aside: nothing is asked for any more, and no contact is kept without its purpose."""
    row = lock(prefigurateur)
    demand(row, Party.ANS, by=by)
    if ahead(row, by.at):
        call_off(row, by=by, why="Le préfigurateur est écarté.")
    row = move(row, "drop", by=by, note=reason, published_at=None)
    erase_all(row, why="Préfigurateur écarté.", by=by)
    settle_request(row, given=False, by=by)
    return row


def resume(prefigurateur: Prefigurateur, *, by: By) -> Prefigurateur:
    """Back to the working list: the report of an earlier interview starts again."""
    fresh: dict[str, Any] = {
        "interview_at": None,
        "agreed_at": None,
        "agreed_by_name": "",
        "editeur_attended": False,
        **dict.fromkeys(POINTS, False),
    }
    return move(prefigurateur, "resume", by=by, **fresh)
