"""What these tests need for real: PostgreSQL, Redis, and nothing left over by another test."""

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from tests.smtp import SmtpSink


@pytest.fixture
def distributed(transactional_db):
    """PostgreSQL and Redis, the broker's queue empty. Fails, and never skips, without them."""
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        pytest.fail("needs PostgreSQL and Redis: python -m tests.with_services -- pytest")
    current_app.control.purge()
    return current_app


@pytest.fixture
def smtp(settings):
    with SmtpSink() as sink:
        settings.MAIL_TRANSPORT = sink.transport
        yield sink
