"""Acts done at the same second, each in a thread and a connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections


def at_once(*acts):
    """Releases them together: what those that succeeded returned, and the refusals of the others,
    each in the order of the acts.
    """
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(10)
            return act()
        except (ValidationError, PermissionDenied) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        results = list(pool.map(run, acts))
    refusals = [result for result in results if isinstance(result, Exception)]
    return [result for result in results if result not in refusals], refusals
