"""Who acts at an instant, for the tests of services."""

from journal.rules.by import APPLICATION, By


def acting(user, at, name=APPLICATION):
    """By this person; by software of this name for None."""
    return By.person(user, at) if user else By(at, name)
