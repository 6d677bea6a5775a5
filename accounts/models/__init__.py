"""People, organisations, and what a person may do in each."""

from accounts.models.access import ApiToken, FactorReset, FormerPassword
from accounts.models.organisations import Invitation, Membership, Organisation
from accounts.models.people import User

__all__ = [
    "ApiToken",
    "FactorReset",
    "FormerPassword",
    "Invitation",
    "Membership",
    "Organisation",
    "User",
]
