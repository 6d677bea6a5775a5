"""What a person may do to pilots, VA and préfigurateurs. Seeing is `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import can_file, can_prepare, is_agent, is_responsable

if TYPE_CHECKING:
    from accounts.models import User
    from calendar_app.models import Prestation
    from pilots.prefiguration.models import Prefigurateur
    from pilots.pv.models import PilotPV, ReasonSentence


def can_edit(user: User, prestation: Prestation) -> bool:
    """Pilots, requests, PV drafts, connectors, portals: every member of the Fournisseur."""
    return can_prepare(user, prestation.organisation_id)


def can_bind(user: User, prestation: Prestation) -> bool:
    """Sending a PV, recording a VA or a notification binds the Fournisseur as a filing does."""
    return can_file(user, prestation.organisation_id)


def can_review(user: User, pv: PilotPV) -> bool:
    return can_review_for(user, pv.pilot.prestation)


def can_review_for(user: User, prestation: Prestation) -> bool:
    """An agent of the ANS, and never somebody of an organisation that the PV concerns."""
    return is_agent(user) and not organisations_of(prestation) & user.belongs_to


def organisations_of(prestation: Prestation) -> set[int]:
    """Those whose members review nothing of it: the Fournisseur, the éditeur and the Client."""
    return {
        prestation.organisation_id,
        prestation.supplier.solution.organisation_id,
        prestation.client_id,
    }


def can_reopen(user: User, pv: PilotPV) -> bool:
    return is_responsable(user) and can_review(user, pv)


def can_publish(user: User) -> bool:
    return is_responsable(user)


def can_edit_checklists(user: User) -> bool:
    return is_responsable(user)


def can_edit_sentence(user: User, sentence: ReasonSentence) -> bool:
    """Their own; a responsable, those that all share."""
    if sentence.owner_id is None:
        return is_responsable(user)
    return is_agent(user) and sentence.owner_id == user.pk


def can_lead_prefiguration(user: User) -> bool:
    """The working list, the interviews, the public list: the ANS's agents."""
    return is_agent(user)


def can_answer_for(user: User, prefigurateur: Prefigurateur) -> bool:
    """Giving a contact, attending the interview: the éditeur of the couple."""
    return can_prepare(user, prefigurateur.solution.organisation_id)


def can_agree_for(user: User, prefigurateur: Prefigurateur) -> bool:
    """The agreement binds the éditeur as a filing does."""
    return can_file(user, prefigurateur.solution.organisation_id)
