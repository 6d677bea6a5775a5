"""The right that an act asks for."""

from django.core.exceptions import PermissionDenied


def require(allowed: bool, sentence: str) -> None:
    """The permission line of a view: `sentence` says who may, to a person who is refused."""
    if not allowed:
        raise PermissionDenied(sentence)
