"""What a person may do to a solution, a Fournisseur, a prestation. Each view states one of these.

Seeing is another matter: it is `visible_to` of each queryset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.permissions import can_file, can_prepare, is_responsable

if TYPE_CHECKING:
    from accounts.models import User
    from calendar_app.models import Prestation, Solution, Supplier

MANDATE_FIELDS = ("declared_on", "mandate_from", "mandate_until", "psc_by_mandate")
PSC_FIELDS = ("psc_from", "psc_until")


def can_edit_solution(user: User, solution: Solution) -> bool:
    """Every member of its éditeur: also declares the distributeurs of the solution."""
    return can_prepare(user, solution.organisation_id)


def can_reference(user: User, solution: Solution) -> bool:
    """The référencement: the ANS's responsables, and the éditeur, who needs it before the ANS has
    taken the time to record it. The history says which of them did.
    """
    return is_responsable(user) or can_edit_solution(user, solution)


def can_set_mandate(user: User, supplier: Supplier) -> bool:
    """Declaration and mandate of a distributeur are the éditeur's; it needs none for itself."""
    return not supplier.is_editeur and can_prepare(user, supplier.solution.organisation_id)


def can_set_psc(user: User, supplier: Supplier) -> bool:
    """The EDC PSC habilitation is the Fournisseur's own."""
    return can_prepare(user, supplier.organisation_id)


def editable_rights(user: User, supplier: Supplier) -> tuple[str, ...]:
    """The fields that this person may change: each party writes its own part."""
    mandate = MANDATE_FIELDS if can_set_mandate(user, supplier) else ()
    return mandate + (PSC_FIELDS if can_set_psc(user, supplier) else ())


def can_edit_supplier(user: User, supplier: Supplier) -> bool:
    return can_set_mandate(user, supplier) or can_set_psc(user, supplier)


def can_edit_prestation(user: User, prestation: Prestation) -> bool:
    """Every member of its Fournisseur; the éditeur of the solution only reads it."""
    return can_prepare(user, prestation.organisation_id)


def can_take_over(user: User, subject: Solution | Prestation) -> bool:
    """What was filed in the past binds the organisation as a filing does."""
    return can_file(user, subject.organisation_id)


def can_edit_expected_pieces(user: User) -> bool:
    """What a dossier must hold is the ANS's to say."""
    return is_responsable(user)
