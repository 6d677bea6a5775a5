"""Who may meet a prestation: the rows of the matrices of access."""

from accounts.enums import Kind, Role
from tests.factories import OrganisationFactory, PrestationFactory, SupplierFactory, member


def person_around(who, prestation):
    """`outsider`: an éditeur that has a prestation at the same Client; `nobody`: a member of a
    closed organisation.
    """
    solution = prestation.supplier.solution
    match who:
        case "mandataire" | "representant" | "salarie":
            return member(Role(who.upper()), prestation.organisation)
        case "editeur of the solution":
            return member(organisation=solution.organisation)
        case "other distributeur":
            other = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
            SupplierFactory(solution=solution, organisation=other)
            return member(organisation=other)
        case "agent" | "responsable":
            return member(Role(who.upper()))
        case "outsider":
            return member(organisation=PrestationFactory(client=prestation.client).organisation)
    return member(organisation=OrganisationFactory(is_active=False))
