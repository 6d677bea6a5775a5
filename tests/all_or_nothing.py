"""A service writes all or nothing: two writes outside of a transaction fail the test."""

import sys
from collections import Counter
from types import FrameType

import pytest
from django.conf import settings
from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE")
CACHE = f'"{settings.CACHES["default"]["LOCATION"]}"'
BY_STEPS = "/mailing/services/delivery.py"
"""Each step of a delivery is kept by itself: a cut connection leaves those before it."""


@pytest.fixture(autouse=True)
def _all_or_nothing(request):
    """For the tests of services. One statement alone is a transaction of its own."""
    uses_database = {"db", "transactional_db"} & set(request.fixturenames)
    if not uses_database and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    depth, calls, written = len(connection.atomic_blocks), [], Counter()

    def watch(execute, sql, params, many, context):
        is_cache = CACHE in sql  # what it holds may be lost at any time
        if sql.startswith(WRITES) and not is_cache and len(connection.atomic_blocks) == depth:
            call = _service_call()
            if call is not None:
                calls.append(call)  # kept, so that no other frame takes its place
                written[id(call)] += 1
                name = call.f_code.co_name
                assert written[id(call)] == 1, f"{name} writes twice outside of a transaction"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def _service_call():
    """The frame of the service that the test called; None for what a test, a factory or a delivery
    writes.
    """
    frame: FrameType | None = sys._getframe(2)
    found: FrameType | None = None
    while frame is not None:
        if frame.f_code.co_filename.endswith(BY_STEPS):
            return None
        if "/services/" in frame.f_code.co_filename and "/tests/" not in frame.f_code.co_filename:
            found = frame
        frame = frame.f_back
    return found
