"""The sentences of reasons: each agent keeps their own, the responsables those that all share."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.permissions import is_responsable
from journal.enums import Readers
from journal.rules.by import By
from journal.rules.workflow import LABELS
from journal.services.acts import lock_rows
from journal.services.changes import facts, write_change
from journal.services.entries import write
from pilots.permissions import can_edit_sentence
from pilots.pv.models import ReasonSentence

LABELS.update(
    {
        "sentence.create": "Phrase partagée ajoutée",
        "sentence.update": "Phrase partagée modifiée",
        "sentence.delete": "Phrase partagée supprimée",
    }
)
NOT_YOURS = "Seul un responsable de l'ANS modifie les phrases partagées."


@transaction.atomic
def save_sentence(sentence: ReasonSentence, *, is_shared: bool = False, by: By) -> ReasonSentence:
    """Add or change one; one that is shared leaves a line in the journal. Raises PermissionDenied,
    ValidationError.
    """
    known = lock_rows(ReasonSentence.objects.filter(pk=sentence.pk)).first()
    if (known and not can_edit_sentence(by.actor, known)) or (
        is_shared and not is_responsable(by.actor)
    ):
        raise PermissionDenied(NOT_YOURS)
    before = facts(known, ("text",)) if known and known.owner_id is None else None
    sentence.owner = None if is_shared else by.actor
    sentence.full_clean()
    sentence.save()
    if is_shared:
        act = "sentence.update" if before else "sentence.create"
        after = facts(sentence, ("text",))
        write_change(sentence, act, before=before, after=after, by=by, readers=Readers.ANS)
    return sentence


@transaction.atomic
def delete_sentence(sentence: ReasonSentence, *, by: By) -> None:
    """Offered no more; the reasons that were written with it stay."""
    if not can_edit_sentence(by.actor, sentence):
        raise PermissionDenied(NOT_YOURS)
    if sentence.owner_id is None:
        write(sentence, "sentence.delete", by=by, what="Suppression", readers=Readers.ANS)
    sentence.delete()
