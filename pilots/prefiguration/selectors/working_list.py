"""Reads of the préfigurateurs: the working list, what each waits for, the public list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When

from calendar_app.enums import OPEN_STATES
from calendar_app.models import Solution
from calendar_app.rules.datasets import OpenDocument
from mailing.services.links import absolute
from parameters.selectors import value
from pilots.enums import Stage
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.parameters import CONTACT_MONTHS
from pilots.querysets import PrefigurateurQuerySet
from segur.lib import paris
from segur.lib.tables import Cell, due_cells

if TYPE_CHECKING:
    from accounts.models import User

ALL = ""
MISSING = "sans-contact"
PUBLIC = "publics"
TO_ASK = "a-demander"
ASKED = Q(contact_request__isnull=False, contact_request__state__in=OPEN_STATES)
TO_PLAN = Q(stage=Stage.CONTACT, interview_at=None)
SITUATIONS: dict[str, tuple[str, Q]] = {
    ALL: ("En cours", ~Q(stage__in=[Stage.PUBLIC, Stage.DROPPED])),
    TO_ASK: ("Contact à demander", Q(stage=Stage.WORKING_LIST) & ~ASKED),
    MISSING: ("Sans contact", Q(stage=Stage.WORKING_LIST)),
    "entretien-a-planifier": ("Entretien à planifier", TO_PLAN),
    "entretien-fixe": ("Entretien fixé", Q(stage=Stage.CONTACT, interview_at__isnull=False)),
    "a-valider": ("À valider", Q(stage=Stage.INTERVIEW)),
    "a-publier": ("À publier", Q(stage=Stage.AGREED)),
    PUBLIC: ("Publics", Q(stage=Stage.PUBLIC)),
    "ecartes": ("Écartés", Q(stage=Stage.DROPPED)),
}
"""The views of the list: their word in its address, their name, their condition."""

MEANINGS = {
    Stage.WORKING_LIST: "soon",
    Stage.CONTACT: "to-come",
    Stage.INTERVIEW: "to-come",
    Stage.AGREED: "to-come",
    Stage.PUBLIC: "done",
    Stage.DROPPED: "neutral",
}
HEADER = (
    "Préfigurateur",
    "Nature",
    "Commune",
    "FINESS",
    "Éditeur",
    "Couple DRIMbox / proxy",
    "Étape",
    "Contact connu",
    "Contact demandé (heure de Paris)",
    "À donner avant le",
    "Heure (heure de Paris)",
    "Entretien (heure de Paris)",
    "Validé avec l'éditeur (heure de Paris)",
    "Publié (heure de Paris)",
)


@dataclass(frozen=True)
class WorkingRow:
    """One préfigurateur as lists and pages show it."""

    prefigurateur: Prefigurateur
    kept_until: dt.date | None
    now: dt.datetime

    @property
    def meaning(self) -> str:
        return MEANINGS[Stage(self.prefigurateur.stage)]

    @property
    def asked_at(self) -> dt.datetime | None:
        asked = self.prefigurateur.contact_request
        return (asked.moved_at or asked.created_at) if asked else None

    @property
    def due_at(self) -> dt.datetime | None:
        """By when a contact is awaited, while it is."""
        asked = self.prefigurateur.contact_request
        return asked.due_at if asked and asked.is_open else None

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at <= self.now

    @property
    def is_held(self) -> bool:
        """The hour of the interview has come."""
        at = self.prefigurateur.interview_at
        return at is not None and at <= self.now


def prefigurateurs_seen(
    user: User, *, q: str = "", situation: str = ALL, editeur: str = ""
) -> PrefigurateurQuerySet:
    found = with_subject(_narrowed(user, q, editeur))
    return found.filter(SITUATIONS.get(situation, SITUATIONS[ALL])[1])


def work_first(found: PrefigurateurQuerySet) -> PrefigurateurQuerySet:
    """By what is left to do: the earliest stage, then the nearest date, then the name."""
    places = [When(stage=stage, then=Value(place)) for place, stage in enumerate(Stage)]
    due = F("contact_request__due_at").asc(nulls_last=True)
    interview = F("interview_at").asc(nulls_last=True)
    return found.order_by(Case(*places), due, interview, "name", "pk")


def _narrowed(user: User, q: str, editeur: str) -> PrefigurateurQuerySet:
    found = Prefigurateur.objects.visible_to(user).search(q)
    return found.filter(solution__organisation=int(editeur)) if editeur.isdecimal() else found


def with_subject(found: PrefigurateurQuerySet) -> PrefigurateurQuerySet:
    """Everything a line shows, in one query; when the first contact that is kept goes."""
    kept = Q(contacts__erased_at=None)
    return found.select_related("client", "solution__organisation", "contact_request").annotate(
        kept_until=Min("contacts__delete_on", filter=kept)
    )


def as_rows(found: Iterable[Any], *, now: dt.datetime) -> list[WorkingRow]:
    """Rows loaded by `with_subject`."""
    return [WorkingRow(one, one.kept_until, now) for one in found]


def counts(user: User, *, q: str = "", editeur: str = "") -> dict[str, int]:
    """How many in each view, in one query."""
    each = {f"n{n}": Count("pk", filter=asked) for n, (_, asked) in enumerate(SITUATIONS.values())}
    numbers = _narrowed(user, q, editeur).aggregate(**each)
    return {name: numbers[f"n{n}"] for n, name in enumerate(SITUATIONS)}


def editeurs_seen(user: User) -> list[tuple[int, str]]:
    """For the filter: (id, name)."""
    rows = Prefigurateur.objects.visible_to(user).order_by("solution__organisation__name")
    names = rows.values_list("solution__organisation", "solution__organisation__name")
    return list(names.distinct())


def couples() -> QuerySet[Solution]:
    """The DRIMbox / proxy couples, by éditeur."""
    found = Solution.objects.filter(dispositif__needs_proxy=True).select_related("organisation")
    return found.order_by("organisation__name", "name", "pk")


def longest_months(now: dt.datetime) -> int:
    """How long a contact given at that instant may be kept."""
    return int(value(CONTACT_MONTHS, at=now))


def next_step(row: WorkingRow, *, missing: list[str]) -> str:
    """The one sentence that matters now: what is next, and who must do it."""
    one = row.prefigurateur
    editeur, at = one.solution.organisation, one.interview_at
    when = paris.long(at) if at else ""
    match Stage(one.stage):
        case Stage.WORKING_LIST if row.due_at:
            by = paris.before_long(row.due_at)
            words = f"{editeur} doit donner un contact technique {by}."
        case Stage.WORKING_LIST:
            words = f"L'ANS doit demander un contact technique à {editeur}."
        case Stage.CONTACT if not when:
            words = "L'ANS doit fixer l'entretien avec le contact technique."
        case Stage.CONTACT if row.is_held:
            words = f"Entretien fixé au {when} : l'ANS doit en enregistrer le compte-rendu."
        case Stage.CONTACT:
            words = f"Entretien le {when}."
        case Stage.INTERVIEW if missing:
            words = f"L'ANS doit compléter l'entretien : {', '.join(missing)}."
        case Stage.INTERVIEW:
            words = (
                f"Un Représentant ou un Mandataire de {editeur} doit donner son accord pour "
                "valider ce préfigurateur."
            )
        case Stage.AGREED:
            words = "L'ANS peut l'inscrire sur la liste publique."
        case Stage.PUBLIC:
            words = "Il figure sur la liste publique."
        case Stage.DROPPED:
            words = "Il est écarté : rien n'est attendu."
    return words


def cells(rows: Iterable[WorkingRow]) -> Iterator[list[Cell]]:
    """Lines under HEADER. Never anything of a contact but that there is one."""
    for row in rows:
        one = row.prefigurateur
        yield [
            one.name,
            one.get_kind_display(),
            one.city,
            one.client.finess if one.client else "",
            one.solution.organisation.name,
            str(one.solution),
            one.get_stage_display(),
            "oui" if row.kept_until else "non",
            row.asked_at,
            *due_cells(row.due_at),
            one.interview_at,
            one.agreed_at,
            one.published_at,
        ]


def public_list() -> PrefigurateurQuerySet:
    """What everybody may see: names, communes, couples and éditeurs."""
    found = Prefigurateur.objects.public().select_related("solution__organisation")
    return found.order_by("name", "pk")


def public_document(found: Iterable[Prefigurateur], *, page: str) -> dict[str, Any]:
    """The public list, for machines."""
    return {
        **OpenDocument(titre="Préfigurateurs DRIMbox", page=absolute(page)).model_dump(),
        "dispositif": "SONS-IMG-DB-Va2",
        "prefigurateurs": [
            {
                "nom": one.name,
                "nature": one.get_kind_display(),
                "commune": one.city,
                "editeur": one.solution.organisation.name,
                "solution": one.solution.name,
                "proxy": one.solution.proxy_name,
                "publie_le": paris.day(one.published_at).isoformat() if one.published_at else "",
            }
            for one in found
        ],
    }
