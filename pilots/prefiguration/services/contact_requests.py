"""Ask the éditeurs for the contacts that are missing, by a day, and remind them until then."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.selectors.people import members_of
from calendar_app.services.deadlines import BATCH, DELAYS, close_all, move
from calendar_app.services.delays import Delay, open_delay
from journal.models import Entry
from journal.querysets import type_of
from journal.rules.by import By
from journal.services.acts import lock_rows
from mailing.services.links import absolute
from mailing.services.mail import tell
from pilots.enums import PREFIGURATION_MAIL, Stage
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.prefiguration import (
    ASKED_LATELY,
    NO_MORE_CONTACT,
    Party,
)
from pilots.prefiguration.services.stages import demand, journal, lock, save
from segur.lib import paris
from segur.lib.months import end_of

if TYPE_CHECKING:
    from calendar_app.models import Deadline

STEPS = (7, 3, 1, 0, -1)
LONGEST = dt.timedelta(days=180)
RULE = (
    "Date choisie par l'ANS en demandant ce contact. Aucun texte ne la fixe : un préfigurateur "
    "n'est pas dans la réglementation, et l'attente ne bloque rien d'autre que son entretien."
)
CALL_THEM = (
    "Aucun membre, ou tous l'ont refusé : appelez l'éditeur, la demande est dans ses échéances."
)
HAS_CONTACT = "A déjà un contact technique."
HAD_INTERVIEW = "Son entretien a eu lieu : aucun contact n'est à demander."
TITLE_LENGTH = 200
GIVEN = "Contact technique donné"


@dataclass(frozen=True)
class AskedContact:
    """`unreached`: the éditeurs of whom nobody got the mail."""

    prefigurateurs: int
    editeurs: int
    unreached: list[str]

    @property
    def remark(self) -> str:
        """Empty where somebody was reached everywhere."""
        names = ", ".join(self.unreached)
        return names and f"Personne n'a reçu le courriel chez : {names}. {CALL_THEM}"


def ask_refusals(rows: Sequence[Prefigurateur], by: By, _values: object) -> dict[int, str]:
    """Only those on the working list: the others have a contact, or are done with."""
    reasons = {
        Stage.WORKING_LIST: "",
        Stage.CONTACT: HAS_CONTACT,
        Stage.INTERVIEW: HAD_INTERVIEW,
        Stage.AGREED: HAD_INTERVIEW,
        **NO_MORE_CONTACT,
    }
    return {row.pk: reasons[Stage(row.stage)] for row in rows}


@transaction.atomic
def ask(
    prefigurateurs: Iterable[Prefigurateur], *, due_on: dt.date, confirmed: bool = False, by: By
) -> AskedContact:
    """One mail to each member of each éditeur, naming all its établissements, and for each of these
    a delay that is reminded like any deadline. The same request again sends nothing; another day
    moves the delay. Asked for within a day, only once it is `confirmed`. Raises ValidationError,
    PermissionDenied.
    """
    if not paris.day(by.at) < due_on <= paris.day(by.at) + LONGEST:
        raise ValidationError({"due_on": "Choisissez un jour à venir, dans les six mois."})
    chosen = sorted(prefigurateurs, key=lambda one: one.pk)
    rows = [row for row in map(lock, chosen) if row.stage == Stage.WORKING_LIST]
    if not rows:
        raise ValidationError("Ces préfigurateurs ont désormais un contact, ou sont écartés.")
    if not confirmed and (words := asked_lately(rows, by.at)):
        raise ValidationError({"confirmed": words})
    by_editeur: dict[Organisation, list[Prefigurateur]] = defaultdict(list)
    for row in rows:
        demand(row, Party.ANS, by=by)
        _open(row, due_on, by=by)
        by_editeur[row.solution.organisation].append(row)
    unreached = [
        editeur.name
        for editeur, named in by_editeur.items()
        if not _tell(editeur, named, due_on, by=by)
    ]
    return AskedContact(len(rows), len(by_editeur), unreached)


def asked_lately(rows: Sequence[Prefigurateur], now: dt.datetime) -> str:
    """Those whose contact was asked for within a day, with who did; empty when there is none."""
    entries = Entry.objects.filter(
        subject_type=type_of(Prefigurateur),
        subject_id__in=[row.pk for row in rows],
        act="prefigurateur.ask",
        at__gt=now - ASKED_LATELY,
    ).select_related("signer")
    last = {entry.subject_label: entry for entry in entries.order_by("at", "pk")}
    if not last:
        return ""
    named = ", ".join(
        f"{label} ({paris.minute(entry.at)}, par {entry.signer})" for label, entry in last.items()
    )
    return f"Contact déjà demandé depuis moins d'un jour : {named}. Cochez pour le redemander."


def _open(row: Prefigurateur, due_on: dt.date, *, by: By) -> None:
    due_at, before = end_of(due_on), row.contact_request
    if before and before.is_open and before.due_at == due_at:
        return
    if before and not before.is_open:
        what = "Contact demandé de nouveau"
        move(before, "run_again", by=by, what=what)
    delay = Delay(
        code=f"contact-{row.pk}",
        title=f"Contact technique : {row}"[:TITLE_LENGTH],
        rule=RULE,
        due_at=due_at,
        page=reverse("prefigurateurs:detail", args=[row.pk]),
        steps=STEPS,
    )
    editeur = row.solution.organisation
    asked = open_delay(delay, subject=row.solution, organisation=editeur, by=by)
    save(row, by=by, contact_request=asked)
    note = f"À {editeur}, {paris.before_long(due_at)}."
    journal(row, "ask", by=by, what="Contact technique demandé", note=note)


def _tell(editeur: Organisation, rows: list[Prefigurateur], due_on: dt.date, *, by: By) -> bool:
    """To every member; False when there is none."""
    ids = [member.user_id for member in members_of([editeur.pk])[editeur.pk]]
    named = sorted(rows, key=lambda row: row.name)
    which = hashlib.sha256(",".join(str(row.pk) for row in rows).encode()).hexdigest()[:16]
    path = (
        reverse("prefigurateurs:contact", args=[named[0].pk])
        if len(named) == 1
        else f"{reverse('prefigurateurs:index')}?situation=sans-contact"
    )
    mails = tell(
        User.objects.filter(pk__in=ids).order_by("pk"),
        kind=PREFIGURATION_MAIL,
        template="prefigurateur_contact",
        context={
            "editeur": editeur,
            "prefigurateurs": [
                {"row": row, "url": absolute(reverse("prefigurateurs:contact", args=[row.pk]))}
                for row in named
            ],
            "due_at": end_of(due_on),
            "button_url": absolute(path),
            "button_label": "Donner le contact" if len(named) == 1 else "Donner les contacts",
        },
        key=f"contact-demande:{editeur.pk}:{due_on}:{which}",
        topic=str(rows[0].solution.dispositif_id),
        by=by,
    )
    return bool(mails)


def settle_request(row: Prefigurateur, *, given: bool, by: By) -> None:
    """The contact was given, or is not needed any more: nobody is reminded."""
    asked: Deadline | None = row.contact_request
    if asked is None or not asked.is_open:
        return
    act = "keep" if given else "give_up"
    what = GIVEN if given else "Contact plus nécessaire"
    move(asked, act, by=by, what=what)


def settle_requests(rows: Sequence[Prefigurateur], *, by: By) -> None:
    """`settle_request` of many locked rows whose contact was given, in a number of queries that
    follows batches."""
    asked = [row.contact_request_id for row in rows if row.contact_request_id]
    for start in range(0, len(asked), BATCH):
        locked = lock_rows(DELAYS.rows().filter(pk__in=asked[start : start + BATCH]))
        close_all([(one, GIVEN) for one in locked if one.is_open], "keep", of=DELAYS, by=by)
