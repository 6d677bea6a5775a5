import pytest
from django.core.cache import cache

from calendar_app.services.calendars import load_calendars
from pilots.services.checklists import load_checklists


@pytest.fixture(autouse=True)
def _files_and_mail(settings, tmp_path):
    """Files go to a folder of the test; mail goes through the ledger to `mail.outbox`."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EMAIL_BACKEND = "calendar_app.mail.backend.LedgerBackend"
    settings.MAIL_TRANSPORT = {
        "backend": "django.core.mail.backends.locmem.EmailBackend",
        "options": {},
    }


@pytest.fixture(autouse=True)
def _rate_limits_of_this_test_only(settings):
    """Redis, unlike the database, keeps what the tests before have counted."""
    if settings.REDIS_URL:
        cache.clear()


@pytest.fixture(autouse=True)
def _undefined_template_variables_fail(settings):
    class Undefined(str):
        __slots__ = ()

        def __contains__(self, item):
            return item == "%s"

        def __mod__(self, variable):
            raise AssertionError(f"undefined template variable: {variable}")

    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")


@pytest.fixture
def calendars(db):
    """The two official calendars, loaded from their data file."""
    load_calendars()


@pytest.fixture
def checklists(db):
    """The lines of the PV and of the VA that a new site starts with."""
    load_checklists()


@pytest.fixture
def _no_rate_limit(db):
    cache.clear()
