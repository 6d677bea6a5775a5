"""The right that an act asks for."""

from django.core.exceptions import PermissionDenied


def require(allowed: bool, sentence: str) -> None:
    """The permission line of a view: `sentence` tells a refused person who can."""
    if not allowed:
        raise PermissionDenied(sentence)
