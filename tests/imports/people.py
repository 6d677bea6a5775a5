"""Who imports what."""

from accounts.enums import Role
from tests.factories import OrganisationFactory, member


def someone_who_may(kind):
    """The one of every role, in an industriel or at the ANS, who may import this."""
    people = [member(role) for role in (Role.MANDATAIRE, Role.SALARIE)]
    ans = OrganisationFactory(ans=True)
    people += [member(role, ans) for role in (Role.AGENT, Role.RESPONSABLE)]
    return next(user for user in people if kind.may(user))
