"""What a person may do to the PERF of a prestation. Seeing is `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import User
from accounts.permissions import can_file, can_prepare, is_agent, preparable
from perf.enums import Source

if TYPE_CHECKING:
    from calendar_app.models import Prestation
    from perf.models import Correction

SOURCES_OF_SUPPLIERS = (Source.SUPPLIER, Source.CLIENT, Source.IMPORT)
"""A Client has no login: the Fournisseur records for it."""


def sources_of(user: User) -> tuple[Source, ...]:
    """For which sources a person, or the software that they answer for, may speak."""
    if user.is_ans:
        return tuple(Source)
    return SOURCES_OF_SUPPLIERS if preparable(user) else ()


def can_record(user: User, prestation: Prestation) -> bool:
    """Outages and tickets: every member of the Fournisseur, and the ANS's agents."""
    return can_prepare(user, prestation.organisation_id) or is_agent(user)


def can_contest(user: User, prestation: Prestation) -> bool:
    """Contesting binds the Fournisseur as a filing does."""
    return can_file(user, prestation.organisation_id)


def can_reopen(user: User, prestation: Prestation) -> bool:
    """New facts after a decision: who may contest, and the ANS."""
    return can_contest(user, prestation) or is_agent(user)


def can_merge(user: User, prestation: Prestation) -> bool:
    """Two outages brought together may change D_f: who binds the Fournisseur, and the ANS."""
    return can_contest(user, prestation) or is_agent(user)


def can_set_probe(user: User) -> bool:
    """Which probe of the supervision watches a service is for the ANS to say."""
    return is_agent(user)


def can_decide(user: User) -> bool:
    """Retained or not: the ANS's agents."""
    return is_agent(user)


def can_withdraw(user: User, correction: Correction) -> bool:
    """A correction that waits for the ANS: its author, and every member of the Fournisseur."""
    organisation = correction.service.prestation.organisation_id
    return user.pk == correction.proposed_by_id or can_prepare(user, organisation)


def can_issue(user: User, prestation: Prestation) -> bool:
    """A statement: who files for the Fournisseur, and the ANS's agents."""
    return can_file(user, prestation.organisation_id) or is_agent(user)
