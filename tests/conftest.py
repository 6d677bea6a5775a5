import pytest
from django.core.cache import cache

from calendar_app.services.calendars import load_calendars
from pilots.services.checklists import load_checklists

NEEDS_DATABASE = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser):
    parser.addoption(
        "--with-database-only",
        action="store_true",
        help="leave out the tests that use no database: another one changes nothing for them",
    )


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--with-database-only"):
        return
    kept, left_out = [], []
    for item in items:
        is_kept = NEEDS_DATABASE & set(item.fixturenames) or any(
            item.get_closest_marker(name) for name in ("django_db", "e2e", "distributed")
        )
        (kept if is_kept else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


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
